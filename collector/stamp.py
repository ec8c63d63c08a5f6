"""Stamp: when something was, by our clock. An agent's clock may be wrong, or be set right between two readings."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from fleet.reading import Reading

WORST_SKEW = timedelta(minutes=5)
FAR_AHEAD = timedelta(days=366)
SOONEST_YEAR, SOONEST_BOOT_YEAR = 2000, 1970


def is_wrong(sent_at: datetime, now: datetime) -> bool:
    """Whether the clock that said `sent_at` just now cannot be trusted."""
    return abs(now - sent_at) > WORST_SKEW


def by_our_clock(when: datetime, sent_at: datetime, now: datetime) -> datetime:
    """`when` as it is, or where the agent's clock is wrong, by its age when it was sent. A clock without a battery
    begins in 1970, and what it stamps is still worth something."""
    return when + (now - sent_at) if is_wrong(sent_at, now) else when


def refusal(reading: Reading, sent_at: datetime, now: datetime) -> str | None:
    """Why the times of a reading cannot be, in words; None when they can. OverflowError for the end of time."""
    taken_at = by_our_clock(reading.taken_at, sent_at, now)
    if taken_at.year < SOONEST_YEAR or taken_at > now + FAR_AHEAD:
        return f"taken_at: {reading.taken_at.isoformat()} cannot be"
    if reading.boot_at is None:
        return None
    boot_at = by_our_clock(reading.boot_at, sent_at, now)
    if not SOONEST_BOOT_YEAR <= boot_at.year <= now.year + 1:
        return f"boot_at: {reading.boot_at.isoformat()} cannot be"
    return None


def stamped(reading: Reading, sent_at: datetime, now: datetime) -> Reading:
    """The reading with its times by our clock, and never in the future; told in `partial` where that changed them."""
    if not is_wrong(sent_at, now) and reading.taken_at <= now + WORST_SKEW:
        return reading
    boot_at = by_our_clock(reading.boot_at, sent_at, now) if reading.boot_at else None
    return replace(
        reading,
        taken_at=min(by_our_clock(reading.taken_at, sent_at, now), now),
        boot_at=boot_at,
        partial=(*reading.partial, "clock of the agent is wrong"),
    )
