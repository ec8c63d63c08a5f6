"""Order codes: the rows are sound and many, a wrong one is named by file and line, and a suggestion stays one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import mibs
from fleet.errors import SettingsError
from fleet.supply import SupplyType
from mibs.catalogue import load
from mibs.part import Part, Size, read_supplies

SUPPLIES = load().supplies
PARTS = [part for parts in SUPPLIES.parts.values() for part in parts]
HEAD = 'maker = "Zorgle"\n[[family]]\nname = "Z1"\ntype = "toner"\n'


def numbers(parts: tuple[Part, ...]) -> list[str]:
    return [part.number for part in parts]


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    shutil.copytree(Path(mibs.__file__).parent / "supplies", tmp_path / "supplies")
    return tmp_path


def test_the_catalogue_holds_many_codes_of_many_makers() -> None:
    makers = {part.maker for part in PARTS}
    assert len(PARTS) >= 1_500
    assert {"HP", "Brother", "Canon", "Epson", "Kyocera", "Ricoh", "Konica Minolta", "Xerox", "Lexmark", "Samsung",
            "Oki", "Sharp", "Pantum", "Toshiba", "Dell", "Utax", "Lenovo"} <= makers  # fmt: skip
    assert {part.type for part in PARTS} >= {
        SupplyType.TONER, SupplyType.INK, SupplyType.DRUM, SupplyType.WASTE, SupplyType.FUSER, SupplyType.TRANSFER,
        SupplyType.MAINTENANCE_KIT, SupplyType.LAMP, SupplyType.RIBBON,
    }  # fmt: skip


def test_yields_are_plausible_for_their_kind() -> None:
    for part in PARTS:
        if part.rated_yield is not None:
            assert 100 <= part.rated_yield <= 600_000, part
            assert part.type is not SupplyType.TONER or part.rated_yield <= 100_000, part
        if part.type in (SupplyType.WASTE, SupplyType.FUSER, SupplyType.MAINTENANCE_KIT):
            assert part.color is None, part


def test_a_larger_size_of_the_same_slot_lasts_longer() -> None:
    order = {None: 0, Size.STANDARD: 0, Size.HIGH: 1, Size.EXTRA: 2}
    for part in PARTS:
        for other in SUPPLIES.alternatives(part):
            if part.regions == other.regions and part.rated_yield and other.rated_yield:
                assert order[part.size] >= order[other.size] or part.rated_yield <= other.rated_yield, (part, other)


def test_a_code_is_known_however_it_is_written() -> None:
    found = SUPPLIES.part("tn 2420")
    assert found is not None
    assert (found.number, found.maker, found.rated_yield, found.measured) == (
        "TN-2420",
        "Brother",
        3000,
        "ISO/IEC 19752",
    )
    assert SUPPLIES.part("TN-99999") is None
    assert SUPPLIES.part(None) is None


def test_a_code_of_two_makers_is_told_apart_by_the_maker_only() -> None:
    assert SUPPLIES.part("TN-321C") is None
    brother, konica = SUPPLIES.part("TN-321C", "Brother"), SUPPLIES.part("TN-321C", "konica minolta")
    assert brother
    assert konica
    assert (brother.rated_yield, konica.rated_yield) == (1500, 25000)


def test_alternatives_are_other_sizes_and_the_names_of_other_regions() -> None:
    part = SUPPLIES.part("TN-2325")
    assert part
    assert {"TN-2312", "TN-2320", "TN-660"} <= set(numbers(SUPPLIES.alternatives(part)))
    assert "DR-2350" not in numbers(SUPPLIES.alternatives(part))
    assert {p.color for p in SUPPLIES.alternatives(part)} == {"black"}


@pytest.mark.parametrize(
    ("maker", "model", "type_", "color", "found"),
    [
        ("Konica Minolta", "bizhub C250i", "toner", "cyan", ["TN-328C"]),
        ("Konica Minolta", "bizhub C250", "toner", "cyan", []),
        ("Sharp", "MX-3570N", "toner", "magenta", ["MX-61GTMA"]),
        ("HP", "LaserJet 400 MFP M425dn", "toner", "black", ["CF280A", "CF280X"]),
        ("HP", "Color LaserJet Pro M252dw", "toner", "yellow", ["CF402A", "CF402X"]),
        ("Brother", "MFC-L2710DW", "drum", None, ["DR-2400", "DR-730", "DR-2455"]),
        ("Kyocera", "ECOSYS M2040dn", "drum", None, ["DK-1150"]),
        ("Xerox", "AltaLink C8045", "waste", None, ["008R13061"]),
        ("Zorgle", "M425dn", "toner", "black", []),
        (None, "", "toner", "black", []),
        (None, None, "toner", "black", []),
    ],
)
def test_what_the_catalogue_would_put_into_a_slot(
    maker: str | None, model: str | None, type_: str, color: str | None, found: list[str]
) -> None:
    assert numbers(SUPPLIES.suggested(model, type_, color, maker=maker)) == found


def test_a_longer_number_is_another_model() -> None:
    assert numbers(SUPPLIES.suggested("LaserJet M4020", "toner", "black", maker="HP")) == []
    assert numbers(SUPPLIES.suggested("LaserJet M402n", "toner", "black", maker="HP")) == ["CF226A", "CF226X"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('maker = "Zorgle"\ncolour = "red"\n', r"zorgle\.toml, line 2: colour: unknown key"),
        ('vendors = ["hp"]\n', r"zorgle\.toml, line 1.*needs a maker"),
        (
            HEAD + 'parts = [\n  { code = "Z-100", colour = "black" },\n]\n',
            r"zorgle\.toml, line 6: Z-100: unknown key colour",
        ),
        (HEAD + 'parts = [{ code = "Z1 ", yield = 5 }]\n', r"zorgle\.toml, line 5.*code has capitals"),
        (HEAD + 'parts = [{ code = "ZORGLE" }]\n', r"zorgle\.toml, line 5.*at least one digit"),
        (HEAD + 'parts = [{ code = "Z-100", type = "soup" }]\n', r"line 5: Z-100: no such type: soup"),
        (HEAD + 'parts = [{ code = "Z-100", color = "mauve" }]\n', r"line 5: Z-100: no such color: mauve"),
        (HEAD + 'parts = [{ code = "Z-100", yield = "2000" }]\n', r"line 5: Z-100: yield is a whole number"),
        (HEAD + 'parts = [{ code = "Z-100", yield = true }]\n', r"line 5: Z-100: yield is a whole number"),
        (HEAD + 'parts = [{ code = "Z-100", yield = 0 }]\n', r"line 5: Z-100: yield is a whole number"),
        (HEAD + 'parts = [{ code = "Z-100", size = "huge" }]\n', r"line 5: Z-100: no such size: huge"),
        (HEAD + 'parts = [{ code = "Z-100", region = "eu mars" }]\n', r"line 5: Z-100: no such region: mars"),
        (HEAD + "parts = []\n", r"line 3: Z1: a family needs a name and parts"),
        (HEAD + 'measured = "9001"\nparts = [{ code = "Z-100" }]\n', r'line 5: "9001": no such measure'),
        (HEAD + 'parts = [\n { code = "Z-100" },\n { code = "Z100" },\n]\n', r"line 7: Z100.*claimed by.*Z1 already"),
        ('maker = "Zorgle"\n[[form]]\ncode = "Z(\\\\d+"\n', r"zorgle\.toml, line \d.*not a regular expression"),
        ('maker = "Zorgle"\n[[form]]\nsure = true\n', r"zorgle\.toml.*not a regular expression"),
    ],
)
def test_a_wrong_row_is_named(rows: Path, text: str, said: str) -> None:
    (rows / "supplies" / "zorgle.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=said):
        read_supplies(rows)


def test_a_copy_of_another_maker_is_a_family_of_its_own(rows: Path) -> None:
    text = 'maker = "Zorgle"\ngenuine = false\n[[family]]\nname = "for 26A"\nfits = ["M402*"]\ntype = "toner"\n'
    path = rows / "supplies" / "zorgle.toml"
    path.write_text(text + 'parts = [{ code = "ZG-26A", color = "black" }]\n', "utf-8")
    supplies = read_supplies(rows)
    copy = supplies.part("ZG-26A")
    assert copy
    assert not copy.genuine
    assert all(part.genuine for part in supplies.suggested("M402dn", "toner", "black", maker="HP"))


def test_files_that_are_missing_are_named(rows: Path) -> None:
    (rows / "supplies" / "labels.toml").unlink()
    with pytest.raises(SettingsError, match=r"labels\.toml is missing"):
        read_supplies(rows)


def test_the_example_in_the_documents_is_a_sound_file(rows: Path) -> None:
    page = (Path(mibs.__file__).parents[1] / "docs" / "supplies.md").read_text("utf-8")
    (rows / "supplies" / "zorgle.toml").write_text(page.partition("```toml\n")[2].partition("```")[0], "utf-8")
    supplies = read_supplies(rows)
    assert numbers(supplies.suggested("Z402dn", "toner", "black", maker="Zorgle Pro")) == [
        "ZT-260",
        "ZT-260X",
        "ZT-261",
    ]
    form = next(form for form in supplies.forms if form.maker == "Zorgle")
    assert form.code.search(form.says)
