"""What truly needs code: small functions that rows of mibs/vendors/ name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from agent.normalise.charset import decode
from agent.normalise.snmp_answers import sane
from agent.normalise.supplies import PERCENT, level_of
from agent.normalise.vocabulary import color_in, type_in
from agent.snmp.raw import Name, SnmpRaw
from fleet.counter import Counter, CounterName
from fleet.reading import Reading, Round
from fleet.supply import Direction, Empty, Exact, Level, SomeLeft, SupplyReading, SupplyType, Unknown

SUPPLIES: Name = (1, 3, 6, 1, 2, 1, 43, 11, 1, 1)
BROTHER: Name = (1, 3, 6, 1, 4, 1, 2435, 2, 3, 9, 4, 2, 1, 5, 5)
_BROTHER_COUNTERS = {0x00: CounterName.TOTAL, 0x01: CounterName.MONO, 0x02: CounterName.COLOR, 0x06: CounterName.DUPLEX}
_MARKING: Mapping[int, str] = {
    0x6F: "black", 0x70: "cyan", 0x71: "magenta", 0x72: "yellow", 0xA1: "black", 0xA2: "cyan", 0xA3: "magenta",
    0xA4: "yellow",
}  # fmt: skip
"""Toner of laser devices, ink of the others."""
_UNITS: Mapping[int, tuple[SupplyType, str | None]] = {
    0x41: (SupplyType.DRUM, None), 0x80: (SupplyType.DRUM, "black"), 0x79: (SupplyType.DRUM, "cyan"),
    0x7A: (SupplyType.DRUM, "magenta"), 0x7B: (SupplyType.DRUM, "yellow"), 0x69: (SupplyType.TRANSFER, None),
    0x6A: (SupplyType.FUSER, None),
}  # fmt: skip
_STATUS: Mapping[int, str] = {0x31: "black", 0x32: "cyan", 0x33: "magenta", 0x34: "yellow"}
"""One per colour, 1 while there is some: all that tank models say."""
_INK_BOX = 0x85
_INK_MODEL = re.compile(r"(?:MFC|DCP|HL)-[JT]\d|\A(?:MFC|DCP)-[1-8]\d{2,3}C[NW]*\Z", re.IGNORECASE)
_MOST_RECORDS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """Four octets are 1/100 %, two a numerator and a denominator (old inkjets). One octet is a number or a status: it
    cannot hold 1/100 %, so it says nothing of a level."""

    octets: bytes

    @property
    def is_fraction(self) -> bool:
        return len(self.octets) == 2

    @property
    def value(self) -> int:
        return int.from_bytes(self.octets, "big")

    @property
    def percent(self) -> float | None:
        if self.is_fraction:
            part, whole = self.octets
            return part * 100 / whole if part <= whole and whole else None
        return self.value / 100 if len(self.octets) == 4 and self.value <= 10_000 else None


def _records(data: bytes) -> dict[int, _Record]:
    """Brother's private tables: tag, 01, length, value; closed by FF. A record that does not fit ends the table."""
    found: dict[int, _Record] = {}
    at = 0
    while at + 3 <= len(data) and data[at] != 0xFF and len(found) < _MOST_RECORDS:
        size = data[at + 2]
        octets = data[at + 3 : at + 3 + size]
        if data[at + 1] != 0x01 or size not in (1, 2, 4) or len(octets) < size:
            break
        found.setdefault(data[at], _Record(octets=octets))
        at += 3 + size
    return found


def _table(raw: SnmpRaw, number: int) -> dict[int, _Record]:
    value = raw.values.get((*BROTHER, number, 0))
    return _records(value) if isinstance(value, bytes) else {}


def brother(raw: SnmpRaw, reading: Reading) -> Reading:
    """Counters and levels from Brother's private tables, where the standard tables do not say them."""
    counters = {
        _BROTHER_COUNTERS[tag]: record.value
        for tag, record in _table(raw, 10).items()
        if tag in _BROTHER_COUNTERS and not record.is_fraction
    }
    reading = _more_counters(reading, counters)
    records = _table(raw, 8)
    return _with_levels(raw, reading, _brother_supplies(records, reading.identity.model or "")) if records else reading


def _brother_supplies(records: Mapping[int, _Record], model: str) -> list[SupplyReading]:
    ink = bool(_INK_MODEL.search(model)) or any(record.is_fraction for record in records.values())
    marking = SupplyType.INK if ink else SupplyType.TONER
    kinds: dict[int, tuple[SupplyType, str | None]] = {**_UNITS, **{tag: (marking, _MARKING[tag]) for tag in _MARKING}}
    found = [
        _own_row(f"b.{tag:02x}", *kinds[tag], _exact(record.percent), record.value)
        for tag, record in records.items()
        if tag in kinds and record.percent is not None
    ]
    if ink:
        said = {supply.color for supply in found}
        found += [
            _own_row(f"b.{tag:02x}", SupplyType.INK, color, SomeLeft() if records[tag].value == 1 else Unknown(), None)
            for tag, color in _STATUS.items()
            if tag in records and color not in said
        ]
        if _INK_BOX in records:
            # How much is in or how much still fits: no recording tells.
            found.append(_own_row(f"b.{_INK_BOX:02x}", SupplyType.WASTE, None, Unknown(), records[_INK_BOX].value))
    return found


