"""SNMPv3 with authentication and privacy (RFC 3414, RFC 3826): pysnmp's responder over our live tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pysnmp.carrier.asyncio.dgram import udp
from pysnmp.entity import config, engine
from pysnmp.entity.rfc3413 import cmdrsp, context
from pysnmp.proto import rfc1902, rfc1905
from pysnmp.smi.instrum import AbstractMibInstrumController

from pagewarden.demo.office.ber import (
    COUNTER32,
    COUNTER64,
    GAUGE32,
    INTEGER,
    IP_ADDRESS,
    OCTETS,
    OID,
    TICKS,
    Value,
)
from pagewarden.demo.office.snmp import View


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """One user, SHA-256 (RFC 7860) and AES-128, known to all v3 devices of the office."""

    name: str = "pagewarden"
    auth_key: str = "paper-is-quiet"
    priv_key: str = "ink-is-information"
    auth_protocol: str = "SHA-256"
    priv_protocol: str = "AES"


_TYPES: dict[int, Callable[[Any], Any]] = {
    INTEGER: rfc1902.Integer32,
    OCTETS: rfc1902.OctetString,
    OID: rfc1902.ObjectIdentifier,
    IP_ADDRESS: rfc1902.IpAddress,
    COUNTER32: rfc1902.Counter32,
    GAUGE32: rfc1902.Gauge32,
    TICKS: rfc1902.TimeTicks,
    COUNTER64: rfc1902.Counter64,
}


def _theirs(value: Value) -> Any:
    return _TYPES[value.tag](value.content)


class _Tree(AbstractMibInstrumController):  # type: ignore[misc]
    """Lets pysnmp read our tree. Nothing can be written."""

    def __init__(self, view: Callable[[], View]) -> None:
        self._view = view

    def read_variables(self, *binds: Any, **_: Any) -> list[Any]:
        view = self._view()
        found = ((name, view.get(tuple(name))) for name, _ in binds)
        return [(name, rfc1905.noSuchInstance if value is None else _theirs(value)) for name, value in found]

    def read_next_variables(self, *binds: Any, **_: Any) -> list[Any]:
        view = self._view()
        found = ((name, view.after(tuple(name))) for name, _ in binds)
        return [
            (name, rfc1905.endOfMibView) if after is None else (rfc1902.ObjectName(after), _theirs(view.values[after]))
            for name, after in found
        ]


class ResponderV3:
    """Answers for one device; `close` gives the socket back."""

    def __init__(self, view: Callable[[], View], address: str, port: int, *, mac: bytes, user: User) -> None:
        # RFC 3411 snmpEngineID: enterprise number with the high bit set, 3 = the MAC address follows.
        engine_id = rfc1902.OctetString(b"\x80\x00\x1f\x88\x03" + mac)
        self._engine = engine.SnmpEngine(engine_id)
        transport = udp.UdpAsyncioTransport().open_server_mode((address, port))
        config.add_transport(self._engine, udp.DOMAIN_NAME, transport)
        config.add_v3_user(
            self._engine,
            user.name,
            config.USM_AUTH_HMAC192_SHA256,
            user.auth_key,
            config.USM_PRIV_CFB128_AES,
            user.priv_key,
        )
        config.add_vacm_user(self._engine, 3, user.name, "authPriv", (1, 3, 6), ())
        ours = context.SnmpContext(self._engine)
        ours.unregister_context_name(b"")
        ours.register_context_name(b"", _Tree(view))
        for responder in (cmdrsp.GetCommandResponder, cmdrsp.NextCommandResponder, cmdrsp.BulkCommandResponder):
            responder(self._engine, ours)

    def close(self) -> None:
        self._engine.close_dispatcher()
