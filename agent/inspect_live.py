"""One host asked over every protocol, with the same probes that the rounds use."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from agent.discover.candidate import Service
from agent.discover.doors import is_open
from agent.discover.sightings import Spot, target
from agent.normalise import normalise_all
from agent.poll import SPOKEN, Answers, ask
from agent.probes.probe import Probe, SnmpCredential
from agent.settings import NetworkSettings
from fleet.errors import SettingsError, Unreachable
from fleet.kit.clock import Clock
from fleet.kit.config import Secret, load
from fleet.reading import Reading, Round
from mibs.catalogue import Catalogue

SECONDS = 60.0
LOOKUP_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a credentials file holds: ``[[snmp]]`` tables as in the agent's settings, and the PJLink password."""

    snmp: tuple[SnmpCredential, ...] = ()
    pjlink_password: Secret = field(default_factory=lambda: Secret(""))


def network_for(address: str, *, port: int | None, community: str | None, credentials: Path | None) -> NetworkSettings:
    """How to ask `address`. A `port` stands in for the usual one of every protocol."""
    asked = NetworkSettings(cidr=address, allow_loopback=True, sweep=False, mdns=False)
    if credentials is not None:
        held = load(credentials, Credentials)
        asked = replace(asked, pjlink_password=held.pjlink_password, snmp=held.snmp or asked.snmp)
    if community is not None:
        ways = tuple(SnmpCredential(version=version, community=Secret(community)) for version in ("2c", "1"))
        asked = replace(asked, snmp=ways)
    if port is not None:
        asked = replace(asked, snmp_port=port, ipp_ports=(port,), escl_ports=(port,), pjlink_port=port)
    return asked


async def address_of(host: str) -> str:
    """The address of a host name, or the address itself."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    if host.rstrip(".").lower().endswith(".local"):
        raise SettingsError(f"{host}: names that end in .local come by mDNS alone; give the address instead")
    try:
        async with asyncio.timeout(LOOKUP_SECONDS):
            found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError, UnicodeError) as error:
        raise SettingsError(f"{host}: neither a file, nor an address, nor a name that can be looked up") from error
    return str(found[0][4][0])


async def services_at(address: str, network: NetworkSettings) -> tuple[Service, ...]:
    """The ways in that take a connection."""
    doors = [
        (kind, port) for kind, ports in (("ipp", network.ipp_ports), ("escl", network.escl_ports)) for port in ports
    ]
    doors += [("pjlink", network.pjlink_port)] if network.pjlink_port else []
    ports = sorted({port for _, port in doors})
    states = await asyncio.gather(*(is_open(address, port) for port in ports))
    opened = {port for port, state in zip(ports, states, strict=True) if state}
    return tuple(Service(kind=kind, port=port) for kind, port in doors if port in opened)


async def inspect_host(
    address: str, network: NetworkSettings, probes: Mapping[str, Probe], catalogue: Catalogue, clock: Clock
) -> tuple[Reading, Answers]:
    """Everything the device at `address` tells now. Unreachable, with the reasons, when it answers nothing."""
    spot = Spot(address=address)
    others = {name: probe for name, probe in probes.items() if name != "snmp"}
    async with asyncio.TaskGroup() as group:
        # SNMP needs no open door, and a silent host takes its time to be silent.
        by_snmp = group.create_task(
            ask(probes, target(spot, (), network), Round.FULL, seconds=SECONDS, leave_out=others)
        )
        services = await services_at(address, network)
        by_others = group.create_task(ask(others, target(spot, services, network), Round.FULL, seconds=SECONDS))
    answers = _joined(by_snmp.result(), by_others.result())
    if not answers.raws:
        raise Unreachable(_silence(address, answers, network))
    reading = normalise_all(
        answers.raws,
        catalogue=catalogue,
        key=str(spot),
        address=address,
        round_=Round.FULL,
        taken_at=clock.now(),
    )
    return reading, answers


def _joined(*parts: Answers) -> Answers:
    return Answers(
        raws=tuple(raw for part in parts for raw in part.raws),
        ways=tuple(way for part in parts for way in part.ways),
        failures={name: error for part in parts for name, error in part.failures.items()},
    )


def _silence(address: str, answers: Answers, network: NetworkSettings) -> str:
    """Why nothing came, and what to try next."""
    why = [f"{SPOKEN.get(name, name)}: {error}" for name, error in answers.failures.items()]
    ports = sorted({*network.ipp_ports, *network.escl_ports, network.pjlink_port})
    why.append(f"IPP, eSCL, PJLink: nothing understood on TCP port {', '.join(map(str, ports))}")
    return f"{address} told nothing. " + ". ".join(why) + ". Try --community or --credentials, or --port"
