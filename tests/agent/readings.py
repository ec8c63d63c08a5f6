"""Readings for tests: small, valid, told apart by a number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fleet.counter import Counter, CounterName
from fleet.fault import Fault, Severity
from fleet.identity import Identity
from fleet.reading import Reading, Round

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def reading(
    number: int, *, key: str = "d-1", filler: int = 0, pages: int | None = None, cause: str | None = None
) -> Reading:
    """Reading `number`, a minute after the one before."""
    return Reading(
        key=key,
        taken_at=START + timedelta(minutes=number),
        reachable=True,
        round=Round.STATUS,
        identity=Identity(maker="Acme", model="Laser 1", serial="AB12345"),
        display=f"{number} {noise(number, filler)}" if filler else str(number),
        counters=(Counter(name=CounterName.TOTAL, value=pages),) if pages is not None else None,
        faults=(Fault(cause=cause, severity=Severity.CRITICAL),) if cause else None,
    )


def noise(seed: int, length: int) -> str:
    """A text that does not compress."""
    import random

    return "".join(random.Random(seed).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=length))
