"""Tickets: what is wrong, what to try first, and what was done."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from collector.roles import Action
from collector.store import devices, sites, tickets
from collector.store.page import Page
from collector.store.scope import Scope
from collector.store.tickets import TicketFilter, TicketRow
from collector.web.access import page
from collector.web.labels import (
    GONE,
    PARTS,
    SEVERITIES,
    TICKET_FACTS,
    TICKET_NEXT,
    TICKET_STATES,
    TICKET_STEPS,
    TICKET_VERBS,
)
from collector.web.listing import everything, piece, wish
from collector.web.prose import cause_title, fault_views, first_steps
from collector.web.story import story
from collector.web.visit import Visit
from fleet.errors import IllegalMove
from fleet.kit.text import clean
from fleet.ticket import MOVES, TicketState

SHOWS = {"open": True, "closed": False}
COLUMNS = ("cause", "device", "state", "site", "created", "cleared", "changed", "number")
NEWEST = "-number"
"""By number, not by time: two within one instant keep their order."""


def _wanted(visit: Visit) -> TicketFilter:
    show = visit.asked("show", [*SHOWS, "all"]) or "open"
    return TicketFilter(search=visit.asked("q"), open=SHOWS.get(show))


def _title(visit: Visit, ticket: TicketRow) -> str:
    return cause_title(visit.words, visit.catalogue, ticket.cause)


@page("GET", "/tickets", Action.SEE_TICKETS)
async def ticket_list(visit: Visit) -> web.StreamResponse:
    wanted = _wanted(visit)
    if visit.asked("format") == "csv":
        return await _export(visit, wanted)
    found: Page[TicketRow] = await piece(visit, tickets.list_tickets, wanted, sorts=COLUMNS, usual=NEWEST)
    w, zones = visit.words, await visit.zones()
    return await visit.render(
        "tickets.html",
        wanted=wanted,
        show=visit.asked("show", [*SHOWS, "all"]) or "open",
        sort=wish(visit, COLUMNS, NEWEST),
        next=found.next,
        rows=[
            {
                "row": ticket,
                "css": "ok" if ticket.fault_cleared_at else SEVERITIES.get(ticket.severity, "warn"),
                "title": _title(visit, ticket),
                "state": w._(TICKET_STATES[ticket.state]),
                "gone": w._(GONE) if ticket.is_open and ticket.fault_cleared_at else "",
                "created": w.moment(ticket.created_at, zones.get(ticket.site_id or "")),
                "cleared": w.moment(ticket.fault_cleared_at, zones.get(ticket.site_id or "")),
            }
            for ticket in found.items
        ],
    )


async def _export(visit: Visit, wanted: TicketFilter) -> web.Response:
    async def more(cursor: str | None) -> Page[TicketRow]:
        sort = wish(visit, COLUMNS, NEWEST)
        return await visit.ask(tickets.list_tickets, visit.scope, wanted, sort=sort, limit=500, cursor=cursor)

    w, zones = visit.words, await visit.zones()
    header = [w._("Ticket"), w._("What is wrong"), w._("Device"), w._("Site"), w._("State"), w._("Opened"),
              w._("Fault cleared"), w._("Time zone")]  # fmt: skip
    return visit.csv(
        "tickets",
        header,
        (
            [f"T-{t.number}", _title(visit, t), t.device_title, t.site_name, w._(TICKET_STATES[t.state]),
             w.cell(t.created_at, zones.get(t.site_id or "")), w.cell(t.fault_cleared_at, zones.get(t.site_id or "")),
             zones.get(t.site_id or "", "UTC")]
            for t in await everything(more)
        ),
    )  # fmt: skip


def _look(conn: Connection, scope: Scope, ident: str) -> dict[str, Any] | None:
    ticket = tickets.ticket(conn, scope, ident)
    if ticket is None:
        return None
    return {
        "ticket": ticket,
        "moves": tickets.ticket_moves(conn, scope, ident),
        "device": devices.device(conn, scope, ticket.device_id) if ticket.device_id else None,
        "site": sites.site_row(conn, scope, ticket.site_id) if ticket.site_id else None,
    }


@page("GET", "/tickets/{id}", Action.SEE_TICKETS)
async def ticket_page(visit: Visit) -> web.StreamResponse:
    return await _shown(visit, visit.request.match_info["id"])


async def _shown(visit: Visit, ident: str, *, refused: bool = False, typed: str = "") -> web.Response:
    """The page of a ticket; after a refused step with what was typed still in its field."""
    seen = await visit.ask(_look, visit.scope, ident)
    if seen is None:
        raise web.HTTPNotFound
    ticket: TicketRow = seen["ticket"]
    w, zone = visit.words, seen["site"].timezone if seen["site"] else "UTC"
    usual = TICKET_NEXT.get(ticket.state, "")
    possible = [state for state in TICKET_VERBS if TicketState(state) in MOVES[ticket.state]]
    possible.sort(key=lambda state: state != usual)
    device = seen["device"]
    return await visit.render(
        "ticket.html",
        status=409 if refused else 200,
        refused=refused,
        typed=typed,
        ticket=ticket,
        device=device,
        site=seen["site"],
        title=w.pair(_title(visit, ticket), ticket.device_title) if ticket.device_title else _title(visit, ticket),
        css="ok" if ticket.fault_cleared_at else SEVERITIES.get(ticket.severity, "warn"),
        state=w._(TICKET_STATES[ticket.state]),
        cleared=w.moment(ticket.fault_cleared_at, zone) if ticket.fault_cleared_at else "",
        steps=[w._(TICKET_STATES[step]) for step in TICKET_STEPS],
        at=TICKET_STEPS.index(ticket.state) if ticket.state in TICKET_STEPS else -1,
        first_steps=first_steps(w, visit.catalogue, ticket.cause),
        parts=[w._(PARTS.get(part, part)) for part in visit.catalogue.cause(ticket.cause).parts],
        faults=fault_views(w, visit.catalogue, device.state.faults, zone) if device else [],
        faults_known=device is not None and device.state.faults is not None,
        display=device.state.display if device else None,
        facts=[
            (w._(TICKET_FACTS[name]), value)
            for name, value in ticket.facts.items()
            if name in TICKET_FACTS and isinstance(value, str | int | float) and value != ""
        ],
        story=story(w, seen["moves"], TICKET_STATES, zone),
        possible=[(state, w._(TICKET_VERBS[state]), state == "cancelled") for state in possible],
    )


@page("POST", "/tickets/{id}/moves", Action.MOVE_TICKETS)
async def move_ticket(visit: Visit) -> web.StreamResponse:
    """A step, or with no step a note."""
    form, ident = await visit.form(), visit.request.match_info["id"]
    typed, to = clean(str(form.get("reason", ""))), str(form.get("to", ""))
    try:
        known = await visit.change(_move, visit, ident, TicketState(to) if to else None, typed)
    except (IllegalMove, ValueError):
        return await _shown(visit, ident, refused=True, typed=typed)
    if not known:
        raise web.HTTPNotFound
    raise web.HTTPSeeOther(f"/tickets/{ident}")


def _move(conn: Connection, visit: Visit, ident: str, after: TicketState | None, typed: str) -> bool:
    """The step or the note. False where the ticket is not to be seen."""
    known, scope, actor = tickets.ticket(conn, visit.scope, ident), visit.scope, visit.person.name
    if known is None:
        return False
    if after is None:
        return not typed or tickets.note_on_ticket(conn, scope, ident, at=visit.now, actor=actor, reason=typed)
    if known.state is after:
        return True  # an impatient finger sent the form twice
    reason = typed or visit.words._("no reason given")
    return tickets.move_ticket(conn, scope, ident, after, at=visit.now, actor=actor, reason=reason) is not None
