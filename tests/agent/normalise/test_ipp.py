"""IPP attributes to readings: where a reader is tempted to invent a value or to believe a suffix."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.ipp.message import Collection, OutOfBand, Value
from agent.ipp.raw import IppRaw
from agent.normalise.ipp import normalise
from agent.normalise.pairs import pairs_of
from fleet.counter import CounterName, CounterUnit
from fleet.fault import Activity, Condition, Health, Severity
from fleet.kit.text import clean
from fleet.reading import Kind, Reading, TrayState
from fleet.supply import Direction, Empty, Exact, LowOnly, SomeLeft, SupplyType, Unknown
from mibs.catalogue import load

NOW = datetime(2026, 3, 4, 9, 12, tzinfo=UTC)


def reading(**attributes: Value | list[Value]) -> Reading:
    """The reading of a printer that gives these attributes (underscores stand for dashes)."""
    given_ = {
        name.replace("_", "-"): tuple(values) if isinstance(values, list) else (values,)
        for name, values in attributes.items()
    }
    return normalise(IppRaw(taken_at=NOW, attributes=given_), load())


def test_what_is_not_said_stays_unsaid() -> None:
    """A sleeping printer answers a handful of attributes: nothing that was known may be blanked by that."""
    found = reading(printer_state=3)
    assert (found.supplies, found.trays, found.counters, found.faults, found.conditions) == (None,) * 5
    assert (found.health, found.activity) == (Health.OK, Activity.IDLE)
    empty = reading()
    assert (empty.health, empty.activity, empty.kind, empty.sources) == (None, None, None, {})
    assert reading(printer_location=OutOfBand.NO_VALUE, printer_state=OutOfBand.UNKNOWN).sources == {}


@pytest.mark.parametrize(
    ("state", "reasons", "health", "conditions"),
    [
        (3, ["none"], Health.OK, ()),
        (3, ["media-empty-report"], Health.OK, (Condition.NO_PAPER,)),
        (3, ["toner-low-warning"], Health.WARNING, (Condition.LOW_TONER,)),
        (3, ["marker-supply-empty-error"], Health.ERROR, (Condition.NO_TONER,)),
        (4, ["media-jam-error", "door-open"], Health.ERROR, (Condition.DOOR_OPEN, Condition.JAMMED)),
        (5, ["none"], Health.ERROR, ()),
        (3, ["marker-waste-almost-full-warnin"], Health.WARNING, ()),
        (3, ["output-area-almost-full-warning"], Health.WARNING, (Condition.OUTPUT_NEAR_FULL,)),
        (3, ["output-area-full-error"], Health.ERROR, (Condition.OUTPUT_FULL,)),
        (3, ["something-of-a-vendor"], Health.OK, ()),
        (3, ["something-of-a-vendor-error"], Health.ERROR, ()),
        (3, ["standby"], Health.OK, ()),
        (3, [], Health.OK, ()),
        (3, ["", "none", "none"], Health.OK, ()),
    ],
)
def test_the_worst_of_state_and_reasons(
    state: int, reasons: list[Value], health: Health, conditions: tuple[Condition, ...]
) -> None:
    found = reading(printer_state=state, printer_state_reasons=reasons)
    assert (found.health, found.conditions) == (health, conditions)


def test_a_jam_is_a_jam_whatever_the_suffix() -> None:
    """Some servers take the suffix from printer-state: the jam of an idle printer is only a report."""
    for suffix, severity in (("-report", Severity.WARNING), ("-error", Severity.CRITICAL), ("", Severity.CRITICAL)):
        (fault,) = reading(printer_state=3, printer_state_reasons=f"media-jam{suffix}").faults or ()
        assert (fault.cause, fault.severity, fault.informative) == ("media-jam", severity, False)


def test_a_report_of_what_is_no_trouble_opens_nothing() -> None:
    (fault,) = reading(printer_state=4, printer_state_reasons="spool-area-full-report").faults or ()
    assert fault.informative


def test_a_printer_that_sleeps_says_so_by_a_reason() -> None:
    assert reading(printer_state=3, printer_state_reasons="hibernate").activity is Activity.ASLEEP
    assert reading(printer_state=4, printer_state_reasons="standby").activity is Activity.PRINTING
    assert reading(printer_state=9).activity is None


def test_an_alert_row_that_agrees_with_the_state_names_the_cause() -> None:
    found = reading(
        printer_state=5,
        printer_state_reasons=["other-error", "spool-area-full-report"],
        printer_alert=[b"code=unknown;severity=other;group=other", b"code=unknown;severity=criticalother"],
        printer_alert_description=["genuineHP", "cartridgeMissing"],
    )
    fault = (found.faults or ())[0]
    assert (fault.cause, fault.severity, fault.text, fault.code, fault.group) == (
        "supply-missing",
        Severity.CRITICAL,
        "cartridgeMissing",
        None,
        None,
    )
    assert "other-error" not in {fault.cause for fault in found.faults or ()}


def test_history_in_the_alert_table_is_over() -> None:
    found = reading(
        printer_state=3,
        printer_state_reasons="none",
        printer_alert=[b"code=coverOpen;severity=critical;group=cover", b"code=unknown;severity=warningother"],
        printer_alert_description=["closeDoorOrCover", "inkSystemReady"],
    )
    assert found.faults == ()


def test_a_row_and_a_reason_for_one_cause_are_one_fault() -> None:
    found = reading(
        printer_state=5,
        printer_state_reasons="toner-empty-error",
        printer_alert=b"printer-alert[0] = code=markerTonerEmpty;severity=critical;group=markerSupplies;index=1",
        printer_alert_description="printer-alert-description[0] = '09-200 Toner is empty.'",
    )
    (fault,) = found.faults or ()
    assert (fault.cause, fault.group, fault.code, fault.vendor_code, fault.text) == (
        "toner-empty",
        "markerSupplies",
        "markerTonerEmpty",
        "09-200",
        "09-200 Toner is empty.",
    )


def test_special_levels_never_become_a_percentage() -> None:
    found = reading(
        marker_names=["K", "C", "M", "Y", "PK"],
        marker_types=["toner"] * 5,
        marker_levels=[-3, -2, -1, 0, 37],
    )
    assert [supply.level for supply in found.supplies or ()] == [
        SomeLeft(),
        Unknown(),
        Unknown(),
        Empty(),
        Exact(percent=37),
    ]


def test_printer_supply_is_preferred_and_takes_names_from_the_markers() -> None:
    found = reading(
        printer_supply=[
            b"type=inkCartridge;maxcapacity=200;level=50;class=supplyThatIsConsumed;unit=percent;colorantname=cyan;",
            b"type=wasteInk;maxcapacity=100;level=90;class=receptacleThatIsFilled;unit=percent;",
            b"type=toner;maxcapacity=-2;level=40;unit=tenthsOfGrams",
        ],
        printer_supply_description=["", "", ""],
        marker_names=["cyan ink HP CF511A", "Waste", "S/N: ABC-123 toner"],
        marker_levels=[1, 2, 3],
    )
    cyan, waste, toner = found.supplies or ()
    assert (cyan.type, cyan.color, cyan.level, cyan.part_number) == (
        SupplyType.INK,
        "cyan",
        Exact(percent=25),
        "CF511A",
    )
    assert (waste.type, waste.direction, waste.level) == (SupplyType.WASTE, Direction.FILLED, Exact(percent=90))
    assert (toner.level, toner.raw_level, toner.unit) == (Unknown(), 40, "tenths-of-grams")
    assert toner.cartridge_serial == "ABC-123"


def test_marker_lists_of_other_lengths_are_not_laid_side_by_side() -> None:
    found = reading(marker_names=["Black", "Cyan"], marker_types=["toner", "toner"], marker_levels=[50])
    assert [supply.level for supply in found.supplies or ()] == [Unknown(), Unknown()]


def test_a_waste_marker_is_full_only_on_evidence() -> None:
    plain = {"marker_names": "Waste Toner Box", "marker_types": "waste-toner", "marker_levels": 0}
    (silent,) = reading(**plain).supplies or ()
    assert (silent.level, silent.fullness) == (Unknown(), None)
    (told,) = reading(**plain, marker_low_levels=0, marker_high_levels=95).supplies or ()
    assert (told.level, told.fullness) == (Unknown(), Exact(percent=0))


def test_words_stand_in_for_a_missing_number_where_only_one_cartridge_can_be_meant() -> None:
    one = {"marker_names": "Black", "marker_types": "toner", "marker_levels": -3}
    (low,) = reading(**one, printer_state_reasons="toner-low-warning").supplies or ()
    (empty,) = reading(**one, printer_state_reasons="toner-empty-error").supplies or ()
    assert (low.level, empty.level) == (LowOnly(), Empty())
    two = reading(
        marker_names=["Black", "Cyan"],
        marker_types=["toner"] * 2,
        marker_levels=[-3, -3],
        printer_state_reasons="toner-low-warning",
    )
    assert [supply.level for supply in two.supplies or ()] == [SomeLeft(), SomeLeft()]


@pytest.mark.parametrize(
    ("color", "name"),
    [
        ("#000000", "black"), ("#F200FF", "magenta"), ("#FFDA00", "yellow"), ("#00CFFF", "cyan"), ("#808080", "gray"),
        ("#00FFFF#FF00FF#FFFF00", None), ("none", None), ("", None),
    ],
)  # fmt: skip
def test_colours_by_their_hue(color: str, name: str | None) -> None:
    (supply,) = reading(marker_names="Cartridge 1", marker_types="toner", marker_colors=color).supplies or ()
    assert supply.color == name


@pytest.mark.parametrize(
    ("row", "level", "top", "state"),
    [
        (b"level=250;maxcapacity=500;name=A", 250, 500, TrayState.OK),
        (b"level=250;maxcapacity=-2", 250, None, TrayState.OK),
        (b"level=0;maxcapacity=500", 0, 500, TrayState.EMPTY),
        (b"level=0;maxcapacity=-2", 0, None, TrayState.EMPTY),
        (b"level=-3;maxcapacity=500", None, 500, TrayState.SOME_REMAINING),
        (b"level=-2;maxcapacity=500", None, 500, TrayState.UNKNOWN),
        (b"maxcapacity=500", None, 500, TrayState.UNKNOWN),
        (b"level=many;maxcapacity=99999999999", None, None, TrayState.UNKNOWN),
    ],
)
def test_trays(row: bytes, level: int | None, top: int | None, state: TrayState) -> None:
    (tray,) = reading(printer_input_tray=row).trays or ()
    assert (tray.level, tray.max, tray.state) == (level, top, state)


def test_counters_with_their_split_and_their_unit() -> None:
    split = Collection(members={"monochrome": (900,), "full-color": (100,), "blank": (5,)})
    found = reading(printer_impressions_completed=1005, printer_impressions_completed_col=split)
    assert {c.name: c.value for c in found.counters or ()} == {
        CounterName.TOTAL: 1005,
        CounterName.MONO: 900,
        CounterName.COLOR: 100,
    }
    sheets = reading(printer_media_sheets_completed=7)
    assert [(c.value, c.unit) for c in sheets.counters or ()] == [(7, CounterUnit.SHEETS)]
    assert reading(printer_impressions_completed=-2).counters is None
    assert reading(printer_pages_completed=12).counters is None, "pages of documents are not impressions"


def test_an_up_time_that_is_a_time_of_day_is_no_boot() -> None:
    assert reading(printer_up_time=3600).boot_at == NOW - timedelta(hours=1)
    assert reading(printer_up_time=int(NOW.timestamp())).boot_at is None
    assert reading(printer_up_time=0).boot_at is None


def test_who_it_is() -> None:
    found = reading(
        printer_make_and_model="EPSON XP-330 Series",
        printer_device_id="MFG:EPSON;MDL:XP-330 Series;SN:565A52503332363264;BROKEN;:;X:a:b;",
        printer_uuid="urn:uuid:CFE92100-67C4-11D4-A45F-44D2448AFBBF",
    ).identity
    assert (found.maker, found.model, found.serial) == ("Epson", "XP-330", "VZRP3262d")
    assert (found.uuid, found.macs) == ("cfe92100-67c4-11d4-a45f-44d2448afbbf", ("44:d2:44:8a:fb:bf",))


def test_a_maker_nobody_knows_is_not_part_of_the_model() -> None:
    told = {"printer_make_and_model": "Acme Laser 9000", "printer_device_id": "MFG:Acme;MDL:Laser 9000;"}
    found = reading(**told).identity
    assert (found.maker, found.model) == ("Acme", "Laser 9000")


@pytest.mark.parametrize(
    "uuid", ["urn:uuid:4509a320-00a0-008f-00b6-002507510eca", "urn:uuid:0c34c4f0-814b-11e6-b9cd-bdbcf3cf7979"]
)
def test_a_uuid_that_was_not_made_from_a_card_gives_no_mac(uuid: str) -> None:
    """Another version than 1, or a node with the multicast bit, which RFC 9562 asks of random ones."""
    assert reading(printer_uuid=uuid).identity.macs == ()
    assert reading(printer_uuid="not a uuid").identity.uuid is None


def test_firmware_is_not_the_version_of_a_protocol() -> None:
    found = reading(
        printer_firmware_name=["IPP", "System Firmware Version"], printer_firmware_string_version=["2.0", "80.1"]
    )
    assert found.firmware == "80.1"
    assert reading(printer_firmware_name="IPP", printer_firmware_string_version="2.0").firmware is None
    assert reading(printer_firmware_string_version="1.2").firmware == "1.2"


def test_kinds() -> None:
    assert reading(printer_make_and_model="HP LaserJet 200 colorMFP M276nw").kind is Kind.MFP
    assert reading(printer_device_id="MFG:HP;MCT:MF;MDL:X1;", printer_make_and_model="HP X1").kind is Kind.MFP
    assert reading(printer_make_and_model="HP LaserJet M605").kind is Kind.PRINTER


def test_texts_of_devices_are_cleaned() -> None:
    evil = "a\x1b[31m\u202eb\x00" + "x" * 1000
    found = reading(
        printer_location=evil,
        printer_make_and_model=f"HP {evil}",
        marker_names=evil,
        marker_types="toner",
        printer_input_tray=f"name={evil};level=1".encode(),
        printer_state=5,
        printer_state_reasons=[f"{evil}-error"],
        printer_alert=b"code=1;severity=critical;location=\x1b[2J",
        printer_alert_description=evil,
    )
    texts = [found.location, found.identity.model, (found.supplies or ())[0].description, (found.trays or ())[0].name]
    texts += [part for fault in found.faults or () for part in (fault.text, fault.code, fault.location)]
    assert all(text is None or text == clean(text) for text in texts)


VALUES: st.SearchStrategy[Value] = st.one_of(
    st.integers(-(2**31), 2**31 - 1),
    st.booleans(),
    st.text(max_size=40),
    st.binary(max_size=60),
    st.sampled_from(list(OutOfBand)),
    st.just(Collection(members={"monochrome": ("x",)})),
)
NAMES = st.sampled_from([
    "printer-state", "printer-state-reasons", "printer-alert", "printer-alert-description", "printer-supply",
    "printer-supply-description", "printer-input-tray", "marker-names", "marker-types", "marker-colors",
    "marker-levels", "marker-low-levels", "marker-high-levels", "printer-uuid", "printer-device-id",
    "printer-make-and-model", "printer-firmware-name", "printer-firmware-string-version", "printer-up-time",
    "printer-impressions-completed", "printer-impressions-completed-col", "printer-serial-number",
])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(NAMES, st.lists(VALUES, max_size=4).map(tuple), max_size=12))
def test_no_attributes_can_hurt(attributes: dict[str, tuple[Value, ...]]) -> None:
    found = normalise(IppRaw(taken_at=NOW, attributes=attributes), load())
    assert found.reachable


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=100))
def test_pairs_take_any_text(text: str) -> None:
    assert all(key == key.lower() for key in pairs_of(text))


def test_the_word_for_toner_means_ink_where_there_is_only_ink() -> None:
    ink = reading(
        printer_state=3, printer_state_reasons="marker-supply-low-warning",
        marker_names="Black", marker_types="ink-cartridge", marker_levels=10, marker_colors="#000000",
    )  # fmt: skip
    assert [fault.cause for fault in ink.faults or ()] == ["ink-low"]
    assert ink.conditions == (Condition.LOW_TONER,)
    bare = reading(printer_state=3, printer_state_reasons="marker-supply-low-warning")
    assert [fault.cause for fault in bare.faults or ()] == ["toner-low"]


@pytest.mark.parametrize(
    ("code", "text", "cause", "vendor_code"),
    [
        ("cartridgeMissing", "x", "supply-missing", None),
        ("staplerJam", "", "finisher-jam", None),
        ("scanMediaPathJam", "", "adf-jam", None),
        ("other", "49.4C02 ERROR", "firmware-error", "49.4C02"),
        ("other", "Non pronto", "unrecognised", None),
        ("subunitUnrecoverableFailure", "50.2 FUSER ERROR", "fuser-failed", "50.2"),
        ("zorgle", "Zorgle bent", "unrecognised", None),
    ],
)
def test_alert_rows_find_their_cause_by_name_or_by_what_the_maker_says(
    code: str, text: str, cause: str, vendor_code: str | None
) -> None:
    found = reading(
        printer_make_and_model="HP LaserJet M553", printer_state=5, printer_state_reasons="other-error",
        printer_alert=f"code={code};severity=critical;group=marker".encode(), printer_alert_description=text,
    )  # fmt: skip
    row = next(fault for fault in found.faults or () if fault.code != "other-error")
    assert (row.cause, row.vendor_code, row.text) == (cause, vendor_code, text or None)
    assert not row.informative


def test_nearly_full_is_not_full() -> None:
    found = reading(printer_state=3, printer_state_reasons=["output-area-almost-full-warning", "stapler-jam-error"])
    assert found.conditions == (Condition.JAMMED, Condition.OUTPUT_NEAR_FULL)
    assert [fault.cause for fault in found.faults or ()] == ["output-near-full", "finisher-jam"]