def _exact(percent: float | None) -> Level:
    return Unknown() if percent is None else Empty() if percent == 0 else Exact(percent=round(percent, 2))


def _own_row(index: str, kind: SupplyType, color: str | None, level: Level, raw: int | None) -> SupplyReading:
    direction = Direction.FILLED if kind is SupplyType.WASTE else Direction.CONSUMED
    return SupplyReading(index=index, type=kind, color=color, level=level, direction=direction, raw_level=raw)


def _with_levels(raw: SnmpRaw, reading: Reading, own: Sequence[SupplyReading]) -> Reading:
    """The maker's own levels: as they are where the standard table has no rows, else only where a row of it has no
    number and exactly one of the maker's fits it."""
    if not own or reading.round is not Round.FULL or SUPPLIES in raw.missing:
        return reading
    if not reading.supplies:
        return replace(reading, supplies=tuple(own))
    return replace(reading, supplies=tuple(_filled(supply, reading.supplies, own) for supply in reading.supplies))


def _filled(supply: SupplyReading, rows: Sequence[SupplyReading], own: Sequence[SupplyReading]) -> SupplyReading:
    if not isinstance(supply.level, SomeLeft | Unknown) or supply.direction is Direction.FILLED:
        return supply
    alike = [row for row in rows if (row.type, row.color) == (supply.type, supply.color)]
    fits = [row for row in own if (row.type, row.color) == (supply.type, supply.color)]
    if len(alike) != 1 or len(fits) != 1 or isinstance(fits[0].level, SomeLeft | Unknown):
        return supply
    return replace(supply, level=fits[0].level)


def _more_counters(reading: Reading, found: Mapping[CounterName, int]) -> Reading:
    known = {counter.name for counter in reading.counters or ()}
    more = tuple(
        Counter(name=name, value=value)
        for name, value in found.items()
        if name not in known and sane(value) is not None
    )
    return replace(reading, counters=(*(reading.counters or ()), *more)) if more else reading


RICOH_COUNTERS: Name = (1, 3, 6, 1, 4, 1, 367, 3, 2, 1, 2, 19, 5, 1)
_RICOH: Mapping[int, CounterName] = {
    10: CounterName.TOTAL, 200: CounterName.COPY_TOTAL, 201: CounterName.COPY_MONO, 300: CounterName.FAX_TOTAL,
    400: CounterName.PRINT_TOTAL, 401: CounterName.PRINT_MONO,
}  # fmt: skip
_RICOH_SUMS = {
    (202, 203): CounterName.COPY_COLOR,
    (402, 403): CounterName.PRINT_COLOR,
    (870, 871): CounterName.SCAN_TOTAL,
}


def ricoh_counters(raw: SnmpRaw, reading: Reading) -> Reading:
    """Ricoh's counter table: column 2 is the type, column 9 the value."""
    types = dict(raw.under((*RICOH_COUNTERS, 2)))
    counted = ((types.get(index), sane(value)) for index, value in raw.under((*RICOH_COUNTERS, 9)))
    plain = {kind: value for kind, value in counted if isinstance(kind, int) and value is not None and value >= 0}
    found = {name: plain[kind] for kind, name in _RICOH.items() if kind in plain}
    found |= {
        name: sum(plain[k] for k in kinds) for kinds, name in _RICOH_SUMS.items() if all(k in plain for k in kinds)
    }
    return _more_counters(reading, found)


RICOH_TONER: Name = (1, 3, 6, 1, 4, 1, 367, 3, 2, 1, 2, 24, 1, 1)
_RICOH_EMPTY = -100


def ricoh_toner(raw: SnmpRaw, reading: Reading) -> Reading:
    """Ricoh's toner table: column 3 is the name, column 5 percent, or -100 for a cartridge that is used up."""
    names = {index: decode(v) for index, v in raw.under((*RICOH_TONER, 3)) if isinstance(v, bytes)}
    own = []
    for index, value in raw.under((*RICOH_TONER, 5)):
        name, number = names.get(index), sane(value)
        if number is not None and name:
            level = Empty() if number == _RICOH_EMPTY else level_of(number, None, PERCENT)
            row = _own_row(f"r.{index[-1]}", type_in(name) or SupplyType.TONER, color_in(name), level, number)
            own.append(replace(row, description=name))
    return _with_levels(raw, reading, own)


QUIRKS: Mapping[str, Callable[[SnmpRaw, Reading], Reading]] = {
    "brother": brother,
    "ricoh_counters": ricoh_counters,
    "ricoh_toner": ricoh_toner,
}
"""Name in a vendor's row -> function."""
