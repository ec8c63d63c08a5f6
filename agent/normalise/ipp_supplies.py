"""Supplies as IPP tells them: printer-supply (PWG 5100.13) or the marker-* lists of CUPS, read together."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from agent.ipp.raw import IppRaw
from agent.normalise import vocabulary
from agent.normalise.pairs import pairs_of, unglued, whole_number
from agent.normalise.parts import Reader
from agent.normalise.supplies import PERCENT, level_of
from fleet.kit.text import clean_or_none
from fleet.supply import Direction, Empty, Exact, Level, LowOnly, SomeLeft, SupplyReading, SupplyType, Unknown

MOST = 64

_TYPES: Mapping[str, SupplyType] = {
    "toner": SupplyType.TONER, "tonercartridge": SupplyType.TONER, "ink": SupplyType.INK,
    "inkcartridge": SupplyType.INK, "inkribbon": SupplyType.RIBBON, "ribbonwax": SupplyType.RIBBON,
    "solidwax": SupplyType.INK, "wastetoner": SupplyType.WASTE, "wasteink": SupplyType.WASTE,
    "wastewax": SupplyType.WASTE, "wastewater": SupplyType.WASTE, "wastepaper": SupplyType.WASTE,
    "opc": SupplyType.DRUM, "developer": SupplyType.DEVELOPER, "fuser": SupplyType.FUSER,
    "fuseroil": SupplyType.FUSER, "fuseroilwick": SupplyType.FUSER, "fuseroiler": SupplyType.FUSER,
    "fusercleaningpad": SupplyType.CLEANER, "coronawire": SupplyType.CLEANER, "cleanerunit": SupplyType.CLEANER,
    "transferunit": SupplyType.TRANSFER, "staples": SupplyType.STAPLES, "maintenancekit": SupplyType.MAINTENANCE_KIT,
}  # fmt: skip
_UNITS: Mapping[str, str] = {
    "percent": "percent", "19": "percent", "impressions": "impressions", "7": "impressions", "sheets": "sheets",
    "8": "sheets", "hours": "hours", "11": "hours", "tenthsofgrams": "tenths-of-grams", "13": "tenths-of-grams",
    "tenthsofmilliliters": "tenths-of-milliliters", "15": "tenths-of-milliliters", "items": "items", "18": "items",
    "micrometers": "micrometers", "4": "micrometers", "feet": "feet", "16": "feet", "meters": "meters",
    "17": "meters", "thousandthsofounces": "thousandths-of-ounces", "12": "thousandths-of-ounces",
    "hundrethsoffluidounces": "hundredths-of-fluid-ounces", "14": "hundredths-of-fluid-ounces",
}  # fmt: skip
_HUES = ((0, "red"), (60, "yellow"), (120, "green"), (180, "cyan"), (240, "blue"), (300, "magenta"), (360, "red"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marker:
    """One column of the marker-* lists."""

    name: str | None = None
    type: str | None = None
    color: str | None = None
    level: int | None = None
    low: int | None = None
    high: int | None = None


def supplies_of(raw: IppRaw, names: Reader) -> tuple[SupplyReading, ...] | None:
    """The supplies, from printer-supply where the printer has it; None where it speaks of none at all."""
    markers = _markers(raw)
    rows = [pairs_of(text) for text in raw.texts("printer-supply")[:MOST]]
    if any("level" in row or "type" in row for row in rows):
        descriptions = [clean_or_none(unglued(text)) for text in raw.texts("printer-supply-description")]
        return tuple(
            _from_row(
                place,
                row,
                descriptions[place] if len(descriptions) == len(rows) else None,
                markers[place] if len(markers) == len(rows) else _Marker(),
                names,
            )
            for place, row in enumerate(rows)
        )
    if markers:
        return tuple(_from_marker(place, marker, names) for place, marker in enumerate(markers))
    return None


def _markers(raw: IppRaw) -> list[_Marker]:
    names, types, colors = raw.texts("marker-names"), raw.texts("marker-types"), raw.texts("marker-colors")
    levels, lows, highs = (raw.numbers(f"marker-{which}") for which in ("levels", "low-levels", "high-levels"))
    size = min(MOST, max(len(names), len(types), len(levels)))
    # Lists of other lengths cannot be laid side by side: which value is missing is not known.
    names, types, colors = (column if len(column) == size else () for column in (names, types, colors))
    levels, lows, highs = (column if len(column) == size else () for column in (levels, lows, highs))
    return [
        _Marker(
            name=clean_or_none(names[i]) if names else None,
            type=types[i] if types else None,
            color=colors[i] if colors else None,
            level=levels[i] if levels else None,
            low=lows[i] if lows else None,
            high=highs[i] if highs else None,
        )
        for i in range(size)
    ]


def _from_row(
    place: int, row: Mapping[str, str], description: str | None, marker: _Marker, names: Reader
) -> SupplyReading:
    text = description or marker.name
    named = names(text)
    kind = _type(row.get("type"), text)
    level, capacity = whole_number(row.get("level")), whole_number(row.get("maxcapacity"))
    unit = _UNITS.get(_squashed(row.get("unit")))
    filled = "filled" in row.get("class", "").lower() or row.get("class") == "4" or kind is SupplyType.WASTE
    return SupplyReading(
        index=str(place + 1),
        type=kind,
        level=level_of(level, capacity, PERCENT if unit == "percent" else None),
        direction=Direction.FILLED if filled else Direction.CONSUMED,
        color=_color(kind, row.get("colorantname"), text, marker.color),
        description=text,
        raw_level=level,
        raw_max=capacity,
        unit=unit,
        part_number=named.part_number,
        cartridge_serial=named.cartridge_serial,
    )


def _from_marker(place: int, marker: _Marker, names: Reader) -> SupplyReading:
    named = names(marker.name)
    kind = _type(marker.type, marker.name)
    waste = kind is SupplyType.WASTE
    return SupplyReading(
        index=str(place + 1),
        type=kind,
        # Servers disagree whether a waste marker counts what is in or what still fits.
        level=Unknown() if waste else level_of(marker.level, None, PERCENT),
        direction=Direction.FILLED if waste else Direction.CONSUMED,
        color=_color(kind, None, marker.name, marker.color),
        description=marker.name,
        raw_level=marker.level,
        unit="percent",
        part_number=named.part_number,
        cartridge_serial=named.cartridge_serial,
        fullness=_fullness(marker) if waste else None,
    )


def _fullness(marker: _Marker) -> Level | None:
    """A warning mark at the top and none at the bottom says that the number counts what is in the box."""
    if marker.level is None or not 0 <= marker.level <= 100:
        return None
    return (
        Exact(percent=marker.level) if marker.low == 0 and marker.high is not None and 0 < marker.high < 100 else None
    )


def _type(word: str | None, text: str | None) -> SupplyType:
    told = _TYPES.get(_squashed(word))
    refined = vocabulary.type_in(text)
    if told in (SupplyType.TONER, SupplyType.INK) and refined is SupplyType.WASTE:
        return SupplyType.WASTE
    if told is SupplyType.TONER and refined is SupplyType.DRUM:
        return SupplyType.DRUM
    return told or refined or SupplyType.OTHER


def _squashed(word: str | None) -> str:
    return re.sub(r"[^a-z0-9]", "", (word or "").lower())


def _color(kind: SupplyType, colorant: str | None, text: str | None, code: str | None) -> str | None:
    """By the colorant's name, then by the words of the description, then by the hue of the colour code."""
    named = vocabulary.color_in(colorant) or vocabulary.color_in(text)
    if named or kind is SupplyType.WASTE:
        return named
    return _hue(code)


def _hue(code: str | None) -> str | None:
    """The colour nearest to one #RRGGBB; devices write other shades than the pure ones. None for several."""
    found = re.fullmatch(r"#([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})", (code or "").strip())
    if not found:
        return None
    hue, saturation, value = colorsys.rgb_to_hsv(*(int(part, 16) / 255 for part in found.groups()))
    if saturation < 0.25:
        return "black" if value < 0.25 else "gray" if value < 0.9 else "white"
    return min(_HUES, key=lambda pair: abs(pair[0] - hue * 360))[1]


def with_words(supplies: tuple[SupplyReading, ...], causes: frozenset[str]) -> tuple[SupplyReading, ...]:
    """Where a single toner or ink has no number, the words "low" and "empty" of the printer can only mean that one."""
    printing = [s for s in supplies if s.type in (SupplyType.TONER, SupplyType.INK)]
    if len(printing) != 1 or not isinstance(printing[0].level, Unknown | SomeLeft):
        return supplies
    if causes & {"toner-empty", "ink-empty"}:
        level: Level = Empty()
    elif causes & {"toner-low", "ink-low"}:
        level = LowOnly()
    else:
        return supplies
    return tuple(replace(s, level=level) if s is printing[0] else s for s in supplies)
