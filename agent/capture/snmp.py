"""A device's SNMP answers as a recording: every object, each in the type it came in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agent.probes.probe import SnmpCredential, Target
from agent.snmp import ber
from agent.snmp.engine import SnmpEngine, needs_v3
from agent.snmp.raw import Name, Value, dotted, name_of
from agent.snmp.v3 import V3Session
from agent.veil import Veil, is_private
from fleet.errors import ProbeError, Unreachable

PRIVATE: Name = (1, 3, 6, 1, 4, 1)
ROOTS: Mapping[str, Name] = {
    "the system group": (1, 3, 6, 1, 2, 1, 1),
    "interfaces": (1, 3, 6, 1, 2, 1, 2),
    "Host-Resources": (1, 3, 6, 1, 2, 1, 25),
    "Printer-MIB": (1, 3, 6, 1, 2, 1, 43),
    "the maker's own objects": PRIVATE,
}
"""Tables of connections and neighbours stay out."""

SECRET: tuple[Name, ...] = tuple(
    map(
        name_of,
        (
            "1.3.6.1.2.1.1.4",  # sysContact
            "1.3.6.1.2.1.1.5",  # sysName
            "1.3.6.1.2.1.1.6",  # sysLocation
            "1.3.6.1.2.1.43.5.1.1.4",  # prtGeneralCurrentOperator
            "1.3.6.1.2.1.43.5.1.1.5",  # prtGeneralServicePerson
        ),
    )
)
"""Names of people, places and the device: secret as a whole, however short (RFC 3418, RFC 3805)."""
MAC_ADDRESS: Name = (1, 3, 6, 1, 2, 1, 2, 2, 1, 6)
SERIAL: tuple[Name, ...] = ((1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17),)
MOST_ROWS = 20_000
_TAGS: Mapping[int, str] = {
    ber.INTEGER: "2", ber.OCTETS: "4", ber.OBJECT: "6", ber.IP_ADDRESS: "64", ber.COUNTER: "65", ber.GAUGE: "66",
    ber.TICKS: "67", ber.OPAQUE: "4", ber.COUNTER64: "70",
}  # fmt: skip
"""BER type -> tag of the snmprec form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """Every value with its BER type; `broken` says in words which parts ended early."""

    rows: Mapping[Name, Value]
    types: Mapping[Name, int]
    broken: tuple[str, ...] = ()

    def texts(self, *roots: Name) -> list[str]:
        """What stands under these objects, read as text."""
        found = (v for n, v in self.rows.items() if any(n[: len(root)] == root for root in roots))
        return [value.decode("utf-8", "replace") for value in found if isinstance(value, bytes)]


async def walk(target: Target, *, private: bool, progress: Callable[[str], None]) -> Walked:
    """All of the device, by the first credential it answers to. Unreachable where none brings an answer."""
    failure: ProbeError = Unreachable("no SNMP credential is configured")
    for credential in target.snmp:
        session = V3Session() if needs_v3(credential) else SnmpEngine()
        session.types = {}
        try:
            return await _walk(session, session.types, target, credential, private=private, progress=progress)
        except ProbeError as error:
            failure = error
        finally:
            await session.close()
    raise failure


async def _walk(
    session: SnmpEngine | V3Session,
    types: dict[Name, int],
    target: Target,
    credential: SnmpCredential,
    *,
    private: bool,
    progress: Callable[[str], None],
) -> Walked:
    rows, broken = dict[Name, Value](), list[str]()
    for what, root in ROOTS.items():
        if root == PRIVATE and not private:
            continue
        progress(f"SNMP: {what}")
        try:
            found = await session.walk(target.address, target.snmp_port, credential, root, rows=MOST_ROWS)
        except ProbeError as error:
            if not rows:
                raise
            broken.append(f"{what}: {error}")
            continue
        rows.update(found.rows)
        if found.broken:
            broken.append(f"{what}: {found.broken}")
    return Walked(rows=rows, types=types, broken=tuple(broken))


def learn(walked: Walked, veil: Veil) -> None:
    """Tells the veil what of a recording is secret wherever it occurs."""
    for name, value in walked.rows.items():
        if name[: len(MAC_ADDRESS)] == MAC_ADDRESS and isinstance(value, bytes) and len(value) == 6 and any(value):
            veil.hide_mac(value.hex(":"))
    for text in walked.texts(*SERIAL):
        veil.hide_word(text)
    for text in walked.texts(*SECRET):
        veil.hide_name(text)


def lines(walked: Walked, veil: Veil | None) -> bytes:
    """The recording in the snmprec form (``OID|tag|value``), veiled."""
    rows, types = sorted(walked.rows.items()), walked.types
    return b"".join(
        _line(name, value if veil is None else _veiled(name, value, types, veil), types) for name, value in rows
    )


def _veiled(name: Name, value: Value, types: Mapping[Name, int], veil: Veil) -> Value:
    if not isinstance(value, bytes):
        return value
    if any(name[: len(root)] == root for root in SECRET):
        return veil.name(value)
    if types.get(name) == ber.IP_ADDRESS and len(value) == 4 and is_private(value):
        return bytes(map(int, veil.address(b".".join(str(octet).encode() for octet in value)).split(b".")))
    return veil.over(value)


def _line(name: Name, value: Value, types: Mapping[Name, int]) -> bytes:
    tag = _TAGS.get(types.get(name, ber.NULL)) or ("4" if isinstance(value, bytes) else "2")
    if isinstance(value, tuple):
        text, tag = dotted(value), "6"
    elif isinstance(value, int):
        text = str(value)
    elif tag == "64":
        text = ".".join(map(str, value))
    elif all(32 <= octet < 127 for octet in value):
        text = value.decode("ascii")
    else:
        text, tag = value.hex(), f"{tag}x"
    return f"{dotted(name)}|{tag}|{text}\n".encode("ascii")
