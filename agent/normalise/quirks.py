"""What truly needs code: small functions that rows of mibs/vendors/ name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from agent.snmp.raw import Name, SnmpRaw
from fleet.counter import Counter, CounterName
from fleet.reading import Reading
from fleet.supply import Direction, Exact, SupplyReading, SupplyType

BROTHER: Name = (1, 3, 6, 1, 4, 1, 2435, 2, 3, 9, 4, 2, 1, 5, 5)
_BROTHER_COUNTERS = {0x00: CounterName.TOTAL, 0x01: CounterName.MONO, 0x02: CounterName.COLOR, 0x06: CounterName.DUPLEX}
_BROTHER_LEVELS: Mapping[int, tuple[SupplyType, str | None]] = {
    0x6F: (SupplyType.TONER, "black"), 0x70: (SupplyType.TONER, "cyan"), 0x71: (SupplyType.TONER, "magenta"),
    0x72: (SupplyType.TONER, "yellow"), 0xA1: (SupplyType.TONER, "black"), 0xA2: (SupplyType.TONER, "cyan"),
    0xA3: (SupplyType.TONER, "magenta"), 0xA4: (SupplyType.TONER, "yellow"), 0x41: (SupplyType.DRUM, None),
    0x80: (SupplyType.DRUM, "black"), 0x79: (SupplyType.DRUM, "cyan"), 0x7A: (SupplyType.DRUM, "magenta"),
    0x7B: (SupplyType.DRUM, "yellow"), 0x69: (SupplyType.TRANSFER, None), 0x6A: (SupplyType.FUSER, None),
}  # fmt: skip
_MOST_RECORDS = 100


def _records(data: bytes) -> dict[int, int]:
    """Brother's private tables: tag, 01, length, value; closed by FF. A record that does not fit ends the table."""
    found: dict[int, int] = {}
    at = 0
    while at + 3 <= len(data) and data[at] != 0xFF and len(found) < _MOST_RECORDS:
        size = data[at + 2]
        if data[at + 1] != 0x01 or size not in (1, 2, 4) or at + 3 + size > len(data):
            break
        found.setdefault(data[at], int.from_bytes(data[at + 3 : at + 3 + size], "big"))
        at += 3 + size
    return found


def _table(raw: SnmpRaw, number: int) -> dict[int, int]:
    value = raw.values.get((*BROTHER, number, 0))
    return _records(value) if isinstance(value, bytes) else {}


def brother_counters(raw: SnmpRaw, reading: Reading) -> Reading:
    """Counters and levels from Brother's private tables, where the standard tables do not say them."""
    known = {counter.name for counter in reading.counters or ()}
    more = tuple(
        Counter(name=_BROTHER_COUNTERS[tag], value=value)
        for tag, value in _table(raw, 10).items()
        if tag in _BROTHER_COUNTERS and _BROTHER_COUNTERS[tag] not in known
    )
    if more:
        reading = replace(reading, counters=(*(reading.counters or ()), *more))
    return reading if reading.supplies else _brother_levels(raw, reading)


def _brother_levels(raw: SnmpRaw, reading: Reading) -> Reading:
    levels = [
        SupplyReading(
            index=f"b.{tag:02x}",
            type=_BROTHER_LEVELS[tag][0],
            color=_BROTHER_LEVELS[tag][1],
            level=Exact(percent=value / 100),
            direction=Direction.CONSUMED,
            raw_level=value,
            raw_max=10_000,
        )
        for tag, value in _table(raw, 8).items()
        if tag in _BROTHER_LEVELS and 0 < value <= 10_000
    ]
    return replace(reading, supplies=tuple(levels)) if levels else reading


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
    values = {
        kind: value for index, value in raw.under((*RICOH_COUNTERS, 9)) if isinstance(kind := types.get(index), int)
    }
    plain = {kind: value for kind, value in values.items() if isinstance(value, int) and value >= 0}
    found = {name: plain[kind] for kind, name in _RICOH.items() if kind in plain}
    found |= {
        name: sum(plain[k] for k in kinds) for kinds, name in _RICOH_SUMS.items() if all(k in plain for k in kinds)
    }
    known = {counter.name for counter in reading.counters or ()}
    more = tuple(Counter(name=name, value=value) for name, value in found.items() if name not in known)
    return replace(reading, counters=(*(reading.counters or ()), *more)) if more else reading


QUIRKS: Mapping[str, Callable[[SnmpRaw, Reading], Reading]] = {
    "brother_counters": brother_counters,
    "ricoh_counters": ricoh_counters,
}
"""Name in a vendor's row -> function."""
