"""The cause of an alert row, for SNMP and IPP alike: what its code names, else what its text says."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mibs.alert_names import keyword_of
from mibs.catalogue import UNRECOGNISED, Catalogue
from mibs.sayings import Said

_CODE = re.compile(r"\A(\d{2,3}-\d{3})(?!\S)|\{(\w{1,16})\}\s*\Z")
"""Codes of makers nobody has rows for: in front of the text as Xerox writes it, or behind it: "Cover open{123}"."""


def better_cause(
    key: str, catalogue: Catalogue, texts: Iterable[str | None], said: Said | None, *, critical: bool
) -> str:
    """`key`, or where that is vague what a text names as a keyword of IPP, else what it was found to say.

    A critical row is never at ease, whatever words stand in it.
    """
    if not catalogue.cause(key).vague:
        return key
    named = [catalogue.cause_for_reason(keyword_of(text))[0] for text in texts if text]
    named += [said.saying.cause] if said else []
    causes = [catalogue.cause(name) for name in named]
    fitting = [cause.key for cause in causes if not (critical and cause.informative)]
    telling = [name for name in fitting if not catalogue.cause(name).vague]
    vague = [name for name in (key, *fitting) if name != UNRECOGNISED]
    return next(iter((*telling, *vague)), UNRECOGNISED)


def vendor_code_in(text: str | None, said: Said | None) -> str | None:
    """The maker's own code, which technicians search for."""
    if said and said.code:
        return said.code
    found = _CODE.search(text or "")
    return (found[1] or found[2]) if found else None
