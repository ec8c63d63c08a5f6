"""Agents: enrolled programs at the customers, when they were last heard, and the batches they sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, exists, func, insert, or_, select, update

from collector.store.ids import hashed, new_id, new_secret
from collector.store.page import Page, paged
from collector.store.scope import Scope
from collector.store.tables import agent as table
from collector.store.tables import alert, batch, device, rejected_reading, site, site_token
from fleet.alert import AlertState


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRow:
    """`status` is what the agent last said of itself (version, spooled, networks, conflicts, ...)."""

    id: str
    tenant_id: str
    site_id: str
    site_name: str
    name: str
    version: str | None
    status: Mapping[str, Any]
    devices: int
    enrolled_at: datetime
    last_heard_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A reading that was set aside: where it stood in its batch, and why."""

    position: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedBatch:
    readings: int
    rejected: tuple[Rejected, ...]


def _made(row: Row[Any]) -> AgentRow:
    values = {name: getattr(row, name) for name in AgentRow.__slots__ if name != "status"}
    return AgentRow(**values, status=row.status or {})


def _query(scope: Scope) -> Select[Any]:
    count = select(func.count()).where(device.c.agent_id == table.c.id).scalar_subquery()
    query = select(table, site.c.name.label("site_name"), count.label("devices")).join(
        site, site.c.id == table.c.site_id
    )
    return query.where(scope.where(table.c.tenant_id))


def list_agents(
    conn: Connection,
    scope: Scope,
    *,
    search: str = "",
    site_id: str = "",
    sort: str = "name",
    limit: int = 100,
    cursor: str | None = None,
) -> Page[AgentRow]:
    query = _query(scope)
    if search:
        query = query.where(table.c.name.icontains(search, autoescape=True))
    if site_id:
        query = query.where(table.c.site_id == site_id)
    heard = func.coalesce(table.c.last_heard_at, table.c.enrolled_at)
    sorts = {"name": func.lower(table.c.name), "heard": heard, "enrolled": table.c.enrolled_at}
    return paged(conn, query, _made, sorts=sorts, ident=table.c.id, sort=sort, limit=limit, cursor=cursor)


def agent(conn: Connection, scope: Scope, ident: str) -> AgentRow | None:
    row = conn.execute(_query(scope).where(table.c.id == ident)).first()
    return _made(row) if row else None


def agents_in_service(conn: Connection) -> list[AgentRow]:
    """Every agent that was heard at least once and is not revoked."""
    query = _query(Scope.everything()).where(table.c.revoked_at.is_(None), table.c.last_heard_at.is_not(None))
    return [_made(row) for row in conn.execute(query.order_by(table.c.id))]


def is_in_service(conn: Connection, ident: str) -> bool:
    """Whether the agent's key still opens the door."""
    return conn.execute(select(table.c.id).where(table.c.id == ident, table.c.revoked_at.is_(None))).first() is not None


def agents_to_settle(conn: Connection) -> list[AgentRow]:
    """Agents out of service that still have an alert of their own, or devices that pass for looked after."""
    alerted = exists().where(alert.c.agent_id == table.c.id, alert.c.state != AlertState.CLEARED)
    looked_after = exists().where(device.c.agent_id == table.c.id, device.c.standing != "silent")
    query = _query(Scope.everything()).where(table.c.revoked_at.is_not(None), or_(alerted, looked_after))
    return [_made(row) for row in conn.execute(query.order_by(table.c.id))]


def agent_with_key(conn: Connection, key: str) -> AgentRow | None:
    """The agent this key belongs to, revoked or not. Tenant and site come from here and from nowhere else."""
    row = conn.execute(_query(Scope.everything()).where(table.c.key_hash == hashed(key))).first()
    return _made(row) if row else None


def add_site_token(conn: Connection, site_id: str, now: datetime, expires_at: datetime) -> str:
    """A one-use token by which one agent may enrol at this site. Shown now, stored hashed."""
    token = new_secret("site")
    row = {"token_hash": hashed(token), "site_id": site_id, "created_at": now, "expires_at": expires_at}
    conn.execute(insert(site_token).values(**row))
    return token


