"""The loops of the collector outlive whatever goes wrong in them, and one bad device stops nobody else's."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from collector import evaluate
from collector.background import every
from collector.evaluate import evaluate_due
from collector.store.alerts import AlertFilter, list_alerts
from collector.store.devices import list_devices
from collector.store.tables import device as device_table
from collector.store.tickets import list_tickets
from fleet.fault import Health
from tests.collector.office import JAM, HandClock, Office, office, reading


@pytest.fixture
def shop(tmp_path: Path) -> Office:
    made = office(tmp_path)
    made.furnish()
    return made


@pytest.mark.parametrize("error", [KeyError("steps"), ValueError("odd"), AssertionError(), OSError("disk")])
async def test_a_loop_goes_on_after_any_error(error: Exception) -> None:
    turns = 0
    third = asyncio.Event()

    async def work() -> None:
        nonlocal turns
        turns += 1
        if turns >= 3:
            third.set()
        raise error

    loop = asyncio.create_task(every(HandClock(), 1, "judging", work))
    await asyncio.wait_for(third.wait(), 5)
    assert not loop.done()
    loop.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loop


def two_jammed(shop: Office) -> tuple[str, str]:
    """Two devices with a jam that is not yet told: the ids of the first and the second."""
    at = shop.clock.now()
    other = reading(at, key="printer-2", faults=(JAM,), health=Health.ERROR)
    other = replace(other, identity=replace(other.identity, serial="SN0099999", macs=(), address="10.0.0.6"))
    shop.say(reading(at, faults=(JAM,), health=Health.ERROR), other)
    first, second = sorted(row.id for row in shop.rows(list_devices))
    return first, second


def test_a_device_that_cannot_be_judged_does_not_stop_the_others(shop: Office) -> None:
    broken, sound = two_jammed(shop)
    with shop.facts.write() as conn:
        conn.execute(update(device_table).where(device_table.c.id == broken).values(state={"health": "splendid"}))
    for _ in range(7):
        shop.clock.on(5)
        with shop.facts.write() as conn:
            conn.execute(
                update(device_table)
                .where(device_table.c.id == sound)
                .values(state={**_state(shop, sound), "asked_at": shop.clock.now().isoformat()})
            )
            evaluate_due(conn, shop.bench, shop.clock.now())
    assert [ticket.device_id for ticket in shop.rows(list_tickets)] == [sound]


def _state(shop: Office, ident: str) -> dict[str, Any]:
    return dict(next(row.state_plain for row in shop.rows(list_devices) if row.id == ident))


def test_a_reading_is_kept_when_judging_it_fails(shop: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch that fails for ever would hold up everything its agent has behind it."""

    def fails(*_: Any) -> None:
        raise KeyError("no such rule")

    monkeypatch.setattr(evaluate, "_judged", fails)
    assert shop.say(reading(shop.clock.now())).accepted == 1
    assert len(shop.rows(list_devices)) == 1
    assert shop.rows(list_alerts, AlertFilter(with_held=True)) == ()
