"""Cartridge changes: from the levels of one slot to "this is another cartridge". Pure.

Shaking, a restart or a cooling sensor lifts a level by a few points, and one reading on waking up may be nonsense.
A change is a large rise that lasts, another cartridge serial, or, on a device that gives no numbers, a "low" said twice
that is then lastingly gone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

RISE_POINTS = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """What is remembered of a slot: the lowest level two readings agree on, the level before, how often in a row the
    device said "low", since when it looks like another cartridge, and the serial of the present one."""

    lowest: float | None = None
    before: float | None = None
    lows: int = 0
    changed_since: datetime | None = None
    serial: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One reading of a slot. `low`: the device says low or empty (True), says not (False), says nothing (None)."""

    at: datetime
    percent: float | None = None
    low: bool | None = None
    serial: str | None = None


def followed(track: Track, look: Look, lasting: timedelta) -> tuple[Track, bool]:
    """The track after a look, and whether this is another cartridge."""
    if look.serial and track.serial and look.serial != track.serial:
        return _fresh(look), True
    track = replace(track, serial=look.serial or track.serial)
    if not _looks_changed(track, look):
        return _settled(track, look), False
    since = track.changed_since or look.at
    if track.changed_since is None or look.at - since < lasting:
        before = track.before if look.percent is None else look.percent
        return replace(track, before=before, changed_since=since), False
    return replace(_fresh(look), serial=track.serial), True


def _looks_changed(track: Track, look: Look) -> bool:
    if look.percent is not None and track.lowest is not None:
        return look.percent - track.lowest >= RISE_POINTS
    return look.percent is None and look.low is False and track.lows >= 2


def _settled(track: Track, look: Look) -> Track:
    lows = track.lows + 1 if look.low else (0 if look.low is False and track.lows < 2 else track.lows)
    if look.percent is None:
        unsaid = look.low is None
        return replace(track, lows=lows, changed_since=track.changed_since if unsaid else None)
    if track.lowest is None or track.before is None:
        return replace(track, lowest=look.percent, before=look.percent, lows=lows, changed_since=None)
    # Two readings must agree on a low: a single nought between two 60s would look like a change afterwards.
    lowest = min(track.lowest, max(track.before, look.percent))
    return replace(track, lowest=lowest, before=look.percent, lows=lows, changed_since=None)


def _fresh(look: Look) -> Track:
    return Track(lowest=look.percent, before=look.percent, lows=1 if look.low else 0, serial=look.serial)
