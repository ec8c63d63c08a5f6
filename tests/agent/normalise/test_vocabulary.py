# ruff: noqa: E501
"""What words of supplies mean in the languages that devices speak, and where they mean nothing."""

from __future__ import annotations

import pytest

from agent.normalise.vocabulary import color_in, type_in


@pytest.mark.parametrize(
    ("color", "texts"),
    [
        (
            "black",
            "Black Toner|Tonerkassette Schwarz|Kasetti, musta|Fekete festék|Чёрный тонер|čern\u00e1|黒|검정|黑色|Toner (K)|BK",
        ),
        ("cyan", "Cyan|голубой|azurov\u00e1|ciánkék|青|シアン|시안|Drum [C]|Toner C|C Toner"),
        ("magenta", "Magenta|пурпурный|bíborvörös|purpurow|品红|마젠타|Vivid Magenta"),
        ("yellow", "Yellow|żółty|žlutá|sárga|keltainen|жёлтый|黄|노랑|gul"),
        ("photo-black", "Photo Black|PBK"),
        ("matte-black", "Matte Black|MBK"),
        ("gray", "Gray|Light Black"),
        ("light-gray", "Light Light Black|Light Gray"),
        ("light-magenta", "Vivid Light Magenta"),
        (
            None,
            "Cyan, Magenta, Yellow drum|Black/Color Drum|CMY Drum|Black and White|Colored Toner|Blacklight|Gulf|none||Mustard",
        ),
    ],
)
def test_a_colour_is_told_by_its_word_and_never_among_several(color: str | None, texts: str) -> None:
    assert {text: color_in(text) for text in texts.split("|")} == dict.fromkeys(texts.split("|"), color)


@pytest.mark.parametrize(
    ("type_", "texts"),
    [
        (
            "waste",
            "Waste Toner Box|Resttonerbehälter|Tonersamler|Bac de récupération de toner|Contenitore toner di scarto",
        ),
        (
            "waste",
            "Depósito de tóner residual|Tonerafvalbak|Toner Collection Unit|Ink Collector|Maintenance Box|廃トナーボックス",
        ),
        ("toner", "Tonerkassette|Cartuccia toner|トナー|Тонер-картридж"),
        ("ink", "Inchiostro nero|Tinta|Encre noire|Tintenpatrone"),
        ("drum", "Tamburo|Fotoconductor|Bildtrommel|ドラム|Image Drum Unit"),
        ("fuser", "Unité de fusion|Unidad de fusor|Fixiereinheit|定着ユニット"),
        ("maintenance-kit", "Kit d'entretien|Kit de mantenimiento|ADF Maintenance Kit"),
        ("staples", "Grapas|Agrafes|Staple Cartridge"),
        (None, "Controller|drinking|Printhead"),
    ],
)
def test_a_type_is_told_by_its_word(type_: str | None, texts: str) -> None:
    """A waste box above all: taken for toner, it would be ordered as one."""
    assert {text: type_in(text) for text in texts.split("|")} == dict.fromkeys(texts.split("|"), type_)
