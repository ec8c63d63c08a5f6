"""What is known of a device does not depend on the order in which its readings arrive, nor on how often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fleet.counter import Counter, CounterName
from fleet.device import MOST_MACS, DeviceState, merged
from fleet.fault import Health
from fleet.identity import Identity
from fleet.reading import Reading, Round
from tests.fleet.words import readings

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
stories = st.lists(readings, min_size=1, max_size=6, unique_by=lambda reading: reading.taken_at)


def told(story: list[Reading]) -> DeviceState:
    state = DeviceState()
    for reading in story:
        state = merged(state, reading)
    return state


@given(stories, st.randoms(use_true_random=False))
def test_any_order_tells_the_same(story: list[Reading], random) -> None:  # type: ignore[no-untyped-def]
    mixed = random.sample(story, len(story))
    assert told(mixed) == told(story)


@given(stories, st.randoms(use_true_random=False))
def test_repeated_and_late_readings_change_nothing(story: list[Reading], random) -> None:  # type: ignore[no-untyped-def]
    ordered = sorted(story, key=lambda reading: reading.taken_at)
    state = told(ordered)
    assert told([*ordered, *random.choices(story, k=5)]) == state
    assert merged(state, ordered[-1]) == state


@given(stories)
def test_every_value_is_the_newest_one_given(story: list[Reading]) -> None:
    state = told(story)
    for name in ("kind", "supplies", "trays", "faults", "display"):
        given_ = [reading for reading in story if getattr(reading, name) is not None]
        newest = max(given_, key=lambda reading: reading.taken_at, default=None)
        assert getattr(state, name) == (getattr(newest, name) if newest else None)
        assert state.ages.get(name) == (newest.taken_at if newest else None)
        assert state.sources.get(name) == (newest.sources.get(name) if newest else None)


def test_a_silent_device_keeps_what_was_known() -> None:
    heard = Reading(key="a", taken_at=NOON, reachable=True, health=Health.OK, identity=Identity(serial="ABC12345"))
    silent = Reading(key="a", taken_at=NOON + timedelta(minutes=5), reachable=False, silence="no answer to SNMP")
    state = told([heard, silent])
    assert (state.reachable, state.silence, state.health) == (False, "no answer to SNMP", Health.OK)
    assert (state.heard_at, state.asked_at) == (heard.taken_at, silent.taken_at)
    assert state.identity.serial == "ABC12345"


def test_a_late_reading_fills_gaps_of_the_identity_and_overwrites_nothing() -> None:
    new = Reading(key="a", taken_at=NOON, reachable=True, identity=Identity(address="10.0.0.9"))
    old = Reading(
        key="a",
        taken_at=NOON - timedelta(hours=1),
        reachable=True,
        identity=Identity(address="10.0.0.5", serial="ABC12345", macs=("00:17:c8:00:00:01",)),
    )
    identity = told([new, old]).identity
    assert (identity.address, identity.serial, identity.macs) == ("10.0.0.9", "ABC12345", ("00:17:c8:00:00:01",))


def test_a_value_without_a_source_is_not_credited_to_the_source_of_the_one_before() -> None:
    by_snmp = Reading(key="a", taken_at=NOON, reachable=True, health=Health.OK, sources={"health": "snmp"})
    unsaid = Reading(key="a", taken_at=NOON + timedelta(minutes=1), reachable=True, health=Health.ERROR)
    assert "health" not in told([by_snmp, unsaid]).sources


def test_a_device_that_makes_up_mac_addresses_does_not_grow_the_state() -> None:
    story = [
        Reading(
            key="a",
            taken_at=NOON + timedelta(minutes=i),
            reachable=True,
            identity=Identity(macs=(f"00:17:c8:00:00:{i:02x}",)),
        )
        for i in range(100)
    ]
    assert len(told(story).identity.macs) == MOST_MACS


def counted(minute: int, round_: Round, **counts: int) -> Reading:
    counters = tuple(Counter(name=CounterName(name), value=value) for name, value in counts.items())
    at = NOON + timedelta(minutes=minute)
    return Reading(key="a", taken_at=at, reachable=True, round=round_, counters=counters)


def counters_of(*story: Reading) -> dict[str, int]:
    return {counter.name.value: counter.value for counter in told(list(story)).counters or ()}


def test_a_status_round_takes_no_counter_away() -> None:
    full, status = counted(0, Round.FULL, total=100, mono=60), counted(5, Round.STATUS, total=101)
    assert counters_of(full, status) == counters_of(status, full) == {"total": 101, "mono": 60}


def test_a_full_round_takes_away_what_is_no_longer_counted() -> None:
    before, after = counted(0, Round.FULL, total=100, mono=60), counted(5, Round.FULL, total=101)
    assert counters_of(before, after) == counters_of(after, before) == {"total": 101}
