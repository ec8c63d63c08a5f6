"""Who a device is: the evidence seen, and the one matcher both programs use.

A serial number counts only when it is plausible; an address alone never joins two devices.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import NewType

DeviceId = NewType("DeviceId", str)

_SERIAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9./\- ]*\Z")
_MAC = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ENGINE_ID = re.compile(r"(?:[0-9a-f]{2}){5,32}")
_NOT_SERIALS = {
    "0",
    "00000",
    "12345",
    "123456",
    "1234567",
    "12345678",
    "123456789",
    "1234567890",
    "0123456789",
    "9876543210",
    "0987654321",
    "1234567890123",
    "00000001",
    "0000000001",
}
_NOT_MACS = {"00:00:00:00:00:01", "00:11:22:33:44:55", "00:01:02:03:04:05", "00:1b:2c:3d:4e:5f"}
_NOT_UUIDS = {"12345678-1234-1234-1234-123456789012", "12345678-1234-1234-1234-123456789abc"}


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
    """At least 5 plausible characters with a digit among them, not all the same, no known filler, not the model's name.

    "Unknown", "To be filled by O.E.M." and their kind have no digit; serial numbers do.
    """
    text = (serial or "").strip()
    plain = re.sub(r"[^A-Za-z0-9]", "", text).lower()
    if len(plain) < 5 or len(text) > 64 or len(set(plain)) < 2 or not _SERIAL.match(text):
        return False
    return any(char.isdigit() for char in plain) and plain not in _NOT_SERIALS and text.lower() != (model or "").lower()


def valid_mac(mac: str) -> bool:
    """A globally administered unicast address that is no known filler. Lower case, colons.

    Locally administered ones (Wi-Fi Direct, USB and internal bridges) are the same in every device of some models.
    """
    if not _MAC.fullmatch(mac) or mac in _NOT_MACS or len(set(mac.split(":"))) == 1:
        return False
    return not int(mac[:2], 16) & 0b11


def valid_uuid(uuid: str) -> bool:
    """A UUID in its usual form that firmware did not leave blank. Lower case."""
    return bool(_UUID.fullmatch(uuid)) and uuid not in _NOT_UUIDS and len(set(uuid) - {"-"}) > 3


def valid_engine_id(engine_id: str) -> bool:
    """An SNMP engine id that names an engine. RFC 3411 section 5: format 1 and 2 are made of the IP address, which
    tells where, not who."""
    if not _ENGINE_ID.fullmatch(engine_id) or len(set(engine_id[10:] or engine_id)) < 2:
        return False
    return not (int(engine_id[:2], 16) & 0x80 and engine_id[8:10] in ("01", "02"))


def serial_key(identity: Identity) -> str | None:
    """(maker, serial) as one comparable text, or None where the serial cannot be trusted."""
    serial = _serial(identity)
    return f"{_maker(identity)}:{serial}" if serial else None


def _serial(identity: Identity) -> str | None:
    return (identity.serial or "").strip().upper() if valid_serial(identity.serial, identity.model) else None


def _maker(identity: Identity) -> str:
    return re.sub(r"[^a-z0-9]", "", (identity.maker or "").lower())


def evidence(identity: Identity) -> tuple[tuple[str, str], ...]:
    """The pieces worth keeping and looking up by, strongest first: (kind, value)."""
    found: list[tuple[str, str]] = []
    if serial := _serial(identity):
        found.append(("serial", serial))
    if (uuid := (identity.uuid or "").lower().removeprefix("urn:uuid:")) and valid_uuid(uuid):
        found.append(("uuid", uuid))
    macs = dict.fromkeys(mac.lower().replace("-", ":") for mac in identity.macs)
    found += [("mac", mac) for mac in macs if valid_mac(mac)]
    if (engine_id := (identity.engine_id or "").lower().removeprefix("0x")) and valid_engine_id(engine_id):
        found.append(("engine-id", engine_id))
    if identity.hostname:
        found.append(("hostname", identity.hostname.lower().rstrip(".")))
    if identity.address:
        found.append(("address", identity.address))
    return tuple(found)


WEIGHTS = {"serial": 100, "uuid": 70, "mac": 60, "engine-id": 45, "hostname": 15, "address": 10}
AGAINST = {"serial": 80, "uuid": 100, "mac": 20}
"""What different values take away. Another UUID or MAC is forgiven where the serial agrees: boards are replaced.
Another UUID without that is another device, whatever else is shared: several may stand behind one host."""
STRONG = frozenset({"serial", "uuid", "mac", "engine-id"})
JOINS_AT = 45
"""Sum of agreeing evidence from which two sightings are one device: one strong piece, or none at all."""
PLACE = 40
"""Added for one address and one model where no strong evidence stands on both sides and nothing speaks against it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """`score` of agreement minus contradiction, and the reasons in words a person can read.

    `doubts` are the reasons that speak against: a match with doubts is a replaced board, or a cloned device.
    """

    score: int
    reasons: tuple[str, ...]
    doubts: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        return self.score >= JOINS_AT


