"""What is made of answers when one of the protocols a device speaks fails for a moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from agent.poll import Answers, read
from agent.probes.probe import Raw
from fleet.errors import Unreachable
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
