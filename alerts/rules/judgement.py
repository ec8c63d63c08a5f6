"""Judgement: what a rule says about everything it looked at."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.alert import Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """`seen`: conditions that hold. `unknown`: subjects nobody can tell about now; their episodes stay as they are.
    `blind`: nothing at all can be told. Every other subject of the rule is gone."""

    rule: str
    seen: tuple[Observation, ...] = ()
    unknown: frozenset[str] = frozenset()
    blind: bool = False

    def holds(self, subject: str) -> bool | None:
        """True, False, or None where nobody can tell."""
        if any(observation.subject == subject for observation in self.seen):
            return True
        return None if self.blind or subject in self.unknown else False
