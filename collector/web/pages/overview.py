"""Overview: what needs somebody now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import Connection

from alerts.rules import silent
from collector.roles import Action
from collector.store import agents, alerts, conflicts, devices, orders, outbox, sites, supplies, tickets
from collector.store.alerts import AlertRow
from collector.store.conflicts import ConflictRow
from collector.store.orders import OrderFilter, OrderRow
from collector.store.scope import Scope
from collector.store.supplies import SupplyFilter, SupplyRow
from collector.store.tickets import TicketFilter, TicketRow
from collector.web.access import page
from collector.web.labels import DISPUTED, GONE, ORDER_STATES, SEVERITIES, STANDINGS, amount_of, letter, supply_title
from collector.web.places import alert_zones
from collector.web.prose import cause_title
from collector.web.visit import Visit
from fleet.order import OrderState

SHOWN = 8
MOST = 500
"""Nobody counts further than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the page is made of."""

    standings: dict[str, int]
    silences: list[AlertRow]
    tickets: tuple[TicketRow, ...]
    held: tuple[OrderRow, ...]
    conflicts: list[tuple[ConflictRow, str]]
    orders: tuple[OrderRow, ...]
    supplies: tuple[SupplyRow, ...]
    mails: dict[str, int]
    zones: dict[str, str]
    silent_zones: dict[str, str]
    has_agents: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """One line of what needs somebody."""

    look: str
    icon: str
    href: str
    title: str
    verb: str
    under: str = ""


def _look(conn: Connection, scope: Scope) -> Look:
    raised = alerts.raised_alerts(conn, scope)
    # A low supply is already an order and a fault that matters already a ticket: one line per cause.
    silences = [alert for alert in raised if alert.rule in (silent.DEVICE, silent.AGENT)]
    waiting = tickets.list_tickets(conn, scope, TicketFilter(open=True), limit=MOST).items
    return Look(
        standings=devices.standing_counts(conn, scope),
        silences=silences,
        tickets=waiting,
        held=orders.list_orders(conn, scope, OrderFilter(state=OrderState.HELD), limit=MOST).items,
        conflicts=[(one, _title(conn, scope, one.device_id)) for one in conflicts.open_conflicts(conn, scope, SHOWN)],
        orders=orders.list_orders(conn, scope, OrderFilter(open=True), limit=SHOWN).items,
        supplies=supplies.list_supplies(conn, scope, SupplyFilter(below_percent=20), limit=SHOWN).items,
        mails=outbox.outbox_counts(conn, scope),
        zones={row.id: row.timezone for row in sites.list_sites(conn, scope, limit=MOST).items},
        silent_zones=alert_zones(conn, scope, silences),
        has_agents=bool(agents.list_agents(conn, scope, limit=1).items),
    )


def _title(conn: Connection, scope: Scope, device_id: str) -> str:
    row = devices.device(conn, scope, device_id)
    return row.title if row else device_id


def _todo(visit: Visit, seen: Look) -> Iterator[Todo]:
    """Everything that needs somebody, the worst first."""
    w = visit.words
    lasting = [ticket for ticket in seen.tickets if ticket.fault_cleared_at is None]
    for ticket in sorted(lasting, key=lambda one: list(SEVERITIES).index(one.severity)):
        since = w._("since %(when)s", when=w.moment(ticket.created_at, seen.zones.get(ticket.site_id or "")))
        yield _of_ticket(visit, ticket, SEVERITIES[ticket.severity], w._("Diagnose"), since)
    for alert in sorted(seen.silences, key=lambda one: one.rule != silent.AGENT):
        yield Todo(
            look="silent",
            icon="silent",
            href=f"/devices/{alert.device_id}" if alert.device_id else "/agents",
            title=w.pair(cause_title(w, visit.catalogue, alert.cause), alert.subject_title),
            under=w.ago(alert.raised_at, visit.now, seen.silent_zones.get(alert.id)),
            verb=w._("See why"),
        )
    for order in seen.held:
        what = w._("%(what)s for %(device)s", what=order.description, device=order.device_title)
        title = w.pair(w._("An order is held"), what)
        yield Todo(look="warn", icon="order", href=f"/orders/{order.id}", title=title, verb=w._("Decide"))
    for conflict, title in seen.conflicts:
        yield Todo(
            look="warn",
            icon="alert",
            href=f"/devices/{conflict.device_id}",
            title=w.pair(w._(DISPUTED[conflict.about]), title),
            verb=w._("Decide"),
        )
    if stuck := seen.mails.get("unsure", 0) + seen.mails.get("failed", 0):
        title = w.ngettext("%(n)s mail did not leave for sure", "%(n)s mails did not leave for sure", stuck)
        yield Todo(look="warn", icon="mail", href="/mails", title=title, verb=w._("Decide"))
    for ticket in seen.tickets:
        if ticket.fault_cleared_at is not None:
            yield _of_ticket(visit, ticket, "ok", w._("Decide"), w._(GONE))


def _of_ticket(visit: Visit, ticket: TicketRow, look: str, verb: str, under: str) -> Todo:
    """An open ticket is always a line: the number beside "Tickets" counts the same ones."""
    what = cause_title(visit.words, visit.catalogue, ticket.cause)
    title = visit.words.pair(what, ticket.device_title) if ticket.device_title else what
    return Todo(look=look, icon="ticket", href=f"/tickets/{ticket.id}", title=title, under=under, verb=verb)


@page("GET", "/", Action.SEE_OVERVIEW)
async def overview(visit: Visit) -> web.StreamResponse:
    seen = await visit.ask(_look, visit.scope)
    w, standings, todo = visit.words, seen.standings, list(_todo(visit, seen))
    return await visit.render(
        "overview.html",
        whole=sum(standings.values()),
        well=standings.get("working", 0) + standings.get("asleep", 0),
        standings=[
            (name, css, w._(word), standings[name]) for name, (css, word) in STANDINGS.items() if name in standings
        ],
        shares=[
            (f"is-{css}", standings[name]) for name, (css, _) in reversed(list(STANDINGS.items())) if name in standings
        ],
        todo=todo[: 2 * SHOWN],
        waiting=len(todo),
        low=[
            {
                "href": f"/devices/{supply.device_id}",
                "title": supply_title(w, supply),
                "device": supply.device_title,
                "letter": letter(supply),
                "amount": amount_of(w, supply),
            }
            for supply in seen.supplies
            if supply.direction == "consumed"
        ],
        orders=[
            {
                "href": f"/orders/{order.id}",
                "title": order.description,
                "device": order.device_title,
                "state": w._(ORDER_STATES[order.state]),
            }
            for order in seen.orders
        ],
        no_agents=not seen.has_agents,
    )
