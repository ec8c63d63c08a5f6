"""One device, several protocols, one reading."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from agent.ipp.raw import IppRaw
from agent.normalise import NORMALISERS, normalise_all
from agent.normalise.merge import DEFAULT, merge
from agent.pjlink import PjlinkRaw
from fleet.counter import Counter, CounterName, CounterUnit
from fleet.fault import Activity, Condition, Fault, Health, Severity
from fleet.identity import Identity
from fleet.reading import Conflict, Disputed, Kind, Reading, Round
from fleet.supply import Empty, Exact, SomeLeft, SupplyReading, SupplyType
from mibs.catalogue import load

NOW = datetime(2026, 3, 4, 9, 12, tzinfo=UTC)


def said(**values: Any) -> Reading:
    return Reading(key="", taken_at=NOW, reachable=True, **values)


def merged(**parts: Reading) -> Reading:
    return merge(list(parts.items()), key="k", address="10.0.0.5", round_=Round.FULL, taken_at=NOW)


def fault(cause: str, **more: Any) -> Fault:
    return Fault(cause=cause, severity=Severity.WARNING, **more)


def total(value: int, unit: CounterUnit = CounterUnit.IMPRESSIONS) -> tuple[Counter, ...]:
    return (Counter(name=CounterName.TOTAL, value=value, unit=unit),)


def toner(level: Any, color: str = "black") -> SupplyReading:
    return SupplyReading(index="1", type=SupplyType.TONER, level=level, color=color)


def test_the_better_source_wins_whatever_the_order() -> None:
    one, other = said(location="by SNMP", display="Ready"), said(location="by IPP", firmware="2")
    for found in (merged(snmp=one, ipp=other), merged(ipp=other, snmp=one)):
        assert (found.location, found.display, found.firmware) == ("by IPP", "Ready", "2")
        assert found.sources == {"location": "ipp", "display": "snmp", "firmware": "ipp"}
        assert (found.key, found.identity.address, found.round) == ("k", "10.0.0.5", Round.FULL)


def test_every_protocol_has_its_place() -> None:
    assert set(DEFAULT) == set(NORMALISERS)
    assert merged(tomorrow=said(location="Hall")).location == "Hall", "a probe of somebody else is heard too"


def test_none_and_nothing_are_kept_apart() -> None:
    assert merged(snmp=said(), ipp=said()).supplies is None
    assert merged(snmp=said(supplies=()), ipp=said()).supplies == ()
    assert merged(snmp=said(supplies=()), ipp=said(supplies=(toner(Exact(percent=5)),))).sources["supplies"] == "ipp"


@pytest.mark.parametrize(
    ("kinds", "kind"),
    [
        ({"ipp": Kind.PRINTER, "escl": Kind.SCANNER}, Kind.MFP),
        ({"ipp": Kind.PRINTER, "escl": Kind.MFP}, Kind.MFP),
        ({"snmp": Kind.MFP, "ipp": Kind.PRINTER}, Kind.MFP),
        ({"snmp": Kind.OTHER, "pjlink": Kind.PROJECTOR}, Kind.PROJECTOR),
        ({"snmp": Kind.OTHER, "escl": Kind.SCANNER}, Kind.SCANNER),
        ({"snmp": Kind.LABEL_PRINTER, "ipp": Kind.PRINTER}, Kind.LABEL_PRINTER),
        ({"snmp": Kind.OTHER}, Kind.OTHER),
    ],
)
def test_kinds_complete_each_other(kinds: dict[str, Kind], kind: Kind) -> None:
    assert merged(**{protocol: said(kind=value) for protocol, value in kinds.items()}).kind is kind


def test_the_worst_health_and_every_condition_count() -> None:
    found = merged(
        snmp=said(health=Health.OK, conditions=(Condition.NO_PAPER,)),
        ipp=said(health=Health.ERROR, conditions=(Condition.LOW_PAPER, Condition.JAMMED)),
    )
    assert (found.health, found.sources["health"]) == (Health.ERROR, "ipp")
    assert found.conditions == (Condition.LOW_PAPER, Condition.NO_PAPER, Condition.JAMMED)


def test_other_gives_way_to_a_word_that_says_more() -> None:
    assert (
        merged(snmp=said(activity=Activity.OTHER), ipp=said(activity=Activity.PRINTING)).activity is Activity.PRINTING
    )
    assert merged(snmp=said(activity=Activity.ASLEEP), ipp=said(activity=Activity.IDLE)).activity is Activity.ASLEEP


def test_each_trouble_is_told_once() -> None:
    found = merged(
        snmp=said(faults=(fault("ink-low", index="1.1"), fault("ready", informative=True))),
        ipp=said(
            faults=(
                fault("toner-low"),
                fault("media-jam"),
                fault("other-error"),
                fault("power-saving", informative=True),
            )
        ),
        escl=said(faults=(fault("adf-jam"),)),
    )
    assert [f.cause for f in found.faults or ()] == ["ink-low", "ready", "media-jam", "adf-jam"]
    alone = merged(snmp=said(faults=()), ipp=said(faults=(fault("other-error"),)))
    assert [f.cause for f in alone.faults or ()] == ["other-error"]


def test_a_number_of_another_source_fills_in_for_some_left() -> None:
    found = merged(
        snmp=said(supplies=(toner(SomeLeft()), toner(SomeLeft(), "cyan"), toner(Empty(), "yellow"))),
        ipp=said(supplies=(toner(Exact(percent=41)), toner(Exact(percent=9), "yellow"))),
    )
    assert [supply.level for supply in found.supplies or ()] == [Exact(percent=41), SomeLeft(), Empty()]


def test_counters_are_completed() -> None:
    mono = Counter(name=CounterName.MONO, value=60)
    found = merged(snmp=said(counters=total(100)), ipp=said(counters=(*total(101), mono)))
    assert {c.name: c.value for c in found.counters or ()} == {CounterName.TOTAL: 100, CounterName.MONO: 60}
    assert found.conflicts == ()


def test_contradictions_are_told() -> None:
    pages = merged(snmp=said(counters=total(1000)), ipp=said(counters=total(940)))
    assert pages.conflicts == (Conflict(about=Disputed.PAGES, said={"snmp": "1000", "ipp": "940"}),)
    assert merged(snmp=said(counters=total(1000)), ipp=said(counters=total(960))).conflicts == ()
    sheets = merged(snmp=said(counters=total(1000)), ipp=said(counters=total(500, CounterUnit.SHEETS)))
    assert sheets.conflicts == ()
    one, other = Identity(maker="HP", serial="CN58J1N2SX"), Identity(maker="HP", serial="CN99Z9Z9ZZ")
    assert merged(snmp=said(identity=one), ipp=said(identity=other)).conflicts == (
        Conflict(about=Disputed.SERIAL, said={"snmp": "CN58J1N2SX", "ipp": "CN99Z9Z9ZZ"}),
    )
    longer = Identity(maker="HP", serial="CN58J1N2SX06BR")
    assert merged(snmp=said(identity=one), ipp=said(identity=longer)).conflicts == (), "HP writes it longer over IPP"


def test_a_filler_gives_way_to_a_true_serial_number() -> None:
    filler, true = Identity(maker="HP", serial="XXXXXXXXXX"), Identity(serial="CN58J1N2SX", model="M1")
    found = merged(snmp=said(identity=filler), ipp=said(identity=true)).identity
    assert (found.maker, found.serial, found.model) == ("HP", "CN58J1N2SX", "M1")
    assert merged(snmp=said(identity=filler)).identity.serial == "XXXXXXXXXX"


def test_what_was_missed_is_told_once() -> None:
    found = merged(snmp=said(partial=("a", "b")), ipp=said(partial=("b",)))
    assert found.partial == ("a", "b")


def test_an_answer_that_breaks_its_reader_does_not_take_the_others_along(caplog: pytest.LogCaptureFixture) -> None:
    broken: Any = PjlinkRaw(taken_at=NOW, replies={"LAMP": object()})  # type: ignore[dict-item]
    good = IppRaw(taken_at=NOW, attributes={"printer-state": (4,)})
    found = normalise_all([broken, good], catalogue=load(), key="k", address="", round_=Round.FULL, taken_at=NOW)
    assert found.activity is Activity.PRINTING
    assert found.partial == ("the answer over PJLINK was not understood",)
    assert "not understood" in caplog.text
