"""Of some times nothing is known, and that is what is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from collector.store.samples import Heard, Line, Point
from collector.web.blanks import joined, parts, unasked, unsaid
from collector.web.history import Span

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DAYS = Span(start=START, end=START + timedelta(days=20))


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def heard(*ranges: tuple[float, float]) -> list[Heard]:
    return [Heard(start=at(start), until=at(until), polls=9) for start, until in ranges]


def line(*pairs: tuple[float, float]) -> Line:
    made = tuple(Point(at=at(hours), value=value) for hours, value in pairs)
    return Line(series="printer_up", points=made, last_at=made[-1].at)


def test_nobody_asked_before_between_and_after() -> None:
    times = heard((6, 24), (24.4, 48), (72, 400))
    assert joined(unasked(times, DAYS), DAYS) == [(at(0), at(6)), (at(48), at(72)), (at(400), at(480))]


def test_asked_all_the_time_leaves_no_blank() -> None:
    assert joined(unasked(heard((0, 479.9)), DAYS), DAYS) == []
    assert unasked([], DAYS) == []


def test_ranges_from_before_the_span_count_inside_it() -> None:
    assert joined(unasked(heard((-100, -50), (-20, 24), (48, 480)), DAYS), DAYS) == [(at(24), at(48))]


def test_a_device_that_does_not_answer_is_unknown_until_it_does() -> None:
    up = line((0, 1), (10, 0), (12, 1), (470, 0))
    assert unsaid(up, {0.0}, DAYS) == [(at(10), at(12)), (at(470), at(480))]
    assert unsaid(None, {0.0}, DAYS) == []


@pytest.mark.parametrize(
    ("blanks", "found"),
    [
        ([(5, 9), (1, 6), (9, 10)], [(1, 10)]),
        ([(1, 9), (2, 3), (20, 21)], [(1, 9), (20, 21)]),
        ([(1, 1.4), (3, 3)], []),
        ([(1, 1.4), (1.4, 1.8)], [(1, 1.8)]),
        ([(-50, -20), (-20, 2), (470, 900)], [(0, 2), (470, 480)]),
    ],
)
def test_blanks_are_joined_and_stay_in_the_span(
    blanks: list[tuple[float, float]], found: list[tuple[float, float]]
) -> None:
    given = [(at(start), at(end)) for start, end in blanks]
    assert joined(given, DAYS) == [(at(start), at(end)) for start, end in found]


def test_blanks_lie_where_they_are() -> None:
    assert parts([(at(120), at(240))], DAYS) == [(0.25, 0.5)]
