"""Alert: we decided that something matters. One alert is one episode of one cause on one subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from fleet.fault import Severity


class AlertState(StrEnum):
    """held: seen, not yet long enough to tell anybody. raised: told. cleared: over."""

    HELD = "held"
    RAISED = "raised"
    CLEARED = "cleared"


MOVES: Mapping[AlertState, frozenset[AlertState]] = {
    AlertState.HELD: frozenset({AlertState.RAISED, AlertState.CLEARED}),
    AlertState.RAISED: frozenset({AlertState.CLEARED}),
    AlertState.CLEARED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What a rule sees now: a condition that holds. `subject` is the supply key, the cause, or "device"."""

    rule: str
    subject: str
    severity: Severity
    cause: str
    text: str
    evidence: Mapping[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """Stable over time for one cause on one device; the device id is put in front by the caller."""
        return f"{self.rule}/{self.subject}"
