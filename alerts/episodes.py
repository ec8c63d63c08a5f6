"""Episodes: from what is seen now to what people are told. Pure: the same sightings give the same episodes.

           seen long enough            not seen for `settle`
    held ──────────────────> raised ─────────────────────────> cleared
      └──────────── not seen for `settle` ────────────────────────^

After an episode that was raised, the next one is not raised before `quiet` has passed: a condition that comes and goes
is told once, and again only when it stays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from fleet.alert import AlertState


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """`hold`: how long it must last; `settle`: how long it must be gone; `quiet`: rest between two raised episodes."""

    hold: timedelta
    settle: timedelta
    quiet: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One run of one condition. `number` counts from 1; `quiet_from` is when the former raised one was cleared."""

    number: int
    state: AlertState
    first_seen_at: datetime
    last_seen_at: datetime
    raised_at: datetime | None = None
    cleared_at: datetime | None = None
    quiet_from: datetime | None = None


class Happened(StrEnum):
    NOTHING = "nothing"
    OPENED = "opened"
    RAISED = "raised"
    CLEARED = "cleared"


def stepped(
    episode: Episode | None, seen: bool | None, at: datetime, patience: Patience
) -> tuple[Episode | None, Happened]:
    """The episode after one look. `seen` None means that nobody could tell: nothing changes. A look from before the
    last one changes nothing either."""
    if seen is None or (episode is not None and at < episode.last_seen_at):
        return episode, Happened.NOTHING
    if episode is None or episode.state is AlertState.CLEARED:
        return _opened(episode, at, patience) if seen else (episode, Happened.NOTHING)
    if not seen:
        return _gone(episode, at, patience)
    return _lasting(replace(episode, last_seen_at=at), at, patience, Happened.NOTHING)


def _opened(former: Episode | None, at: datetime, patience: Patience) -> tuple[Episode, Happened]:
    quiet_from = (former.cleared_at if former.raised_at else former.quiet_from) if former else None
    if former is not None and former.cleared_at is not None and at < former.cleared_at:
        return former, Happened.NOTHING
    number = former.number + 1 if former else 1
    new = Episode(number=number, state=AlertState.HELD, first_seen_at=at, last_seen_at=at, quiet_from=quiet_from)
    return _lasting(new, at, patience, Happened.OPENED)


def _lasting(episode: Episode, at: datetime, patience: Patience, before: Happened) -> tuple[Episode, Happened]:
    resting = episode.quiet_from is not None and at - episode.quiet_from < patience.quiet
    if episode.state is AlertState.RAISED or resting or at - episode.first_seen_at < patience.hold:
        return episode, before
    return replace(episode, state=AlertState.RAISED, raised_at=at), Happened.RAISED


def _gone(episode: Episode, at: datetime, patience: Patience) -> tuple[Episode, Happened]:
    if at - episode.last_seen_at < patience.settle:
        return episode, Happened.NOTHING
    return replace(episode, state=AlertState.CLEARED, cleared_at=at), Happened.CLEARED
