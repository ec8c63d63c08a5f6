"""Landings: to which levels the supplies of a model have fallen, and how often. Each customer's devices by themselves:
nobody's device teaches another's."""

from __future__ import annotations

from sqlalchemy import Connection, select

from collector.store.evidence import inserted
from collector.store.tables import landing as table


def landings(conn: Connection, tenant_id: str, maker: str, model: str) -> dict[str, dict[float, int]]:
    """Type of supply -> level in percent -> how often it fell there."""
    query = select(table.c.type, table.c.percent, table.c.times)
    query = query.where(table.c.tenant_id == tenant_id, table.c.maker == maker[:100], table.c.model == model[:200])
    found: dict[str, dict[float, int]] = {}
    for row in conn.execute(query):
        found.setdefault(row.type, {})[row.percent] = row.times
    return found


def add_landing(conn: Connection, tenant_id: str, maker: str, model: str, type_: str, percent: float) -> None:
    """A supply of this type fell to this level, once more."""
    new = inserted(conn, table).values(
        tenant_id=tenant_id, maker=maker[:100], model=model[:200], type=type_, percent=percent, times=1
    )
    conn.execute(
        new.on_conflict_do_update(
            index_elements=["tenant_id", "maker", "model", "type", "percent"], set_={"times": table.c.times + 1}
        )
    )
