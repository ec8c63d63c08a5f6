"""What is made of answers when one of the protocols a device speaks fails for a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from agent.normalise.merge import merge
from agent.poll import Answers, complaining, read
from agent.probes.probe import Raw
from fleet.device import DeviceState, merged
from fleet.errors import ProbeError, Unreachable
from fleet.fault import Fault, Health, Severity
from fleet.reading import Reading, Round
from fleet.supply import Exact, SupplyReading, SupplyType

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
IPP = Raw(protocol="ipp", taken_at=NOON)
SILENT = {"snmp": Unreachable("no answer to SNMP")}


def heard(raws: Sequence[Raw], key: str, address: str, round_: Round, taken_at: datetime) -> Reading:
    source = raws[0].protocol
    toner = SupplyReading(index="1", type=SupplyType.TONER, level=Exact(percent=3))
    sources = {"supplies": source, "location": source}
    return Reading(
        key=key, taken_at=taken_at, reachable=True, round=round_, supplies=(toner,), location="hall", sources=sources
    )


def said(answers: Answers, *expected: str) -> Reading:
    more: dict[str, Any] = {"key": "d-1", "address": "10.0.0.5", "round_": Round.FULL, "taken_at": NOON}
    return read(answers, heard, expected=expected, **more)


def test_supplies_are_not_named_anew_because_snmp_was_silent_once() -> None:
    reading = said(Answers(raws=(IPP,), ways=("ipp",), failures=SILENT), "snmp", "ipp")
    assert reading.supplies is None
    assert reading.sources == {"location": "ipp"}
    assert reading.partial == ("SNMP: no answer to SNMP",)


def test_where_snmp_is_not_expected_another_protocol_tells_of_the_supplies() -> None:
    reading = said(Answers(raws=(IPP,), ways=("ipp",), failures=SILENT), "ipp")
    assert reading.supplies is not None
    assert reading.sources["supplies"] == "ipp"
    assert said(Answers(raws=(IPP,), ways=("ipp",)), "snmp", "ipp").supplies is not None


# Trouble that only one protocol tells of

JAM = Fault(cause="media-jam", severity=Severity.CRITICAL, text="Paper jam in the finisher")
DOOR = Fault(cause="cover-open", severity=Severity.CRITICAL, text="Front door")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Raw):
    """What a protocol says, as the reading it comes to."""

    reading: Reading


def joined(raws: Sequence[Raw], key: str, address: str, round_: Round, taken_at: datetime) -> Reading:
    parts = [(raw.protocol, raw.reading) for raw in raws if isinstance(raw, Said)]
    return merge(parts, key=key, address=address, round_=round_, taken_at=taken_at)


def from_protocol(protocol: str, *faults: Fault, health: Health = Health.OK) -> Said:
    told = Reading(key="", taken_at=NOON, reachable=True, faults=faults, health=health, conditions=())
    return Said(protocol=protocol, taken_at=NOON, reading=told)


def look(*raws: Said, silent: Sequence[str] = (), round_: Round = Round.FULL) -> tuple[Reading, frozenset[str]]:
    failures: dict[str, ProbeError] = {name: Unreachable("no answer") for name in silent}
    answers = Answers(raws=raws, ways=tuple(raw.protocol for raw in raws), failures=failures)
    expected = (*answers.ways, *silent)
    reading = read(answers, joined, key="d-1", address="10.0.0.5", round_=round_, taken_at=NOON, expected=expected)
    return reading, complaining(answers, joined, reading)


def test_who_alone_tells_of_trouble_is_known() -> None:
    assert look(from_protocol("snmp"), from_protocol("ipp", JAM))[1] == {"ipp"}
    assert look(from_protocol("snmp", JAM), from_protocol("ipp", JAM))[1] == set()
    assert look(from_protocol("snmp", DOOR), from_protocol("ipp"), from_protocol("escl", JAM))[1] == {"escl"}
    assert look(from_protocol("snmp"), from_protocol("ipp", health=Health.ERROR))[1] == {"ipp"}
    assert look(from_protocol("ipp", JAM))[1] == set(), "there is nobody else to ask"


def test_trouble_is_not_over_because_the_one_who_told_of_it_was_not_heard() -> None:
    reading, _ = look(from_protocol("snmp"), silent=["ipp"])
    assert (reading.faults, reading.conditions, reading.health) == (None, None, None)
    assert reading.partial == ("IPP: no answer",)
    state = merged(DeviceState(), look(from_protocol("snmp"), from_protocol("ipp", JAM))[0])
    later = merged(state, replace(reading, taken_at=NOON + timedelta(minutes=1)))
    assert later.faults == (JAM,)
    assert later.ages["faults"] == NOON, "with its age"


def test_it_is_over_when_the_one_who_told_of_it_says_so() -> None:
    reading, who = look(from_protocol("snmp"), from_protocol("ipp"), round_=Round.STATUS)
    assert reading.faults == ()
    assert who == set()


def test_a_short_look_names_no_slots_by_another_protocol() -> None:
    toner = SupplyReading(index="1", type=SupplyType.TONER, level=Exact(percent=3))
    ipp = Said(protocol="ipp", taken_at=NOON, reading=replace(from_protocol("ipp").reading, supplies=(toner,)))
    assert look(from_protocol("snmp"), ipp, round_=Round.STATUS)[0].supplies is None
    assert look(from_protocol("snmp"), ipp)[0].supplies == (toner,)
    assert look(ipp, round_=Round.STATUS)[0].supplies == (toner,)
