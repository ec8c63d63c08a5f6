"""A fault that lasts opens one ticket; its end is written on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from collector.evaluate import evaluate_due
from collector.store.alerts import list_alerts
from collector.store.devices import list_devices
from collector.store.outbox import list_outbox
from collector.store.tickets import list_tickets, ticket_moves
from fleet.alert import AlertState
from fleet.fault import Activity, Fault, Severity
from fleet.reading import Reading
from fleet.ticket import TicketState
from mibs.catalogue import load
from tests.collector.office import ALL, JAM, Office, office, reading


@pytest.fixture
def shop(tmp_path: Path) -> Office:
    made = office(tmp_path)
    made.furnish()
    return made


def faults(shop: Office, *seen: tuple[Fault, ...], every: float = 3) -> None:
    for told in seen:
        shop.say(reading(shop.clock.on(every), faults=told))


def story(shop: Office, ticket_id: str) -> list[str]:
    with shop.facts.read() as conn:
        return [move.reason for move in ticket_moves(conn, ALL, ticket_id)]


def test_a_jam_that_lasts_opens_one_ticket_with_its_first_steps(shop: Office) -> None:
    faults(shop, *[(JAM,)] * 8)
    (ticket,) = shop.rows(list_tickets)
    assert (ticket.state, ticket.cause, ticket.severity) == (TicketState.REPORTED, "media-jam", "critical")
    assert ticket.title.endswith(": LaserThing 4000")
    assert ticket.facts["first_steps"]["en"]
    assert ticket.facts["first_steps"]["zh"]
    assert ticket.facts["fault"]["text"] == "Paper jam in the rear"
    assert story(shop, ticket.id) == ["The device reports: Paper jam in the rear"]
    (mail,) = shop.rows(list_outbox, kind="alert-mail")
    assert mail.payload["to"] == "it@acme.example"
    assert f"Ticket: T-{ticket.number}\n" in mail.payload["body"]


def test_a_makers_own_code_brings_the_steps_and_the_parts_of_its_unit(shop: Office) -> None:
    said = Fault(cause="fuser-failed", severity=Severity.CRITICAL, text="SC542", vendor_code="SC542", code="30")
    faults(shop, *[(said,)] * 8)
    (ticket,) = shop.rows(list_tickets)
    row = load().cause("fuser-failed")
    assert ticket.facts["first_steps"] == {language: list(steps) for language, steps in row.steps.items()}
    assert (ticket.facts["parts"], ticket.facts["actor"]) == (list(row.parts), "technician")
    assert ticket.facts["fault"]["evidence"]["vendor_code"] == "SC542"


def test_what_no_row_knows_is_told_as_it_was_said(shop: Office) -> None:
    said = Fault(cause="unrecognised", severity=Severity.WARNING, text="Zorgle bent", code="4711", group="99")
    faults(shop, *[(said,)] * 40)
    (alert,) = shop.rows(list_alerts)
    assert (alert.cause, alert.text) == ("unrecognised", "Zorgle bent")
    assert {"code": "4711", "group": "99"}.items() <= dict(alert.evidence).items()


def test_a_jam_that_is_cleared_in_time_opens_nothing(shop: Office) -> None:
    faults(shop, (JAM,), (), (), (JAM,), (), ())
    assert shop.rows(list_tickets) == ()
    assert shop.rows(list_outbox) == ()


def test_its_end_is_written_on_the_ticket(shop: Office) -> None:
    faults(shop, *[(JAM,)] * 4, (), (), ())
    (ticket,) = shop.rows(list_tickets)
    assert ticket.fault_cleared_at is not None
    assert ticket.state is TicketState.REPORTED
    assert story(shop, ticket.id)[-1] == "The device no longer reports the fault"
    faults(shop, (), (), ())
    assert len(story(shop, ticket.id)) == 2


def test_a_fault_that_returns_within_a_day_is_noted_on_the_same_ticket(shop: Office) -> None:
    faults(shop, *[(JAM,)] * 4, (), (), ())
    shop.clock.on(120)
    faults(shop, *[(JAM,)] * 4)
    (ticket,) = shop.rows(list_tickets)
    assert ticket.fault_cleared_at is None
    assert story(shop, ticket.id)[-1] == "The fault is back: Paper jam in the rear"
    assert len(shop.rows(list_alerts)) == 2


def test_a_fault_that_returns_much_later_is_another_ticket(shop: Office) -> None:
    faults(shop, *[(JAM,)] * 4, (), (), ())
    shop.clock.on(26 * 60)
    faults(shop, *[(JAM,)] * 4)
    assert len(shop.rows(list_tickets)) == 2


def test_information_is_no_fault(shop: Office) -> None:
    said = (
        Fault(cause="ready", severity=Severity.OTHER, text="Ready", informative=True),
        Fault(cause="power-saving", severity=Severity.WARNING, text="Sleep"),
    )
    faults(shop, *[said] * 40)
    assert shop.rows(list_alerts) == ()
    assert shop.rows(list_tickets) == ()


def test_a_flapping_jam_opens_one_ticket(shop: Office) -> None:
    """Three hours of it, with an hour of rest between two alerts."""
    faults(shop, *[(JAM,), (JAM,), (JAM,), (), ()] * 12)
    assert len(shop.rows(list_tickets)) == 1
    assert len(shop.rows(list_outbox, kind="alert-mail")) <= 3


def test_time_alone_opens_the_ticket(shop: Office) -> None:
    """The device is asked seldom; the hold time ends in between."""
    faults(shop, (JAM,))
    shop.clock.on(6)
    evaluate_due(shop.facts, shop.bench, shop.clock.now())
    assert len(shop.rows(list_tickets)) == 1


def test_a_device_that_does_not_answer_becomes_silent(shop: Office) -> None:
    shop.say(reading(shop.clock.now()))
    for _ in range(7):
        quiet = reading(shop.clock.on(3), reachable=False, silence="no answer to SNMP at 10.0.0.5")
        shop.say(quiet)
    (alert,) = shop.rows(list_alerts)
    assert (alert.rule, alert.text) == ("device-silent", "no answer to SNMP at 10.0.0.5")
    assert shop.rows(list_devices)[0].standing == "silent"
    shop.say(reading(shop.clock.on(3)))
    assert shop.rows(list_devices)[0].standing == "working"
    assert shop.rows(list_alerts)[0].state is AlertState.CLEARED


def test_a_sleeping_device_is_not_called_silent(shop: Office) -> None:
    shop.say(reading(shop.clock.now(), activity=Activity.ASLEEP))
    for _ in range(10):
        shop.say(reading(shop.clock.on(30), reachable=False, silence="no answer", activity=None, faults=None))
    assert shop.rows(list_alerts) == ()
    assert shop.rows(list_devices)[0].standing == "asleep"


def test_a_device_unplugged_in_its_sleep_becomes_silent_when_no_sleep_is_that_long(shop: Office) -> None:
    shop.say(reading(shop.clock.now(), activity=Activity.ASLEEP))
    for _ in range(4 * 24 * 2 - 1):
        shop.say(reading(shop.clock.on(30), reachable=False, silence="no answer", activity=None, faults=None))
    assert shop.rows(list_alerts) == ()
    for _ in range(3):
        shop.say(reading(shop.clock.on(30), reachable=False, silence="no answer", activity=None, faults=None))
    (alert,) = shop.rows(list_alerts)
    assert alert.rule == "device-silent"
    assert alert.text.startswith("asleep since 2026-03-02T08:00:00+00:00, last heard 2026-03-02T08:00:00+00:00")
    assert shop.rows(list_devices)[0].standing == "silent"


def test_a_silent_agent_is_one_alert_for_all_its_devices(shop: Office) -> None:
    for number in range(5):
        said = reading(shop.clock.now(), key=f"p{number}")
        who = {"serial": f"SN00{number}5678", "macs": (f"00:80:77:31:02:0{number}",), "address": f"10.0.0.{number}"}
        shop.say(_as(said, **who))
    shop.clock.on(16)
    for _ in range(3):
        evaluate_due(shop.facts, shop.bench, shop.clock.on(1))
    (alert,) = shop.rows(list_alerts)
    assert (alert.rule, alert.agent_id) == ("agent-silent", shop.agent_id)
    assert {row.standing for row in shop.rows(list_devices)} == {"silent"}
    assert len(shop.rows(list_outbox, kind="alert-mail")) == 1
    shop.say()
    assert shop.rows(list_alerts)[0].state is AlertState.CLEARED
    evaluate_due(shop.facts, shop.bench, shop.clock.now())
    assert {row.standing for row in shop.rows(list_devices)} == {"working"}


def test_a_collector_that_slept_blames_no_agent(shop: Office) -> None:
    shop.say(reading(shop.clock.now()))
    shop.clock.at += timedelta(days=2)
    woken = Office(shop.settings, shop.clock)
    evaluate_due(woken.facts, woken.bench, shop.clock.now())
    assert woken.rows(list_alerts) == ()


def _as(said: Reading, **who: Any) -> Reading:
    return replace(said, identity=replace(said.identity, **who))
