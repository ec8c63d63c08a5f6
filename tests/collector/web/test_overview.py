"""The overview begins with what needs somebody, one line per cause."""

from __future__ import annotations

import asyncio
import re

import pytest

from tests.collector.web.conftest import Opening, Visitor
from tests.collector.web.gallery import Gallery
from tests.collector.web.markup import Markup
from tests.collector.web.test_decisions import held_order


def lines(page: Markup) -> list[str]:
    """What needs somebody, as buttons say it."""
    return [e.attrs["aria-label"] for e in page.all("a", "btn-sm")]


async def test_every_cause_has_one_line(visitor: Visitor) -> None:
    page = await visitor.page("/", "dispatcher")
    assert lines(page) == [
        "Diagnose: Paper jam: Front desk",
        "See why: Device silent: LaserThing 1000",
        "Decide: The device gives two page counts: SixKinds 600",
        "Decide: 2 mails did not leave for sure",
        "Decide: Fan fault: LaserThing 4100",
    ]
    assert page.h1 == "5 things need you"
    assert "8 of 14 devices are well." in page.html


async def test_the_number_beside_tickets_is_the_tickets_in_the_list(visitor: Visitor) -> None:
    """Also of a reader, and also those whose fault went by itself: somebody has to close them."""
    for who in ("viewer", "dispatcher"):
        page = await visitor.page("/", who)
        beside = {re.sub(r"[\d\s]", "", e.text): re.sub(r"\D", "", e.text) for e in page.all("a") if "href" in e.attrs}
        listed = {e.attrs["href"] for e in page.all("a", "btn-sm") if e.attrs["href"].startswith("/tickets/")}
        assert beside["Tickets"] == str(len(listed)) == "2", who
        assert page.h1 == f"{len(lines(page))} things need you"
        for words in ("One line for each open ticket", "Every device once, by its worst state"):
            assert words in page.html
        assert "The fault is gone: close the ticket or look why" in page.html


async def test_a_silent_agent_comes_before_its_devices(visitor: Visitor) -> None:
    """The owner sees both customers; the second one's agent says nothing, and its device has no line of its own."""
    silent = [line for line in lines(await visitor.page("/")) if line.startswith("See why")]
    assert silent == ["See why: Agent silent: agent-1", "See why: Device silent: LaserThing 1000"]


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    return Gallery(tmp_path_factory.mktemp("busy"), jammed=30)


async def test_the_number_is_right_where_the_list_ends(busy: Gallery, opening: Opening) -> None:
    visitor = await opening(busy, await asyncio.to_thread(busy.app))
    page = await visitor.page("/", "dispatcher")
    assert page.h1 == "35 things need you"
    assert len(lines(page)) == 16
    assert page.all("footer")[0].text == "19 more"


async def test_a_held_order_waits_for_somebody(worker: Visitor) -> None:
    await asyncio.to_thread(held_order, worker.gallery, "for the overview")
    page = await worker.page("/")
    assert len([line for line in lines(page) if line.startswith("Decide: An order is held: ")]) == 1
