"""Colours of the stylesheet can be told apart, in both themes: WCAG 2.2 sections 1.4.3 and 1.4.11."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

STYLES = (files("collector.web") / "static" / "pagewarden.css").read_text("utf-8")
TOKENS = {
    name: {"light": light, "dark": dark}
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", STYLES)
}
STATES = ("ok", "warn", "error", "asleep", "silent", "unknown")
SUPPLIES = ("cyan", "magenta", "yellow", "black", "waste", "part", "lamp")

TEXT = [
    (ink, paper) for ink in ("ink", "ink-2", "ink-3", "link") for paper in ("paper", "sheet", "sunk", "hover", "select")
]
TEXT += [(state, paper) for state in STATES for paper in ("sheet", "paper", "hover", f"{state}-wash")]
TEXT += [(ink, f"{state}-wash") for ink in ("ink", "ink-2") for state in STATES] + [("on-ink", "ink")]
MARKS = [(f"{state}-mark", paper) for state in STATES for paper in ("sheet", f"{state}-wash")]
MARKS += [(f"{supply}-edge", paper) for supply in SUPPLIES for paper in ("sheet", "track")]
MARKS += [(line, paper) for line in ("edge", "focus") for paper in ("sheet", "paper", "sunk")]


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_is_right() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_can_be_read(theme: str) -> None:
    worst = {pair: contrast(TOKENS[pair[0]][theme], TOKENS[pair[1]][theme]) for pair in TEXT}
    assert {pair: ratio for pair, ratio in worst.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_mark_can_be_seen(theme: str) -> None:
    worst = {pair: contrast(TOKENS[pair[0]][theme], TOKENS[pair[1]][theme]) for pair in MARKS}
    assert {pair: ratio for pair, ratio in worst.items() if ratio < 3} == {}


def test_every_token_that_is_used_is_declared() -> None:
    declared = set(re.findall(r"--([\w-]+):", STYLES))
    assert set(re.findall(r"var\(--([\w-]+)", STYLES)) <= declared


def test_every_class_of_the_templates_has_a_style() -> None:
    templates = "".join(t.read_text("utf-8") for t in (files("collector.web") / "templates").iterdir())
    plain = re.sub(r"{{.*?}}|{%.*?%}", " ", templates, flags=re.DOTALL)
    used = {name for attr in re.findall(r'class="([^"]*)"', plain) for name in attr.split()}
    styled = set(re.findall(r"\.([a-z][\w-]*)", STYLES))
    # Hooks of other attributes and parts of names that templates complete.
    assert {name for name in used if not name.endswith("-") and name not in styled} <= {"evidence"}
