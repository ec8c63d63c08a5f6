"""Reads IPP messages (RFC 8010) from devices that do not always follow it.

Every step takes at least one byte, so that no body can hold the reader up; what cannot be read is left out and named
in `partial`. Only a body that is no IPP at all raises, and then Garbled.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

from agent.ipp.message import Collection, Group, GroupTag, Message, OutOfBand, Range, Resolution, Value
from fleet.errors import Garbled
from fleet.kit.text import clean

LARGEST = 4 * 1024 * 1024
MOST_GROUPS = 1_000
MOST_VALUES = 50_000
DEEPEST = 8
MOST_NOTES = 16

BEGIN_COLLECTION = 0x34
END_COLLECTION = 0x37
MEMBER_NAME = 0x4A
_OUT_OF_BAND: Mapping[int, OutOfBand] = {
    0x10: OutOfBand.UNSUPPORTED,
    0x12: OutOfBand.UNKNOWN,
    0x13: OutOfBand.NO_VALUE,
    0x15: OutOfBand.NOT_SETTABLE,
    0x16: OutOfBand.DELETE_ATTRIBUTE,
    0x17: OutOfBand.ADMIN_DEFINE,
}


class _CutOff(Exception):
    """The body ends, or stops making sense, before the message does."""


def parse(body: bytes) -> Message:
    """The message in `body`, as far as it can be read. Garbled when it is no IPP message."""
    if len(body) > LARGEST:
        raise Garbled(f"an IPP answer of {len(body):,} bytes; at most {LARGEST:,} are read")
    if len(body) < 8:
        raise Garbled(f"not an IPP answer: {len(body)} bytes, a header alone has 8")
    major, minor, code, request_id = struct.unpack(">BBHi", body[:8])
    if major not in (1, 2):
        raise Garbled(f"not an IPP answer: it names version {major}.{minor}")
    reader = _Reader(body)
    try:
        reader.read_groups()
    except _CutOff as error:
        reader.note(str(error))
    return Message(
        version=(major, minor),
        code=code,
        request_id=request_id,
        groups=tuple(Group(tag=tag, attributes=_frozen(attributes)) for tag, attributes in reader.groups),
        partial=tuple(reader.notes),
    )


def _frozen(attributes: dict[str, list[Value]]) -> dict[str, tuple[Value, ...]]:
    return {name: tuple(values) for name, values in attributes.items()}


@dataclass(slots=True)
class _Reader:
    """A place in the body, and what was read so far."""

    body: bytes
    at: int = 8
    values: int = 0
    groups: list[tuple[int, dict[str, list[Value]]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        text = clean(text)  # names of attributes come from outside
        if len(self.notes) < MOST_NOTES and text not in self.notes:
            self.notes.append(text)

    def take(self, size: int) -> bytes:
        if self.at + size > len(self.body):
            raise _CutOff(f"the answer is cut off after {len(self.body):,} bytes")
        self.at += size
        return self.body[self.at - size : self.at]

    def sized(self) -> bytes:
        """A two-byte length and as many bytes. Lengths are SIGNED-SHORT (RFC 8010 section 3.1.4)."""
        size = int.from_bytes(self.take(2), "big", signed=True)
        if size < 0:
            raise _CutOff(f"a negative length at byte {self.at - 2:,}; the rest is not read")
        return self.take(size)

    def read_groups(self) -> None:
        name: str | None = None
        while (tag := self.take(1)[0]) != GroupTag.END:
            if tag <= 0x0F:
                if len(self.groups) >= MOST_GROUPS:
                    raise _CutOff(f"more than {MOST_GROUPS} groups; the rest is not read")
                self.groups.append((tag, {}))
                name = None
            else:
                name = self._read_value(tag, name)

    def _read_value(self, tag: int, name: str | None) -> str | None:
        """Reads one attribute, or one more value of the attribute `name`; returns the name it belongs to."""
        if not self.groups:
            raise _CutOff("attributes before the first group; the rest is not read")
        attributes = self.groups[-1][1]
        own, data = self.sized().decode("ascii", "replace"), self.sized()
        if own in attributes:
            self.note(f"{own[:60]} comes twice; the first counts")
            name = None
        elif own:
            attributes[own], name = [], own
        elif name is None:
            self.note("a value without an attribute")
        value = self._value(tag, data, own or name or "")
        if value is not None and name is not None:
            attributes[name].append(value)
        return name

    def _value(self, tag: int, data: bytes, name: str, depth: int = 0) -> Value | None:
        """The value, or None (and a note) where its bytes do not fit its type."""
        self.values += 1
        if self.values > MOST_VALUES:
            raise _CutOff(f"more than {MOST_VALUES:,} values; the rest is not read")
        if tag == BEGIN_COLLECTION:
            return self._collection(depth + 1)
        value = decoded(tag, data)
        if value is None:
            self.note(f"{name[:60]}: a value of type 0x{tag:02x} in {len(data)} bytes makes no sense")
        return value

    def _collection(self, depth: int) -> Collection:
        """Members up to endCollection (RFC 8010 section 3.1.6)."""
        if depth > DEEPEST:
            raise _CutOff(f"collections nested deeper than {DEEPEST}; the rest is not read")
        members: dict[str, list[Value]] = {}
        current: list[Value] = []
        while True:
            tag = self.take(1)[0]
            if tag <= 0x0F:
                raise _CutOff("a collection without end; the rest is not read")
            self.sized()
            data = self.sized()
            if tag == END_COLLECTION:
                return Collection(members=_frozen(members))
            if tag == MEMBER_NAME:
                current = members.setdefault(data.decode("ascii", "replace"), [])
                self.values += 1
            elif (value := self._value(tag, data, "a collection", depth)) is not None:
                current.append(value)


def decoded(tag: int, data: bytes) -> Value | None:
    """The value of `data` under a value tag (RFC 8010 section 3.5.2 and 3.9); None where the length is wrong."""
    if tag <= 0x1F:
        return _OUT_OF_BAND.get(tag, OutOfBand.OTHER)
    if tag in _BINARY:
        return _BINARY[tag](data)
    # 0x40 to 0x5f are character strings; a tag nobody knows keeps its bytes.
    return _text(data) if 0x40 <= tag <= 0x5F else data


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _integer(data: bytes) -> int | None:
    # Four bytes by the standard. Shorter ones of careless servers can be read only one way.
    return int.from_bytes(data, "big", signed=True) if 1 <= len(data) <= 4 else None


def _boolean(data: bytes) -> bool | None:
    return bool(data[0]) if len(data) == 1 else None


def _date_time(data: bytes) -> datetime | None:
    """RFC 2579 DateAndTime; 8 bytes leave the zone out, which then is UTC."""
    if len(data) not in (8, 11):
        return None
    year, month, day, hour, minute, second, tenths = struct.unpack(">HBBBBBB", data[:8])
    zone = timedelta()
    if len(data) == 11:
        zone = timedelta(hours=data[9], minutes=data[10]) * (-1 if data[8:9] == b"-" else 1)
    try:
        when = datetime(year, month, day, hour, minute, min(second, 59), min(tenths, 9) * 100_000, timezone(zone))
        return when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _resolution(data: bytes) -> Resolution | None:
    if len(data) != 9:
        return None
    across, down, unit = struct.unpack(">iib", data)
    return Resolution(across=across, down=down, per={3: "inch", 4: "cm"}.get(unit, str(unit)))


def _range(data: bytes) -> Range | None:
    if len(data) != 8:
        return None
    low, high = struct.unpack(">ii", data)
    return Range(low=low, high=high)


def _with_language(data: bytes) -> str | None:
    """textWithLanguage and nameWithLanguage: the text, without the language."""
    size = int.from_bytes(data[:2], "big")
    length = int.from_bytes(data[2 + size : 4 + size], "big")
    if len(data) != 4 + size + length:
        return None
    return _text(data[4 + size :])


def _octets(data: bytes) -> bytes:
    return data


_BINARY: Mapping[int, Callable[[bytes], Value | None]] = {
    0x21: _integer,
    0x22: _boolean,
    0x23: _integer,
    0x30: _octets,
    0x31: _date_time,
    0x32: _resolution,
    0x33: _range,
    0x35: _with_language,
    0x36: _with_language,
}
