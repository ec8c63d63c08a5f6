"""The moves of an order or a ticket, told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from collector.store.moves import MoveRow
from collector.web.i18n import Words
from collector.web.sentences import told


def story(
    words: Words, moves: Sequence[MoveRow], states: Mapping[str, str], timezone: str | None
) -> list[dict[str, object]]:
    """Oldest first: when, who, what, why. A note has no new state."""
    return [
        {
            "when": words.moment(move.at, timezone),
            "full": words.full_moment(move.at, timezone),
            "who": move.actor,
            "what": "" if move.is_note else words._(states.get(move.after, move.after)),
            "why": told(words, move.reason),
        }
        for move in moves
    ]
