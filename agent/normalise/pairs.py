"""The `key=value;key=value` texts that IPP puts into octet strings (PWG 5100.9, PWG 5100.13)."""

from __future__ import annotations

import re

from fleet.kit.text import clean

_GLUED_NAME = re.compile(r"\A\s*printer-[a-z-]+(?:\[\d+\])?\s*=\s*", re.IGNORECASE)
_QUOTED = re.compile(r"\A'(.*)'\Z", re.DOTALL)
LONGEST = 4096


def pairs_of(text: str) -> dict[str, str]:
    """The pairs, keys in lower case; the first of a key counts, what has no "=" is passed over."""
    found: dict[str, str] = {}
    for pair in unglued(text[:LONGEST]).split(";"):
        key, equals, value = pair.partition("=")
        if equals:
            found.setdefault(clean(key).lower(), clean(value))
    return found


def unglued(text: str) -> str:
    """Without the attribute's own name and the quotes that some servers write in front (Xerox B210)."""
    bare = _GLUED_NAME.sub("", text, count=1)
    quoted = _QUOTED.match(bare.strip()) if bare != text else None
    return quoted[1] if quoted else bare


def whole_number(text: str | None) -> int | None:
    """The number a value is; None where it is none, or absurd."""
    return int(text) if text and re.fullmatch(r"-?\d{1,10}", text) else None
