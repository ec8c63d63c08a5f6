"""What the words of a device mean: the makers' own codes and words, and words of any maker. Rows: mibs/causes/codes."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fleet.fault import Actor, Severity

REMEMBERED = 2_048
"""Texts whose meaning is kept: a fleet says the same few things over and over."""

LONGEST = 200
"""Characters of a text that are looked at: codes and the words that tell stand at its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One row. `vendor` is the key of a maker, None for words that any of them uses.

    `severity` and `actor` stand where the cause's own do not fit; `means` is the maker's own meaning, for whoever reads
    the rows. Where `unless` is found in the text too, nothing was said: "not ready" holds the word of rest and is none.
    """

    pattern: re.Pattern[str]
    cause: str
    vendor: str | None = None
    unless: re.Pattern[str] | None = None
    severity: Severity | None = None
    actor: Actor | None = None
    means: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A saying found in a text, and the maker's code as it stands there."""

    saying: Saying
    code: str | None = None


class Sayings:
    """All rows. A maker's own come before those of any maker; within them the first row that fits counts."""

    def __init__(self, rows: Iterable[Saying] = ()) -> None:
        self.rows = tuple(rows)
        self._of: dict[str | None, list[Saying]] = {}
        for row in self.rows:
            self._of.setdefault(row.vendor, []).append(row)
        self._known: OrderedDict[tuple[str, str | None], Said | None] = OrderedDict()

    def __iter__(self) -> Iterator[Saying]:
        return iter(self.rows)

    @property
    def remembered(self) -> int:
        """How many texts' meanings are kept just now."""
        return len(self._known)

    def said_in(self, text: str | None, vendor: str | None) -> Said | None:
        """What a text of a device of that maker means; None where no row knows it."""
        if not text:
            return None
        asked = (text[:LONGEST], vendor if vendor in self._of else None)
        if asked not in self._known:
            while len(self._known) >= REMEMBERED:
                self._known.popitem(last=False)
            self._known[asked] = self._found(*asked)
        return self._known[asked]

    def _found(self, text: str, vendor: str | None) -> Said | None:
        rows = [row for maker in dict.fromkeys((vendor, None)) for row in self._of.get(maker, ())]
        for row in rows:
            if (found := row.pattern.search(text)) and not (row.unless and row.unless.search(text)):
                return Said(saying=row, code=found.groupdict().get("code"))
        return None
