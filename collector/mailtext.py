"""Mail text: lines that fit a mail, one fact each, whatever is in the facts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from unicodedata import east_asian_width

from collector.web.i18n import zone

COLUMNS = 76
"""RFC 5322, section 2.1.1: lines should be no longer than 78."""
_PIECES = re.compile(r"(?:[^\s\u2e80-\uffff]+|\S)[，。；：、）！？”]*\s*")


def one_line(text: object) -> str:
    """No line of a device's making begins in a mail or in its headers."""
    return " ".join(str(text).split())


def fact(name: str, value: object, colon: str) -> str:
    """ "Name: value", wrapped; what goes on stands two columns in."""
    return "\n".join(wrapped(f"{name}{colon}{one_line(value)}"))


def item(text: object) -> str:
    return "\n".join(wrapped(f"- {one_line(text)}"))


def paragraph(text: object) -> str:
    return "\n".join(wrapped(one_line(text), indent=""))


def wrapped(text: str, indent: str = "  ") -> list[str]:
    """Breaks at blanks, and between Chinese characters; a word too long for a line stays whole."""
    lines, line = [], ""
    for piece in _PIECES.findall(text):
        if line.strip() and columns(line + piece.rstrip()) > COLUMNS:
            lines.append(line.rstrip())
            line = indent
        line += piece
    return [*lines, line.rstrip()]


def columns(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def moment(at: datetime, timezone: str | None) -> str:
    """Such as 2026-03-02 09:15 (Europe/Berlin, UTC+01:00)."""
    where = zone(timezone)
    local = at.astimezone(where)
    shift = local.strftime("%z")
    name = where.key if where.key == "UTC" else f"{where.key}, UTC{shift[:3]}:{shift[3:5]}"
    return f"{local:%Y-%m-%d %H:%M} ({name})"


def named(maker: str | None, model: str | None) -> str:
    """Maker and model, the maker once: makers often begin the name of a model with their own."""
    if maker and model and not model.lower().startswith(maker.lower()):
        return f"{maker} {model}"
    return model or maker or ""


def joined(parts: Iterable[str | None], by: str = ", ") -> str:
    return by.join(part for part in parts if part)
