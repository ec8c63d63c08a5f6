"""A device that is another one at each look does not fill the house."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from collector.store.agent_events import list_agent_events
from collector.store.devices import list_devices
from collector.store.scope import Scope
from collector.store.tables import rejected_reading
from fleet.reading import Reading
from tests.collector.office import Office, office, reading


@pytest.fixture
def shop(tmp_path: Path) -> Office:
    made = office(tmp_path, new_devices_per_hour=5)
    made.furnish()
    return made


def somebody_else(shop: Office, number: int) -> Reading:
    said = reading(shop.clock.now(), key=f"key-{number}")
    mac = f"00:80:77:32:{number // 256:02x}:{number % 256:02x}"
    return replace(said, identity=replace(said.identity, serial=f"XY{number:07}", macs=(mac,)))


def test_new_devices_beyond_the_hour_s_number_are_set_aside_with_the_reason(shop: Office) -> None:
    shop.clock.on(25 * 60)
    for number in range(20):
        shop.clock.on(1)
        shop.say(somebody_else(shop, number))
    assert len(shop.rows(list_devices)) == 5
    with shop.facts.read() as conn:
        reasons = conn.execute(select(rejected_reading.c.reason)).scalars().all()
    assert len(reasons) == 15
    assert "rules.new_devices_per_hour" in reasons[0]
    assert "10.0.0.5" in reasons[0]
    receipt = shop.say(somebody_else(shop, 2))
    assert receipt.accepted == 1
    shop.clock.on(61)
    assert shop.say(somebody_else(shop, 99)).accepted == 1
    assert len(shop.rows(list_devices)) == 6


def test_an_agent_gets_to_know_its_networks_on_its_first_day(shop: Office) -> None:
    assert shop.say(*(somebody_else(shop, number) for number in range(40))).accepted == 40


def test_what_an_agent_had_to_drop_is_not_forgotten_with_its_next_status(shop: Office) -> None:
    gap = {"readings": 12, "first_at": "2026-03-01T08:00:00+00:00", "last_at": "2026-03-01T09:00:00+00:00"}
    batch = replace(shop.batch(reading(shop.clock.now())), status={"gaps": [gap, "odd", {"readings": "many"}]})
    for _ in range(2):
        shop.take(batch)
    shop.say(reading(shop.clock.on(5)))
    assert "gaps" not in shop.agent.status
    (kept,) = shop.rows(list_agent_events, agent_id=shop.agent_id)
    assert (kept.kind, kept.facts) == ("gap", gap)
    with shop.facts.read() as conn:
        assert list_agent_events(conn, Scope.of("other")).items == ()
