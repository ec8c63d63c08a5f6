"""Writes IPP answers, good and bad, octet by octet (RFC 8010 section 3.1)."""

from __future__ import annotations

import struct
from collections.abc import Iterable

Row = tuple[int, str, bytes]
"""(value tag, name, value); an empty name is one more value of the row before."""


def row(tag: int, name: str, value: bytes) -> bytes:
    key = name.encode()
    return struct.pack(">BH", tag, len(key)) + key + struct.pack(">H", len(value)) + value


def message(
    *groups: tuple[int, Iterable[Row]], code: int = 0, version: tuple[int, int] = (2, 0), number: int = 1
) -> bytes:
    body = struct.pack(">BBHi", *version, code, number)
    for tag, rows in groups:
        body += bytes([tag]) + b"".join(row(*each) for each in rows)
    return body + b"\x03"


def operation(status: str = "") -> tuple[int, list[Row]]:
    rows: list[Row] = [(0x47, "attributes-charset", b"utf-8"), (0x48, "attributes-natural-language", b"en")]
    return 0x01, [*rows, *([(0x41, "status-message", status.encode())] if status else [])]


def printer(*rows: Row) -> tuple[int, list[Row]]:
    return 0x04, list(rows)


def keyword(name: str, *values: str) -> list[Row]:
    return [(0x44, name if place == 0 else "", value.encode()) for place, value in enumerate(values)]


def text(name: str, *values: str) -> list[Row]:
    return [(0x41, name if place == 0 else "", value.encode()) for place, value in enumerate(values)]


def octets(name: str, *values: str) -> list[Row]:
    return [(0x30, name if place == 0 else "", value.encode()) for place, value in enumerate(values)]


def integer(name: str, *values: int) -> list[Row]:
    return [(0x21, name if place == 0 else "", struct.pack(">i", value)) for place, value in enumerate(values)]


def enum(name: str, value: int) -> list[Row]:
    return [(0x23, name, struct.pack(">i", value))]


def collection(name: str, **members: int) -> list[Row]:
    rows: list[Row] = [(0x34, name, b"")]
    for member, value in members.items():
        rows += [(0x4A, "", member.replace("_", "-").encode()), (0x21, "", struct.pack(">i", value))]
    return [*rows, (0x37, "", b"")]


def one_printer(**more: list[Row]) -> bytes:
    """A plain good answer, with what the test wants to add."""
    rows: list[Row] = [
        *text("printer-make-and-model", "HP LaserJet 400 MFP M425dn"),
        *enum("printer-state", 3),
        *keyword("printer-state-reasons", "none"),
    ]
    for added in more.values():
        rows += added
    return message(operation(), printer(*rows))
