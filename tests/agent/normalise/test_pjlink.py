"""PJLink replies to readings."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agent.normalise.pjlink import normalise
from agent.pjlink import PjlinkRaw
from fleet.fault import Activity, Health, Severity
from fleet.reading import Kind, Reading
from fleet.supply import SupplyType, Unknown
from mibs.catalogue import load

NOW = datetime(2026, 3, 4, 9, 12, tzinfo=UTC)


def reading(**replies: str) -> Reading:
    return normalise(PjlinkRaw(taken_at=NOW, replies=replies), load())


@pytest.mark.parametrize(
    ("power", "activity"),
    [("0", Activity.OFF), ("1", Activity.IDLE), ("2", Activity.OTHER), ("3", Activity.WARMUP), ("9", None), ("", None)],
)
def test_power(power: str, activity: Activity | None) -> None:
    assert reading(POWR=power).activity is activity


@pytest.mark.parametrize(
    ("digits", "health", "faults"),
    [
        ("000000", Health.OK, []),
        ("010000", Health.WARNING, [("lamp-near-end", Severity.WARNING)]),
        ("020000", Health.ERROR, [("lamp-failed", Severity.CRITICAL)]),
        ("200010", Health.ERROR, [("fan-failed", Severity.CRITICAL), ("filter-clogged", Severity.WARNING)]),
        (
            "002200",
            Health.ERROR,
            [("over-temperature", Severity.CRITICAL), ("projector-cover-open", Severity.CRITICAL)],
        ),
        ("000002", Health.ERROR, [("projector-error", Severity.CRITICAL)]),
    ],
)
def test_error_status(digits: str, health: Health, faults: list[tuple[str, Severity]]) -> None:
    found = reading(ERST=digits)
    assert found.health is health
    assert [(fault.cause, fault.severity) for fault in found.faults or ()] == faults


@pytest.mark.parametrize("digits", ["", "00000", "0000000", "000003", "OK"])
def test_an_error_status_that_makes_no_sense_says_nothing(digits: str) -> None:
    found = reading(ERST=digits)
    assert (found.health, found.faults, found.conditions) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "hours"),
    [("974 1", (974,)), ("974 1 10 0", (974, 10)), ("974", (974,)), ("", None), ("many", None), ("99999999 1", None)],
)
def test_lamps(text: str, hours: tuple[int, ...] | None) -> None:
    assert reading(LAMP=text).lamp_hours == hours


def test_who_it_is() -> None:
    found = reading(INF1="EPSON", INF2="EPSON 685Wi/685WT", SNUM="X3QR9700019", NAME="EBF4AB78", SVER="1.07")
    identity = found.identity
    assert (identity.maker, identity.model, identity.serial) == ("Epson", "685Wi/685WT", "X3QR9700019")
    assert (identity.hostname, found.firmware, found.kind) == ("EBF4AB78", "1.07", Kind.PROJECTOR)


def test_parts_are_named_and_their_life_is_not_guessed() -> None:
    lamp, filter_ = reading(RLMP="ELPLP91", RFIL="ELPAF49").supplies or ()
    assert (lamp.type, lamp.part_number, lamp.level) == (SupplyType.LAMP, "ELPLP91", Unknown())
    assert (filter_.type, filter_.part_number) == (SupplyType.FILTER, "ELPAF49")
    assert reading(LAMP="3131 0").supplies is None


def test_a_projector_that_cannot_answer_for_a_failure_has_one() -> None:
    found = normalise(PjlinkRaw(taken_at=NOW, replies={"POWR": "1"}, refused={"ERST": "ERR4"}), load())
    assert [(fault.cause, fault.code) for fault in found.faults or ()] == [("projector-error", "ERR4")]
    assert found.health is Health.ERROR
    asleep = normalise(PjlinkRaw(taken_at=NOW, replies={"POWR": "0"}, refused={"ERST": "ERR3", "LAMP": "ERR1"}), load())
    assert (asleep.faults, asleep.health) == (None, None), "not available now is no failure"
