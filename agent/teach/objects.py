"""What a recording holds that nobody reads yet: the place to look for the number that stands on the panel."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.normalise.charset import decode
from agent.normalise.snmp_answers import Answers
from agent.normalise.snmp_identity import PWG_DEVICE_ID, who
from agent.probes.probe import Raw
from agent.snmp.raw import Name, SnmpRaw, Value, dotted
from mibs.catalogue import Catalogue, Vendor

STANDARD: tuple[Name, ...] = (
    (1, 3, 6, 1, 2, 1),  # mib-2: system, interfaces, Host-Resources, Printer-MIB
    (1, 3, 6, 1, 6),  # snmpV2
    PWG_DEVICE_ID,
)
SHOWN = 50
LONGEST = 120
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[ ,.'’\u00a0\u202f](?=\d{3})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """One object with a value a person can read. `read_by` says who reads it already; None: nobody."""

    name: str
    value: str
    read_by: str | None = None


def objects_of(raws: Iterable[Raw], catalogue: Catalogue) -> list[Object]:
    """Every readable object of the SNMP answers among `raws`, by name."""
    raw = next((raw for raw in raws if isinstance(raw, SnmpRaw)), None)
    if raw is None:
        return []
    answers = Answers(raw)
    vendor = who(answers, catalogue).vendor
    rows = _names(vendor)
    return [
        Object(name=dotted(name), value=text, read_by=_reader(name, vendor, rows))
        for name, value in sorted(raw.values.items())
        if (text := _readable(value, answers)) is not None
    ]


def unused(objects: Iterable[Object]) -> list[Object]:
    return [found for found in objects if found.read_by is None]


def matching(objects: Sequence[Object], text: str) -> list[Object]:
    """Those that say `text`, whole values first: a number however its digits are grouped, words whatever their case,
    or the beginning of an object's name."""
    sought = text.strip().casefold()
    if sought.startswith("1.3."):
        return [found for found in objects if f"{found.name}.".startswith(f"{sought.rstrip('.')}.")]
    number = _BETWEEN_DIGITS.sub("", sought)
    sought = number if number.isdecimal() else sought
    hits = [found for found in objects if sought in found.value.casefold()]
    return sorted(hits, key=lambda found: found.value.casefold() != sought)


def _names(vendor: Vendor | None) -> tuple[set[Name], tuple[Name, ...]]:
    return (set(vendor.scalars()), tuple(vendor.roots())) if vendor else (set(), ())


def _reader(name: Name, vendor: Vendor | None, rows: tuple[set[Name], tuple[Name, ...]]) -> str | None:
    if any(name[: len(root)] == root for root in STANDARD):
        return "a standard table"
    single, roots = rows
    if vendor and (name in single or any(name[: len(root)] == root for root in roots)):
        return f"the row of {vendor.name}"
    return None


def _readable(value: Value, answers: Answers) -> str | None:
    """The value as a person would read it on a panel; None for names of objects and for octets that are no text."""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        return None
    plain = value.removeprefix(b"\x01\x15").rstrip(b"\0 \r\n")
    if not plain or any(octet < 32 and octet not in b"\t\r\n" for octet in plain):
        return None
    text = decode(plain, answers.charset)
    return text[:LONGEST] if text and "\ufffd" not in text else None
