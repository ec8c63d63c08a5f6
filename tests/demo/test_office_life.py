"""Lives: pure, driven by the office's own time."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagewarden.demo.office.birth import SCENES, born, model_of, networks, new_board, place_of, spare_address
from pagewarden.demo.office.catalogue import CATALOGUE
from pagewarden.demo.office.complaints import complaints
from pagewarden.demo.office.device import Activity, Device, shown
from pagewarden.demo.office.life import DeviceLife, Trouble, advance, left
from pagewarden.demo.office.models import Kind, Model, Shows, Speaks
from pagewarden.demo.office.office import ZONE
from pagewarden.demo.office.people import bustle

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
REAL = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def fresh(number: int = 0) -> tuple[DeviceLife, Model]:
    return born(number, REAL), model_of(number)


def numbered(name: str) -> int:
    return next(n for n, model in enumerate(CATALOGUE) if name in model.name)


def test_the_office_has_what_an_office_has() -> None:
    kinds = [model.kind for model in CATALOGUE]
    assert len(CATALOGUE) == 24
    assert len({model.maker for model in CATALOGUE}) >= 8
    assert kinds.count(Kind.PROJECTOR) == 2
    assert {Kind.SCANNER, Kind.LABEL} <= set(kinds)
    assert sum(Speaks.SNMP_V3 in model.speaks for model in CATALOGUE) >= 2
    assert any(model.speaks & {Speaks.SNMP_V1, Speaks.SNMP_V2C} == {Speaks.SNMP_V1} for model in CATALOGUE)
    shows = {supply.shows for model in CATALOGUE for supply in model.supplies}
    assert shows == set(Shows)


def test_devices_are_told_apart_and_lie_in_their_networks() -> None:
    lives = [born(number, REAL) for number in range(600)]
    for of in (lambda d: d.serial, lambda d: d.mac, lambda d: d.address):
        assert len({of(life) for life in lives}) == len(lives)
    assert networks(600) == ("127.77.0.0/24", "127.77.1.0/24", "127.77.2.0/24")
    assert len({place_of(number) for number in range(600)}) == 600


@pytest.mark.parametrize("count", [24, 30, 31, 200, 600])
def test_a_new_address_belongs_to_nobody_else(count: int) -> None:
    taken = {born(number, REAL).address for number in range(count)}
    spare = [spare_address(scene.number, count) for scene in SCENES]
    assert not taken & set(spare)


def test_toner_falls_with_pages() -> None:
    life, model = fresh()
    before, pages = [left(s, k) for s, k in zip(life.supplies, model.supplies, strict=True)], life.total
    advance(life, model, MONDAY, MONDAY + timedelta(hours=4), ZONE)
    after = [left(s, k) for s, k in zip(life.supplies, model.supplies, strict=True)]
    assert life.total > pages + 50
    assert all(now < then for now, then in zip(after, before, strict=True))


def test_nobody_prints_on_a_sunday_and_devices_fall_asleep() -> None:
    life, model = fresh()
    sunday = MONDAY - timedelta(days=1)
    pages = life.total
    advance(life, model, sunday, sunday + timedelta(hours=5), ZONE)
    device = Device(model=model, life=life)
    device.refresh(sunday + timedelta(hours=5), REAL)
    assert life.total == pages
    assert device.activity is Activity.ASLEEP
    assert device.panel == model.sleep_text


def test_a_week_leaves_every_number_possible() -> None:
    for number in range(len(CATALOGUE)):
        life, model = fresh(number)
        advance(life, model, MONDAY, MONDAY + timedelta(days=7), ZONE)
        for supply, kind in zip(life.supplies, model.supplies, strict=True):
            assert 0 <= left(supply, kind) <= 1
            said = shown(supply, kind)
            assert said.level >= 0 or said.level == -3
            assert said.capacity > 0 or said.capacity == -2
        assert all(0 <= n <= tray.sheets for n, tray in zip(life.trays, model.trays, strict=True))


def test_an_empty_cartridge_is_replaced_once_the_ordered_one_has_arrived() -> None:
    life, model = fresh()
    life.supplies[0].used = model.supplies[0].lasts
    serial = life.supplies[0].cartridge
    advance(life, model, MONDAY, MONDAY + timedelta(days=1), ZONE)
    assert life.supplies[0].spare_at is not None
    assert life.supplies[0].cartridge == serial, "nobody has one to put in yet"
    advance(life, model, MONDAY + timedelta(days=1), MONDAY + timedelta(days=9), ZONE)
    assert life.supplies[0].swaps == 1
    assert life.supplies[0].cartridge != serial


def test_a_jam_stops_the_work_until_somebody_clears_it_by_day() -> None:
    life, model = fresh()
    evening = MONDAY.replace(hour=19)
    life.troubles[Trouble.JAM] = evening + timedelta(minutes=10)
    pages = life.total
    advance(life, model, evening, evening + timedelta(hours=8), ZONE)
    assert Trouble.JAM in life.troubles
    assert life.total == pages
    advance(life, model, evening + timedelta(hours=8), evening + timedelta(hours=16), ZONE)
    assert Trouble.JAM not in life.troubles
    assert life.total > pages


def test_a_complaint_is_one_row_that_vanishes_with_its_cause_and_never_comes_back_under_its_old_number() -> None:
    life, model = fresh()
    device = Device(model=model, life=life)
    life.troubles[Trouble.JAM] = MONDAY + timedelta(days=1)
    device.refresh(MONDAY, REAL)
    first = life.rows["jam"].index
    device.refresh(MONDAY, REAL + timedelta(minutes=5))
    assert life.rows["jam"].index == first
    assert life.rows["jam"].raised_at == REAL
    del life.troubles[Trouble.JAM]
    device.refresh(MONDAY, REAL)
    assert "jam" not in life.rows
    life.troubles[Trouble.JAM] = MONDAY + timedelta(days=1)
    device.refresh(MONDAY, REAL)
    assert life.rows["jam"].index > first


def test_each_way_of_reporting_a_level() -> None:
    said = {}
    for model in CATALOGUE:
        life = born(CATALOGUE.index(model), REAL)
        for supply, kind in zip(life.supplies, model.supplies, strict=True):
            if kind.filled or model.kind is Kind.PROJECTOR:
                continue
            supply.used = kind.lasts * 0.637
            said[kind.shows] = shown(supply, kind), kind
    assert (said[Shows.PERCENT][0].level, said[Shows.PERCENT][0].capacity) == (37, 100)
    assert said[Shows.SOME_LEFT][0].level == said[Shows.LOW_ONLY][0].level == -3
    assert said[Shows.STEPS][0].level in (40,)
    pages, kind = said[Shows.PAGES]
    assert pages.level == pytest.approx(kind.lasts * 0.363, abs=1)
    assert said[Shows.TENTHS_ML][0].capacity > said[Shows.TENTHS_ML][0].level > 100


def test_a_low_only_reporter_says_low_by_an_alert_and_nothing_else() -> None:
    number = numbered("L2710")
    life, model = fresh(number)
    life.supplies[0].used = model.supplies[0].lasts * 0.91
    assert shown(life.supplies[0], model.supplies[0]).level == -3
    assert [c.code for c in complaints(life, model)] == [1104]
    life.supplies[0].used = model.supplies[0].lasts
    assert shown(life.supplies[0], model.supplies[0]).level == 0
    assert [c.code for c in complaints(life, model)] == [1101]


def test_a_new_board_changes_serial_and_counter_and_nothing_else() -> None:
    from random import Random

    life, model = fresh(numbered("MS521"))
    before = asdict(life)
    new_board(life, model, Random(1), REAL)
    assert life.serial != before["serial"]
    assert life.total < before["mono"]
    assert life.mac == before["mac"]
    assert [supply.cartridge for supply in life.supplies] == [supply["cartridge"] for supply in before["supplies"]]


@given(st.integers(0, 23), st.integers(1, 300))
def test_a_life_goes_on_the_same_wherever_it_was_interrupted(number: int, minutes: int) -> None:
    whole, model = fresh(number)
    parts, _ = fresh(number)
    end = MONDAY + timedelta(minutes=360)
    advance(whole, model, MONDAY, end, ZONE)
    advance(parts, model, MONDAY, MONDAY + timedelta(minutes=minutes), ZONE)
    advance(parts, model, MONDAY + timedelta(minutes=minutes), end, ZONE)
    assert asdict(whole) == asdict(parts)


def test_the_office_is_busy_by_day_and_empty_at_night() -> None:
    assert bustle(MONDAY.astimezone(ZONE)) > 0.5
    assert bustle(MONDAY.replace(hour=23).astimezone(ZONE)) == 0
    assert bustle((MONDAY - timedelta(days=2)).astimezone(ZONE)) == 0
