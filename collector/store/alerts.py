"""Alerts: episodes of something that matters, held, raised, cleared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, or_, select, update

from collector.store.ids import new_id
from collector.store.page import Page, paged
from collector.store.scope import Scope
from collector.store.supplies import TITLE
from collector.store.tables import agent, device
from collector.store.tables import alert as table
from fleet.alert import AlertState, Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One episode. It concerns a device, or an agent; `subject_title` names it for people."""

    id: str
    tenant_id: str
    device_id: str | None
    agent_id: str | None
    subject_title: str
    fingerprint: str
    episode: int
    rule: str
    subject: str
    cause: str
    severity: str
    state: AlertState
    text: str
    evidence: Mapping[str, str]
    first_seen_at: datetime
    last_seen_at: datetime
    raised_at: datetime | None
    cleared_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whom an alert concerns: a device or an agent of a tenant."""

    tenant_id: str
    device_id: str | None = None
    agent_id: str | None = None

    @property
    def ident(self) -> str:
        return self.device_id or self.agent_id or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFilter:
    """Which alerts; an empty field does not restrict. `state` is held, raised or cleared; held ones are told to nobody
    and left out unless asked for."""

    search: str = ""
    state: str = ""
    rule: str = ""
    severity: str = ""
    device_id: str = ""
    agent_id: str = ""
    site_id: str = ""
    with_held: bool = False


SORTS = {"seen": table.c.last_seen_at, "raised": func.coalesce(table.c.raised_at, table.c.first_seen_at)}


def _made(row: Row[Any]) -> AlertRow:
    values = {name: getattr(row, name) for name in AlertRow.__slots__ if name != "state"}
    return AlertRow(**values, state=AlertState(row.state))


def _query(scope: Scope) -> Select[Any]:
    title = func.coalesce(TITLE, agent.c.name, "")
    query = select(table, title.label("subject_title")).outerjoin(device, device.c.id == table.c.device_id)
    return query.outerjoin(agent, agent.c.id == table.c.agent_id).where(scope.where(table.c.tenant_id))


def list_alerts(
    conn: Connection,
    scope: Scope,
    wanted: AlertFilter = AlertFilter(),
    *,
    sort: str = "-raised",
    limit: int = 100,
    cursor: str | None = None,
) -> Page[AlertRow]:
    query = _query(scope)
    for name in ("state", "rule", "severity", "device_id", "agent_id"):
        if value := getattr(wanted, name):
            query = query.where(table.c[name] == value)
    if wanted.site_id:
        query = query.where(or_(device.c.site_id == wanted.site_id, agent.c.site_id == wanted.site_id))
    if wanted.search:
        looked = (table.c.text, table.c.cause, table.c.subject, TITLE)
        query = query.where(or_(*(column.icontains(wanted.search, autoescape=True) for column in looked)))
    if not wanted.state and not wanted.with_held:
        query = query.where(table.c.raised_at.is_not(None))
    return paged(conn, query, _made, sorts=SORTS, ident=table.c.id, sort=sort, limit=limit, cursor=cursor)


def alert(conn: Connection, scope: Scope, ident: str) -> AlertRow | None:
    row = conn.execute(_query(scope).where(table.c.id == ident)).first()
    return _made(row) if row else None


def raised_alerts(conn: Connection, scope: Scope, device_id: str = "") -> list[AlertRow]:
    """All alerts that stand now, worst first; of one device where it is given."""
    query = _query(scope).where(table.c.state == AlertState.RAISED)
    if device_id:
        query = query.where(table.c.device_id == device_id)
    return [_made(row) for row in conn.execute(query.order_by(table.c.severity, table.c.raised_at.desc()))]


def _of(owner: Owner) -> ColumnElement[bool]:
    return table.c.device_id == owner.device_id if owner.device_id else table.c.agent_id == owner.agent_id


def latest_episodes(conn: Connection, scope: Scope, owner: Owner) -> list[AlertRow]:
    """The newest episode of every fingerprint of a device or an agent."""
    newest = select(table.c.fingerprint, func.max(table.c.episode).label("episode")).where(_of(owner))
    last = newest.group_by(table.c.fingerprint).subquery()
    query = _query(scope).join(last, (last.c.fingerprint == table.c.fingerprint) & (last.c.episode == table.c.episode))
    return [_made(row) for row in conn.execute(query.order_by(table.c.fingerprint))]


def quiet_since(conn: Connection, owner: Owner) -> dict[str, datetime]:
    """When the last raised episode of each fingerprint was cleared."""
    query = select(table.c.fingerprint, func.max(table.c.cleared_at)).where(
        _of(owner), table.c.raised_at.is_not(None), table.c.cleared_at.is_not(None)
    )
    return {row[0]: row[1] for row in conn.execute(query.group_by(table.c.fingerprint))}


def unsettled_devices(conn: Connection) -> list[tuple[str, str]]:
    """(site, device) of those with an episode that waits for time to pass: held, or raised."""
    query = select(device.c.site_id, device.c.id).join(table, table.c.device_id == device.c.id)
    rows = conn.execute(query.where(table.c.state != AlertState.CLEARED).distinct())
    return [(row[0], row[1]) for row in rows]


def end_episodes(conn: Connection, device_id: str, rule: str, subject: str, at: datetime) -> None:
    """What this was about is no longer there: its episode is over at once."""
    of = (table.c.device_id == device_id, table.c.rule == rule, table.c.subject == subject)
    conn.execute(
        update(table).where(*of, table.c.state != AlertState.CLEARED).values(state=AlertState.CLEARED, cleared_at=at)
    )


def add_alert(
    conn: Connection, owner: Owner, seen: Observation, fingerprint: str, episode: int, times: Mapping[str, Any]
) -> str:
    """A new episode. `times`: state and the times of the row."""
    ident = new_id("alt")
    whose = {"tenant_id": owner.tenant_id, "device_id": owner.device_id, "agent_id": owner.agent_id}
    what = {"rule": seen.rule, "subject": seen.subject[:120], "cause": seen.cause[:60], "severity": seen.severity}
    row = {"id": ident, "fingerprint": fingerprint, "episode": episode, "text": seen.text}
    conn.execute(insert(table).values(**row, **whose, **what, **times, evidence=dict(seen.evidence)))
    return ident


def save_alert(conn: Connection, ident: str, values: Mapping[str, Any]) -> None:
    conn.execute(update(table).where(table.c.id == ident).values(**values))
