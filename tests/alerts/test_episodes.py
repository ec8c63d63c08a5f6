"""Episodes raise what stays, clear what is gone, and do not shout."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts.episodes import Episode, Happened, Patience, stepped
from fleet.alert import MOVES, AlertState

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
USUAL = Patience(hold=10 * MINUTE, settle=5 * MINUTE, quiet=60 * MINUTE)

looks = st.lists(st.tuples(st.integers(0, 30), st.sampled_from([True, True, False, None])), max_size=80)


def run(looked: list[tuple[int, bool | None]], patience: Patience = USUAL) -> list[tuple[datetime, Happened, Episode]]:
    at, episode, told = START, None, []
    for minutes, seen in looked:
        at += minutes * MINUTE
        episode, happened = stepped(episode, seen, at, patience)
        if happened is not Happened.NOTHING and episode is not None:
            told.append((at, happened, episode))
    return told


def test_it_is_told_when_it_has_lasted() -> None:
    told = run([(0, True), (5, True), (5, True), (5, True)])
    assert [(at - START, what) for at, what, _ in told] == [
        (timedelta(0), Happened.OPENED),
        (10 * MINUTE, Happened.RAISED),
    ]


def test_what_passes_quickly_is_told_to_nobody() -> None:
    told = run([(0, True), (4, True), (1, False), (5, False)])
    assert [what for _, what, _ in told] == [Happened.OPENED, Happened.CLEARED]


def test_a_short_gap_does_not_end_it() -> None:
    told = run([(0, True), (6, True), (3, False), (2, True), (2, True)])
    assert [what for _, what, _ in told] == [Happened.OPENED, Happened.RAISED]


def test_what_cannot_be_told_changes_nothing() -> None:
    told = run([(0, True), (10, True), (30, None), (30, None), (30, None)])
    assert told[-1][2].state is AlertState.RAISED


def test_it_comes_back_quietly_and_is_told_when_it_stays() -> None:
    looked: list[tuple[int, bool | None]] = [(0, True), (10, True), (6, False)]
    looked += [(5, True)] * 14
    told = run(looked)
    assert [what for _, what, _ in told] == [
        Happened.OPENED,
        Happened.RAISED,
        Happened.CLEARED,
        Happened.OPENED,
        Happened.RAISED,
    ]
    cleared = next(at for at, what, _ in told if what is Happened.CLEARED)
    assert told[-1][0] - cleared >= USUAL.quiet


def test_without_any_patience_one_look_is_enough() -> None:
    none = Patience(hold=timedelta(0), settle=timedelta(0), quiet=timedelta(0))
    assert [what for _, what, _ in run([(0, True), (1, False)], none)] == [Happened.RAISED, Happened.CLEARED]


@given(looks)
def test_raised_episodes_never_come_closer_than_the_quiet_time(looked: list[tuple[int, bool | None]]) -> None:
    told = run(looked)
    cleared: datetime | None = None
    for at, what, episode in told:
        if what is Happened.RAISED and cleared is not None:
            assert at - cleared >= USUAL.quiet
        if what is Happened.CLEARED and episode.raised_at is not None:
            cleared = at


@given(looks)
def test_an_episode_only_takes_steps_of_the_table(looked: list[tuple[int, bool | None]]) -> None:
    at, episode = START, None
    for minutes, seen in looked:
        at += minutes * MINUTE
        before, (episode, _) = episode, stepped(episode, seen, at, USUAL)
        if before is None or episode is None or before.number != episode.number:
            assert episode is None or episode.number == (before.number if before else 0) + 1
            continue
        assert episode.state is before.state or episode.state in MOVES[before.state]
        assert episode.first_seen_at == before.first_seen_at


@given(looks)
def test_a_raised_episode_lasted_at_least_its_hold_time(looked: list[tuple[int, bool | None]]) -> None:
    for _, what, episode in run(looked):
        if what is Happened.RAISED:
            assert episode.raised_at is not None
            assert episode.raised_at - episode.first_seen_at >= USUAL.hold


@given(looks)
def test_looking_twice_at_once_changes_nothing(looked: list[tuple[int, bool | None]]) -> None:
    at, episode = START, None
    for minutes, seen in looked:
        at += minutes * MINUTE
        episode, _ = stepped(episode, seen, at, USUAL)
        again, happened = stepped(episode, seen, at, USUAL)
        assert (again, happened) == (episode, Happened.NOTHING) or seen is True
        if seen is True:
            assert again == episode
