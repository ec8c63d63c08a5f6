"""Envelope: the bytes of a request, opened with care. What is wrong as a whole is refused, a bad reading set aside."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from collector.receive import KEPT_BODY, Batch
from collector.stamp import refusal
from collector.store.agents import Rejected
from fleet.errors import IngestError
from fleet.kit.text import clean
from fleet.kit.wire import from_plain
from fleet.reading import Reading

LARGEST_SENT = 2**20
LARGEST_BODY = 8 * 2**20
MOST_READINGS = 5000
DEEPEST = 24
LARGEST_STATUS = 32 * 1024
MOST = {
    "supplies": 256, "counters": 64, "trays": 128, "faults": 256, "conditions": 64, "lamp_hours": 16, "partial": 64,
    "conflicts": 8,
}  # fmt: skip
"""How many of each a device can sensibly have."""


class TooMany(IngestError):
    """A batch that is good but too large: the agent splits it, and loses nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    token: str
    name: str
    version: str


def opened_enrolment(body: bytes) -> Enrolment:
    """IngestError says what is missing."""
    raw = _document(body)
    texts = {name: raw.get(name, "") for name in ("token", "name", "version")}
    if any(not isinstance(text, str) or len(text) > 200 for text in texts.values()) or not texts["token"]:
        raise IngestError("expected token, name and version, texts of at most 200 characters")
    return Enrolment(token=texts["token"], name=clean(texts["name"]) or "agent", version=clean(texts["version"], 40))


def opened(body: bytes, now: datetime) -> Batch:
    """The batch, its readings checked one by one. IngestError when nothing of it can be used."""
    raw = _document(body)
    spool, seq, status, readings = (raw.get(name) for name in ("spool", "seq", "status", "readings"))
    if not isinstance(spool, str) or not 1 <= len(spool) <= 40 or _unfit(spool):
        raise IngestError("spool: expected a text of 1 to 40 characters")
    if type(seq) is not int or not 0 <= seq < 2**62:
        raise IngestError("seq: expected a whole number that is not negative")
    if not isinstance(readings, list):
        raise IngestError("readings: expected a list")
    if len(readings) > MOST_READINGS:
        raise TooMany(f"a batch holds at most {MOST_READINGS:,} readings; split it")
    sent_at = _time(raw.get("sent_at"), now)
    good: list[tuple[int, Reading]] = []
    bad: list[tuple[Rejected, str]] = []
    for position, plain in enumerate(readings):
        try:
            good.append((position, _reading(plain, sent_at, now)))
        except (ValueError, OverflowError) as error:
            bad.append((Rejected(position=position, reason=clean(str(error), 500)), _kept(plain)))
    return Batch(
        spool=spool,
        seq=seq,
        sent_at=sent_at,
        status=_status(status),
        readings=tuple(good),
        rejected=tuple(bad),
        digest=_digest(readings),
    )


def _digest(readings: list[Any]) -> str:
    """SHA-256 of the readings as they came, however their fields are ordered. What is said beside them (when it was
    sent, the agent's state) differs from one attempt to the next."""
    summed = hashlib.sha256()
    for plain in readings:
        try:
            text = json.dumps(plain, sort_keys=True, separators=(",", ":"))
        except RecursionError:
            text = "nested too deeply"
        summed.update(text.encode("ascii") + b"\n")
    return summed.hexdigest()


def _document(body: bytes) -> dict[str, Any]:
    try:
        raw = json.loads(body, parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise IngestError(f"the body is not JSON as RFC 8259 has it: {clean(str(error), 120)}") from error
    if not isinstance(raw, dict):
        raise IngestError("the body: expected an object")
    return raw


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:40]} is too large a number")
    return number


def _reading(plain: Any, sent_at: datetime, now: datetime) -> Reading:
    if reason := _unfit(plain):
        raise ValueError(reason)
    reading = from_plain(plain, Reading)
    if not 1 <= len(reading.key) <= 200:
        raise ValueError("key: expected 1 to 200 characters")
    if reason := refusal(reading, sent_at, now):
        raise ValueError(reason)
    for name, most in MOST.items():
        if len(getattr(reading, name) or ()) > most:
            raise ValueError(f"{name}: more than {most}")
    if len(reading.identity.macs) > 64:
        raise ValueError("identity.macs: more than 64")
    return reading


def _unfit(value: Any, depth: int = 0) -> str | None:
    """Why a value cannot be stored: too deep, or a text no database takes. None when it can."""
    if depth > DEEPEST:
        return f"nested deeper than {DEEPEST}"
    if isinstance(value, str):
        return "a text holds NUL or half a surrogate pair" if "\0" in value or not _encodable(value) else None
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        return next((reason for item in value if (reason := _unfit(item, depth + 1))), None)
    return None


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _kept(plain: Any) -> str:
    # ensure_ascii: whatever made it unfit for the database is spelt out.
    return json.dumps(plain, ensure_ascii=True)[:KEPT_BODY]


def _time(value: Any, now: datetime) -> datetime:
    try:
        when = datetime.fromisoformat(value)
    except (ValueError, TypeError) as error:
        raise IngestError("sent_at: expected a time like 2026-01-31T08:00:00+00:00") from error
    # Any year of a clock that was never set will do: only what it says of ages is used.
    if when.tzinfo is None or not 1900 <= when.year <= 9000:
        raise IngestError("sent_at: expected a time with its zone")
    return when.astimezone(now.tzinfo)


def _status(value: Any) -> dict[str, Any]:
    """What the agent says of itself, as far as it can be kept."""
    if not isinstance(value, dict) or _unfit(value) or len(json.dumps(value)) > LARGEST_STATUS:
        return {}
    return value
