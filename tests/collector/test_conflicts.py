"""What a device says in two ways becomes one thing for a person to settle."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from collector.store.audit import list_audit
from collector.store.conflicts import ConflictRow, conflicts_of, open_conflicts, settle
from collector.store.devices import list_devices
from collector.store.events import list_events
from collector.store.scope import Scope
from fleet.counter import Counter, CounterName
from fleet.identity import Identity
from fleet.kit.wire import from_plain, to_plain
from fleet.reading import Conflict, Disputed, Reading, Round
from tests.collector.office import ALL, Office, office, reading

ONE, OTHER = "SN0012345", "SN9999999"


@pytest.fixture
def shop(tmp_path: Path) -> Office:
    made = office(tmp_path)
    made.furnish()
    return made


def two_counts(at: datetime, snmp: int, ipp: int, **more: Any) -> Reading:
    said = {"snmp": str(snmp), "ipp": str(ipp)}
    counters = (Counter(name=CounterName.TOTAL, value=snmp), Counter(name=CounterName.DUPLEX, value=7))
    sides = (Conflict(about=Disputed.PAGES, said=said),)
    return reading(at, counters=counters, conflicts=sides, sources={"counters": "snmp"}, **more)


def two_serials(at: datetime, other: str = OTHER) -> Reading:
    return reading(at, conflicts=(Conflict(about=Disputed.SERIAL, said={"snmp": ONE, "ipp": other}),))


def device(shop: Office) -> Any:
    (row,) = shop.rows(list_devices)
    return row


def known(shop: Office) -> list[ConflictRow]:
    with shop.facts.read() as conn:
        return conflicts_of(conn, ALL, device(shop).id)


def believe(shop: Office, about: Disputed, choice: str | None) -> bool:
    with shop.facts.write() as conn:
        return settle(conn, ALL, device(shop).id, about, choice, at=shop.clock.now(), actor="Li Wei")


def test_however_often_it_is_told_it_is_one_conflict(shop: Office) -> None:
    for step in range(4):
        shop.say(two_counts(shop.clock.on(5), 1000 + step, 2000 + step))
    (conflict,) = known(shop)
    assert conflict.is_open
    assert conflict.said == {"snmp": "1003", "ipp": "2003"}
    assert [event.kind for event in shop.rows(list_events)].count("contradiction-pages-total") == 1
    assert device(shop).pages_total == 1003, "until somebody decides, the table of sources does"


def test_the_side_that_a_person_believes_counts(shop: Office) -> None:
    shop.say(two_counts(shop.clock.on(5), 1000, 2000))
    assert believe(shop, Disputed.PAGES, "ipp")
    shop.say(two_counts(shop.clock.on(5), 1001, 2001))
    assert device(shop).pages_total == 2001
    duplex = next(c.value for c in device(shop).state.counters if c.name is CounterName.DUPLEX)
    assert duplex == 7, "what is not disputed stays"
    assert next(row.did for row in shop.rows(list_audit)) == "settle"


def test_a_short_look_that_hears_only_the_other_side_does_not_make_the_count_jump(shop: Office) -> None:
    shop.say(two_counts(shop.clock.on(5), 1000, 2000))
    believe(shop, Disputed.PAGES, "ipp")
    shop.say(two_counts(shop.clock.on(5), 1001, 2001))
    short = reading(
        shop.clock.on(1),
        round=Round.STATUS,
        counters=(Counter(name=CounterName.TOTAL, value=1002),),
        sources={"counters": "snmp"},
    )
    shop.say(short)
    assert device(shop).pages_total == 2001
    assert known(shop)[0].ended_at is None, "a short look ends nothing"


def test_a_decision_can_be_taken_back(shop: Office) -> None:
    shop.say(two_counts(shop.clock.on(5), 1000, 2000))
    believe(shop, Disputed.PAGES, "ipp")
    assert believe(shop, Disputed.PAGES, None)
    shop.say(two_counts(shop.clock.on(5), 1001, 2001))
    assert known(shop)[0].is_open
    assert device(shop).pages_total == 1001


def test_a_side_nobody_said_cannot_be_believed(shop: Office) -> None:
    shop.say(two_counts(shop.clock.on(5), 1000, 2000))
    assert not believe(shop, Disputed.PAGES, "escl")
    assert not believe(shop, Disputed.SERIAL, "ipp")


def test_a_serial_number_that_was_refused_is_read_as_the_believed_one(shop: Office) -> None:
    shop.say(two_serials(shop.clock.on(5)))
    believe(shop, Disputed.SERIAL, "ipp")
    shop.say(two_serials(shop.clock.on(5)))
    assert device(shop).serial == OTHER
    alone = reading(shop.clock.on(5), partial=("IPP: no answer",))
    shop.say(alone)
    assert device(shop).serial == OTHER, "also while only the other protocol answers"


def test_a_third_serial_number_is_a_new_question(shop: Office) -> None:
    shop.say(two_serials(shop.clock.on(5)))
    believe(shop, Disputed.SERIAL, "ipp")
    shop.say(two_serials(shop.clock.on(5), other="SN7777777"))
    assert known(shop)[0].is_open


def test_a_conflict_ends_when_the_device_agrees_with_itself(shop: Office) -> None:
    shop.say(two_counts(shop.clock.on(5), 1000, 2000))
    shop.say(reading(shop.clock.on(5), partial=("IPP: no answer",)))
    assert known(shop)[0].ended_at is None, "one side was not heard"
    shop.say(reading(shop.clock.on(5)))
    assert known(shop)[0].ended_at == shop.clock.now()
    with shop.facts.read() as conn:
        assert open_conflicts(conn, ALL) == []
    shop.say(two_counts(shop.clock.on(5), 1100, 2100))
    assert known(shop)[0].is_open, "and begins again when it does not"


def test_a_conflict_that_is_over_joins_no_other_device(shop: Office) -> None:
    """What stands there now may be the second printer with the number that was once refused."""
    shop.say(two_serials(shop.clock.on(5)))
    shop.say(reading(shop.clock.on(5)))
    other = Identity(maker="Acme", model="LaserThing 4000", serial=OTHER, address="10.0.0.5")
    shop.say(reading(shop.clock.on(5), identity=other))
    assert sorted(row.serial for row in shop.rows(list_devices)) == [ONE, OTHER]


def test_an_older_reading_that_comes_late_changes_nothing(shop: Office) -> None:
    late = two_counts(shop.clock.on(5), 900, 1900)
    shop.say(two_counts(shop.clock.on(5), 1000, 2000))
    before = known(shop)
    shop.say(late)
    assert known(shop) == before


def test_another_customer_neither_sees_nor_settles_it(shop: Office) -> None:
    shop.say(two_counts(shop.clock.on(5), 1000, 2000))
    stranger = Scope.of("somebody-else")
    with shop.facts.write() as conn:
        assert open_conflicts(conn, stranger) == []
        assert not settle(conn, stranger, device(shop).id, Disputed.PAGES, "ipp", at=shop.clock.now(), actor="Mallory")


@pytest.mark.parametrize(
    "said",
    [{"snmp": "1"}, {}, {"snmp": "1000", "ipp": "x"}, {"snmp": "1000", "ipp": ""}, {"snmp": "1", "ipp": "9" * 101}],
)
def test_a_contradiction_that_is_none_is_refused_at_the_door(said: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"contradiction|digits"):
        from_plain({"about": "pages-total", "said": said}, Conflict)


def test_it_travels(shop: Office) -> None:
    told = two_serials(shop.clock.now())
    assert from_plain(to_plain(told), Reading) == told
    assert told.identity == Identity(
        maker="Acme", model="LaserThing 4000", serial=ONE, macs=("00:80:77:31:01:02",), address="10.0.0.5"
    )
