"""net-snmp's snmpd as a printer: Printer-MIB and Host-Resources values by `override`, changeable while it runs."""

from __future__ import annotations

import socket
from collections.abc import Mapping

from tests.peers import netns
from tests.peers.lan import Host
from tests.peers.needs import require

V3_USER, V3_AUTH, V3_PRIV = "monitor", "authpass123", "privpass123"
"""SNMPv3 authPriv with SHA and AES."""

LIFE_COUNT = "1.3.6.1.2.1.43.10.2.1.4.1.1"
BLACK_LEVEL = "1.3.6.1.2.1.43.11.1.1.9.1.1"
ERROR_STATE = "1.3.6.1.2.1.25.3.5.1.2.1"

# Only the modules a printer's card has, so that a walk does not list this machine's disks and packages.
_MODULES = "system_mib,override,interfaces,ifTable,ifXTable,usmUser,usmConf,snmpEngine,vacm_conf,vacm_vars"

_PRTGENERAL, _SUPPLY, _MARKER, _INPUT = (f"1.3.6.1.2.1.43.{rest}" for rest in ("5.1.1", "11.1.1", "10.2.1", "8.2.1"))


def _rows(serial: str, pages: int, black: int) -> dict[str, tuple[str, str | int]]:
    """RFC 2790 and RFC 3805 objects of a monochrome printer with one toner, one waste box and one tray."""
    return {
        "1.3.6.1.2.1.25.3.2.1.2.1": ("object_id", "1.3.6.1.2.1.25.3.1.5"),
        "1.3.6.1.2.1.25.3.2.1.3.1": ("octet_str", "Northgate LaserPro 4200"),
        "1.3.6.1.2.1.25.3.2.1.5.1": ("integer", 2),
        "1.3.6.1.2.1.25.3.5.1.1.1": ("integer", 3),
        ERROR_STATE: ("octet_str", ""),
        f"{_PRTGENERAL}.1.1": ("counter", 0),
        f"{_PRTGENERAL}.16.1": ("octet_str", "LaserPro 4200"),
        f"{_PRTGENERAL}.17.1": ("octet_str", serial),
        f"{_PRTGENERAL}.18.1": ("counter", 0),
        f"{_PRTGENERAL}.19.1": ("counter", 0),
        f"{_INPUT}.9.1.1": ("integer", 500),
        f"{_INPUT}.10.1.1": ("integer", 350),
        f"{_INPUT}.13.1.1": ("octet_str", "Tray 1"),
        f"{_MARKER}.3.1.1": ("integer", 7),
        LIFE_COUNT: ("counter", pages),
        f"{_SUPPLY}.2.1.1": ("integer", 1),
        f"{_SUPPLY}.2.1.2": ("integer", 1),
        f"{_SUPPLY}.3.1.1": ("integer", 1),
        f"{_SUPPLY}.3.1.2": ("integer", 0),
        f"{_SUPPLY}.4.1.1": ("integer", 3),
        f"{_SUPPLY}.4.1.2": ("integer", 4),
        f"{_SUPPLY}.5.1.1": ("integer", 21),
        f"{_SUPPLY}.5.1.2": ("integer", 4),
        f"{_SUPPLY}.6.1.1": ("octet_str", "Black Toner Cartridge NG-4200K"),
        f"{_SUPPLY}.6.1.2": ("octet_str", "Waste Toner Box"),
        f"{_SUPPLY}.7.1.1": ("integer", 7),
        f"{_SUPPLY}.7.1.2": ("integer", 7),
        f"{_SUPPLY}.8.1.1": ("integer", 10000),
        f"{_SUPPLY}.8.1.2": ("integer", -2),
        BLACK_LEVEL: ("integer", black * 100),
        f"{_SUPPLY}.9.1.2": ("integer", -3),
        "1.3.6.1.2.1.43.12.1.1.4.1.1": ("octet_str", "black"),
    }


