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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One poll of one device. None means "not asked or not said"; an empty tuple means "asked, and there is none".

    `key` is the agent's own name for the device; the collector decides which device it is. `sources` names the
    protocol each field came from. `partial` says in words what was asked for and did not come.
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
