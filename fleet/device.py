"""Device: ours, with a stable id. DeviceState: what the collector knows of it now, every value with source and age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime

from fleet.counter import Counter, CounterName
from fleet.fault import Activity, Condition, Fault, Health
from fleet.identity import DeviceId, Identity
from fleet.reading import Kind, Reading, Round, Tray
from fleet.supply import SupplyReading

MERGED_FIELDS = (
    "kind",
    "firmware",
    "location",
    "contact",
    "health",
    "activity",
    "conditions",
    "counters",
    "supplies",
    "trays",
    "faults",
    "lamp_hours",
    "display",
    "boot_at",
)
"""Fields of a Reading that the state keeps, each with its age."""

MOST_MACS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A managed device. `state` is None until the first answer."""

    id: DeviceId
    name: str | None = None
    state: DeviceState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceState:
    """The newest value of every field, merged from readings. `ages` and `sources` are per field name."""

    identity: Identity = field(default_factory=Identity)
    reachable: bool = False
    silence: str | None = None
    heard_at: datetime | None = None
    asked_at: datetime | None = None
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
    ages: Mapping[str, datetime] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)


def merged(state: DeviceState, reading: Reading) -> DeviceState:
    """The state after a reading. A field the reading does not hold keeps its old value and its old age; a reading older
    than a field does not overwrite it, so late and repeated readings change nothing."""
    ages, sources = dict(state.ages), dict(state.sources)
    changes: dict[str, object] = {}
    for name in MERGED_FIELDS:
        value = getattr(reading, name)
        if name == "counters" and value is not None:
            changes[name] = _counters(state.counters or (), reading, ages)
        if value is None or not _is_news(name, reading, ages):
            continue
        changes.setdefault(name, value)
        # A value without a source must not be credited to the protocol its forerunner came from.
        sources.pop(name, None)
        if name in reading.sources:
            sources[name] = reading.sources[name]
    if reading.reachable:
        changes["identity"] = _identity(state.identity, reading, ages)
        changes["heard_at"] = max(state.heard_at or reading.taken_at, reading.taken_at)
    if state.asked_at is None or reading.taken_at >= state.asked_at:
        changes |= {"asked_at": reading.taken_at, "reachable": reading.reachable, "silence": reading.silence}
    return replace(state, ages=ages, sources=sources, **changes)  # type: ignore[arg-type]


def _counters(known: tuple[Counter, ...], reading: Reading, ages: dict[str, datetime]) -> tuple[Counter, ...]:
    """Each counter from the newest reading that gave it. A status round asks for few and takes none away; a full round
    takes away what the device no longer counts."""
    counts = {counter.name: counter for counter in known}
    asked_all = ages.get("counters.all")
    if asked_all is None or reading.taken_at >= asked_all:
        if reading.round is Round.FULL:
            ages["counters.all"] = reading.taken_at
            for name in [name for name in counts if ages.get(f"counters.{name}", NEVER) < reading.taken_at]:
                del counts[name]
                ages.pop(f"counters.{name}", None)
        for counter in reading.counters or ():
            if _is_news(f"counters.{counter.name}", reading, ages):
                counts[counter.name] = counter
    return tuple(sorted(counts.values(), key=lambda counter: _COUNTER_ORDER.index(counter.name)))


_COUNTER_ORDER = tuple(CounterName)
NEVER = datetime.min.replace(tzinfo=UTC)


def _is_news(name: str, reading: Reading, ages: dict[str, datetime]) -> bool:
    """Whether the reading is at least as new as what is known of this field; if so, its age is noted."""
    if name in ages and reading.taken_at < ages[name]:
        return False
    ages[name] = reading.taken_at
    return True


def _identity(known: Identity, reading: Reading, ages: dict[str, datetime]) -> Identity:
    """Each piece of evidence from the newest reading that gave it. MAC addresses are joined and sorted, so that the
    order in which readings arrive does not show; a device that makes up new ones for ever is cut off."""
    seen = reading.identity
    pieces = {f.name: getattr(seen, f.name) for f in fields(Identity) if f.name != "macs"}
    newer = {name: value for name, value in pieces.items() if value and _is_news(name, reading, ages)}
    return replace(known, **newer, macs=tuple(sorted({*known.macs, *seen.macs})[:MOST_MACS]))
