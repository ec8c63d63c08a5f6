"""What `inspect --rows` and `inspect --objects` say, as lines for a person and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from agent.inspect import reading_of
from agent.probes.probe import Raw
from agent.teach.compare import Fields, changes, fields_of
from agent.teach.objects import SHOWN, Object, matching, objects_of, unused
from mibs import catalogue as built_in
from mibs.catalogue import Catalogue

READ_ALREADY = 10
"""Objects somebody reads, which are shown beside those that nobody does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """Recorded answers, and what somebody wants to know to teach us their device. `sought` None: no objects."""

    raws: Sequence[Raw]
    catalogue: Catalogue
    rows: Path | None = None
    sought: str | None = None
    everything: bool = False

    def lines(self) -> Iterator[str]:
        if self.rows:
            yield from changed_lines(*self._both(), self.rows)
        if self.sought is not None:
            yield from object_lines(self._objects(), self.sought, everything=self.everything)

    def record(self) -> dict[str, Any]:
        told = comparison(*self._both()) if self.rows else {}
        if self.sought is not None:
            told |= object_record(self._objects(), self.sought, everything=self.everything)
        return told

    def _both(self) -> tuple[Fields, Fields]:
        """The reading without and with the own rows."""
        before, after = (
            fields_of(reading_of(self.raws, catalogue, ""), catalogue)
            for catalogue in (built_in.load(), self.catalogue)
        )
        return before, after

    def _objects(self) -> list[Object]:
        return objects_of(self.raws, self.catalogue)


def changed_lines(before: Fields, after: Fields, rows: Path) -> Iterator[str]:
    found = changes(before, after)
    yield f"changed by the rows in {rows}:" if found else f"the rows in {rows} change nothing in this reading"
    for change in found:
        yield f"  {change}"


def comparison(before: Fields, after: Fields) -> dict[str, Any]:
    """`changes`, and the fields that are said and stay as they are."""
    same = {name: value for name, value in after.items() if value is not None and before.get(name) == value}
    return {"changes": [asdict(change) for change in changes(before, after)], "unchanged": same}


def _found(objects: Sequence[Object], text: str, *, everything: bool) -> tuple[list[Object], int, list[Object]]:
    """Those to show that nobody reads, how many more there are, and those that are read already."""
    found = matching(objects, text) if text else list(objects)
    free = unused(found)
    shown = free if everything else free[:SHOWN]
    read = [one for one in found if one.read_by][:READ_ALREADY] if text else []
    return shown, len(free) - len(shown), read


def object_lines(objects: Sequence[Object], text: str, *, everything: bool) -> Iterator[str]:
    shown, more, read = _found(objects, text, everything=everything)
    what = f" that say {text!r}" if text else ""
    yield f"{len(shown) + more} objects{what} are read by nobody yet"
    for one in (*shown, *read):
        yield f"  {one.name:44} {one.value}{f'   (read already, by {one.read_by})' if one.read_by else ''}"
    if more:
        yield f"  and {more} more: name a text or a number to look for, or add --all"


def object_record(objects: Sequence[Object], text: str, *, everything: bool) -> dict[str, Any]:
    shown, more, read = _found(objects, text, everything=everything)
    return {
        "objects": [{"name": one.name, "value": one.value} for one in shown],
        "objects_more": more,
        "objects_read": [asdict(one) for one in read],
    }
