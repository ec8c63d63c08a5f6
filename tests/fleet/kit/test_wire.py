"""What travels arrives as it left; what is broken is refused with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.device import DeviceState
from fleet.kit.wire import from_json, from_plain, to_json, to_plain
from fleet.reading import Reading
from tests.fleet.words import readings, states

GOOD: dict[str, Any] = {"key": "a", "taken_at": "2026-11-22T12:00:00+00:00", "reachable": True}
TONER: dict[str, Any] = {"index": "1.1", "type": "toner", "level": {"is": "exact", "percent": 40}}
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*Reading.__slots__, "is", "x"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(readings)
def test_a_reading_arrives_as_it_left(reading: Reading) -> None:
    """By repr: a StrEnum and its text are equal, and only one of them is right."""
    assert repr(from_json(to_json(reading), Reading)) == repr(reading)


@given(states)
def test_a_state_is_read_back_as_it_was_stored(state: DeviceState) -> None:
    assert repr(from_json(to_json(state), DeviceState)) == repr(state)


@given(readings)
def test_the_wire_form_holds_nothing_that_is_not_there(reading: Reading) -> None:
    plain = to_plain(reading)
    assert None not in plain.values()
    assert json.loads(to_json(reading)) == json.loads(json.dumps(plain))


@given(junk)
def test_junk_is_refused_and_never_anything_but_a_value_error(value: Any) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        from_plain(value, Reading)


@given(st.sampled_from([name for name in Reading.__slots__ if name not in GOOD]), junk)
def test_a_field_is_taken_whole_or_refused_with_its_path(name: str, value: Any) -> None:
    try:
        reading = from_plain({**GOOD, name: value}, Reading)
    except ValueError as error:
        assert f"$.{name}" in str(error)  # noqa: PT017
    else:
        assert repr(from_json(to_json(reading), Reading)) == repr(reading)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"taken_at": "2026-11-22T12:00:00"}, "$.taken_at"),
        ({"taken_at": 5}, "$.taken_at"),
        ({"taken_at": "9999-12-31T23:59:59-23:00"}, "$.taken_at"),
        ({"reachable": 1}, "$.reachable"),
        ({"supplies": [{**TONER, "level": {"is": "exact", "percent": 101}}]}, "$.supplies[0].level"),
        ({"supplies": [{**TONER, "level": {"is": "exact", "percent": float("nan")}}]}, "$.supplies[0].level"),
        ({"supplies": [{**TONER, "level": {"is": "exact", "percent": True}}]}, "$.supplies[0].level"),
        ({"supplies": [{**TONER, "level": {"is": "some-left", "percent": 50}}]}, "$.supplies[0].level"),
        ({"supplies": [{**TONER, "level": {"is": "quantised", "percent": 50, "step": 2.5}}]}, "$.supplies[0].level"),
        ({"supplies": [TONER, {**TONER, "level": 40}]}, "$.supplies[1].level"),
        ({"supplies": [{**TONER, "raw_level": 2**63}]}, "$.supplies[0].raw_level"),
        ({"counters": [{"name": "total", "value": 1.5}]}, "$.counters[0].value"),
        ({"counters": [{"name": "total", "value": "7"}]}, "$.counters[0].value"),
        ({"location": "x" * 5000}, "$.location"),
        ({"kind": "toaster"}, "$.kind"),
        ({"tenant_id": "tnt_other"}, "tenant_id"),
    ],
)
def test_a_broken_value_is_named_by_its_path(change: dict[str, Any], place: str) -> None:
    with pytest.raises(ValueError, match=r"\S") as caught:
        from_plain({**GOOD, **change}, Reading)
    assert place in str(caught.value)
    assert len(str(caught.value)) <= 500


def test_a_level_travels_by_name() -> None:
    reading = from_plain({**GOOD, "supplies": [TONER, {**TONER, "level": {"is": "some-left"}}]}, Reading)
    assert [supply["level"] for supply in to_plain(reading)["supplies"]] == [TONER["level"], {"is": "some-left"}]


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="nested"):
        from_json("[" * 200_000, Reading)