def compare(seen: Identity, known: Identity) -> Match:
    """Whether two sightings are one device. Another trusted serial outweighs all but UUID and MAC together."""
    mine, theirs = _by_kind(seen), _by_kind(known)
    common = {kind: shared for kind in WEIGHTS if (shared := _common(kind, mine, theirs, seen, known))}
    differ = [kind for kind in WEIGHTS if kind in mine and kind in theirs and kind not in common]
    doubts = tuple(f"other {kind}: {min(mine[kind])} is not {min(theirs[kind])}" for kind in differ if kind in STRONG)
    score = sum(WEIGHTS[kind] for kind in common)
    if "serial" not in common:
        score -= sum(AGAINST.get(kind, 0) for kind in differ)
    reasons = [f"same {kind} {value}" for kind, value in common.items()]
    if "address" in common and _fits(seen, known, STRONG & mine.keys() & theirs.keys()):
        score += PLACE
        reasons.append("same address and model, no stronger evidence on both sides")
    return Match(score=score, reasons=(*reasons, *doubts), doubts=doubts)


def _by_kind(identity: Identity) -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = {}
    for kind, value in evidence(identity):
        kinds.setdefault(kind, set()).add(_short(value) if kind == "hostname" else value)
    return kinds


def _short(hostname: str) -> str:
    """The first label: one protocol says "npi4f2c1a", another "npi4f2c1a.local". An address stays whole."""
    return hostname if hostname.replace(".", "").isdecimal() or ":" in hostname else hostname.partition(".")[0]


def _common(
    kind: str, mine: Mapping[str, set[str]], theirs: Mapping[str, set[str]], seen: Identity, known: Identity
) -> str | None:
    """What both have of this kind, as one text; None when nothing."""
    shared = mine.get(kind, set()) & theirs.get(kind, set())
    if kind == "serial" and kind in mine and kind in theirs:
        return _common_serial(min(mine[kind]), min(theirs[kind]), seen, known)
    return min(shared) if shared else None


def _common_serial(mine: str, theirs: str, seen: Identity, known: Identity) -> str | None:
    """One serial of one maker. A maker may be unsaid; HP's ink printers give 10 characters over SNMP and the same with
    4 more over IPP."""
    short, long = sorted((mine, theirs), key=len)
    if mine != theirs and not (len(short) >= 10 and long.startswith(short)):
        return None
    makers = _maker(seen), _maker(known)
    return short if not all(makers) or makers[0].startswith(makers[1]) or makers[1].startswith(makers[0]) else None


def _fits(seen: Identity, known: Identity, strong_on_both: Iterable[str]) -> bool:
    """An address says where, not who: it counts only when no strong evidence could decide, and no name contradicts."""
    if set(strong_on_both):
        return False
    if seen.hostname and known.hostname and _short(seen.hostname.lower()) != _short(known.hostname.lower()):
        return False
    return not seen.model or not known.model or _model(seen) == _model(known)


def _model(identity: Identity) -> str:
    """The model as one comparable text; some protocols put the maker in front, some do not."""
    return re.sub(r"[\W_]", "", (identity.model or "").lower()).removeprefix(_maker(identity))


def best_match(seen: Identity, known: Iterable[tuple[str, Identity]]) -> tuple[str, Match] | None:
    """The known device that `seen` is, with the reasons; None when it is a new one. Of equals the first."""
    scored = [(key, compare(seen, identity)) for key, identity in known]
    scored = [(key, match) for key, match in scored if match.same]
    return max(scored, key=lambda pair: pair[1].score, default=None)
