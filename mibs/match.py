"""Which maker, model and kind a text or an object id speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fleet.kit.text import clean
from fleet.reading import Kind
from mibs.catalogue import Catalogue, Vendor

ENTERPRISES = (1, 3, 6, 1, 4, 1)
_TAIL = re.compile(
    r"\s*(?:[;,/]|\bversion\b|\bver\b\.?|\bv ?\d|\bfirmware\b|\bseries os\b|\bos \d|\bs/n\b|\bnetwork printer\b"
    r"| eeprom\b"
    r"|\b\d+\.\d+(?:\.\d+)*\b|\bnet \d|\[).*\Z",
    re.IGNORECASE,
)
_FILLER = re.compile(r"\b(?:built-in|all-in-one)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What a text told. `model` is without the maker's name; None where the text names none."""

    kind: Kind
    maker: str
    model: str | None
    vendor: Vendor | None = None


def enterprise_of(object_id: tuple[int, ...] | None) -> int | None:
    """The number behind 1.3.6.1.4.1, or None."""
    if not object_id or object_id[: len(ENTERPRISES)] != ENTERPRISES or len(object_id) <= len(ENTERPRISES):
        return None
    return object_id[len(ENTERPRISES)]


def vendor_in(catalogue: Catalogue, text: str) -> Vendor | None:
    """The maker a text begins with, or else names as a word."""
    lowered = text.lower()
    named = [(word, vendor) for vendor in catalogue.vendors for word in vendor.words]
    named.sort(key=lambda pair: -len(pair[0]))
    for pattern in (r"\A\W*{}\b", r"\b{}\b"):
        for word, vendor in named:
            if re.search(pattern.format(re.escape(word)), lowered):
                return vendor
    return None


def model_in(text: str, vendor: Vendor | None) -> str | None:
    """The model's name in a description: without the maker, versions and serial numbers."""
    model = clean(text)
    for word in sorted(vendor.words if vendor else (), key=len, reverse=True):
        model = re.sub(rf"\A\W*{re.escape(word)}\b[\s,]*", "", model, flags=re.IGNORECASE)
    model = _TAIL.sub("", model)
    model = _FILLER.sub("", model)
    model = re.sub(r"(?i)\bseries\Z", "", model.strip()).strip(" ,;:-")
    return clean(model) or None


def kind_of(catalogue: Catalogue, text: str, vendor: Vendor | None) -> Kind | None:
    """The kind that words of the text tell, else the maker's only kind."""
    lowered = text.lower()
    for word, kind in catalogue.kinds:
        if re.search(rf"(?<![a-z0-9]){re.escape(word)}", lowered):
            return kind
    return vendor.kind if vendor else None


def is_printer_text(catalogue: Catalogue, text: str, vendor: Vendor | None) -> bool:
    """Whether a description alone is enough to take the speaker for one of ours. In doubt it is not."""
    lowered = text.lower()
    if vendor and any(word in lowered for word in vendor.not_models):
        return False
    if any(word in lowered for word in catalogue.printer_words):
        return True
    if vendor and any(word in lowered for word in vendor.models):
        return True
    if any(re.search(rf"\b{re.escape(word)}\b", lowered) for word in catalogue.not_printer_words):
        return False
    return vendor is not None and not vendor.only_with_models


def match_text(catalogue: Catalogue, text: str, object_id: tuple[int, ...] | None = None) -> Matched | None:
    """Who says `text`; None when it is no printer, scanner or projector as far as can be told."""
    by_number = catalogue.vendor_of_enterprise(enterprise_of(object_id))
    vendor = vendor_in(catalogue, text) or by_number
    if not is_printer_text(catalogue, text, vendor):
        return None
    if vendor is None:
        return None
    kind = kind_of(catalogue, text, vendor) or Kind.PRINTER
    return Matched(kind=kind, maker=vendor.name, model=model_in(text, vendor), vendor=vendor)
