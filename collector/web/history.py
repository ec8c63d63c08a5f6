"""What a device's samples look like over time: the data behind the charts and their tables."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.dates import format_datetime, get_timezone

from collector.store.samples import Heard, Line, Point
from collector.web.i18n import Words

LONGEST = timedelta(days=90)
SWAP_RISE = 20.0
"""Percentage points by which a level must rise to be drawn as a new cartridge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time that a chart shows."""

    start: datetime
    end: datetime

    def part(self, at: datetime) -> float:
        """Where a moment lies, 0 at the start and 1 at the end."""
        whole = (self.end - self.start).total_seconds() or 1
        return min(1.0, max(0.0, (at - self.start).total_seconds() / whole))

    @property
    def bucket(self) -> timedelta:
        """The stretch of one column: minutes, hours or days, whichever gives a readable number of them."""
        length = self.end - self.start
        for size, upto in ((1, 40), (5, 200), (60, 2_900), (360, 14_400)):
            if length <= timedelta(minutes=upto):
                return timedelta(minutes=size)
        return timedelta(days=1)

    def ticks(self, words: Words, timezone: str, many: int) -> list[tuple[float, str]]:
        """Evenly spread moments: clock times within two days, dates beyond."""
        short = self.end - self.start <= timedelta(days=2)
        form = "HH:mm" if short else ("M月d日" if words.language == "zh" else "d MMM")
        zone = get_timezone(timezone)
        parts = [(n + 0.5) / many for n in range(many)]
        moments = [self.start + (self.end - self.start) * part for part in parts]
        labels = [format_datetime(at, form, tzinfo=zone, locale=words.locale) for at in moments]
        # A label that says the same as the one before it says nothing.
        return [
            (part, label) for n, (part, label) in enumerate(zip(parts, labels, strict=True)) if label not in labels[:n]
        ]


def span_of(heard: Sequence[Heard], now: datetime) -> Span:
    """From the first poll to now, at most 90 days."""
    first = min((one.start for one in heard), default=now - timedelta(hours=1))
    return Span(start=max(first, now - LONGEST), end=max(now, first + timedelta(minutes=1)))


def gaps_in(heard: Sequence[Heard], span: Span) -> list[tuple[float, float]]:
    """Parts of the span in which nobody asked."""
    times = sorted((one.start, one.until) for one in heard if one.until > span.start)
    edges = [(span.start, span.start), *times]
    return [
        (span.part(until), span.part(start))
        for (_, until), (start, _) in itertools.pairwise(edges)
        if start - until > timedelta(minutes=30)
    ]


def level_points(line: Line, span: Span) -> list[tuple[float, float]]:
    return [(span.part(point.at), point.value * 100) for point in line.points if point.at <= span.end]


def rises(line: Line, span: Span) -> list[float]:
    """Where the level rose as it does with a new cartridge."""
    pairs = zip(line.points, line.points[1:], strict=False)
    return [span.part(after.at) for before, after in pairs if (after.value - before.value) * 100 >= SWAP_RISE]


def grown(points: Sequence[Point], span: Span) -> list[float]:
    """How much a counter grew in each bucket. A fall is a reset, never a negative number of pages."""
    size = span.bucket
    many = max(1, -(-(span.end - span.start) // size))
    sums = [0.0] * many
    for before, after in itertools.pairwise(points):
        if after.value > before.value and after.at >= span.start:
            sums[min(many - 1, max(0, (after.at - span.start) // size))] += after.value - before.value
    return sums
