# ruff: noqa: E501
"""IPP answers of typical devices, in the form of IPP Everywhere and in the older one, written by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from agent.ipp.message import Value
from fleet.supply import level_percent
from tests.agent.normalise.test_ipp import reading


@dataclass(frozen=True, kw_only=True)
class Said:
    """One answer and its truth: maker, model, kind, serial; type, colour, level and order code of each supply."""

    attributes: dict[str, Value | list[Value]]
    who: tuple[str | None, str | None, str, str | None]
    supplies: list[tuple[str, str | None, float | None, str | None]] = field(default_factory=list)


def markers(*rows: tuple[str, str, str, int]) -> dict[str, Value | list[Value]]:
    names, types, colors, levels = zip(*rows, strict=True)
    return {
        "marker_names": list(names),
        "marker_types": list(types),
        "marker_colors": list(colors),
        "marker_levels": list(levels),
    }


SAID: dict[str, Said] = {
    "lexmark": Said(
        attributes={"printer_make_and_model": "Lexmark MX622adhe", **markers(("Black Cartridge", "toner-cartridge", "#000000", 15), ("Photoconductor Unit", "opc", "none", 80), ("Waste", "waste-toner", "none", -3))},
        who=("Lexmark", "MX622adhe", "mfp", None),
        supplies=[("toner", "black", 15, None), ("drum", None, 80, None), ("waste", None, None, None)],
    ),
    "ricoh": Said(
        attributes={"printer_make_and_model": "RICOH IM C3000", **markers(("Black Toner", "toner", "#000000", -3), ("Cyan Toner", "toner", "#00FFFF", 40))},
        who=("Ricoh", "IM C3000", "mfp", None),
        supplies=[("toner", "black", None, None), ("toner", "cyan", 40, None)],
    ),
    "epson": Said(
        attributes={"printer_make_and_model": "EPSON WF-C5290 Series", "printer_device_id": "MFG:EPSON;CMD:ESCPL2;MDL:WF-C5290 Series;CLS:PRINTER;SN:583456313233343536;", **markers(("Black ink", "ink-cartridge", "#000000", 0), ("Maintenance Box", "waste-ink", "none", 50))},
        who=("Epson", "WF-C5290", "printer", "X4V123456"),
        supplies=[("ink", "black", 0, None), ("waste", None, None, None)],
    ),
    "konica": Said(
        attributes={"printer_make_and_model": "KONICA MINOLTA bizhub C308", "printer_supply": ["type=toner;maxcapacity=100;level=40;colorantname=CYAN;", "type=wasteToner;maxcapacity=-2;level=-3;unit=percent;"]},
        who=("Konica Minolta", "bizhub C308", "mfp", None),
        supplies=[("toner", "cyan", 40, None), ("waste", None, None, None)],
    ),
    "samsung": Said(
        attributes={"printer_make_and_model": "Samsung CLX-6260 Series", **markers(("Black Toner S/N:CRUM-12345678901", "toner", "#000000", 7))},
        who=("Samsung", "CLX-6260", "mfp", None),
        supplies=[("toner", "black", 7, None)],
    ),
    "zebra": Said(attributes={"printer_make_and_model": "Zebra ZD421-203dpi"}, who=("Zebra", "ZD421-203dpi", "label-printer", None)),
    "xerox": Said(
        attributes={"printer_make_and_model": "Xerox VersaLink C405DN", "printer_supply": ["type=toner;class=supplyThatIsConsumed;maxcapacity=100;level=-2;colorantname=BLACK"]},
        who=("Xerox", "VersaLink C405DN", "mfp", None),
        supplies=[("toner", "black", None, None)],
    ),
    "canon": Said(
        attributes={"printer_make_and_model": "Canon LBP226dw", **markers(("Cartridge", "tonerCartridge", "#000000", 60))},
        who=("Canon", "LBP226dw", "printer", None),
        supplies=[("toner", "black", 60, None)],
    ),
    "hp": Said(
        attributes={"printer_make_and_model": "HP Color LaserJet Pro MFP M479fdw", **markers(("Black Cartridge HP W2030A", "toner", "#000000", 100), ("Magenta Cartridge HP W2033X", "toner", "#FF00FF", 1))},
        who=("HP", "Color LaserJet Pro MFP M479fdw", "mfp", None),
        supplies=[("toner", "black", 100, "W2030A"), ("toner", "magenta", 1, "W2033X")],
    ),
    "hp, three inks in one": Said(
        attributes={"printer_make_and_model": "HP DeskJet 2700 series", **markers(("Color cartridge", "ink-cartridge", "#00FFFF#FF00FF#FFFF00", 50))},
        who=("HP", "DeskJet 2700", "printer", None),
        supplies=[("ink", None, 50, None)],
    ),
    "brother": Said(
        attributes={"printer_make_and_model": "Brother HL-L2350DW series", **markers(("BK", "toner", "#000000", -3))},
        who=("Brother", "HL-L2350DW", "printer", None),
        supplies=[("toner", "black", None, None)],
    ),
    "kyocera": Said(
        attributes={"printer_make_and_model": "TASKalfa 3253ci", "printer_device_id": "ID:FS;MFG:Kyocera;CMD:PCLXL;MDL:TASKalfa 3253ci;CLS:PRINTER;SER:VAB1234567;"},
        who=("Kyocera", "TASKalfa 3253ci", "mfp", "VAB1234567"),
    ),
    "nobody known": Said(attributes={"printer_make_and_model": "Local Raw Printer"}, who=(None, "Local Raw Printer", "printer", None)),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_what_a_device_says_is_read(name: str) -> None:
    said = SAID[name]
    found = reading(printer_state=3, **said.attributes)
    assert (found.identity.maker, found.identity.model, found.kind, found.identity.serial) == said.who
    told = [(s.type, s.color, level_percent(s.level), s.part_number) for s in found.supplies or ()]
    assert told == said.supplies
