"""SNMPv3 by pysnmp, behind the same two verbs as our own engine. Loaded only when a v3 credential is used."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from typing import Any

from agent.probes.probe import SnmpCredential
from agent.snmp.ber import Pdu, integer, tlv
from agent.snmp.raw import MOST_ROWS, Name, Value, Walk
from fleet.errors import Garbled, ProbeError, Refused, Unreachable

NAMES_PER_GET = 20
REPETITIONS = 15
TIMEOUT, RETRIES = 2.0, 1
MODULES = (
    "PYSNMP-USM-MIB",
    "SNMP-COMMUNITY-MIB",
    "SNMP-TARGET-MIB",
    "SNMP-NOTIFICATION-MIB",
    "SNMP-VIEW-BASED-ACM-MIB",
    "SNMP-USER-BASED-SM-MIB",
    "PYSNMP-SOURCE-MIB",
    "__PYSNMP-USM-MIB",
    "__SNMP-USER-BASED-SM-MIB",
    "TRANSPORT-ADDRESS-MIB",
    "SNMPv2-TM",
)
_REFUSALS = ("unknown", "wrong", "unsupported", "not in time", "authentic", "decrypt", "cipher", "auth")


def _discovery(message_id: int) -> bytes:
    """The empty request that makes an engine tell its id (RFC 3414 section 4, RFC 3412 section 6)."""
    header = integer(message_id) + integer(65_507) + tlv(4, b"\x04") + integer(3)
    security = tlv(0x30, tlv(4, b"") + integer(0) + integer(0) + tlv(4, b"") * 3)
    pdu = tlv(Pdu.GET, integer(message_id) + integer(0) + integer(0) + tlv(0x30, b""))
    scoped = tlv(0x30, tlv(4, b"") * 2 + pdu)
    return tlv(0x30, integer(3) + tlv(0x30, header) + tlv(4, security) + scoped)


class _Ear(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.heard = asyncio.Event()

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.heard.set()


async def answers_discovery(address: str, port: int, *, seconds: float = 1.5) -> bool:
    """Whether an SNMPv3 engine lives at `address`. The socket is connected, so only that address can answer."""
    try:
        transport, ear = await asyncio.get_running_loop().create_datagram_endpoint(_Ear, remote_addr=(address, port))
    except OSError:
        return False
    try:
        transport.sendto(_discovery(random.randrange(1, 2**30)))  # noqa: S311  an id, not a secret
        async with asyncio.timeout(seconds):
            await ear.heard.wait()
        return True
    except TimeoutError:
        return False
    finally:
        transport.close()


def _plain(value: Any) -> Value | None:
    """A pysnmp value as ours; None for noSuchObject, noSuchInstance and endOfMibView."""
    from pyasn1.type import univ

    if isinstance(value, univ.Null):  # noSuchObject, noSuchInstance, endOfMibView are kinds of it
        return None
    if isinstance(value, univ.ObjectIdentifier):
        return tuple(int(arc) for arc in value)
    if isinstance(value, univ.OctetString):
        return bytes(value.asOctets())
    return int(value)


def _type(value: Any) -> int:
    """The BER type of a pysnmp value."""
    tag = value.tagSet[-1]
    return int(tag.tagClass | tag.tagFormat | tag.tagId)


def _engine() -> Any:
    from pysnmp.hlapi.v3arch.asyncio import SnmpEngine

    engine = SnmpEngine()
    # What the first request would load, from disk, on the event loop.
    engine.get_mib_builder().load_modules(*MODULES)
    return engine


class V3Session:
    """Asks devices by SNMPv3. One request in flight per call; keys are localised once per engine by pysnmp's cache."""

    def __init__(self) -> None:
        self._engine: Any = None
        self._making = asyncio.Lock()
        self.types: dict[Name, int] | None = None
        """As SnmpEngine.types."""

    async def close(self) -> None:
        if self._engine is not None:
            self._engine.close_dispatcher()
            self._engine = None

    async def _ready(self) -> Any:
        """pysnmp's engine, made in a thread: it reads its MIB modules from disk."""
        async with self._making:
            if self._engine is None:
                self._engine = await asyncio.to_thread(_engine)
        return self._engine

    def _user(self, credential: SnmpCredential) -> Any:
        from pysnmp.hlapi.v3arch import asyncio as hlapi

        auth = {
            "": hlapi.usmNoAuthProtocol,
            "MD5": hlapi.usmHMACMD5AuthProtocol,
            "SHA": hlapi.usmHMACSHAAuthProtocol,
            "SHA-224": hlapi.usmHMAC128SHA224AuthProtocol,
            "SHA-256": hlapi.usmHMAC192SHA256AuthProtocol,
            "SHA-384": hlapi.usmHMAC256SHA384AuthProtocol,
            "SHA-512": hlapi.usmHMAC384SHA512AuthProtocol,
        }
        privacy = {
            "": hlapi.usmNoPrivProtocol,
            "DES": hlapi.usmDESPrivProtocol,
            "AES": hlapi.usmAesCfb128Protocol,
            "AES-128": hlapi.usmAesCfb128Protocol,
            "AES-192": hlapi.usmAesCfb192Protocol,
            "AES-256": hlapi.usmAesCfb256Protocol,
        }
        try:
            return hlapi.UsmUserData(
                credential.user,
                authKey=credential.auth_key.reveal() or None,
                privKey=credential.priv_key.reveal() or None,
                authProtocol=auth[credential.auth_protocol.upper()],
                privProtocol=privacy[credential.priv_protocol.upper()],
            )
        except KeyError as error:
            raise Refused(
                f"SNMPv3 protocol {error.args[0]!r} is not known; use one of {sorted(auth | privacy)}"
            ) from error

    async def _ask(self, command: Any, address: str, port: int, credential: SnmpCredential, *args: Any) -> list[Any]:
        from pysnmp.error import PySnmpError
        from pysnmp.hlapi.v3arch import asyncio as hlapi

        try:
            family = hlapi.Udp6TransportTarget if ":" in address else hlapi.UdpTransportTarget
            target = await family.create((address, port), timeout=TIMEOUT, retries=RETRIES)
            told, status, index, bindings = await command(
                await self._ready(), self._user(credential), target, hlapi.ContextData(), *args, lookupMib=False
            )
        except ProbeError:
            raise
        except (PySnmpError, OSError, ValueError, IndexError) as error:
            raise Garbled(f"SNMPv3 at {address}: {error}") from error
        if told:
            words = str(told)
            if any(refusal in words.lower() for refusal in _REFUSALS):
                raise Refused(f"SNMPv3 at {address} refuses user {credential.user!r}: {words}. Check user and keys.")
            raise Unreachable(f"{address} does not answer SNMPv3 on port {port}: {words}")
        if int(status):
            raise Garbled(f"SNMPv3 at {address}: error {int(status)} at value {int(index)}")
        if self.types is not None:
            self.types.update((tuple(int(arc) for arc in name), _type(value)) for name, value in bindings)
        return list(bindings)

    async def get(
        self, address: str, port: int, credential: SnmpCredential, names: Sequence[Name]
    ) -> dict[Name, Value]:
        """The values of `names` that exist."""
        from pysnmp.hlapi.v3arch.asyncio import ObjectIdentity, ObjectType, get_cmd

        found = dict[Name, Value]()
        for start in range(0, len(names), NAMES_PER_GET):
            asked = [ObjectType(ObjectIdentity(name)) for name in names[start : start + NAMES_PER_GET]]
            for name, value in await self._ask(get_cmd, address, port, credential, *asked):
                if (plain := _plain(value)) is not None:
                    found[tuple(int(arc) for arc in name)] = plain
        return found

    async def walk(
        self, address: str, port: int, credential: SnmpCredential, root: Name, *, rows: int = MOST_ROWS
    ) -> Walk:
        """The subtree under `root`, by the same rules as our own engine's walk."""
        from pysnmp.hlapi.v3arch.asyncio import ObjectIdentity, ObjectType, bulk_cmd
        from pysnmp.proto.rfc1905 import EndOfMibView

        found, last, seen = list[tuple[Name, Value]](), root, 0
        while True:
            try:
                asked = ObjectType(ObjectIdentity(last))
                bindings = await self._ask(bulk_cmd, address, port, credential, 0, REPETITIONS, asked)
            except ProbeError as error:
                if not found and isinstance(error, Unreachable | Refused):
                    raise
                return Walk(rows=tuple(found), broken=str(error))
            if not bindings:
                return Walk(rows=tuple(found))
            for name, value in bindings:
                arcs, plain = tuple(int(arc) for arc in name), _plain(value)
                if isinstance(value, EndOfMibView) or arcs[: len(root)] != root or (plain is None and arcs <= last):
                    return Walk(rows=tuple(found))
                if arcs <= last:
                    return Walk(rows=tuple(found), broken="the device's object names do not rise")
                if seen >= rows:
                    return Walk(rows=tuple(found), broken=f"more than {rows} rows")
                last, seen = arcs, seen + 1
                if plain is not None:
                    found.append((arcs, plain))
