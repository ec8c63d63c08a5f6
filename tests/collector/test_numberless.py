"""What a device does not put in a number never becomes one: not in a store, a gauge, the API, an alert or an order."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.api import views
from collector.store.alerts import list_alerts
from collector.store.devices import list_devices
from collector.store.landings import landings
from collector.store.orders import list_orders
from collector.store.supplies import list_supplies
from fleet.metric import values
from fleet.supply import Direction, Exact, SomeLeft, SupplyReading, SupplyType, Unknown
from tests.collector.office import Office, office, reading, toner

TYPES = (SupplyType.TONER, SupplyType.INK, SupplyType.DRUM, SupplyType.FUSER, SupplyType.WASTE)
supplies = st.lists(
    st.builds(
        SupplyReading,
        index=st.just("1.1"),
        type=st.sampled_from(TYPES),
        level=st.sampled_from([SomeLeft(), Unknown()]),
        direction=st.just(Direction.CONSUMED),
        color=st.sampled_from(["black", "cyan", None]),
        raw_level=st.sampled_from([-3, -2, -1, 0, 5, 50, 100]),
        raw_max=st.sampled_from([-2, -1, 100, 10_000]),
        unit=st.sampled_from(["percent", "impressions", None]),
    ),
    min_size=1,
    max_size=5,
).map(tuple)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = office(tmp_path_factory.mktemp("numberless"), hold_factor=0, settle_minutes=0)
    made.furnish()
    return made


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=supplies)
def test_no_number_comes_out_where_none_went_in(shop: Office, found: tuple[SupplyReading, ...]) -> None:
    for _ in range(3):
        shop.say(reading(shop.clock.on(5), supplies=found))
    [device] = shop.rows(list_devices)
    rows = shop.rows(list_supplies)
    assert [row.percent for row in rows] == [None] * len(rows)
    assert [views.supply(row).level.percent for row in rows] == [None] * len(rows)
    assert not any("_ratio" in series for series in values(device.state))
    assert not any("_ratio" in series for series in shop.samples.last(device.id))
    assert shop.rows(list_orders) == shop.rows(list_alerts) == ()
    with shop.facts.read() as conn:
        assert landings(conn, shop.tenant_id, device.maker, device.model) == {}


def test_the_level_of_a_waste_box_feeds_nothing(tmp_path: Path) -> None:
    """Makers disagree on what it means; only its fullness, said on evidence, counts."""
    shop = office(tmp_path, hold_factor=0, settle_minutes=0)
    shop.furnish()
    for percent in (90, 50, 3, 0.5):
        box = toner(Exact(percent=percent), type=SupplyType.WASTE, color=None, direction=Direction.FILLED)
        for _ in range(3):
            shop.say(reading(shop.clock.on(30), supplies=(box,)))
    [device] = shop.rows(list_devices)
    assert shop.rows(list_orders) == shop.rows(list_alerts) == ()
    assert not any("_ratio" in series for series in itertools.chain(values(device.state), shop.samples.last(device.id)))