def enrol(conn: Connection, token: str, name: str, version: str, now: datetime) -> tuple[str, str] | None:
    """(agent id, agent key), and the token is used up; None where the token is unknown, used or too old."""
    fresh = (site_token.c.token_hash == hashed(token), site_token.c.used_at.is_(None), site_token.c.expires_at > now)
    used = update(site_token).where(*fresh).values(used_at=now).returning(site_token.c.site_id)
    site_id = conn.execute(used).scalar()
    if site_id is None:
        return None
    tenant_id = conn.execute(select(site.c.tenant_id).where(site.c.id == site_id)).scalar_one()
    ident, key = new_id("agt"), new_secret("agent")
    who = {"id": ident, "tenant_id": tenant_id, "site_id": site_id, "name": name, "key_hash": hashed(key)}
    conn.execute(insert(table).values(**who, version=version, status={}, enrolled_at=now))
    return ident, key


def revoke_agent(conn: Connection, scope: Scope, ident: str, now: datetime) -> bool:
    """From now on its key opens nothing. False where there is no such agent in service."""
    seen = (table.c.id == ident, scope.where(table.c.tenant_id), table.c.revoked_at.is_(None))
    return conn.execute(update(table).where(*seen).values(revoked_at=now)).rowcount == 1


def heard(conn: Connection, agent_id: str, now: datetime, version: str | None, status: Mapping[str, Any]) -> None:
    values = {"last_heard_at": now, "status": dict(status)} | ({"version": version[:40]} if version else {})
    conn.execute(update(table).where(table.c.id == agent_id).values(**values))


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchKey:
    """What makes a batch that batch. `digest` tells apart what an agent sent under one number after its disk was set
    back; empty where it is not known."""

    agent_id: str
    spool: str
    seq: int
    digest: str = ""

    @property
    def columns(self) -> dict[str, Any]:
        return {"agent_id": self.agent_id, "spool": self.spool, "seq": self.seq, "digest": self.digest}


def received_batch(conn: Connection, key: BatchKey) -> ReceivedBatch | None:
    """What became of a batch that was taken before."""
    rows = conn.execute(select(batch.c.digest, batch.c.readings).where(*_numbered(batch, key))).all()
    row = next((row for row in rows if row.digest in (key.digest, "")), None)
    if row is None:
        return None
    of = rejected_reading.c
    query = select(of.position, of.reason).where(*_numbered(rejected_reading, key), of.digest == row.digest)
    aside = conn.execute(query.order_by(of.position))
    return ReceivedBatch(
        readings=row.readings, rejected=tuple(Rejected(position=r.position, reason=r.reason) for r in aside)
    )


def is_number_used(conn: Connection, key: BatchKey) -> bool:
    """Whether the agent gave this number to a batch before, whatever it held."""
    return conn.execute(select(batch.c.seq).where(*_numbered(batch, key))).first() is not None


def _numbered(of: Table, key: BatchKey) -> tuple[ColumnElement[bool], ...]:
    return of.c.agent_id == key.agent_id, of.c.spool == key.spool, of.c.seq == key.seq


def add_batch(
    conn: Connection, key: BatchKey, readings: int, rejected: Iterable[tuple[Rejected, str]], now: datetime
) -> None:
    """Writes down that the batch was taken, and what of it was set aside with its text."""
    of = {**key.columns, "received_at": now}
    aside = [{**of, "position": r.position, "reason": r.reason, "body": body} for r, body in rejected]
    conn.execute(insert(batch).values(**of, readings=readings, rejected=len(aside)))
    if aside:
        conn.execute(insert(rejected_reading), aside)


def rejected_counts(conn: Connection, scope: Scope) -> dict[str, int]:
    """How many readings of each agent were set aside and are still kept."""
    query = select(rejected_reading.c.agent_id, func.count()).join(table, table.c.id == rejected_reading.c.agent_id)
    rows = conn.execute(query.where(scope.where(table.c.tenant_id)).group_by(rejected_reading.c.agent_id))
    return {row[0]: row[1] for row in rows}
