"""Cause: what a fault means, who can act, and the first steps. Rows live in mibs/causes/*.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fleet.fault import Actor, Severity

LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One row. `title` and `steps` are per language.

    `hold_minutes` is how long it must last before anybody is told; `ticket` whether it then opens one (a low supply
    opens an order instead, a user's paper tray nothing). `vague` causes say only that something is wrong: they give
    way to whatever names it.
    """

    key: str
    severity: Severity
    actor: Actor
    title: Mapping[str, str]
    steps: Mapping[str, tuple[str, ...]]
    parts: tuple[str, ...] = ()
    hold_minutes: float = 10.0
    ticket: bool = False
    informative: bool = False
    vague: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What devices write on their panel or beside an alert: a maker's own code, or words. Rows: mibs/causes/codes.

    `vendor` is the key of a maker, None for words that any of them uses. `severity` and `actor` stand where the cause's
    own do not fit; `means` is the maker's own meaning, for whoever reads the rows. Where `unless` is found in the text
    too, nothing was said: "not ready" holds the word of rest and is none.
    """

    pattern: re.Pattern[str]
    cause: str
    vendor: str | None = None
    unless: re.Pattern[str] | None = None
    severity: Severity | None = None
    actor: Actor | None = None
    means: str = ""
    examples: tuple[str, ...] = ()

    def found_in(self, text: str) -> re.Match[str] | None:
        """Where `text` says it."""
        found = self.pattern.search(text)
        return None if found and self.unless and self.unless.search(text) else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A saying found in a text, and the maker's code as it stands there."""

    saying: Saying
    code: str | None = None
