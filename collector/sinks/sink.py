"""What every sink is: takes samples, and says when they are taken. Two verbs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from collector.store.samples import Seen


class Sink(Protocol):
    """A store of series outside the collector. It is never the place where samples are safe: those are in samples.py.

    The same samples may come again; they must change nothing.
    """

    async def write(self, seen: Sequence[Seen]) -> None:
        """Returns when the store has taken all of them. DeliveryError says whether trying again can help."""

    async def close(self) -> None:
        """Gives connections back."""
