"""Every page in a real browser: nothing is refused by its own policy, nothing runs off a phone, no script is needed.

A plain run looks at each page once on a desk in English and once on a phone in Chinese; with PAGEWARDEN_NIGHTLY set,
at all of them in both sizes, languages and themes. The pictures lie in tests/screens/out/ to be looked at.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import SCREENS, Site
from tests.collector.web.gallery import PASSWORD

pytestmark = pytest.mark.browser

DESK, PHONE = (1280, 900), (360, 780)


@dataclass(frozen=True)
class Look:
    language: str
    size: tuple[int, int]
    theme: str = "light"

    def __str__(self) -> str:
        return f"{self.language}-{self.size[0]}-{self.theme}"


FEW = [Look("en", DESK), Look("zh", PHONE, "dark")]
ALL = [Look(*values) for values in product(("en", "zh"), (DESK, PHONE, (1024, 768)), ("light", "dark"))]
LOOKS = ALL if os.environ.get("PAGEWARDEN_NIGHTLY") else FEW

EXPECTED = re.compile("status of 404|net::ERR_ABORTED")
"""The page for what is not there is visited too, and leaving a page ends what it was still loading."""

WIDER = """() => {
  const most = document.documentElement.clientWidth + 1;
  const hidden = (e) => e.closest("svg, .sr, .side, details:not([open]) > :not(summary)");
  const wide = [...document.querySelectorAll("main *")].filter(
    (e) => !hidden(e) && e.getBoundingClientRect().width > 0 && e.getBoundingClientRect().right > most);
  return wide.slice(0, 3).map((e) => e.outerHTML.slice(0, 120));
}"""
CUT = """() => {
  const over = (box) => [...box.querySelectorAll("table *")].some(
    (e) => e.getBoundingClientRect().right > box.getBoundingClientRect().right + 1 && !e.closest("svg, .sr, details"));
  return [...document.querySelectorAll("section.sheet:has(> table)")].filter(over).map(
    (e) => "runs out of its sheet: " + (e.getAttribute("aria-label") || e.querySelector("h2").textContent));
}"""
SMALL = """(least) => [...document.querySelectorAll("a, button, summary, select, input")].filter((e) => {
  const box = e.getBoundingClientRect();
  const inline = e.tagName === "A" && getComputedStyle(e).display === "inline";
  return box.width > 0 && !inline && !e.closest(".sr, .skip") && (box.height < least || box.width < least);
}).map((e) => e.outerHTML.slice(0, 120))"""


@contextmanager
def opened(chromium: Browser, site: Site, look: Look, *, script: bool = True) -> Iterator[tuple[BrowserContext, Page]]:
    """A window, and at its end the proof that the browser had nothing to complain of."""
    width, height = look.size
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if look.theme == "dark" else "light",
        java_script_enabled=script,
        locale="zh-CN" if look.language == "zh" else "en-GB",
    )
    context.set_default_timeout(10_000)
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(f"{request.failure}: {request.url}"))
    page.on("request", lambda request: complaints.append(request.url) if site.url not in request.url else None)
    try:
        yield context, page
    finally:
        context.close()
    assert [text for text in complaints if not EXPECTED.search(text)] == []


def signed_in(context: BrowserContext, site: Site, who: str) -> None:
    context.add_cookies([{"name": "pagewarden", "value": site.gallery.people[who].key, "url": site.url}])


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_fits_and_obeys_its_own_policy(chromium: Browser, site: Site, look: Look) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    with opened(chromium, site, look) as (context, page):
        page.goto(f"{site.url}/login")
        page.screenshot(path=SCREENS / f"login-{look}.png")
        signed_in(context, site, "owner")
        found: dict[str, list[str]] = {}
        for name, path in site.gallery.paths().items():
            answer = page.goto(site.url + path)
            assert answer is not None
            assert answer.status == (404 if name == "nothing" else 200), name
            assert page.locator("h1").count() == 1, name
            assert page.evaluate("document.documentElement.scrollWidth") <= look.size[0], name
            found[name] = page.evaluate(WIDER) + page.evaluate(CUT) + page.evaluate(SMALL, 24)
            page.screenshot(path=SCREENS / f"{name}-{look}.png", full_page=True)
        assert {name: faults for name, faults in found.items() if faults} == {}


def test_everything_works_without_script(chromium: Browser, site: Site) -> None:
    """From the sign-in page through the lists to a decision, as a person would go, with scripts switched off."""
    with opened(chromium, site, Look("en", DESK), script=False) as (_, page):
        page.goto(f"{site.url}/tickets")
        assert page.url == f"{site.url}/login?next=/tickets"
        page.fill("#u", "owner@dealer.example")
        page.fill("#p", PASSWORD)
        page.click("button[type=submit]")
        assert page.url == f"{site.url}/tickets"
        for name, path in site.gallery.paths().items():
            page.goto(site.url + path)
            assert page.locator("h1").count() == 1, name
        page.goto(f"{site.url}/devices?q=Meeting+room")
        page.click("text=BeamMaster W20")
        page.click("text=Rename")
        page.fill("#name", "Big room")
        page.click("text=Save the name")
        assert page.locator("h1").inner_text() == "Big room"
        page.goto(site.url + site.gallery.paths()["ticket"])
        page.fill("#why", "I am on it")
        page.click("text=Accept the ticket")
        assert "I am on it" in page.locator(".story").inner_text()
        page.click("summary[aria-label='Language and theme']")
        page.click("button[value=zh]")
        assert page.locator("html").get_attribute("lang") == "zh-Hans"
        page.click("summary[aria-label='语言与主题']")
        page.click("button[value=dark]")
        assert page.locator("html").get_attribute("data-theme") == "dark"
        page.click("summary.person")
        page.click("form[action='/logout'] button")
        assert page.url == f"{site.url}/login"
        page.goto(f"{site.url}/devices")
        assert "/login" in page.url


def test_open_menus_stay_on_the_screen(chromium: Browser, site: Site) -> None:
    for look in (Look("en", DESK), Look("zh", PHONE)):
        with opened(chromium, site, look) as (context, page):
            signed_in(context, site, "owner")
            page.goto(site.url + site.gallery.paths()["device-hero"])
            for number, menu in enumerate(
                page.locator("details.menu > summary:visible, details.more > summary:visible").all()
            ):
                menu.click()
                box = page.locator("details[open] > :is(form, ul)").first.bounding_box()
                assert box is not None
                assert box["x"] >= 0
                assert box["x"] + box["width"] <= look.size[0]
                assert box["y"] + box["height"] <= look.size[1]
                page.screenshot(path=SCREENS / f"menu-{number}-{look}.png")
                menu.click()


def test_the_keyboard_reaches_the_content(chromium: Browser, site: Site) -> None:
    with opened(chromium, site, Look("en", DESK)) as (context, page):
        signed_in(context, site, "owner")
        page.goto(f"{site.url}/devices")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.url.endswith("#main")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_steps_of_a_ticket_fit_a_thumb_and_stay_off_the_paper(chromium: Browser, site: Site) -> None:
    with opened(chromium, site, Look("zh", PHONE)) as (context, page):
        signed_in(context, site, "owner")
        page.goto(site.url + site.gallery.paths()["ticket"])
        steps = page.locator("form[action$='/moves'] button")
        assert steps.count() > 1
        assert min((button.bounding_box() or {"height": 0})["height"] for button in steps.all()) >= 44
        page.emulate_media(media="print")
        assert not page.locator("form[action$='/moves']").is_visible()
        assert page.locator(".story").is_visible()
