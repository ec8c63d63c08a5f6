"""Counters: numbers that only grow, until a board is replaced."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CounterName(StrEnum):
    TOTAL = "total"
    MONO = "mono"
    COLOR = "color"
    SINCE_POWER_ON = "since_power_on"
    PRINT_TOTAL = "print_total"
    PRINT_MONO = "print_mono"
    PRINT_COLOR = "print_color"
    COPY_TOTAL = "copy_total"
    COPY_MONO = "copy_mono"
    COPY_COLOR = "copy_color"
    SCAN_TOTAL = "scan_total"
    FAX_TOTAL = "fax_total"
    DUPLEX = "duplex"


class CounterUnit(StrEnum):
    """prtMarkerCounterUnit (RFC 3805); not every engine counts impressions."""

    IMPRESSIONS = "impressions"
    SHEETS = "sheets"
    HOURS = "hours"
    FEET = "feet"
    METERS = "meters"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    name: CounterName
    value: int
    unit: CounterUnit = CounterUnit.IMPRESSIONS


class Change(StrEnum):
    GROWN = "grown"
    SAME = "same"
    FELL = "fell"


def change(before: int | None, now: int) -> Change:
    """What a counter did between two readings. A fall is never a negative volume: it is a reset to be looked at."""
    if before is None or now > before:
        return Change.GROWN
    return Change.SAME if now == before else Change.FELL


LIFETIME = frozenset(CounterName) - {CounterName.SINCE_POWER_ON}
"""Counters whose fall is remarkable; since_power_on falls at every restart."""
