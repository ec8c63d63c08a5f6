"""Alert rows and error bits: the registered codes, what they mean for which supply, and what means nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agent.inspect import is_alert
from agent.normalise.printer_mib import normalise
from agent.snmp.raw import Name, SnmpRaw, Value, name_of
from fleet.fault import Actor, Fault, Severity
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


HP, RICOH, XEROX = b"HP LaserJet M553", b"RICOH IM C5500", b"Xerox VersaLink C405"


def complaints(row: Row, about: bytes = b"") -> tuple[Fault, ...]:
    values: dict[str, Value] = alert(row)
    if about:
        values["1.3.6.1.2.1.1.1.0"] = about
    return reading(values).faults or ()


@pytest.mark.parametrize(
    ("about", "code", "text", "cause", "vendor_code"),
    [
        (RICOH, 30, "SC542", "fuser-failed", "SC542"),
        (RICOH, 1, "Call service SC202-00", "laser-failed", "SC202-00"),
        (HP, 1, "49.4C02 ERROR", "firmware-error", "49.4C02"),
        (HP, 8, "13.A3.D3 Jam in tray 3", "media-jam", "13.A3.D3"),
        (XEROX, 1101, "093-912 toner cartridge empty", "toner-empty", "093-912"),
        (XEROX, 1, "010-397", "fuser-failed", "010-397"),
        (XEROX, 2, "127-999", "unrecognised", "127-999"),
        (b"", 30, "SC542", "unit-failed", None),
        (b"", 30, "Something {3F01}", "unit-failed", "3F01"),
        (b"", 1, "Toner leer", "toner-empty", None),
        (b"", 2, "Non pronto", "unrecognised", None),
        (b"", 2, "未就绪", "unrecognised", None),
    ],
)
def test_a_vague_code_gives_way_to_what_the_maker_says(
    about: bytes, code: int, text: str, cause: str, vendor_code: str | None
) -> None:
    (fault,) = complaints({2: 4, 4: 10, 7: code, 8: text.encode()}, about)
    assert (fault.cause, fault.vendor_code, fault.text, fault.code) == (cause, vendor_code, text, str(code))
    assert not fault.informative


def test_a_definite_code_is_not_talked_away() -> None:
    (fault,) = complaints({2: 4, 4: 13, 7: 8, 8: b"Ready"})
    assert (fault.cause, fault.informative) == ("media-jam", False)
    (critical,) = complaints({2: 3, 4: 5, 7: 1, 8: b"Sleep"})
    assert (critical.cause, critical.informative) == ("unrecognised", False)


def test_what_no_row_knows_is_kept_raw() -> None:
    (fault,) = complaints({2: 4, 3: 5, 4: 99, 6: 17, 7: 4711, 8: b"Zorgle bent"})
    assert (fault.cause, fault.group, fault.code, fault.location, fault.text) == (
        "unrecognised", "99", "4711", "17", "Zorgle bent",
    )  # fmt: skip
    assert not fault.informative


CONSOLE = f"{P}16.5.1.2.1."
IDLE: dict[str, Value] = {"1.3.6.1.2.1.25.3.5.1.1.1": 3}


def test_the_panel_speaks_where_nothing_else_does() -> None:
    lines: dict[str, Value] = {f"{CONSOLE}1": b"Sleep", f"{CONSOLE}2": b"Toner fast leer"}
    (fault,) = reading(IDLE | lines).faults or ()
    assert (fault.cause, fault.code, fault.text) == ("toner-low", "panel", "Sleep Toner fast leer")
    assert not is_alert(fault), "it stands on the panel, not in the table"
    beside = reading({**lines, **alert({2: 4, 4: 6, 7: 3, 8: b"x"})}).faults or ()
    assert [fault.cause for fault in beside] == ["door-open"]


@pytest.mark.parametrize("text", ["Ready", "Sleep", "Bereit", "Zorgle", "Toner black 80 %", "IM C5500", ""])
def test_a_panel_at_rest_or_unknown_is_no_fault(text: str) -> None:
    assert reading({**IDLE, f"{CONSOLE}1": text.encode()}).faults == ()


def test_panel_lines_are_joined_in_their_order() -> None:
    lines: dict[str, Value] = {
        f"{CONSOLE}10": b"last\0", f"{CONSOLE}2": "prüfen".encode("latin-1"), f"{CONSOLE}1": b"Fach  ",
        f"{CONSOLE}3": b"\0\0",
    }  # fmt: skip
    assert reading(lines).display == "Fach prüfen last"


@pytest.mark.parametrize(("code", "full"), [(1107, 92), (1109, 92), (15, 92), (8, None), (1101, None)])
def test_only_an_alert_of_the_box_itself_tells_how_full_it_is(code: int, full: int | None) -> None:
    values = supply(4, 8, index=1, group=4) | supply(3, 50, index=2) | alert({2: 4, 4: 11, 5: 1, 7: code, 8: b"x"})
    box, toner = reading(values).supplies or ()
    assert box.fullness == (None if full is None else Exact(percent=full))
    assert (toner.fullness, toner.level) == (None, Exact(percent=50))


def test_an_alert_about_another_supply_says_nothing_of_the_box() -> None:
    values = supply(4, 8, index=1, group=4) | supply(3, -3, index=2) | alert({2: 4, 4: 11, 5: 2, 7: 1104, 8: b"x"})
    box, toner = reading(values).supplies or ()
    assert (box.fullness, toner.level) == (None, LowOnly())


@pytest.mark.parametrize(
    ("kind", "code", "becomes"),
    [(32, 12, LowOnly()), (32, 13, Empty()), (7, 1106, LowOnly()), (7, 1103, Empty()), (10, 1113, LowOnly())],
)
def test_nearly_empty_is_not_empty(kind: int, code: int, becomes: Level) -> None:
    (found,) = reading(supply(kind, -3) | alert({2: 4, 4: 11, 5: 1, 7: code, 8: b"x"})).supplies or ()
    assert found.level == becomes


@pytest.mark.parametrize(
    ("bits", "row", "causes"),
    [
        (b"\x08", {2: 3, 4: 30, 7: 3, 8: b""}, ["finisher-open"]),
        (b"\x04", {2: 3, 4: 52, 7: 8, 8: b""}, ["adf-jam"]),
        (b"\x00\x20", {2: 3, 4: 11, 7: 1129, 8: b""}, ["waste-box-missing"]),
        (b"\x00\x10", {2: 4, 4: 9, 7: 903, 8: b""}, ["output-full"]),
        (b"\x01", {2: 3, 4: 10, 7: 1003, 8: b""}, ["fuser-failed"]),
        (b"\x04", {2: 4, 4: 8, 7: 808, 8: b""}, ["media-empty", "media-jam"]),
    ],
)
def test_a_bit_and_the_row_that_explains_it_are_one_complaint(bits: bytes, row: Row, causes: list[str]) -> None:
    values: dict[str, Value] = {"1.3.6.1.2.1.25.3.5.1.2.1": bits, **alert(row)}
    assert sorted(fault.cause for fault in reading(values).faults or ()) == causes
