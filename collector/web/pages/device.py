"""Device: what is with this one."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from collector.roles import Action
from collector.store import conflicts, devices, events, evidence, orders, sites, supplies, tickets
from collector.store.audit import note
from collector.store.conflicts import ConflictRow
from collector.store.devices import DeviceRow
from collector.store.events import EventRow
from collector.store.orders import OrderFilter
from collector.store.scope import Scope
from collector.store.supplies import SupplyRow
from collector.store.tickets import TicketFilter
from collector.web.access import page
from collector.web.drawings import charts_of
from collector.web.labels import (
    COUNTERS,
    DISPUTED,
    EVENTS,
    EVIDENCE,
    KINDS,
    ORDER_STATES,
    PROTOCOLS,
    STANDINGS,
    TICKET_STATES,
    UNITS,
    amount_of,
    letter,
    ranked,
    supply_title,
)
from collector.web.pages.fleet import headline
from collector.web.prose import because, cause_title, fault_views, paper
from collector.web.sentences import told
from collector.web.visit import Visit
from fleet.kit.text import clean
from fleet.reading import Disputed

TRAY_STATES = {"ok": "ok", "empty": "warn", "some-remaining": "unknown", "unknown": "unknown"}


def _look(conn: Connection, scope: Scope, ident: str) -> dict[str, Any] | None:
    row = devices.device(conn, scope, ident)
    if row is None:
        return None
    return {
        "row": row,
        "site": sites.site_row(conn, scope, row.site_id),
        "supplies": supplies.supplies_of(conn, scope, ident),
        "conflicts": conflicts.conflicts_of(conn, scope, ident),
        "evidence": evidence.evidence_of(conn, scope, ident),
        "anew": _anew(conn, scope, ident),
        "events": events.list_events(conn, scope, device_id=ident, limit=12).items,
        "orders": orders.list_orders(conn, scope, OrderFilter(device_id=ident), limit=6).items,
        "tickets": tickets.list_tickets(conn, scope, TicketFilter(device_id=ident), limit=6).items,
    }


def _anew(conn: Connection, scope: Scope, ident: str) -> EventRow | None:
    """The newest event after which the counters are not those from before."""
    kinds = ("counter-fell", "serial-changed")
    found = [
        row for kind in kinds for row in events.list_events(conn, scope, device_id=ident, kind=kind, limit=1).items
    ]
    return max(found, key=lambda row: (row.at, row.kind == "counter-fell"), default=None)


@page("GET", "/devices/{id}", Action.SEE_DEVICES)
async def device(visit: Visit) -> web.StreamResponse:
    ident = visit.request.match_info["id"]
    seen = await visit.ask(_look, visit.scope, ident)
    if seen is None:
        raise web.HTTPNotFound
    row: DeviceRow = seen["row"]
    state, w, zone = row.state, visit.words, seen["site"].timezone if seen["site"] else "UTC"
    drawn = await charts_of(visit, row.id, seen["supplies"], zone)
    return await visit.render(
        "device.html",
        row=row,
        state_now=state,
        zone=zone,
        css=STANDINGS.get(row.standing, STANDINGS["unknown"])[0],
        headline=headline(visit, row),
        icon_of=KINDS.get(row.kind or "other", KINDS["other"])[0],
        kind=w._(KINDS.get(row.kind or "other", KINDS["other"])[1]),
        heard=w.ago(row.heard_at, visit.now, zone),
        stale=row.standing == "silent",
        silence=told(w, state.silence or ""),
        supplies=[_supply(visit, supply, zone) for supply in ranked(seen["supplies"])],
        counters=_counters(visit, row, zone),
        anew=_anew_words(visit, seen["anew"], zone),
        known={name: getattr(state, name) is not None for name in ("supplies", "counters", "faults")},
        faults=fault_views(w, visit.catalogue, state.faults, zone),
        trays=[
            (
                tray.name or tray.index,
                TRAY_STATES[tray.state],
                w.number(tray.level),
                w.number(tray.max),
                paper(tray.media),
            )
            for tray in state.trays or ()
        ],
        conflicts=[_conflict(visit, one, zone) for one in seen["conflicts"] if one.ended_at is None],
        evidence=[
            (
                w._(EVIDENCE.get(e.kind, e.kind)),
                e.value,
                w.moment(e.first_seen_at, zone),
                w.ago(e.last_seen_at, visit.now, zone),
            )
            for e in seen["evidence"]
        ],
        events=[
            (w.moment(e.at, zone), w._(EVENTS.get(e.kind, e.kind)), because(w, e.facts, zone)) for e in seen["events"]
        ],
        orders=[
            (o.id, o.number, o.description, w._(ORDER_STATES[o.state]), w.moment(o.created_at, zone))
            for o in seen["orders"]
        ],
        tickets=[
            (
                t.id,
                t.number,
                cause_title(w, visit.catalogue, t.cause),
                w._(TICKET_STATES[t.state]),
                w.moment(t.created_at, zone),
            )
            for t in seen["tickets"]
        ],
        **drawn,
    )


def _conflict(visit: Visit, row: ConflictRow, zone: str) -> dict[str, object]:
    """A contradiction with its sides: (protocol, its name, what it said)."""
    w, count = visit.words, row.about == Disputed.PAGES
    sides = [(way, PROTOCOLS.get(way, way), w.number(int(said)) if count else said) for way, said in row.said.items()]
    return {
        "about": row.about,
        "title": w._(DISPUTED[row.about]),
        "sides": sides,
        "since": w.moment(row.first_seen_at, zone),
        "choice": PROTOCOLS.get(row.choice, row.choice) if row.choice else None,
        "by": row.settled_by,
        "when": w.moment(row.settled_at, zone) if row.settled_at else "",
    }


def _supply(visit: Visit, supply: SupplyRow, zone: str) -> dict[str, object]:
    w = visit.words
    parts = (supply.part_number, supply.description if supply.description != supply_title(w, supply) else None)
    return {
        "key": supply.key,
        "letter": letter(supply),
        "title": supply_title(w, supply),
        "part": " · ".join(part for part in parts if part),
        "amount": amount_of(w, supply),
        "read": w._("read %(when)s", when=w.ago(supply.read_at, visit.now, zone)),
    }


def _anew_words(visit: Visit, event: EventRow | None, zone: str) -> tuple[str, str] | None:
    """What happened to the counters, and the values before and after."""
    if event is None:
        return None
    w, when = visit.words, visit.words.moment(event.at, zone)
    if event.kind == "counter-fell":
        title = w._("A counter began anew on %(when)s.", when=when)
    else:
        title = w._("Another serial number since %(when)s: the counters may be those of another board.", when=when)
    return title, because(w, event.facts, zone)


def _counters(visit: Visit, row: DeviceRow, zone: str) -> list[tuple[str, str, str, str]]:
    w, state = visit.words, row.state
    source, age = state.sources.get("counters", ""), state.ages.get("counters")
    return [
        (
            w._(COUNTERS.get(counter.name, counter.name)),
            w.number(counter.value),
            w._(UNITS.get(counter.unit, counter.unit)),
            " · ".join(part for part in (source.upper(), w.ago(age, visit.now, zone)) if part),
        )
        for counter in state.counters or ()
    ]


@page("POST", "/devices/{id}/name", Action.NAME_DEVICES)
async def rename(visit: Visit) -> web.StreamResponse:
    ident, name = visit.request.match_info["id"], clean(str((await visit.form()).get("name", "")), 100) or None
    if not await visit.change(_rename, visit, ident, name):
        raise web.HTTPNotFound
    raise web.HTTPSeeOther(f"/devices/{ident}")


def _rename(conn: Connection, visit: Visit, ident: str, name: str | None) -> bool:
    row = devices.device(conn, visit.scope, ident)
    if row is None or not devices.rename_device(conn, visit.scope, ident, name):
        return False
    note(conn, visit.now, visit.person.email, "rename", ident, tenant_id=row.tenant_id, facts={"name": name})
    return True


@page("POST", "/devices/{id}/conflicts", Action.SETTLE_CONFLICTS)
async def settle_conflict(visit: Visit) -> web.StreamResponse:
    """A person believes one side, or with none takes that back."""
    form, ident, actor = await visit.form(), visit.request.match_info["id"], visit.person.name
    about, choice = str(form.get("about", "")), str(form.get("believe", "")) or None
    if not await visit.change(conflicts.settle, visit.scope, ident, about, choice, at=visit.now, actor=actor):
        raise web.HTTPNotFound
    raise web.HTTPSeeOther(f"/devices/{ident}")
