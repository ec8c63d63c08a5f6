"""The loops of the collector outlive whatever goes wrong in them, and one bad device stops nobody else's."""

from __future__ import annotations

import asyncio
import threading
import time
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
from collector.store.outbox import list_outbox
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
        evaluate_due(shop.facts, shop.bench, shop.clock.now())
    assert [ticket.device_id for ticket in shop.rows(list_tickets)] == [sound]


def _state(shop: Office, ident: str) -> dict[str, Any]:
    return dict(next(row.state_plain for row in shop.rows(list_devices) if row.id == ident))


def test_no_reading_waits_for_the_whole_fleet(shop: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the midst of judging, between two small groups, a batch comes in."""
    monkeypatch.setattr(evaluate, "AT_ONCE", 1)
    two_jammed(shop)
    judged: list[str] = []
    waiting: list[threading.Thread] = []
    judge = evaluate.evaluate_device

    def batch() -> None:
        asked.set()
        with shop.facts.write():
            judged.append("batch")

    def slowly(conn: Any, bench: Any, row: Any, now: Any) -> None:
        judge(conn, bench, row, now)
        judged.append(row.id)
        if not waiting:
            waiting.append(threading.Thread(target=batch))
            waiting[0].start()
            asked.wait(5)
            deadline = time.monotonic() + 5
            while len(shop.facts._one_writer._waiting) < 2 and time.monotonic() < deadline:  # type: ignore[attr-defined]
                time.sleep(0.001)

    asked = threading.Event()
    monkeypatch.setattr(evaluate, "evaluate_device", slowly)
    shop.clock.on(1)
    evaluate_due(shop.facts, shop.bench, shop.clock.now())
    waiting[0].join(5)
    assert [one == "batch" for one in judged] == [False, True, False]


def test_what_was_cut_short_is_due_again_and_happens_once(shop: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "AT_ONCE", 1)
    two_jammed(shop)
    judge, cut = evaluate.evaluate_device, []

    def dies(conn: Any, bench: Any, row: Any, now: Any) -> None:
        judge(conn, bench, row, now)
        cut.append(row.id)
        if len(cut) == 2:
            raise OSError("the power went")

    shop.clock.on(6)
    monkeypatch.setattr(evaluate, "evaluate_device", dies)
    with pytest.raises(OSError, match="power"):
        evaluate_due(shop.facts, shop.bench, shop.clock.now())
    assert len(shop.rows(list_tickets)) == 1
    for _ in range(3):
        evaluate_due(shop.facts, shop.bench, shop.clock.now())
    assert len(shop.rows(list_tickets)) == 2
    assert len(shop.rows(list_outbox, kind="alert-mail")) == 2


def test_a_reading_is_kept_when_judging_it_fails(shop: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch that fails for ever would hold up everything its agent has behind it."""

    def fails(*_: Any) -> None:
        raise KeyError("no such rule")

    monkeypatch.setattr(evaluate, "_judged", fails)
    assert shop.say(reading(shop.clock.now())).accepted == 1
    assert len(shop.rows(list_devices)) == 1
    assert shop.rows(list_alerts, AlertFilter(with_held=True)) == ()
