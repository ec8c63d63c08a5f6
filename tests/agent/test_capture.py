"""Recordings: what a recording is made of reads back the same, and a file from outside may hold anything."""

from __future__ import annotations

import contextlib
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.capture import pack
from agent.capture.snmp import Walked, learn, lines
from agent.inspect import inspect_capture
from agent.snmp import ber
from agent.snmp.raw import Value, name_of
from agent.snmp.snmprec import parse
from agent.veil import Veil
from fleet.errors import Garbled
from mibs.catalogue import load

NOW = datetime(2026, 3, 2, tzinfo=UTC)
TYPED: dict[str, tuple[int, Value]] = {
    "1.3.6.1.2.1.1.1.0": (ber.OCTETS, b"Acme Laser 1 FW 2.0 SN:AB123456 prn-legal"),
    "1.3.6.1.2.1.1.2.0": (ber.OBJECT, name_of("1.3.6.1.4.1.2435.2.3")),
    "1.3.6.1.2.1.1.3.0": (ber.TICKS, 4_000_000_000),
    "1.3.6.1.2.1.1.4.0": (ber.OCTETS, b"Ms Meyer"),
    "1.3.6.1.2.1.1.5.0": (ber.OCTETS, b"prn-legal"),
    "1.3.6.1.2.1.1.6.0": (ber.OCTETS, b"2F"),
    "1.3.6.1.2.1.2.2.1.6.1": (ber.OCTETS, bytes.fromhex("0017c8aabbcc")),
    "1.3.6.1.2.1.2.2.1.10.1": (ber.COUNTER, 3_999_999_999),
    "1.3.6.1.2.1.43.5.1.1.17.1": (ber.OCTETS, b"AB123456"),
    "1.3.6.1.2.1.43.11.1.1.9.1.1": (ber.INTEGER, -3),
    "1.3.6.1.4.1.2435.1.0": (ber.OCTETS, b"10.1.2.3 00:17:C8:AA:BB:CC meyer@example.net V1.2.3"),
    "1.3.6.1.4.1.2435.2.0": (ber.OCTETS, b"\x00\x17\xc8\xaa\xbb\xcc tail"),
    "1.3.6.1.4.1.2435.3.0": (ber.IP_ADDRESS, b"\xc0\xa8\x01\x32"),
    "1.3.6.1.4.1.2435.4.0": (ber.COUNTER64, 2**63),
}
WALKED = Walked(
    rows={name_of(text): value for text, (_, value) in TYPED.items()},
    types={name_of(text): type_ for text, (type_, _) in TYPED.items()},
)
SECRETS = (b"AB123456", b"legal", b"Meyer", b"meyer", b"2F", b"10.1.2.3", b"AA:BB:CC", b"192.168.1.50", b"\xaa\xbb\xcc")


def recorded() -> bytes:
    veil = Veil()
    learn(WALKED, veil)
    return lines(WALKED, veil)


def test_a_recording_reads_back_the_same() -> None:
    raw = parse(lines(WALKED, None), taken_at=NOW)
    assert raw.values == WALKED.rows
    assert raw.partial == ()


@pytest.mark.parametrize(("text", "tag"), [("1.3.0", b"67"), ("2.2.1.10.1", b"65"), ("2.0", b"6")])
def test_values_keep_their_types(text: str, tag: bytes) -> None:
    row = next(line for line in lines(WALKED, None).split(b"\n") if f".{text}|".encode() in line)
    assert row.split(b"|")[1] == tag


def test_names_numbers_and_addresses_are_replaced_everywhere() -> None:
    raw = parse(recorded(), taken_at=NOW)
    texts = b"\n".join(value for value in raw.values.values() if isinstance(value, bytes))
    assert [secret for secret in SECRETS if secret in texts] == []
    assert b"Acme Laser 1 FW 2.0 SN:" in texts, "the model stays"
    assert b"V1.2.3" in texts, "so do versions"
    assert raw.values[name_of("1.3.6.1.2.1.43.11.1.1.9.1.1")] == -3
    assert raw.values[name_of("1.3.6.1.4.1.2435.3.0")] != b"\xc0\xa8\x01\x32"


def test_a_serial_number_is_the_same_stand_in_in_every_object() -> None:
    values = parse(recorded(), taken_at=NOW).values
    serial, described = values[name_of("1.3.6.1.2.1.43.5.1.1.17.1")], values[name_of("1.3.6.1.2.1.1.1.0")]
    assert isinstance(serial, bytes)
    assert isinstance(described, bytes)
    assert serial in described


# What is no recording


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return packed.getvalue()


WALK = b"1.3.6.1.2.1.1.1.0|4|Acme Laser 1\n"


def test_only_known_parts_are_read(tmp_path: Path) -> None:
    file = tmp_path / "one.zip"
    file.write_bytes(zipped(snmp_dot_snmprec=WALK, ______etc__passwd=b"x", readme_dot_md=b"hello"))
    assert pack.read(file.read_bytes()) == {"snmp.snmprec": WALK}
    assert inspect_capture(file, load()).reachable


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not a readable zip"),
        (b"PK\x03\x04 and then nothing", "not a readable zip"),
        (zipped(readme=b"hello"), "without any of"),
        (zipped(snmp_dot_snmprec=WALK)[:-30], "not a readable zip"),
        (zipped(**{f"f{number}": b"" for number in range(40)}), "a zip of 40 files"),
    ],
)
def test_what_is_no_recording_is_refused_with_a_reason(data: bytes, why: str) -> None:
    with pytest.raises(Garbled, match=why):
        pack.read(data)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = zipped(snmp_dot_snmprec=bytes(pack.LARGEST_PART + 1))
    assert len(bomb) < 100_000
    with pytest.raises(Garbled, match="unpacks to more than"):
        pack.read(bomb)


def test_an_encrypted_part_is_refused() -> None:
    data = bytearray(zipped(snmp_dot_snmprec=WALK))
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1  # the flag "encrypted" in the central directory
    data[6] |= 1
    with pytest.raises(Garbled, match="not a readable zip"):
        pack.read(bytes(data))


def test_a_part_that_cannot_be_read_leaves_the_others(tmp_path: Path) -> None:
    file = tmp_path / "one.zip"
    file.write_bytes(zipped(snmp_dot_snmprec=WALK, ipp_dot_ipp=b"no", escl_dot_xml=b"<a"))
    reading = inspect_capture(file, load())
    assert {text.partition(":")[0] for text in reading.partial} == {"ipp.ipp", "escl.xml"}


@given(st.binary(max_size=400), st.integers(0, 400))
def test_any_damage_is_a_clear_error_or_a_reading(noise: bytes, at: int) -> None:
    good = zipped(snmp_dot_snmprec=WALK, pjlink_dot_txt=b"%1POWR=0\n")
    for data in (noise, good[:at] + noise + good[at + len(noise) :]):
        with contextlib.suppress(Garbled):
            assert pack.read(data).keys() <= set(pack.PARTS)
