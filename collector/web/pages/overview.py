"""Overview: what needs somebody now."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import Connection

from collector.store import agents, alerts, devices, orders, outbox, supplies, tickets
from collector.store.orders import OrderFilter
from collector.store.scope import Scope
from collector.store.supplies import SupplyFilter
from collector.store.tickets import TicketFilter
from collector.web.access import page
from collector.web.labels import ORDER_STATES, SEVERITIES, STANDINGS, amount_of, letter, supply_title
from collector.web.prose import cause_title
from collector.web.visit import Visit

SHOWN = 8


def _look(conn: Connection, scope: Scope) -> dict[str, object]:
    return {
        "standings": devices.standing_counts(conn, scope),
        "alerts": alerts.raised_alerts(conn, scope),
        "tickets": tickets.list_tickets(conn, scope, TicketFilter(open=True), limit=SHOWN).items,
        "orders": orders.list_orders(conn, scope, OrderFilter(open=True), limit=SHOWN).items,
        "supplies": supplies.list_supplies(conn, scope, SupplyFilter(below_percent=20), limit=SHOWN).items,
        "mails": outbox.outbox_counts(conn, scope),
        "agents": agents.list_agents(conn, scope, limit=2).items,
    }


@page("GET", "/")
async def overview(visit: Visit) -> web.StreamResponse:
    seen = await visit.ask(_look, visit.scope)
    w, catalogue, zones = visit.words, visit.catalogue, await visit.zones()
    standings: dict[str, int] = seen["standings"]  # type: ignore[assignment]
    # A low supply is already an order and a fault that matters already a ticket: one line per cause.
    silences = [alert for alert in seen["alerts"] if alert.rule in ("silent", "agent_silent", "agent-silent")]  # type: ignore[attr-defined]
    todo = [
        {
            "look": SEVERITIES.get(ticket.severity, "warn"),
            "icon": "ticket",
            "href": f"/tickets/{ticket.id}",
            "title": w.pair(cause_title(w, catalogue, ticket.cause), ticket.device_title or ""),
            "under": w.moment(ticket.created_at, zones.get(ticket.site_id or "")),
            "verb": w._("Diagnose"),
        }
        for ticket in seen["tickets"]  # type: ignore[attr-defined]
        if ticket.fault_cleared_at is None
    ]
    todo += [
        {
            "look": "silent",
            "icon": "silent",
            "href": f"/devices/{alert.device_id}" if alert.device_id else "/agents",
            "title": w.pair(cause_title(w, catalogue, alert.cause), alert.subject_title),
            "under": w.ago(alert.raised_at, visit.now),
            "verb": w._("See why"),
        }
        for alert in silences
    ]
    mails: dict[str, int] = seen["mails"]  # type: ignore[assignment]
    stuck = mails.get("unsure", 0) + mails.get("failed", 0)
    if stuck:
        title = w.ngettext("%(n)s mail did not leave for sure", "%(n)s mails did not leave for sure", stuck)
        todo.append(
            {"look": "warn", "icon": "mail", "href": "/mails", "title": title, "under": "", "verb": w._("Decide")}
        )
    whole = sum(standings.values())
    return await visit.render(
        "overview.html",
        whole=whole,
        well=standings.get("working", 0) + standings.get("asleep", 0),
        standings=[
            (name, css, w._(word), standings[name]) for name, (css, word) in STANDINGS.items() if name in standings
        ],
        shares=[
            (f"is-{css}", standings[name]) for name, (css, _) in reversed(list(STANDINGS.items())) if name in standings
        ],
        todo=todo,
        low=[
            {
                "href": f"/devices/{supply.device_id}",
                "title": supply_title(w, supply),
                "device": supply.device_title,
                "letter": letter(supply),
                "amount": amount_of(w, supply),
            }
            for supply in seen["supplies"]  # type: ignore[attr-defined]
            if supply.direction == "consumed"
        ],
        orders=[
            {
                "href": f"/orders/{order.id}",
                "title": order.description,
                "device": order.device_title,
                "state": w._(ORDER_STATES[order.state]),
            }
            for order in seen["orders"]  # type: ignore[attr-defined]
        ],
        no_agents=not seen["agents"],
    )
