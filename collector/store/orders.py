"""Orders and their moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, insert, or_, select, update

from collector.store.evidence import inserted
from collector.store.ids import new_id, next_number, number_in
from collector.store.moves import MoveRow
from collector.store.page import Page, paged
from collector.store.scope import Scope
from collector.store.supplies import TITLE
from collector.store.tables import device, order_move, site, supply
from collector.store.tables import order as table
from fleet.kit.moves import move
from fleet.order import MOVES, OPEN, OrderState


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """An order, with the names of what it is for."""

    id: str
    tenant_id: str
    device_id: str
    device_title: str
    site_id: str
    site_name: str
    supply_id: str
    supply_key: str
    alert_id: str | None
    number: int
    cause_key: str
    state: OrderState
    part_number: str | None
    description: str
    quantity: int
    vendor_mail: str
    reason: str
    created_at: datetime
    changed_at: datetime

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilter:
    """Which orders; an empty field does not restrict. `open`: only those that still stand for their cause (or, False,
    only the others)."""

    search: str = ""
    state: str = ""
    open: bool | None = None
    device_id: str = ""
    supply_id: str = ""
    site_id: str = ""
    vendor_mail: str = ""


SORTS = {
    "created": table.c.created_at,
    "changed": table.c.changed_at,
    "number": table.c.number,
    "device": func.lower(TITLE),
    "state": case({state: n for n, state in enumerate(OrderState)}, value=table.c.state),
    "vendor": func.lower(table.c.vendor_mail),
}
"""`state`: in the order of the life cycle."""


def _made(row: Row[Any]) -> OrderRow:
    values = {name: getattr(row, name) for name in OrderRow.__slots__ if name != "state"}
    return OrderRow(**values, state=OrderState(row.state))


def _query(scope: Scope) -> Select[Any]:
    names = (
        TITLE.label("device_title"),
        device.c.site_id,
        site.c.name.label("site_name"),
        supply.c.key.label("supply_key"),
    )
    query = (
        select(table, *names).join(device, device.c.id == table.c.device_id).join(site, site.c.id == device.c.site_id)
    )
    return query.join(supply, supply.c.id == table.c.supply_id).where(scope.where(table.c.tenant_id))


def list_orders(
    conn: Connection,
    scope: Scope,
    wanted: OrderFilter = OrderFilter(),
    *,
    sort: str = "-created",
    limit: int = 100,
    cursor: str | None = None,
) -> Page[OrderRow]:
    query = _query(scope)
    for name in ("state", "device_id", "supply_id"):
        if value := getattr(wanted, name):
            query = query.where(table.c[name] == value)
    if wanted.open is not None:
        query = query.where(table.c.state.in_(OPEN) if wanted.open else table.c.state.not_in(OPEN))
    if wanted.site_id:
        query = query.where(device.c.site_id == wanted.site_id)
    if wanted.vendor_mail:
        query = query.where(func.lower(table.c.vendor_mail) == wanted.vendor_mail.lower())
    if wanted.search:
        looked = (table.c.description, table.c.part_number, table.c.vendor_mail, TITLE)
        found = [column.icontains(wanted.search, autoescape=True) for column in looked]
        if (number := number_in(wanted.search, "O")) is not None:
            found.append(table.c.number == number)
        query = query.where(or_(*found))
    return paged(conn, query, _made, sorts=SORTS, ident=table.c.id, sort=sort, limit=limit, cursor=cursor)


def order(conn: Connection, scope: Scope, ident: str) -> OrderRow | None:
    row = conn.execute(_query(scope).where(table.c.id == ident)).first()
    return _made(row) if row else None


def order_moves(conn: Connection, scope: Scope, ident: str) -> list[MoveRow]:
    """The story of an order, oldest first."""
    query = select(order_move).join(table, table.c.id == order_move.c.order_id).where(scope.where(table.c.tenant_id))
    rows = conn.execute(query.where(order_move.c.order_id == ident).order_by(order_move.c.id))
    return [MoveRow(before=r.before, after=r.after, at=r.at, actor=r.actor, reason=r.reason) for r in rows]


def open_order_counts(conn: Connection, scope: Scope) -> dict[str, int]:
    """How many orders are in each state that still stands."""
    query = select(table.c.state, func.count()).where(table.c.state.in_(OPEN), scope.where(table.c.tenant_id))
    return {row[0]: row[1] for row in conn.execute(query.group_by(table.c.state))}


def open_orders_for(conn: Connection, supply_id: str) -> list[OrderRow]:
    """Orders that stand for a supply now."""
    query = _query(Scope.everything()).where(table.c.supply_id == supply_id, table.c.state.in_(OPEN))
    return [_made(row) for row in conn.execute(query.order_by(table.c.number))]


def add_order(conn: Connection, now: datetime, *, cause_key: str, values: Mapping[str, Any]) -> str | None:
    """A new order in state suggested; None where this cause already has one."""
    if conn.execute(select(table.c.id).where(table.c.cause_key == cause_key)).first():
        return None
    ident = new_id("ord")
    row = {"id": ident, "cause_key": cause_key, "state": OrderState.SUGGESTED, "created_at": now, "changed_at": now}
    new = inserted(conn, table).values(**row, **values, number=next_number(conn, "order"))
    done = conn.execute(new.on_conflict_do_nothing(index_elements=["cause_key"]))
    return ident if done.rowcount == 1 else None


def move_order(
    conn: Connection, scope: Scope, ident: str, after: OrderState, *, at: datetime, actor: str, reason: str
) -> OrderRow | None:
    """Takes one step, or raises IllegalMove. None where the order is not to be seen."""
    known = conn.execute(
        select(table.c.state).where(table.c.id == ident, scope.where(table.c.tenant_id)).with_for_update()
    ).scalar()
    if known is None:
        return None
    step = move(MOVES, OrderState(known), after, at=at, actor=actor, reason=reason)
    conn.execute(update(table).where(table.c.id == ident).values(state=step.after, changed_at=at))
    row = {"before": step.before, "after": step.after, "at": at, "actor": actor, "reason": reason}
    conn.execute(insert(order_move).values(order_id=ident, **row))
    return order(conn, scope, ident)


def note_on_order(conn: Connection, scope: Scope, ident: str, *, at: datetime, actor: str, reason: str) -> bool:
    """Records something without a step. False where the order is not to be seen."""
    known = order(conn, scope, ident)
    if known is None:
        return False
    row = {"before": known.state, "after": known.state, "at": at, "actor": actor, "reason": reason}
    conn.execute(insert(order_move).values(order_id=ident, **row))
    return True
