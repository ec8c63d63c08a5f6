"""Lists: pages of them, filters, sort orders, and what stands there when nothing does."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.collector.office import office
from tests.collector.web.conftest import Opening, Visitor
from tests.collector.web.gallery import SCRIPT, Gallery
from tests.collector.web.markup import Markup


def titles(page: Markup) -> list[str]:
    """The linked names of the rows."""
    return [e.text for e in page.all("a") if e.attrs.get("href", "").startswith("/devices/dev_")]


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    return Gallery(tmp_path_factory.mktemp("crowded"), many=70)


async def test_many_devices_come_in_pieces(crowded: Gallery, opening: Opening) -> None:
    visitor = await opening(crowded, await asyncio.to_thread(crowded.app))
    first = await visitor.page("/devices?sort=title")
    assert len(titles(first)) == 50
    (more,) = [e.attrs["href"] for e in first.all("a") if e.text == "Next"]
    second = await visitor.page(more)
    assert len(titles(second)) == 35
    assert not set(titles(first)[1:]) & set(titles(second)[1:])
    assert [e.text for e in second.all("a") if e.text in ("Next", "From the start")] == ["From the start"]
    exported = (await visitor.get("/devices?format=csv")).text.splitlines()
    assert len(exported) == 1 + 85
    assert exported[0].startswith("\ufeffDevice,Kind,Maker")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("standing=silent", {"LaserThing 1000"}),
        ("standing=asleep", {"InkLine 900"}),
        ("kind=projector", {"BeamMaster W20"}),
        ("q=Meeting+room", {"BeamMaster W20"}),
        ("q=SN7000011", {"SixKinds 600"}),
        ("q=%3Cscript", {SCRIPT}),
        ("q=100%25", set()),
        ("kind=mfp&standing=look", {"ColourWorks 2000"}),
    ],
)
async def test_filters_find_what_they_say(visitor: Visitor, query: str, found: set[str]) -> None:
    page = await visitor.page(f"/devices?{query}", "technician")
    assert set(titles(page)) == found
    if not found:
        assert "No device is like that" in page.html


async def test_an_agent_s_devices_are_behind_its_number(visitor: Visitor) -> None:
    agents = await visitor.page("/agents", "dispatcher")
    (link,) = [e for e in agents.all("a") if e.attrs["href"].startswith("/devices?agent=")]
    assert link.text == "14"
    assert len(titles(await visitor.page(link.attrs["href"], "technician"))) == 14
    assert titles(await visitor.page("/devices?agent=none", "technician")) == []


@pytest.mark.parametrize(
    "query",
    [
        "sort=x",
        "cursor=x",
        "standing=x&kind=y&site=z",
        "q=" + "x" * 5000,
        "show=x",
        "state=x",
        "supply=x",
    ],
)
@pytest.mark.parametrize("path", ["/devices", "/orders", "/tickets", "/alerts", "/mails", "/agents"])
async def test_wrong_queries_are_harmless(visitor: Visitor, path: str, query: str) -> None:
    assert (await visitor.get(f"{path}?{query}")).status == 200


async def test_sorted_by_a_column_it_says_so(visitor: Visitor) -> None:
    up, down = await visitor.page("/devices?sort=title"), await visitor.page("/devices?sort=-title")
    assert titles(up) == titles(down)[::-1]
    for page, way in ((up, "ascending"), (down, "descending")):
        assert [e.attrs["aria-sort"] for e in page.all("th") if "aria-sort" in e.attrs] == [way]


@pytest.mark.parametrize(
    ("path", "title", "said"),
    [
        ("/", "No device has been found yet", "Enrol the first agent"),
        ("/devices", "Fleet", "No device has been found yet"),
        ("/orders", "Orders", "No orders here"),
        ("/tickets", "Tickets", "No tickets here"),
        ("/alerts", "Alerts", "No alerts here"),
        ("/mails", "Mails", "No mails here"),
        ("/agents", "No agent yet", "pagewarden collector site-token"),
    ],
)
async def test_a_fresh_collector_says_what_to_do(
    fresh: Gallery, opening: Opening, path: str, title: str, said: str
) -> None:
    visitor = await opening(fresh, await asyncio.to_thread(fresh.app))
    page = await visitor.page(path)
    assert page.h1 == title
    assert said in " ".join(e.text for e in page.all("div", "empty"))
    assert (await visitor.page(path, lang="zh")).h1 != title


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    return Empty(tmp_path_factory.mktemp("fresh"))


class Empty(Gallery):
    """A collector right after it was set up."""

    def __init__(self, path: Path, **_: Any) -> None:
        self.office = office(path)
        self.clock = self.office.clock
        self.tenant_id = ""
        with self.office.facts.write() as conn:
            self._people(conn, "owner")
