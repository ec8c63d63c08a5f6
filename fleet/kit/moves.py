"""Life cycles: a table of allowed steps, and the one function that takes a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from fleet.errors import IllegalMove

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Generic[S]):
    """One step: from where, to where, who, when, why. Stored as a row, never changed."""

    before: S
    after: S
    at: datetime
    actor: str
    reason: str


def move(table: Mapping[S, frozenset[S]], before: S, after: S, *, at: datetime, actor: str, reason: str) -> Move[S]:
    """The step, or IllegalMove with the steps that are possible."""
    if after not in table[before]:
        possible = ", ".join(sorted(table[before])) or "nothing: this is an end"
        raise IllegalMove(f"{type(before).__name__} cannot go from {before} to {after}; from here: {possible}")
    return Move(before=before, after=after, at=at, actor=actor, reason=reason)
