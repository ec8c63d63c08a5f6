"""Part: an order code and what it is. Form: how a maker writes its codes. Rows live in mibs/supplies, a file per maker.

A family holds the codes that fit the same models: colours, sizes, and the names one cartridge has in other regions.
How to add a row: docs/supplies.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from importlib.resources.abc import Traversable
from typing import Any

from fleet.errors import SettingsError
from fleet.supply import SupplyType
from mibs.origin import ORIGIN, Phrase, read_phrases
from mibs.rows import File, Layers, folder

COLORS = frozenset({
    "black", "cyan", "magenta", "yellow", "photo-black", "matte-black", "light-cyan", "light-magenta", "light-gray",
    "gray", "tri-color", "red", "green", "blue", "orange", "white", "clear",
})  # fmt: skip
UNITS = frozenset({"pages", "hours"})
REGIONS = frozenset({"eu", "us", "cn", "asia", "jp"})
MEASURES = {"19752": "ISO/IEC 19752", "19798": "ISO/IEC 19798", "24711": "ISO/IEC 24711"}
MOST_YIELD = 2_000_000
LABELS = "labels"
"""The file of words before codes and serial numbers."""


class Size(StrEnum):
    STANDARD = "standard"
    HIGH = "high"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One order code. `rated_yield` is in `unit`, and stays None where the maker names none."""

    number: str
    maker: str
    type: SupplyType
    color: str | None = None
    rated_yield: int | None = None
    unit: str = "pages"
    measured: str | None = None
    family: str = ""
    size: Size | None = None
    regions: tuple[str, ...] = ()
    genuine: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Parts for the same models."""

    name: str
    maker: str
    brands: tuple[str, ...]
    fits: tuple[str, ...]
    """Names of models; "M452*" fits M452, M452dn and M452nw."""
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What the codes of a maker look like. `sure`: unmistakable wherever it stands; else only on the maker's own
    devices (`vendors`, keys of mibs/vendors) or beside one of its names (`names`). `says` is an example."""

    maker: str
    code: re.Pattern[str]
    sure: bool
    vendors: frozenset[str]
    names: re.Pattern[str]
    says: str
    means: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Words before a code or a serial number; a group holds what follows them. `nothing`: words for "none"."""

    code: re.Pattern[str]
    serial: re.Pattern[str]
    nothing: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplies:
    """All of mibs/supplies."""

    parts: Mapping[str, tuple[Part, ...]]
    """By plain number. Two makers may use the same one: TN-321C is a cartridge of Brother and another of Konica."""
    families: tuple[Family, ...]
    forms: tuple[Form, ...]
    labels: Labels
    phrases: tuple[Phrase, ...]
    _vendors: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def part(self, number: str | None, maker: str | None = None) -> Part | None:
        """What is known of an order code; case, blanks and hyphens do not matter. None where two makers use it, and
        it is not said whose it is."""
        found = self.parts.get(plain_number(number), ()) if number else ()
        if len(found) > 1:
            found = tuple(part for part in found if maker and part.maker.lower() == maker.lower())
        return found[0] if len(found) == 1 else None

    def vendors_of(self, maker: str) -> frozenset[str]:
        """Keys of mibs/vendors whose devices take this maker's parts."""
        return self._vendors.get(maker, frozenset())

    def alternatives(self, part: Part) -> tuple[Part, ...]:
        """What goes into the same slot: other sizes, and the names of the same cartridge in other regions."""
        return tuple(
            other
            for family in self.families
            if part in family.parts
            for other in family.parts
            if other != part and (other.type, other.color) == (part.type, part.color)
        )

    def suggested(
        self, model: str | None, type_: str, color: str | None = None, *, maker: str | None = None
    ) -> tuple[Part, ...]:
        """The parts that fit this slot of this model. From the catalogue, not from the device: never a fact."""
        found = (
            part
            for family in self.families
            if model and _made_by(family, maker) and any(_fit(text).search(model) for text in family.fits)
            for part in family.parts
            if part.type == type_ and part.color == color
        )
        return tuple(dict.fromkeys(found))


def plain_number(number: str) -> str:
    """An order code as it is looked up."""
    return re.sub(r"[\s\-]", "", number).upper()


def _made_by(family: Family, maker: str | None) -> bool:
    return maker is None or maker.lower() in {name.lower() for name in (family.maker, *family.brands)}


# Rows

_FILE_KEYS = {"maker", "vendors", "brands", "genuine", "form", "family"}
_FORM_KEYS = {"code", "sure", "says", "means"}
_FAMILY_KEYS = {"name", "fits", "type", "color", "measured", "unit", "parts"}
_PART_KEYS = {"code", "type", "color", "yield", "size", "region"}
_CODE = re.compile(r"(?=.*\d)[A-Z0-9][A-Z0-9 ./\-]{1,23}[A-Z0-9]")


