"""Captures: what identifies a device or a person does not leave with them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from agent.capture import without_names, write
from agent.snmp.raw import Value, name_of
from agent.snmp.snmprec import parse

ROWS: dict[tuple[int, ...], Value] = {
    name_of(text): value
    for text, value in {
        "1.3.6.1.2.1.1.1.0": b"Acme Laser 1 FW 2.0 SN:AB12345 prn-legal",
        "1.3.6.1.2.1.1.2.0": name_of("1.3.6.1.4.1.2435.2.3"),
        "1.3.6.1.2.1.1.3.0": 4_000_000_000,
        "1.3.6.1.2.1.1.4.0": b"Ms Meyer",
        "1.3.6.1.2.1.1.5.0": b"prn-legal",
        "1.3.6.1.2.1.1.6.0": b"Room 4711",
        "1.3.6.1.2.1.2.2.1.6.1": bytes.fromhex("0017c8aabbcc"),
        "1.3.6.1.2.1.43.5.1.1.17.1": b"AB12345",
        "1.3.6.1.2.1.43.11.1.1.9.1.1": -3,
        "1.3.6.1.4.1.2435.1.0": b"10.1.2.3 00:17:C8:AA:BB:CC meyer@example.net V1.2.3",
        "1.3.6.1.4.1.2435.2.0": b"\x00\x17\xc8\xaa\xbb\xcc tail",
    }.items()
}
SECRETS = (
    b"AB12345",
    b"prn-legal",
    b"Meyer",
    b"meyer",
    b"4711",
    b"10.1.2.3",
    b"00:17:C8",
    bytes.fromhex("0017c8aabbcc"),
)


def test_names_numbers_and_addresses_are_replaced_everywhere() -> None:
    clean, replaced = without_names(ROWS)
    texts = b"\n".join(value for value in clean.values() if isinstance(value, bytes))
    assert [secret for secret in SECRETS if secret in texts] == []
    assert replaced == 8
    assert clean[name_of("1.3.6.1.2.1.1.1.0")] == b"Acme Laser 1 FW 2.0 SN:SERIAL00001 device"
    assert clean[name_of("1.3.6.1.2.1.43.11.1.1.9.1.1")] == -3
    assert b"V1.2.3" in texts


def test_what_was_written_reads_back_the_same(tmp_path: Path) -> None:
    write(tmp_path / "laser.snmprec", ROWS)
    raw = parse((tmp_path / "laser.snmprec").read_bytes(), taken_at=datetime(2026, 3, 2, tzinfo=UTC))
    assert raw.values == ROWS
    assert raw.partial == ()
