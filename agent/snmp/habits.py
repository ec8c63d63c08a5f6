"""What was learned of one device while asking it: how long it takes, and how much it can carry."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

FIRST_TIMEOUT = 1.0
SHORTEST_TIMEOUT, LONGEST_TIMEOUT = 0.5, 5.0
NAMES_PER_GET = 30
REPETITIONS = 15


@dataclass(slots=True)
class Habits:
    """`lock` keeps one request in flight; the numbers only shrink, until the device is forgotten."""

    round_trip: float | None = None
    names_per_get: int = NAMES_PER_GET
    repetitions: int = REPETITIONS
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def timeout(self) -> float:
        if self.round_trip is None:
            return FIRST_TIMEOUT
        return min(max(self.round_trip * 4, SHORTEST_TIMEOUT), LONGEST_TIMEOUT)

    def took(self, seconds: float) -> None:
        self.round_trip = seconds if self.round_trip is None else self.round_trip * 0.8 + seconds * 0.2
