"""One reading out of several protocols: per field the best source wins by a table, not by arrival.

Where two sources may each see a part of the trouble, all of it counts: the worst health, every condition, every fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from fleet.counter import Counter, CounterName
from fleet.device import MERGED_FIELDS
from fleet.fault import Activity, Condition, Fault, Health
from fleet.identity import Identity, compare, valid_serial
from fleet.reading import Conflict, Disputed, Kind, Reading, Round
from fleet.supply import SupplyReading, level_percent

ORDER: Mapping[str, tuple[str, ...]] = {
    "firmware": ("ipp", "snmp", "pjlink", "escl"),
    "location": ("ipp", "snmp", "mdns"),
    "lamp_hours": ("pjlink", "snmp"),
}
DEFAULT = ("snmp", "ipp", "pjlink", "escl", "mdns")
"""For every field that ORDER does not name: SNMP counts finer and answers without waking the device."""

MOST_APART = 0.05
"""Life counts of two protocols further apart than this share contradict each other."""

_WORST = (Health.ERROR, Health.WARNING, Health.OK, Health.UNKNOWN)
_TELLING = (Kind.PROJECTOR, Kind.LABEL_PRINTER, Kind.MFP)
_VAGUE = frozenset({"other-error", "unrecognised", "service-requested"})
_TWINS: Mapping[str, str] = {
    **dict.fromkeys(("ink-low", "supply-low", "ribbon-low"), "toner-low"),
    **dict.fromkeys(("ink-empty", "supply-empty", "ribbon-empty"), "toner-empty"),
}
"""IPP has one word for all of them; one low cartridge is not two complaints."""

Sourced = tuple[str, object]
"""(protocol, value)"""


def merge(
    parts: Sequence[tuple[str, Reading]], *, key: str, address: str, round_: Round, taken_at: datetime
) -> Reading:
    """The reading of one device from what each protocol said. What cannot both be true is a conflict."""
    by_protocol = dict(parts)
    values: dict[str, object] = {}
    sources: dict[str, str] = {}
    for name in MERGED_FIELDS:
        if said := _said(by_protocol, name):
            sources[name], values[name] = JOINERS.get(name, _first)(said)
    partial = [words for _, reading in parts for words in reading.partial]
    merged = Reading(
        key=key,
        taken_at=taken_at,
        reachable=True,
        round=round_,
        identity=_identity(by_protocol, address),
        sources=sources,
        partial=tuple(dict.fromkeys(partial)),
        conflicts=_conflicts(by_protocol),
        **values,  # type: ignore[arg-type]
    )
    return replace(merged, supplies=_supplies(by_protocol, merged))


def _said(by_protocol: Mapping[str, Reading], name: str) -> list[Sourced]:
    """Who says something of a field, and what, the best source first."""
    order = (*ORDER.get(name, DEFAULT), *by_protocol)
    present = dict.fromkeys(protocol for protocol in order if protocol in by_protocol)
    values = [(protocol, getattr(by_protocol[protocol], name)) for protocol in present]
    return [(protocol, value) for protocol, value in values if value is not None]


# One joiner per field that is more than "the best source wins"


def _first(said: list[Sourced]) -> Sourced:
    """The best source; one that knows of nothing gives way to one that knows of something."""
    return next((pair for pair in said if pair[1] != ()), said[0])


def _kind(said: list[Sourced]) -> Sourced:
    """What prints here and scans there is an MFP."""
    for telling in _TELLING:
        if pair := next((pair for pair in said if pair[1] is telling), None):
            return pair
    if {Kind.PRINTER, Kind.SCANNER} <= {value for _, value in said}:
        return next(protocol for protocol, value in said if value is Kind.SCANNER), Kind.MFP
    return next((pair for pair in said if pair[1] is not Kind.OTHER), said[0])


def _activity(said: list[Sourced]) -> Sourced:
    return next((pair for pair in said if pair[1] is not Activity.OTHER), said[0])


def _health(said: list[Sourced]) -> Sourced:
    return min(said, key=lambda pair: _WORST.index(Health(str(pair[1]))))


def _conditions(said: list[Sourced]) -> Sourced:
    found = {condition for _, value in said for condition in _tuple(value)}
    return _first(said)[0], tuple(condition for condition in Condition if condition in found)


def _faults(said: list[Sourced]) -> Sourced:
    """The rows of the best source, and what only another one complains of."""
    first, rows = said[0][0], [fault for fault in _tuple(said[0][1]) if isinstance(fault, Fault)]
    for _, value in said[1:]:
        known = {_TWINS.get(row.cause, row.cause) for row in rows if not row.informative}
        for fault in _tuple(value):
            if not isinstance(fault, Fault) or fault.informative or _TWINS.get(fault.cause, fault.cause) in known:
                continue
            if not (known and fault.cause in _VAGUE):
                rows.append(fault)
    return first, tuple(rows)


def _counters(said: list[Sourced]) -> Sourced:
    """Counters of the best source, and those that only another one has."""
    found: dict[CounterName, Counter] = {}
    for _, value in said:
        for counter in _tuple(value):
            if isinstance(counter, Counter):
                found.setdefault(counter.name, counter)
    return _first(said)[0], tuple(found.values())


JOINERS: Mapping[str, Callable[[list[Sourced]], Sourced]] = {
    "kind": _kind,
    "activity": _activity,
    "health": _health,
    "conditions": _conditions,
    "faults": _faults,
    "counters": _counters,
}


def _tuple(value: object) -> Iterable[object]:
    return value if isinstance(value, tuple) else ()


# Who it is, and who contradicts whom


def _identity(by_protocol: Mapping[str, Reading], address: str) -> Identity:
    """The gaps of the best source filled from the others; a serial that is a mere filler gives way to a true one."""
    identity, serials = Identity(), list[str]()
    for protocol in dict.fromkeys((*DEFAULT, *by_protocol)):
        if protocol in by_protocol:
            seen = by_protocol[protocol].identity
            identity = identity.merged(seen)
            serials += [seen.serial] if seen.serial and valid_serial(seen.serial, seen.model) else []
    return replace(identity, serial=next(iter(serials), identity.serial), address=address or identity.address)


def _conflicts(by_protocol: Mapping[str, Reading]) -> tuple[Conflict, ...]:
    """What two protocols say of one device and cannot both be true."""
    found = []
    who = {p: r.identity for p, r in by_protocol.items() if valid_serial(r.identity.serial, r.identity.model)}
    if any(_other_serial(a, b) for a in who.values() for b in who.values()):
        said = {protocol: seen.serial or "" for protocol, seen in who.items()}
        found.append(Conflict(about=Disputed.SERIAL, said=said))
    totals = {p: c for p, r in by_protocol.items() for c in r.counters or () if c.name is CounterName.TOTAL}
    counts = [counter.value for counter in totals.values()]
    # Sheets and impressions differ without contradiction.
    alike = len({counter.unit for counter in totals.values()}) == 1
    if alike and max(counts) - min(counts) > MOST_APART * max(counts):
        said = {protocol: str(counter.value) for protocol, counter in totals.items()}
        found.append(Conflict(about=Disputed.PAGES, said=said))
    return tuple(found)


def _other_serial(one: Identity, other: Identity) -> bool:
    """As the matcher sees it: some makers write the same number longer over one protocol."""
    bare = [Identity(serial=seen.serial, maker=seen.maker) for seen in (one, other)]
    return any(doubt.startswith("other serial") for doubt in compare(*bare).doubts)


# What is in it


def _supplies(by_protocol: Mapping[str, Reading], merged: Reading) -> tuple[SupplyReading, ...] | None:
    """The supplies of the best source. Where it gives no number and exactly one supply of another source is the same
    slot and gives one, that level is taken with it: some devices say "some left" by SNMP and a percentage by IPP."""
    if not merged.supplies:
        return merged.supplies
    others = [s for p, r in by_protocol.items() if p != merged.sources.get("supplies") for s in r.supplies or ()]

    def better(supply: SupplyReading) -> SupplyReading:
        if level_percent(supply.level) is not None:
            return supply
        same = [o for o in others if (o.type, o.color) == (supply.type, supply.color)]
        twins = [s for s in merged.supplies or () if (s.type, s.color) == (supply.type, supply.color)]
        if len(same) == 1 and len(twins) == 1 and level_percent(same[0].level) is not None:
            return replace(
                supply, level=same[0].level, raw_level=same[0].raw_level, raw_max=same[0].raw_max, unit=same[0].unit
            )
        return supply

    return tuple(better(supply) for supply in merged.supplies)
