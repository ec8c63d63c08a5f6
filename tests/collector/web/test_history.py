"""What samples look like over time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from collector.store.samples import Heard, Line, Point
from collector.web.history import LONGEST, Growth, Span, grown, level_points, rises, span_of
from collector.web.i18n import Words

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def points(*pairs: tuple[float, float]) -> tuple[Point, ...]:
    return tuple(Point(at=at(hours), value=value) for hours, value in pairs)


def line(*pairs: tuple[float, float]) -> Line:
    made = points(*pairs)
    return Line(series="x", points=made, last_at=made[-1].at)


DAYS = Span(start=START, end=START + timedelta(days=20))
"""Long enough for a column a day."""


def test_pages_fall_into_the_day_they_were_counted_in() -> None:
    growth = grown(points((1, 100), (5, 130), (30, 150), (24 * 19, 200)), DAYS)
    assert len(growth.values) == 20
    assert (growth.values[0], growth.values[1], growth.values[19], growth.whole) == (30, 20, 50, 100)


def test_a_fall_is_a_reset_and_no_negative_number() -> None:
    assert grown(points((1, 100), (2, 40), (3, 45)), DAYS) == Growth(values=(5, *(0,) * 19))


def test_the_first_value_is_no_growth() -> None:
    assert grown(points((1, 52_000)), DAYS).whole == 0
    assert grown((), DAYS).whole == 0


def test_growth_at_the_edges_is_counted_inside_and_left_out_before() -> None:
    early = Point(at=START - timedelta(days=2), value=10)
    before = Point(at=START - timedelta(days=1), value=20)
    last = Point(at=DAYS.end + timedelta(hours=1), value=30)
    growth = grown((early, before, last), DAYS)
    assert (growth.whole, growth.values[-1]) == (10, 10)


def test_a_day_of_which_nothing_is_known_is_no_day_without_pages() -> None:
    blank = (at(36), at(96))
    growth = grown(points((1, 100), (30, 130), (96, 400), (97, 410)), DAYS, [blank])
    assert growth.values[:5] == (0, 30, None, None, 10)
    assert (growth.unplaced, growth.whole) == (270, 310)


def test_what_was_printed_in_a_blank_within_one_day_belongs_to_that_day() -> None:
    growth = grown(points((1, 100), (20, 150)), DAYS, [(at(2), at(20))])
    assert (growth.values[0], growth.unplaced) == (50, 0)


def test_what_was_printed_long_after_a_blank_was_not_printed_in_it() -> None:
    growth = grown(points((1, 100), (74, 150)), DAYS, [(at(24), at(72))])
    assert (growth.values[3], growth.unplaced) == (50, 0)


@pytest.mark.parametrize(
    ("length", "bucket"),
    [
        (timedelta(minutes=20), timedelta(minutes=1)),
        (timedelta(hours=3), timedelta(minutes=5)),
        (timedelta(days=1), timedelta(hours=1)),
        (timedelta(days=8), timedelta(hours=6)),
        (timedelta(days=90), timedelta(days=1)),
    ],
)
def test_columns_are_neither_too_many_nor_too_few(length: timedelta, bucket: timedelta) -> None:
    span = Span(start=START, end=START + length)
    assert span.bucket == bucket
    assert 10 < len(grown((), span).values) <= 90


def test_a_new_cartridge_is_a_rise_not_a_tremble() -> None:
    seen = line((0, 0.2), (48, 0.25), (96, 0.98), (144, 0.9), (192, 1.0))
    assert rises(seen, DAYS) == [pytest.approx(0.2)]


def test_a_level_out_of_the_span_is_not_drawn() -> None:
    drawn = level_points(line((0, 0.5), (240, 0.4), (24 * 30, 0.3)), DAYS)
    assert drawn == [(0.0, 50.0), (0.5, 40.0)]


def test_a_span_begins_with_the_first_poll_and_ends_now() -> None:
    now = at(48)
    assert span_of([Heard(start=at(0), until=at(47), polls=2)], now) == Span(start=START, end=now)
    old = [Heard(start=now - timedelta(days=400), until=now, polls=2)]
    assert span_of(old, now).start == now - LONGEST
    ahead = [Heard(start=now + timedelta(hours=1), until=now + timedelta(hours=1), polls=1)]
    assert span_of(ahead, now).end > span_of(ahead, now).start
    assert span_of([], now).end == now


def test_ticks_say_each_thing_once() -> None:
    words = Words("zh")
    labels = [label for _, label in DAYS.ticks(words, "Europe/Berlin", 6)]
    assert labels[0] == "3月4日"
    assert len(labels) == len(set(labels)) == 6
    short = Span(start=START, end=START + timedelta(minutes=2))
    shown = [label for _, label in short.ticks(Words("en"), "UTC", 6)]
    assert shown == ["08:00", "08:01"]
