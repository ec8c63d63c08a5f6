"""The collections: what is known, and nothing more."""

from __future__ import annotations

import pytest

from tests.collector.api.conftest import Asking
from tests.collector.two_customers import TwoCustomers

FIXED = (
    "devices",
    "supplies",
    "forecasts",
    "alerts",
    "orders",
    "tickets",
    "visits",
    "contracts",
    "assets",
    "agents",
    "sites",
)
EMPTY = ("forecasts", "visits", "contracts", "assets")


@pytest.mark.parametrize("name", FIXED)
async def test_every_collection_has_items_and_next(ask: Asking, name: str) -> None:
    page = await ask.get(f"/api/v1/{name}")
    assert set(page) == {"items", "next"}
    assert page["next"] is None
    assert (not page["items"]) == (name in EMPTY)
    for item in page["items"]:
        one = await ask.get(f"/api/v1/{name}/{item['id']}")
        assert {key: one[key] for key in item if key != "moves"} == {k: v for k, v in item.items() if k != "moves"}


async def test_a_device_says_all_it_knows(ask: Asking, customers: TwoCustomers) -> None:
    (device,) = await ask.items("/api/v1/devices?search=SN0012345")
    assert (device["model"], device["kind"], device["firmware"]) == ("LaserThing 4000", "mfp", "1.2.3")
    assert device["site_id"] == customers.acme.site_id
    assert device["counters"] == [
        {"name": "total", "value": 1000, "unit": "impressions"},
        {"name": "mono", "value": 900, "unit": "impressions"},
    ]
    assert device["faults"][0]["cause"] == "media-jam"
    assert device["trays"][0]["level"] == 250
    assert device["lamp_hours"] is None
    assert device["sources"] == {"supplies": "snmp"}
    assert {supply["key"]: supply["level"] for supply in device["supplies"]} == {
        "toner-black": {"is": "exact", "percent": 4.0, "step": None},
        "toner-cyan": {"is": "some-left", "percent": None, "step": None},
        "waste": {"is": "unknown", "percent": None, "step": None},
    }


async def test_supplies_below_a_level_are_only_those_with_a_number_below(ask: Asking) -> None:
    found = await ask.items("/api/v1/supplies?below_percent=10")
    assert [supply["key"] for supply in found] == ["toner-black", "toner-black"]


async def test_an_order_and_a_ticket_tell_their_story(ask: Asking) -> None:
    (order,) = await ask.items("/api/v1/orders?open=true", "acme")
    one = await ask.get(f"/api/v1/orders/{order['id']}", "acme")
    assert (one["state"], one["part_number"], one["open"]) == ("placed", "AT-4000K", True)
    assert [move["after"] for move in one["moves"]] == ["approved", "placed"]
    (ticket,) = await ask.items("/api/v1/tickets?cause=media-jam", "acme")
    one = await ask.get(f"/api/v1/tickets/{ticket['id']}", "acme")
    assert one["moves"][0]["reason"] == "The device reports: Paper jam in the rear"


async def test_filters_leave_out(ask: Asking, customers: TwoCustomers) -> None:
    assert await ask.items("/api/v1/devices?kind=projector") == []
    assert len(await ask.items(f"/api/v1/devices?agent_id={customers.bolt.id}")) == 1
    assert await ask.items("/api/v1/orders?open=false") == []
    assert len(await ask.items("/api/v1/alerts?rule=supply-low&state=raised")) == 2
    assert len(await ask.items("/api/v1/tickets?state=reported")) == 2


async def test_a_list_in_pieces_is_the_whole_list_once(ask: Asking) -> None:
    whole = [supply["id"] for supply in await ask.items("/api/v1/supplies?sort=type")]
    found, cursor = [], ""
    for _ in range(10):
        page = await ask.get(f"/api/v1/supplies?sort=type&limit=2&cursor={cursor}")
        found += [supply["id"] for supply in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == whole
    assert len(whole) == 6
