"""What makers keep beside the standard: Brother's records, Ricoh's tables, labelled counters, names and brands."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.normalise.charset import decode
from agent.normalise.printer_mib import normalise
from agent.snmp.raw import Name, SnmpRaw, Value, name_of
from fleet.reading import Kind, Reading
from fleet.supply import Empty, Exact, SomeLeft, SupplyType, Unknown
from mibs.catalogue import load

NOW = datetime(2026, 3, 4, 9, 12, tzinfo=UTC)
BROTHER = "1.3.6.1.4.1.2435.2.3.9."
RECORDS, COUNTERS, DEVICE_ID = f"{BROTHER}4.2.1.5.5.8.0", f"{BROTHER}4.2.1.5.5.10.0", f"{BROTHER}1.1.7.0"
RICOH = "1.3.6.1.4.1.367.3.2.1.2."
SHARP = "1.3.6.1.4.1.2385.1.1.19.2.1."


def reading(values: dict[str, Value]) -> Reading:
    named: dict[Name, Value] = {name_of(name): value for name, value in values.items()}
    return normalise(SnmpRaw(taken_at=NOW, values=named), load())


def brother(model: str, records: str) -> Reading:
    return reading({DEVICE_ID: f"MFG:Brother;MDL:{model};CLS:PRINTER;".encode(), RECORDS: bytes.fromhex(records)})


def test_a_brother_record_of_one_octet_is_stepped_over_and_is_no_level() -> None:
    found = brother("HL-L5000D", "6f010400001e14 410101 64 80010400000000 ff 70010400000064".replace(" ", ""))
    assert [(s.type, s.color, s.level) for s in found.supplies or ()] == [
        (SupplyType.TONER, "black", Exact(percent=77)),
        (SupplyType.DRUM, "black", Empty()),
    ]


def test_old_brother_inkjets_give_fractions() -> None:
    found = brother("MFC-5490CN", "a101020414 a201020014 a301021415 ff".replace(" ", ""))
    assert [(s.type, s.color, s.level) for s in found.supplies or ()] == [
        (SupplyType.INK, "black", Exact(percent=20)),
        (SupplyType.INK, "cyan", Empty()),
        (SupplyType.INK, "magenta", Exact(percent=95.24)),
    ]


def test_a_status_without_a_level_is_some_left_or_unknown() -> None:
    found = brother("MFC-T910DW", "3101040000000132010400000002ff")
    assert [(s.color, s.level) for s in found.supplies or ()] == [("black", SomeLeft()), ("cyan", Unknown())]


@given(st.binary(max_size=80))
def test_any_octets_in_a_brother_table_make_a_reading(data: bytes) -> None:
    found = reading({DEVICE_ID: b"MFG:Brother;MDL:HL-L5000D;", RECORDS: data, COUNTERS: data})
    assert found.identity.maker == "Brother"


def test_a_private_level_fills_a_row_without_a_number_only_when_one_fits() -> None:
    p = "1.3.6.1.2.1.43.11.1.1."
    rows: dict[str, Value] = {}
    for index, name in enumerate((b"Black Toner", b"Cyan Toner"), 1):
        rows |= {f"{p}5.1.{index}": 3, f"{p}6.1.{index}": name, f"{p}8.1.{index}": -2, f"{p}9.1.{index}": -3}
    own: dict[str, Value] = {
        f"{RICOH}24.1.1.3.1": b"Black Toner", f"{RICOH}24.1.1.5.1": 40,
        f"{RICOH}24.1.1.3.2": b"Cyan Toner", f"{RICOH}24.1.1.5.2": -100,
        f"{RICOH}24.1.1.3.3": b"Magenta Toner", f"{RICOH}24.1.1.5.3": 10,
    }  # fmt: skip
    found = reading({**rows, **own})
    assert [(s.color, s.level) for s in found.supplies or ()] == [("black", Exact(percent=40)), ("cyan", Empty())]
    alone = reading(own).supplies or ()
    assert [(s.color, s.level) for s in alone][2] == ("magenta", Exact(percent=10))


def test_labelled_counters_count_only_under_a_label_that_stands_there_once() -> None:
    values: dict[str, Value] = {"1.3.6.1.2.1.1.1.0": b"SHARP MX-3570N"}
    for index, (label, value) in enumerate(
        [(b"Prints", 100), (b"Black & White Print Count", 70), (b"Copies", 5), (b"Copies", 6), (b"Unheard of", 9)], 1
    ):
        values |= {f"{SHARP}4.1.4.{index}": label, f"{SHARP}3.1.4.{index}": value}
    assert {c.name.value: c.value for c in reading(values).counters or ()} == {"print_total": 100, "print_mono": 70}


@pytest.mark.parametrize(
    ("text", "maker", "model", "kind"),
    [
        ("RICOH Aficio MP 4002 1.03 / RICOH Network Printer C model / RICOH Network Scanner C model", "Ricoh",
         "Aficio MP 4002", Kind.MFP),
        ("LANIER SP 5300DN 1.02 / LANIER Network Printer C model", "Lanier", "SP 5300DN", Kind.PRINTER),
        ("FUJIFILM Apeos C2360", "Fujifilm", "Apeos C2360", Kind.MFP),
        ("OKI OkiLAN 8450e Rev.02.10 10/100BASE Ethernet PrintServer: Attached to C610 Rev.01.11", "Oki", "C610",
         Kind.PRINTER),
        ("Lexmark MX521de version MXTGV.062.041 kernel 4.11.12", "Lexmark", "MX521de", Kind.MFP),
        ("HP ETHERNET MULTI-ENVIRONMENT,ROM none,JETDIRECT,JD153,EEPROM JSI24,PID:HP LaserJet 400 M401dne", "HP",
         "LaserJet 400 M401dne", Kind.PRINTER),
        ("TASKalfa 3554ci", "Kyocera", "TASKalfa 3554ci", Kind.MFP),
        ("Brother ADS-3600W", "Brother", "ADS-3600W", Kind.SCANNER),
        ("ZTC ZD420-203dpi ZPL", "Zebra", "ZD420-203dpi ZPL", Kind.LABEL_PRINTER),
    ],
)  # fmt: skip
def test_names_and_brands(text: str, maker: str, model: str, kind: Kind) -> None:
    found = reading({"1.3.6.1.2.1.1.1.0": text.encode(), "1.3.6.1.2.1.25.3.2.1.5.1": 2})
    assert (found.identity.maker, found.identity.model, found.kind) == (maker, model, kind)


@pytest.mark.parametrize(
    ("octets", "charset", "text"),
    [
        ("Gerät bereit\0".encode(), None, "Gerät bereit"),
        ("Gerät bereit".encode("latin-1"), 4, "Gerät bereit"),
        ("TRYB UŚPIENIA".encode("iso8859-2"), 5, "TRYB UŚPIENIA"),
        ("Papier nachfüllen".encode("hp-roman8"), 2004, "Papier nachfüllen"),
        ("用紙がありません".encode("shift_jis"), 17, "用紙がありません"),
        ("请等待".encode("gb18030"), 114, "请等待"),
        ("休眠 OK".encode("utf-16-be"), 1000, "休眠 OK"),
        ("休眠 OK".encode("utf-16-be") + b"\x00", 1013, "休眠 OK"),
        (b"Sleep!", 1000, "Sleep!"),
        (b"\0\0", None, None),
        (b"", 106, None),
    ],
)
def test_texts_in_the_devices_own_character_set(octets: bytes, charset: int | None, text: str | None) -> None:
    assert decode(octets, charset) == text
