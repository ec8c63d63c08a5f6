"""Device: what is with this one."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from collector.store import alerts, devices, events, evidence, orders, sites, supplies, tickets
from collector.store.devices import DeviceRow
from collector.store.orders import OrderFilter
from collector.store.samples import Line
from collector.store.scope import Scope
from collector.store.supplies import SupplyRow
from collector.store.tickets import TicketFilter
from collector.web import history
from collector.web.access import Access, page
from collector.web.history import Span
from collector.web.labels import (
    COUNTERS,
    EVENTS,
    EVIDENCE,
    KINDS,
    ORDER_STATES,
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
from fleet.metric import parsed

RATIO, PAGES = "printer_supply_level_ratio", "printer_pages_total"
TRAY_STATES = {"ok": "ok", "empty": "warn", "some-remaining": "unknown", "unknown": "unknown"}


def _look(conn: Connection, scope: Scope, ident: str) -> dict[str, Any] | None:
    row = devices.device(conn, scope, ident)
    if row is None:
        return None
    return {
        "row": row,
        "site": sites.site_row(conn, scope, row.site_id),
        "supplies": supplies.supplies_of(conn, scope, ident),
        "evidence": evidence.evidence_of(conn, scope, ident),
        "events": events.list_events(conn, scope, device_id=ident, limit=12).items,
        "orders": orders.list_orders(conn, scope, OrderFilter(device_id=ident), limit=6).items,
        "tickets": tickets.list_tickets(conn, scope, TicketFilter(device_id=ident), limit=6).items,
        "alerts": alerts.raised_alerts(conn, scope, ident),
    }


@page("GET", "/devices/{id}")
async def device(visit: Visit) -> web.StreamResponse:
    ident = visit.request.match_info["id"]
    seen = await visit.ask(_look, visit.scope, ident)
    if seen is None:
        raise web.HTTPNotFound
    row: DeviceRow = seen["row"]
    state, w, zone = row.state, visit.words, seen["site"].timezone if seen["site"] else "UTC"
    charts = await _charts(visit, row, seen["supplies"], zone)
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
        **charts,
    )


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


def _counters(visit: Visit, row: DeviceRow, zone: str) -> list[tuple[str, str, str, str]]:
    w, state = visit.words, row.state
    source, age = state.sources.get("counters", ""), state.ages.get("counters")
    return [
        (
            w._(COUNTERS.get(counter.name, counter.name)),
            w.number(counter.value),
            w._(UNITS.get(counter.unit, counter.unit)),
            ", ".join(part for part in (source.upper(), w.ago(age, visit.now, zone)) if part),
        )
        for counter in state.counters or ()
    ]


async def _charts(visit: Visit, row: DeviceRow, found: list[SupplyRow], zone: str) -> dict[str, Any]:
    """The level history of one supply and the pages over time, with the numbers behind them as tables."""
    since = visit.now - history.LONGEST
    lines, pages, heard = await asyncio.to_thread(_samples, visit, row.id, since)
    span = history.span_of(heard, visit.now)
    by_key = {parsed(line.series)[1].get("supply", ""): line for line in lines if line.points}
    drawn = [supply for supply in ranked(found) if supply.key in by_key and supply.direction == "consumed"]
    wanted = visit.asked("supply")
    chosen = next((s for s in drawn if s.key == wanted), drawn[0] if drawn else None)
    total = next((line for line in pages if parsed(line.series)[1].get("counter") == "total"), None)
    return {
        "drawn": [(s.key, supply_title(visit.words, s)) for s in drawn],
        "chosen": chosen.key if chosen else "",
        "level": _level_chart(visit, chosen, by_key[chosen.key], span, history.gaps_in(heard, span), zone)
        if chosen
        else None,
        "pages": _pages_chart(visit, total, span, zone) if total and len(total.points) > 1 else None,
    }


def _samples(visit: Visit, ident: str, since: datetime) -> tuple[list[Line], list[Line], Any]:
    store = visit.samples
    return store.history(ident, RATIO, since), store.history(ident, PAGES, since), store.heard(ident, since)


def _level_chart(
    visit: Visit, supply: SupplyRow, line: Line, span: Span, gaps: list[tuple[float, float]], zone: str
) -> dict[str, Any]:
    w = visit.words
    title = w._("%(supply)s over time", supply=supply_title(w, supply))
    first, last = line.points[0].value * 100, line.points[-1].value * 100
    desc = w._("From %(first)s to %(last)s.", first=w.percent(first), last=w.percent(last))
    swaps = history.rises(line, span)
    if swaps:
        desc += " " + w.ngettext("%(n)s new cartridge.", "%(n)s new cartridges.", len(swaps))
    return {
        "title": title,
        "desc": desc,
        "points": history.level_points(line, span),
        "swaps": swaps,
        "gaps": gaps,
        "ticks": {width: span.ticks(w, zone, many) for width, many in ((760, 6), (358, 3))},
        "colour": amount_of(w, supply).drawing.colour,
        "low_at": visit.settings.rules.order_at.get(supply.type, visit.settings.rules.order_at_percent),
        "low_words": w._("order point"),
        "table": [(w.moment(point.at, zone), w.percent(point.value * 100)) for point in reversed(line.points[-60:])],
    }


def _pages_chart(visit: Visit, line: Line, span: Span, zone: str) -> dict[str, Any]:
    w, sums = visit.words, history.grown(line.points, span)
    minutes = int(span.bucket.total_seconds() // 60)
    per = w._("a day") if minutes >= 1440 else w.ngettext("in %(n)s minute", "in %(n)s minutes", minutes)
    moments = [span.start + span.bucket * n for n in range(len(sums))]
    return {
        "title": w._("Pages %(per)s", per=per),
        "desc": w.ngettext("%(n)s page in all.", "%(n)s pages in all.", int(sum(sums))),
        "values": sums,
        "ticks": {width: span.ticks(w, zone, many) for width, many in ((760, 6), (358, 3))},
        "table": [(w.moment(at, zone), w.number(n)) for at, n in zip(moments, sums, strict=True) if n][-60:][::-1],
    }


@page("POST", "/devices/{id}/name", Access.WORKER)
async def rename(visit: Visit) -> web.StreamResponse:
    ident, name = visit.request.match_info["id"], clean(str((await visit.form()).get("name", "")), 100) or None
    if not await visit.change(devices.rename_device, visit.scope, ident, name):
        raise web.HTTPNotFound
    raise web.HTTPSeeOther(f"/devices/{ident}")
