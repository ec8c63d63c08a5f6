"""One TOML file of rows, read with care: what is wrong in it is named by file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources.abc import Traversable
from typing import Any

from fleet.errors import SettingsError

Name = tuple[int, ...]
"""An object name of SNMP."""


class File:
    """One TOML file, and where in it a key stands."""

    def __init__(self, source: Traversable, room: str) -> None:
        self.name = f"mibs/{room}/{source.name}"
        self.key = source.name.removesuffix(".toml")
        self.text = source.read_text("utf-8")
        try:
            self.rows: dict[str, Any] = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{self.name}: is not TOML: {error}") from error

    def wrong(self, key: str, why: str, *, at: str | None = None, last: bool = False) -> SettingsError:
        """The error for the first line that has `key` in it, or matches `at`; the last where two claim the same."""
        place = re.compile(at or re.escape(key) or r"\A\Z\b")
        found = [number for number, line in enumerate(self.text.split("\n"), 1) if place.search(line)] or [1]
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


def folder(root: Traversable, name: str) -> list[File]:
    """The TOML files of a room, by name."""
    found = [entry for entry in root.joinpath(name).iterdir() if entry.name.endswith(".toml")]
    return [File(entry, name) for entry in sorted(found, key=lambda entry: entry.name)]
