"""What a newcomer asks of a page stands on it: what a word means, what comes next, what began anew."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest

from collector.store import events, tables
from collector.store.agents import list_agents
from collector.web.i18n import Words
from collector.web.labels import STANDINGS
from collector.web.prose import words_and_codes
from tests.collector.office import ALL
from tests.collector.web.conftest import Visitor
from tests.collector.web.markup import Markup


def meanings(page: Markup) -> dict[str, str]:
    """The legend: word -> what it means."""
    (legend,) = page.all("details", "meanings")
    terms, told = ([" ".join(e.text.split()) for e in page.elements if e.tag == tag] for tag in ("dt", "dd"))
    assert legend.text.strip()
    return dict(zip(terms, told, strict=True))


async def test_the_fleet_says_what_its_words_and_letters_mean(visitor: Visitor) -> None:
    told = meanings(await visitor.page("/devices"))
    assert {word for _, word in STANDINGS.values()} <= set(told)
    assert {"W", "P", "L"} <= set(told)
    assert "ink empty" in told["need a look"]
    assert "broken fan" in told["stopped"]


@pytest.mark.parametrize(
    ("path", "words"), [("/alerts", {"raised", "cleared", "held"}), ("/agents", {"Waiting", "Set aside"})]
)
async def test_other_lists_explain_their_words(visitor: Visitor, path: str, words: set[str]) -> None:
    assert set(meanings(await visitor.page(path))) == words
    assert "watched" not in (await visitor.page(path)).html.lower()


async def test_not_known_has_one_sign_and_its_words(visitor: Visitor) -> None:
    """The projector has no page counter, the stranger has said nothing of one."""
    rows = re.findall(r"<tr class=.*?</tr>", (await visitor.page("/devices")).html, re.DOTALL)
    (projector,), (stranger,) = (
        [row for row in rows if visitor.gallery.ids[name] in row] for name in ("projector", "stranger")
    )
    assert '<span class="quiet">none</span>' in projector
    assert "?" not in re.sub(r"<[^>]*>", "", projector)
    assert stranger.count('title="not reported"') == 2
    assert "–" not in projector + stranger


async def test_a_ticket_whose_fault_is_gone_says_what_to_do(visitor: Visitor) -> None:
    listed = await visitor.page("/tickets")
    assert listed.html.count("The fault is gone: close the ticket or look why") == 1
    mended, jammed = [await visitor.page(visitor.gallery.paths()[name]) for name in ("ticket-mended", "ticket")]
    assert "Close the ticket with a step below" in mended.html
    assert "Close the ticket with a step below" not in jammed.html


async def test_counters_that_began_anew_say_so(worker: Visitor) -> None:
    facts, ident, at = worker.gallery.office.facts, worker.gallery.ids["hero"], worker.gallery.clock.at

    def fell() -> None:
        with facts.write() as conn:
            events.add_event(conn, ident, at, "serial-changed", {"before": "A1", "after": "B2"})
            events.add_event(conn, ident, at, "counter-fell", {"total": {"before": 40_681, "after": 12}})
            for n in range(20):
                events.add_event(conn, ident, at + timedelta(minutes=n), "restarted", {})

    path = f"/devices/{ident}"
    assert "began anew" not in (await worker.page(path)).html
    await asyncio.to_thread(fell)
    page = await worker.page(path)
    (counters,) = re.findall(r'<h2 id="h-count">.*?</section>', page.html, re.DOTALL)
    assert "A counter began anew on" in counters
    assert "40,681 → 12" in counters
    await asyncio.to_thread(_forget, worker, ident)


def _forget(worker: Visitor, ident: str) -> None:
    with worker.gallery.office.facts.write() as conn:
        conn.execute(tables.device_event.delete().where(tables.device_event.c.device_id == ident))


def test_words_come_first_and_codes_apart() -> None:
    said = {"text": "Fan does not turn", "code": "8", "vendor_code": "ERST fan 2", "group": "13", "location": 0}
    assert words_and_codes(Words("en"), said, None) == (
        "Fan does not turn",
        "code: 8 · code of the maker: ERST fan 2 · group: 13 · place: 0",
    )


async def test_codes_of_an_alert_are_in_a_fold(visitor: Visitor) -> None:
    page = (await visitor.page("/alerts?q=LaserThing+4100&show=all")).html
    (cell,) = re.findall(r'<td class="desk because">(.*?)</td>', page, re.DOTALL)
    assert cell.startswith("Cooling fan does not turn<details")
    assert "code: 7" in cell


async def test_the_first_choice_of_each_list_is_the_one_it_opens_on(visitor: Visitor) -> None:
    for path in ("/orders", "/tickets", "/alerts"):
        chips = (await visitor.page(path)).all("a", "chip")
        assert [n for n, chip in enumerate(chips) if "aria-current" in chip.attrs] == [0], path


async def test_lists_come_by_number_newest_first(visitor: Visitor) -> None:
    for path, letter in (("/orders?show=all", "O"), ("/tickets?show=all", "T")):
        numbers = [int(n) for n in re.findall(rf'class="sub">{letter}-(\d+)', (await visitor.page(path)).html)]
        assert len(numbers) > 1
        assert numbers == sorted(numbers, reverse=True)


async def test_the_bar_of_an_order_in_a_list_is_one_picture_with_one_name(visitor: Visitor) -> None:
    page = await visitor.page("/orders?show=all")
    bars = page.all("ol", "steps-sm")
    assert bars
    for bar in bars:
        assert bar.attrs["role"] == "img"
        assert re.fullmatch(r"Step \d of 7: \w+", bar.attrs["aria-label"])
        assert not bar.text.strip()
    assert re.search(r"step \d of 7 · ", page.html)
    assert page.all("span", "clip") == []


async def test_an_agent_with_the_name_of_its_site_is_read_once(worker: Visitor) -> None:
    def named() -> str:
        with worker.gallery.office.facts.write() as conn:
            agent = list_agents(conn, ALL).items[0]
            conn.execute(tables.agent.update().where(tables.agent.c.id == agent.id).values(name=agent.site_name))
            return agent.site_name

    before = await worker.page("/agents")
    assert before.h1 == "Agents"
    both = [e.text for e in before.all("span", "sub")]
    name = await asyncio.to_thread(named)
    after = await worker.page("/agents")
    assert [e.text for e in after.all("span", "mono")].count(name) == 1
    assert len(after.all("span", "sub")) == len(both) - 1
