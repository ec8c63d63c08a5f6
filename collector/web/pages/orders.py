"""Orders: where each is, why, and the mail as it left."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from collector.roles import Action
from collector.store import orders, outbox, sites, supplies
from collector.store.orders import OrderFilter, OrderRow
from collector.store.page import Page
from collector.store.scope import Scope
from collector.supply.reorder import place, vendor_of
from collector.web.access import page
from collector.web.labels import MAIL_STATES, ORDER_STATES, ORDER_STEPS, ORDER_VERBS, amount_of, supply_title
from collector.web.listing import everything, piece, wish
from collector.web.sentences import told
from collector.web.story import story
from collector.web.visit import Visit
from fleet.errors import IllegalMove
from fleet.kit.text import clean
from fleet.order import MOVES, OrderState

SHOWS = {"open": True, "closed": False}
COLUMNS = ("device", "state", "vendor", "created", "changed", "number")
NEWEST = "-number"
"""By number, not by time: two within one instant keep their order."""


def _wanted(visit: Visit) -> OrderFilter:
    show = visit.asked("show", [*SHOWS, "all"]) or "open"
    return OrderFilter(search=visit.asked("q"), open=SHOWS.get(show), vendor_mail=visit.only_mailed_to)


@page("GET", "/orders", Action.SEE_ORDERS)
async def order_list(visit: Visit) -> web.StreamResponse:
    wanted = _wanted(visit)
    if visit.asked("format") == "csv":
        return await _export(visit, wanted)
    found: Page[OrderRow] = await piece(visit, orders.list_orders, wanted, sorts=COLUMNS, usual=NEWEST)
    w, zones = visit.words, await visit.zones()
    return await visit.render(
        "orders.html",
        wanted=wanted,
        show=visit.asked("show", [*SHOWS, "all"]) or "open",
        sort=wish(visit, COLUMNS, NEWEST),
        next=found.next,
        steps=[w._(ORDER_STATES[step]) for step in ORDER_STEPS],
        rows=[
            {
                "row": order,
                "at": ORDER_STEPS.index(order.state) if order.state in ORDER_STEPS else -1,
                "state": w._(ORDER_STATES[order.state]),
                "why": told(w, order.reason),
                "when": w.moment(order.changed_at, zones.get(order.site_id)),
                "created": w.moment(order.created_at, zones.get(order.site_id)),
            }
            for order in found.items
        ],
    )


async def _export(visit: Visit, wanted: OrderFilter) -> web.Response:
    async def more(cursor: str | None) -> Page[OrderRow]:
        sort = wish(visit, COLUMNS, NEWEST)
        return await visit.ask(orders.list_orders, visit.scope, wanted, sort=sort, limit=500, cursor=cursor)

    w, zones = visit.words, await visit.zones()
    header = [w._("Order"), w._("What"), w._("Part number"), w._("Pieces"), w._("Device"), w._("Site"), w._("State"),
              w._("Vendor"), w._("Ordered"), w._("Why"), w._("Time zone")]  # fmt: skip
    return visit.csv(
        "orders",
        header,
        (
            [f"O-{o.number}", o.description, o.part_number, o.quantity, o.device_title, o.site_name,
             w._(ORDER_STATES[o.state]),
             o.vendor_mail, w.cell(o.created_at, zones.get(o.site_id)), told(w, o.reason), zones.get(o.site_id, "UTC")]
            for o in await everything(more)
        ),
    )  # fmt: skip


def _look(conn: Connection, scope: Scope, ident: str) -> dict[str, Any] | None:
    order = orders.order(conn, scope, ident)
    if order is None:
        return None
    return {
        "order": order,
        "moves": orders.order_moves(conn, scope, ident),
        "mail": outbox.message_for(conn, scope, f"order/{ident}"),
        "supply": supplies.supply(conn, scope, order.supply_id),
        "site": sites.site_row(conn, scope, order.site_id),
    }


@page("GET", "/orders/{id}", Action.SEE_ORDERS)
async def order_page(visit: Visit) -> web.StreamResponse:
    return await _shown(visit, visit.request.match_info["id"])


async def _shown(visit: Visit, ident: str, *, refused: bool = False, typed: str = "") -> web.Response:
    """The page of an order; after a refused step with what was typed still in its field."""
    seen = await visit.ask(_look, visit.scope, ident)
    if seen is None or visit.only_mailed_to not in ("", seen["order"].vendor_mail.lower()):
        raise web.HTTPNotFound
    order: OrderRow = seen["order"]
    w, zone, mail, supply = visit.words, seen["site"].timezone, seen["mail"], seen["supply"]
    possible = [state for state in ORDER_VERBS if OrderState(state) in MOVES[order.state]]
    title = supply_title(w, supply) if supply else order.description
    return await visit.render(
        "order.html",
        status=409 if refused else 200,
        refused=refused,
        typed=typed,
        order=order,
        title=w._("%(what)s for %(device)s", what=title, device=order.device_title),
        why=told(w, order.reason),
        site=seen["site"],
        state=w._(ORDER_STATES[order.state]),
        steps=[w._(ORDER_STATES[step]) for step in ORDER_STEPS],
        at=ORDER_STEPS.index(order.state) if order.state in ORDER_STEPS else -1,
        story=story(w, seen["moves"], ORDER_STATES, zone),
        possible=[(state, w._(ORDER_VERBS[state]), state == "cancelled") for state in possible],
        supply_title=title,
        amount=amount_of(w, supply) if supply else None,
        mail=mail,
        mail_state=(MAIL_STATES[mail.state][0], w._(MAIL_STATES[mail.state][1])) if mail else None,
        mail_error=told(w, mail.error or "") if mail else "",
        mail_when=w.moment(mail.sent_at, zone) if mail else "",
    )


def _move(conn: Connection, visit: Visit, ident: str, after: OrderState, reason: str) -> OrderRow | None:
    """The step, and the mail where it is the one that places the order. None where the order is not to be seen."""
    known, actor = orders.order(conn, visit.scope, ident), visit.person.name
    if known is not None and known.state is after:
        return known  # an impatient finger sent the form twice
    if known is not None and after is OrderState.PLACED and _mailed(conn, visit, known):
        return place(conn, visit.settings, ident, actor=actor, now=visit.now)
    return orders.move_order(conn, visit.scope, ident, after, at=visit.now, actor=actor, reason=reason)


def _mailed(conn: Connection, visit: Visit, order: OrderRow) -> bool:
    """Whether somebody is named who gets the order; else a person places it by other ways."""
    return bool(order.vendor_mail or vendor_of(sites.site_row(conn, visit.scope, order.site_id), visit.settings))


@page("POST", "/orders/{id}/moves", Action.MOVE_ORDERS)
async def move_order(visit: Visit) -> web.StreamResponse:
    form, ident = await visit.form(), visit.request.match_info["id"]
    typed = clean(str(form.get("reason", "")))
    try:
        after = OrderState(str(form.get("to", "")))
        moved = await visit.change(_move, visit, ident, after, typed or visit.words._("no reason given"))
    except (IllegalMove, ValueError):
        return await _shown(visit, ident, refused=True, typed=typed)
    if moved is None:
        raise web.HTTPNotFound
    raise web.HTTPSeeOther(f"/orders/{ident}")
