"""A row that cannot be read costs its own device's values and nothing else."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text, update

from collector.sinks.prometheus import exposed, gather
from collector.store.devices import list_devices
from collector.store.tables import supply as supply_table
from tests.collector.office import ALL, Office, office, reading

DAMAGED = {
    "a word of another version": '{"health": "splendid"}',
    "another shape": '{"supplies": {"black": 3}}',
    "a list": "[1, 2]",
    "null": "null",
    "cut off": '{"reachable": true, "ident',
    "no text": "\x00\x01",
}


@pytest.fixture
def shop(tmp_path: Path) -> Office:
    made = office(tmp_path)
    made.furnish()
    other = reading(made.clock.now(), key="printer-2")
    other = replace(other, identity=replace(other.identity, serial="SN0099999", macs=(), address="10.0.0.6"))
    made.say(reading(made.clock.now()), other)
    return made


def damage(shop: Office, state: str) -> str:
    """Overwrites the state of the first printer; its id."""
    broken = next(row.id for row in shop.rows(list_devices) if row.serial == "SN0012345")
    with shop.facts.write() as conn:
        conn.execute(text("update device set state = :state where id = :id"), {"state": state, "id": broken})
    return str(broken)


@pytest.mark.parametrize("state", DAMAGED.values(), ids=DAMAGED)
def test_one_unreadable_state_costs_only_its_own_values(
    shop: Office, state: str, caplog: pytest.LogCaptureFixture
) -> None:
    broken = damage(shop, state)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            states = {row.id: row.state for row in shop.rows(list_devices)}
    assert states.pop(broken).supplies is None
    (sound,) = states.values()
    assert sound.supplies is not None
    (line,) = caplog.records
    assert broken in line.getMessage()
    assert "LaserThing 4000" in line.getMessage()


def test_metrics_tell_of_the_others(shop: Office) -> None:
    damage(shop, DAMAGED["cut off"])
    with shop.facts.read() as conn:
        text, _ = exposed(gather(conn, ALL))
    assert text.count(b"printer_supply_level_ratio{") == 1


@pytest.mark.parametrize("state", DAMAGED.values(), ids=DAMAGED)
def test_the_next_reading_puts_it_right(shop: Office, state: str) -> None:
    broken = damage(shop, state)
    with shop.facts.write() as conn:
        conn.execute(update(supply_table).where(supply_table.c.device_id == broken).values(track={"lowest": "high"}))
    assert shop.say(reading(shop.clock.on(5))).rejected == ()
    rows = {row.id: row for row in shop.rows(list_devices)}
    assert len(rows) == 2
    assert rows[broken].state.supplies is not None
    assert rows[broken].standing == "working"
