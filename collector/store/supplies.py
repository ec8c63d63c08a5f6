"""Supplies: the slots of each device and what is honestly known of their content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select

from collector.store.evidence import inserted
from collector.store.page import Page, paged
from collector.store.scope import Scope
from collector.store.tables import device, site
from collector.store.tables import supply as table
from fleet.kit.wire import level_name
from fleet.supply import Empty, Exact, Level, LowOnly, Quantised, SomeLeft, Unknown, level_percent


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyRow:
    """A supply and the device it sits in. `gone_at`: the device no longer names it. `episode` counts its cartridges."""

    id: str
    tenant_id: str
    device_id: str
    device_title: str
    site_id: str
    site_name: str
    key: str
    type: str
    color: str | None
    direction: str
    description: str | None
    part_number: str | None
    cartridge_serial: str | None
    device_index: str | None
    level: Level
    raw_level: int | None
    raw_max: int | None
    unit: str | None
    fullness_percent: float | None
    episode: int
    track: Mapping[str, Any]
    read_at: datetime
    changed_at: datetime
    gone_at: datetime | None

    @property
    def percent(self) -> float | None:
        """The number the device vouches for, None where it gives none."""
        return level_percent(self.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyFilter:
    """Which supplies; an empty field does not restrict. `below_percent` keeps those known to be at or below it."""

    search: str = ""
    device_id: str = ""
    type: str = ""
    site_id: str = ""
    below_percent: float | None = None
    with_gone: bool = False


TITLE = func.coalesce(device.c.name, device.c.model, device.c.hostname, device.c.address, device.c.id)
_EMPTIEST = func.coalesce(table.c.level_percent, 1000.0)
SORTS = {
    "device": func.lower(TITLE),
    "level": _EMPTIEST,
    "type": table.c.type,
    "changed": table.c.changed_at,
    "site": func.lower(site.c.name),
}


def level_of(kind: str, percent: float | None, step: int | None) -> Level:
    """The level that stands in the columns level_is, level_percent, level_step."""
    match kind:
        case "exact" if percent is not None:
            return Exact(percent=percent)
        case "quantised" if percent is not None and step is not None:
            return Quantised(percent=percent, step=step)
        case "some-left":
            return SomeLeft()
        case "low":
            return LowOnly()
        case "empty":
            return Empty()
    return Unknown()


def level_columns(level: Level) -> dict[str, Any]:
    step = level.step if isinstance(level, Quantised) else None
    return {"level_is": level_name(level), "level_percent": level_percent(level), "level_step": step}


def _made(row: Row[Any]) -> SupplyRow:
    values = {name: getattr(row, name) for name in SupplyRow.__slots__ if name != "level"}
    return SupplyRow(**values, level=level_of(row.level_is, row.level_percent, row.level_step))


def _query(scope: Scope) -> Select[Any]:
    query = select(table, TITLE.label("device_title"), device.c.site_id, site.c.name.label("site_name"))
    query = query.join(device, device.c.id == table.c.device_id).join(site, site.c.id == device.c.site_id)
    return query.where(scope.where(table.c.tenant_id))


def _restricted(query: Select[Any], wanted: SupplyFilter) -> Select[Any]:
    if wanted.device_id:
        query = query.where(table.c.device_id == wanted.device_id)
    if wanted.type:
        query = query.where(table.c.type == wanted.type)
    if wanted.site_id:
        query = query.where(device.c.site_id == wanted.site_id)
    if wanted.below_percent is not None:
        query = query.where(or_(table.c.level_percent <= wanted.below_percent, table.c.level_is == "low"))
    if wanted.search:
        looked = (table.c.description, table.c.part_number, table.c.type, table.c.color, TITLE)
        query = query.where(or_(*(column.icontains(wanted.search, autoescape=True) for column in looked)))
    return query if wanted.with_gone else query.where(table.c.gone_at.is_(None))


def list_supplies(
    conn: Connection,
    scope: Scope,
    wanted: SupplyFilter = SupplyFilter(),
    *,
    sort: str = "level",
    limit: int = 100,
    cursor: str | None = None,
) -> Page[SupplyRow]:
    query = _restricted(_query(scope), wanted)
    return paged(conn, query, _made, sorts=SORTS, ident=table.c.id, sort=sort, limit=limit, cursor=cursor)


def supply(conn: Connection, scope: Scope, ident: str) -> SupplyRow | None:
    row = conn.execute(_query(scope).where(table.c.id == ident)).first()
    return _made(row) if row else None


def supplies_of(conn: Connection, scope: Scope, device_id: str, *, with_gone: bool = False) -> list[SupplyRow]:
    """The supplies of one device, in the order of their keys."""
    query = _restricted(_query(scope), SupplyFilter(device_id=device_id, with_gone=with_gone))
    return [_made(row) for row in conn.execute(query.order_by(table.c.key))]


def supplies_of_devices(conn: Connection, scope: Scope, device_ids: Iterable[str]) -> dict[str, list[SupplyRow]]:
    """The supplies of several devices, by device, in the order of their keys."""
    query = _restricted(_query(scope), SupplyFilter()).where(table.c.device_id.in_(list(device_ids)))
    found: dict[str, list[SupplyRow]] = {}
    for row in conn.execute(query.order_by(table.c.device_id, table.c.key)):
        found.setdefault(row.device_id, []).append(_made(row))
    return found


def save_supply(conn: Connection, values: Mapping[str, Any]) -> None:
    """Writes a supply, new or known (by device and key); all columns are given."""
    conn.execute(_saving(conn), dict(values))


_made_once: dict[str, Any] = {}


def _saving(conn: Connection) -> Any:
    """The statement, made once per kind of database: making it costs more than running it, and it runs per supply."""
    if conn.dialect.name not in _made_once:
        new = inserted(conn, table)
        changes = {c.name: new.excluded[c.name] for c in table.c if c.name not in _STAYS}
        _made_once[conn.dialect.name] = new.on_conflict_do_update(index_elements=["device_id", "key"], set_=changes)
    return _made_once[conn.dialect.name]


_STAYS = frozenset({"id", "tenant_id", "device_id", "key"})
