"""One TOML file of rows, read with care: what is wrong in it is named by file and line."""

from __future__ import annotations

import re
import tomllib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from importlib.resources.abc import Traversable
from typing import Any

from fleet.errors import SettingsError

Name = tuple[int, ...]
"""An object name of SNMP."""


LARGEST_FILE = 2**20


class File:
    """One TOML file, and where in it a key stands. `is_new`: somebody's own, beside those of the program."""

    def __init__(self, source: Traversable, room: str, *, name: str | None = None) -> None:
        self.name = name or f"mibs/{room}/{source.name}"
        self.key = source.name.removesuffix(".toml")
        self.is_new = False
        self.text = self._text(source)
        try:
            self.rows: dict[str, Any] = tomllib.loads(self.text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            place = re.search(r" \(at line (\d+), column \d+\)|\Z", str(error))
            line = (place and place[1]) or self.text.rstrip().count("\n") + 1
            why = str(error)[: place.start()] if place else str(error)
            raise SettingsError(f"{self.name}, line {line}: is not TOML: {why}") from error

    def _text(self, source: Traversable) -> str:
        try:
            data = source.read_bytes()
            if len(data) > LARGEST_FILE:
                raise SettingsError(f"{self.name}: larger than {LARGEST_FILE:,} bytes, which no file of rows is")
            return data.decode("utf-8-sig")  # some editors put a mark in front
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            raise SettingsError(f"{self.name}, line {line}: is not UTF-8; save it as UTF-8") from error
        except OSError as error:
            raise SettingsError(f"{self.name}: cannot be read: {error.strerror}") from error

    def wrong(self, key: str, why: str, *, at: str | None = None, last: bool = False) -> SettingsError:
        """The error for the first line that has `key` in it, or matches `at`; the last where two claim the same. Where
        it stands as a key or a text counts before where it stands in others, and comments do not count."""
        escaped = re.escape(key)
        places = (at,) if at else (rf"""["']{escaped}["']|(?<!\w){escaped}["']?\s*[=\]]""", escaped) if key else ()
        lines = [(n, line) for n, line in enumerate(self.text.split("\n"), 1) if not line.lstrip().startswith("#")]
        found = next((hits for p in places if (hits := [n for n, line in lines if re.search(p, line)])), [1])
        return SettingsError(f"{self.name}, line {found[-1 if last else 0]}: {key}: {why}")

    def only(self, row: Mapping[str, Any], known: Iterable[str]) -> None:
        for key in row:
            if key not in known:
                raise self.wrong(key, f"unknown key (known: {', '.join(sorted(known))})")

    def object_name(self, text: Any) -> Name:
        if not isinstance(text, str) or not re.fullmatch(r"1\.3(\.\d{1,10})+", text):
            raise self.wrong(str(text), "not an object name of the form 1.3.6...")
        return tuple(int(arc) for arc in text.split("."))

    def patterns(self, group: Iterable[Any], *, start: str = r"(?<![a-z0-9])") -> tuple[re.Pattern[str], ...]:
        """Expressions that match where a word begins, whatever the case."""
        found = []
        for text in group:
            try:
                found.append(re.compile(f"{start}(?:{text})", re.IGNORECASE))
            except re.error as error:
                raise self.wrong(str(text), f"not a regular expression: {error}") from error
        return tuple(found)

    def words(self, group: Iterable[str]) -> re.Pattern[str]:
        """One expression for any of the whole words in `group`."""
        return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(map(re.escape, group))})(?![a-z])", re.IGNORECASE)


class Layers(ABC):
    """Rows of several places, one over the other (overlay.py)."""

    @abstractmethod
    def files(self, room: str) -> list[File]:
        """The files of a room, joined."""


def folder(root: Traversable | Layers, name: str) -> list[File]:
    """The TOML files of a room, by name."""
    if isinstance(root, Layers):
        return root.files(name)
    found = [entry for entry in root.joinpath(name).iterdir() if entry.name.endswith(".toml")]
    return [File(entry, name) for entry in sorted(found, key=lambda entry: entry.name)]
