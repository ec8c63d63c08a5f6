"""Tickets and their moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, insert, literal, or_, select, update

from collector.store.evidence import inserted
from collector.store.ids import new_id, next_number, number_in
from collector.store.moves import MoveRow
from collector.store.page import Page, paged
from collector.store.scope import Scope
from collector.store.supplies import TITLE
from collector.store.tables import UtcDateTime, device, site, ticket_move
from collector.store.tables import ticket as table
from fleet.kit.moves import move
from fleet.ticket import MOVES, OPEN, TicketState

NEVER = literal(datetime(9999, 1, 1, tzinfo=UTC), UtcDateTime)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRow:
    """A ticket. `facts`: what was known when it was opened; `fault_cleared_at`: the device no longer complains."""

    id: str
    tenant_id: str
    device_id: str | None
    device_title: str | None
    site_id: str | None
    site_name: str | None
    alert_id: str | None
    number: int
    cause_key: str
    state: TicketState
    cause: str
    severity: str
    title: str
    facts: Mapping[str, Any]
    created_at: datetime
    changed_at: datetime
    fault_cleared_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFilter:
    """Which tickets; an empty field does not restrict. `open`: those that still need somebody (False: the others)."""

    search: str = ""
    state: str = ""
    open: bool | None = None
    device_id: str = ""
    site_id: str = ""
    cause: str = ""


SORTS = {
    "created": table.c.created_at,
    "changed": table.c.changed_at,
    "number": table.c.number,
    "cause": table.c.cause,
    "device": func.coalesce(func.lower(TITLE), ""),
    "site": func.coalesce(func.lower(site.c.name), ""),
    "state": case({state: n for n, state in enumerate(TicketState)}, value=table.c.state),
    "cleared": func.coalesce(table.c.fault_cleared_at, NEVER),
}
"""`state`: in the order of the life cycle. `cleared`: faults that still stand come last."""


def _made(row: Row[Any]) -> TicketRow:
    values = {name: getattr(row, name) for name in TicketRow.__slots__ if name != "state"}
    return TicketRow(**values, state=TicketState(row.state))


def _query(scope: Scope) -> Select[Any]:
    query = select(table, TITLE.label("device_title"), device.c.site_id, site.c.name.label("site_name"))
    query = query.outerjoin(device, device.c.id == table.c.device_id).outerjoin(site, site.c.id == device.c.site_id)
    return query.where(scope.where(table.c.tenant_id))


def list_tickets(
    conn: Connection,
    scope: Scope,
    wanted: TicketFilter = TicketFilter(),
    *,
    sort: str = "-created",
    limit: int = 100,
    cursor: str | None = None,
) -> Page[TicketRow]:
    query = _query(scope)
    for name in ("state", "device_id", "cause"):
        if value := getattr(wanted, name):
            query = query.where(table.c[name] == value)
    if wanted.open is not None:
        query = query.where(table.c.state.in_(OPEN) if wanted.open else table.c.state.not_in(OPEN))
    if wanted.site_id:
        query = query.where(device.c.site_id == wanted.site_id)
    if wanted.search:
        looked = (table.c.title, table.c.cause, TITLE)
        found = [column.icontains(wanted.search, autoescape=True) for column in looked]
        if (number := number_in(wanted.search, "T")) is not None:
            found.append(table.c.number == number)
        query = query.where(or_(*found))
    return paged(conn, query, _made, sorts=SORTS, ident=table.c.id, sort=sort, limit=limit, cursor=cursor)


def ticket(conn: Connection, scope: Scope, ident: str) -> TicketRow | None:
    row = conn.execute(_query(scope).where(table.c.id == ident)).first()
    return _made(row) if row else None


def ticket_moves(conn: Connection, scope: Scope, ident: str) -> list[MoveRow]:
    """The story of a ticket, oldest first, notes included."""
    query = select(ticket_move).join(table, table.c.id == ticket_move.c.ticket_id).where(scope.where(table.c.tenant_id))
    rows = conn.execute(query.where(ticket_move.c.ticket_id == ident).order_by(ticket_move.c.id))
    return [MoveRow(before=r.before, after=r.after, at=r.at, actor=r.actor, reason=r.reason) for r in rows]


def open_ticket_counts(conn: Connection, scope: Scope) -> dict[str, int]:
    """How many tickets are in each state that still needs somebody."""
    query = select(table.c.state, func.count()).where(table.c.state.in_(OPEN), scope.where(table.c.tenant_id))
    return {row[0]: row[1] for row in conn.execute(query.group_by(table.c.state))}


def newest_ticket_for(conn: Connection, device_id: str, cause: str) -> TicketRow | None:
    """The last ticket this device had for this cause, open or not."""
    query = _query(Scope.everything()).where(table.c.device_id == device_id, table.c.cause == cause)
    row = conn.execute(query.order_by(table.c.number.desc()).limit(1)).first()
    return _made(row) if row else None


def add_ticket(
    conn: Connection, now: datetime, *, cause_key: str, actor: str, reason: str, values: Mapping[str, Any]
) -> str | None:
    """A new ticket in state reported, with the note that opened it; None where this cause already has one."""
    if conn.execute(select(table.c.id).where(table.c.cause_key == cause_key)).first():
        return None
    ident = new_id("tkt")
    row = {"id": ident, "cause_key": cause_key, "state": TicketState.REPORTED, "created_at": now, "changed_at": now}
    new = inserted(conn, table).values(**row, **values, number=next_number(conn, "ticket"))
    if conn.execute(new.on_conflict_do_nothing(index_elements=["cause_key"])).rowcount != 1:
        return None
    note_on_ticket(conn, Scope.everything(), ident, at=now, actor=actor, reason=reason)
    return ident


def move_ticket(
    conn: Connection, scope: Scope, ident: str, after: TicketState, *, at: datetime, actor: str, reason: str
) -> TicketRow | None:
    """Takes one step, or raises IllegalMove. None where the ticket is not to be seen."""
    known = _state(conn, scope, ident)
    if known is None:
        return None
    step = move(MOVES, known, after, at=at, actor=actor, reason=reason)
    conn.execute(update(table).where(table.c.id == ident).values(state=step.after, changed_at=at))
    _write(conn, ident, step.before, step.after, at, actor, reason)
    return ticket(conn, scope, ident)


def note_on_ticket(conn: Connection, scope: Scope, ident: str, *, at: datetime, actor: str, reason: str) -> bool:
    """Records something without a step. False where the ticket is not to be seen."""
    known = _state(conn, scope, ident)
    if known is None:
        return False
    _write(conn, ident, known, known, at, actor, reason)
    return True


def set_fault_cleared(conn: Connection, ident: str, at: datetime | None) -> None:
    """When the device stopped complaining; None when it complains again."""
    conn.execute(update(table).where(table.c.id == ident).values(fault_cleared_at=at))


def _state(conn: Connection, scope: Scope, ident: str) -> TicketState | None:
    query = select(table.c.state).where(table.c.id == ident, scope.where(table.c.tenant_id)).with_for_update()
    known = conn.execute(query).scalar()
    return TicketState(known) if known else None


def _write(
    conn: Connection, ident: str, before: TicketState, after: TicketState, at: datetime, actor: str, reason: str
) -> None:
    row = {"before": before, "after": after, "at": at, "actor": actor, "reason": reason}
    conn.execute(insert(ticket_move).values(ticket_id=ident, **row))
