"""The order code and the cartridge's serial number in the description of a supply. In doubt there is none.

A wrong code orders a wrong box; a missing one leaves the description, which a person can read. So a code is taken where
it is labelled, where it is known, or where it has a form that only codes of this maker have, and never where a text
names several.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mibs.catalogue import Catalogue, Vendor
from mibs.part import Part, Supplies, plain_number

LONGEST = 255
_DIGIT = re.compile(r"[0-9]")
_TOKEN = re.compile(r"(?<![A-Za-z0-9])[A-Z0-9][A-Z0-9./\-]{2,20}(?<![./\-])")
_SHORTEST_KNOWN = 5
"""Shorter codes, and those of digits alone, count only beside their maker's name or on its devices."""
_ANOTHER_BEFORE = re.compile(r"\d[A-Z]*/\Z")
_ANOTHER_BEHIND = re.compile(r"/\w*\d")
_MAINS = re.compile(r"(?<![A-Za-z0-9])\d{3}V-\Z")
""" "110V-CE515A": the voltage before the code of a fuser."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a description names."""

    part_number: str | None = None
    cartridge_serial: str | None = None


Reader = Callable[[str | None], Named]


def reader(catalogue: Catalogue, vendor: Vendor | None, model: str | None = None) -> Reader:
    """Reads the descriptions of one device's supplies. The device's own model is never taken for a code."""
    supplies = catalogue.supplies

    def read(text: str | None) -> Named:
        text = (text or "")[:LONGEST]
        if not _DIGIT.search(text):
            return Named()
        serial = _serial(supplies, text)
        rest = supplies.labels.serial.sub(" ; ", text)
        number = _labelled(supplies, rest) or _formed(supplies, rest, vendor)
        if number and model and plain_number(number) in plain_number(model):
            number = None
        return Named(part_number=number, cartridge_serial=serial)

    return read


def _serial(supplies: Supplies, text: str) -> str | None:
    """The first labelled serial number that is one: "S/N:CRUM-" is what a chip without a number says."""
    for found in supplies.labels.serial.finditer(text):
        value = (found[1] or found[2] or "").rstrip("-")
        digits = [c for c in value if c.isdigit()]
        if not _is_level(text, found.end()) and len(value) >= 4 and len(digits) >= 2 and len(set(digits)) > 1:
            return value
    return None


def _labelled(supplies: Supplies, text: str) -> str | None:
    for found in supplies.labels.code.finditer(text):
        value = (found[1] or "").rstrip("-")
        if value.lower() in supplies.labels.nothing or not 4 <= len(value) <= 20 or _is_level(text, found.end()):
            continue
        if any(c.isdigit() for c in value) and not _one_of_several(text, found.start(1), found.start(1) + len(value)):
            return value
    return None


def _formed(supplies: Supplies, text: str, vendor: Vendor | None) -> str | None:
    """The one code among the words of a text; None where there are several."""
    spans = {*_of_known_form(supplies, text, vendor), *_known(supplies, text, vendor)}
    whole = [span for span in spans if not any(_within(span, other) for other in spans)]
    if any(_one_of_several(text, *span) for span in whole):
        return None
    codes = {plain_number(text[start:end]): text[start:end] for start, end in whole}
    return next(iter(codes.values())) if len(codes) == 1 else None


def _of_known_form(supplies: Supplies, text: str, vendor: Vendor | None) -> Iterator[tuple[int, int]]:
    for form in supplies.forms:
        if form.sure or (vendor and vendor.key in form.vendors) or form.names.search(text):
            for found in form.code.finditer(text):
                if _stands_alone(text, *found.span()):
                    yield found.span()


def _known(supplies: Supplies, text: str, vendor: Vendor | None) -> Iterator[tuple[int, int]]:
    """Codes of the catalogue, whatever they look like."""
    for token in _TOKEN.finditer(text):
        parts = supplies.parts.get(plain_number(token[0]), ())
        if any(_is_meant(supplies, part, text, vendor) for part in parts) and _stands_alone(text, *token.span()):
            yield token.span()


def _is_meant(supplies: Supplies, part: Part, text: str, vendor: Vendor | None) -> bool:
    plain = plain_number(part.number)
    if len(plain) >= _SHORTEST_KNOWN and not plain.isdigit():
        return True
    if vendor and vendor.key in supplies.vendors_of(part.maker):
        return True
    return re.search(rf"(?<![a-z0-9]){re.escape(part.maker)}(?![a-z])", text, re.IGNORECASE) is not None


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Not a piece of a longer name with hyphens."""
    before, behind = text[:start], text[end : end + 2]
    if re.match(r"-[A-Za-z0-9]", behind):
        return False
    return not re.search(r"[A-Za-z0-9]-\Z", before) or _MAINS.search(before) is not None


def _is_level(text: str, end: int) -> bool:
    return text[end:].lstrip()[:1] in ("%", "％")


def _one_of_several(text: str, start: int, end: int) -> bool:
    """ "T9441/T9451", "719/719H": all that fit, not what is in."""
    return bool(_ANOTHER_BEFORE.search(text[:start]) or _ANOTHER_BEHIND.match(text[end:]))


def _within(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return span != other and other[0] <= span[0] and span[1] <= other[1]
