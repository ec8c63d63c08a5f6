"""The sink of tests and trials: keeps what it is given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from collector.store.samples import Seen


class Memory:
    """`kept` is by (device, series, time), as in a real store."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str, datetime], float] = {}

    async def write(self, seen: Sequence[Seen]) -> None:
        for one in seen:
            for series, value in one.values.items():
                self.kept[one.device_id, series, one.at] = value

    async def close(self) -> None:
        return
