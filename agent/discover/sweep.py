"""The search: listed addresses, one SNMP question per address, and a few TCP connects. Never outside the territory."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from agent.discover.candidate import Candidate, Progress, Service, Tell, quiet
from agent.discover.doors import open_doors
from agent.discover.listed import listed
from agent.discover.routes import trouble_of
from agent.discover.territory import SWEEP_RATE, TCP_SWEEP_LIMIT, Territory, tcp_ports
from agent.probes.probe import SnmpCredential
from agent.settings import NetworkSettings
from fleet.kit.clock import Clock

TINY = 16
"""Networks of up to so many addresses are searched side by side: nearly all of their time is waiting."""

Found = Callable[[Candidate], None]
Swept = Callable[[Iterable[str], Iterable[str]], None]
"""Told of each network that was asked by SNMP: all its addresses, and those that answered."""


class Sweeper(Protocol):
    """Who asks many addresses one SNMP question each, at a bounded rate; `heard` is called for each that answers."""

    async def sweep(
        self,
        addresses: Sequence[str],
        credentials: Sequence[SnmpCredential],
        *,
        port: int,
        rate: float,
        heard: Callable[[str], None],
    ) -> None: ...


class Search:
    """One pass over a territory. `known` addresses (announced, or devices already) are looked at too."""

    def __init__(
        self,
        territory: Territory,
        sweeper: Sweeper,
        clock: Clock,
        found: Found,
        tell: Tell = quiet,
        swept: Swept = lambda asked, heard: None,
    ) -> None:
        self._territory, self._sweeper, self._clock = territory, sweeper, clock
        self._found, self._tell, self._swept = found, tell, swept
        self._alive: set[str] = set()
        self.troubles: tuple[str, ...] = ()

    async def run(self, known: Iterable[str] = ()) -> None:
        named = await listed(self._territory, self._clock)
        for candidate in named.candidates:
            self._alive.add(candidate.address)
            self._found(candidate)
        self._alive.update(address for address in known if self._territory.of(address))
        swept = await asyncio.to_thread(lambda: list(self._territory.swept()))
        tiny = [(settings, hosts) for settings, hosts in swept if len(hosts) <= TINY]
        async with asyncio.TaskGroup() as group:
            for settings, hosts in tiny:
                group.create_task(self._sweep(settings, hosts, rate=SWEEP_RATE / len(tiny)))
        for settings, hosts in swept:
            if len(hosts) > TINY:
                await self._sweep(settings, hosts, rate=SWEEP_RATE)
        await self._knock_where_alive()
        self.troubles = (*named.troubles, *await asyncio.to_thread(self._unreachable))

    def _unreachable(self) -> list[str]:
        alive = sorted(self._alive)
        networks = self._territory.networks
        troubles = [trouble_of(net, [a for a in alive if self._territory.of(a) is net]) for net in networks]
        return [text for text in troubles if text]

    async def _sweep(self, settings: NetworkSettings, hosts: list[str], *, rate: float) -> None:
        await self._ask_all(settings, hosts, rate)
        if len(hosts) <= TCP_SWEEP_LIMIT:
            await self._knock(settings, hosts, tcp_ports(settings))

    async def _ask_all(self, settings: NetworkSettings, hosts: list[str], rate: float) -> None:
        """SNMP, in random order: a switch or an access list sees no neighbour after neighbour."""
        random.shuffle(hosts)
        heard = set[str]()

        def answered(address: str) -> None:
            if self._territory.of(address) is not settings or address in heard:
                return
            heard.add(address)
            self._alive.add(address)
            self._report(address, Service(kind="snmp", port=settings.snmp_port))
            self._tell(Progress(step=f"SNMP {settings.cidr}", done=0, total=len(hosts), found=len(heard)))

        # A lost packet is not a missing device: who stayed silent is asked once more.
        for credentials in (settings.credentials, [c for c in settings.credentials if c.version != "3"]):
            silent = [address for address in hosts if address not in heard]
            if credentials and silent:
                await self._sweeper.sweep(silent, credentials, port=settings.snmp_port, rate=rate, heard=answered)
        self._swept(hosts, heard)
        self._tell(Progress(step=f"SNMP {settings.cidr}", done=len(hosts), total=len(hosts), found=len(heard)))

    async def _knock(self, settings: NetworkSettings, hosts: Sequence[str], ports: Sequence[int]) -> None:
        wanted = [(address, port) for port in ports for address in hosts]
        done = found = 0

        def opened(address: str, port: int) -> None:
            nonlocal found
            found += 1
            self._alive.add(address)
            self._report(address, Service(kind=kind_of(settings, port), port=port))

        def tried() -> None:
            nonlocal done
            done += 1
            if done % 50 == 0 or done == len(wanted):
                self._tell(Progress(step=f"TCP {settings.cidr}", done=done, total=len(wanted), found=found))

        await open_doors(wanted, self._territory, self._clock, opened=opened, tried=tried)

    async def _knock_where_alive(self) -> None:
        """Scanner ports everywhere something lives; the other ports where the search above left them out."""
        for settings in self._territory.networks:
            hosts = [address for address in sorted(self._alive) if self._territory.of(address) is settings]
            small = settings.sweep and settings.network.version == 4
            small = small and settings.network.num_addresses <= TCP_SWEEP_LIMIT
            ports = settings.escl_ports if small else (*settings.escl_ports, *tcp_ports(settings))
            await self._knock(settings, hosts, ports)

    def _report(self, address: str, service: Service) -> None:
        self._found(Candidate(address=address, source="sweep", seen_at=self._clock.now(), services=(service,)))


def kind_of(settings: NetworkSettings, port: int) -> str:
    """What an open port is taken for; the poll finds out whether it is."""
    if port in settings.ipp_ports:
        return "ipp"
    return "pjlink" if port == settings.pjlink_port else "escl"
