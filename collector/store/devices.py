"""Devices: what the collector knows of each, and the evidence by which it knows them again."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)

from collector.store.db import readable
from collector.store.page import Page, paged
from collector.store.scope import Scope
from collector.store.tables import agent, alert, site
from collector.store.tables import device as table
from fleet.alert import AlertState
from fleet.device import DeviceState
from fleet.identity import Identity
from fleet.kit.wire import from_plain

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow:
    """A device as lists show it; `state` opens the rest."""

    id: str
    tenant_id: str
    site_id: str
    site_name: str
    agent_id: str | None
    agent_key: str | None
    name: str | None
    kind: str | None
    maker: str | None
    model: str | None
    serial: str | None
    address: str | None
    hostname: str | None
    location: str | None
    standing: str
    reachable: bool
    health: str | None
    activity: str | None
    pages_total: int | None
    state_plain: Mapping[str, Any]
    first_seen_at: datetime
    heard_at: datetime | None
    asked_at: datetime | None

    @property
    def title(self) -> str:
        """The best name there is: given by a person, else the model, the host name, the address."""
        return self.name or self.model or self.hostname or self.address or self.id

    @property
    def state(self) -> DeviceState:
        """Everything known now, each field with source and age. Costs a parse: ask once.

        What another version wrote, or a damaged disk, is not known: the next reading takes its place."""
        try:
            known = from_plain(readable(self.state_plain), DeviceState)
        except (ValueError, TypeError) as error:
            self._tell(error)
            return self._outline
        _told.discard(self.id)
        return known

    @property
    def _outline(self) -> DeviceState:
        """What the columns alone say: enough to know the device again, and when it was asked."""
        names = ("maker", "model", "serial", "address", "hostname")
        who = Identity(**{name: getattr(self, name) for name in names})
        return DeviceState(identity=who, reachable=self.reachable, heard_at=self.heard_at, asked_at=self.asked_at)

    def _tell(self, error: Exception) -> None:
        """Once per device, not at every look: pages and metrics look often."""
        if self.id in _told:
            return
        if len(_told) >= MOST_TOLD:
            _told.clear()
        _told.add(self.id)
        log.error(
            "the state of device %s (%s) cannot be read and counts as not known until it is heard again: %s",
            self.id,
            self.title,
            error,
            extra={"device": self.id},
        )


MOST_TOLD = 10_000
_told: set[str] = set()
"""Devices whose state could not be read, and of which the log says so already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFilter:
    """Which devices; an empty field does not restrict. `search` looks at names, models, serials, addresses, places."""

    search: str = ""
    standing: str = ""
    kind: str = ""
    site_id: str = ""
    tenant_id: str = ""
    agent_id: str = ""


_WORST_FIRST = {"stopped": 0, "silent": 1, "look": 2, "unknown": 3, "working": 4, "asleep": 5}
SORTS: Mapping[str, ColumnElement[Any]] = {
    "title": func.lower(func.coalesce(table.c.name, table.c.model, table.c.hostname, table.c.address, "")),
    "standing": case(_WORST_FIRST, value=table.c.standing, else_=9),
    "pages": func.coalesce(table.c.pages_total, -1),
    "heard": func.coalesce(table.c.heard_at, table.c.first_seen_at),
    "found": table.c.first_seen_at,
    "site": func.lower(site.c.name),
    "address": func.coalesce(table.c.address, ""),
}


def _made(row: Row[Any]) -> DeviceRow:
    values = {name: getattr(row, name) for name in DeviceRow.__slots__ if name != "state_plain"}
    return DeviceRow(**values, state_plain=row.state)


def _query(scope: Scope) -> Select[Any]:
    joined = select(table, site.c.name.label("site_name")).join(site, site.c.id == table.c.site_id)
    return joined.where(scope.where(table.c.tenant_id))


