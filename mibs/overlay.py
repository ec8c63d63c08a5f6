"""Somebody's own rows over those of the program: a folder with vendors/, supplies/ and causes/, in the same form.

A file of the name of a built-in one extends it (lists joined and tables merged, the own first), another adds to them.
What the own files say is looked at more closely than ours, since nobody tested them.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from fleet.errors import SettingsError
from mibs import catalogue
from mibs.catalogue import Catalogue
from mibs.rows import File, Layers, folder

ROOMS = ("vendors", "supplies", "causes", "causes/codes")
CAPTURES = "captures"
"""May lie beside the rows."""
MOST_FILES = 500

_TEXTS = [str]
_FAULT = {
    "severity": str, "actor": str, "hold_minutes": float, "ticket": bool, "informative": bool, "vague": bool,
    "parts": _TEXTS, "en": {"title": str, "steps": _TEXTS}, "zh": {"title": str, "steps": _TEXTS}, "alerts": _TEXTS,
    "conditions": _TEXTS, "reasons": _TEXTS, "escl": _TEXTS, "pjlink": _TEXTS,
}  # fmt: skip
_PART = {"code": str, "type": str, "color": str, "yield": int, "size": str, "region": str}
SHAPES: Mapping[str, Any] = {
    "vendors": {
        "name": str, "enterprises": [int], "words": _TEXTS, "brands": {"*": str}, "series": _TEXTS, "models": _TEXTS,
        "not_models": _TEXTS, "only_with_models": bool, "kind": str, "kinds": {"*": _TEXTS}, "model_in": _TEXTS,
        "firmware_in": _TEXTS, "oids": {"*": _TEXTS}, "counters": {"*": _TEXTS}, "sums": {"*": _TEXTS},
        "labelled": [{"labels": str, "values": str, "counters": {"*": [_TEXTS]}}], "walk": _TEXTS, "quirks": _TEXTS,
    },
    "supplies": {
        "maker": str, "vendors": _TEXTS, "brands": _TEXTS, "genuine": bool, "code": _TEXTS, "serial": _TEXTS,
        "nothing": _TEXTS, "form": [{"code": str, "sure": bool, "says": str, "means": str}],
        "phrase": [{"verdict": str, "confidence": float, "words": _TEXTS}],
        "family": [{"name": str, "fits": _TEXTS, "type": str, "color": str, "measured": str, "unit": str,
                    "parts": [_PART]}],
    },
    "causes": {"*": _FAULT},
    "causes/codes": {
        "not_at_ease": _TEXTS,
        "say": [{"code": str, "text": str, "cause": str, "severity": str, "actor": str, "means": str,
                 "examples": _TEXTS}],
    },
}  # fmt: skip
"""Room -> what its files hold: a type, [type] for a list, a table by its keys; "*" is any key."""
_SPOKEN = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


def load(rows_dir: Path | None) -> Catalogue:
    """The catalogue, with the rows of a folder over it. SettingsError names file and line of the first wrong row."""
    return catalogue.load() if rows_dir is None else read(rows_dir)


def read(rows_dir: Path) -> Catalogue:
    """As load; reads the folder anew."""
    overlay = Overlay(files("mibs"), rows_dir)
    try:
        return catalogue.read(overlay)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise SettingsError(f"{rows_dir}: the rows do not make sense: {error}") from error


class Overlay(Layers):
    """The rows of `base` with those of the folder `own` over them."""

    def __init__(self, base: Traversable, own: Path) -> None:
        _check_folder(own)
        self._base = base
        self._own = {room: [_own_file(path, room) for path in _paths(own / room)] for room in ROOMS}
        self._check_quirks()

    def files(self, room: str) -> list[File]:
        """The base's files, then those that are extended, then new ones: of two that claim the same, the own is told
        to be wrong."""
        base = {file.key: file for file in folder(self._base, room)}
        own = {file.key: file for file in self._own.get(room, ())}
        extended = [_over(file, base[key]) for key, file in own.items() if key in base]
        for key in own.keys() - base.keys():
            own[key].is_new = True
        return [
            *(file for key, file in base.items() if key not in own),
            *extended,
            *(file for file in own.values() if file.is_new),
        ]

    def _check_quirks(self) -> None:
        """A quirk is a function of the program: rows can only name one that is there."""
        known = {quirk for file in folder(self._base, "vendors") for quirk in file.rows.get("quirks", ())}
        for file in self._own["vendors"]:
            file.only(dict.fromkeys(file.rows.get("quirks", ())), known)


def _check_folder(own: Path) -> None:
    """Rows that lie where nobody reads them are told of: they would be missed for long."""
    if not own.is_dir():
        raise SettingsError(f"{own}: there is no such folder of rows")
    rooms = {room.partition("/")[0] for room in ROOMS} | {CAPTURES}
    for entry in sorted(own.iterdir()):
        if entry.is_dir() and entry.name not in rooms and not entry.name.startswith("."):
            raise SettingsError(f"{entry}: rows lie in folders named {', '.join(ROOMS)}")
        if entry.suffix == ".toml":
            raise SettingsError(f"{entry}: rows lie in sub-folders: {', '.join(ROOMS)}")


def _paths(room: Path) -> list[Path]:
    found = sorted(room.glob("*.toml")) if room.is_dir() else []
    if len(found) > MOST_FILES:
        raise SettingsError(f"{room}: more than {MOST_FILES} files of rows")
    return found


def _own_file(path: Path, room: str) -> File:
    file = File(path, room, name=str(path))
    _check_shape(file, file.rows, SHAPES[room], "")
    return file


def _check_shape(file: File, value: Any, shape: Any, key: str) -> None:
    """SettingsError where a value is not of the type that its key holds. Unknown keys are left to the readers."""
    if isinstance(shape, list):
        if not isinstance(value, list):
            raise _misshapen(file, key, value, f"a list, as in {key} = [...]")
        for item in value:
            _check_shape(file, item, shape[0], key)
    elif isinstance(shape, dict):
        if not isinstance(value, dict):
            raise _misshapen(file, key, value, f"a table, as in [{key}]")
        for name, item in value.items():
            if inner := shape.get(name) or shape.get("*"):
                _check_shape(file, item, inner, name)
    elif type(value) is not shape and not (shape is float and type(value) is int):
        raise _misshapen(file, key, value, _SPOKEN[shape])


def _misshapen(file: File, key: str, value: Any, wanted: str) -> SettingsError:
    shown = (
        repr(value) if isinstance(value, str | int | float) else f"a {'list' if isinstance(value, list) else 'table'}"
    )
    return file.wrong(key, f"expected {wanted}, not {shown[:80]}")


def _over(own: File, base: File) -> File:
    own.rows = _merged(own.rows, base.rows)
    return own


def _merged(own: Any, base: Any) -> Any:
    """Tables merged, lists joined without repeats, the own first; of anything else the own."""
    if isinstance(own, dict) and isinstance(base, dict):
        return {**own, **{key: _merged(own[key], value) if key in own else value for key, value in base.items()}}
    if isinstance(own, list) and isinstance(base, list):
        return [*own, *(item for item in base if item not in own)]
    return own
