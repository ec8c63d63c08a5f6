"""Recording a device's SNMP answers as a sample others can replay, without what tells whose device it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agent.probes.probe import SnmpCredential
from agent.snmp.engine import SnmpEngine
from agent.snmp.raw import Name, Value, dotted, name_of
from fleet.errors import Unreachable

ROOTS: tuple[Name, ...] = (
    (1, 3, 6, 1, 2, 1, 1),
    (1, 3, 6, 1, 2, 1, 2),
    (1, 3, 6, 1, 2, 1, 25),
    (1, 3, 6, 1, 2, 1, 43),
    (1, 3, 6, 1, 4, 1),
)
"""System, interfaces, Host-Resources, Printer-MIB, the makers' own. Tables of connections and neighbours stay out."""

REPLACED: Mapping[Name, bytes] = {
    name_of("1.3.6.1.2.1.1.4"): b"contact",
    name_of("1.3.6.1.2.1.1.5"): b"device",
    name_of("1.3.6.1.2.1.1.6"): b"location",
    name_of("1.3.6.1.2.1.2.2.1.6"): b"\x02\x00\x00\x00\x00\x01",
    name_of("1.3.6.1.2.1.43.5.1.1.4"): b"operator",
    name_of("1.3.6.1.2.1.43.5.1.1.5"): b"service",
    name_of("1.3.6.1.2.1.43.5.1.1.16"): b"device",
    name_of("1.3.6.1.2.1.43.5.1.1.17"): b"SERIAL00001",
}
"""sysContact, sysName, sysLocation, ifPhysAddress, operator, service person, prtGeneralPrinterName, serial number."""

MOST_ROWS = 20_000
SHORTEST_SECRET = 4
_ADDRESS = re.compile(rb"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_MAC = re.compile(rb"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f])")
_MAIL = re.compile(rb"[\w.+-]+@[\w-]+\.[\w.-]+")

Rows = dict[Name, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The answers as they may be shown; `broken` says in words which parts ended early."""

    rows: Rows
    replaced: int
    broken: tuple[str, ...]


async def record(host: str, port: int, credential: SnmpCredential) -> Recorded:
    """Walk the device at `host`. Unreachable where it does not answer."""
    rows, broken = Rows(), list[str]()
    async with SnmpEngine() as engine:
        for root in ROOTS:
            try:
                walk = await engine.walk(host, port, credential, root, rows=MOST_ROWS)
            except Unreachable as error:
                if not rows:
                    raise
                broken.append(str(error))
                continue
            rows.update(walk.rows)
            if walk.broken:
                broken.append(f"{dotted(root)}: {walk.broken}")
    clean, replaced = without_names(rows)
    return Recorded(rows=clean, replaced=replaced, broken=tuple(broken))


def without_names(rows: Rows) -> tuple[Rows, int]:
    """`rows` with names, places, serial numbers, MAC, IP and mail addresses replaced wherever they occur."""
    secrets = {
        value: stand_in
        for name, value in rows.items()
        for root, stand_in in REPLACED.items()
        if name[: len(root)] == root and isinstance(value, bytes) and len(value.strip(b"\0 ")) >= SHORTEST_SECRET
    }
    clean = {name: _replaced(value, secrets) if isinstance(value, bytes) else value for name, value in rows.items()}
    return clean, sum(1 for name, value in rows.items() if clean[name] != value)


def _replaced(value: bytes, secrets: Mapping[bytes, bytes]) -> bytes:
    # The longest first: a name may be a part of another.
    for secret in sorted(secrets, key=len, reverse=True):
        value = value.replace(secret, secrets[secret])
    value = _MAC.sub(b"02:00:00:00:00:01", value)
    value = _ADDRESS.sub(b"192.0.2.1", value)
    return _MAIL.sub(b"mail@example.com", value)


def write(path: Path, rows: Rows) -> None:
    """The rows in the snmprec form: ``OID|tag|value`` a line, octets in hex where they are no plain text."""
    lines = [f"{dotted(name)}|{_tagged(value)}\n" for name, value in sorted(rows.items())]
    path.write_text("".join(lines), "ascii")


def _tagged(value: Value) -> str:
    if isinstance(value, bytes):
        plain = all(32 <= byte < 127 for byte in value)
        return f"4|{value.decode('ascii')}" if plain else f"4x|{value.hex()}"
    if isinstance(value, int):
        # Counters, gauges and times are all numbers by now: the tag says only how wide they are.
        return f"{2 if -(2**31) <= value < 2**31 else 66 if value < 2**32 else 70}|{value}"
    return f"6|{dotted(value)}"
