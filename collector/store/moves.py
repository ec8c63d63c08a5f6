"""A step in the life of an order or a ticket, as it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRow:
    """One step. A row whose before and after are the same is a note."""

    before: str
    after: str
    at: datetime
    actor: str
    reason: str

    @property
    def is_note(self) -> bool:
        return self.before == self.after
