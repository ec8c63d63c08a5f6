"""What happens to one device: people print, toner falls, paper runs out and jams. Pure: time comes from outside.

    advance(life, model, start, end) ──> the life changed in place, and what happened in words

Everything that is random is drawn from the seed and the simulated time, so a life that is stored and taken up again
goes on exactly as it would have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from zoneinfo import ZoneInfo

from pagewarden.demo.office.models import Kind, Model, SupplyModel, Wears
from pagewarden.demo.office.people import PAGES_PER_JOB, bustle, delivery, job_pages, poisson

STEP = timedelta(minutes=1)
LOW_AT = 0.10
"""From here on a device says "low" and somebody asks for a new one."""

_JAM_PER_PAGE = 1 / 12_000
_SECONDS_PER_PAGE = 2.5


class Trouble(StrEnum):
    JAM = "jam"
    COVER = "cover"
    MOTOR = "motor"
    FAN = "fan"


_STOPS = frozenset({Trouble.JAM, Trouble.COVER, Trouble.MOTOR})


@dataclass(slots=True, kw_only=True)
class SupplyLife:
    """`used` of the rated life; `spare_at` is when the next one stands on the shelf."""

    used: float
    cartridge: str
    swaps: int = 0
    spare_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Row:
    """A row of the alert table: an index that is never used again, and the real time it was raised."""

    index: int
    raised_at: datetime


@dataclass(slots=True, kw_only=True)
class DeviceLife:
    """All that changes about one device. Times of the office are simulated, `booted_at` and rows are real."""

    number: int
    seed: int
    address: str
    serial: str
    mac: str
    booted_at: datetime
    mono: int = 0
    color: int = 0
    copies: int = 0
    scans: int = 0
    duplex: int = 0
    since_power_on: int = 0
    supplies: list[SupplyLife] = field(default_factory=list)
    trays: list[int] = field(default_factory=list)
    troubles: dict[Trouble, datetime] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    next_row: int = 1
    events_critical: int = 0
    events_all: int = 0
    config_changes: int = 0
    last_used: datetime | None = None
    busy_until: datetime | None = None
    asleep: bool = False

    @property
    def total(self) -> int:
        return self.mono + self.color


def left(supply: SupplyLife, model: SupplyModel) -> float:
    """What is left (or, of a receptacle, the room left): 0 to 1."""
    return max(0.0, 1.0 - supply.used / model.lasts)


def stopped(life: DeviceLife, model: Model) -> bool:
    """Whether it cannot print now."""
    if _STOPS & life.troubles.keys():
        return True
    if model.trays and all(n == 0 for n, tray in zip(life.trays, model.trays, strict=True) if not tray.by_hand):
        return True
    return any(
        left(supply, kind) == 0 and kind.wears in (Wears.MONO, Wears.WASTE)
        for supply, kind in zip(life.supplies, model.supplies, strict=True)
    )


def advance(life: DeviceLife, model: Model, start: datetime, end: datetime, zone: ZoneInfo) -> list[str]:
    """Lets the office's time run from `start` to `end` for this device; says what happened."""
    happened: list[str] = []
    now = start
    while now < end:
        until = min(end, now + STEP)
        happened += _step(life, model, now, until, zone)
        now = until
    return happened


def _step(life: DeviceLife, model: Model, now: datetime, until: datetime, zone: ZoneInfo) -> list[str]:
    rng = Random(f"{life.seed}/{now.timestamp():.0f}")
    activity = bustle(now.astimezone(zone))
    hours = (until - now).total_seconds() / 3600
    happened = list(_help(life, model, rng, until, activity))
    if model.kind is Kind.PROJECTOR:
        _light(life, model, rng, until, hours, activity)
    else:
        happened += _jobs(life, model, rng, until, hours * activity)
    life.asleep = not life.troubles and (until - (life.last_used or until)) > timedelta(minutes=_patience(life))
    if life.last_used is None:
        life.last_used = now
    return happened


def _patience(life: DeviceLife) -> int:
    """Minutes without work after which it falls asleep."""
    return (15, 30, 45, 60)[life.seed % 4]


