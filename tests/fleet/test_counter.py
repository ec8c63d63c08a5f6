"""A counter that falls is a reset to be looked at, never a negative volume."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fleet.counter import LIFETIME, Change, CounterName, change

counts = st.integers(0, 2**62)


@given(counts, counts)
def test_a_change_says_which_way(before: int, now: int) -> None:
    expected = {-1: Change.FELL, 0: Change.SAME, 1: Change.GROWN}[(now > before) - (now < before)]
    assert change(before, now) is expected


def test_the_first_value_is_growth() -> None:
    assert change(None, 0) is Change.GROWN


def test_only_the_counter_of_the_day_may_fall_unremarked() -> None:
    assert set(CounterName) - LIFETIME == {CounterName.SINCE_POWER_ON}