def read_supplies(root: Traversable | Layers) -> Supplies:
    """Every row of the folder "supplies". SettingsError names file and line of the first wrong one."""
    files = folder(root, "supplies")
    special = {file.key: file for file in files if file.key in (ORIGIN, LABELS)}
    if missing := {ORIGIN, LABELS} - special.keys():
        raise SettingsError(f"mibs/supplies/{min(missing)}.toml is missing")
    makers = [file for file in files if file.key not in special]
    families: list[Family] = []
    parts: dict[str, tuple[Part, ...]] = {}
    claimed: dict[tuple[str, str], str] = {}
    for file in makers:
        file.only(file.rows, _FILE_KEYS)
        if not isinstance(file.rows.get("maker"), str):
            raise file.wrong("", "needs a maker")
        for row in file.rows.get("family", ()):
            family = _family(file, row)
            families.append(family)
            for part in family.parts:
                plain = plain_number(part.number)
                if before := claimed.get((plain, part.maker)):
                    why = f"this code is claimed by {before} already"
                    raise file.wrong(part.number, why, at=_place(part.number), last=True)
                parts[plain] = (*parts.get(plain, ()), part)
                claimed[plain, part.maker] = f"{file.name}, {family.name}"
    return Supplies(
        parts=parts,
        families=tuple(families),
        forms=tuple(form for file in makers for form in _forms(file)),
        labels=_labels(special[LABELS]),
        phrases=tuple(read_phrases(special[ORIGIN])),
        _vendors={file.rows["maker"]: frozenset(file.rows.get("vendors", ())) for file in makers},
    )


def _family(file: File, row: Mapping[str, Any]) -> Family:
    file.only(row, _FAMILY_KEYS)
    name = row.get("name")
    if not isinstance(name, str) or not row.get("parts"):
        raise file.wrong(str(name or ""), "a family needs a name and parts")
    if (measured := row.get("measured")) not in (None, *MEASURES):
        raise file.wrong(f'"{measured}"', f"no such measure (known: {', '.join(MEASURES)})")
    common = {key: row[key] for key in ("type", "color", "unit") if key in row}
    parts = tuple(_part(file, {**common, **part}, name, measured) for part in row["parts"])
    return Family(
        name=name,
        maker=file.rows["maker"],
        brands=tuple(file.rows.get("brands", ())),
        fits=tuple(row.get("fits", ())),
        parts=parts,
    )


def _part(file: File, row: Mapping[str, Any], family: str, measured: str | None) -> Part:
    code = str(row.get("code", ""))

    def wrong(why: str) -> SettingsError:
        return file.wrong(code, why, at=_place(code))

    def known(key: str, words: Collection[str], value: str | None) -> None:
        if value not in (None, *words):
            raise wrong(f"no such {key}: {value} (known: {', '.join(sorted(words))})")

    if not _CODE.fullmatch(code):
        raise wrong("a code has capitals and digits, and at least one digit")
    for key in row.keys() - _PART_KEYS - {"unit"}:
        raise wrong(f"unknown key {key} (known: {', '.join(sorted(_PART_KEYS))})")
    known("type", set(SupplyType), row.get("type", ""))
    known("color", COLORS, row.get("color"))
    known("size", set(Size), row.get("size"))
    known("unit", UNITS, row.get("unit"))
    regions = tuple(str(row.get("region", "")).split())
    for region in regions:
        known("region", REGIONS, region)
    rated = row.get("yield")
    if rated is not None and (type(rated) is not int or not 0 < rated <= MOST_YIELD):
        raise wrong(f"yield is a whole number above 0, or left out; not {rated!r}")
    return Part(
        number=code,
        maker=file.rows["maker"],
        type=SupplyType(row["type"]),
        color=row.get("color"),
        rated_yield=rated,
        unit=row.get("unit", "pages"),
        measured=MEASURES[measured] if measured and rated and row["type"] in ("toner", "ink") else None,
        family=family,
        size=Size(row["size"]) if "size" in row else None,
        regions=regions,
        genuine=bool(file.rows.get("genuine", True)),
    )


def _place(code: str) -> str:
    return rf'code\s*=\s*"{re.escape(code)}"'


@lru_cache(maxsize=4_096)
def _fit(text: str) -> re.Pattern[str]:
    """Without the star only the name itself. Blanks and hyphens may be absent. Compiled when first asked for."""
    plain, star, _ = text.partition("*")
    name = re.sub(r"(?:\\-|\\ |-| )+", r"[\\s\\-]?", re.escape(plain))
    return re.compile(rf"(?<![a-z0-9]){name}{'[a-z]*' if star else ''}(?![a-z0-9])", re.IGNORECASE)


def _forms(file: File) -> Iterator[Form]:
    names: Iterable[str] = (file.rows["maker"], *file.rows.get("brands", ()))
    for row in file.rows.get("form", ()):
        file.only(row, _FORM_KEYS)
        try:
            code = re.compile(rf"(?<![A-Za-z0-9])(?:{row['code']})(?![A-Za-z0-9])")
        except (KeyError, re.error) as error:
            raise file.wrong(str(row.get("code", "form")), f"not a regular expression: {error}") from error
        yield Form(
            maker=file.rows["maker"],
            code=code,
            sure=bool(row.get("sure", False)),
            vendors=frozenset(file.rows.get("vendors", ())),
            names=file.words(names),
            says=row.get("says", ""),
            means=row.get("means"),
        )


def _labels(file: File) -> Labels:
    file.only(file.rows, {"code", "serial", "nothing"})
    for group in ("code", "serial"):
        file.patterns(file.rows.get(group, ()))
    code, serial = ("|".join(file.rows[group]) for group in ("code", "serial"))
    return Labels(
        code=_labelled(code),
        # Xerox glues the number to the label, behind a semicolon.
        serial=re.compile(rf"{_labelled(serial).pattern}|[;,]\s*SN([A-Z0-9][A-Z0-9\-]{{0,40}})", re.IGNORECASE),
        nothing=frozenset(file.rows.get("nothing", ())),
    )


def _labelled(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9])(?:{words})[\s:：#=_.]+([A-Z0-9][A-Z0-9\-]{{0,40}})?", re.IGNORECASE)
