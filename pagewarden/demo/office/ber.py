"""The BER of SNMP (ITU-T X.690, RFC 3416): just what a responder for versions 1 and 2c needs."""

from __future__ import annotations

from typing import NamedTuple

Oid = tuple[int, ...]

INTEGER, OCTETS, NULL, OID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
IP_ADDRESS, COUNTER32, GAUGE32, TICKS, COUNTER64 = 0x40, 0x41, 0x42, 0x43, 0x46
NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_VIEW = 0x80, 0x81, 0x82


class Value(NamedTuple):
    """A value with its SNMP type."""

    tag: int
    content: int | bytes | Oid | None


class Broken(Exception):
    """These bytes are not what they should be."""


def number(value: int) -> Value:
    return Value(INTEGER, value)


def text(value: str | bytes) -> Value:
    return Value(OCTETS, value.encode() if isinstance(value, str) else value)


def counter(value: int) -> Value:
    return Value(COUNTER32, value % 2**32)


def gauge(value: int) -> Value:
    return Value(GAUGE32, min(value, 2**32 - 1))


def ticks(value: float) -> Value:
    return Value(TICKS, int(value) % 2**32)


def oid(dotted: str) -> Oid:
    return tuple(int(part) for part in dotted.split("."))


def name(dotted: str) -> Value:
    return Value(OID, oid(dotted))


def wrap(tag: int, content: bytes) -> bytes:
    """Tag, length, content."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def encode(value: Value) -> bytes:
    """One value as it goes on the wire."""
    match value.content:
        case None:
            return bytes((value.tag, 0))
        case bytes() as raw:
            return wrap(value.tag, raw)
        case int() as whole:
            return wrap(value.tag, whole.to_bytes(whole.bit_length() // 8 + 1, "big", signed=True))
        case arcs:
            return wrap(value.tag, _arcs(arcs))


def _arcs(arcs: Oid) -> bytes:
    out = bytearray()
    for arc in (arcs[0] * 40 + arcs[1], *arcs[2:]):
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.append(0x80 | arc & 0x7F)
        out += bytes(reversed(septets))
    return bytes(out)


def item(data: bytes, at: int) -> tuple[int, bytes, int]:
    """Tag, content and the place after the item that begins at `at`."""
    try:
        tag, size, at = data[at], data[at + 1], at + 2
    except IndexError as error:
        raise Broken("ends too early") from error
    if size & 0x80:
        count = size & 0x7F
        size, at = int.from_bytes(data[at : at + count], "big"), at + count
    if at + size > len(data):
        raise Broken("longer than the packet")
    return tag, data[at : at + size], at + size


def items(data: bytes) -> list[tuple[int, bytes]]:
    """All items that lie side by side in `data`."""
    found, at = [], 0
    while at < len(data):
        tag, content, at = item(data, at)
        found.append((tag, content))
    return found


def whole(content: bytes) -> int:
    return int.from_bytes(content, "big", signed=True)


def arcs(content: bytes) -> Oid:
    """An object identifier from its content bytes."""
    found: list[int] = []
    arc = 0
    for byte in content:
        arc = arc << 7 | byte & 0x7F
        if not byte & 0x80:
            found.append(arc)
            arc = 0
    if not found:
        raise Broken("empty object identifier")
    first = min(found[0] // 40, 2)
    return (first, found[0] - first * 40, *found[1:])
