"""API v1: the collections, read with the same functions as the pages."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec
from aiohttp import web
from sqlalchemy import Connection

from collector.api import views
from collector.api.contract import Call, Contract, NoQuery
from collector.api.errors import problems
from collector.api.openapi import document
from collector.api.words import (
    Agent,
    AgentQuery,
    Alert,
    AlertQuery,
    Device,
    DeviceChange,
    DeviceQuery,
    Nothing,
    Order,
    OrderQuery,
    Page,
    Paging,
    Site,
    SiteQuery,
    Supply,
    SupplyQuery,
    Ticket,
    TicketQuery,
)
from collector.roles import Action
from collector.store import agents, alerts, audit, devices, orders, sites, supplies, tickets
from collector.store.alerts import AlertFilter
from collector.store.devices import DeviceFilter
from collector.store.orders import OrderFilter
from collector.store.supplies import SupplyFilter
from collector.store.tickets import TicketFilter
from fleet.kit.text import clean_or_none

api = Contract("/api/v1")
OPENAPI = web.AppKey("openapi", bytes)
ABOUT = (
    "What the collector knows, for programs. Lists come in pieces: ask again with `cursor` set to `next` until it is "
    "null. A value a device does not say is null, never a guess. Times are UTC."
)


def register(app: web.Application) -> None:
    """Adds the routes, the description at /openapi.json, and problems for all errors of programs."""
    app.middlewares.append(problems)
    app[OPENAPI] = msgspec.json.encode(document(api, _version(), ABOUT))
    app.router.add_get("/openapi.json", get_openapi)
    api.register(app)


async def get_openapi(request: web.Request) -> web.Response:
    """The description itself holds nothing of any customer, so it is open."""
    return web.Response(body=request.app[OPENAPI], content_type="application/json")


def _version() -> str:
    try:
        return version("pagewarden")
    except PackageNotFoundError:
        return "0"


def _paging(query: Any) -> dict[str, Any]:
    return {"sort": query.sort, "limit": query.limit, "cursor": query.cursor or None}


def _filter(kind: type[Any], query: msgspec.Struct) -> Any:
    """The parameters that were given, as the store's filter."""
    given = {name: getattr(query, name) for name in kind.__slots__ if hasattr(query, name)}
    return kind(**{name: value for name, value in given.items() if value is not msgspec.UNSET})


@api.operation("GET", "/devices", Action.SEE_DEVICES, answer=Page[Device], query=DeviceQuery)
def list_devices(conn: Connection, call: Call[DeviceQuery]) -> Page[Device]:
    """Devices, each with its supplies, counters and faults.

    Sort by title, standing, pages, heard, found, site or address."""
    page = devices.list_devices(conn, call.scope, _filter(DeviceFilter, call.query), **_paging(call.query))
    rows = supplies.supplies_of_devices(conn, call.scope, [row.id for row in page.items])
    return Page(items=tuple(views.device(row, rows.get(row.id, ())) for row in page.items), next=page.next)


@api.operation("GET", "/devices/{ident}", Action.SEE_DEVICES, answer=Device)
def get_device(conn: Connection, call: Call[NoQuery]) -> Device | None:
    """One device with everything known of it."""
    row = devices.device(conn, call.scope, call.ident)
    return views.device(row, supplies.supplies_of(conn, call.scope, row.id)) if row else None


@api.operation("PATCH", "/devices/{ident}", Action.NAME_DEVICES, answer=Device, body=DeviceChange, may_write=True)
def change_device(conn: Connection, call: Call[NoQuery]) -> Device | None:
    """Give a device a name of your own, or take it away."""
    name = clean_or_none(call.body.name, 200)
    if not devices.rename_device(conn, call.scope, call.ident, name):
        return None
    device = get_device(conn, call)
    if device:
        audit.note(conn, call.now, call.actor, "rename", call.ident, tenant_id=device.tenant_id, facts={"name": name})
    return device


@api.operation("GET", "/supplies", Action.SEE_DEVICES, answer=Page[Supply], query=SupplyQuery)
def list_supplies(conn: Connection, call: Call[SupplyQuery]) -> Page[Supply]:
    """Supplies of all devices, the emptiest first.

    Sort by level, device, type, changed or site. Supplies without a number stand at the end of the order by level."""
    page = supplies.list_supplies(conn, call.scope, _filter(SupplyFilter, call.query), **_paging(call.query))
    return Page(items=tuple(map(views.supply, page.items)), next=page.next)


@api.operation("GET", "/supplies/{ident}", Action.SEE_DEVICES, answer=Supply)
def get_supply(conn: Connection, call: Call[NoQuery]) -> Supply | None:
    """One supply."""
    row = supplies.supply(conn, call.scope, call.ident)
    return views.supply(row) if row else None


