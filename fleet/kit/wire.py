"""The wire form of the words: dataclasses to JSON and back. The only place that knows how they travel.

A level travels as ``{"is": "exact", "percent": 37}``; times as ISO 8601 in UTC; fields that are None or empty are left
out. Reading back refuses what it does not know, so that a broken value is set aside at the door.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from types import UnionType
from typing import Any, TypeVar

import cattrs
from cattrs.gen import make_dict_unstructure_fn

from fleet.alert import Observation
from fleet.counter import Counter
from fleet.device import DeviceState
from fleet.fault import Fault
from fleet.identity import Identity
from fleet.reading import Conflict, Reading, Tray
from fleet.supply import Empty, Exact, Level, LowOnly, Quantised, SomeLeft, SupplyReading, Unknown

T = TypeVar("T")
_LEVELS: Mapping[str, type] = {
    "exact": Exact,
    "quantised": Quantised,
    "some-left": SomeLeft,
    "low": LowOnly,
    "empty": Empty,
    "unknown": Unknown,
}
_NAMES = {cls: name for name, cls in _LEVELS.items()}


def level_name(level: Level) -> str:
    """The kind of knowledge: exact, quantised, some-left, low, empty or unknown."""
    return _NAMES[type(level)]


def _level_out(level: Level) -> dict[str, Any]:
    match level:
        case Exact(percent=percent):
            return {"is": "exact", "percent": percent}
        case Quantised(percent=percent, step=step):
            return {"is": "quantised", "percent": percent, "step": step}
        case _:
            return {"is": _NAMES[type(level)]}


def _level_in(value: Any, _: Any = None) -> Level:
    if not isinstance(value, dict) or value.get("is") not in _LEVELS:
        raise ValueError(f"not a level: {str(value)[:80]}")
    numbers = {key: item for key, item in value.items() if key != "is"}
    if any(isinstance(item, bool) or not isinstance(item, int | float) for item in numbers.values()):
        raise ValueError(f"not a level: {str(value)[:80]}")
    if not isinstance(numbers.get("step", 1), int):
        raise ValueError(f"the step of a level is a whole number: {str(value)[:80]}")
    made: Level = _LEVELS[value["is"]](**numbers)
    return made


def _time_in(value: Any, _: Any = None) -> datetime:
    when = datetime.fromisoformat(value)
    if when.tzinfo is None:
        raise ValueError(f"a time without a zone: {value}")
    return when.astimezone(UTC)


def _strict_int(value: Any, _: Any = None) -> int:
    if type(value) is not int or abs(value) >= 2**63:
        raise ValueError(f"not a whole number that fits in 64 bits: {str(value)[:40]}")
    return value


def _strict_str(value: Any, _: Any = None) -> str:
    if type(value) is not str or len(value) > 4096:
        raise ValueError("not a text of at most 4,096 characters")
    return value


def _strict_bool(value: Any, _: Any = None) -> bool:
    if type(value) is not bool:
        raise ValueError(f"not true or false: {str(value)[:40]}")
    return value


def _make() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True, omit_if_default=True)
    converter.register_unstructure_hook(datetime, lambda when: when.astimezone(UTC).isoformat())
    converter.register_structure_hook(datetime, _time_in)
    converter.register_structure_hook(int, _strict_int)
    converter.register_structure_hook(str, _strict_str)
    converter.register_structure_hook(bool, _strict_bool)
    # Without its own hook a StrEnum goes the way of str, and words pass that are none of its values.
    converter.register_structure_hook(StrEnum, lambda value, kind: kind(value))
    converter.register_structure_hook_func(lambda kind: isinstance(kind, UnionType) and kind == Level, _level_in)
    converter.register_structure_hook_func(
        lambda kind: kind == Level | None, lambda v, _: None if v is None else _level_in(v)
    )
    for level in _LEVELS.values():
        converter.register_unstructure_hook(level, _level_out)
    for word in (Identity, Counter, SupplyReading, Tray, Fault, Conflict, Reading, DeviceState, Observation):
        converter.register_unstructure_hook(
            word, make_dict_unstructure_fn(word, converter, _cattrs_omit_if_default=True)
        )
    return converter


_converter = _make()


def _said(error: BaseException, into: type | None) -> str:
    """Our own words refuse with a sentence; the converter's errors are put into one."""
    # A word of an enumeration that is unknown, and numbers, are named by what they are; subclasses are the converter's.
    return str(error) if type(error) is ValueError and str(error) else cattrs.v.format_exception(error, into)


def to_plain(word: Any) -> Any:
    """A word as dicts, lists, texts and numbers."""
    return _converter.unstructure(word)


def from_plain(value: Any, into: type[T]) -> T:
    """The word that `value` describes. ValueError says what is wrong and where."""
    try:
        return _converter.structure(value, into)
    except Exception as error:
        lines = cattrs.transform_error(error, format_exception=_said)
        raise ValueError("; ".join(lines)[:500]) from error


def to_json(word: Any) -> str:
    return json.dumps(to_plain(word), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def from_json(text: str | bytes, into: type[T]) -> T:
    """The word that the JSON text holds. ValueError for everything else, nesting without end included."""
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return from_plain(value, into)
