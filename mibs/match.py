"""Which maker, model and kind a text or an object id speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from fleet.kit.text import clean
from fleet.reading import Kind
from mibs.catalogue import Catalogue
from mibs.vendor import Vendor

ENTERPRISES = (1, 3, 6, 1, 4, 1)
PRINTER_WORKING_GROUP = 2699
LONGEST = 1_000
"""Characters of a description that are looked at: what tells stands at the beginning."""
_COMPANY = re.compile(
    r"(?:corporation|corp|incorporated|inc|co\.?,? ?ltd|ltd|gmbh|company|international|technologies|document solutions)"
    r"\b\.?[\s,]*",
    re.IGNORECASE,
)
_COMPUTER = re.compile(
    r"\s*(?:hardware:|(?:linux|darwin|\w+bsd|sunos|sun snmp|solaris|hp-ux|aix|irix|vmware|microsoft|windows)\b)",
    re.IGNORECASE,
)
"""A computer tells its system first, then a name of its owner's choice: "Linux printserver 5.10"."""
_TAIL = re.compile(
    r"\s*(?:[;,:]|\s/|\bversion\b|\bver\b\.?|\bv ?\d|\bfirmware\b|\bseries os\b|\bos \d|\bs/n\b"
    r"|\bnetwork printer\b| eeprom\b|\bcopyright\b|\b[rv]?\d+\.\d+(?:\.\d+)*\b|\brev\b\.?|\bnet \d|\["
    r"|\s(?:\d{4}-)?\d{7,}|\s(?:[a-z\d]{2,6}\.){2}|\skernel\b|\sethernet\s\d).*\Z",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"\b(?:built-in|all-in-one)\b|\A\s*(?:projector|printer)\s+(?=[a-z-]*\d|aficio)"
    r"|(?:(?<=\d)|(?<=\d[a-z])|(?<=\d[a-z]{2})|(?<=\d[a-z]{3}))\s(?:document scanner|printer|projector)\s*\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What a text told. `maker` and `model` are None where the text names none; `model` is without the maker."""

    kind: Kind
    maker: str | None
    model: str | None
    vendor: Vendor | None = None


def enterprise_of(object_id: tuple[int, ...] | None) -> int | None:
    """The number behind 1.3.6.1.4.1, or None."""
    if not object_id or object_id[: len(ENTERPRISES)] != ENTERPRISES or len(object_id) <= len(ENTERPRISES):
        return None
    return object_id[len(ENTERPRISES)]


def vendor_of_names(catalogue: Catalogue, names: Iterable[tuple[int, ...]]) -> Vendor | None:
    """The maker whose own subtree a device fills: what remains where it tells no sysObjectID."""
    enterprises = dict.fromkeys(number for name in names if (number := enterprise_of(name)) is not None)
    known = (catalogue.vendor_of_enterprise(number) for number in enterprises if number != PRINTER_WORKING_GROUP)
    return next((vendor for vendor in known if vendor), None)


@lru_cache(maxsize=2_048)
def _word(word: str, *, first: bool) -> re.Pattern[str]:
    start = r"\A\W*" if first else r"(?<![a-z0-9])"
    return re.compile(rf"{start}{re.escape(word)}(?![a-z0-9])", re.IGNORECASE)


def vendor_in(catalogue: Catalogue, text: str) -> Vendor | None:
    """The maker a text begins with, else the one of a model series it begins with, else one it names as a word."""
    text = text[:LONGEST]
    named = sorted(((w, v) for v in catalogue.vendors for w in v.words), key=lambda pair: -len(pair[0]))
    for word, vendor in named:
        if _word(word, first=True).search(text):
            return vendor
    for vendor in catalogue.vendors:
        if any(series.search(text) for series in vendor.series):
            return vendor
    return next((vendor for word, vendor in named if _word(word, first=False).search(text)), None)


def maker_in(text: str | None, vendor: Vendor) -> str:
    """The name on the box: that of a brand the text begins with, else the maker's own."""
    for word, brand in sorted(vendor.brands.items(), key=lambda pair: -len(pair[0])):
        if text and _word(word, first=True).search(text[:LONGEST]):
            return brand
    return vendor.name


def _without_maker(text: str, vendor: Vendor | None) -> str:
    for word in sorted(vendor.words if vendor else (), key=len, reverse=True):
        if found := _word(word, first=True).match(text):
            rest = text[found.end() :].lstrip(" ,_-")
            return _without_maker(_COMPANY.sub("", rest, count=1) if _COMPANY.match(rest) else rest, vendor)
    return text


def model_in(text: str, vendor: Vendor | None) -> str | None:
    """The model's name in a description: without the maker, versions and serial numbers."""
    model = clean(text)[:LONGEST]
    for pattern in vendor.model_in if vendor else ():
        if found := pattern.search(model):
            model = found[1]
            break
    model = _without_maker(model, vendor)
    model = _FILLER.sub("", _TAIL.sub("", model))
    model = re.sub(r"(?i)\bseries\Z", "", model.strip()).strip(" ,;:-(")
    return clean(model) or None


def firmware_in(text: str | None, vendor: Vendor | None) -> str | None:
    """The firmware version a description carries, where its maker is known to put it there."""
    for pattern in vendor.firmware_in if vendor and text else ():
        if found := pattern.search((text or "")[:LONGEST]):
            return found[1]
    return None


def kind_of(catalogue: Catalogue, text: str, vendor: Vendor | None) -> Kind | None:
    """The kind that model series of the maker or words of the text tell, else the maker's only kind."""
    text = text[:LONGEST]
    for kind, pattern in (*(vendor.kinds if vendor else ()), *catalogue.kinds):
        if pattern.search(text):
            return kind
    return vendor.kind if vendor else None


def is_printer_text(catalogue: Catalogue, text: str, vendor: Vendor | None) -> bool:
    """Whether a description alone is enough to take the speaker for one of ours. In doubt it is not."""
    if _COMPUTER.match(text) or (vendor and any(pattern.search(text) for pattern in vendor.not_models)):
        return False
    if catalogue.printer_words.search(text):
        return True
    if vendor and any(pattern.search(text) for pattern in vendor.series):
        return True
    # Only the part that names the thing: lists of versions after it speak of controllers and networks too.
    if catalogue.not_printer_words.search(model_in(text, vendor) or text):
        return False
    if vendor and any(pattern.search(text) for pattern in vendor.models):
        return True
    return vendor is not None and not vendor.only_with_models


def match_text(catalogue: Catalogue, text: str, object_id: tuple[int, ...] | None = None) -> Matched | None:
    """Who says `text`; None when it is no printer, scanner or projector as far as can be told."""
    text = text[:LONGEST]
    vendor = vendor_in(catalogue, text) or catalogue.vendor_of_enterprise(enterprise_of(object_id))
    if not is_printer_text(catalogue, text, vendor):
        return None
    kind = kind_of(catalogue, text, vendor) or Kind.PRINTER
    maker = maker_in(text, vendor) if vendor else None
    return Matched(kind=kind, maker=maker, model=model_in(text, vendor), vendor=vendor)
