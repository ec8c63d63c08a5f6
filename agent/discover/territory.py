"""Where the agent may go: inside the configured networks, and nowhere else."""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import ifaddr

from agent.settings import SWEEP_WARNS_ABOVE, Address, Network, NetworkSettings, parsed_network

LARGEST_PROPOSED = 22
"""Bits of the largest network taken without being told: a /22 is 1,022 addresses, four seconds of sweep."""
TCP_SWEEP_LIMIT = 1024
"""Networks up to this many addresses are also searched by TCP connects; in larger ones only known addresses are."""
PATIENCE = 1.5
"""Seconds an answer may take."""
V3_AT_ONCE = 32
"""SNMPv3 is asked on a socket per address, so many at one time."""
SWEEP_RATE = 250.0
"""Addresses per second. The neighbour table of the kernel is the limit; above about 300 losses are silent."""


class Territory:
    """The configured networks with their exclusions; asked before every contact."""

    def __init__(self, networks: Iterable[NetworkSettings]) -> None:
        self.networks = tuple(networks)
        self._parsed = [(s, s.network, [parsed_network(part) for part in s.exclude]) for s in self.networks]

    def of(self, address: str) -> NetworkSettings | None:
        """The network `address` may be asked in; None where it must not be contacted at all."""
        try:
            ip = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return None
        if ip.is_multicast or ip.is_unspecified or (ip.version == 4 and ip.is_link_local):
            return None
        for settings, net, excluded in self._parsed:
            if ip in net and not _is_edge(ip, net) and not any(ip in part for part in excluded):
                return settings
        return None

    def swept(self) -> Iterator[tuple[NetworkSettings, list[str]]]:
        """Each network that is swept, with its addresses. A /16 takes a moment: not for the event loop."""
        for settings, net, _ in self._parsed:
            if settings.sweep and isinstance(net, ipaddress.IPv4Network):
                yield settings, [text for ip in net.hosts() if self.of(text := str(ip)) is settings]


def _is_edge(ip: Address, net: Network) -> bool:
    """Whether `ip` names the network itself or everybody in it."""
    return net.version == 4 and net.prefixlen < 31 and ip in (net.network_address, net.broadcast_address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one search costs, told before it starts."""

    addresses: int
    packets: int
    seconds: float
    warnings: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.addresses:,} addresses, up to {self.packets:,} packets, about {self.seconds:.0f} s"


def cost(territory: Territory, *, listening_seconds: float = 0) -> Cost:
    """Addresses, packets and seconds of one pass over `territory`; every packet sent is counted, answers are not."""
    addresses = packets = 0
    seconds, warnings = 0.0, list[str]()
    for settings, hosts in territory.swept():
        tcp = len(tcp_ports(settings)) if len(hosts) <= TCP_SWEEP_LIMIT else 0
        v3 = sum(1 for credential in settings.snmp if credential.version == "3")
        passes = 2 * (len(settings.snmp) - v3)
        addresses += len(hosts)
        # A connect that nobody answers sends two SYN.
        packets += len(hosts) * (passes + v3 + 2 * tcp)
        seconds += passes * (len(hosts) / SWEEP_RATE + PATIENCE) + len(hosts) * tcp / SWEEP_RATE + PATIENCE
        seconds += v3 * math.ceil(len(hosts) / V3_AT_ONCE) * PATIENCE
        if len(hosts) > SWEEP_WARNS_ABOVE:
            minutes = len(hosts) / SWEEP_RATE / 60
            warnings.append(f"{settings.cidr} is larger than a /20: a search takes {minutes:.0f} minutes or more")
    return Cost(
        addresses=addresses,
        packets=packets,
        seconds=math.ceil(max(seconds, listening_seconds)),
        warnings=tuple(warnings),
    )


def tcp_ports(settings: NetworkSettings) -> tuple[int, ...]:
    """Ports whose openness alone makes an address a candidate."""
    return (*settings.ipp_ports, *((settings.pjlink_port,) if settings.pjlink_port else ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The networks used when none is configured, and the sentence that says so."""

    networks: tuple[NetworkSettings, ...]
    text: str


def proposal() -> Proposal:
    """The networks this machine's interfaces are in, none larger than a /22; never loopback."""
    found: dict[str, NetworkSettings] = {}
    cut: list[str] = []
    for address, bits in interface_addresses():
        ip = ipaddress.ip_address(address)
        if ip.is_loopback or ip.is_link_local or ip.is_unspecified:
            continue
        if bits < LARGEST_PROPOSED:
            cut.append(f"{address}/{bits}")
            bits = LARGEST_PROPOSED
        if bits < 31:
            net = ipaddress.ip_network(f"{address}/{bits}", strict=False)
            found.setdefault(str(net), NetworkSettings(cidr=str(net)))
    if not found:
        return Proposal(networks=(), text="this machine is in no IPv4 network; name one as [[networks]] cidr = ...")
    text = f"no [[networks]] configured: using the network of this machine, {', '.join(found)}"
    if cut:
        text += f" (only the /{LARGEST_PROPOSED} around {', '.join(cut)}; configure [[networks]] for more)"
    return Proposal(networks=tuple(found.values()), text=text)


def interface_addresses() -> Iterable[tuple[str, int]]:
    """IPv4 addresses of this machine with their prefix lengths."""
    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            if isinstance(ip.ip, str):
                yield ip.ip, ip.network_prefix
