"""Rounds: who is asked when. One request in flight per address, a cap over all, jitter, back-off, no herd.

A device is data even when it is silent; a failure in the handling of one device never reaches another.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
import random
from collections.abc import Awaitable, Callable, Iterable

from agent.pace import WAY_TIRES_AFTER, Pace
from agent.settings import RoundsSettings
from agent.waiting import until
from fleet.kit.clock import Clock
from fleet.reading import Round

log = logging.getLogger(__name__)

WAKE_GAP = 10.0
"""Seconds between two early looks at one device, whatever calls for them."""

Visit = Callable[[str, Pace], Awaitable[None]]
"""Asks the device with this key once, and tells its pace what came of it."""


class Rounds:
    """The schedule of all known devices. `visit` does the asking."""

    def __init__(self, settings: RoundsSettings, clock: Clock, visit: Visit) -> None:
        self._settings, self._clock, self._visit = settings, clock, visit
        self._paces: dict[str, Pace] = {}
        self._heap: list[tuple[float, str]] = []
        self._changed = asyncio.Event()
        self._gate = asyncio.Semaphore(settings.concurrency)

    def __len__(self) -> int:
        return len(self._paces)

    def pace(self, key: str) -> Pace | None:
        return self._paces.get(key)

    def add(self, key: str, *, answered: bool, tired: Iterable[str] = ()) -> Pace:
        """Begin asking `key`: after an interval if it has just answered (but not by `tired` ways), else soon."""
        now = self._clock.monotonic()
        pace = self._paces.setdefault(key, Pace(due=now))
        if answered:
            pace.answered(now, Round.FULL, asleep=pace.asleep)
            pace.way_misses |= dict.fromkeys(tired, WAY_TIRES_AFTER)
            self._plan(key, pace, self._spread(pace.interval(self._settings)))
        else:
            self._plan(key, pace, random.uniform(0, min(self._settings.status_seconds, 10.0)))  # noqa: S311
        return pace

    def wake(self, key: str) -> None:
        """Ask `key` at once, because something was heard of it; not more often than every ten seconds."""
        pace, now = self._paces.get(key), self._clock.monotonic()
        if pace is None or pace.busy or (pace.wake_at is not None and now < pace.wake_at + WAKE_GAP):
            return
        pace.wake_at = now
        self._plan(key, pace, 0.0)

    def remove(self, key: str) -> None:
        self._paces.pop(key, None)

    async def run(self) -> None:
        """Ask whoever is due, for ever."""
        async with asyncio.TaskGroup() as group:
            while True:
                now = self._clock.monotonic()
                while self._heap and self._heap[0][0] <= now:
                    due, key = heapq.heappop(self._heap)
                    pace = self._paces.get(key)
                    # Rows of an older plan stay in the heap; only the newest plan of a device counts.
                    if pace is not None and pace.due == due and not pace.busy:
                        pace.busy = True
                        group.create_task(self._turn(key, pace))
                left = self._heap[0][0] - now if self._heap else 3600.0
                await until(self._changed, max(0.0, left), self._clock)

    async def _turn(self, key: str, pace: Pace) -> None:
        try:
            async with self._gate:
                await self._visit(key, pace)
        except Exception:
            log.exception("a round failed; the device is asked again later", extra={"device": key})
            pace.missed()
        finally:
            pace.busy = False
        if self._paces.get(key) is pace:
            self._plan(key, pace, self._spread(pace.interval(self._settings)))

    def _plan(self, key: str, pace: Pace, seconds: float) -> None:
        pace.due = self._clock.monotonic() + seconds
        heapq.heappush(self._heap, (pace.due, key))
        self._changed.set()

    def _spread(self, seconds: float) -> float:
        return seconds * random.uniform(1 - self._settings.jitter, 1 + self._settings.jitter)  # noqa: S311
