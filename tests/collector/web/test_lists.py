"""Lists: pages of them, filters, sort orders, and what stands there when nothing does."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

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


LISTS = {
    "/devices": {"title", "standing", "site", "pages", "address", "heard"},
    "/orders?show=all": {"device", "state", "vendor", "number"},
    "/tickets?show=all": {"cause", "state", "site", "number", "cleared"},
    "/mails": {"kind", "state", "created", "sent"},
    "/alerts?show=all": {"raised"},
    "/agents": {"name", "heard"},
}


def order_of(page: Markup) -> list[str]:
    """The rows, each by all it says; the drawings' ids are new each time."""
    html = re.sub(r"\bg\d+\w?\b", "", page.html)
    return re.findall(r"<tr class=.*?</tr>|<tr><th scope=\"row\".*?</tr>", html, re.DOTALL)


@pytest.mark.parametrize("path", LISTS)
async def test_every_list_can_be_sorted_by_its_columns(visitor: Visitor, path: str) -> None:
    first = await visitor.page(path)
    links = {link for link in first.links if "sort=" in link}
    named = {parse_qs(urlsplit(link).query)["sort"][0].removeprefix("-") for link in links}
    assert named == LISTS[path]
    for name in sorted(named):
        address = f"{path}{'&' if '?' in path else '?'}sort="
        up, down = [await visitor.page(f"{address}{way}{name}") for way in ("", "-")]
        assert sorted(order_of(up)) == sorted(order_of(down)) == sorted(order_of(first))
        for page, way, turned in ((up, "ascending", f"-{name}"), (down, "descending", name)):
            assert [e.attrs["aria-sort"] for e in page.all("th") if "aria-sort" in e.attrs] == [way], name
            mine = [link for link in page.links if parse_qs(urlsplit(link).query).get("sort") == [turned]]
            assert len(mine) >= 1, (name, way)
            # The way on keeps what was chosen before.
            kept = [link for link in page.links if link.startswith(f"{path.partition('?')[0]}?") and "sort=" in link]
            assert all(("show=all" in link) == ("show=all" in path) or "show=" in link for link in kept)


@pytest.mark.parametrize(
    ("path", "sort", "shown"),
    [
        ("/orders?show=all", "vendor", r"[\w.]+@[\w.]+"),
        ("/orders?show=all", "number", r"O-(\d+)"),
        ("/tickets?show=all", "number", r"T-(\d+)"),
    ],
)
async def test_the_rows_stand_in_the_order_that_was_asked_for(
    visitor: Visitor, path: str, sort: str, shown: str
) -> None:
    up = [re.findall(shown, row)[-1] for row in order_of(await visitor.page(f"{path}&sort={sort}"))]
    down = [re.findall(shown, row)[-1] for row in order_of(await visitor.page(f"{path}&sort=-{sort}"))]
    key = int if sort == "number" else str
    assert [key(one) for one in up] == sorted(key(one) for one in up)
    assert [key(one) for one in down] == sorted((key(one) for one in down), reverse=True)
    assert len(set(up)) > 1 or sort == "vendor"
    exported = (await visitor.get(f"{path}&sort=-{sort}&format=csv")).text.splitlines()[1:]
    if sort == "number":
        assert [line.partition(",")[0].partition("-")[2] for line in exported] == down


async def test_mails_that_need_somebody_come_first_by_state(visitor: Visitor) -> None:
    rows = order_of(await visitor.page("/mails?sort=state"))
    stuck = ["/mails/out_" in row for row in rows]
    assert stuck == sorted(stuck, reverse=True)
    assert 0 < stuck.count(True) < len(stuck)


async def test_a_search_keeps_the_order(visitor: Visitor) -> None:
    for path in ("/orders", "/tickets", "/alerts"):
        page = await visitor.page(f"{path}?show=all&sort={'raised' if path == '/alerts' else 'state'}")
        (form,) = [form for form in page.forms if form.action == path]
        assert form.fields["sort"] == ("raised" if path == "/alerts" else "state")
        (plain,) = [form for form in (await visitor.page(path)).forms if form.action == path]
        assert "sort" not in plain.fields


@pytest.mark.parametrize(
    ("path", "title", "said"),
    [
        ("/", "No device has been found yet", "Enrol the first agent"),
        ("/devices", "Fleet", "No device has been found yet"),
        ("/orders", "Orders", "No orders here"),
        ("/tickets", "Tickets", "No tickets here"),
        ("/alerts", "Alerts", "No alerts here"),
        ("/mails", "Mails", "No mails here"),
        ("/agents", "Agents", "pagewarden collector site-token"),
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
