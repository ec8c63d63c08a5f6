"""Texts from outside, made harmless once at the door."""

from __future__ import annotations

import unicodedata

_BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
TEXT_LIMIT = 255
CONSOLE_LIMIT = 1024


def clean(text: str, limit: int = TEXT_LIMIT) -> str:
    """`text` without control and bidi characters, white space folded, at most `limit` characters."""
    head = text[: limit * 4]
    if head.isprintable():  # neither control nor format characters, and no white space but the blank
        return " ".join(head.split())[:limit].strip()
    kept = (
        " "
        if char.isspace()
        else ""
        if char in _BIDI or unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn")
        else char
        for char in head
    )
    return " ".join("".join(kept).split())[:limit].strip()


def clean_or_none(text: str | None, limit: int = TEXT_LIMIT) -> str | None:
    """Like `clean`; None where nothing is left."""
    return (clean(text, limit) or None) if text is not None else None
