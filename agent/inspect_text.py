"""One reading for a person at a terminal: aligned, and plain about what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from fleet.fault import Fault
from fleet.reading import Disputed, Reading, Tray, TrayState
from fleet.supply import Empty, Exact, Level, LowOnly, Quantised, SomeLeft, SupplyReading
from mibs.catalogue import Catalogue
from mibs.origin import origin_of

UNSAID = "not reported"
MOST_SUGGESTED = 3
"""More codes than this are no help."""
WIDTH = 13
_DISPUTED = {Disputed.SERIAL: "serial number", Disputed.PAGES: "pages in all"}
_SOURCES = {"snmp": "SNMP", "ipp": "IPP", "escl": "eSCL", "pjlink": "PJLink", "mdns": "DNS-SD"}


def lines(reading: Reading, catalogue: Catalogue) -> Iterator[str]:
    """The whole summary, line by line."""
    identity = reading.identity
    yield " ".join(text for text in (identity.maker, identity.model) if text) or "(says no name)"
    facts = (
        ("kind", reading.kind),
        ("address", identity.address),
        ("serial", identity.serial),
        ("host name", identity.hostname),
        ("MAC", ", ".join(identity.macs)),
        ("UUID", identity.uuid),
        ("firmware", reading.firmware),
        ("location", reading.location),
        ("contact", reading.contact),
        ("state", reading.activity),
        ("health", reading.health),
        ("display", reading.display),
        ("up since", reading.boot_at.strftime("%Y-%m-%d %H:%M UTC") if reading.boot_at else None),
        ("lamp", ", ".join(f"{hours:,} h" for hours in reading.lamp_hours or ())),
    )
    for name, value in facts:
        if value or name in ("serial", "state", "health"):
            yield f"  {name:{WIDTH}}{value or UNSAID}"
    yield from _counters(reading)
    yield from _block("supplies", reading.supplies, [_supply(s, reading, catalogue) for s in reading.supplies or ()])
    yield from _origins(reading, catalogue)
    yield from _block("trays", reading.trays, [_tray(t) for t in reading.trays or ()])
    yield from _block("complaints", reading.faults, [_fault(f, catalogue) for f in _worth(reading.faults)])
    asked = ", ".join(dict.fromkeys(_SOURCES.get(source, source) for source in reading.sources.values()))
    yield f"  {'told by':{WIDTH}}{asked or UNSAID}"
    for conflict in reading.conflicts:
        sides = " or ".join(f"{said} ({_SOURCES.get(way, way)})" for way, said in conflict.said.items())
        yield f"  {'contradiction':{WIDTH}}{_DISPUTED[conflict.about]}: {sides}"
    for text in reading.partial:
        yield f"  {'missing':{WIDTH}}{text}"


def level_words(level: Level) -> str:
    match level:
        case Exact(percent=percent):
            return f"{percent:.0f} %"
        case Quantised(percent=percent, step=step):
            return f"{percent:.0f}–{min(100, percent + step):.0f} %"
        case SomeLeft():
            return "some left"
        case LowOnly():
            return "low"
        case Empty():
            return "empty"
        case _:
            return UNSAID


def _counters(reading: Reading) -> Iterator[str]:
    rows = [(counter.name.replace("_", " "), f"{counter.value:,}", counter.unit) for counter in reading.counters or ()]
    yield from _block("counters", reading.counters, rows)


def _supply(supply: SupplyReading, reading: Reading, catalogue: Catalogue) -> tuple[str, ...]:
    full = f"{level_words(supply.fullness)} full" if supply.fullness else level_words(supply.level)
    return _name(supply), full, _part(supply, reading, catalogue), supply.description or ""


def _name(supply: SupplyReading) -> str:
    return " ".join(text for text in (supply.color, supply.type) if text)


def _part(supply: SupplyReading, reading: Reading, catalogue: Catalogue) -> str:
    """The order code the device names, and its rated yield; else what the catalogue suggests, said to be that."""
    identity = reading.identity
    if supply.part_number:
        known = catalogue.supplies.part(supply.part_number, identity.maker)
        rated = f" ({known.rated_yield:,} {known.unit})" if known and known.rated_yield else ""
        return f"{supply.part_number}{rated}"
    found = catalogue.supplies.suggested(identity.model, supply.type, supply.color, maker=identity.maker)
    if identity.maker is None or not 0 < len(found) <= MOST_SUGGESTED:
        return ""
    return f"perhaps {' or '.join(part.number for part in found)} (catalogue)"


def _origins(reading: Reading, catalogue: Catalogue) -> Iterator[str]:
    """Genuine, refilled or a third party's, where anything speaks for it, and what does."""
    told = [(_name(supply), [supply.description]) for supply in reading.supplies or ()]
    told.append(("a supply", [fault.text or fault.code for fault in reading.faults or ()]))
    found = [(name, origin_of(catalogue.supplies.phrases, texts)) for name, texts in told]
    rows = [(name, f"{o.verdict}, {o.confidence:.0%} sure", "; ".join(o.evidence)) for name, o in found if o.evidence]
    if rows:
        yield from _block("origin", rows, rows)


def _tray(tray: Tray) -> tuple[str, ...]:
    words = {TrayState.EMPTY: "empty", TrayState.SOME_REMAINING: "some left", TrayState.UNKNOWN: UNSAID}
    held = words.get(tray.state) or (f"{tray.level} sheets" if tray.level is not None else "ok")
    return tray.name or f"tray {tray.index}", held, f"of {tray.max}" if tray.max else "", tray.media or ""


def _worth(faults: Sequence[Fault] | None) -> list[Fault]:
    return [fault for fault in faults or () if not fault.informative]


def _fault(fault: Fault, catalogue: Catalogue) -> tuple[str, ...]:
    title = catalogue.cause(fault.cause).title["en"]
    return fault.severity, title, f'"{fault.text}"' if fault.text else fault.code or ""


def _block(title: str, said: object, rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Rows under a title, their columns aligned; one word where there are none."""
    rows = [[str(cell) for cell in row] for row in rows]
    if not rows:
        yield f"  {title:{WIDTH}}{UNSAID if said is None else 'none'}"
        return
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for place, row in enumerate(rows):
        cells = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {title if place == 0 else '':{WIDTH}}{cells}".rstrip()
