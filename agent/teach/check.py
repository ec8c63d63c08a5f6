"""All captures of a folder read with own rows, against what was expected of them. NAME.json lies beside NAME.zip."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.inspect import SUFFIXES, inspect_capture
from agent.teach.compare import Change, Fields, changes, fields_of
from fleet.errors import Garbled, SettingsError
from mibs import overlay
from mibs.catalogue import Catalogue

EXPECTED = ".json"
LARGEST_EXPECTED = 2**22


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one capture reads. `trouble` in words where it could not be compared; `written`: the expectation is new."""

    capture: str
    changes: tuple[Change, ...] = ()
    trouble: str | None = None
    written: bool = False

    @property
    def is_fine(self) -> bool:
        return not self.changes and self.trouble is None


def check(rows: Path, captures: Path | None, *, write: bool) -> list[Outcome]:
    """Reads every capture with the rows. SettingsError names the first wrong row, or a wrong folder."""
    catalogue = overlay.read(rows)
    folder = captures or rows / overlay.CAPTURES
    if captures is not None and not captures.is_dir():
        raise SettingsError(f"{captures}: there is no such folder of captures")
    return [_checked(path, catalogue, write=write) for path in _captures(folder)]


def _captures(folder: Path) -> Iterator[Path]:
    """The captures, by name. Lists of DNS-SD services end as expectations do, and count inside recordings alone."""
    seen: dict[str, Path] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix.lower() not in SUFFIXES or path.suffix.lower() == EXPECTED:
            continue
        if path.stem in seen:
            both = f"{seen[path.stem].name} and {path.name}"
            raise SettingsError(f"{folder}: {both} would share {path.stem}{EXPECTED}; rename one")
        seen[path.stem] = path
        yield path


def _checked(path: Path, catalogue: Catalogue, *, write: bool) -> Outcome:
    expected = path.with_suffix(EXPECTED)
    try:
        found = fields_of(inspect_capture(path, catalogue), catalogue)
    except Garbled as error:
        return Outcome(capture=path.name, trouble=str(error))
    if not expected.exists() and not write:
        return Outcome(capture=path.name, trouble=f"there is no {expected.name}; --write makes it")
    before = _read(expected) if expected.exists() else {}
    differences = tuple(changes(before, found))
    if not write:
        return Outcome(capture=path.name, changes=differences)
    if differences or not expected.exists():
        _write(expected, found)
        return Outcome(capture=path.name, written=True)
    return Outcome(capture=path.name)


def _read(path: Path) -> Fields:
    try:
        with path.open("rb") as file:
            told: Any = json.loads(file.read(LARGEST_EXPECTED))
    except (OSError, ValueError, RecursionError) as error:
        raise SettingsError(f"{path}: no expectation of check-rows: {error}; --write makes it anew") from error
    if not isinstance(told, dict) or any(isinstance(value, dict | list) for value in told.values()):
        raise SettingsError(f"{path}: no expectation of check-rows, which is one object of plain values")
    return told


def _write(path: Path, found: Fields) -> None:
    try:
        path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise SettingsError(f"{path}: cannot be written: {error.strerror}") from error
