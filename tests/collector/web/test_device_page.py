"""The device page draws what is known, and never more."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from tests.collector.web.conftest import Visitor


async def test_each_kind_of_level_has_its_own_words(visitor: Visitor) -> None:
    page = await visitor.page(visitor.gallery.paths()["device-levels"])
    rows = [" ".join(row.text.split()) for row in page.all("li", "supply")]
    for words in (
        "Black toner: 61%",
        "Cyan toner: 40–60%, in steps of 20",
        "Magenta toner: some left, amount not reported",
        "Yellow toner: low, amount not reported",
        "Staples: empty",
        "Drum unit: ?, not reported",
        "Waste box: 70%, full, not left",
        "Waste box: ?, how full cannot be told",
        "Fuser unit: 35%",
    ):
        assert sum(words in row for row in rows) == 1, words
    # What carries no number shows none: neither 0 nor 50.
    for name in ("Magenta", "Yellow", "Drum"):
        (row,) = [row for row in rows if name in row]
        assert not re.search(r"\d", row.replace("Black Toner", "").partition("read")[0]), row


@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_drawings_are_well_formed_and_named(visitor: Visitor, lang: str) -> None:
    seen = 0
    for name in ("device-levels", "device-hero", "device-hostile", "fleet", "overview", "order"):
        html = (await visitor.get(visitor.gallery.paths()[name], lang=lang)).text
        for drawing in outer(html):
            tree = ElementTree.fromstring(drawing)
            titles = [e.text for e in tree.iter("title")]
            assert titles, drawing
            assert all(titles), drawing
            seen += 1
    assert seen > 40


def outer(html: str) -> list[str]:
    """The drawings that have a name, each with the ones inside it."""
    found, depth, start = [], 0, 0
    for tag in re.finditer(r"<svg\b[^>]*>|</svg>", html):
        if tag.group() == "</svg>":
            depth -= 1
            if depth == 0 and 'role="img"' in html[start : start + 300].partition(">")[0]:
                found.append(html[start : tag.end()])
        else:
            start = tag.start() if depth == 0 else start
            depth += 1
    return found


async def test_the_history_shows_swaps_gaps_and_numbers(visitor: Visitor) -> None:
    path = visitor.gallery.paths()["device-hero"]
    page = await visitor.page(path)
    assert "Black toner over time" in page.html
    assert "1 new cartridge." in page.html
    # One change, drawn broad and narrow and named beside them.
    assert page.html.count('class="swap"') == 3
    assert [e.text for e in page.all("ul", "key")] == ["new cartridgenot known"]
    assert 'class="gap"' in page.html
    assert "Pages a day" in page.html
    chips = {e.text: e.attrs["href"] for e in page.all("a", "chip")}
    cyan = await visitor.page(chips["Cyan toner"].partition("#")[0])
    assert "Cyan toner over time" in cyan.html
    assert "Black toner over time" not in cyan.html
    (days,) = [e for e in cyan.all("caption") if e.text.startswith("Pages")]
    assert days.text == "Pages a day"


async def test_a_silent_device_says_since_when_and_why(visitor: Visitor) -> None:
    page = await visitor.page(visitor.gallery.paths()["device-silent"])
    assert "This device should talk and does not." in page.html
    assert "no answer to SNMP and IPP at 10.0.0.19 for 3 rounds." in page.html
    assert all("is-stale" in row.classes for row in page.all("li", "supply"))


@pytest.mark.parametrize("name", ["silent", "levels"])
async def test_a_history_ends_where_the_device_was_heard_last(visitor: Visitor, name: str) -> None:
    """Both were heard for some minutes at the ends of four weeks; no line may lead from one end to the other."""
    page = await visitor.page(visitor.gallery.paths()[f"device-{name}"])
    (line, _) = re.findall(r'<path class="line" d="([^"]+)"', page.html)
    for run in line.split("M")[1:]:
        across = [float(point.split()[0]) for point in run.split("L")]
        assert across[-1] - across[0] < 10
    assert "Not known in 1 stretch." in page.html
    assert "not known" in page.all("figure")[0].text


async def test_a_level_in_steps_is_a_span_in_its_history_too(visitor: Visitor) -> None:
    page = await visitor.page(visitor.gallery.paths()["device-levels"] + "?supply=toner-cyan")
    figure = page.all("figure")[0]
    assert "From 40–60% to 40–60%." in figure.text
    assert "the device speaks in steps of 20" in figure.text
    assert 'class="line"' not in page.html


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("projector", ["Projector · Bolt", "Lamp"]),
        ("scanner", ["Scanner · Acme", "This device names none.", "Scanned"]),
        ("labels", ["Label printer", "61,613", "some left"]),
        ("stranger", ["Not identified", "10.0.0.23", "Nothing is known of them"]),
        ("asleep", ["Asleep", "44%"]),
        ("jammed", ["Front desk", "Paper jam", "Open rear cover", "LaserThing 4000"]),
        ("hero", ["A4", "310", "Firmware", "1.14", "Copied"]),
    ],
)
async def test_every_kind_of_device_has_its_page(visitor: Visitor, name: str, words: list[str]) -> None:
    page = await visitor.page(visitor.gallery.paths()[f"device-{name}"])
    text = " ".join(page.all("main")[0].text.split())
    for word in words:
        assert word in text, (name, word)
