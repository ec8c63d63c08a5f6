"""What a person reads of supplies: codes and yields, suggestions said to be that, and where cartridges come from."""

from __future__ import annotations

from datetime import UTC, datetime

from agent.inspect_text import lines
from fleet.fault import Fault, Severity
from fleet.identity import Identity
from fleet.reading import Reading
from fleet.supply import Exact, SupplyReading, SupplyType
from mibs.catalogue import load

NOW = datetime(2026, 3, 4, 9, 12, tzinfo=UTC)


def said(
    supply: SupplyReading, *faults: Fault, maker: str | None = "HP", model: str = "LaserJet Pro M402dn"
) -> list[str]:
    identity = Identity(maker=maker, model=model)
    reading = Reading(key="k", taken_at=NOW, reachable=True, identity=identity, supplies=(supply,), faults=faults)
    return [" ".join(line.split()) for line in lines(reading, load())]


def toner(description: str, part_number: str | None = None) -> SupplyReading:
    return SupplyReading(
        index="1.1", type=SupplyType.TONER, color="black", level=Exact(percent=40), description=description,
        part_number=part_number,
    )  # fmt: skip


def test_a_code_the_device_names_stands_with_its_yield() -> None:
    assert "supplies black toner 40 % CF226A (3,100 pages) Black Cartridge" in said(toner("Black Cartridge", "CF226A"))
    assert "supplies black toner 40 % ZZ9 Black Cartridge" in said(toner("Black Cartridge", "ZZ9"))


def test_what_the_catalogue_suggests_is_said_to_be_a_suggestion() -> None:
    assert "supplies black toner 40 % perhaps CF226A or CF226X (catalogue) Black" in said(toner("Black"))


def test_nothing_is_suggested_for_a_device_that_does_not_say_who_made_it_or_that_takes_too_many() -> None:
    assert "supplies black toner 40 % Black" in said(toner("Black"), maker=None)
    assert "supplies black toner 40 % Black" in said(toner("Black"), maker="Brother", model="MFC-L2710DW")


def test_evidence_of_the_origin_stands_below_the_supplies() -> None:
    told = said(toner("Non-HP Black Cartridge"))
    assert 'origin black toner third-party, 85% sure The device says "Non-HP Black Cartridge"' in told
    fault = Fault(cause="supply-other", severity=Severity.WARNING, text="Used supply in use")
    assert 'origin a supply refilled, 60% sure The device says "Used supply in use"' in said(toner("Black"), fault)


def test_without_evidence_no_word_of_the_origin() -> None:
    assert not [line for line in said(toner("Black Cartridge")) if line.startswith("origin")]
