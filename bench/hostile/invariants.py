"""What must hold of everything a parser lets through, whatever it was fed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from agent.inspect import record
from collector.envelope import opened
from fleet.kit import wire
from fleet.reading import Reading
from fleet.supply import LowOnly, SomeLeft, Unknown, level_percent

NOW = datetime(2026, 3, 4, 9, 12, tzinfo=UTC)
LONGEST_TEXT = 1024
SOFT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that move a cursor, turn text around, or are none."""


class Broken(AssertionError):
    """A parser let through what it must not."""


def _must(holds: bool, what: str) -> None:
    if not holds:
        raise Broken(what)


def check_text(text: str, where: str, longest: int = LONGEST_TEXT) -> None:
    _must(len(text) <= longest, f"{where}: a text of {len(text)} characters")
    if found := SOFT.search(text):
        raise Broken(f"{where}: a text with the character U+{ord(found[0]):04X}")


def check_texts(value: object, where: str = "result") -> None:
    """Every text in a result, however deep."""
    for path, text in _texts(value, where):
        check_text(text, path)


def _texts(value: object, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str) and not isinstance(value, Enum):
        yield where, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(key, f"{where}: key")
            yield from _texts(item, f"{where}.{key!s:.40}")
    elif isinstance(value, tuple | list | set | frozenset):
        for item in value:
            yield from _texts(item, where)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name), f"{where}.{field.name}")


def check_reading(reading: Reading) -> None:
    """Clean texts, levels in 0..100 and none where there is none, and a collector that takes it as it stands."""
    check_texts(reading, "reading")
    for supply in reading.supplies or ():
        for level in (supply.level, supply.fullness or Unknown()):
            percent = level_percent(level)
            _must(percent is None or 0 <= percent <= 100, f"a level of {percent} percent")
            if isinstance(level, SomeLeft | Unknown | LowOnly):
                _must(percent is None, f"a number for {level}")
    for counter in reading.counters or ():
        _must(0 <= counter.value < 2**63, f"{counter.name} is {counter.value}")
    for tray in reading.trays or ():
        _must(tray.level is None or tray.level >= 0, f"tray {tray.index} holds {tray.level}")
    _check_record(record(reading, "fuzz"))
    check_travels(reading)


def _check_record(made: Mapping[str, Any]) -> None:
    """The record of `pagewarden inspect --json`."""
    for supply in made["supplies"]:
        if supply["level_state"] in ("some-remaining", "unknown"):
            _must(supply["level_pct"] is None, f"{supply['level_state']} and {supply['level_pct']} percent")
    json.dumps(made, allow_nan=False).encode()


def check_travels(reading: Reading) -> None:
    """Through the wire form and the collector's door, and back the same."""
    plain = {**wire.to_plain(reading), "key": reading.key or "fuzz", "taken_at": NOW.isoformat()}
    body = {"spool": "fuzz", "seq": 1, "sent_at": NOW.isoformat(), "status": {}, "readings": [plain]}
    batch = opened(json.dumps(body, ensure_ascii=False, allow_nan=False).encode(), NOW)
    _must(not batch.rejected, f"the collector refuses the reading: {batch.rejected and batch.rejected[0][0].reason}")
    (_, back) = batch.readings[0]
    _must(
        (back.supplies, back.counters, back.faults, back.identity)
        == (reading.supplies, reading.counters, reading.faults, reading.identity),
        "the reading arrives at the collector as another one",
    )
