"""What holds for every page, in both languages, with everything there is to show."""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from tests.collector.office import JAM
from tests.collector.web.conftest import Visitor
from tests.collector.web.gallery import FAN, FORMULA, SCRIPT, TRAY_EMPTY
from tests.collector.web.markup import Markup

LANGUAGES = {"en": "en", "zh": "zh-Hans"}


async def pages(visitor: Visitor, lang: str, who: str = "owner") -> dict[str, Markup]:
    found = {}
    for name, path in {**visitor.gallery.paths(), "login": "/login"}.items():
        answer = await visitor.get(path, "" if name == "login" else who, lang)
        assert answer.status == (404 if name == "nothing" else 200), (name, answer.text[:500])
        found[name] = answer.page
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_every_page_is_whole(visitor: Visitor, lang: str) -> None:
    for name, page in (await pages(visitor, lang)).items():
        assert page.h1, name
        assert page.all("html")[0].attrs["lang"] == LANGUAGES[lang], name
        assert not page.misplaced, (name, page.misplaced)
        assert not page.open, (name, page.open)
        ids = [e.attrs["id"] for e in page.elements if "id" in e.attrs]
        assert len(ids) == len(set(ids)), (name, sorted(i for i in ids if ids.count(i) > 1))
        assert len(page.all("main")) == 1, name


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_no_style_and_no_script_is_inline(visitor: Visitor, lang: str) -> None:
    for name, page in (await pages(visitor, lang)).items():
        for element in page.elements:
            assert element.tag not in ("script", "style", "iframe", "object"), (name, element)
            risky = [attr for attr in element.attrs if attr == "style" or attr.startswith("on")]
            assert not risky, (name, element)
            assert "javascript:" not in element.attrs.get("href", ""), (name, element)


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_every_page_can_be_heard(visitor: Visitor, lang: str) -> None:
    """Labels belong to fields, names to drawings and buttons, headings follow in order, tables have captions."""
    for name, page in (await pages(visitor, lang)).items():
        ids = {e.attrs["id"] for e in page.elements if "id" in e.attrs}
        for label in page.all("label"):
            assert label.attrs["for"] in ids, (name, label)
        labelled = {label.attrs["for"] for label in page.all("label")}
        for box in (e for e in page.elements if e.tag in ("input", "select") and e.attrs.get("type") != "hidden"):
            assert box.attrs["id"] in labelled, (name, box)
        for button in page.all("button"):
            assert button.text.strip() or button.attrs.get("aria-label"), (name, button)
        for element in page.elements:
            for ref in element.attrs.get("aria-labelledby", "").split():
                assert ref in ids, (name, element)
        for drawing in page.all("svg"):
            assert drawing.attrs.get("aria-hidden") or "aria-labelledby" in drawing.attrs or not drawing.classes, name
        assert len(page.all("table")) == len(page.all("caption")), name
        assert all(th.attrs.get("scope") in ("col", "row") for th in page.all("th")), name
        levels = [int(e.tag[1]) for e in page.elements if re.fullmatch("h[1-6]", e.tag)]
        assert levels[0] == 1, name
        assert all(b - a <= 1 for a, b in pairwise(levels)), (name, levels)


async def test_every_link_leads_somewhere(visitor: Visitor) -> None:
    seen: dict[str, str] = {}
    waiting = [("/", "start")]
    while waiting:
        path, where = waiting.pop()
        if path in seen or len(seen) > 250:
            continue
        seen[path] = where
        answer = await visitor.get(path)
        assert answer.status in (200, 303), (path, "linked from", where)
        if answer.response.content_type != "text/html":
            continue
        page = answer.page
        ids = {e.attrs["id"] for e in page.elements if "id" in e.attrs}
        for link in page.links:
            parts = urlsplit(link)
            assert not parts.netloc, (path, link)
            if parts.fragment and not parts.path:
                assert parts.fragment in ids, (path, link)
            # Languages, orders and filters multiply: one step of each is enough.
            elif len(parts.query.split("&")) <= 1 or "?" not in path:
                waiting.append((link.partition("#")[0], path))
    assert len(seen) > 50


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_every_form_carries_its_proof(visitor: Visitor, lang: str) -> None:
    posted = set()
    for name, page in (await pages(visitor, lang)).items():
        for form in page.forms:
            if form.method == "post" and form.action not in ("/login", "/preferences"):
                assert form.fields["csrf"] == visitor.gallery.people["owner"].csrf, (name, form)
                posted.add(re.sub(r"\w{3}_\w+", "{id}", form.action))
    assert posted == {
        "/logout",
        "/account/password",
        "/devices/{id}/name",
        "/devices/{id}/conflicts",
        "/orders/{id}/moves",
        "/tickets/{id}/moves",
        "/mails/{id}",
        "/teach",
    }


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_hostile_texts_are_only_texts(visitor: Visitor, lang: str) -> None:
    shown = 0
    for name, page in (await pages(visitor, lang)).items():
        assert SCRIPT not in page.html, name
        assert "\u202e" not in page.html, name
        shown += page.html.count("&lt;script&gt;alert(1)&lt;/script&gt;")
    assert shown > 10


@pytest.mark.parametrize("path", ["/devices", "/orders", "/tickets", "/alerts", "/mails", "/agents"])
async def test_no_cell_of_a_file_is_a_formula(visitor: Visitor, path: str) -> None:
    answer = await visitor.get(f"{path}?format=csv&show=all")
    assert answer.status == 200
    assert answer.response.content_type == "text/csv"
    assert "attachment" in answer.response.headers["Content-Disposition"]
    cells = [cell for line in answer.text.splitlines() for cell in re.findall(r'(?:^|,)"?([^,"]*)', line)]
    assert not [cell for cell in cells if cell[:1] in "=+@" and cell]
    assert "\u202e" not in answer.text
    if path == "/devices":
        assert "'" + FORMULA.replace('"', '""') in answer.text


async def test_what_the_collector_wrote_is_said_in_chinese(visitor: Visitor) -> None:
    """Titles and explanations of ours hold no English sentence; names, mails and words of devices may."""
    devices = "|".join(re.escape(fault.text or "") for fault in (JAM, FAN, TRAY_EMPTY))
    theirs = re.compile(
        rf"{devices}|<pre.*?</pre>|<title.*?</title>|<svg.*?</svg>|<code.*?</code>|<summary>.*?</summary>"
        r"|<[^>]+>|[\w.+-]+@[\w.]+|\b[A-Z0-9][\w.:-]*(?: (?:of|on|in|the|rear)\b)?",
        re.DOTALL,
    )
    for name in ("overview", "orders", "alerts", "agents", "device-silent", "device-hero", "order", "ticket-mended"):
        page = await visitor.page(visitor.gallery.paths()[name], lang="zh")
        left = theirs.sub(" ", page.html.partition("<main")[2].partition("</main>")[0])
        english = re.findall(r"\b[a-z]{2,}(?: [a-z]+){2,}", left)
        assert not english, (name, english)
