"""From a place to a device: ask everything once, see who answers, and find it among the known devices."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace

from agent.devices import Conflict, Devices, Known, twins
from agent.discover.candidate import Service
from agent.discover.sightings import Sightings, Spot
from agent.poll import Answers, Asker, is_device
from agent.rounds import Rounds
from fleet.identity import Identity, Match, compare, serial_key
from fleet.kit.clock import Clock
from fleet.reading import Reading, Round

log = logging.getLogger(__name__)

MAX_CONFLICTS = 50
MAX_PASSED = 10_000
MOST_LOOKUPS = 5
"""So often one device is looked up anew, because another moved meanwhile."""

Keep = Callable[[Reading], Awaitable[None]]
"""Puts a reading into the spool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Former:
    """Who answered (`there`, None for nobody) at the place where a known device was heard last."""

    key: str
    spot: Spot
    there: Identity | None

    def is_of(self, known: Known) -> bool:
        return (self.key, self.spot) == (known.key, known.spot)


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
        former: _Former | None = None
        for _ in range(MOST_LOOKUPS):
            async with self._settling:
                found = self._devices.who(seen)
                doubted = found[0] if found and self._may_still_stand(found[0], spot) else None
                if doubted is None or (former and former.is_of(doubted)):
                    known, double = self._match(found, former if doubted else None, seen, spot)
                    if double:
                        return
                    known = self._remember(known, seen, spot, services, answers)
                    self._rounds.add(known.key, answered=True, tired=tired)
                    # The name must be on disk before a reading that bears it.
                    await asyncio.to_thread(self._devices.save)
                    break
            former = await self._former(doubted)  # a place may be slow to answer: nobody else waits for it
        else:
            log.info("who stands here changes too fast; the next search looks again", extra={"at": spot})
            return
        await self._keep(replace(reading, key=known.key))

    def _remember(
        self, known: Known | None, seen: Identity, spot: Spot, services: tuple[Service, ...], answers: Answers
    ) -> Known:
        now = self._clock.now()
        if known is None:
            known = self._devices.new(seen, spot, services=services, ways=answers.ways, now=now)
            log.info("found %s", known.name, extra={"device": known.key, "at": spot})
            return known
        if known.spot != spot:
            log.info("%s moved", known.name, extra={"device": known.key, "from": known.spot, "to": spot})
        return self._devices.heard(known, seen, spot, services=services, ways=answers.ways, now=now)

    def conflict(self, text: str) -> None:
        """Something for a person to look at; said once."""
        if all(conflict.text != text for conflict in self.conflicts):
            log.warning("%s", text)
            self.conflicts.append(Conflict(at=self._clock.now(), text=text))

    def _passed_by(self, spot: Spot, services: tuple[Service, ...]) -> bool:
        """Whether this place was asked in vain lately and shows nothing new."""
        passed = self._passed.get(spot)
        return passed is not None and passed[1] == services and self._clock.monotonic() < passed[0] + self._again_after

    def _may_still_stand(self, known: Known, spot: Spot) -> bool:
        """Whether `known` may still answer elsewhere than at `spot`: only asking there can tell."""
        return known.spot is not None and known.spot.address != spot.address and self._is_lively(known)

    async def _former(self, known: Known) -> _Former:
        """Who answers now where `known` was heard last."""
        assert known.spot is not None  # noqa: S101 - only who has a place may still stand there
        still = await self._asker.ask(known.spot, self._asker.services(known), Round.FULL)
        there = self._asker.read(still, known.spot, Round.FULL).identity if still.raws else None
        return _Former(key=known.key, spot=known.spot, there=there)

    def _match(
        self, found: tuple[Known, Match] | None, former: _Former | None, seen: Identity, spot: Spot
    ) -> tuple[Known | None, bool]:
        """(the known device, whether this is only its second address)."""
        if found is None:
            return None, False
        known, match = found
        there = former.there if former else None
        if there is None:
            return known, False
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
