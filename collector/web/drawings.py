"""The charts of a device's page: level of a supply and pages over time, each with its numbers as a table."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collector.store.samples import Heard, Line
from collector.store.supplies import SupplyRow
from collector.web import blanks, history
from collector.web.blanks import Blank
from collector.web.charts import BROAD, NARROW
from collector.web.history import Span
from collector.web.labels import amount_of, percent_words, ranked, supply_title
from collector.web.visit import Visit
from fleet.metric import LEVEL_STATES, series_name
from fleet.supply import LowOnly, Quantised, SomeLeft, Unknown

RATIO, PAGES, KNOWN, UP = (
    "printer_supply_level_ratio",
    "printer_pages_total",
    "printer_supply_level_state",
    "printer_up",
)
SERIES = ("printer_supply_level_", PAGES, UP)
NUMBERLESS = frozenset(float(LEVEL_STATES[kind]) for kind in (Unknown, SomeLeft, LowOnly))
TICKS = {BROAD: 6, NARROW: 3}
LONGEST_TABLE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the samples say of a device. `silences`: when it was not asked or did not answer."""

    lines: Mapping[str, Line]
    span: Span
    silences: tuple[Blank, ...]


async def charts_of(visit: Visit, ident: str, found: list[SupplyRow], zone: str) -> dict[str, Any]:
    """The level history of the supply that was asked for, and the pages over time; None where nothing is known."""
    past = await asyncio.to_thread(_past, visit, ident)
    known = [(supply, past.lines.get(series_name(RATIO, supply=supply.key))) for supply in ranked(found)]
    drawn = {s.key: (s, line) for s, line in known if line and line.points and s.direction == "consumed"}
    chosen = visit.asked("supply", list(drawn)) or next(iter(drawn), "")
    total = past.lines.get(series_name(PAGES, counter="total"))
    return {
        "drawn": [(key, supply_title(visit.words, supply)) for key, (supply, _) in drawn.items()],
        "chosen": chosen,
        "level": _level_chart(visit, *drawn[chosen], past, zone) if chosen else None,
        "pages": _pages_chart(visit, total, past, zone) if total and len(total.points) > 1 else None,
    }


def _past(visit: Visit, ident: str) -> Past:
    store, since = visit.samples, visit.now - history.LONGEST
    lines = {line.series: line for prefix in SERIES for line in store.history(ident, prefix, since)}
    heard: Sequence[Heard] = store.heard(ident, since)
    span = history.span_of(heard, visit.now)
    silences = [*blanks.unasked(heard, span), *blanks.unsaid(lines.get(UP), {0.0}, span)]
    return Past(lines=lines, span=span, silences=tuple(blanks.joined(silences, span)))


def _level_chart(visit: Visit, supply: SupplyRow, line: Line, past: Past, zone: str) -> dict[str, Any]:
    w, span, step = visit.words, past.span, supply.level.step if isinstance(supply.level, Quantised) else 0
    numberless = blanks.unsaid(past.lines.get(series_name(KNOWN, supply=supply.key)), NUMBERLESS, span)
    unknown = blanks.joined([*past.silences, *numberless], span)
    swaps = history.rises(line, span)
    said = [percent_words(w, point.value * 100, step) for point in line.points]
    desc = [w._("From %(first)s to %(last)s.", first=said[0], last=said[-1])]
    if swaps:
        desc.append(w.ngettext("%(n)s new cartridge.", "%(n)s new cartridges.", len(swaps)))
    if unknown:
        desc.append(w.ngettext("Not known in %(n)s stretch.", "Not known in %(n)s stretches.", len(unknown)))
    told = zip((point.at for point in line.points), said, strict=True)
    return {
        "title": w._("%(supply)s over time", supply=supply_title(w, supply)),
        "desc": " ".join(desc),
        "points": history.level_points(line, span),
        "swaps": swaps,
        "gaps": blanks.parts(unknown, span),
        "step": step,
        "key": _key(visit, swaps=bool(swaps), gaps=bool(unknown), step=step),
        "ticks": _ticks(visit, span, zone),
        "colour": amount_of(w, supply).drawing.colour,
        "low_at": visit.settings.rules.order_at.get(supply.type, visit.settings.rules.order_at_percent),
        "low_words": w._("order point"),
        "table": _table(visit, [*told, *((start, w._("not known")) for start, _ in unknown)], zone),
    }


def _pages_chart(visit: Visit, line: Line, past: Past, zone: str) -> dict[str, Any]:
    w, span, growth = visit.words, past.span, history.grown(line.points, past.span, past.silences)
    minutes = int(span.bucket.total_seconds() // 60)
    per = w._("a day") if minutes >= 1440 else w.ngettext("in %(n)s minute", "in %(n)s minutes", minutes)
    desc = w.ngettext("%(n)s page in all.", "%(n)s pages in all.", int(growth.whole))
    unplaced = int(growth.unplaced)
    beside = w.ngettext("%(n)s of them was printed in a time of which nothing is known.",
                        "%(n)s of them were printed in times of which nothing is known.", unplaced)  # fmt: skip
    told = zip(span.buckets, growth.values, strict=True)
    return {
        "title": w._("Pages %(per)s", per=per),
        "desc": f"{desc} {beside}" if unplaced else desc,
        "values": growth.values,
        "colour": "part",
        "key": _key(visit, gaps=None in growth.values),
        "ticks": _ticks(visit, span, zone),
        "table": _table(
            visit, [(at, w._("not known") if n is None else w.number(n)) for at, n in told if n != 0], zone
        ),
    }


def _key(visit: Visit, *, swaps: bool = False, gaps: bool = False, step: int = 0) -> list[tuple[str, str]]:
    """What the signs in a chart mean, those that are in it."""
    w = visit.words
    steps = w._("the device speaks in steps of %(step)s", step=w.number(step))
    signs = [("swap", w._("new cartridge"), swaps), ("ribbon", steps, step > 0), ("gap", w._("not known"), gaps)]
    return [(sign, words) for sign, words, is_there in signs if is_there]


def _ticks(visit: Visit, span: Span, zone: str) -> dict[int, list[tuple[float, str]]]:
    return {width: span.ticks(visit.words, zone, many) for width, many in TICKS.items()}


def _table(visit: Visit, rows: Sequence[tuple[datetime, str]], zone: str) -> list[tuple[str, str]]:
    """The newest rows, newest first."""
    newest = sorted(rows, key=lambda row: row[0], reverse=True)[:LONGEST_TABLE]
    return [(visit.words.moment(at, zone), words) for at, words in newest]
