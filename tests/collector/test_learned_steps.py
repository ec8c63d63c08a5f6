"""A model that is seen to speak in steps is read in steps, by the customer whose devices showed it."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.store.supplies import list_supplies
from fleet.supply import Exact, Level, Quantised, SomeLeft
from tests.collector.office import Office, office, reading, toner


@pytest.fixture
def shop(tmp_path: Path) -> Office:
    made = office(tmp_path)
    made.furnish()
    return made


def show(shop: Office, percent: float) -> Level:
    """The printer shows this level for a while; what is believed of it then."""
    for _ in range(2):
        shop.say(reading(shop.clock.on(30), supplies=(toner(Exact(percent=percent)),)))
    (row,) = shop.rows(list_supplies)
    level: Level = row.level
    return level


def test_a_printer_that_falls_in_tenths_speaks_in_tenths(shop: Office) -> None:
    assert show(shop, 100) == Exact(percent=100)
    assert show(shop, 90) == Exact(percent=90)
    assert show(shop, 70) == Exact(percent=70)
    show(shop, 60)
    assert show(shop, 50) == Quantised(percent=50, step=10)
    assert show(shop, 100) == Quantised(percent=100, step=10), "also of the next cartridge"


def test_one_percent_in_between_takes_it_back(shop: Office) -> None:
    for percent in (90, 80, 70, 60):
        show(shop, percent)
    assert show(shop, 50) == Quantised(percent=50, step=10)
    show(shop, 43)
    assert show(shop, 40) == Exact(percent=40)


def test_a_trembling_level_teaches_nothing(shop: Office) -> None:
    for _ in range(5):
        show(shop, 50)
        show(shop, 60)
    assert show(shop, 50) == Exact(percent=50)


def test_some_left_is_never_a_step(shop: Office) -> None:
    for percent in (90, 80, 70, 60, 50):
        show(shop, percent)
    shop.say(reading(shop.clock.on(30), supplies=(toner(SomeLeft()),)))
    (row,) = shop.rows(list_supplies)
    assert row.level == SomeLeft()


def test_repeating_a_batch_teaches_nothing(shop: Office) -> None:
    for percent in (90, 70):
        show(shop, percent)
    batch = shop.batch(reading(shop.clock.on(30), supplies=(toner(Exact(percent=50)),)))
    for _ in range(10):
        shop.take(batch)
    (row,) = shop.rows(list_supplies)
    assert row.level == Exact(percent=50)
