"""Reading: what one poll of one device said, possibly only a part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from fleet.counter import Counter
from fleet.fault import Activity, Condition, Fault, Health
from fleet.identity import Identity
from fleet.supply import SupplyReading


class Kind(StrEnum):
    PRINTER = "printer"
    MFP = "mfp"
    SCANNER = "scanner"
    PROJECTOR = "projector"
    LABEL_PRINTER = "label-printer"
    OTHER = "other"


class Round(StrEnum):
    """How much was asked: everything, or only the cheap status values."""

    FULL = "full"
    STATUS = "status"


class TrayState(StrEnum):
    OK = "ok"
    EMPTY = "empty"
    SOME_REMAINING = "some-remaining"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tray:
    """An input tray. `level` and `max` in sheets, None where the device gives none."""

    index: str
    state: TrayState
    name: str | None = None
    level: int | None = None
    max: int | None = None
    media: str | None = None


MOST_SIDES, LONGEST_SIDE = 8, 100


class Disputed(StrEnum):
    """What a device may say differently over two protocols, and what must be right: bills and identity hang on it."""

    SERIAL = "serial"
    PAGES = "pages-total"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two protocols contradict each other. `said`: protocol -> what it said, as text; counts as decimal digits."""

    about: Disputed
    said: Mapping[str, str]

    def __post_init__(self) -> None:
        if not 2 <= len(self.said) <= MOST_SIDES:
            raise ValueError(f"a contradiction has 2 to {MOST_SIDES} sides, not {len(self.said)}")
        if any(not 1 <= len(text) <= LONGEST_SIDE for text in self.said.values()):
            raise ValueError(f"one side of a contradiction is a text of 1 to {LONGEST_SIDE} characters")
        if self.about is Disputed.PAGES and not all(text.isdecimal() for text in self.said.values()):
            raise ValueError("a count is written in decimal digits")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One poll of one device. None means "not asked or not said"; an empty tuple means "asked, and there is none".

    `key` is the agent's own name for the device; the collector decides which device it is. `sources` names the
    protocol each field came from. `partial` says in words what was asked for and did not come; `conflicts` what was
    said in two ways that cannot both be true.
    """

    key: str
    taken_at: datetime
    reachable: bool
    identity: Identity = field(default_factory=Identity)
    round: Round = Round.FULL
    silence: str | None = None
    kind: Kind | None = None
    firmware: str | None = None
    location: str | None = None
    contact: str | None = None
    health: Health | None = None
    activity: Activity | None = None
    conditions: tuple[Condition, ...] | None = None
    counters: tuple[Counter, ...] | None = None
    supplies: tuple[SupplyReading, ...] | None = None
    trays: tuple[Tray, ...] | None = None
    faults: tuple[Fault, ...] | None = None
    lamp_hours: tuple[int, ...] | None = None
    display: str | None = None
    boot_at: datetime | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    partial: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
