"""Order: something to be sent to the customer. Its life cycle is the MOVES table.

suggested ──> held ──> approved ──> placed ──> acknowledged ──> shipped ──> delivered ──> installed ──> closed
    │           │          │           │             │             │            │
    └───────────┴──────────┴───────────┴── cancelled ┘             └── disputed ┘
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class OrderState(StrEnum):
    SUGGESTED = "suggested"
    HELD = "held"
    APPROVED = "approved"
    PLACED = "placed"
    ACKNOWLEDGED = "acknowledged"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    INSTALLED = "installed"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    DISPUTED = "disputed"


S = OrderState
MOVES: Mapping[OrderState, frozenset[OrderState]] = {
    S.SUGGESTED: frozenset({S.HELD, S.APPROVED, S.CANCELLED}),
    S.HELD: frozenset({S.APPROVED, S.CANCELLED}),
    S.APPROVED: frozenset({S.PLACED, S.HELD, S.CANCELLED}),
    S.PLACED: frozenset({S.ACKNOWLEDGED, S.SHIPPED, S.DELIVERED, S.INSTALLED, S.CANCELLED}),
    S.ACKNOWLEDGED: frozenset({S.SHIPPED, S.DELIVERED, S.INSTALLED, S.CANCELLED}),
    S.SHIPPED: frozenset({S.DELIVERED, S.INSTALLED, S.DISPUTED}),
    S.DELIVERED: frozenset({S.INSTALLED, S.DISPUTED}),
    S.INSTALLED: frozenset({S.CLOSED}),
    S.DISPUTED: frozenset({S.DELIVERED, S.INSTALLED, S.CLOSED, S.CANCELLED}),
    S.CLOSED: frozenset(),
    S.CANCELLED: frozenset(),
}
OPEN = frozenset(OrderState) - {S.CLOSED, S.CANCELLED, S.INSTALLED}
"""States in which an order stands for its cause: no second one may be opened beside it."""
