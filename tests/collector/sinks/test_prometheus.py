"""/metrics: the numbers that are known now, and only those, for who holds a token."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_families
from prometheus_client.parser import text_string_to_metric_families

from collector.keys import SETTINGS
from collector.sinks import prometheus
from collector.store.devices import list_devices
from fleet.identity import Identity
from fleet.metric import METRICS, parsed
from tests.collector.office import ALL, reading
from tests.collector.two_customers import TwoCustomers

Client = TestClient[Any, Any]
Samples = list[tuple[str, dict[str, str], float]]


@pytest.fixture
def customers(tmp_path: Path) -> TwoCustomers:
    return TwoCustomers(tmp_path)


@pytest.fixture
async def client(customers: TwoCustomers, aiohttp_client: Any) -> Client:
    """A program with a token that sees everything."""
    app = await asyncio.to_thread(customers.app, prometheus)
    made: Client = await aiohttp_client(app, headers=customers.header("all"))
    return made


async def scrape(client: Client, **headers: str) -> Samples:
    answer = await client.get("/metrics", headers=headers)
    assert answer.status == 200
    families = text_string_to_metric_families(await answer.text())
    return [(sample.name, dict(sample.labels), sample.value) for family in families for sample in family.samples]


async def test_the_numbers_are_those_of_the_samples(client: Client, customers: TwoCustomers) -> None:
    """One table of names: what /metrics says of a device is what was stored of it."""
    (row, _) = (await customers.office.facts.ask(list_devices, ALL)).items
    stored = await asyncio.to_thread(customers.office.samples.last, row.id)
    expected = {
        (parsed(series)[0], *sorted(parsed(series)[1].items())): point.value for series, point in stored.items()
    }
    found = {
        (name, *sorted((key, value) for key, value in labels.items() if key != "device")): value
        for name, labels, value in await scrape(client)
        if labels.get("device") == row.id and name in METRICS
    }
    assert found == expected
    assert ("printer_supply_level_ratio", ("supply", "toner-black")) in found


async def test_a_level_without_a_number_gives_a_state_and_no_ratio(client: Client) -> None:
    samples = await scrape(client)
    ratios = {labels["supply"]: value for name, labels, value in samples if name == "printer_supply_level_ratio"}
    states = {labels["supply"]: value for name, labels, value in samples if name == "printer_supply_level_state"}
    assert ratios == {"toner-black": 0.04}
    assert states == {"toner-black": 5, "toner-cyan": 1, "waste": 0}


async def test_who_a_device_is_stands_in_info_alone(client: Client, customers: TwoCustomers) -> None:
    samples = await scrape(client)
    (info,) = [
        labels for name, labels, _ in samples if name == "printer_info" and labels["site_id"] == customers.acme.site_id
    ]
    assert (info["model"], info["firmware"], info["serial"]) == ("LaserThing 4000", "1.2.3", "SN0012345")
    for name, labels, _ in samples:
        if name in METRICS:
            assert set(labels) == {"device", *METRICS[name].labels}


async def test_a_silent_device_is_down_and_has_no_old_numbers(client: Client, customers: TwoCustomers) -> None:
    before = {name for name, labels, _ in await scrape(client)}
    silent = reading(
        customers.office.clock.on(5), reachable=False, silence="no answer", identity=Identity(serial="SN0098765")
    )
    await asyncio.to_thread(customers.office.say, silent)
    rows = (await customers.office.facts.ask(list_devices, ALL)).items
    (gone,) = [row.id for row in rows if not row.reachable]
    found = [(name, value) for name, labels, value in await scrape(client) if labels.get("device") == gone]
    assert dict(found)["printer_up"] == 0
    assert {name for name, _ in found} == {"printer_up", "printer_info", "printer_heard_timestamp_seconds"}
    assert before >= {"printer_supply_level_ratio", "printer_pages_total"}


async def test_our_own_numbers_stand_apart(client: Client) -> None:
    samples = [(name, labels, value) for name, labels, value in await scrape(client) if name.startswith("pagewarden_")]
    assert ("pagewarden_orders", {"state": "placed"}, 2.0) in samples
    assert ("pagewarden_tickets", {"state": "reported"}, 2.0) in samples
    assert sum(value for name, _, value in samples if name == "pagewarden_devices") == 2
    assert len([name for name, _, _ in samples if name == "pagewarden_agent_heard_timestamp_seconds"]) == 2


async def test_openmetrics_where_it_is_asked_for(client: Client) -> None:
    answer = await client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert answer.content_type == "application/openmetrics-text"
    families = {family.name: family for family in open_families(await answer.text())}
    assert families["printer_pages"].type == "counter"
    assert families["printer_supply_level_ratio"].unit == "ratio"


async def test_texts_of_devices_are_inert(client: Client, customers: TwoCustomers) -> None:
    evil = 'A"} 1\nprinter_up{device="x"} 1 # \\'
    seen = reading(customers.office.clock.on(5), firmware=evil, identity=Identity(serial="SN0098765", model=evil))
    await asyncio.to_thread(customers.office.say, seen)
    samples = await scrape(client)
    assert evil in {labels["firmware"] for name, labels, _ in samples if name == "printer_info"}
    assert "x" not in {labels.get("device") for _, labels, _ in samples}


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"Host": "127.0.0.1:8060"},
        {"Host": "localhost"},
        {"X-Forwarded-For": "203.0.113.9"},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer pagewarden_api_no"},
    ],
)
async def test_nobody_reads_without_a_token_wherever_they_seem_to_be(
    customers: TwoCustomers, aiohttp_client: Any, sent: dict[str, str]
) -> None:
    """Behind a proxy that says nothing of itself everybody comes from this machine, so that is no proof."""
    client = await aiohttp_client(await asyncio.to_thread(customers.app, prometheus))
    refused = await client.get("/metrics", headers=sent)
    assert refused.status == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert "printer_" not in await refused.text()


async def test_a_token_shows_its_own_customer(client: Client, customers: TwoCustomers) -> None:
    everything = await scrape(client)
    acme = await scrape(client, **customers.header("acme"))
    tenants = {labels["tenant_id"] for name, labels, _ in acme if name == "printer_info"}
    assert tenants == {customers.acme.tenant_id}
    assert ("pagewarden_orders", {"state": "placed"}, 1.0) in acme
    assert len(acme) < len(everything)


async def test_open_only_where_the_settings_say_so(customers: TwoCustomers, aiohttp_client: Any) -> None:
    app = await asyncio.to_thread(customers.app, prometheus)
    app[SETTINGS] = replace(app[SETTINGS], metrics_open=True)
    assert (
        len({labels["tenant_id"] for _, labels, _ in await scrape(await aiohttp_client(app)) if "tenant_id" in labels})
        == 2
    )
