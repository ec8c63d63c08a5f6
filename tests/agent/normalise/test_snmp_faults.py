"""Alert rows and error bits: the registered codes, what they mean for which supply, and what means nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agent.normalise.printer_mib import normalise
from agent.snmp.raw import Name, SnmpRaw, Value, name_of
from fleet.fault import Actor, Severity
from fleet.reading import Reading
from fleet.supply import Empty, Exact, Level, LowOnly, SomeLeft
from mibs.catalogue import load

NOW = datetime(2026, 3, 4, 9, 12, tzinfo=UTC)
P = "1.3.6.1.2.1.43."
ALERT, SUPPLY = f"{P}18.1.1.", f"{P}11.1.1."
Row = dict[int, Value]


def reading(values: dict[str, Value]) -> Reading:
    named: dict[Name, Value] = {name_of(name): value for name, value in values.items()}
    return normalise(SnmpRaw(taken_at=NOW, values=named), load())


def alert(row: Row, index: int = 1) -> dict[str, Value]:
    return {f"{ALERT}{column}.1.{index}": value for column, value in row.items()}


def supply(kind: int, level: int, *, index: int = 1, group: int = 3, capacity: int = 100) -> dict[str, Value]:
    row: Row = {4: group, 5: kind, 6: b"A supply", 7: 19, 8: capacity, 9: level}
    return {f"{SUPPLY}{column}.1.{index}": value for column, value in row.items()}


@pytest.mark.parametrize(
    ("group", "code", "cause"),
    [
        (6, 501, "door-open"), (6, 3, "door-open"), (6, 502, "ready"), (5, 503, "ready"), (13, 8, "media-jam"),
        (8, 801, "input-tray-missing"), (8, 9, "input-tray-missing"), (8, 807, "media-low"), (8, 808, "media-empty"),
        (8, 802, "configuration-changed"), (9, 903, "output-full"), (10, 1001, "fuser-under-temp"),
        (10, 1002, "fuser-over-temp"), (11, 1101, "toner-empty"), (11, 1102, "ink-empty"), (11, 1103, "ribbon-empty"),
        (11, 1104, "toner-low"), (11, 1105, "ink-low"), (11, 1107, "waste-almost-full"), (11, 1109, "waste-full"),
        (11, 1111, "drum-almost-over"), (11, 1112, "drum-over"), (11, 1115, "supply-missing"), (5, 23, "power-saving"),
        (10, 33, "motor-failed"), (10, 36, "fuser-over-temp"), (5, 36, "over-temperature"), (5, 1801, "alert-removed"),
        (99, 99, "unrecognised"),
    ],
)  # fmt: skip
def test_registered_codes(group: int, code: int, cause: str) -> None:
    (fault,) = reading(alert({2: 3, 3: 5, 4: group, 7: code, 8: b"x"})).faults or ()
    assert (fault.cause, fault.severity, fault.actor) == (cause, Severity.CRITICAL, Actor.TECHNICIAN)


@pytest.mark.parametrize(
    ("kind", "code", "cause"),
    [
        (3, 12, "toner-low"), (3, 13, "toner-empty"), (5, 12, "ink-low"), (9, 10, "drum-almost-over"),
        (9, 11, "drum-over"), (4, 12, "waste-almost-full"), (15, 10, "fuser-life-almost-over"), (1, 12, "supply-low"),
    ],
)  # fmt: skip
def test_a_code_that_only_says_low_means_what_its_supply_is(kind: int, code: int, cause: str) -> None:
    values = supply(kind, 50, index=7) | alert({2: 4, 4: 11, 5: 7, 7: code, 8: b"x"})
    assert [fault.cause for fault in reading(values).faults or ()] == [cause]


@pytest.mark.parametrize(
    ("code", "level", "becomes"),
    [
        (1104, -3, LowOnly()),
        (1101, -3, Empty()),
        (1101, -2, Empty()),
        (1104, 8, Exact(percent=8)),
        (8, -3, SomeLeft()),
    ],
)
def test_a_row_without_a_number_is_low_when_an_alert_points_at_it(code: int, level: int, becomes: Level) -> None:
    values = supply(3, level, index=2) | supply(3, -3, index=3) | alert({2: 4, 4: 11, 5: 2, 7: code, 8: b"x"})
    first, second = reading(values).supplies or ()
    assert (first.level, second.level) == (becomes, SomeLeft())


@pytest.mark.parametrize(("level", "full"), [(5, 95), (95, 95)])
def test_how_full_a_waste_box_is_stands_there_only_on_evidence(level: int, full: int) -> None:
    box = supply(4, level, group=4)
    (alone,) = reading(box).supplies or ()
    assert alone.fullness is None
    (told,) = reading(box | alert({2: 4, 4: 11, 5: 1, 7: 1107, 8: b"x"})).supplies or ()
    assert told.fullness == Exact(percent=full)


@pytest.mark.parametrize(
    ("row", "informative"),
    [
        ({2: 1, 4: 1, 7: 1, 8: b"Ready"}, True),
        ({2: 4, 4: 5, 7: 1, 8: b"Energiesparmodus"}, True),
        ({2: 4, 4: 5, 7: 1, 8: "请等待".encode()}, True),
        ({2: 0, 4: 0, 7: 0, 8: b""}, True),
        ({2: 1, 4: 10, 7: 1, 8: b"65561"}, True),
        ({2: 4, 4: 5, 7: 503, 8: b""}, True),
        ({2: 3, 4: 5, 7: 1, 8: b"Not ready"}, False),
        ({2: 4, 4: 5, 7: 1, 8: b"Not ready: spare roller"}, False),
        ({2: 4, 4: 10, 7: 2, 8: b"Replace the belt"}, False),
        ({2: 3, 4: 10, 7: 30, 8: b""}, False),
    ],
)
def test_rows_that_say_nothing_is_wrong(row: Row, informative: bool) -> None:
    (fault,) = reading(alert(row)).faults or ()
    assert fault.informative is informative


def test_a_bit_that_an_alert_explains_is_not_told_twice() -> None:
    bits: dict[str, Value] = {"1.3.6.1.2.1.25.3.5.1.2.1": b"\x24"}  # low toner, jammed
    values = bits | supply(5, -3) | alert({2: 4, 4: 11, 5: 1, 7: 1105, 8: b"Ink is low."})
    assert sorted(fault.cause for fault in reading(values).faults or ()) == ["ink-low", "media-jam"]


@pytest.mark.parametrize(("kind", "cause"), [(5, "ink-low"), (3, "toner-low")])
def test_the_bit_for_toner_is_ink_on_a_device_that_has_only_ink(kind: int, cause: str) -> None:
    values: dict[str, Value] = {"1.3.6.1.2.1.25.3.5.1.2.1": b"\x20", **supply(kind, 5)}
    assert [fault.cause for fault in reading(values).faults or ()] == [cause]


def test_a_table_cut_short_clears_nothing() -> None:
    values = {name_of(name): value for name, value in alert({2: 3, 4: 13, 7: 8, 8: b"Jam"}).items()}
    raw = SnmpRaw(taken_at=NOW, values=values, missing=(name_of(f"{P}18.1.1"),))
    assert normalise(raw, load()).faults is None
