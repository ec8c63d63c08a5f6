"""Recorded walks in the snmprec form: ``OID|tag|value`` a line; a trailing x on the tag means that the value is hex."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from agent.snmp.raw import Name, SnmpRaw, Value, dotted, name_of
from fleet.errors import Garbled

MOST_LINES = 200_000
LARGEST_FILE = 32 * 1024 * 1024


def _value(tag: str, text: bytes) -> Value:
    hexed = tag.endswith("x")
    match tag.removesuffix("x"):
        case "4" | "64" | "68":
            data = bytes.fromhex(text.decode("ascii")) if hexed else text
            return bytes(map(int, data.split(b"."))) if tag == "64" else data
        case "6":
            return name_of(text.decode("ascii"))
        case "2" | "65" | "66" | "67" | "70":
            return (
                _number(bytes.fromhex(text.decode("ascii")).hex(), 16) if hexed else _number(text.decode("ascii"), 10)
            )
        case _:
            raise ValueError(f"unknown tag {tag}")


def _number(digits: str, base: int) -> int:
    number = int(digits, base)
    if abs(number) >= 2**72:
        raise ValueError("no type of SNMP holds such a number")
    return number


def parse(data: bytes, *, taken_at: datetime) -> SnmpRaw:
    """The recorded answers. Lines that make no sense are counted in `partial`; Garbled when none makes sense."""
    values: dict[Name, Value] = {}
    wrong, falling, last = list[int](), 0, Name()
    *lines, tail = data.split(b"\n", MOST_LINES)
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith(b"#"):
            continue
        name_text, _, rest = line.rstrip(b"\r").partition(b"|")
        tag, bar, text = rest.partition(b"|")
        try:
            name, value = name_of(name_text.decode("ascii")), _value(tag.decode("ascii"), text)
        except (ValueError, UnicodeDecodeError):
            wrong.append(number)
            continue
        if not bar:
            wrong.append(number)
            continue
        falling += name <= last
        last = name
        values.setdefault(name, value)
    if not values:
        raise Garbled("not a recorded SNMP walk: no whole line of the form OID|tag|value")
    return SnmpRaw(
        taken_at=taken_at,
        values=values,
        partial=tuple(f"SNMP: {note}" for note in _notes(wrong, falling, is_cut=len(lines) < MOST_LINES, tail=tail)),
    )


def _notes(wrong: list[int], falling: int, *, is_cut: bool, tail: bytes) -> Iterator[str]:
    if wrong:
        yield f"{len(wrong)} lines make no sense, the first is line {wrong[0]}"
    if falling:
        yield f"{falling} object names do not rise"
    if tail.strip():
        # Half a number is another number, and half a serial number another device.
        cut = "the last line has no end, as if cut off; left out"
        yield cut if is_cut else f"only the first {MOST_LINES:,} lines are read"


def read(path: Path) -> SnmpRaw:
    """The walk recorded in the file at `path`."""
    with path.open("rb") as file:
        return parse(file.read(LARGEST_FILE), taken_at=datetime.fromtimestamp(path.stat().st_mtime, UTC))


def line(name: Name, value: Value) -> str:
    """One line of a recording. Counters are written as integers: a reader of readings treats them alike."""
    if isinstance(value, bytes):
        return f"{dotted(name)}|4x|{value.hex()}"
    if isinstance(value, tuple):
        return f"{dotted(name)}|6|{dotted(value)}"
    return f"{dotted(name)}|2|{value}"