def _jobs(life: DeviceLife, model: Model, rng: Random, now: datetime, busy_hours: float) -> Iterator[str]:
    for _ in range(poisson(rng, model.busy * busy_hours / PAGES_PER_JOB)):
        pages = job_pages(rng)
        if not model.prints or (model.kind is Kind.MFP and rng.random() < 0.12):
            life.scans += pages
            _used(life, now, pages)
        elif not stopped(life, model):
            yield from print_job(life, model, rng, now, pages, copied=model.kind is Kind.MFP and rng.random() < 0.2)


def _used(life: DeviceLife, now: datetime, pages: int) -> None:
    life.last_used, life.asleep = now, False
    life.busy_until = now + timedelta(seconds=20 + pages * _SECONDS_PER_PAGE)


def print_job(
    life: DeviceLife,
    model: Model,
    rng: Random,
    now: datetime,
    pages: int,
    *,
    copied: bool = False,
    color_share: float = 0.55,
) -> Iterator[str]:
    """One job on paper, until it is done or something stops it."""
    in_color = model.color and rng.random() < color_share and not _colors_out(life, model)
    coverage = {kind.name: max(0.2, rng.gauss(1.0, 0.35)) for kind in model.supplies}
    for _ in range(pages):
        if stopped(life, model):
            break
        _page(life, model, in_color=in_color, coverage=coverage)
        life.copies += copied
        if rng.random() < _JAM_PER_PAGE:
            life.troubles[Trouble.JAM] = now + timedelta(minutes=2 + rng.expovariate(1 / 4))
            yield "paper jam"
    if model.duplex and pages > 1 and rng.random() < 0.6:
        life.duplex += pages // 2
    _used(life, now, pages)


def _colors_out(life: DeviceLife, model: Model) -> bool:
    return any(
        left(supply, kind) == 0
        for supply, kind in zip(life.supplies, model.supplies, strict=True)
        if kind.wears is Wears.COLOR
    )


def _page(life: DeviceLife, model: Model, *, in_color: bool, coverage: dict[str, float]) -> None:
    life.color += in_color
    life.mono += not in_color
    life.since_power_on += 1
    for supply, kind in zip(life.supplies, model.supplies, strict=True):
        if kind.wears is Wears.COLOR and not in_color:
            continue
        share = coverage[kind.name] if kind.wears in (Wears.MONO, Wears.COLOR) else 1.0
        supply.used = min(kind.lasts, supply.used + share)
    for position, tray in enumerate(model.trays):
        if life.trays[position] > 0 and not tray.by_hand:
            life.trays[position] -= 1
            break


def _light(life: DeviceLife, model: Model, rng: Random, now: datetime, hours: float, activity: float) -> None:
    """A projector is on during meetings."""
    if life.busy_until is None or now >= life.busy_until:
        life.busy_until = None
        if activity > 0.3 and rng.random() < hours * 0.8:
            life.busy_until = now + timedelta(minutes=rng.choice((30, 45, 60, 90)))
    if life.busy_until is not None:
        life.last_used = now
        for supply, kind in zip(life.supplies, model.supplies, strict=True):
            supply.used = min(kind.lasts * 1.2, supply.used + hours)


def _help(life: DeviceLife, model: Model, rng: Random, now: datetime, activity: float) -> Iterator[str]:
    """What people do about it: clear jams, fill trays, ask for cartridges and put them in. Nobody helps at night."""
    for trouble, until in list(life.troubles.items()):
        if now >= until and activity:
            del life.troubles[trouble]
            _used(life, now, 0)
            yield f"{trouble} cleared"
    if rng.random() < 0.06 * activity:
        yield from _fill(life, model)
    for supply, kind in zip(life.supplies, model.supplies, strict=True):
        share = left(supply, kind)
        if share <= LOW_AT and supply.spare_at is None:
            supply.spare_at = delivery(rng, now)
        elif share <= 0.01 and supply.spare_at and now >= supply.spare_at and rng.random() < 0.05 * activity:
            swap(supply, rng)
            yield f"new {kind.title} put in"


def _fill(life: DeviceLife, model: Model) -> Iterator[str]:
    for position, tray in enumerate(model.trays):
        if not tray.by_hand and life.trays[position] == 0:
            life.trays[position] = tray.sheets
            yield f"{tray.name} filled"


def swap(supply: SupplyLife, rng: Random) -> None:
    """A fresh one of the same kind."""
    supply.used, supply.spare_at = 0.0, None
    supply.swaps += 1
    supply.cartridge = f"{rng.randrange(16**8):08X}"
