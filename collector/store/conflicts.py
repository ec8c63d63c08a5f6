"""Conflicts: what a device says in two ways that cannot both be true, and whom a person believes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select, update

from collector.store.audit import note
from collector.store.evidence import inserted
from collector.store.scope import Scope
from collector.store.tables import conflict as table
from collector.store.tables import device


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictRow:
    """`said`: protocol -> what it said. `choice`: the protocol a person believes, None until somebody decides."""

    device_id: str
    about: str
    said: Mapping[str, str]
    choice: str | None
    settled_by: str | None
    first_seen_at: datetime
    last_seen_at: datetime
    settled_at: datetime | None
    ended_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether somebody should decide."""
        return self.choice is None and self.ended_at is None


def _made(row: Row[Any]) -> ConflictRow:
    return ConflictRow(**{name: getattr(row, name) for name in ConflictRow.__slots__})


def _query(scope: Scope) -> Select[Any]:
    query = select(table).join(device, device.c.id == table.c.device_id).where(scope.where(device.c.tenant_id))
    return query.order_by(table.c.device_id, table.c.about)


def conflicts_of(conn: Connection, scope: Scope, device_id: str) -> list[ConflictRow]:
    """All of one device, ended and settled ones too."""
    return [_made(row) for row in conn.execute(_query(scope).where(table.c.device_id == device_id))]


def conflicts_of_site(conn: Connection, site_id: str) -> dict[str, dict[str, ConflictRow]]:
    """Device -> what about -> the conflict, for every device of a site that has any."""
    found: dict[str, dict[str, ConflictRow]] = {}
    for row in conn.execute(_query(Scope.everything()).where(device.c.site_id == site_id)):
        found.setdefault(row.device_id, {})[row.about] = _made(row)
    return found


def open_conflicts(conn: Connection, scope: Scope, limit: int = 100) -> list[ConflictRow]:
    """Those somebody should decide."""
    query = _query(scope).where(table.c.choice.is_(None), table.c.ended_at.is_(None))
    return [_made(row) for row in conn.execute(query.limit(limit))]


def save_conflict(conn: Connection, row: ConflictRow) -> None:
    """Writes it, new or known by device and subject."""
    values = {name: getattr(row, name) for name in ConflictRow.__slots__} | {"said": dict(row.said)}
    new = inserted(conn, table).values(values)
    changes = {name: new.excluded[name] for name in values if name not in ("device_id", "about", "first_seen_at")}
    conn.execute(new.on_conflict_do_update(index_elements=["device_id", "about"], set_=changes))


def settle(
    conn: Connection, scope: Scope, device_id: str, about: str, choice: str | None, *, at: datetime, actor: str
) -> bool:
    """A person believes one side, or with None takes that back. False where there is no such conflict or side."""
    row = next((one for one in conflicts_of(conn, scope, device_id) if one.about == about), None)
    if row is None or (choice is not None and choice not in row.said):
        return False
    values = {"choice": choice, "settled_by": actor if choice else None, "settled_at": at if choice else None}
    conn.execute(update(table).where(table.c.device_id == device_id, table.c.about == about).values(values))
    tenant_id = conn.execute(select(device.c.tenant_id).where(device.c.id == device_id)).scalar()
    note(conn, at, actor, "settle", device_id, tenant_id=tenant_id, facts={"about": about, "choice": choice})
    return True
