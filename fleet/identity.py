"""Who a device is: the evidence seen, and the one matcher both programs use.

A serial number counts only when it is plausible; an address alone never joins two devices.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import NewType

DeviceId = NewType("DeviceId", str)

_SERIAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9./\- ]*\Z")
_NOT_SERIALS = {
    "0",
    "00000",
    "12345",
    "123456",
    "1234567",
    "12345678",
    "123456789",
    "1234567890",
    "n/a",
    "none",
    "null",
    "unknown",
    "default",
    "serial",
    "<private>",
    "private",
    "not available",
    "notavailable",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Evidence of who a device is. `serial` is the raw text; ask `serial_key` before trusting it."""

    maker: str | None = None
    model: str | None = None
    serial: str | None = None
    uuid: str | None = None
    macs: tuple[str, ...] = ()
    engine_id: str | None = None
    hostname: str | None = None
    address: str | None = None

    def merged(self, other: Identity) -> Identity:
        """This identity with the gaps filled from `other`; MAC addresses are joined."""
        filled = {f.name: getattr(self, f.name) or getattr(other, f.name) for f in fields(self)}
        filled["macs"] = tuple(dict.fromkeys((*self.macs, *other.macs)))
        return Identity(**filled)


def valid_serial(serial: str | None, model: str | None = None) -> bool:
    """At least 5 plausible characters, not all the same, not a known filler, not the model's name."""
    text = (serial or "").strip()
    plain = re.sub(r"[^A-Za-z0-9]", "", text)
    if len(plain) < 5 or len(text) > 64 or len(set(plain.lower())) < 2 or not _SERIAL.match(text):
        return False
    return text.lower() not in _NOT_SERIALS and text.lower() != (model or "").lower()


def valid_mac(mac: str) -> bool:
    """A globally administered unicast address that is not all zeros or ones. Lower case, colons."""
    if not re.fullmatch(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", mac) or mac in ("00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"):
        return False
    return not int(mac[:2], 16) & 0b01


def serial_key(identity: Identity) -> str | None:
    """(maker, serial) as one comparable text, or None where the serial cannot be trusted."""
    if not identity.serial or not valid_serial(identity.serial, identity.model):
        return None
    maker = re.sub(r"[^a-z0-9]", "", (identity.maker or "").lower())
    return f"{maker}:{identity.serial.strip().upper()}"


def evidence(identity: Identity) -> tuple[tuple[str, str], ...]:
    """The comparable pieces, strongest first: (kind, value)."""
    found: list[tuple[str, str]] = []
    if key := serial_key(identity):
        found.append(("serial", key))
    if identity.uuid:
        found.append(("uuid", identity.uuid.lower().removeprefix("urn:uuid:")))
    found += [("mac", mac) for mac in identity.macs if valid_mac(mac)]
    if identity.engine_id:
        found.append(("engine-id", identity.engine_id.lower()))
    if identity.hostname:
        found.append(("hostname", identity.hostname.lower()))
    if identity.address:
        found.append(("address", identity.address))
    return tuple(found)


WEIGHTS = {"serial": 100, "uuid": 70, "mac": 60, "engine-id": 45, "hostname": 15, "address": 10}
JOINS_AT = 45
"""Sum of agreeing evidence from which two sightings are one device: one strong piece, or none at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """`score` of agreement minus contradiction, and the reasons in words a person can read."""

    score: int
    reasons: tuple[str, ...]

    @property
    def same(self) -> bool:
        return self.score >= JOINS_AT


def compare(seen: Identity, known: Identity) -> Match:
    """Whether two sightings are one device. Another trusted serial outweighs all but UUID and MAC together."""
    mine, theirs = dict[str, set[str]](), dict[str, set[str]]()
    for into, identity in ((mine, seen), (theirs, known)):
        for kind, value in evidence(identity):
            into.setdefault(kind, set()).add(value)
    score, reasons = 0, []
    for kind, weight in WEIGHTS.items():
        if kind not in mine or kind not in theirs:
            continue
        if common := mine[kind] & theirs[kind]:
            score += weight
            reasons.append(f"same {kind} {sorted(common)[0]}")
        elif kind == "serial":
            score -= weight
            reasons.append(f"other serial: {min(mine[kind])} is not {min(theirs[kind])}")
        elif kind == "uuid" and not mine.get("serial", set()) & theirs.get("serial", set()):
            score -= 40
            reasons.append("other UUID")
    # An address or a host name alone says where, not who; with the same maker and model and nothing that speaks
    # against it, a device without any strong evidence is taken for the one that was there before.
    strong = {"serial", "uuid", "mac", "engine-id"}
    if not strong & (mine.keys() & theirs.keys()) and mine.get("address", set()) & theirs.get("address", set()):
        if (seen.maker, seen.model) == (known.maker, known.model) or not seen.model or not known.model:
            score += 40
            reasons.append("same address and model, no stronger evidence on both sides")
    return Match(score=score, reasons=tuple(reasons))


def best_match(seen: Identity, known: Iterable[tuple[str, Identity]]) -> tuple[str, Match] | None:
    """The known device that `seen` is, with the reasons; None when it is a new one."""
    scored = [(key, compare(seen, identity)) for key, identity in known]
    scored = [(key, match) for key, match in scored if match.same]
    return max(scored, key=lambda pair: pair[1].score, default=None)