class SnmpPrinter:
    """A running snmpd. With `community` None it answers SNMPv3 alone (V3_USER)."""

    def __init__(
        self,
        host: Host,
        *,
        serial: str,
        pages: int = 1000,
        black: int = 60,
        community: str | None = "public",
        changes: Mapping[str, tuple[str, str | int]] | None = None,
    ) -> None:
        require("snmpd")
        self.host, self.serial = host, serial
        rows = {**_rows(serial, pages, black), **(changes or {})}
        self._write_configuration(community, rows)
        self.start()

    def _write_configuration(self, community: str | None, rows: Mapping[str, tuple[str, str | int]]) -> None:
        access = [f"rocommunity {community}"] if community else []
        lines = [
            *access,
            "rwcommunity writer",
            f'createUser {V3_USER} SHA "{V3_AUTH}" AES "{V3_PRIV}"',
            f"rouser {V3_USER} priv",
            "dontLogTCPWrappersConnects yes",
            "sysDescr Northgate LaserPro 4200; firmware 7.1",
            "sysObjectID 1.3.6.1.4.1.55555.1",
            f"sysName {self.host.name}",
            "sysLocation Floor 3",
            "sysContact desk",
        ]
        for oid, (kind, value) in rows.items():
            text = f'"{value}"' if kind == "octet_str" else value
            lines.append(f"override -rw {oid} {kind} {text}")
        (self.host.folder / "snmpd.conf").write_text("\n".join([*lines, ""]))

    def start(self) -> None:
        folder = self.host.folder
        self.host.spawn(
            "snmpd",
            *("snmpd", "-f", "-Lo", "-C", "-c", f"{folder}/snmpd.conf", "-p", f"{folder}/snmpd.pid", "-I", _MODULES),
            "udp:161",
            env={"SNMP_PERSISTENT_DIR": f"{folder}/snmpd.var", "MIBS": ""},
        )
        self.host.wait_until(lambda: self.host.listens_udp(161), "snmpd")

    def set_integer(self, oid: str, value: int) -> None:
        self._set(oid, 0x02, _integer(value))

    def set_counter(self, oid: str, value: int) -> None:
        self._set(oid, 0x41, _integer(value))

    def set_octets(self, oid: str, value: bytes) -> None:
        self._set(oid, 0x04, value)

    def _set(self, oid: str, tag: int, value: bytes) -> None:
        """One SNMPv2c SET (RFC 3416 4.2.5); written here because snmpset(1) knows no Counter32."""
        binding = _tlv(0x30, _oid(oid) + _tlv(tag, value))
        pdu = _tlv(0xA3, _tlv(2, b"\1") + _tlv(2, b"\0") + _tlv(2, b"\0") + _tlv(0x30, binding))
        message = _tlv(0x30, _tlv(2, b"\1") + _tlv(4, b"writer") + pdu)
        answer = netns.inside(self.host.namespace, lambda: _ask(self.host.address, message))
        # The answer repeats the request, but for the PDU's tag and, where the set failed, the error fields.
        if answer != message.replace(b"writer\xa3", b"writer\xa2"):
            raise RuntimeError(f"snmpd on {self.host.name} did not take {oid}: {answer.hex()}")


def _ask(address: str, message: bytes) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(5)
        udp.sendto(message, (address, 161))
        return udp.recv(65535)


def _tlv(tag: int, body: bytes) -> bytes:
    """Definite length (X.690 8.1.3); bodies here are below 128 octets."""
    if len(body) > 127:
        raise ValueError(f"too long for one octet of length: {len(body)}")
    return bytes([tag, len(body)]) + body


def _integer(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True)


def _oid(text: str) -> bytes:
    first, second, *arcs = map(int, text.split("."))
    body = bytes([40 * first + second])
    for arc in arcs:
        septets = [arc & 127]
        while arc := arc >> 7:
            septets.append(arc & 127 | 128)
        body += bytes(reversed(septets))
    return _tlv(6, body)
