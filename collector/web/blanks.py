"""Blanks: stretches of time of which a chart knows nothing: nobody asked, nobody answered, or no number was told."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from collector.store.samples import Heard, Line
from collector.web.history import Span

Blank = tuple[datetime, datetime]
SHORTEST = timedelta(minutes=30)
"""What is shorter is the pause between two looks."""


def unasked(heard: Sequence[Heard], span: Span) -> list[Blank]:
    """When nobody asked the device, the time since it was asked last included."""
    if not heard:
        return []
    times = sorted((one.start, one.until) for one in heard if one.until > span.start)
    edges = [(span.start, span.start), *times, (span.end, span.end)]
    return [(until, start) for (_, until), (start, _) in itertools.pairwise(edges)]


def unsaid(line: Line | None, values: Collection[float], span: Span) -> list[Blank]:
    """When a line stood at one of the values that mean that nothing was told."""
    points = line.points if line else ()
    ends = [*(point.at for point in points[1:]), span.end]
    return [(point.at, end) for point, end in zip(points, ends, strict=False) if point.value in values]


def joined(blanks: Iterable[Blank], span: Span) -> list[Blank]:
    """The blanks inside the span, in order, those that touch or overlap made one, short ones left out."""
    found: list[Blank] = []
    for start, end in sorted((max(start, span.start), min(end, span.end)) for start, end in blanks):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif start < end:
            found.append((start, end))
    return [(start, end) for start, end in found if end - start > SHORTEST]


def parts(blanks: Iterable[Blank], span: Span) -> list[tuple[float, float]]:
    """Where blanks lie in the drawing."""
    return [(span.part(start), span.part(end)) for start, end in blanks]
