"""Another cartridge is a large rise that lasts, another serial, or a lasting end of "low"."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts.cartridge import RISE_POINTS, Look, Track, followed

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LASTING = timedelta(minutes=10)


def changes(looks: list[tuple[float | None, bool | None, str | None]]) -> list[int]:
    """Positions at which another cartridge was seen; one look every 5 minutes."""
    track, found = Track(), []
    for position, (percent, low, serial) in enumerate(looks):
        at = START + position * timedelta(minutes=5)
        track, changed = followed(track, Look(at=at, percent=percent, low=low, serial=serial), LASTING)
        if changed:
            found.append(position)
    return found


def levels(*percents: float | None) -> list[tuple[float | None, bool | None, str | None]]:
    return [(percent, None, None) for percent in percents]


def test_a_full_cartridge_in_place_of_an_empty_one() -> None:
    assert changes(levels(30, 12, 4, 4, 100, 100, 100, 99)) == [6]


def test_shaking_is_no_change() -> None:
    assert changes(levels(9, 7, 5, 5, 14, 16, 12, 10, 8, 6)) == []


def test_a_rise_that_does_not_last_is_no_change() -> None:
    assert changes(levels(10, 5, 5, 100, 5, 5, 100, 5, 4)) == []


def test_a_single_nought_on_waking_up_is_no_change() -> None:
    assert changes(levels(60, 60, 0, 60, 60, 59, 59)) == []


def test_levels_that_say_nothing_are_passed_over() -> None:
    assert changes(levels(10, 5, None, None, 100, None, 100, 100)) == [6]


def test_another_serial_is_another_cartridge_at_once() -> None:
    assert changes([(40, None, "A1"), (40, None, "A1"), (95, None, "B2"), (95, None, "B2")]) == [2]


def test_low_that_is_lastingly_gone_is_another_cartridge() -> None:
    said = [(None, low, None) for low in (False, True, True, True, False, False, False, False)]
    assert changes(said) == [6]


def test_low_said_once_is_not_enough() -> None:
    said = [(None, low, None) for low in (False, True, False, False, False, False)]
    assert changes(said) == []


@given(st.lists(st.floats(0, 100), min_size=1, max_size=60))
def test_small_movements_never_make_a_change(steps: list[float]) -> None:
    """A level that only falls, give or take less than the rise that counts."""
    percent, seen = 100.0, []
    for step in steps:
        percent = max(0.0, percent - step / 10)
        seen.append(percent)
        seen.append(min(100.0, percent + (RISE_POINTS - 0.5) * (step / 100)))
    assert changes(levels(*seen)) == []