def _restricted(query: Select[Any], wanted: DeviceFilter) -> Select[Any]:
    for name in ("standing", "kind", "site_id", "tenant_id", "agent_id"):
        if value := getattr(wanted, name):
            query = query.where(table.c[name] == value)
    if wanted.search:
        looked = ("name", "maker", "model", "serial", "address", "hostname", "location", "id")
        query = query.where(or_(*(table.c[name].icontains(wanted.search, autoescape=True) for name in looked)))
    return query


def list_devices(
    conn: Connection,
    scope: Scope,
    wanted: DeviceFilter = DeviceFilter(),
    *,
    sort: str = "title",
    limit: int = 100,
    cursor: str | None = None,
) -> Page[DeviceRow]:
    query = _restricted(_query(scope), wanted)
    return paged(conn, query, _made, sorts=SORTS, ident=table.c.id, sort=sort, limit=limit, cursor=cursor)


def device(conn: Connection, scope: Scope, ident: str) -> DeviceRow | None:
    row = conn.execute(_query(scope).where(table.c.id == ident)).first()
    return _made(row) if row else None


def devices_of_agent(conn: Connection, scope: Scope, agent_id: str) -> list[DeviceRow]:
    rows = conn.execute(_query(scope).where(table.c.agent_id == agent_id).order_by(table.c.id))
    return [_made(row) for row in rows]


def devices_found(conn: Connection, agent_id: str, since: datetime) -> int:
    """How many devices of an agent were first seen since then."""
    query = select(func.count()).where(table.c.agent_id == agent_id, table.c.first_seen_at > since)
    return int(conn.execute(query).scalar_one())


def devices_out_of_step(conn: Connection) -> list[tuple[str, str]]:
    """(site, device) of those that pass for looked after while their agent is silent or out of service, and of those
    that pass for silent while neither their agent is nor they are."""
    gone = exists().where(agent.c.id == table.c.agent_id, agent.c.revoked_at.is_not(None))
    raised = alert.c.state == AlertState.RAISED
    quiet = exists().where(alert.c.agent_id == table.c.agent_id, alert.c.rule == "agent-silent", raised)
    own = exists().where(alert.c.device_id == table.c.id, alert.c.rule == "device-silent", raised)
    early = and_(table.c.standing != "silent", or_(gone, quiet))
    late = and_(table.c.standing == "silent", not_(gone), not_(quiet), not_(own))
    return [(row[0], row[1]) for row in conn.execute(select(table.c.site_id, table.c.id).where(or_(early, late)))]


def all_devices(conn: Connection, scope: Scope) -> list[DeviceRow]:
    """Every device, for metrics and exports."""
    return [_made(row) for row in conn.execute(_query(scope).order_by(table.c.id))]


def standing_counts(conn: Connection, scope: Scope, wanted: DeviceFilter = DeviceFilter()) -> dict[str, int]:
    """How many devices stand how: {"working": 12, "look": 3, ...}; a standing nobody has is left out."""
    query = _restricted(_query(scope), wanted).with_only_columns(table.c.standing, func.count())
    return {row[0]: row[1] for row in conn.execute(query.group_by(table.c.standing))}


def rename_device(conn: Connection, scope: Scope, ident: str, name: str | None) -> bool:
    """Gives the device a person's name for it, or takes it away. False where the device is not to be seen."""
    done = conn.execute(update(table).where(table.c.id == ident, scope.where(table.c.tenant_id)).values(name=name))
    return done.rowcount == 1


def add_device(conn: Connection, values: Mapping[str, Any]) -> None:
    conn.execute(insert(table).values(**values))


def save_device(conn: Connection, scope: Scope, ident: str, values: Mapping[str, Any]) -> None:
    conn.execute(update(table).where(table.c.id == ident, scope.where(table.c.tenant_id)).values(**values))


def set_standing(conn: Connection, scope: Scope, ident: str, standing: str) -> None:
    save_device(conn, scope, ident, {"standing": standing})