@api.operation("GET", "/alerts", Action.SEE_ALERTS, answer=Page[Alert], query=AlertQuery)
def list_alerts(conn: Connection, call: Call[AlertQuery]) -> Page[Alert]:
    """Alerts, the newest first.

    Sort by raised or seen."""
    page = alerts.list_alerts(conn, call.scope, _filter(AlertFilter, call.query), **_paging(call.query))
    return Page(items=tuple(map(views.alert, page.items)), next=page.next)


@api.operation("GET", "/alerts/{ident}", Action.SEE_ALERTS, answer=Alert)
def get_alert(conn: Connection, call: Call[NoQuery]) -> Alert | None:
    """One alert with its evidence."""
    row = alerts.alert(conn, call.scope, call.ident)
    return views.alert(row) if row else None


@api.operation("GET", "/orders", Action.SEE_ORDERS, answer=Page[Order], query=OrderQuery)
def list_orders(conn: Connection, call: Call[OrderQuery]) -> Page[Order]:
    """Orders, the newest first.

    Sort by created, changed, number, device, state or vendor."""
    page = orders.list_orders(conn, call.scope, _filter(OrderFilter, call.query), **_paging(call.query))
    return Page(items=tuple(views.order(row) for row in page.items), next=page.next)


@api.operation("GET", "/orders/{ident}", Action.SEE_ORDERS, answer=Order)
def get_order(conn: Connection, call: Call[NoQuery]) -> Order | None:
    """One order with its story."""
    row = orders.order(conn, call.scope, call.ident)
    return views.order(row, orders.order_moves(conn, call.scope, row.id)) if row else None


@api.operation("GET", "/tickets", Action.SEE_TICKETS, answer=Page[Ticket], query=TicketQuery)
def list_tickets(conn: Connection, call: Call[TicketQuery]) -> Page[Ticket]:
    """Tickets, the newest first.

    Sort by created, changed, number, cause, device, site, state or cleared."""
    page = tickets.list_tickets(conn, call.scope, _filter(TicketFilter, call.query), **_paging(call.query))
    return Page(items=tuple(views.ticket(row) for row in page.items), next=page.next)


@api.operation("GET", "/tickets/{ident}", Action.SEE_TICKETS, answer=Ticket)
def get_ticket(conn: Connection, call: Call[NoQuery]) -> Ticket | None:
    """One ticket with its story."""
    row = tickets.ticket(conn, call.scope, call.ident)
    return views.ticket(row, tickets.ticket_moves(conn, call.scope, row.id)) if row else None


@api.operation("GET", "/agents", Action.SEE_AGENTS, answer=Page[Agent], query=AgentQuery)
def list_agents(conn: Connection, call: Call[AgentQuery]) -> Page[Agent]:
    """Agents.

    Sort by name, heard or enrolled."""
    query = call.query
    page = agents.list_agents(conn, call.scope, search=query.search, site_id=query.site_id, **_paging(query))
    return Page(items=tuple(map(views.agent, page.items)), next=page.next)


@api.operation("GET", "/agents/{ident}", Action.SEE_AGENTS, answer=Agent)
def get_agent(conn: Connection, call: Call[NoQuery]) -> Agent | None:
    """One agent with what it last said of itself."""
    row = agents.agent(conn, call.scope, call.ident)
    return views.agent(row) if row else None


@api.operation("GET", "/sites", Action.SEE_SITES, answer=Page[Site], query=SiteQuery)
def list_sites(conn: Connection, call: Call[SiteQuery]) -> Page[Site]:
    """Sites of customers.

    Sort by name or created."""
    page = sites.list_sites(conn, call.scope, search=call.query.search, **_paging(call.query))
    return Page(items=tuple(map(views.site, page.items)), next=page.next)


@api.operation("GET", "/sites/{ident}", Action.SEE_SITES, answer=Site)
def get_site(conn: Connection, call: Call[NoQuery]) -> Site | None:
    """One site."""
    row = sites.site_row(conn, call.scope, call.ident)
    return views.site(row) if row else None


NOT_YET = {
    "forecasts": Action.SEE_DEVICES,
    "visits": Action.SEE_TICKETS,
    "contracts": Action.SEE_SITES,
    "assets": Action.SEE_DEVICES,
}
"""Collections whose names are settled and which nothing fills in this version."""


def _declare_empty(name: str, action: Action) -> None:
    def list_nothing(conn: Connection, call: Call[Paging]) -> Page[Nothing]:
        return Page(items=(), next=None)

    def get_nothing(conn: Connection, call: Call[NoQuery]) -> None:
        return None

    list_nothing.__name__, get_nothing.__name__ = f"list_{name}", f"get_{name.removesuffix('s')}"
    list_nothing.__doc__ = f"Always empty: this version keeps no {name}."
    get_nothing.__doc__ = f"Never there: this version keeps no {name}."
    api.operation("GET", f"/{name}", action, answer=Page[Nothing], query=Paging)(list_nothing)
    api.operation("GET", f"/{name}/{{ident}}", action, answer=Nothing)(get_nothing)


for _name, _action in NOT_YET.items():
    _declare_empty(_name, _action)
