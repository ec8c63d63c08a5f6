"""Evidence: the serials, UUIDs, MACs, names and addresses under which a device was seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from collector.store.scope import Scope
from collector.store.tables import device
from collector.store.tables import evidence as table

STRONG = ("serial", "uuid", "mac", "engine-id", "address")
"""Kinds worth looking a device up by; a host name alone joins nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    device_id: str
    kind: str
    value: str
    first_seen_at: datetime
    last_seen_at: datetime


def inserted(conn: Connection, into: Any) -> Any:
    """An INSERT that knows ON CONFLICT, in the words of the database at hand."""
    return postgresql.insert(into) if conn.dialect.name == "postgresql" else sqlite.insert(into)


def _made(row: Row[Any]) -> EvidenceRow:
    return EvidenceRow(**{name: getattr(row, name) for name in EvidenceRow.__slots__})


def evidence_of(conn: Connection, scope: Scope, device_id: str) -> list[EvidenceRow]:
    query = select(table).join(device, device.c.id == table.c.device_id).where(scope.where(device.c.tenant_id))
    rows = conn.execute(query.where(table.c.device_id == device_id).order_by(table.c.kind, table.c.last_seen_at.desc()))
    return [_made(row) for row in rows]


def devices_with(conn: Connection, site_id: str, pieces: Iterable[tuple[str, str]]) -> list[str]:
    """Ids of the devices of this site that were seen with any of these pieces."""
    wanted = [piece for piece in pieces if piece[0] in STRONG]
    if not wanted:
        return []
    query = select(table.c.device_id).join(device, device.c.id == table.c.device_id)
    query = query.where(device.c.site_id == site_id, tuple_(table.c.kind, table.c.value).in_(wanted))
    return list(conn.execute(query.distinct().order_by(table.c.device_id)).scalars())


def record(conn: Connection, device_id: str, pieces: Iterable[tuple[str, str]], at: datetime) -> None:
    """Notes that the device was seen with these pieces at this time."""
    rows = [
        {"device_id": device_id, "kind": kind, "value": value[:300], "first_seen_at": at, "last_seen_at": at}
        for kind, value in dict.fromkeys(pieces)
    ]
    if not rows:
        return
    new = inserted(conn, table)
    later = new.excluded.last_seen_at > table.c.last_seen_at
    conn.execute(
        new.on_conflict_do_update(
            index_elements=["device_id", "kind", "value"],
            set_={"last_seen_at": new.excluded.last_seen_at},
            where=later,
        ),
        rows,
    )
