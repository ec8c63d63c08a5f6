"""From a place to a device: ask everything once, see who answers, and find it among the known devices."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace

from agent.devices import Conflict, Devices, Known, twins
from agent.discover.candidate import Service
from agent.discover.sightings import Sightings, Spot
from agent.poll import Answers, Asker, is_device
from agent.rounds import Rounds
from fleet.identity import Identity, compare, serial_key
from fleet.kit.clock import Clock
from fleet.reading import Reading, Round

log = logging.getLogger(__name__)

MAX_CONFLICTS = 50
MAX_PASSED = 10_000

Keep = Callable[[Reading], Awaitable[None]]
"""Puts a reading into the spool."""


class Identifier:
    """Looks at places nobody is known at, and settles who stands where."""

    def __init__(
        self,
        asker: Asker,
        devices: Devices,
        rounds: Rounds,
        sightings: Sightings,
        clock: Clock,
        keep: Keep,
        *,
        again_after: float,
    ) -> None:
        self._asker, self._devices, self._rounds = asker, devices, rounds
        self._sightings, self._clock, self._keep = sightings, clock, keep
        self._again_after = again_after
        self._passed: dict[Spot, tuple[float, tuple[Service, ...]]] = {}
        self._settling = asyncio.Lock()
        self.conflicts: deque[Conflict] = deque(maxlen=MAX_CONFLICTS)

    async def look(self, address: str) -> None:
        """Find out what is at `address`. Where a known device stands, only a silent one is asked, and by its round."""
        for spot, services in self._sightings.spots(address).items():
            if known := self._devices.at(spot):
                pace = self._rounds.pace(known.key)
                if pace is None:
                    self._rounds.add(known.key, answered=False)
                elif pace.misses or self._has_new_ways(known, services):
                    pace.read_in_full()
                    self._rounds.wake(known.key)
            elif not self._passed_by(spot, services):
                await self._meet(spot, services)

    @staticmethod
    def _has_new_ways(known: Known, services: tuple[Service, ...]) -> bool:
        """Whether the device can be asked in a way that its last full reading did not know of."""
        ways = {(service.kind, service.port) for service in services if service.kind not in ("snmp", "other")}
        return not ways <= {(service.kind, service.port) for service in known.services}

    async def _meet(self, spot: Spot, services: tuple[Service, ...]) -> None:
        left_out = self._sightings.leaves_out(spot, services)
        answers = await self._asker.ask(spot, services, Round.FULL, left_out)
        if answers.raws:
            reading = self._asker.read(answers, spot, Round.FULL)
            if is_device(reading, answers.ways):
                await self.settle(spot, services, answers, reading, tired=left_out)
                return
            log.info("answers, but is no device of ours", extra={"at": spot, "ways": ",".join(answers.ways)})
        if len(self._passed) >= MAX_PASSED:
            self._passed.clear()
        self._passed[spot] = (self._clock.monotonic(), services)

    async def settle(
        self,
        spot: Spot,
        services: tuple[Service, ...],
        answers: Answers,
        reading: Reading,
        *,
        tired: Collection[str] = (),
    ) -> None:
        """Decide which device gave `reading` at `spot`, remember it, and keep the reading under its name."""
        seen = replace(reading.identity, address=spot.address)
        async with self._settling:
            known, double = await self._match(seen, spot)
            if double:
                return
            now = self._clock.now()
            if known is None:
                known = self._devices.new(seen, spot, services=services, ways=answers.ways, now=now)
                log.info("found %s", known.name, extra={"device": known.key, "at": spot})
            else:
                if known.spot != spot:
                    log.info("%s moved", known.name, extra={"device": known.key, "from": known.spot, "to": spot})
                known = self._devices.heard(known, seen, spot, services=services, ways=answers.ways, now=now)
            self._rounds.add(known.key, answered=True, tired=tired)
            # The name must be on disk before a reading that bears it.
            await asyncio.to_thread(self._devices.save)
        await self._keep(replace(reading, key=known.key))

    def conflict(self, text: str) -> None:
        """Something for a person to look at; said once."""
        if all(conflict.text != text for conflict in self.conflicts):
            log.warning("%s", text)
            self.conflicts.append(Conflict(at=self._clock.now(), text=text))

    def _passed_by(self, spot: Spot, services: tuple[Service, ...]) -> bool:
        """Whether this place was asked in vain lately and shows nothing new."""
        passed = self._passed.get(spot)
        return passed is not None and passed[1] == services and self._clock.monotonic() < passed[0] + self._again_after

    async def _match(self, seen: Identity, spot: Spot) -> tuple[Known | None, bool]:
        """(the known device, whether this is only its second address)."""
        found = self._devices.who(seen)
        if found is None:
            return None, False
        known, match = found
        if known.spot is None or known.spot.address == spot.address or not self._is_lively(known):
            return known, False
        still = await self._asker.ask(known.spot, self._asker.services(known), Round.FULL)
        if not still.raws:
            return known, False
        there = self._asker.read(still, known.spot, Round.FULL).identity
        if not compare(there, known.identity).same:
            return known, False
        if twins(there, seen):
            self._passed[spot] = (self._clock.monotonic(), self._sightings.services(spot.address))
            log.info("%s has a second address", known.name, extra={"device": known.key, "at": spot})
            return known, True
        self.conflict(
            f"two devices call themselves {serial_key(seen) or match.reasons[0]}: at {known.spot} and at {spot};"
            " they are kept apart, one of them may have a blank or copied board"
        )
        return None, False

    def _is_lively(self, known: Known) -> bool:
        pace = self._rounds.pace(known.key)
        return pace is not None and pace.misses == 0
