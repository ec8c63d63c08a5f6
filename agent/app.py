"""The agent: everything joined, and run until it is cancelled.

listener ─┐
search  ──┴─> sightings ──> look ──> identifier ──> devices
                                          │            │
                                          v            v
                          shipper <── spool <── visits <── rounds
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from functools import partial
from typing import Any

from agent.devices import Devices
from agent.discover.candidate import Candidate
from agent.discover.mdns import Listener, interfaces_touching
from agent.discover.sightings import Sightings
from agent.discover.sweep import Search, Sweeper
from agent.discover.territory import Territory, cost, proposal
from agent.identify import Identifier
from agent.poll import Asker, Normalise
from agent.probes.probe import Probe, Raw
from agent.rounds import Rounds
from agent.settings import AgentSettings
from agent.ship import Shipper, trust
from agent.spool import Spool
from agent.spool_file import Counts
from agent.state import claim, version, write_status
from agent.visits import Visits
from fleet.errors import SettingsError, ShipError, SpoolError
from fleet.kit.clock import Clock, SystemClock
from fleet.kit.plugins import joined
from fleet.reading import Reading, Round
from mibs import overlay
from mibs.catalogue import Catalogue

log = logging.getLogger(__name__)

LOOKERS = 16
MOST_WAITING = 20_000
REPORT_SECONDS = 5.0
EARLY_SECONDS = 12.0
INTERFACES_SECONDS = 30.0
RESTART_SECONDS = 5.0
SLOW_SHARE = 0.8


class Agent:
    """One agent. `status()` is what it tells the collector of itself."""

    def __init__(
        self,
        settings: AgentSettings,
        clock: Clock | None = None,
        *,
        probes: Mapping[str, Probe] | None = None,
        normalise: Normalise | None = None,
        sweeper: Sweeper | None = None,
    ) -> None:
        self.settings, self.clock = settings, clock or SystemClock()
        self.territory = territory_of(settings)
        self.spool = Spool(
            settings.state_dir,
            self.clock,
            max_bytes=settings.spool.max_bytes,
            batch_bytes=settings.spool.batch_bytes,
        )
        self.devices = Devices(settings.state_dir)
        self.sightings = Sightings()
        self._probes, self._normalise, self._sweeper = probes, normalise, sweeper
        self._version, self._started = version(), self.clock.now()
        self._searched: datetime | None = None
        self._search_troubles: tuple[str, ...] = ()
        self._mdns_trouble: str | None = None
        self._counts: Counts | None = None
        self._looks: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING)
        self._queued: set[str] = set()
        self._early: set[str] | None = set()
        self.rounds = Rounds(settings.rounds, self.clock, self._visit)
        self._visits: Visits | None = None
        self.identifier: Identifier | None = None
        self.shipper = self._made_shipper()

    async def run(self) -> None:
        """Run until cancelled; then give everything back. The state folder belongs to one agent at a time."""
        async with AsyncExitStack() as stack:
            stack.callback((await asyncio.to_thread(claim, self.settings.state_dir)).close)
            await self._open()
            stack.push_async_callback(self._close_spool)
            probes, normalise, sweeper = await asyncio.to_thread(self._parts)
            for probe in probes.values():
                stack.push_async_callback(probe.close)
            if hasattr(sweeper, "close"):
                stack.push_async_callback(sweeper.close)
            self._join(probes, normalise)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._kept_up("rounds", self.rounds.run))
                group.create_task(self._kept_up("search", lambda: self._search(sweeper)))
                group.create_task(self._kept_up("mDNS", self._listen))
                group.create_task(self._kept_up("report", self._report))
                group.create_task(self._end_of_early())
                for _ in range(LOOKERS):
                    group.create_task(self._kept_up("look", self._look))
                if self.shipper:
                    group.create_task(self._kept_up("shipping", self.shipper.run))
                else:
                    log.warning("not enrolled: readings stay here; run 'pagewarden agent enrol URL TOKEN'")

    def status(self) -> dict[str, Any]:
        """What this agent says of itself: plain values for the collector's pages and for `agent status`."""
        paces = [self.rounds.pace(known.key) for known in self.devices]
        counts, troubles = self._counts, [self.spool.trouble, self.devices.trouble, self._mdns_trouble]
        return {
            "version": self._version,
            "name": self.settings.name,
            "started_at": self._started.isoformat(),
            "searched_at": self._searched.isoformat() if self._searched else None,
            "devices": len(self.devices),
            "silent": sum(1 for pace in paces if pace and pace.is_silent(self.settings.rounds)),
            "asleep": sum(1 for pace in paces if pace and pace.asleep),
            "networks": [network.cidr for network in self.territory.networks],
            "spooled": (counts.waiting if counts else 0) + self.spool.held,
            "dropped": counts.dropped if counts else 0,
            "dead": counts.dead if counts else 0,
            "conflicts": [conflict.text for conflict in self.identifier.conflicts] if self.identifier else [],
            "troubles": [text for text in (*troubles, *self._search_troubles) if text],
        }

    @property
    def discovered(self) -> list[dict[str, Any]]:
        """The known devices with where they are and how they are doing."""
        rows = []
        for known in self.devices:
            pace = self.rounds.pace(known.key)
            rows.append(
                {
                    "key": known.key,
                    "name": known.name,
                    "serial": known.identity.serial,
                    "at": str(known.spot) if known.spot else None,
                    "ways": list(known.ways),
                    "heard_at": known.heard_at.isoformat(),
                    "misses": pace.misses if pace else 0,
                    "asleep": bool(pace and pace.asleep),
                }
            )
        return rows

    def found(self, candidate: Candidate) -> None:
        """Somebody saw something at an address: have a look, unless one is already on its way."""
        self.sightings.add(candidate)
        network = self.territory.of(candidate.address)
        if network and network.sweep and self._early is not None and not self.sightings.was_swept(candidate.address):
            self._early.add(candidate.address)
        else:
            self._queue(candidate.address)

    def _queue(self, address: str) -> None:
        if address not in self._queued and not self._looks.full():
            self._queued.add(address)
            self._looks.put_nowait(address)

    def _swept(self, asked: Iterable[str], heard: Iterable[str]) -> None:
        self.sightings.swept(asked, heard)
        for address in [address for address in self._early or () if self.sightings.was_swept(address)]:
            self._queue(address)

    async def _end_of_early(self) -> None:
        """Announcements come before the first search knows who speaks SNMP: they wait for it, but not long."""
        await self.clock.sleep(EARLY_SECONDS)
        early, self._early = self._early or set(), None
        for address in early:
            self._queue(address)

    async def _open(self) -> None:
        with suppress(SpoolError):  # a full disk at the start is said, and mends itself like any other time
            await self.spool.open()
        await asyncio.to_thread(self.devices.load)
        spent = await asyncio.to_thread(cost, self.territory)
        networks = ", ".join(network.cidr for network in self.territory.networks)
        log.info("watching %s; a search is %s", networks, spent, extra={"devices": len(self.devices)})
        for warning in spent.warnings:
            log.warning("%s", warning)

    async def _close_spool(self) -> None:
        with suppress(SpoolError):
            await self.spool.close()

    def _parts(self) -> tuple[Mapping[str, Probe], Normalise, Sweeper]:
        catalogue = overlay.load(self.settings.rows_dir)
        return (
            self._probes if self._probes is not None else installed_probes(catalogue),
            self._normalise or installed_normalise(catalogue),
            self._sweeper or installed_sweeper(),
        )

    def _join(self, probes: Mapping[str, Probe], normalise: Normalise) -> None:
        rounds = self.settings.rounds
        asker = Asker(probes, normalise, self.territory, self.sightings, self.clock, rounds)
        # A place that was asked in vain is asked again by every second search or so.
        self.identifier = Identifier(
            asker,
            self.devices,
            self.rounds,
            self.sightings,
            self.clock,
            self._keep,
            again_after=rounds.discovery_seconds * SLOW_SHARE,
        )
        self._visits = Visits(asker, self.devices, self.identifier, self.clock, self._keep, rounds)
        for known in self.devices:
            self.rounds.add(known.key, answered=False)

    def _made_shipper(self) -> Shipper | None:
        settings = self.settings
        if not settings.collector_url or not settings.agent_key:
            return None
        try:
            trust(settings.ca_file)  # at the start a person is looking: say it now, and not in the log
        except ShipError as error:
            raise SettingsError(str(error)) from error
        return Shipper(
            self.spool,
            self.clock,
            url=settings.collector_url,
            key=settings.agent_key,
            status=self.status,
            ca_file=settings.ca_file,
            heartbeat_seconds=settings.heartbeat_seconds,
            linger_seconds=settings.linger_seconds,
        )

    async def _keep(self, reading: Reading) -> None:
        await self.spool.take(reading)

    async def _visit(self, key: str, pace: Any) -> None:
        assert self._visits is not None  # noqa: S101 - joined before the rounds begin
        await self._visits.visit(key, pace)

    async def _look(self) -> None:
        while True:
            address = await self._looks.get()
            self._queued.discard(address)
            try:
                assert self.identifier is not None  # noqa: S101 - joined before anybody looks
                await self.identifier.look(address)
            except Exception:
                log.exception("looking at an address failed; the next search tries again", extra={"at": address})

    async def _search(self, sweeper: Sweeper) -> None:
        while True:
            search = Search(self.territory, sweeper, self.clock, self.found, swept=self._swept)
            await search.run(known=[*self.sightings, *(known.spot.address for known in self.devices if known.spot)])
            for trouble in search.troubles:
                if trouble not in self._search_troubles:  # once, and not with every search for as long as it lasts
                    log.warning("%s", trouble)
            self._searched, self._search_troubles = self.clock.now(), search.troubles
            spread = random.uniform(1 - self.settings.rounds.jitter, 1 + self.settings.rounds.jitter)  # noqa: S311
            await self.clock.sleep(self.settings.rounds.discovery_seconds * spread)

    async def _listen(self) -> None:
        """Listen to mDNS; anew when an interface comes, goes, or changes its address."""
        while any(network.mdns for network in self.territory.networks):
            interfaces = await asyncio.to_thread(interfaces_touching, self.territory)
            listener = Listener(self.territory, self.found, self.clock)
            try:
                await listener.start(interfaces)
                self._mdns_trouble = listener.trouble
                while await asyncio.to_thread(interfaces_touching, self.territory) == interfaces:
                    await self.clock.sleep(INTERFACES_SECONDS)
            finally:
                await listener.close()

    async def _report(self) -> None:
        """Keep the numbers of `status` fresh, and a copy of it on disk for `agent status`."""
        while True:
            with suppress(SpoolError):
                self._counts = await self.spool.counts()
            shipping = self.shipper.trouble if self.shipper else "not enrolled"
            row = {**self.status(), "shipping": shipping, "at": self.clock.now().isoformat(), "found": self.discovered}
            await asyncio.to_thread(write_status, self.settings.state_dir, row)
            await self.clock.sleep(min(REPORT_SECONDS, self.settings.heartbeat_seconds))

    async def _kept_up(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work`; if it breaks, say so and begin again. What it worked on is in the stores, not in it."""
        while True:
            try:
                await work()
                return
            except Exception:
                log.exception("%s broke off; it begins again in %.0f s", name, RESTART_SECONDS)
                await self.clock.sleep(RESTART_SECONDS)


def territory_of(settings: AgentSettings) -> Territory:
    """The configured networks; without any, those of this machine, and a line that says so."""
    if settings.networks:
        return Territory(settings.networks)
    proposed = proposal()
    if not proposed.networks:
        raise SettingsError(proposed.text)
    log.info("%s", proposed.text)
    return Territory(proposed.networks)


def installed_probes(catalogue: Catalogue | None = None) -> dict[str, Probe]:
    """Our probes and those of installed packages. What SNMP asks of each maker stands in the catalogue."""
    from agent.probes import PROBES

    own: dict[str, Callable[..., Probe]] = {**PROBES, "snmp": partial(PROBES["snmp"], catalogue=catalogue)}
    return {name: make() for name, make in joined(own, "pagewarden.probes").items()}


def installed_normalise(catalogue: Catalogue | None = None) -> Normalise:
    from agent.normalise import normalise_all
    from mibs.catalogue import load

    catalogue = catalogue or load()

    def normalise(raws: Sequence[Raw], key: str, address: str, round_: Round, taken_at: datetime) -> Reading:
        return normalise_all(raws, catalogue=catalogue, key=key, address=address, round_=round_, taken_at=taken_at)

    return normalise


def installed_sweeper() -> Sweeper:
    from agent.snmp.engine import SnmpEngine

    return SnmpEngine()
