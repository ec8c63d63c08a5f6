"""Ports that are free at every address of the office, chosen once for all devices."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterable
from random import SystemRandom

from pagewarden.demo.office.memory import Ports

USUAL = Ports(snmp=21161, ipp=21631, ipps=21443, escl=21080, pjlink=21352)
"""Outside the range that Linux hands to outgoing connections."""
_FIRST, _LAST = 20000, 31000
_TRIES = 50


class NoLoopback(Exception):
    """This system has no addresses 127.77.x.y."""


def choose(addresses: Iterable[str], *, wanted: Ports = USUAL) -> Ports:
    """`wanted` if it is free, else others. NoLoopback says in one line what is missing here."""
    places = list(addresses)
    rng = SystemRandom()
    for ports in (wanted, *(_at_random(rng) for _ in range(_TRIES))):
        if _all_free(places, ports):
            return ports
    raise NoLoopback("no free ports were found at the loopback addresses 127.77.0.x; is another demo running?")


def _at_random(rng: SystemRandom) -> Ports:
    snmp, ipp, ipps, escl, pjlink = rng.sample(range(_FIRST, _LAST), 5)
    return Ports(snmp=snmp, ipp=ipp, ipps=ipps, escl=escl, pjlink=pjlink)


def _all_free(addresses: list[str], ports: Ports) -> bool:
    return all(
        _free(address, ports.snmp, socket.SOCK_DGRAM)
        and all(_free(address, p, socket.SOCK_STREAM) for p in (ports.ipp, ports.ipps, ports.escl, ports.pjlink))
        for address in addresses
    )


def _free(address: str, port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise NoLoopback(
                    f"this system gives no loopback address {address}, which the simulated devices need: "
                    "Linux has them all; elsewhere add them to the loopback interface first "
                    f"(macOS: sudo ifconfig lo0 alias {address}, for each device)"
                ) from error
            return False
    return True
