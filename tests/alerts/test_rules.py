"""Rules say what holds, what is gone, and what nobody can tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.rules import fault, silent, supply_low
from alerts.rules.supply_low import Limits, Said, Slot
from alerts.standing import Standing, standing
from fleet.device import DeviceState
from fleet.fault import Activity, Condition, Fault, Health, Severity
from fleet.supply import Direction, Empty, Exact, Level, LowOnly, Quantised, SomeLeft, SupplyType, Unknown

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LIMITS = Limits(percent=15, by_type={"drum": 5})
WELL = Said(conditions=(), faults=())


def slot(level: Level, **more: Any) -> Slot:
    values: dict[str, Any] = {
        "key": "toner-black",
        "type": SupplyType.TONER,
        "direction": Direction.CONSUMED,
        "fullness": None,
        "title": "Black Toner",
    }
    return Slot(level=level, **(values | more))


@pytest.mark.parametrize(
    ("level", "holds"),
    [
        (Exact(percent=4), True),
        (Exact(percent=15), True),
        (Exact(percent=15.5), None),
        (Exact(percent=20.5), False),
        (Quantised(percent=10, step=10), True),
        (Quantised(percent=50, step=25), False),
        (Empty(), True),
        (LowOnly(), True),
        (SomeLeft(), False),
    ],
)
def test_when_a_supply_is_low(level: Level, holds: bool | None) -> None:
    assert supply_low.judge([slot(level)], WELL, LIMITS).holds("toner-black") is holds


def test_what_is_not_known_is_never_low() -> None:
    """And it does not end an alert either, where several supplies could be meant."""
    slots = [slot(Unknown()), slot(Exact(percent=50), key="toner-cyan")]
    assert supply_low.judge(slots, WELL, LIMITS).holds("toner-black") is None
    assert supply_low.judge([slot(SomeLeft())], Said(), LIMITS).holds("toner-black") is None


def test_a_type_may_have_a_limit_of_its_own() -> None:
    drum = slot(Exact(percent=12), key="drum", type=SupplyType.DRUM)
    assert supply_low.judge([drum], WELL, LIMITS).holds("drum") is False


def test_the_device_calls_its_only_toner_low() -> None:
    said = Said(conditions=(Condition.LOW_TONER,), faults=())
    assert supply_low.judge([slot(SomeLeft())], said, LIMITS).holds("toner-black") is True


def test_low_toner_among_several_is_not_guessed() -> None:
    said = Said(conditions=(Condition.LOW_TONER,), faults=())
    slots = [slot(SomeLeft()), slot(SomeLeft(), key="toner-cyan")]
    judged = supply_low.judge(slots, said, LIMITS)
    assert (judged.seen, judged.holds("toner-black"), judged.holds("toner-cyan")) == ((), None, None)


@pytest.mark.parametrize(("full", "holds"), [(90.0, True), (50.0, False), (None, False)])
def test_a_receptacle_counts_by_how_full_it_is(full: float | None, holds: bool) -> None:
    """Its level at 5 % may mean nearly full or nearly empty: makers disagree."""
    fullness = Exact(percent=full) if full is not None else None
    waste = slot(Exact(percent=5), key="waste", type=SupplyType.WASTE, direction=Direction.FILLED, fullness=fullness)
    assert supply_low.judge([waste], WELL, LIMITS).holds("waste") is holds


def test_a_full_waste_box_by_the_device_s_word() -> None:
    waste = slot(Unknown(), key="waste", type=SupplyType.WASTE, direction=Direction.FILLED)
    said = Said(faults=(Fault(cause="waste-full", severity=Severity.WARNING),))
    assert supply_low.judge([waste], said, LIMITS).holds("waste") is True


def test_one_observation_per_cause_and_none_for_information() -> None:
    faults = [
        Fault(cause="media-jam", severity=Severity.WARNING, text="jam?"),
        Fault(cause="media-jam", severity=Severity.CRITICAL, text="jam in the rear"),
        Fault(cause="ready", severity=Severity.OTHER, informative=True),
        Fault(cause="toner-low", severity=Severity.WARNING),
    ]
    judged = fault.judge(faults, frozenset({"toner-low"}))
    assert [(seen.subject, seen.severity, seen.text) for seen in judged.seen] == [
        ("media-jam", Severity.CRITICAL, "jam in the rear")
    ]


def test_unrecognised_complaints_are_kept_apart() -> None:
    faults = [Fault(cause="unrecognised", severity=Severity.WARNING, code=code) for code in ("10033", "10034")]
    assert len(fault.judge(faults, frozenset()).seen) == 2


def test_no_faults_asked_is_not_no_faults() -> None:
    assert fault.judge(None, frozenset()).holds("media-jam") is None
    assert fault.judge([], frozenset()).holds("media-jam") is False


def test_a_sleeper_may_be_quiet() -> None:
    asleep = DeviceState(reachable=False, activity=Activity.ASLEEP, asked_at=NOW)
    awake = DeviceState(reachable=False, activity=Activity.IDLE, asked_at=NOW, silence="no answer to SNMP")
    days = timedelta(days=4)
    assert silent.judge_device(asleep, NOW, days, agent_silent=False).holds("device") is None
    assert silent.judge_device(awake, NOW, days, agent_silent=False).holds("device") is True
    assert silent.judge_device(awake, NOW, days, agent_silent=True).holds("device") is None


def test_no_sleep_lasts_for_ever() -> None:
    heard = NOW - timedelta(days=4)
    asleep = DeviceState(
        reachable=False, activity=Activity.ASLEEP, heard_at=heard, asked_at=NOW, ages={"activity": heard}
    )
    days = timedelta(days=4)
    assert silent.judge_device(asleep, NOW - timedelta(seconds=1), days, agent_silent=False).holds("device") is None
    (seen,) = silent.judge_device(asleep, NOW, days, agent_silent=False).seen
    since = heard.isoformat(timespec="seconds")
    assert seen.text == f"asleep since {since}, last heard {since}: no answer"
    assert silent.judge_device(asleep, NOW, days, agent_silent=True).holds("device") is None


def test_an_agent_is_silent_after_its_time() -> None:
    patience = timedelta(minutes=15)
    assert silent.judge_agent(NOW - timedelta(minutes=14), NOW, patience, "a").holds("agent") is False
    assert silent.judge_agent(NOW - timedelta(minutes=15), NOW, patience, "a").holds("agent") is True


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (DeviceState(reachable=True, health=Health.OK), Standing.WORKING),
        (DeviceState(reachable=True, activity=Activity.PRINTING), Standing.WORKING),
        (DeviceState(reachable=True, health=Health.WARNING), Standing.LOOK),
        (DeviceState(reachable=True, health=Health.ERROR), Standing.STOPPED),
        (DeviceState(reachable=True, health=Health.OK, activity=Activity.STOPPED), Standing.STOPPED),
        (DeviceState(reachable=True, activity=Activity.ASLEEP, health=Health.OK), Standing.ASLEEP),
        (DeviceState(reachable=True), Standing.UNKNOWN),
    ],
)
def test_the_word_for_a_device(state: DeviceState, word: Standing) -> None:
    assert standing(state, silent=False) is word
    assert standing(state, silent=True) is Standing.SILENT
