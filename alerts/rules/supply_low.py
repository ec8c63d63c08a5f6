"""Supply low: it is time to order. Only what a device vouches for counts; "some left" and "unknown" never do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from alerts.rules.judgement import Judgement
from fleet.alert import Observation
from fleet.fault import Condition, Fault, Severity
from fleet.supply import (
    Direction,
    Empty,
    Exact,
    Level,
    LowOnly,
    Quantised,
    SomeLeft,
    SupplyReading,
    SupplyType,
    level_percent,
)

NAME = "supply-low"
CAUSES = frozenset({"toner-low", "toner-empty", "ink-low", "ink-empty", "ribbon-low", "ribbon-empty"})
WASTE_CAUSES = frozenset({"waste-almost-full", "waste-full"})
"""Causes by which a device says itself that a supply ends, or a waste box is full."""
MARGIN_POINTS = 5.0
"""So far above the limit a level must be before the alert is over: a level that trembles does not come and go."""
MARKING = (SupplyType.TONER, SupplyType.INK, SupplyType.RIBBON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One supply as the rule sees it."""

    key: str
    type: SupplyType
    direction: Direction
    level: Level
    fullness: Level | None
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """At or below how many percent left it is time, for all types and for single ones."""

    percent: float
    by_type: Mapping[str, float]

    def of(self, type_: SupplyType) -> float:
        return self.by_type.get(type_, self.percent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the device says beside the levels; None where it was not asked."""

    conditions: tuple[Condition, ...] | None = None
    faults: tuple[Fault, ...] | None = None

    @property
    def anything(self) -> bool:
        return self.conditions is not None or self.faults is not None

    @property
    def causes(self) -> frozenset[str]:
        return frozenset(fault.cause for fault in self.faults or () if not fault.informative)

    @property
    def low(self) -> bool:
        return bool({Condition.LOW_TONER, Condition.NO_TONER} & set(self.conditions or ())) or bool(
            CAUSES & self.causes
        )


def judge(slots: Iterable[Slot], said: Said, limits: Limits) -> Judgement:
    """Which supplies are low."""
    slots = tuple(slots)
    seen: list[Observation] = []
    unknown: set[str] = set()
    named = called_low(slots, said)
    for slot in slots:
        verdict = _verdict(slot, limits)
        if verdict is True:
            seen.append(_observation(slot, _words(slot, limits), _severity(slot)))
        elif slot.key in named:
            seen.append(_observation(slot, named[slot.key], Severity.WARNING))
        elif verdict is None and is_said_low(slot, slots, said) is None:
            unknown.add(slot.key)
    return Judgement(rule=NAME, seen=tuple(seen), unknown=frozenset(unknown))


def spoken_for(judgement: Judgement, supplies: Iterable[SupplyReading] | None) -> frozenset[str]:
    """Causes the fault rule leaves out, because this rule can tell which supply they mean or sees the levels itself."""
    readings = tuple(supplies or ())
    told = {observation.subject: observation.cause for observation in judgement.seen}
    levels = any(r.type in MARKING and level_percent(r.level) is not None for r in readings)
    low = CAUSES if levels or "supply-low" in told.values() else frozenset()
    return low | (WASTE_CAUSES if "supply-full" in told.values() else frozenset())


def is_said_low(slot: Slot, slots: tuple[Slot, ...], said: Said) -> bool | None:
    """The device's own word on a supply beside any number: low, not low, or nothing that concerns this one."""
    if isinstance(slot.level, Empty | LowOnly) and slot.direction is Direction.CONSUMED:
        return True
    if slot.key in called_low(slots, said):
        return True
    if not said.anything or percent_left(slot) is not None:
        return None
    if slot.direction is Direction.FILLED:
        return None if WASTE_CAUSES & said.causes else False
    alone = len(_marking(slots)) == 1
    return False if not said.low and (alone or isinstance(slot.level, SomeLeft)) else None


def called_low(slots: tuple[Slot, ...], said: Said) -> dict[str, str]:
    """Supplies the device itself calls low, with its reason, where it is beyond doubt which one it means."""
    found: dict[str, str] = {}
    marking = _marking(slots)
    if said.low and len(marking) == 1 and level_percent(marking[0].level) is None:
        found[marking[0].key] = "the device says that it is low"
    boxes = [slot for slot in slots if slot.direction is Direction.FILLED]
    if len(boxes) == 1 and WASTE_CAUSES & said.causes:
        found[boxes[0].key] = "the device says that it is full or nearly full"
    return found


def _marking(slots: tuple[Slot, ...]) -> list[Slot]:
    return [slot for slot in slots if slot.type in MARKING and slot.direction is Direction.CONSUMED]


def percent_left(slot: Slot) -> float | None:
    """What is left before somebody has to come: of a consumed supply its level, of a receptacle the room in it."""
    if slot.direction is Direction.CONSUMED:
        return level_percent(slot.level)
    # How full a receptacle is stands in fullness alone: makers disagree on what its level means.
    full = level_percent(slot.fullness) if slot.fullness is not None else None
    return None if full is None else 100 - full


def _verdict(slot: Slot, limits: Limits) -> bool | None:
    if slot.direction is Direction.CONSUMED and isinstance(slot.level, Empty | LowOnly):
        return True
    left, limit = percent_left(slot), limits.of(slot.type)
    if left is None:
        return None
    return True if left <= limit else (False if left > limit + MARGIN_POINTS else None)


def _severity(slot: Slot) -> Severity:
    return Severity.CRITICAL if isinstance(slot.level, Empty) else Severity.WARNING


def _words(slot: Slot, limits: Limits) -> str:
    limit = limits.of(slot.type)
    match slot.level:
        case _ if slot.direction is Direction.FILLED and isinstance(slot.fullness, Exact | Quantised):
            return f"{slot.fullness.percent:.0f}% full; order point {100 - limit:.0f}%"
        case Empty():
            return "used up"
        case LowOnly():
            return "the device says that it is low"
        case Exact(percent=percent) | Quantised(percent=percent):
            return f"{percent:.0f}% left; order point {limit:.0f}%"
    return "low"


def _observation(slot: Slot, reason: str, severity: Severity) -> Observation:
    percent = level_percent(slot.level)
    evidence = {"supply": slot.key, "reason": reason} | ({"percent": f"{percent:g}"} if percent is not None else {})
    cause = "supply-full" if slot.direction is Direction.FILLED else "supply-low"
    text = f"{slot.title}: {reason}"
    return Observation(rule=NAME, subject=slot.key, severity=severity, cause=cause, text=text[:1000], evidence=evidence)
