"""A visit: ask one known device, see that it is still the same one, keep what it said or that it is silent."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from agent.devices import Devices, Known, another
from agent.identify import Identifier, Keep
from agent.pace import Pace
from agent.poll import Answers, Asker, is_asleep
from agent.settings import RoundsSettings
from fleet.identity import serial_key
from fleet.kit.clock import Clock
from fleet.reading import Reading, Round

log = logging.getLogger(__name__)


class Visits:
    """What a round does with one device."""

    def __init__(
        self, asker: Asker, devices: Devices, identifier: Identifier, clock: Clock, keep: Keep, settings: RoundsSettings
    ) -> None:
        self._asker, self._devices, self._identifier = asker, devices, identifier
        self._clock, self._keep, self._settings = clock, keep, settings

    async def visit(self, key: str, pace: Pace) -> None:
        known = self._devices.get(key)
        if known is None:
            return
        if known.spot is None:
            await self._missed(
                known, pace, "another device stands at its former address, and it was not found elsewhere"
            )
            return
        round_ = pace.round_at(self._clock.monotonic(), self._settings)
        left_out = pace.leaves_out(self._asker.probes, known.ways, round_, self._settings)
        services = self._asker.services(known)
        answers = await self._asker.ask(known.spot, services, round_, left_out)
        if not answers.raws:
            await self._missed(
                known, pace, f"{answers.silence(known.spot.address)} for {pace.misses + 1} rounds", round_
            )
            return
        reading = self._asker.read(answers, known.spot, round_, key=key, expected=known.ways)
        if another(reading.identity, known.identity):
            full = await self._looked_closer(known, round_, answers, reading)
            if full is None:
                return
            answers, reading = full
            round_ = Round.FULL
            if another(reading.identity, known.identity):
                await self._replaced(known, answers, reading)
                return
        await self._answered(known, pace, round_, answers, reading)

    async def _answered(self, known: Known, pace: Pace, round_: Round, answers: Answers, reading: Reading) -> None:
        current = self._devices.get(known.key) or known
        assert known.spot is not None  # noqa: S101 - it has just answered there
        if current.spot not in (known.spot, None):
            return  # found elsewhere while it was asked here: that reading counts
        now, services = self._clock.now(), self._asker.services(known)
        if round_ is Round.FULL:
            self._note_new_board(current, reading)
            self._devices.heard(
                current, reading.identity, known.spot, services=services, ways=self._ways(known, answers), now=now
            )
            await asyncio.to_thread(self._devices.save)
        else:
            self._devices.touched(current, now)
        if pace.is_silent(self._settings):
            log.info("%s answers again", known.name, extra={"device": known.key, "at": known.spot})
        pace.answered(
            self._clock.monotonic(),
            round_,
            asleep=is_asleep(reading),
            ways=answers.ways,
            quiet=answers.failures,
            complaining=self._asker.complaining(answers, reading) if self._heard_all(known, answers) else None,
        )
        await self._keep(reading)

    @staticmethod
    def _heard_all(known: Known, answers: Answers) -> bool:
        """Whether everybody who is expected to complain was heard: only then it is sure that nobody else does."""
        return set(known.ways) <= set(answers.ways)

    def _note_new_board(self, known: Known, reading: Reading) -> None:
        """Another serial number behind the same network card: the collector keeps one device, a person should know."""
        before, now = serial_key(known.identity), serial_key(reading.identity)
        if before and now and before != now:
            self._identifier.conflict(
                f"{known.name} at {known.spot} has a new serial number, {reading.identity.serial} instead of"
                f" {known.identity.serial}: its board was changed, or its network card moved"
            )

    @staticmethod
    def _ways(known: Known, answers: Answers) -> tuple[str, ...]:
        """What answered now, and what answered before and was not asked this time."""
        return tuple(dict.fromkeys((*answers.ways, *(way for way in known.ways if way not in answers.failures))))

    async def _looked_closer(
        self, known: Known, round_: Round, answers: Answers, reading: Reading
    ) -> tuple[Answers, Reading] | None:
        """The full reading of a place where somebody else seems to answer: a short look sees only a part of it."""
        assert known.spot is not None  # noqa: S101 - it was asked there
        if round_ is Round.FULL:
            return answers, reading
        answers = await self._asker.ask(known.spot, self._asker.services(known), Round.FULL)
        if not answers.raws:
            return None
        return answers, self._asker.read(answers, known.spot, Round.FULL, key=known.key, expected=known.ways)

    async def _replaced(self, known: Known, answers: Answers, reading: Reading) -> None:
        """Somebody else answers here: never continue the old series."""
        spot, services = known.spot, self._asker.services(known)
        assert spot is not None  # noqa: S101 - it was asked there
        former = known.identity.serial or known.key
        self._identifier.conflict(f"another device answers at {spot}, where {known.name} ({former}) had been")
        self._devices.displaced(known)
        await self._identifier.settle(spot, services, answers, replace(reading, key=""))

    async def _missed(self, known: Known, pace: Pace, why: str, round_: Round = Round.STATUS) -> None:
        """One more round without an answer. It becomes a reading when it begins to count, and then now and then."""
        pace.missed()
        now = self._clock.monotonic()
        if not pace.tells_silence(now, self._settings):
            return
        if pace.misses == self._settings.silent_after:
            log.info("%s is silent: %s", known.name, why, extra={"device": known.key})
        pace.last_told_silent = now
        await self._keep(
            Reading(
                key=known.key,
                taken_at=self._clock.now(),
                reachable=False,
                round=round_,
                silence=why[:500],
                identity=known.identity,
            )
        )
