"""BER for SNMP v1 and v2c messages (RFC 3416, RFC 1157): small, tolerant, bounded.

Every malformed input is Garbled; nothing else is raised, and nothing is read past its own length.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from agent.snmp.raw import Name, Value
from fleet.errors import Garbled

LONGEST_MESSAGE = 65_535
MOST_ARCS = 128
MOST_BINDINGS = 512

INTEGER, OCTETS, NULL, OBJECT, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
IP_ADDRESS, COUNTER, GAUGE, TICKS, OPAQUE, COUNTER64 = 0x40, 0x41, 0x42, 0x43, 0x44, 0x46
NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_VIEW = 0x80, 0x81, 0x82
_UNSIGNED = (COUNTER, GAUGE, TICKS, COUNTER64)


class Pdu(IntEnum):
    GET = 0xA0
    GET_NEXT = 0xA1
    RESPONSE = 0xA2
    GET_BULK = 0xA5


class ErrorStatus(IntEnum):
    NO_ERROR = 0
    TOO_BIG = 1
    NO_SUCH_NAME = 2
    GEN_ERR = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One variable binding. `value` is None where there is no such object, instance, or nothing further (`end`).
    `tag` is the type it came in."""

    name: Name
    value: Value | None
    tag: int = NULL

    @property
    def end(self) -> bool:
        return self.tag == END_OF_VIEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    version: int
    community: bytes
    request_id: int
    error_status: int
    error_index: int
    bindings: tuple[Binding, ...]


def tlv(tag: int, body: bytes) -> bytes:
    size = len(body)
    if size < 0x80:
        return bytes((tag, size)) + body
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(digits))) + digits + body


def integer(number: int) -> bytes:
    return tlv(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def object_name(name: Name) -> bytes:
    """The TLV of an object name. The first two arcs share one octet (X.690 section 8.19)."""
    if len(name) < 2:
        raise ValueError(f"an object name has at least two arcs: {name}")
    out = bytearray()
    for arc in (name[0] * 40 + name[1], *name[2:]):
        part = [arc & 0x7F]
        while arc := arc >> 7:
            part.append(arc & 0x7F | 0x80)
        out += bytes(reversed(part))
    return tlv(OBJECT, bytes(out))


def request(
    version: int, community: bytes, kind: Pdu, request_id: int, names: list[Name], *, repetitions: int = 0
) -> bytes:
    """A GET, GETNEXT or GETBULK message. `version` is 0 for v1, 1 for v2c; `repetitions` counts for GETBULK only."""
    bindings = b"".join(tlv(SEQUENCE, object_name(name) + b"\x05\x00") for name in names)
    numbers = integer(0) + integer(repetitions if kind is Pdu.GET_BULK else 0)
    # Four octets whatever the number is: some agents answer other lengths wrongly.
    identifier = tlv(INTEGER, request_id.to_bytes(4, "big", signed=True))
    pdu = tlv(kind, identifier + numbers + tlv(SEQUENCE, bindings))
    return tlv(SEQUENCE, integer(version) + tlv(OCTETS, community) + pdu)


def _header(data: bytes, at: int, end: int) -> tuple[int, int, int]:
    """(tag, start, stop) of the TLV at `at`; it must lie within `end`."""
    if at + 2 > end:
        raise Garbled("SNMP answer: cut off in the middle")
    tag, size, start = data[at], data[at + 1], at + 2
    if size & 0x80:
        digits = size & 0x7F
        if not 1 <= digits <= 4 or start + digits > end:
            raise Garbled("SNMP answer: a length that makes no sense")
        size, start = int.from_bytes(data[start : start + digits], "big"), start + digits
    if start + size > end:
        raise Garbled("SNMP answer: a value longer than its message")
    return tag, start, start + size


def _inside(data: bytes, at: int, end: int, *tags: int) -> tuple[int, int]:
    tag, start, stop = _header(data, at, end)
    if tag not in tags:
        raise Garbled(f"SNMP answer: type 0x{tag:02x} where 0x{tags[0]:02x} was due")
    return start, stop


def _number(data: bytes, at: int, end: int) -> tuple[int, int]:
    start, stop = _inside(data, at, end, INTEGER)
    if not 1 <= stop - start <= 9:
        raise Garbled("SNMP answer: a number of impossible size")
    return int.from_bytes(data[start:stop], "big", signed=True), stop


def _name(data: bytes, start: int, stop: int) -> Name:
    arcs, arc = [], 0
    for position in range(start, stop):
        octet = data[position]
        arc = arc << 7 | octet & 0x7F
        if octet & 0x80:
            if arc > 0xFFFFFFFF:
                raise Garbled("SNMP answer: an arc of an object name is too large")
            continue
        arcs.append(arc)
        arc = 0
        if len(arcs) > MOST_ARCS:
            raise Garbled(f"SNMP answer: an object name of more than {MOST_ARCS} arcs")
    if not arcs or data[stop - 1] & 0x80:
        raise Garbled("SNMP answer: an unfinished object name")
    first = min(arcs[0] // 40, 2)
    return (first, arcs[0] - first * 40, *arcs[1:])


def _value(tag: int, data: bytes, start: int, stop: int) -> Value | None:
    if tag == INTEGER and stop - start <= 9:
        return int.from_bytes(data[start:stop], "big", signed=True)
    if tag in _UNSIGNED and stop - start <= 9:
        return int.from_bytes(data[start:stop], "big")
    if tag in (OCTETS, IP_ADDRESS, OPAQUE):
        return data[start:stop]
    if tag == OBJECT:
        return _name(data, start, stop) if stop > start else (0, 0)
    if tag in (NULL, NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_VIEW):
        return None
    raise Garbled(f"SNMP answer: a value of unknown type 0x{tag:02x}")


def _bindings(data: bytes, at: int, end: int) -> tuple[Binding, ...]:
    found = []
    while at < end:
        start, stop = _inside(data, at, end, SEQUENCE)
        name_start, name_stop = _inside(data, start, stop, OBJECT)
        name = _name(data, name_start, name_stop)
        tag, value_start, value_stop = _header(data, name_stop, stop)
        found.append(Binding(name=name, value=_value(tag, data, value_start, value_stop), tag=tag))
        if len(found) > MOST_BINDINGS:
            raise Garbled(f"SNMP answer: more than {MOST_BINDINGS} values in one message")
        at = stop
    return tuple(found)


def response(data: bytes) -> Response:
    """The message in `data`; Garbled when it is none."""
    if len(data) > LONGEST_MESSAGE:
        raise Garbled("SNMP answer: longer than 64 KiB")
    at, end = _inside(data, 0, len(data), SEQUENCE)
    version, at = _number(data, at, end)
    start, at = _inside(data, at, end, OCTETS)
    community = data[start:at]
    at, end = _inside(data, at, end, Pdu.RESPONSE)
    request_id, at = _number(data, at, end)
    status, at = _number(data, at, end)
    index, at = _number(data, at, end)
    at, end = _inside(data, at, end, SEQUENCE)
    return Response(
        version=version,
        community=community,
        request_id=request_id,
        error_status=status,
        error_index=index,
        bindings=_bindings(data, at, end),
    )


def request_id_of(data: bytes) -> int | None:
    """The request id of a message, or None when it does not get that far. Cheap: used to find who waits for it."""
    try:
        at, end = _inside(data, 0, len(data), SEQUENCE)
        _, at = _number(data, at, end)
        _, at = _inside(data, at, end, OCTETS)
        at, end = _inside(data, at, end, Pdu.RESPONSE)
        return _number(data, at, end)[0]
    except Garbled:
        return None
