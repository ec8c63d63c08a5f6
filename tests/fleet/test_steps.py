"""How finely a supply is measured, learned from what devices showed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.steps import FINE, STEPS, in_steps, step_of
from fleet.supply import Empty, Exact, Level, LowOnly, Quantised, SomeLeft, SupplyReading, SupplyType, Unknown


def toner(level: Level) -> SupplyReading:
    return SupplyReading(index="1.1", type=SupplyType.TONER, level=level)


def shown_by(step: int, cartridges: int) -> dict[float, int]:
    """What a device shows that rounds down to steps, over the lives of cartridges."""
    found: dict[float, int] = {}
    for _ in range(cartridges):
        for level in range(100 - step, 0, -step):
            found[float(level)] = found.get(float(level), 0) + 1
    return found


@pytest.mark.parametrize(("step", "cartridges"), [(50, 10), (25, 2), (20, 3), (10, 2), (5, 1)])
def test_a_coarse_device_is_known_after_some_cartridges(step: int, cartridges: int) -> None:
    assert step_of(shown_by(step, cartridges)) == step


@pytest.mark.parametrize(("step", "enough"), [(50, 10), (25, 5), (20, 10), (10, 10), (5, 5)])
def test_few_falls_are_no_proof(step: int, enough: int) -> None:
    levels = [float(level) for level in range(100 - step, 0, -step)]
    said = [levels[n % len(levels)] for n in range(enough)]
    assert step_of({level: said[:-1].count(level) for level in said[:-1]}) != step
    assert step_of({level: said.count(level) for level in said}) == step


def test_a_device_in_tenths_is_not_taken_for_a_coarser_one() -> None:
    """Seen seldom, it may show only 75, 50 and 25, or 50 twice."""
    assert step_of({50.0: 2}) == FINE
    assert step_of({80.0: 1, 60.0: 1, 40.0: 1, 20.0: 1}) < 20


def test_one_value_between_the_steps_is_proof_of_the_contrary() -> None:
    shown = shown_by(10, cartridges=30)
    assert step_of({**shown, 37.0: 1}) == FINE
    assert step_of({**shown, 45.0: 1}) == 5, "it still speaks in fives"
    assert step_of({**shown, 40.5: 1}) == FINE


def test_full_and_empty_say_nothing() -> None:
    assert step_of({100.0: 500, 0.0: 500}) == FINE
    assert step_of({}) == FINE


def test_a_device_that_measures_in_single_percents_is_hardly_ever_mistaken() -> None:
    chance, mistaken = random.Random(20260101), 0
    for _ in range(2_000):
        falls: dict[float, int] = {}
        for _ in range(chance.randint(1, 12)):
            level = float(chance.randint(1, 99))
            falls[level] = falls.get(level, 0) + 1
        mistaken += step_of(falls) > FINE
    assert mistaken <= 6


@given(st.dictionaries(st.floats(0, 100), st.integers(0, 50)))
def test_the_step_found_divides_everything_shown(shown: dict[float, int]) -> None:
    step = step_of(shown)
    assert step == FINE or all(level % step == 0 for level, times in shown.items() if times)


@given(st.sampled_from([SomeLeft(), LowOnly(), Unknown(), Empty()]), st.sampled_from([*STEPS, FINE]))
def test_only_numbers_become_steps(level: Level, step: int) -> None:
    assert in_steps(toner(level), step).level == level


def test_a_number_becomes_a_step_where_it_is_one() -> None:
    assert in_steps(toner(Exact(percent=80)), 10).level == Quantised(percent=80, step=10)
    assert in_steps(toner(Exact(percent=80)), FINE).level == Exact(percent=80)
    assert in_steps(toner(Exact(percent=83)), 10).level == Exact(percent=83)
