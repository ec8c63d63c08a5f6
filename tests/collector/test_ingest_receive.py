"""Batches become facts, once."""

from __future__ import annotations

import random
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from collector import receive
from collector.store.agent_events import list_agent_events
from collector.store.devices import list_devices
from collector.store.events import list_events
from collector.store.orders import list_orders
from fleet.counter import Counter, CounterName, CounterUnit
from fleet.device import DeviceState, merged
from fleet.identity import Identity
from fleet.reading import Reading
from fleet.supply import Exact
from tests.collector.office import ALL, START, Office, office, reading, toner


@pytest.fixture
def shop(tmp_path: Path) -> Office:
    made = office(tmp_path)
    made.furnish()
    return made


def content(shop: Office) -> dict[str, Any]:
    """Everything in both stores, as rows."""
    found: dict[str, Any] = {}
    for file in ("facts.db", "samples.db"):
        conn = sqlite3.connect(shop.settings.data_dir / file)
        tables = [row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        for table in tables:
            found[f"{file}/{table}"] = sorted(conn.execute(f'SELECT * FROM "{table}"').fetchall(), key=repr)
        conn.close()
    return found


def test_a_reading_becomes_a_device(shop: Office) -> None:
    receipt = shop.say(reading(shop.clock.now()))
    assert (receipt.accepted, receipt.repeated) == (1, False)
    (row,) = shop.rows(list_devices)
    assert (row.model, row.serial, row.address, row.pages_total) == ("LaserThing 4000", "SN0012345", "10.0.0.5", 1000)
    assert row.standing == "working"
    assert row.tenant_id == shop.tenant_id
    assert [event.kind for event in shop.rows(list_events)] == ["found"]


def test_a_repeated_batch_changes_nothing(shop: Office) -> None:
    batch = shop.batch(reading(shop.clock.now()))
    first = shop.take(batch)
    before = content(shop)
    again = shop.take(batch)
    assert (first.repeated, again.repeated) == (False, True)
    assert again.accepted == first.accepted == 1
    assert content(shop) == before


def test_a_number_that_comes_again_with_other_readings_is_another_batch(shop: Office) -> None:
    """The agent's disk was set back: it numbers on from there, and nothing of it must be lost."""
    first = replace(shop.batch(reading(shop.clock.on(5))), digest="a" * 64)
    other = Identity(maker="Acme", model="LaserThing 5000", serial="SN0099999", address="10.0.0.9")
    second = replace(
        shop.batch(reading(shop.clock.on(5), key="printer-2", identity=other), seq=first.seq), digest="b" * 64
    )
    assert [shop.take(batch).repeated for batch in (first, second)] == [False, False]
    assert sorted(row.serial for row in shop.rows(list_devices)) == ["SN0012345", "SN0099999"]
    before = content(shop)
    assert [shop.take(batch).repeated for batch in (first, second, first)] == [True, True, True]
    assert content(shop) == before
    [event] = shop.rows(list_agent_events)
    assert (event.kind, event.facts["seq"]) == ("number-reused", first.seq)


def test_a_batch_from_before_digests_were_kept_is_known_again(shop: Office) -> None:
    batch = shop.batch(reading(shop.clock.on(5)))
    shop.take(batch)
    assert shop.take(replace(batch, digest="c" * 64)).repeated


def test_three_shuffled_replays_leave_the_same_bytes(shop: Office) -> None:
    batches = []
    for step in range(12):
        at = shop.clock.on(5)
        said = reading(
            at,
            counters=(Counter(name=CounterName.TOTAL, value=1000 + 7 * step),),
            supplies=(toner(Exact(percent=60 - 5 * step)),),
        )
        batches.append(shop.batch(said))
        shop.take(batches[-1])
    assert len(shop.rows(list_orders)) == 1
    before = content(shop)
    order = random.Random(7)
    for _ in range(3):
        order.shuffle(batches)
        for batch in batches:
            shop.take(batch)
    assert content(shop) == before


def test_a_reading_sent_in_another_batch_is_the_same_reading(shop: Office) -> None:
    """The agent split a batch: the readings come again under other numbers."""
    said = [reading(shop.clock.on(5), counters=(Counter(name=CounterName.TOTAL, value=n),)) for n in (5, 6, 7)]
    for one in said:
        shop.say(one)
    before = content(shop)
    for one in (said[2], said[0], said[1], said[0]):
        shop.say(one)
    after = content(shop)
    changing = {"facts.db/batch", "facts.db/agent"}
    assert {k: v for k, v in after.items() if k not in changing} == {
        k: v for k, v in before.items() if k not in changing
    }


def test_a_late_reading_does_not_overwrite_a_newer_one(shop: Office) -> None:
    old = reading(shop.clock.now(), counters=(Counter(name=CounterName.TOTAL, value=5),), location="old place")
    shop.clock.on(5)
    shop.say(reading(shop.clock.now(), counters=(Counter(name=CounterName.TOTAL, value=9),), location="new place"))
    shop.say(old)
    (row,) = shop.rows(list_devices)
    assert (row.pages_total, row.location) == (9, "new place")
    assert [event.kind for event in shop.rows(list_events)] == ["found"]


def test_a_device_that_moved_is_one_device(shop: Office) -> None:
    shop.say(reading(shop.clock.now()))
    said = reading(shop.clock.on(5), key="printer-1-elsewhere")
    shop.say(replace(said, identity=replace(said.identity, address="10.0.9.9")))
    (row,) = shop.rows(list_devices)
    assert row.address == "10.0.9.9"
    moved = shop.rows(list_events, kind="address-changed")
    assert [event.facts["after"] for event in moved] == ["10.0.9.9"]
    assert "same serial" in moved[0].facts["known_by"][0]


def test_another_serial_under_the_same_key_is_another_device(shop: Office) -> None:
    shop.say(reading(shop.clock.now()))
    other = Identity(maker="Acme", model="LaserThing 4000", serial="SN9999999", address="10.0.0.5")
    shop.say(reading(shop.clock.on(5), identity=other))
    rows = {row.serial: row for row in shop.rows(list_devices)}
    assert set(rows) == {"SN0012345", "SN9999999"}
    assert rows["SN0012345"].agent_key is None
    assert not rows["SN0012345"].reachable
    shop.say(reading(shop.clock.on(5), identity=other))
    assert len(shop.rows(list_devices)) == 2


def test_a_new_board_keeps_the_device_and_is_told(shop: Office) -> None:
    uuid = "0b9ab1f0-2c33-4b5c-8f3e-9f2d2b1b0001"
    who = Identity(maker="Acme", model="T", serial="SN0012345", uuid=uuid, macs=("00:80:77:31:01:02",))
    shop.say(reading(shop.clock.now(), identity=who))
    new = replace(who, macs=("00:80:77:99:99:98",))
    shop.say(reading(shop.clock.on(5), identity=new, counters=(Counter(name=CounterName.TOTAL, value=3),)))
    assert len(shop.rows(list_devices)) == 1
    assert {event.kind for event in shop.rows(list_events)} == {"found", "mac-changed", "counter-fell"}
    fell = shop.rows(list_events, kind="counter-fell")[0]
    assert fell.facts == {"total": {"before": 1000, "after": 3}}


def test_an_unknown_device_that_does_not_answer_is_no_device(shop: Office) -> None:
    receipt = shop.say(reading(shop.clock.now(), reachable=False, silence="no answer"))
    assert receipt.accepted == 1
    assert shop.rows(list_devices) == ()


def test_a_wrong_clock_is_set_right(shop: Office) -> None:
    ahead = shop.clock.now() + timedelta(hours=3)
    batch = replace(shop.batch(reading(ahead - timedelta(seconds=30))), sent_at=ahead)
    shop.take(batch)
    (row,) = shop.rows(list_devices)
    assert row.heard_at == START - timedelta(seconds=30)
    assert shop.agent.status["clock_behind_seconds"] == -3 * 3600


def test_an_agent_of_another_site_cannot_touch_the_device(shop: Office, tmp_path: Path) -> None:
    shop.say(reading(shop.clock.now()))
    mine = shop.agent_id
    shop.furnish()
    shop.say(reading(shop.clock.on(5), location="stolen"))
    rows = shop.rows(list_devices)
    assert len(rows) == 2
    assert [row.location for row in rows if row.agent_id == mine] == [None]


def test_what_a_crash_between_the_stores_leaves_is_met_again(shop: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The samples are committed, the facts are not; the batch comes again."""
    batch = shop.batch(reading(shop.clock.now()))

    def crash(*_: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr("collector.receive.agents.add_batch", crash)
        with pytest.raises(RuntimeError, match="power cut"):
            shop.take(batch)
    assert shop.rows(list_devices) == ()
    receipt = shop.take(batch)
    assert receipt.repeated is False
    (row,) = shop.rows(list_devices)
    lines = shop.samples.history(row.id, "printer_pages_total")
    assert [[point.value for point in line.points] for line in lines] == [[1000.0]]
    with shop.facts.read() as conn:
        assert len(list_devices(conn, ALL).items) == 1


def test_two_devices_with_one_serial_stay_two_and_are_told(shop: Office) -> None:
    """A vendor's default serial: the agent tells them apart by key, the MAC addresses differ, both speak."""
    for _ in range(4):
        at = shop.clock.on(2)
        for number in (1, 2):
            said = reading(at, key=f"k{number}")
            who = replace(said.identity, macs=(f"00:80:77:31:03:0{number}",), address=f"10.0.0.{number}")
            shop.say(replace(said, identity=who))
    assert sorted(row.address for row in shop.rows(list_devices)) == ["10.0.0.1", "10.0.0.2"]
    kinds = [event.kind for event in shop.rows(list_events)]
    assert sorted(kinds) == ["found", "found", "identity-conflict"]


def test_an_agent_that_forgot_its_keys_meets_the_same_devices(shop: Office) -> None:
    shop.say(reading(shop.clock.now(), key="old"))
    shop.say(reading(shop.clock.on(5), key="new"))
    assert [row.agent_key for row in shop.rows(list_devices)] == ["new"]


def test_a_reading_that_cannot_be_joined_does_not_hold_up_the_others(
    shop: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever fails for one reading is no reason to refuse the batch for ever."""

    def odd(before: DeviceState, said: Reading) -> DeviceState:
        if said.key == "printer-1":
            raise ValueError("odd")
        return merged(before, said)

    at = shop.clock.now()
    other = replace(reading(at, key="printer-2"), identity=Identity(serial="SN0055555", address="10.0.0.6"))
    shop.say(reading(at))
    monkeypatch.setattr(receive, "merged", odd)
    batch = shop.batch(other, reading(at), other)
    receipt = shop.take(batch)
    assert (receipt.accepted, [aside.position for aside in receipt.rejected]) == (2, [1])
    assert {row.serial for row in shop.rows(list_devices)} == {"SN0012345", "SN0055555"}
    assert shop.take(batch) == replace(receipt, repeated=True)


def test_feet_are_not_shown_as_pages(shop: Office) -> None:
    feet = Counter(name=CounterName.TOTAL, value=5000, unit=CounterUnit.FEET)
    shop.say(reading(shop.clock.now(), counters=(feet,)))
    (row,) = shop.rows(list_devices)
    assert row.pages_total is None
    assert row.state.counters == (feet,)
