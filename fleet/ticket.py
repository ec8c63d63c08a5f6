"""Ticket: a fault or a question, from its report to the archive. Its life cycle is the MOVES table.

reported ──> accepted ──> diagnosing ──> solved_remotely ──────────────┐
                              │                                        v
                              └──> dispatched ──> on_site ──> repaired ──> confirmed ──> archived
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class TicketState(StrEnum):
    REPORTED = "reported"
    ACCEPTED = "accepted"
    DIAGNOSING = "diagnosing"
    SOLVED_REMOTELY = "solved_remotely"
    DISPATCHED = "dispatched"
    ON_SITE = "on_site"
    REPAIRED = "repaired"
    CONFIRMED = "confirmed"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


S = TicketState
MOVES: Mapping[TicketState, frozenset[TicketState]] = {
    S.REPORTED: frozenset({S.ACCEPTED, S.CANCELLED}),
    S.ACCEPTED: frozenset({S.DIAGNOSING, S.CANCELLED}),
    S.DIAGNOSING: frozenset({S.SOLVED_REMOTELY, S.DISPATCHED, S.CANCELLED}),
    S.SOLVED_REMOTELY: frozenset({S.CONFIRMED, S.DISPATCHED}),
    S.DISPATCHED: frozenset({S.ON_SITE, S.SOLVED_REMOTELY, S.CANCELLED}),
    S.ON_SITE: frozenset({S.REPAIRED}),
    S.REPAIRED: frozenset({S.CONFIRMED, S.DISPATCHED}),
    S.CONFIRMED: frozenset({S.ARCHIVED}),
    S.ARCHIVED: frozenset(),
    S.CANCELLED: frozenset(),
}
OPEN = frozenset(TicketState) - {S.ARCHIVED, S.CANCELLED, S.CONFIRMED}
