"""Recordings of walks: right lines are read, wrong ones counted, and nothing but Garbled leaves."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.normalise.printer_mib import normalise
from agent.snmp.raw import SnmpRaw
from agent.snmp.snmprec import parse
from fleet.errors import Garbled
from mibs.catalogue import load
from tests.shared_data import shared

NOW = datetime(2026, 3, 4, 9, 12, tzinfo=UTC)


def read(text: str | bytes) -> SnmpRaw:
    return parse(text if isinstance(text, bytes) else f"{text}\n".encode(), taken_at=NOW)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("1.3.1|2|-3", -3),
        ("1.3.1|4|Ready", b"Ready"),
        ("1.3.1|4|a|b", b"a|b"),
        ("1.3.1|4x|e8afb7", b"\xe8\xaf\xb7"),
        ("1.3.1|4|", b""),
        ("1.3.1|6|1.3.6.1", (1, 3, 6, 1)),
        ("1.3.1|64|10.0.0.5", b"\x0a\x00\x00\x05"),
        ("1.3.1|64x|0a000005", b"\x0a\x00\x00\x05"),
        ("1.3.1|65|4294967295", 4294967295),
        ("1.3.1|66|7", 7),
        ("1.3.1|67|100", 100),
        (".1.3.1|2|1\r", 1),
    ],
)
def test_every_tag(line: str, value: object) -> None:
    assert read(line).values == {(1, 3, 1): value}


def test_wrong_lines_are_counted_and_the_rest_is_read() -> None:
    raw = read("1.3.1|2|1\nnonsense\n1.3.2|2|x\n1.3.3|99|1\n1.3.4|4x|zz\n1.3.5|2\n1.3.6|2|6\n")
    assert raw.values == {(1, 3, 1): 1, (1, 3, 6): 6}
    assert raw.partial == ("SNMP: 5 lines make no sense, the first is line 2",)


def test_a_number_that_no_type_holds_is_no_number() -> None:
    raw = read(f"1.3.1|2|{9 * 10**40}\n1.3.2|65x|{'ff' * 3_000}\n1.3.3|70|{2**64 - 1}")
    assert raw.values == {(1, 3, 3): 2**64 - 1}
    assert raw.partial == ("SNMP: 2 lines make no sense, the first is line 1",)


@pytest.mark.parametrize("text", [b"", b"\n\n", b"# only a comment", b"%PDF-1.4 ...", b"\x00" * 500])
def test_what_is_no_recording_is_garbled(text: bytes) -> None:
    with pytest.raises(Garbled, match=r"OID\|tag\|value"):
        read(text)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_recording_or_garbled(data: bytes) -> None:
    try:
        read(b"1.3.6.1.2.1.43.11.1.1.9.1.1|2|40\n" + data)
        read(data)
    except Garbled:
        pass


def test_a_recording_cut_anywhere_makes_a_reading() -> None:
    """Half a file must never become an exception, nor a level that the whole file does not hold."""
    catalogue = load()
    data = shared("corpus", "snmp", "snmp_xerox.snmprec").read_bytes()
    whole = {s.index: s.level for s in normalise(read(data), catalogue).supplies or ()}
    for cut in range(1_000, len(data), 1_777):
        reading = normalise(read(data[:cut]), catalogue)
        for supply in reading.supplies or ():
            assert supply.index in whole
