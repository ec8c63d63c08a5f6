"""Order codes and cartridge serials in descriptions: found where they stand, and nothing where there is none."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent.normalise.parts import Named, reader
from mibs.catalogue import Vendor, load
from mibs.part import Form, Part

CATALOGUE = load()
VENDORS = {vendor.key: vendor for vendor in CATALOGUE.vendors}
ANYBODY: tuple[Vendor | None, ...] = (None, *CATALOGUE.vendors)
PARTS = [part for parts in CATALOGUE.supplies.parts.values() for part in parts]


def named(text: str, vendor: str | None = None, model: str | None = None) -> Named:
    return reader(CATALOGUE, VENDORS[vendor] if vendor else None, model)(text)


@pytest.mark.parametrize(
    ("vendor", "text", "number", "serial"),
    [
        ("hp", "Black Cartridge HP CF410A", "CF410A", None),
        ("hp", "Cartouche noire HP CF259X", "CF259X", None),
        ("hp", "Patrone Schwarz 508A HP CF360A", "CF360A", None),
        ("hp", "Black Managed Cartridge HP W9014MC", "W9014MC", None),
        ("hp", "Document Feeder Kit HP L2718A", "L2718A", None),
        ("hp", "Black Toner S/N:CRUM-210729A5BB3", None, "CRUM-210729A5BB3"),
        ("samsung", "Black Toner Cartridge S/N:CRUM-", None, None),
        ("samsung", "Black Toner S/N:CRUM-00000000000", None, None),
        ("samsung", "Fuser S/N:", None, None),
        ("xerox", "Black Toner_S/N_:CRUM-230512A4EFE", None, "CRUM-230512A4EFE"),
        ("xerox", "Black Toner, PN 006R01509;SN48178080E0000481", "006R01509", "48178080E0000481"),
        ("xerox", "Black Toner Cartridge, PN 106R03941, SN 1234", "106R03941", "1234"),
        ("xerox", "Fuser, PN unknown;SNunknown", None, None),
        (None, "Toner Cartridge, Phaser 4510, PN 113R00712", "113R00712", None),
        ("kyocera", "TK-1162", "TK-1162", None),
        ("kyocera", "Black TK-1170", "TK-1170", None),
        ("kyocera", "PK-3010", "PK-3010", None),
        ("brother", "Black Toner Cartridge (TN-247BK)", "TN-247BK", None),
        ("brother", "Drum Unit DR-2400 S/N: E12345A6", "DR-2400", "E12345A6"),
        ("canon", "Canon CRG119 Black Toner", "CRG119", None),
        ("canon", "Canon C-EXV 49 Black Toner", "C-EXV 49", None),
        ("lexmark", "Black Toner 62D2H00", "62D2H00", None),
        ("ricoh", "Print Cartridge Black 842255", "842255", None),
        ("oki", "Toner Cartridge OKI 45807106", "45807106", None),
        ("toshiba", "T-FC505E-K", "T-FC505E-K", None),
        ("epson", "Maintenance Box SJMB6000/6500", "SJMB6000/6500", None),
        ("pantum", "Toner Cartridge TL-410H", "TL-410H", None),
        (None, "黑色墨粉盒 部件号: W1350A 序列号: AB1234567", "W1350A", "AB1234567"),
        (None, "Tonerkartusche Artikelnummer 44574702, Seriennr. 87654321", "44574702", "87654321"),
    ],
)
def test_what_a_description_names(vendor: str | None, text: str, number: str | None, serial: str | None) -> None:
    assert named(text, vendor) == Named(part_number=number, cartridge_serial=serial)


@pytest.mark.parametrize(
    ("vendor", "text"),
    [
        ("epson", "Black Ink Supply Unit T9441/T9451/T9461"),
        ("canon", "Canon Cartridge 719/719H"),
        ("xerox", "Fuser Assembly, PN 008R13040/008R13041"),
        ("hp", "Fuser Kit HP 110V-Q7502A, 220V-Q7503A"),
    ],
)
def test_a_text_that_names_several_names_none(vendor: str, text: str) -> None:
    assert named(text, vendor).part_number is None


def test_a_number_that_only_one_maker_would_write_counts_only_on_its_devices() -> None:
    assert named("Toner 842255", "ricoh").part_number == "842255"
    assert named("Toner 842255", "brother").part_number is None
    assert named("Toner 20240131", "oki").part_number is None


def test_the_model_of_the_device_is_no_order_code() -> None:
    assert named("Toner ML-2010D3 X", "samsung", "ML-2010D3").part_number is None


@pytest.mark.parametrize("form", CATALOGUE.supplies.forms, ids=lambda form: f"{form.maker}:{form.means}")
def test_every_form_finds_the_code_in_its_own_example(form: Form) -> None:
    vendor = next((VENDORS[key] for key in sorted(form.vendors)), None)
    assert form.means
    assert reader(CATALOGUE, vendor)(form.says).part_number == form.means


def _on_its_device(part: Part) -> Vendor | None:
    return next((VENDORS[key] for key in sorted(CATALOGUE.supplies.vendors_of(part.maker))), None)


def test_every_code_of_the_catalogue_is_found_on_the_devices_of_its_maker() -> None:
    for part in PARTS:
        text = f"{part.maker} Toner {part.number}"
        assert reader(CATALOGUE, _on_its_device(part))(text).part_number == part.number, part


# Precision: what people write about supplies that names no code

WORDS = (
    "Toner", "Black Toner Cartridge", "Tonerkartusche Schwarz", "Cartouche de toner",
    "Cartucho de tóner negro", "Cartuccia", "Drum Unit", "Trommeleinheit", "Unité tambour",
    "Waste Toner Box", "Resttonerbehälter", "Bac récupérateur", "Fuser", "Fixiereinheit", "Transfer Belt",
    "Imaging Kit", "Maintenance Kit", "Tray", "Fach", "Bac", "Cassette", "ADF Roller", "Staple Cartridge",
    "Heftklammern", "墨粉盒", "碳粉", "硒鼓", "废粉盒", "定影单元", "黑色", "トナー", "ドラム", "Тонер",
    "Zásobník", "Kaseta",
    "Värikasetti", "Photoconductor", "PN", "S/N", "Serial Number", "Part", "Non-HP supply", "Genuine",
    "Refilled", "High Yield", "XL", "XXL", "Life", "OKI DATA CORP", "Standard", "Schwarz", "Noir", "Cyan",
    "K", "BK", "C/M/Y", "ISO", "A4", "A3", "B5", "Rev", "V2", "No.", "Nr.", "Type", "Modèle", "Color",
    "CMYK", "Set", "Pages", "Seiten", "unknown",
)  # fmt: skip
MODELS = (
    "HP LaserJet M404dn", "LaserJet 400 MFP M425dn", "OfficeJet Pro 9015", "DesignJet T610", "MFC-L2710DW",
    "DCP-T910DW", "HL-L8260CDW", "MFC-J6930DW", "ECOSYS M2040dn", "TASKalfa 2552ci", "FS-4200DN",
    "bizhub C250i", "bizhub 284e", "Aficio SP 3510DN", "IM C2500", "MP C3003", "WorkCentre 7845",
    "AltaLink C8045", "VersaLink C405", "Phaser 6510", "Apeos C7580", "MS810dn", "T652dn", "XC2235",
    "X748", "SCX-4521F", "ML-2010", "CLX-3305FW", "M4080FX", "MC873", "C332dn", "MX-3570N", "AR-5726",
    "BP-50C26", "e-STUDIO 2505AC", "P2509W", "M6700DW", "BM5100ADW", "LJ2605D", "M7400", "B1160w",
    "C1765nfw", "iR-ADV C3520", "LBP6670", "MF6100 Series", "imageRUNNER 2520", "WF-C5790BA", "L3150",
    "CW-C6500Au", "EB-685Wi", "KX-MB2000", "VPL-EX222", "P-C2650DW",
)  # fmt: skip


@example(words=["PN"], numbers=[1000], joint=" ", vendor=None)
@example(words=["Serial Number"], numbers=[1234], joint=": ", vendor=None)
@given(
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=5),
    numbers=st.lists(st.integers(0, 9999), max_size=2),
    joint=st.sampled_from((" ", ", ", ": ", ";", " - ", "/", " (")),
    vendor=st.sampled_from(ANYBODY),
)
def test_ordinary_descriptions_name_nothing(
    words: list[str], numbers: list[int], joint: str, vendor: Vendor | None
) -> None:
    text = joint.join([*words[:1], *(f"{number} %" for number in numbers), *words[1:]])
    assert reader(CATALOGUE, vendor)(text) == Named(), text


UNLABELLED = [word for word in WORDS if word not in ("PN", "S/N", "Serial Number")]


@given(model=st.sampled_from(MODELS), word=st.sampled_from(UNLABELLED), vendor=st.sampled_from(ANYBODY))
def test_names_of_printers_are_no_order_codes(model: str, word: str, vendor: Vendor | None) -> None:
    assert reader(CATALOGUE, vendor)(f"{word} {model}").part_number is None
    assert reader(CATALOGUE, vendor)(f"{model} {word}").part_number is None


@given(text=st.text(max_size=300), vendor=st.sampled_from(ANYBODY))
def test_nothing_is_found_that_the_text_does_not_say(text: str, vendor: Vendor | None) -> None:
    found = reader(CATALOGUE, vendor)(text)
    for value in (found.part_number, found.cartridge_serial):
        assert value is None or (value in text and any(c.isdigit() for c in value))
