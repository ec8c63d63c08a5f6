"""Retention: what may be forgotten. Orders, tickets, told alerts and daily points stay.

Rows go in small transactions, so that nobody who writes waits for a year of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, delete, exists, select, tuple_

from collector.settings import RetentionSettings
from collector.store.db import Facts
from collector.store.tables import (
    agent,
    agent_event,
    alert,
    audit,
    batch,
    device_event,
    evidence,
    outbox,
    rejected_reading,
    session,
    site_token,
)

AT_ONCE = 500
"""Rows that go in one transaction."""
SHORTEST_BATCHES_DAYS = 14
"""Batches are the memory that makes repeats harmless: they outlive the time an agent keeps unsent ones (7 days)."""
Old = tuple[Table, ColumnElement[bool]]


def forget(facts: Facts, kept: RetentionSettings, now: datetime) -> None:
    """Drops rows older than they are kept. What is cut short goes on the next time."""
    with facts.read() as conn:
        over = list(_too_many_rejected(conn, kept.rejected_most))
    for table, old in [*_outdated(kept, now), *over]:
        while _dropped(facts, table, old) == AT_ONCE:
            pass


def _dropped(facts: Facts, table: Table, old: ColumnElement[bool]) -> int:
    key = tuple(table.primary_key.columns)
    some = select(*key).where(old).limit(AT_ONCE)
    with facts.write() as conn:
        return int(conn.execute(delete(table).where(tuple_(*key).in_(some))).rowcount)


def _outdated(kept: RetentionSettings, now: datetime) -> Iterator[Old]:
    def before(days: int) -> datetime:
        return now - timedelta(days=days)

    yield batch, batch.c.received_at < before(max(kept.batches_days, SHORTEST_BATCHES_DAYS))
    yield rejected_reading, rejected_reading.c.received_at < before(kept.rejected_days)
    yield outbox, (outbox.c.state == "sent") & (outbox.c.sent_at < before(kept.sent_mail_days))
    yield site_token, site_token.c.expires_at < before(30)
    yield session, session.c.expires_at <= now
    yield alert, _untold(before(kept.untold_alerts_days))
    yield device_event, device_event.c.at < before(kept.events_days)
    yield agent_event, agent_event.c.at < before(kept.events_days)
    yield evidence, _outdone(before(kept.evidence_days))
    yield audit, audit.c.at < before(kept.audit_days)


def _untold(before: datetime) -> ColumnElement[bool]:
    """Episodes that passed before anybody was told, but never the newest of its kind: it carries the count."""
    later = alert.alias("later")
    outdone = exists().where(later.c.fingerprint == alert.c.fingerprint, later.c.episode > alert.c.episode)
    return alert.c.raised_at.is_(None) & (alert.c.cleared_at < before) & outdone


def _outdone(before: datetime) -> ColumnElement[bool]:
    """Evidence that a device has not shown for long, but never the last of its kind: by that it is known again."""
    later = evidence.alias("later")
    same = (later.c.device_id == evidence.c.device_id, later.c.kind == evidence.c.kind)
    return (evidence.c.last_seen_at < before) & exists().where(*same, later.c.last_seen_at > evidence.c.last_seen_at)


def _too_many_rejected(conn: Connection, most: int) -> Iterator[Old]:
    """The oldest of each agent that has more than these set aside."""
    of = rejected_reading.c
    for ident in conn.execute(select(agent.c.id)).scalars():
        newest = select(of.id).where(of.agent_id == ident).order_by(of.id.desc())
        last = conn.execute(newest.offset(most).limit(1)).scalar()
        if last is not None:
            yield rejected_reading, (of.agent_id == ident) & (of.id <= last)
