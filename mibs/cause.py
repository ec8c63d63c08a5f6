"""Cause: what a fault means, who can act, and the first steps. Rows live in mibs/causes/*.toml."""

from __future__ import annotations

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
