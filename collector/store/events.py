"""Device events: found, address-changed, mac-changed, serial-changed, counter-fell, supply-swapped, restarted,
identity-conflict, contradiction-serial, contradiction-pages-total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from collector.store.evidence import inserted
from collector.store.page import Page, paged
from collector.store.scope import Scope
from collector.store.tables import device
from collector.store.tables import device_event as table


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """`facts` says what changed: before, after, reasons."""

    id: int
    device_id: str
    at: datetime
    kind: str
    facts: Mapping[str, Any]


def _made(row: Row[Any]) -> EventRow:
    return EventRow(**{name: getattr(row, name) for name in EventRow.__slots__})


def list_events(
    conn: Connection,
    scope: Scope,
    *,
    device_id: str = "",
    kind: str = "",
    since: datetime | None = None,
    sort: str = "-at",
    limit: int = 100,
    cursor: str | None = None,
) -> Page[EventRow]:
    query = select(table).join(device, device.c.id == table.c.device_id).where(scope.where(device.c.tenant_id))
    if device_id:
        query = query.where(table.c.device_id == device_id)
    if kind:
        query = query.where(table.c.kind == kind)
    if since:
        query = query.where(table.c.at >= since)
    return paged(conn, query, _made, sorts={"at": table.c.at}, ident=table.c.id, sort=sort, limit=limit, cursor=cursor)


def add_event(conn: Connection, device_id: str, at: datetime, kind: str, facts: Mapping[str, Any]) -> None:
    """Writes the event once, however often it is told."""
    new = inserted(conn, table).values(device_id=device_id, at=at, kind=kind, facts=dict(facts))
    conn.execute(new.on_conflict_do_nothing(index_elements=["device_id", "at", "kind"]))
