# ruff: noqa: E501
"""Devices nobody has recorded: what they say in their maker's usual form is read, and what they leave out is not made up."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.inspect import level_state
from agent.normalise.printer_mib import normalise
from agent.snmp.raw import Name, SnmpRaw, Value, name_of
from fleet.reading import Reading
from fleet.supply import SupplyReading, level_percent
from mibs.catalogue import load
from tests.agent.normalise.devices import DEVICES, Device
from tests.agent.normalise.test_printer_mib import NOW

MIB = "1.3.6.1.2.1"
NO_COLORANT = 77


def answers(device: Device) -> dict[Name, Value]:
    said: dict[str, Value] = {f"{MIB}.1.1.0": device.descr.encode()}
    if device.oid:
        said[f"{MIB}.1.2.0"] = name_of(f"1.3.6.1.4.1.{device.oid}")
    if device.hr:
        said |= {f"{MIB}.25.3.2.1.2.1": name_of(f"{MIB}.25.3.1.5"), f"{MIB}.25.3.2.1.3.1": device.hr.encode()}
    for index, class_, type_, text, unit, capacity, level, colorant in device.supplies:
        number = int(index.rpartition(".")[2])
        points_to = colorant if isinstance(colorant, int) else number if colorant else 0
        cells: dict[int, Value] = {3: points_to, 4: class_, 5: type_, 6: text.encode(), 7: unit, 8: capacity, 9: level}
        said |= {f"{MIB}.43.11.1.1.{column}.{index}": value for column, value in cells.items()}
        if isinstance(colorant, str):
            said[f"{MIB}.43.12.1.1.4.{index}"] = colorant.encode()
    return {name_of(name): value for name, value in said.items()}


def read(values: dict[Name, Value]) -> Reading:
    return normalise(SnmpRaw(taken_at=NOW, values=values), load())


def told(supply: SupplyReading) -> tuple[str, str | None, float | str, str | None]:
    percent = level_percent(supply.level)
    words = {"some-remaining": "some", "unknown": "unknown", "empty": "empty"}
    state = level_state(supply.level)
    return supply.type, supply.color, words.get(state, percent or 0.0), supply.part_number


@pytest.mark.parametrize("name", DEVICES)
def test_what_a_device_says_is_read(name: str) -> None:
    device = DEVICES[name]
    found = read(answers(device))
    got = (found.identity.maker, found.identity.model, found.kind, found.firmware, found.identity.serial)
    assert got == (device.maker, device.model, device.kind, device.firmware, device.serial)
    expected = {row[0]: truth for row, truth in device.supplies.items()}
    assert {supply.index: told(supply) for supply in found.supplies or ()} == expected


WITH_SUPPLIES = [name for name, device in DEVICES.items() if device.supplies]


def levels(found: Reading) -> set[object]:
    return {(*told(supply), supply.description) for supply in found.supplies or ()}


@given(st.sampled_from(WITH_SUPPLIES), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_answers_changes_nothing(name: str, luck: random.Random) -> None:
    said = list(answers(DEVICES[name]).items())
    straight = read(dict(said))
    luck.shuffle(said)
    assert read(dict(said)) == straight


@given(st.sampled_from(WITH_SUPPLIES), st.integers(0, 5), st.integers(1, 40))
@settings(max_examples=40, deadline=None)
def test_other_indexes_are_only_other_indexes(name: str, device: int, by: int) -> None:
    """Indexes begin at 0.n, 1.n or 2.n, and jump."""

    def moved(said: Name) -> Name:
        in_printer = said[:7] == name_of(f"{MIB}.43")
        return (*said[:-2], device, said[-1] + by) if in_printer else said

    said = answers(DEVICES[name])
    column = name_of(f"{MIB}.43.11.1.1.3")
    pointers = {
        n: v + by for n, v in said.items() if n[:-2] == column and isinstance(v, int) and v not in (0, NO_COLORANT)
    }
    renumbered = {moved(n): pointers.get(n, v) for n, v in said.items()}
    assert levels(read(renumbered)) == levels(read(said))


@given(
    st.sampled_from(list(DEVICES)),
    st.dictionaries(
        st.lists(st.integers(0, 300), min_size=1, max_size=6).map(tuple),
        st.integers() | st.binary(max_size=20),
        max_size=8,
    ),
)
@settings(max_examples=60, deadline=None)
def test_what_has_nothing_to_do_with_printing_changes_nothing(name: str, more: dict[Name, Value]) -> None:
    said = answers(DEVICES[name])
    strange = {(*name_of("1.3.6.1.4.1.55555"), *tail): value for tail, value in more.items()}
    assert read({**strange, **said}) == read(said)


@given(st.sampled_from(WITH_SUPPLIES), st.sets(st.integers(0, 200)))
@settings(max_examples=80, deadline=None)
def test_what_is_left_out_makes_no_level_and_no_code(name: str, gone: set[int]) -> None:
    """Fewer answers may make less known, never something else."""
    said = answers(DEVICES[name])
    whole = {supply.index: supply for supply in read(said).supplies or ()}
    kept = {n: v for place, (n, v) in enumerate(sorted(said.items())) if place not in gone}
    for supply in read(kept).supplies or ():
        before = whole[supply.index]
        assert level_percent(supply.level) in (None, level_percent(before.level))
        assert supply.part_number in (None, before.part_number)
        assert supply.color in (None, before.color)


@given(st.sampled_from(WITH_SUPPLIES), st.sampled_from([-1, -2, -3, -100]))
@settings(max_examples=40, deadline=None)
def test_no_special_value_becomes_a_number(name: str, special: int) -> None:
    column = name_of(f"{MIB}.43.11.1.1.9")
    said = {n: special if n[: len(column)] == column else v for n, v in answers(DEVICES[name]).items()}
    assert {level_percent(supply.level) for supply in read(said).supplies or ()} == {None}


LETTERS = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Zs"]), max_size=60)


@given(LETTERS)
@settings(max_examples=100, deadline=None)
def test_words_of_any_language_are_no_order_code_and_no_firmware(text: str) -> None:
    said = answers(DEVICES["ricoh-im"])
    column = name_of(f"{MIB}.43.11.1.1.6")
    found = read({n: text.encode() if n[: len(column)] == column else v for n, v in said.items()})
    assert {supply.part_number for supply in found.supplies or ()} == {None}
    assert read({name_of(f"{MIB}.1.1.0"): text.encode()}).firmware is None


@pytest.mark.parametrize("filler", [b"0", b"N/A", b"unknown", b"0000000000", b"????", b"XXXXXXXXXX", b"Not Available"])
def test_a_filler_is_no_serial_number(filler: bytes) -> None:
    assert read({name_of(f"{MIB}.43.5.1.1.17.1"): filler}).identity.serial is None
    assert read({name_of(f"{MIB}.1.1.0"): b"Samsung CLP-705 Series; ; S/N " + filler}).identity.serial is None


@pytest.mark.parametrize(("first", "total"), [((7, 100), 100), ((7, -2), None), ((11, 70), 100)])
def test_the_first_marker_on_paper_counts_and_hours_of_another_are_no_pages(
    first: tuple[int, int], total: int | None
) -> None:
    second = (7, 100) if first[0] == 11 else (11, 5)
    cells = {(3, 1): first[0], (4, 1): first[1], (3, 2): second[0], (4, 2): second[1]}
    said: dict[Name, Value] = {name_of(f"{MIB}.43.10.2.1.{c}.1.{row}"): value for (c, row), value in cells.items()}
    counters = read(said).counters or ()
    assert next((c.value for c in counters), None) == total
