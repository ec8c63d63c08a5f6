"""The wire form of IPP (RFC 8010): requests are read as far as a printer needs, answers are written whole."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

OPERATION, PRINTER, END, UNSUPPORTED = 0x01, 0x04, 0x03, 0x05
INTEGER, BOOLEAN, ENUM, OCTETS, RANGE = 0x21, 0x22, 0x23, 0x30, 0x33
TEXT, NAME, KEYWORD, URI, CHARSET, LANGUAGE, MIME = 0x41, 0x42, 0x44, 0x45, 0x47, 0x48, 0x49
GET_PRINTER_ATTRIBUTES = 0x000B
OK, BAD_REQUEST, NOT_FOUND, NOT_SUPPORTED, VERSION_NOT_SUPPORTED = 0x0000, 0x0400, 0x0406, 0x0501, 0x0503

Scalar = int | bool | str | bytes | tuple[int, int]


class Malformed(Exception):
    """Not an IPP request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute with all its values, which share one syntax."""

    name: str
    tag: int
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    version: tuple[int, int]
    operation: int
    request_id: int
    operation_attributes: dict[str, list[bytes]]

    @property
    def requested(self) -> frozenset[str]:
        return frozenset(value.decode("utf-8", "replace") for value in self.operation_attributes.get(_REQUESTED, []))


_REQUESTED = "requested-attributes"


def parse(body: bytes) -> Request:
    """The head and the operation attributes of a request."""
    try:
        major, minor, operation, request_id = struct.unpack_from(">BBHi", body)
        return Request(
            version=(major, minor),
            operation=operation,
            request_id=request_id,
            operation_attributes=_operation_attributes(body, 8),
        )
    except (struct.error, IndexError) as error:
        raise Malformed(str(error)) from error


def _operation_attributes(body: bytes, at: int) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    group, name = body[at], ""
    at += 1
    while group == OPERATION and body[at] > 0x0F:
        at += 1
        raw, at = _counted(body, at)
        name = raw.decode("ascii", "replace") or name
        value, at = _counted(body, at)
        found.setdefault(name, []).append(value)
    return found


def _counted(body: bytes, at: int) -> tuple[bytes, int]:
    (size,) = struct.unpack_from(">H", body, at)
    return body[at + 2 : at + 2 + size], at + 2 + size


def answer(request: Request, status: int, attributes: Iterable[Attribute] = ()) -> bytes:
    """A whole answer; version 2.0, or lower when that was asked."""
    version = min(request.version, (2, 0))
    head = struct.pack(">BBHi", *version, status, request.request_id) + bytes((OPERATION,))
    common = (
        Attribute(name="attributes-charset", tag=CHARSET, values=("utf-8",)),
        Attribute(name="attributes-natural-language", tag=LANGUAGE, values=("en",)),
    )
    body = b"".join(_encoded(attribute) for attribute in common)
    given = b"".join(_encoded(attribute) for attribute in attributes)
    return head + body + (bytes((PRINTER,)) + given if given else b"") + bytes((END,))


def _encoded(attribute: Attribute) -> bytes:
    out = bytearray()
    for position, value in enumerate(attribute.values):
        name = attribute.name.encode() if position == 0 else b""
        raw = _raw(attribute.tag, value)
        out += struct.pack(">BH", attribute.tag, len(name)) + name + struct.pack(">H", len(raw)) + raw
    return bytes(out)


def _raw(tag: int, value: Scalar) -> bytes:
    if tag in (INTEGER, ENUM):
        return struct.pack(">i", value)
    if tag == BOOLEAN:
        return bytes((bool(value),))
    if tag == RANGE and isinstance(value, tuple):
        return struct.pack(">ii", *value)
    return value if isinstance(value, bytes) else str(value).encode()
