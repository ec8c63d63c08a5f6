"""Outbox: what must leave the house exactly once.

waiting ──> sending ──> sent | failed
   ^           │
   └── later ──┴──> unsure: the process died in between; a person decides

A claim is a lease: several collectors may drain one outbox, each row is in one hand at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, case, func, or_, select, update

from collector.store.audit import note
from collector.store.evidence import inserted
from collector.store.ids import new_id
from collector.store.page import Page, paged
from collector.store.scope import Scope
from collector.store.tables import outbox as table


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A message. `kind`: order-mail or alert-mail; `payload`: recipient and content; `key`: its idempotency key."""

    id: str
    tenant_id: str | None
    kind: str
    key: str
    payload: Mapping[str, Any]
    state: str
    attempts: int
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    error: str | None


def _made(row: Row[Any]) -> OutboxRow:
    return OutboxRow(**{name: getattr(row, name) for name in OutboxRow.__slots__})


def enqueue(
    conn: Connection, kind: str, key: str, payload: Mapping[str, Any], now: datetime, tenant_id: str | None
) -> bool:
    """Puts a message in, once per key. False where it was there already."""
    row = {"id": new_id("out"), "kind": kind, "key": key, "payload": dict(payload), "tenant_id": tenant_id}
    new = inserted(conn, table).values(**row, state="waiting", attempts=0, created_at=now, due_at=now)
    return bool(conn.execute(new.on_conflict_do_nothing(index_elements=["key"])).rowcount == 1)


def claim(conn: Connection, worker: str, now: datetime, lease: timedelta, limit: int) -> list[OutboxRow]:
    """Up to `limit` due messages, ours until the lease ends."""
    free = or_(table.c.claimed_until.is_(None), table.c.claimed_until < now)
    due = select(table.c.id).where(table.c.state == "waiting", table.c.due_at <= now, free)
    picked = due.order_by(table.c.due_at, table.c.id).limit(limit).with_for_update(skip_locked=True)
    taken = update(table).where(table.c.id.in_(picked.scalar_subquery()))
    rows = conn.execute(taken.values(claimed_by=worker, claimed_until=now + lease).returning(*table.c)).all()
    return sorted((_made(row) for row in rows), key=lambda row: (row.due_at, row.id))


def begin_sending(conn: Connection, ident: str, worker: str, now: datetime, lease: timedelta) -> bool:
    """Committed right before the message is handed over. False where the claim was lost meanwhile: do not send."""
    ours = (table.c.id == ident, table.c.state == "waiting", table.c.claimed_by == worker, table.c.claimed_until >= now)
    values = {"state": "sending", "attempts": table.c.attempts + 1, "claimed_until": now + lease}
    return conn.execute(update(table).where(*ours).values(**values)).rowcount == 1


def finish(conn: Connection, ident: str, worker: str, state: str, now: datetime, error: str | None = None) -> None:
    """The message is sent, failed for good, or unsure."""
    ours = (table.c.id == ident, table.c.claimed_by == worker)
    values = {"state": state, "error": error, "claimed_by": None, "claimed_until": None}
    conn.execute(update(table).where(*ours).values(**values, sent_at=now if state == "sent" else None))


def later(conn: Connection, ident: str, worker: str, due_at: datetime, error: str, *, counted: bool) -> None:
    """The message goes back in line. `counted`: this attempt was not yet counted by begin_sending."""
    values: dict[str, Any] = {"state": "waiting", "due_at": due_at, "error": error}
    if counted:
        values["attempts"] = table.c.attempts + 1
    ours = (table.c.id == ident, table.c.claimed_by == worker)
    conn.execute(update(table).where(*ours).values(**values, claimed_by=None, claimed_until=None))


def mark_unsure(conn: Connection, now: datetime) -> int:
    """Messages that were being sent when their sender died. How many."""
    lost = (table.c.state == "sending", table.c.claimed_until < now)
    text = "the sender stopped between handing the message over and hearing back; look whether it arrived"
    values = {"state": "unsure", "error": text, "claimed_by": None, "claimed_until": None}
    return int(conn.execute(update(table).where(*lost).values(**values)).rowcount)


STUCK = ("unsure", "failed")
"""States that a person settles."""


def resolve(
    conn: Connection, scope: Scope, ident: str, *, send_again: bool, seen_attempts: int, now: datetime, actor: str
) -> bool:
    """A person's word on an unsure or failed message: it goes out once more, or is taken as sent. Noted in the audit.
    False, and nothing done, where somebody was faster: `seen_attempts` is how often it had been tried when the person
    looked, so a word on a former attempt is none on a later one."""
    before = message(conn, scope, ident)
    if before is None:
        return False
    values = (
        {"state": "waiting", "due_at": now, "error": None}
        if send_again
        else {"state": "sent", "sent_at": now, "error": None}
    )
    stuck = (table.c.id == ident, table.c.state.in_(STUCK), table.c.attempts == seen_attempts)
    if conn.execute(update(table).where(*stuck).values(**values)).rowcount != 1:
        return False
    did = "mail sent again" if send_again else "mail marked as sent"
    facts = {"was": before.state, "attempts": before.attempts, "key": before.key}
    note(conn, now, actor, did, ident, tenant_id=before.tenant_id, facts=facts)
    return True


def message(conn: Connection, scope: Scope, ident: str) -> OutboxRow | None:
    row = conn.execute(select(table).where(table.c.id == ident, scope.where(table.c.tenant_id))).first()
    return _made(row) if row else None


STATES = ("unsure", "failed", "sending", "waiting", "sent")
"""The ones that need somebody first."""
SORTS = {
    "created": table.c.created_at,
    "due": table.c.due_at,
    "sent": func.coalesce(table.c.sent_at, table.c.due_at),
    "state": case({state: n for n, state in enumerate(STATES)}, value=table.c.state, else_=len(STATES)),
    "kind": table.c.kind,
}


def list_outbox(
    conn: Connection,
    scope: Scope,
    *,
    state: str = "",
    kind: str = "",
    sort: str = "-created",
    limit: int = 100,
    cursor: str | None = None,
) -> Page[OutboxRow]:
    query = select(table).where(scope.where(table.c.tenant_id))
    if state:
        query = query.where(table.c.state == state)
    if kind:
        query = query.where(table.c.kind == kind)
    return paged(conn, query, _made, sorts=SORTS, ident=table.c.id, sort=sort, limit=limit, cursor=cursor)


def message_for(conn: Connection, scope: Scope, key: str) -> OutboxRow | None:
    """The message with this idempotency key: ``order/<order id>`` for an order's mail."""
    row = conn.execute(select(table).where(table.c.key == key, scope.where(table.c.tenant_id))).first()
    return _made(row) if row else None


def outbox_counts(conn: Connection, scope: Scope) -> dict[str, int]:
    query = select(table.c.state, func.count()).where(scope.where(table.c.tenant_id)).group_by(table.c.state)
    return {row[0]: row[1] for row in conn.execute(query)}
