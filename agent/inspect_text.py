"""One reading for a person at a terminal: aligned, and plain about what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from fleet.fault import Fault
from fleet.reading import Disputed, Reading, Tray, TrayState
from fleet.supply import Empty, Exact, Level, LowOnly, Quantised, SomeLeft, SupplyReading
from mibs.catalogue import Catalogue

UNSAID = "not reported"
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
    yield from _block("supplies", reading.supplies, [_supply(s) for s in reading.supplies or ()])
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


def _supply(supply: SupplyReading) -> tuple[str, ...]:
    name = " ".join(text for text in (supply.color, supply.type) if text)
    full = f"{level_words(supply.fullness)} full" if supply.fullness else level_words(supply.level)
    return name, full, supply.part_number or "", supply.description or ""


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
