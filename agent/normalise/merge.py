"""One reading out of several protocols: per field the best source wins by a table, not by arrival."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from fleet.counter import Counter, CounterName
from fleet.device import MERGED_FIELDS
from fleet.identity import Identity, valid_serial
from fleet.reading import Reading, Round
from fleet.supply import SupplyReading, level_percent

ORDER: Mapping[str, tuple[str, ...]] = {
    "kind": ("escl", "ipp", "pjlink", "snmp", "mdns"),
    "firmware": ("ipp", "snmp", "pjlink", "escl"),
    "location": ("ipp", "snmp", "mdns"),
    "faults": ("snmp", "ipp", "pjlink", "escl"),
    "activity": ("snmp", "ipp", "pjlink", "escl"),
    "lamp_hours": ("pjlink", "snmp"),
}
DEFAULT = ("snmp", "ipp", "pjlink", "escl", "mdns")
"""For every field that ORDER does not name: SNMP counts finer and answers without waking the device."""

IDENTITY = ("snmp", "ipp", "escl", "pjlink", "mdns")
MOST_APART = 0.05
"""Life counts of two protocols further apart than this share contradict each other."""


def source_of(reading: Reading) -> str:
    """The protocol a one-protocol reading came from."""
    return next(iter(reading.sources.values()), "")


def merge(
    parts: Sequence[tuple[str, Reading]], *, key: str, address: str, round_: Round, taken_at: datetime
) -> Reading:
    """The reading of one device from what each protocol said. Contradictions are named in `partial`."""
    by_protocol = dict(parts)
    values: dict[str, object] = {}
    sources: dict[str, str] = {}
    for name in MERGED_FIELDS:
        for protocol in ORDER.get(name, DEFAULT):
            reading = by_protocol.get(protocol)
            value = getattr(reading, name) if reading else None
            if value is not None and (value != () or name not in values):
                if name in values and values[name] != ():
                    continue
                values[name], sources[name] = value, protocol
    partial = [words for _, reading in parts for words in reading.partial]
    merged = Reading(
        key=key,
        taken_at=taken_at,
        reachable=True,
        round=round_,
        identity=_identity(by_protocol, address),
        sources=sources,
        partial=tuple(dict.fromkeys((*partial, *_contradictions(by_protocol)))),
        **values,  # type: ignore[arg-type]
    )
    return replace(merged, supplies=_supplies(by_protocol, merged), counters=_counters(by_protocol, merged))


def _identity(by_protocol: Mapping[str, Reading], address: str) -> Identity:
    identity = Identity()
    for protocol in IDENTITY:
        if protocol in by_protocol:
            identity = identity.merged(by_protocol[protocol].identity)
    return replace(identity, address=address or identity.address)


def _contradictions(by_protocol: Mapping[str, Reading]) -> list[str]:
    """What two protocols say of one device and cannot both be true."""
    serials = {
        p: r.identity.serial for p, r in by_protocol.items() if valid_serial(r.identity.serial, r.identity.model)
    }
    found = []
    if len({str(serial).strip().upper() for serial in serials.values()}) > 1:
        found.append("two serial numbers: " + ", ".join(f"{serial} ({p.upper()})" for p, serial in serials.items()))
    totals = {p: c.value for p, r in by_protocol.items() for c in r.counters or () if c.name is CounterName.TOTAL}
    if totals and max(totals.values()) - min(totals.values()) > MOST_APART * max(totals.values()):
        found.append("two page counts: " + ", ".join(f"{count} ({p.upper()})" for p, count in totals.items()))
    return found


def _counters(by_protocol: Mapping[str, Reading], merged: Reading) -> tuple[Counter, ...] | None:
    """Counters of the best source, and those that only another one has."""
    found: dict[CounterName, Counter] = {}
    for protocol in DEFAULT:
        for counter in (by_protocol[protocol].counters or ()) if protocol in by_protocol else ():
            found.setdefault(counter.name, counter)
    return tuple(found.values()) or merged.counters


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
