"""Rounds with a clock turned by hand: who is asked when, and that nobody disturbs the others."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections import Counter
from collections.abc import AsyncIterator

from agent.pace import Pace
from agent.rounds import Rounds, Visit
from agent.settings import RoundsSettings
from fleet.reading import Round
from tests.agent.clocks import HandClock

SETTINGS = RoundsSettings(status_seconds=60, full_seconds=900, jitter=0.1, concurrency=4)


@contextlib.asynccontextmanager
async def running(rounds: Rounds) -> AsyncIterator[None]:
    task = asyncio.create_task(rounds.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


class Visits:
    """Notes who was asked when; `broken` devices raise, `silent` ones miss."""

    def __init__(self, clock: HandClock, *, broken: set[str] | None = None, silent: set[str] | None = None) -> None:
        self.clock, self.broken, self.silent = clock, broken or set(), silent or set()
        self.at: dict[str, list[float]] = {}
        self.seconds = 0.0
        self.running = self.most = 0

    async def visit(self, key: str, pace: Pace) -> None:
        self.at.setdefault(key, []).append(self.clock.seconds)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            if self.seconds:
                await self.clock.sleep(self.seconds)
        finally:
            self.running -= 1
        if key in self.broken:
            raise RuntimeError("a bug in the handling of one device")
        if key in self.silent:
            pace.missed()
        else:
            pace.answered(self.clock.seconds, Round.STATUS, asleep=False)


def made(clock: HandClock, visit: Visit, settings: RoundsSettings = SETTINGS) -> Rounds:
    return Rounds(settings, clock, visit)


async def test_every_device_is_asked_every_interval_with_jitter() -> None:
    clock = HandClock()
    visits = Visits(clock)
    rounds = made(clock, visits.visit)
    for number in range(20):
        rounds.add(f"d-{number}", answered=False)
    async with running(rounds):
        await clock.turn(3600)
    assert len(visits.at) == 20
    gaps = [b - a for times in visits.at.values() for a, b in itertools.pairwise(times)]
    assert all(53.9 <= gap <= 66.1 for gap in gaps)
    assert max(gaps) - min(gaps) > 5
    assert all(53 <= len(times) <= 67 for times in visits.at.values())


async def test_a_bug_with_one_device_does_not_reach_the_others() -> None:
    clock = HandClock()
    visits = Visits(clock, broken={"d-bad"})
    rounds = made(clock, visits.visit)
    for key in ("d-good", "d-bad", "d-other"):
        rounds.add(key, answered=False)
    async with running(rounds):
        await clock.turn(600)
    assert len(visits.at["d-good"]) >= 9
    assert len(visits.at["d-other"]) >= 9
    assert 2 <= len(visits.at["d-bad"]) < 9


async def test_silent_devices_are_asked_more_and_more_rarely_until_something_wakes_them() -> None:
    clock = HandClock()
    visits = Visits(clock, silent={"d-1"})
    rounds = made(clock, visits.visit)
    rounds.add("d-1", answered=False)
    async with running(rounds):
        await clock.turn(7200)
        before = len(visits.at["d-1"])
        assert before < 12
        rounds.wake("d-1")
        await clock.turn(1)
        assert len(visits.at["d-1"]) == before + 1
        for _ in range(5):
            rounds.wake("d-1")
            await clock.turn(1)
        assert len(visits.at["d-1"]) == before + 1
        await clock.turn(10)
        rounds.wake("d-1")
        await clock.turn(1)
        assert len(visits.at["d-1"]) == before + 2


async def test_no_more_than_the_cap_at_one_time_and_never_one_twice() -> None:
    clock = HandClock()
    visits = Visits(clock)
    visits.seconds = 50
    rounds = made(clock, visits.visit)
    for number in range(12):
        rounds.add(f"d-{number}", answered=False)
    async with running(rounds):
        for _ in range(120):
            for number in range(12):
                rounds.wake(f"d-{number}")
            await clock.turn(5)
    assert visits.most == 4
    running_at = Counter(key for key, times in visits.at.items() for a, b in itertools.pairwise(times) if b - a < 50)
    assert not running_at


async def test_a_device_that_is_gone_is_not_asked_again() -> None:
    clock = HandClock()
    visits = Visits(clock)
    rounds = made(clock, visits.visit)
    rounds.add("d-1", answered=True)
    async with running(rounds):
        await clock.turn(100)
        rounds.remove("d-1")
        asked = len(visits.at["d-1"])
        await clock.turn(1000)
    assert asked == len(visits.at["d-1"]) == 1


async def test_stopping_stops_the_visits_too() -> None:
    clock = HandClock()
    visits = Visits(clock)
    visits.seconds = 1000
    rounds = made(clock, visits.visit)
    rounds.add("d-1", answered=False)
    async with running(rounds):
        await clock.turn(20)
        assert visits.running == 1
    assert visits.running == 0
