"""Slots are found again by what they are, not by where the device lists them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from fleet.metric import parsed, series_name
from fleet.supply import SupplyReading, SupplyType, Unknown, supply_keys
from tests.fleet.words import supplies

some = st.lists(supplies, max_size=12)


def slot(kind: SupplyType, color: str | None = None, description: str | None = None, index: str = "1") -> SupplyReading:
    return SupplyReading(index=index, type=kind, color=color, description=description, level=Unknown())


@given(some)
def test_every_slot_has_a_key_of_its_own(rows: list[SupplyReading]) -> None:
    keys = supply_keys(rows)
    assert len(keys) == len(rows)
    assert len(set(keys)) == len(keys)


@given(some)
def test_keys_do_not_depend_on_level_index_part_or_serial(rows: list[SupplyReading]) -> None:
    moved = [
        replace(row, index="9.9", level=Unknown(), raw_level=-2, part_number="X", cartridge_serial="Y") for row in rows
    ]
    assert supply_keys(moved) == supply_keys(rows)


@given(st.data())
def test_keys_do_not_depend_on_the_order_of_different_slots(data: st.DataObject) -> None:
    rows = data.draw(st.lists(supplies, max_size=8, unique_by=lambda s: (s.type, s.color, s.description)))
    described = [replace(row, description=f"{chr(ord('a') + i)} {row.description or ''}") for i, row in enumerate(rows)]
    mixed = data.draw(st.permutations(described))
    assert dict(zip(supply_keys(mixed), mixed, strict=True)) == dict(
        zip(supply_keys(described), described, strict=True)
    )


@given(some)
def test_a_key_is_short_and_survives_in_the_name_of_a_series(rows: list[SupplyReading]) -> None:
    for key in supply_keys(rows):
        assert 0 < len(key) <= 80
        assert parsed(series_name("printer_supply_level_state", supply=key))[1] == {"supply": key}


def test_keys_read_well() -> None:
    rows = [slot(SupplyType.TONER, "black"), slot(SupplyType.TONER, "cyan"), slot(SupplyType.WASTE)]
    assert supply_keys(rows) == ["toner-black", "toner-cyan", "waste"]


def test_two_slots_alike_are_numbered_by_their_description() -> None:
    left, right = (slot(SupplyType.TONER, "black", f"Toner {side}") for side in ("left", "right"))
    assert supply_keys([left, right]) == ["toner-black", "toner-black-2"]
    assert supply_keys([right, left]) == ["toner-black-2", "toner-black"]


def test_a_colour_that_looks_like_an_ordinal_takes_no_other_slots_key() -> None:
    rows = [slot(SupplyType.TONER, "black"), slot(SupplyType.TONER, "black"), slot(SupplyType.TONER, "black-2")]
    assert len(set(supply_keys(rows))) == 3


def test_a_new_cartridge_serial_in_the_description_is_the_same_slot() -> None:
    before, after = (slot(SupplyType.OTHER, None, f"Imaging Unit S/N:{serial}") for serial in ("A123", "B987"))
    assert supply_keys([before]) == supply_keys([after]) == ["other-imaging-unit"]


def test_descriptions_in_chinese_tell_slots_apart() -> None:
    keys = supply_keys([slot(SupplyType.OTHER, None, "定影单元"), slot(SupplyType.OTHER, None, "转印带")])
    assert keys == ["other-定影单元", "other-转印带"]


def test_slots_alike_keep_their_keys_when_the_serials_in_their_descriptions_change() -> None:
    """Xerox writes code and serial of the drum into its description, without a blank before the serial."""

    def drums(*serials: str) -> list[SupplyReading]:
        return [
            replace(
                slot(SupplyType.DRUM, None, f"Drum Cartridge (R{place}), PN 013R00662;SN{serial}"),
                part_number="013R00662",
                cartridge_serial=serial,
            )
            for place, serial in enumerate(serials, 1)
        ]

    expected = ["drum", "drum-2", "drum-3", "drum-4"]
    assert supply_keys(drums("5238EF80E0", "52100780E0", "52374F80E0", "5234E480E0")) == expected
    assert supply_keys(drums("52100780E0", "5234E480E0", "5238EF80E0", "ABCDEF12")) == expected


def test_an_order_code_in_the_description_is_no_part_of_the_key() -> None:
    european = replace(slot(SupplyType.OTHER, None, "Imaging Unit 50F0ZA0"), part_number="50F0ZA0")
    american = replace(slot(SupplyType.OTHER, None, "Imaging Unit 50F0ZG"), part_number="50F0ZG")
    assert supply_keys([european]) == supply_keys([american]) == ["other-imaging-unit"]
