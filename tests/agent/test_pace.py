"""The rhythm of one device."""

from __future__ import annotations

from agent.pace import NEVER, Pace
from agent.settings import RoundsSettings
from fleet.reading import Round

SETTINGS = RoundsSettings(status_seconds=60, full_seconds=900, silent_after=3, backoff_cap_seconds=1800)


def test_a_new_device_is_read_in_full_and_then_looked_at() -> None:
    pace = Pace(due=0)
    assert pace.round_at(0, SETTINGS) is Round.FULL
    pace.answered(0, Round.FULL, asleep=False)
    assert [pace.round_at(at, SETTINGS) for at in (60, 600, 860, 900)] == [
        Round.STATUS,
        Round.STATUS,
        Round.STATUS,
        Round.FULL,
    ]


def test_silence_backs_off_to_the_cap_and_forgets_it_at_the_first_answer() -> None:
    pace, pauses = Pace(due=0), []
    for _ in range(10):
        pace.missed()
        pauses.append(pace.interval(SETTINGS))
    assert pauses == [60, 60, 120, 240, 480, 960, 1800, 1800, 1800, 1800]
    pace.answered(0, Round.FULL, asleep=False)
    assert pace.interval(SETTINGS) == 60


def test_the_cap_never_makes_a_silent_device_asked_more_often() -> None:
    pace = Pace(due=0, misses=9)
    assert pace.interval(RoundsSettings(status_seconds=600, backoff_cap_seconds=300)) == 600


def test_thousands_of_misses_are_no_number_too_large() -> None:
    assert Pace(due=0, misses=10**6).interval(SETTINGS) == 1800


def test_a_silent_device_is_asked_everything() -> None:
    pace = Pace(due=0, last_full=0, misses=3)
    assert pace.round_at(60, SETTINGS) is Round.FULL


def test_silence_is_told_when_it_begins_to_count_and_then_slowly() -> None:
    pace, told = Pace(due=0), []
    for at in range(0, 3600, 60):
        pace.missed()
        if pace.tells_silence(at, SETTINGS):
            told.append(at)
            pace.last_told_silent = at
    assert told == [120, 1020, 1920, 2820]
    pace.answered(4000, Round.FULL, asleep=False)
    assert pace.last_told_silent == NEVER


def test_a_sleeper_is_asked_more_rarely() -> None:
    pace = Pace(due=0)
    pace.answered(0, Round.FULL, asleep=True)
    assert pace.interval(SETTINGS) == 240
    assert pace.round_at(1000, SETTINGS) is Round.STATUS
    pace.missed()
    assert pace.interval(SETTINGS) == 60


PROBES = ("snmp", "ipp", "escl", "pjlink")


def asked(pace: Pace, *ways: str) -> set[str]:
    """Whom a status round asks."""
    return set(PROBES) - pace.leaves_out(PROBES, ways, Round.STATUS, SETTINGS)


def test_a_status_round_asks_the_best_way_alone() -> None:
    pace = Pace(due=0, complaining=frozenset())
    assert asked(pace, "escl", "ipp", "snmp") == {"snmp"}
    assert asked(pace, "escl", "ipp") == {"ipp"}
    assert asked(pace, "pjlink", "snmp") == {"snmp"}
    assert asked(pace, "escl") == {"escl"}
    assert asked(pace) == set(PROBES)


def test_it_asks_whoever_told_of_trouble_that_the_best_way_does_not_know() -> None:
    pace = Pace(due=0)
    assert asked(pace, "escl", "ipp", "snmp") == {"snmp", "ipp", "escl"}, "nobody knows yet who complains"
    pace.answered(0, Round.FULL, asleep=False, complaining=frozenset({"ipp"}))
    assert asked(pace, "escl", "ipp", "snmp") == {"snmp", "ipp"}
    pace.answered(60, Round.STATUS, asleep=False)
    assert asked(pace, "escl", "ipp", "snmp") == {"snmp", "ipp"}, "it was not looked at"
    pace.answered(120, Round.FULL, asleep=False, complaining=frozenset())
    assert asked(pace, "escl", "ipp", "snmp") == {"snmp"}


def test_a_way_that_stays_silent_is_tried_more_rarely_but_not_given_up() -> None:
    pace, left_out = Pace(due=0), []
    for at in range(16):
        left_out.append("escl" in pace.leaves_out(("snmp", "escl"), ("snmp",), Round.FULL, SETTINGS))
        pace.answered(at, Round.FULL, asleep=False, ways=("snmp",), quiet=() if left_out[-1] else ("escl",))
    assert left_out == [False] * 3 + [True] * 5 + [False] + [True] * 7
