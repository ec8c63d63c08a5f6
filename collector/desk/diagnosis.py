"""What a fault means: the first look into the catalogue of causes, before anybody is sent."""

from __future__ import annotations

from typing import Protocol

from mibs.cause import Cause


class Causes(Protocol):
    """The catalogue, as far as faults need it."""

    def cause(self, key: str) -> Cause | None:
        """The row of this cause; None where the catalogue has none."""
