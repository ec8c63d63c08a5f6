"""A clock that tests turn by hand."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta


class HandClock:
    """Time stands still until `turn`; sleepers wake in order, and what they do is finished before `turn` returns."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return datetime(2026, 3, 2, 8, 0, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.seconds + seconds, future))
        await future

    async def turn(self, seconds: float) -> None:
        end = self.seconds + seconds
        while True:
            await settle()
            self._sleepers = [(at, f) for at, f in self._sleepers if not f.done()]
            due = min((at for at, _ in self._sleepers), default=end + 1)
            if due > end:
                break
            self.seconds = max(self.seconds, due)
            for at, future in self._sleepers:
                if at <= self.seconds and not future.done():
                    future.set_result(None)
        self.seconds = end
        await settle()


async def settle() -> None:
    """Let everything run that can run without time passing."""
    for _ in range(30):
        await asyncio.sleep(0)
