"""Retention: what may be forgotten. Orders, tickets, daily points and the audit stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, exists

from collector.settings import RetentionSettings
from collector.store.people import drop_old_sessions
from collector.store.tables import alert, batch, outbox, rejected_reading, site_token


def forget(conn: Connection, kept: RetentionSettings, now: datetime) -> None:
    """Drops rows older than they are kept.

    Batches are the memory that makes repeats harmless: they outlive the time an agent keeps unsent ones (7 days)."""
    conn.execute(delete(batch).where(batch.c.received_at < now - timedelta(days=max(kept.batches_days, 14))))
    conn.execute(
        delete(rejected_reading).where(rejected_reading.c.received_at < now - timedelta(days=kept.rejected_days))
    )
    sent = (outbox.c.state == "sent", outbox.c.sent_at < now - timedelta(days=kept.sent_mail_days))
    conn.execute(delete(outbox).where(*sent))
    conn.execute(delete(site_token).where(site_token.c.expires_at < now - timedelta(days=30)))
    drop_old_sessions(conn, now)
    _forget_untold(conn, now - timedelta(days=kept.untold_alerts_days))


def _forget_untold(conn: Connection, before: datetime) -> None:
    """Drops episodes that passed before anybody was told, but never the newest of its kind: it carries the count."""
    later = alert.alias("later")
    outdone = exists().where(later.c.fingerprint == alert.c.fingerprint, later.c.episode > alert.c.episode)
    conn.execute(delete(alert).where(alert.c.raised_at.is_(None), alert.c.cleared_at < before, outdone))
