"""Daily points: what each series was on each UTC day. They stay with the facts, so pages and forecasts need no series
database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, case, func, select

from collector.store.evidence import inserted
from collector.store.scope import Scope
from collector.store.tables import daily as table
from collector.store.tables import device

KEPT = ("printer_pages_total", "printer_usage_total", "printer_supply_level_ratio", "printer_supply_fullness_ratio")
"""Metrics whose days are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    series: str
    day: date
    first: float
    last: float
    low: float
    high: float
    samples: int


def daily(conn: Connection, scope: Scope, device_id: str, prefix: str = "", since: date | None = None) -> list[DayRow]:
    """The days of a device's series whose names begin with `prefix`, by series and day."""
    query = select(table).join(device, device.c.id == table.c.device_id).where(scope.where(device.c.tenant_id))
    query = query.where(table.c.device_id == device_id, table.c.series.startswith(prefix, autoescape=True))
    if since:
        query = query.where(table.c.day >= since)
    rows = conn.execute(query.order_by(table.c.series, table.c.day))
    return [DayRow(**{name: getattr(row, name) for name in DayRow.__slots__}) for row in rows]


def fold_in(conn: Connection, points: Iterable[tuple[str, datetime, dict[str, float]]]) -> None:
    """Adds what was seen, (device, when, values), to its days. The same again changes nothing."""
    rows = [
        _row(device_id, at, series, value)
        for device_id, at, values in points
        for series, value in values.items()
        if series.startswith(KEPT)
    ]
    if rows:
        conn.execute(_folding(conn), rows)


def _row(device_id: str, at: datetime, series: str, value: float) -> dict[str, Any]:
    numbers = dict.fromkeys(("first", "last", "low", "high"), value)
    of = {"device_id": device_id, "day": at.astimezone(UTC).date(), "series": series[:120], "samples": 1}
    return {**of, **numbers, "first_at": at, "last_at": at}


def _folding(conn: Connection) -> Any:
    new = inserted(conn, table)
    it, was = new.excluded, table.c
    earlier, later = it.first_at < was.first_at, it.last_at > was.last_at
    lowest = func.min if conn.dialect.name == "sqlite" else func.least
    highest = func.max if conn.dialect.name == "sqlite" else func.greatest
    return new.on_conflict_do_update(
        index_elements=["device_id", "day", "series"],
        set_={
            "first": case((earlier, it.first), else_=was.first),
            "last": case((later, it.last), else_=was.last),
            "low": lowest(was.low, it.low),
            "high": highest(was.high, it.high),
            "samples": was.samples + case((earlier, 1), (later, 1), else_=0),
            "first_at": case((earlier, it.first_at), else_=was.first_at),
            "last_at": case((later, it.last_at), else_=was.last_at),
        },
    )
