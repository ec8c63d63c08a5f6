"""What is kept of readings when there is no room for all: page counts and open faults go last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

FirstTime = Callable[[tuple[str, str]], bool]
"""(day, mark) -> whether nothing was kept under this mark on this day yet."""


def thinned(readings: Sequence[dict[str, Any]], first_time: FirstTime) -> list[dict[str, Any]]:
    """Readings in wire form, thinned: one with page counts per device and day, and each new set of faults."""
    return [reading for reading in readings if any(list(map(first_time, marks(reading))))]


def marks(reading: dict[str, Any]) -> list[tuple[str, str]]:
    """Under which (day, name) this reading is worth keeping once."""
    day, key = str(reading.get("taken_at", ""))[:10], str(reading.get("key", ""))
    found = [(day, f"{key} counters")] if reading.get("counters") else []
    causes = sorted({str(f.get("cause")) for f in reading.get("faults") or () if not f.get("informative")})
    return [*found, (day, f"{key} faults {' '.join(causes)}")] if causes else found
