"""A level says no more than the device said."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.supply import Empty, Exact, Level, LowOnly, Quantised, SomeLeft, Unknown, level_percent
from tests.fleet.words import numbered, numberless


@given(numbered)
def test_a_stated_number_comes_out_as_it_went_in(level: Level) -> None:
    percent = level_percent(level)
    assert percent is not None
    assert 0 <= percent <= 100
    assert percent == getattr(level, "percent", 0.0)


@given(numberless)
def test_no_number_is_made_of_some_left_low_or_unknown(level: Level) -> None:
    assert level_percent(level) is None


def test_only_two_kinds_have_a_field_that_could_be_read_as_a_number() -> None:
    assert {kind for kind in get_args(Level) if fields(kind)} == {Exact, Quantised}


def test_all_six_kinds_differ() -> None:
    kinds = [Exact(percent=0), Quantised(percent=0, step=10), SomeLeft(), LowOnly(), Empty(), Unknown()]
    assert {type(kind) for kind in kinds} == set(get_args(Level))
    assert all(one != other for i, one in enumerate(kinds) for other in kinds[i + 1 :])


@pytest.mark.parametrize("percent", [-1, -3, 100.1, 255, math.nan, math.inf])
def test_what_is_no_percentage_is_refused(percent: float) -> None:
    with pytest.raises(ValueError, match="percent"):
        Exact(percent=percent)
    with pytest.raises(ValueError, match="no such level"):
        Quantised(percent=percent, step=10)


@given(st.integers().filter(lambda step: not 1 <= step <= 50))
def test_a_step_is_between_1_and_50(step: int) -> None:
    with pytest.raises(ValueError, match="no such level"):
        Quantised(percent=50, step=step)
