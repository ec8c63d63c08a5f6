"""Recorded devices against the truth, and the cases in which a reader is tempted to invent a value."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from agent.normalise.printer_mib import normalise
from agent.normalise.supplies import level_of
from agent.snmp.raw import Name, SnmpRaw, Value, name_of
from agent.snmp.snmprec import read
from fleet.fault import Activity, Condition, Health
from fleet.reading import Reading
from fleet.supply import Empty, Exact, Level, SomeLeft, Unknown, level_percent
from mibs.catalogue import load
from tests.shared_data import shared

NOW = datetime(2026, 3, 4, 9, 12, tzinfo=UTC)
P = "1.3.6.1.2.1.43."


def reading(values: dict[str, Value]) -> Reading:
    named: dict[Name, Value] = {name_of(name): value for name, value in values.items()}
    return normalise(SnmpRaw(taken_at=NOW, values=named), load())


@pytest.mark.parametrize(
    ("raw", "capacity", "unit", "level"),
    [
        (-3, 100, 19, SomeLeft()),
        (-2, 100, 19, Unknown()),
        (-1, 100, 19, Unknown()),
        (-100, 100, 19, Unknown()),
        (None, 100, 19, Unknown()),
        (40, -2, 7, Unknown()),
        (40, 0, 7, Unknown()),
        (40, -2, 19, Exact(percent=40)),
        (7700, 10000, 7, Exact(percent=77)),
        (120, 100, 19, Exact(percent=100)),
        (0, 100, 19, Empty()),
    ],
)
def test_special_values_never_become_a_percentage(raw: int | None, capacity: int, unit: int, level: Level) -> None:
    assert level_of(raw, capacity, unit) == level


def test_a_slot_whose_colour_was_not_heard_is_not_taken_for_another_slot() -> None:
    """A slow device, cut off behind its supplies: "toner" instead of "toner-black" would be a second cartridge."""
    named = {
        f"{P}11.1.1.3.1.1": 1,
        f"{P}11.1.1.4.1.1": 3,
        f"{P}11.1.1.5.1.1": 3,
        f"{P}11.1.1.6.1.1": b"Cartridge TK-1",
        f"{P}11.1.1.8.1.1": 100,
        f"{P}11.1.1.9.1.1": 3,
    }
    colorants, colorant = name_of(f"{P}12.1.1"), name_of(f"{P}12.1.1.4.1.1")
    heard: dict[Name, Value] = {name_of(name): value for name, value in named.items()}
    whole = normalise(SnmpRaw(taken_at=NOW, values={**heard, colorant: b"black"}), load())
    cut = normalise(SnmpRaw(taken_at=NOW, values=heard, missing=(colorants,)), load())
    without = normalise(SnmpRaw(taken_at=NOW, values=heard), load())
    assert [supply.color for supply in whole.supplies or ()] == ["black"]
    assert cut.supplies is None
    assert [supply.color for supply in without.supplies or ()] == [None]


def test_running_and_other_is_asleep() -> None:
    found = reading({"1.3.6.1.2.1.25.3.2.1.5.1": 2, "1.3.6.1.2.1.25.3.5.1.1.1": 1})
    assert (found.activity, found.health) == (Activity.ASLEEP, Health.OK)


@pytest.mark.parametrize(
    ("octets", "conditions"),
    [
        (b"", ()),
        (b"\x04", (Condition.JAMMED,)),
        (b"\x00\x02", (Condition.OVERDUE_MAINTENANCE,)),
        (b"\x21\x00", (Condition.LOW_TONER, Condition.SERVICE_REQUESTED)),
    ],
)
def test_error_bits_count_from_the_most_significant(octets: bytes, conditions: tuple[Condition, ...]) -> None:
    assert reading({"1.3.6.1.2.1.25.3.5.1.2.1": octets}).conditions == conditions


def test_a_jam_in_the_alert_table_is_a_jam_with_its_place_and_age() -> None:
    row = {2: 3, 3: 4, 4: 13, 5: 2, 6: 8600, 7: 8, 8: b"08-600 Paper jam in the duplex area", 9: 50_000}
    values: dict[str, Value] = {f"{P}18.1.1.{column}.1.7": value for column, value in row.items()}
    (fault,) = reading({**values, "1.3.6.1.2.1.1.3.0": 80_000}).faults or ()
    assert (fault.cause, fault.vendor_code, fault.index, fault.informative) == ("media-jam", "08-600", "1.7", False)
    assert fault.since is not None
    assert (NOW - fault.since).total_seconds() == 300


def test_rows_that_say_nothing_is_wrong_are_marked() -> None:
    row: dict[int, Value] = {2: 1, 3: 7, 4: 1, 7: 1, 8: b"Sleep"}
    (fault,) = reading({f"{P}18.1.1.{column}.1.1": value for column, value in row.items()}).faults or ()
    assert fault.informative


def test_an_unknown_alert_is_kept_raw() -> None:
    row: dict[int, Value] = {2: 4, 3: 5, 4: 10, 7: 41337, 8: b"Zorgle misaligned {912}"}
    (fault,) = reading({f"{P}18.1.1.{column}.1.1": value for column, value in row.items()}).faults or ()
    assert (fault.cause, fault.code, fault.text, fault.vendor_code) == (
        "unrecognised",
        "41337",
        "Zorgle misaligned {912}",
        "912",
    )


def test_hostile_texts_are_cleaned() -> None:
    found = reading({"1.3.6.1.2.1.1.1.0": b"HP LaserJet 4\x1b[31m", "1.3.6.1.2.1.1.6.0": "a\u202eb\x00\nc".encode()})
    assert found.location == "ab c"


def test_every_recorded_level_is_the_truth_or_silence() -> None:
    """No percentage may differ from the truth, and none may stand where the truth has none."""
    wrong = [line for name in _recorded() for line in _differences(name)]
    assert wrong == []


def _recorded() -> list[str]:
    return sorted(path.stem for path in shared("corpus", "snmp").glob("*.snmprec"))


def _differences(name: str) -> list[str]:
    truth: dict[str, Any] = json.loads(shared("corpus", "expected", f"{name}.json").read_text("utf-8"))
    found = normalise(read(shared("corpus", "snmp", f"{name}.snmprec")), load())
    wanted = {supply["index"]: supply for supply in truth["supplies"] if "level_pct" not in supply.get("unsure", ())}
    wrong = []
    for supply in found.supplies or ():
        if supply.index not in wanted:
            continue
        percent = level_percent(supply.level)
        allowed = (wanted[supply.index]["level_pct"], *wanted[supply.index].get("alt", {}).get("level_pct", ()))
        if (None if percent is None else round(percent)) not in allowed:
            wrong.append(f"{name} {supply.index}: {percent}, the truth is {allowed[0]}")
    counters = {counter.name.value: counter.value for counter in found.counters or ()}
    for counter, value in truth["counters"].items():
        unsure = f"counters.{counter}" in truth["unsure"]
        if counter in counters and not unsure and counters[counter] != value:
            wrong.append(f"{name} {counter}: {counters[counter]}, the truth is {value}")
    return wrong


def test_service_requested_beside_a_named_failure_is_no_second_fault() -> None:
    row: dict[int, Value] = {2: 3, 3: 5, 4: 10, 7: 33, 8: b"Main motor error"}
    values: dict[str, Value] = {f"{P}18.1.1.{column}.1.1": value for column, value in row.items()}
    bits: dict[str, Value] = {"1.3.6.1.2.1.25.3.5.1.2.1": b"\x01\x00"}
    assert [fault.cause for fault in reading({**values, **bits}).faults or ()] == ["motor-failed"]
    assert [fault.cause for fault in reading(bits).faults or ()] == ["service-requested"]
