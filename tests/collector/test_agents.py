"""Several agents, and agents that are no more: what is then known of their devices."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.dialects import postgresql

from collector import agents
from collector.evaluate import evaluate_due
from collector.receive import Batch, take
from collector.store.agents import AgentRow, add_site_token, agent, enrol
from collector.store.alerts import AlertFilter, list_alerts
from collector.store.devices import list_devices
from collector.store.events import list_events
from collector.store.orders import list_orders
from collector.store.sites import locking
from collector.store.tickets import list_tickets
from fleet.fault import Health
from fleet.reading import Reading
from fleet.supply import Exact
from tests.collector.office import ALL, JAM, START, Office, office, reading, toner


@pytest.fixture
def shop(tmp_path: Path) -> Office:
    made = office(tmp_path)
    made.furnish()
    return made


def second_agent(shop: Office) -> AgentRow:
    with shop.facts.write() as conn:
        token = add_site_token(conn, shop.site_id, START, START + timedelta(days=1))
        enrolled = enrol(conn, token, "agent-2", "0.1.0", START)
        assert enrolled is not None
        row = agent(conn, ALL, enrolled[0])
    assert row is not None
    return row


def say(shop: Office, who: AgentRow, *readings: Reading) -> None:
    shop.seq += 1
    batch = Batch(
        spool=who.name, seq=shop.seq, sent_at=shop.clock.now(), status={}, readings=tuple(enumerate(readings))
    )
    take(shop.facts, shop.samples, shop.bench, who, batch, shop.clock.now())


def theirs(one: Reading) -> Reading:
    return replace(one, key="seen-from-elsewhere")


def test_two_agents_on_one_device_make_one_order_and_one_ticket(shop: Office) -> None:
    other = second_agent(shop)
    for _ in range(20):
        at = shop.clock.on(2)
        low = reading(at, supplies=(toner(Exact(percent=3)),), faults=(JAM,), health=Health.ERROR)
        shop.say(low)
        say(shop, other, theirs(low))
    assert [len(shop.rows(of)) for of in (list_devices, list_orders, list_tickets)] == [1, 1, 1]


def test_two_agents_at_once_take_nothing_from_each_other(shop: Office) -> None:
    """The newest word stands, whoever comes first; what only one of them said stays."""
    shop.say(reading(shop.clock.now()))
    other = second_agent(shop)
    older = reading(shop.clock.on(1), location="Room 1", display="Ready")
    newer = theirs(reading(shop.clock.on(1), location="Room 2", display=None))
    both = threading.Barrier(2)

    def send(who: AgentRow, one: Reading) -> None:
        both.wait(5)
        say(shop, who, one)

    sending = [threading.Thread(target=send, args=given) for given in ((other, newer), (shop.agent, older))]
    for thread in sending:
        thread.start()
    for thread in sending:
        thread.join(20)
    (row,) = shop.rows(list_devices)
    assert (row.location, row.state.location, row.asked_at) == ("Room 2", "Room 2", newer.taken_at)
    assert row.state.display == "Ready"


def test_a_batch_locks_its_site_where_writers_are_many() -> None:
    """SQLite has one writer; on PostgreSQL the row lock does it."""
    said = str(locking(["b", "a"]).compile(dialect=postgresql.dialect()))
    assert said.endswith("ORDER BY site.id FOR NO KEY UPDATE")


def test_an_agent_that_does_not_reach_a_device_does_not_silence_it(shop: Office) -> None:
    """Another one speaks with it: a firewall between two rooms is no silence of the device."""
    other = second_agent(shop)
    shop.say(reading(shop.clock.now()))
    say(shop, other, theirs(reading(shop.clock.on(1))))
    for _ in range(30):
        shop.say(reading(shop.clock.on(1)))
        silent = replace(reading(shop.clock.on(1)), reachable=False, silence="no answer to SNMP")
        say(shop, other, theirs(silent))
        (row,) = shop.rows(list_devices)
        assert (row.reachable, row.standing) == (True, "working")
    assert shop.rows(list_alerts, AlertFilter(with_held=True)) == ()
    for _ in range(60):  # the first one stopped asking: now the other's word counts
        silent = replace(reading(shop.clock.on(1)), reachable=False, silence="no answer to SNMP")
        say(shop, other, theirs(silent))
    (row,) = shop.rows(list_devices)
    assert (row.reachable, row.standing) == (False, "silent")


def test_nothing_is_known_of_the_devices_of_an_agent_out_of_service(shop: Office) -> None:
    shop.say(reading(shop.clock.now()))
    with shop.facts.write() as conn:
        assert agents.revoke(conn, ALL, shop.agent_id, actor="admin", now=shop.clock.now())
    for _ in range(30):
        shop.clock.on(5)
        evaluate_due(shop.facts, shop.bench, shop.clock.now())
    (row,) = shop.rows(list_devices)
    assert row.standing == "silent"
    assert [alert.state for alert in shop.rows(list_alerts)] == []
    other = second_agent(shop)
    say(shop, other, theirs(reading(shop.clock.now())))
    assert [row.standing for row in shop.rows(list_devices)] == ["working"]


def test_the_silence_of_an_agent_ends_with_its_service(shop: Office) -> None:
    shop.say(reading(shop.clock.now()))
    shop.clock.on(120)
    evaluate_due(shop.facts, shop.bench, shop.clock.now())
    assert [alert.rule for alert in shop.rows(list_alerts)] == ["agent-silent"]
    with shop.facts.write() as conn:
        agents.revoke(conn, ALL, shop.agent_id, actor="admin", now=shop.clock.on(1))
    evaluate_due(shop.facts, shop.bench, shop.clock.on(1))
    assert [alert.state for alert in shop.rows(list_alerts)] == ["cleared"]
    assert [row.standing for row in shop.rows(list_devices)] == ["silent"]
    assert [event.kind for event in shop.rows(list_events)] == ["found"]
