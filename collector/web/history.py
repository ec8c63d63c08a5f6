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
FIRST_LOOK = timedelta(minutes=30)
"""What a counter grew within this time after a blank may have grown in it: counters are not part of every look."""


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

    @property
    def many(self) -> int:
        """How many buckets it takes."""
        return max(1, -(-(self.end - self.start) // self.bucket))

    @property
    def buckets(self) -> list[datetime]:
        """When each bucket begins."""
        return [self.start + self.bucket * n for n in range(self.many)]

    def bucket_of(self, at: datetime) -> int:
        """The place of the bucket a moment falls into; the first or the last for what lies outside."""
        return min(self.many - 1, max(0, (at - self.start) // self.bucket))

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


def level_points(line: Line, span: Span) -> list[tuple[float, float]]:
    return [(span.part(point.at), point.value * 100) for point in line.points if point.at <= span.end]


def rises(line: Line, span: Span) -> list[float]:
    """Where the level rose as it does with a new cartridge."""
    pairs = zip(line.points, line.points[1:], strict=False)
    return [span.part(after.at) for before, after in pairs if (after.value - before.value) * 100 >= SWAP_RISE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How much a counter grew in each bucket; None in one of which nothing is known. `unplaced` grew somewhere in a
    blank longer than a bucket, nobody knows when."""

    values: tuple[float | None, ...]
    unplaced: float = 0.0

    @property
    def whole(self) -> float:
        return sum(value or 0.0 for value in self.values) + self.unplaced


def grown(points: Sequence[Point], span: Span, blanks: Sequence[tuple[datetime, datetime]] = ()) -> Growth:
    """The growth of a counter over the span. A fall is a reset, never a negative number of pages."""
    sums: list[float | None] = [None if _covered(moment, span, blanks) else 0.0 for moment in span.buckets]
    unplaced = 0.0
    for before, after in itertools.pairwise(points):
        amount = after.value - before.value
        if amount <= 0 or after.at < span.start:
            continue
        place = span.bucket_of(after.at)
        if any(span.bucket_of(start) < place for start, end in blanks if timedelta(0) <= after.at - end < FIRST_LOOK):
            unplaced += amount
        else:
            sums[place] = (sums[place] or 0.0) + amount
    return Growth(values=tuple(sums), unplaced=unplaced)


def _covered(moment: datetime, span: Span, blanks: Sequence[tuple[datetime, datetime]]) -> bool:
    """Whether the bucket that begins at `moment` lies in a blank from end to end."""
    last = min(moment + span.bucket, span.end)
    return any(start <= moment and last <= end for start, end in blanks)
