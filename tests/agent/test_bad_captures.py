"""Captures that are cut, swollen, falling or malicious: a clear error, or a reading that says what it lacks."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent.inspect import READERS, inspect_capture
from agent.snmp.snmprec import MOST_LINES
from fleet.errors import Garbled
from mibs.catalogue import load
from tests.agent.ipp.answers import integer, keyword, message, one_printer, operation, printer, text
from tests.agent.probes.test_escl_probe import CAPABILITIES

TABLE = "1.3.6.1.2.1.43.11.1.1"
SYSTEM = "1.3.6.1.2.1.1.1.0|4|Northgate MFP 7\n1.3.6.1.2.1.1.5.0|4|prn-7\n"
TONER = f"{TABLE}.4.1.1|2|3\n{TABLE}.5.1.1|2|3\n{TABLE}.6.1.1|4|Black Toner\n{TABLE}.8.1.1|2|100\n{TABLE}.9.1.1|2|42\n"
WALK = (SYSTEM + "1.3.6.1.2.1.43.10.2.1.4.1.1|65|123456\n" + TONER).encode()
TRANSCRIPT = b"PJLINK 0\n%1NAME=Room 4\n%1POWR=1\n%1LAMP=974 1\n"
MARKERS = [*keyword("marker-types", "toner"), *text("marker-names", "Black"), *integer("marker-levels", 7)]
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


@dataclass
class Told:
    code: int
    record: dict[str, Any] | None
    notes: list[str]
    """What stands on stderr, line by line."""


def told(folder: Path, name: str, data: bytes) -> Told:
    """What `pagewarden inspect NAME --json` says."""
    (folder / name).write_bytes(data)
    command = [sys.executable, "-m", "pagewarden", "inspect", name, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=folder)
    assert "Traceback" not in done.stderr
    return Told(done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr.splitlines())


# Cut in the middle


def test_a_walk_cut_in_a_number_tells_no_other_number(tmp_path: Path) -> None:
    whole, cut = told(tmp_path, "whole.snmprec", WALK), told(tmp_path, "cut.snmprec", WALK[:-2])
    assert (whole.record or {})["supplies"][0]["level_pct"] == 42
    assert (cut.code, (cut.record or {})["supplies"][0]["level_pct"]) == (0, None), "4 is not 42"
    assert cut.notes == ["note: SNMP: the last line has no end, as if cut off; left out"]
    assert whole.notes == []


def test_an_ipp_answer_cut_in_the_middle_says_so(tmp_path: Path) -> None:
    body = one_printer(more=MARKERS)
    cut = told(tmp_path, "cut.ipp", body[:-6])
    (supply,) = (cut.record or {})["supplies"]
    assert (supply["level_pct"], supply["level_state"]) == (None, "unknown")
    assert (cut.code, (cut.record or {})["manufacturer"]) == (0, "HP"), "what came before the cut is told"
    assert cut.notes == [f"note: IPP: the answer is cut off after {len(body) - 6:,} bytes"]


def test_a_transcript_cut_in_a_number_tells_no_other_number(tmp_path: Path) -> None:
    cut = told(tmp_path, "cut.txt", TRANSCRIPT[:-4])
    assert (cut.code, (cut.record or {})["lamp_hours"], (cut.record or {})["state"]) == (0, None, "idle")
    assert cut.notes == ["note: PJLink: the last line has no end, as if cut off; left out"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("cut.xml", CAPABILITIES.encode()[:-40]),
        ("cut.json", b'[{"type": "_ipp._tcp", "txt": {"ty": "HP Laser'),
        ("cut.ipp", b"\x02\x00\x00"),
        ("cut.txt", b"%1POWR="),
        ("cut.snmprec", WALK[:15]),
    ],
)
def test_what_cannot_be_read_without_its_end_is_one_clear_line(tmp_path: Path, name: str, data: bytes) -> None:
    it = told(tmp_path, name, data)
    assert (it.code, it.record, len(it.notes)) == (1, None, 1)
    assert it.notes[0].startswith(f"pagewarden: {name}: ")


def test_wherever_a_capture_is_cut_it_is_a_reading_or_a_clear_error(tmp_path: Path) -> None:
    """Every place of every kind; and no cut makes a level or a count that the whole does not tell."""
    captures = {
        ".snmprec": WALK,
        ".ipp": one_printer(more=MARKERS),
        ".xml": CAPABILITIES.encode(),
        ".json": b'[{"type": "_ipp._tcp", "instance": "A", "txt": {"ty": "HP LaserJet 9"}}]',
        ".txt": TRANSCRIPT,
    }
    assert captures.keys() == READERS.keys()
    for suffix, data in captures.items():
        path = tmp_path / f"cut{suffix}"
        for size in range(len(data)):
            path.write_bytes(data[:size])
            try:
                reading = inspect_capture(path, load())
            except Garbled:
                continue
            assert {s.raw_level for s in reading.supplies or ()} <= {42, 7, None}, (suffix, size)
            assert {c.value for c in reading.counters or ()} <= {123456}, (suffix, size)
            assert reading.lamp_hours in (None, (974,)), (suffix, size)


# Wrong lengths


def test_wrong_lengths_in_an_ipp_answer(tmp_path: Path) -> None:
    five = message(operation(), printer(*keyword("marker-types", "toner"), (0x21, "marker-levels", b"\0\0\0\0\x07")))
    it = told(tmp_path, "five.ipp", five)
    assert it.code == 0
    assert it.notes == ["note: IPP: marker-levels: a value of type 0x21 in 5 bytes makes no sense"]
    beyond = five.replace(struct.pack(">H", 5) + b"\0\0\0\0\x07", struct.pack(">H", 500) + b"\0\0\0\0\x07")
    assert told(tmp_path, "beyond.ipp", beyond).notes == [f"note: IPP: the answer is cut off after {len(five):,} bytes"]


def test_wrong_lengths_in_a_walk(tmp_path: Path) -> None:
    private = "1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.8.0|4x|"
    named = b"1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.2435.2.3.9.1\n1.3.6.1.2.1.25.3.2.1.3.1|4|Brother HL-2270DW\n"
    odd = told(tmp_path, "odd.snmprec", named + private.encode() + b"6f0104000\n")
    assert (odd.code, odd.notes) == (0, ["note: SNMP: 1 lines make no sense, the first is line 3"])
    # A record that promises 200 octets and holds two ends the maker's table; it makes no level of what is there.
    long = told(tmp_path, "long.snmprec", named + private.encode() + b"6f01c80fa0ff\n")
    assert (long.code, (long.record or {})["supplies"]) == (0, [])


# Falling, repeated and endless names; a million rows


def test_falling_names_are_read_and_named(tmp_path: Path) -> None:
    fallen = b"\n".join(reversed(WALK.splitlines())) + b"\n"
    it = told(tmp_path, "falling.snmprec", fallen)
    assert (it.code, (it.record or {})["supplies"][0]["level_pct"]) == (0, 42)
    assert it.notes == ["note: SNMP: 7 object names do not rise"]


def test_a_name_that_comes_again_counts_once(tmp_path: Path) -> None:
    again = told(tmp_path, "again.snmprec", WALK + f"{TABLE}.9.1.1|2|1\n".encode() * 50)
    assert (again.record or {})["supplies"][0]["level_pct"] == 42
    assert again.notes == ["note: SNMP: 50 object names do not rise"]


def test_a_million_rows_are_read_in_part_and_say_so(tmp_path: Path) -> None:
    rows = b"".join(b"1.3.6.1.2.1.43.%d|2|5\n" % number for number in range(1_000_000))
    it = told(tmp_path, "million.snmprec", SYSTEM.encode() + rows)
    assert (it.code, (it.record or {})["hostname"]) == (0, "prn-7")
    assert f"note: SNMP: only the first {MOST_LINES:,} lines are read" in it.notes


def test_a_file_beyond_all_captures_is_refused(tmp_path: Path) -> None:
    it = told(tmp_path, "huge.snmprec", b"1.3.6.1.2.1.43.11.1.1.9.1.1|2|5\n" * 1_100_000)
    assert (it.code, it.record) == (2, None)
    assert it.notes == ["pagewarden: huge.snmprec: larger than 33,554,432 bytes, which no capture is"]


def test_a_table_of_supplies_too_long_to_be_true_is_unknown(tmp_path: Path) -> None:
    rows = "".join(f"{TABLE}.{column}.1.{row}|2|3\n" for column in (5, 9) for row in range(1, 400))
    it = told(tmp_path, "long.snmprec", (SYSTEM + rows).encode())
    assert (it.code, (it.record or {})["supplies"]) == (0, [])
    assert it.notes == [f"note: SNMP: table {TABLE} has more than 128 rows; not believed"]


def test_a_million_values_and_services(tmp_path: Path) -> None:
    many = told(tmp_path, "many.ipp", message(operation(), printer(*integer("marker-levels", *range(60_000)))))
    assert (many.code, many.notes) == (0, ["note: IPP: more than 50,000 values; the rest is not read"])
    big = told(tmp_path, "big.ipp", one_printer(more=[(0x41, "printer-info", b"x" * 30_000)] * 200))
    assert (big.code, big.record, len(big.notes)) == (1, None, 1)
    services = b"[" + b",".join([b'{"type": "_ipp._tcp", "txt": {"ty": "HP LaserJet 9"}}'] * 100_000) + b"]"
    it = told(tmp_path, "many.json", services)
    assert (it.code, it.notes) == (0, ["note: DNS-SD: only the first 64 of 100,000 services are read"])
    deep = told(tmp_path, "deep.json", b"[" * 1_000_000)
    assert (deep.code, deep.record, len(deep.notes)) == (1, None, 1)


def zipped(*parts: tuple[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", packing) as archive:
        warnings.simplefilter("ignore")  # of a name that comes twice
        for name, data in parts:
            archive.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (zipped(("snmp.snmprec", WALK))[:-30], "not a readable zip"),
        (zipped(("snmp.snmprec", bytes(33 * 2**20))), "unpacks to more than 33,554,432 bytes"),
        (zipped(("snmp.snmprec", WALK), packing=zipfile.ZIP_LZMA), "packed in a way that no recording is"),
        (zipped(*[("ipp.ipp", b"\0" * 9)] * 3), "the same answer twice"),
        (zipped(*[(f"{number}.ipp", b"") for number in range(100)]), "a zip of 100 files"),
        (zipped(("../../etc/passwd", b"x")), "a zip without any of snmp.snmprec"),
        (zipped(("snmp.snmprec", b"nonsense\n")), "snmp.snmprec: not a recorded SNMP walk"),
    ],
    ids=["cut", "bomb", "lzma", "twice", "many", "elsewhere", "nonsense"],
)
def test_a_recording_that_is_none_is_refused_in_one_line(tmp_path: Path, data: bytes, words: str) -> None:
    it = told(tmp_path, "bad.zip", data)
    assert (it.code, it.record, len(it.notes)) == (1, None, 1)
    assert it.notes[0].startswith("pagewarden: bad.zip: ")
    assert words in it.notes[0]


def test_a_recording_with_one_bad_answer_tells_the_others_and_says_so(tmp_path: Path) -> None:
    it = told(tmp_path, "half.zip", zipped(("snmp.snmprec", WALK), ("ipp.ipp", b"<html>")))
    assert (it.code, (it.record or {})["supplies"][0]["level_pct"]) == (0, 42)
    assert len(it.notes) == 1
    assert it.notes[0].startswith("note: ipp.ipp: not an IPP answer")


# Documents that mean harm


@pytest.mark.parametrize(
    "document",
    [
        BOMB + CAPABILITIES.partition("?>")[2].replace("</scan:", "&i;</scan:", 1),
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>',
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>',
        "<a>" * 20_000,
        "<x>" + "a" * 300_000 + "</x>",
    ],
    ids=["bomb", "outside", "file", "deep", "large"],
)
def test_xml_that_means_harm_is_refused_in_one_line(tmp_path: Path, document: str) -> None:
    it = told(tmp_path, "scanner.xml", document.encode())
    assert (it.code, it.record, len(it.notes)) == (1, None, 1)
    assert it.notes[0].startswith("pagewarden: scanner.xml: eSCL: ScannerCapabilities ")
    assert len(it.notes[0]) < 300


def test_texts_that_move_a_terminal_arrive_as_texts(tmp_path: Path) -> None:
    rows = b"1.3.6.1.2.1.1.5.0|4|prn\x1b[2J\n1.3.6.1.2.1.1.6.0|4x|e280ae666c6f6f72\n\x1b[31m|2|1\n"
    (tmp_path / "a.snmprec").write_bytes(SYSTEM.splitlines()[0].encode() + b"\n" + rows)
    command = [sys.executable, "-m", "pagewarden", "inspect", "a.snmprec"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, cwd=tmp_path)
    assert not any(ord(char) < 32 and char != "\n" for char in done.stdout + done.stderr)
    assert "\u202e" not in done.stdout
    assert "prn[2J" in done.stdout
