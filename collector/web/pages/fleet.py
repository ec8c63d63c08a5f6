"""Fleet: every device, the troubled ones first."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web
from sqlalchemy import Connection

from collector.roles import Action
from collector.store import devices, sites, supplies
from collector.store.devices import DeviceFilter, DeviceRow
from collector.store.page import Page
from collector.store.scope import Scope
from collector.web.access import page
from collector.web.labels import KINDS, STANDING_MEANINGS, STANDINGS, Amount, amount_of, ranked, supply_title
from collector.web.listing import everything, piece, wish
from collector.web.visit import Visit
from fleet.fault import Severity

COLUMNS = ("title", "standing", "site", "pages", "heard", "address")


def _wanted(visit: Visit) -> DeviceFilter:
    return DeviceFilter(
        search=visit.asked("q"),
        standing=visit.asked("standing", list(STANDINGS)),
        kind=visit.asked("kind", list(KINDS)),
        site_id=visit.asked("site"),
        agent_id=visit.asked("agent"),
    )


def _around(conn: Connection, scope: Scope, wanted: DeviceFilter, rows: tuple[DeviceRow, ...]) -> dict[str, object]:
    """What the page shows beside the rows themselves."""
    beside = replace(wanted, standing="")
    return {
        "counts": devices.standing_counts(conn, scope, beside),
        "sites": sites.list_sites(conn, scope, limit=500).items,
        "supplies": {row.id: supplies.supplies_of(conn, scope, row.id) for row in rows},
    }


def headline(visit: Visit, row: DeviceRow) -> str:
    """The state in words: the worst cause where there is one, else the standing."""
    w = visit.words
    wrong = [fault for fault in row.state.faults or () if not fault.informative]
    worst = next((f for f in wrong if f.severity is Severity.CRITICAL), wrong[0] if wrong else None)
    if row.standing in ("stopped", "look") and worst is not None:
        return visit.catalogue.cause(worst.cause).title[w.language]
    return w._(STANDINGS.get(row.standing, STANDINGS["unknown"])[1]).capitalize()


def _amounts(visit: Visit, found: list[supplies.SupplyRow]) -> list[Amount]:
    """Toner, ink and waste first: a list has room for six."""
    return [amount_of(visit.words, supply) for supply in ranked(found)[:6]]


@page("GET", "/devices", Action.SEE_DEVICES)
async def fleet(visit: Visit) -> web.StreamResponse:
    wanted = _wanted(visit)
    if visit.asked("format") == "csv":
        return await _export(visit, wanted)
    rows: Page[DeviceRow] = await piece(visit, devices.list_devices, wanted, sorts=COLUMNS, sort="standing")
    around = await visit.ask(_around, visit.scope, wanted, rows.items)
    w, zones = visit.words, await visit.zones()
    counts: dict[str, int] = around["counts"]  # type: ignore[assignment]
    found: dict[str, list[supplies.SupplyRow]] = around["supplies"]  # type: ignore[assignment]
    return await visit.render(
        "fleet.html",
        wanted=wanted,
        whole=sum(counts.values()),
        chips=[(name, css, w._(word), counts.get(name, 0)) for name, (css, word) in STANDINGS.items()],
        sites=around["sites"],
        kinds=[(name, w._(word)) for name, (_, word) in KINDS.items()],
        meanings=[(css, w._(word), w._(STANDING_MEANINGS[name])) for name, (css, word) in STANDINGS.items()],
        sort=wish(visit, COLUMNS, "standing"),
        next=rows.next,
        rows=[
            {
                "row": row,
                "css": STANDINGS.get(row.standing, STANDINGS["unknown"])[0],
                "headline": headline(visit, row),
                "amounts": _amounts(visit, found[row.id]),
                "heard": w.ago(row.heard_at, visit.now, zones.get(row.site_id)),
                "pages": w.number(row.pages_total),
            }
            for row in rows.items
        ],
    )


async def _export(visit: Visit, wanted: DeviceFilter) -> web.Response:
    async def more(cursor: str | None) -> Page[DeviceRow]:
        sort = wish(visit, COLUMNS, "standing")
        return await visit.ask(devices.list_devices, visit.scope, wanted, sort=sort, limit=500, cursor=cursor)

    w, rows, zones = visit.words, await everything(more), await visit.zones()
    header = [w._("Device"), w._("Kind"), w._("Maker"), w._("Model"), w._("Serial number"), w._("Site"), w._("Place"),
              w._("Address"), w._("State"), w._("All pages"), w._("Supplies"), w._("Heard"),
              w._("Time zone")]  # fmt: skip
    found = await visit.ask(lambda conn: {row.id: supplies.supplies_of(conn, visit.scope, row.id) for row in rows})
    return visit.csv(
        "devices",
        header,
        (
            [row.title, w._(KINDS.get(row.kind or "other", KINDS["other"])[1]),
             row.maker, row.model, row.serial, row.site_name, row.location, row.address,
             w._(STANDINGS.get(row.standing, STANDINGS["unknown"])[1]), row.pages_total,
             "; ".join(w.pair(supply_title(w, s), amount_of(w, s).amount) for s in ranked(found[row.id])),
             w.cell(row.heard_at, zones.get(row.site_id)), zones.get(row.site_id, "UTC")]
            for row in rows
        ),
    )  # fmt: skip
