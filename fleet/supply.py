"""Supplies: slots of a device, and how much is honestly known of what is in them.

A level is never a bare number. It is one of six kinds, and only two of them carry a number, so that "some left"
(RFC 3805 section 2.2.13, prtMarkerSuppliesLevel -3) cannot become 50 % by accident: the other kinds have no field
that could be read as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import count


class SupplyType(StrEnum):
    TONER = "toner"
    INK = "ink"
    DRUM = "drum"
    DEVELOPER = "developer"
    FUSER = "fuser"
    TRANSFER = "transfer"
    WASTE = "waste"
    CLEANER = "cleaner"
    MAINTENANCE_KIT = "maintenance-kit"
    ROLLER = "roller"
    FEEDER_KIT = "feeder-kit"
    STAPLES = "staples"
    RIBBON = "ribbon"
    FILTER = "filter"
    SEPARATOR = "separator"
    LAMP = "lamp"
    OTHER = "other"


class Direction(StrEnum):
    """Consumed: runs down to empty. Filled: a receptacle that fills up (RFC 3805 prtMarkerSuppliesClass)."""

    CONSUMED = "consumed"
    FILLED = "filled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """A percentage the device measures or counts finely. 0 <= percent <= 100; used up is Empty."""

    percent: float

    def __post_init__(self) -> None:
        if not 0 <= self.percent <= 100:
            raise ValueError(f"a level is between 0 and 100 percent, not {self.percent}")


WIDEST_STEP = 50
"""In percent. What is told in wider steps is no level any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantised:
    """A percentage the device states in coarse steps: the truth lies in [percent, percent + step] or so."""

    percent: float
    step: int

    def __post_init__(self) -> None:
        if not 0 <= self.percent <= 100 or not 1 <= self.step <= WIDEST_STEP:
            raise ValueError(f"no such level: {self.percent} percent in steps of {self.step}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SomeLeft:
    """Something is left, the amount is not known (-3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LowOnly:
    """The device says "low" and no number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty:
    """Used up, by the device's own word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """The device says that it does not know (-2), that there is no restriction (-1), or nothing at all."""


Level = Exact | Quantised | SomeLeft | LowOnly | Empty | Unknown


def level_percent(level: Level) -> float | None:
    """The number a device vouches for, in percent; None where there is none. The only way from Level to a number."""
    match level:
        case Exact(percent=percent) | Quantised(percent=percent):
            return percent
        case Empty():
            return 0.0
        case _:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyReading:
    """One supply as one poll saw it.

    `index` is the device's own ("1.3" for SNMP: device.supply; position from 1 for IPP) and may change.
    `raw_level` and `raw_max` are the values on the wire, special values included. `level` is level over capacity as
    RFC 3805 reads it, also for receptacles; how full a receptacle is stands in `fullness`, and only on evidence.
    """

    index: str
    type: SupplyType
    level: Level
    direction: Direction = Direction.CONSUMED
    color: str | None = None
    description: str | None = None
    raw_level: int | None = None
    raw_max: int | None = None
    unit: str | None = None
    part_number: str | None = None
    cartridge_serial: str | None = None
    fullness: Level | None = None


def supply_keys(supplies: Iterable[SupplyReading]) -> list[str]:
    """A stable name for each slot, all different, in the order given: type and colour, then words of the description
    for what has no better type, then an ordinal.

    Row indexes move after a restart or a cartridge change, so they are no identity; slots alike in type and colour are
    numbered by their description, and only those alike in everything by their place. Serial numbers, order codes and
    digits are left out of the description because they change with the cartridge.
    """
    rows = list(supplies)
    keys = [""] * len(rows)
    taken: set[str] = set()
    for place in sorted(range(len(rows)), key=lambda i: (_base(rows[i]), _words(rows[i].description), i)):
        base = _base(rows[place])
        names = (base if ordinal == 1 else f"{base}-{ordinal}" for ordinal in count(1))
        keys[place] = next(name for name in names if name not in taken)
        taken.add(keys[place])
    return keys


def _base(supply: SupplyReading) -> str:
    words = _words(supply.description)[:24].rstrip("-") if supply.type is SupplyType.OTHER else ""
    return "-".join(filter(None, (supply.type.value, _words(supply.color)[:24].rstrip("-"), words)))


_NUMBER = re.compile(r"(?=[^\W_]*\d[^\W_]*\d)[^\W_]{5,}")
"""An order code or a serial number: its letters change with the cartridge too."""


def _words(text: str | None) -> str:
    lasting = _NUMBER.sub(" ", (text or "").lower().partition("s/n")[0])
    return re.sub(r"[\W\d_]+", "-", lasting).strip("-")
