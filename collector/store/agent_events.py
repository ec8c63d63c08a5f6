"""Agent events: what happened to an agent and must not be forgotten with its next status. `gap`: readings it had to
drop for want of room, how many and from when to when. `number-reused`: it numbered other readings as before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from collector.store.page import Page, paged
from collector.store.scope import Scope
from collector.store.tables import agent
from collector.store.tables import agent_event as table

MOST_GAPS = 100
"""Gaps of one batch that are kept one by one; an honest agent joins them and sends few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentEventRow:
    id: int
    agent_id: str
    at: datetime
    kind: str
    facts: Mapping[str, Any]


def _made(row: Row[Any]) -> AgentEventRow:
    return AgentEventRow(**{name: getattr(row, name) for name in AgentEventRow.__slots__})


def list_agent_events(
    conn: Connection,
    scope: Scope,
    *,
    agent_id: str = "",
    kind: str = "",
    sort: str = "-at",
    limit: int = 100,
    cursor: str | None = None,
) -> Page[AgentEventRow]:
    query = select(table).join(agent, agent.c.id == table.c.agent_id).where(scope.where(agent.c.tenant_id))
    if agent_id:
        query = query.where(table.c.agent_id == agent_id)
    if kind:
        query = query.where(table.c.kind == kind)
    return paged(conn, query, _made, sorts={"at": table.c.at}, ident=table.c.id, sort=sort, limit=limit, cursor=cursor)


def add_agent_events(
    conn: Connection, agent_id: str, at: datetime, kind: str, facts: Iterable[Mapping[str, Any]]
) -> None:
    rows = [{"agent_id": agent_id, "at": at, "kind": kind, "facts": dict(one)} for one in facts]
    if rows:
        conn.execute(insert(table), rows)


def gaps_in(status: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The gaps a batch tells of, as far as they can be understood; nothing else an agent says is kept for ever."""
    told = status.get("gaps")
    found = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    return [
        {
            "readings": one["readings"],
            "first_at": str(one.get("first_at"))[:40],
            "last_at": str(one.get("last_at"))[:40],
        }
        for one in found[:MOST_GAPS]
        if type(one.get("readings")) is int and one["readings"] > 0
    ]
