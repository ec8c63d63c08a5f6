"""A model that is seen to speak in steps is read in steps, by the customer whose devices showed it."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.store.supplies import list_supplies
from fleet.identity import Identity
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


def life(shop: Office) -> Level:
    """One cartridge from full to nearly empty, in tenths."""
    return [show(shop, percent) for percent in range(100, 0, -10)][-1]


def test_a_printer_that_falls_in_tenths_speaks_in_tenths(shop: Office) -> None:
    assert show(shop, 100) == Exact(percent=100)
    assert show(shop, 90) == Exact(percent=90)
    assert life(shop) == Quantised(percent=10, step=5), "nine falls might still be those of a device in fives"
    show(shop, 90)
    show(shop, 80)
    assert show(shop, 70) == Quantised(percent=70, step=10)
    assert show(shop, 100) == Quantised(percent=100, step=10), "also of the next cartridge"


def test_one_percent_in_between_takes_it_back(shop: Office) -> None:
    life(shop)
    assert life(shop) == Quantised(percent=10, step=10)
    show(shop, 100)
    show(shop, 43)
    assert show(shop, 40) == Exact(percent=40)


def test_where_a_device_stands_when_it_is_found_teaches_nothing(shop: Office) -> None:
    for number in range(12):
        who = Identity(maker="Acme", model="LaserThing 4000", serial=f"SN77{number:05}", address=f"10.0.1.{number}")
        for _ in range(2):
            said = reading(shop.clock.on(5), key=f"p{number}", identity=who, supplies=(toner(Exact(percent=50)),))
            shop.say(said)
    assert {row.level for row in shop.rows(list_supplies)} == {Exact(percent=50)}


def test_a_trembling_level_teaches_nothing(shop: Office) -> None:
    for _ in range(5):
        show(shop, 50)
        show(shop, 60)
    assert show(shop, 50) == Exact(percent=50)


def test_some_left_is_never_a_step(shop: Office) -> None:
    life(shop)
    life(shop)
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
