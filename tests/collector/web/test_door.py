"""The door: who comes in, in which language, and what is refused."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from collector.keys import CLOCK, SETTINGS
from collector.patience import Crowded, stranger
from collector.people import BROWSER_LIFE, password_hash
from collector.store.people import add_person
from collector.web.access import ANYONE, PAGES
from collector.web.pages.door import PATIENCE
from tests.collector.office import HandClock
from tests.collector.web.conftest import Answer, Opening, Visitor
from tests.collector.web.gallery import PASSWORD, Gallery

HERE = {"next": "/devices"}
GUARDED = [page for page in PAGES if page.action is not ANYONE]
POSTS = [page for page in PAGES if page.method == "POST"]


class CountingClock(HandClock):
    """Moves by waiting alone, and notes how long it was asked to wait."""

    def __init__(self, clock: HandClock) -> None:
        super().__init__(clock.at)
        self.waited: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.at += timedelta(seconds=seconds)


def named(path: str) -> str:
    return path.replace("{id}", "dev_1")


def test_nothing_is_served_that_is_not_declared(gallery: Gallery) -> None:
    served = {(route.method, route.resource.canonical) for route in gallery.app().router.routes() if route.resource}
    declared = {(page.method, page.path) for page in PAGES}
    heads = {("HEAD", path) for method, path in declared if method == "GET"}
    assert served - heads == declared | {("GET", "/static"), ("HEAD", "/static")}


@pytest.mark.parametrize("page", GUARDED, ids=lambda page: f"{page.method} {page.path}")
async def test_without_a_session_every_page_asks_to_sign_in(visitor: Visitor, page: Any) -> None:
    path = named(page.path)
    for who in ("", "nobody"):
        headers = {"Cookie": "pagewarden=made-up"} if who else {}
        answer = await (visitor.get(path, "", headers=headers) if page.method == "GET" else visitor.post(path, {}, ""))
        assert answer.status == 303
        assert answer.to == f"/login?next={path if page.method == 'GET' else '/'}"


async def test_the_way_in_and_out(worker: Visitor) -> None:
    form = {"email": " Owner@Dealer.example", "password": PASSWORD, **HERE}
    answer = await worker.post("/login", form, "")
    assert (answer.status, answer.to) == (303, "/devices")
    cookie = answer.response.cookies["pagewarden"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (True, "Lax", "/", "")
    assert 0 < int(cookie["max-age"]) <= 14 * 86_400
    inside = {"Cookie": f"pagewarden={cookie.value}"}
    page = (await worker.get("/", "", headers=inside)).page
    csrf = next(form.fields["csrf"] for form in page.forms if form.action == "/logout")
    assert (await worker.get("/login?next=/orders", "", headers=inside)).to == "/orders"
    assert (await worker.post("/logout", {}, "", headers=inside)).status == 403
    assert (await worker.get("/", "", headers=inside)).status == 200
    out = await worker.post("/logout", {}, "", csrf=csrf, headers=inside)
    assert (out.status, out.to) == (303, "/login")
    assert out.response.cookies["pagewarden"].value == ""
    assert (await worker.get("/", "", headers=inside)).status == 303


async def test_a_new_session_ends_the_one_before_it(worker: Visitor) -> None:
    form = {"email": "zh@dealer.example", "password": PASSWORD}
    first = (await worker.post("/login", form, "")).response.cookies["pagewarden"].value
    held = {"Cookie": f"pagewarden={first}"}
    second = (await worker.post("/login", form, "", headers=held)).response.cookies["pagewarden"].value
    assert second != first
    assert (await worker.get("/", "", headers=held)).status == 303


async def test_wrong_passwords_are_answered_slower_and_slower(workshop: Gallery, opening: Opening) -> None:
    app = await asyncio.to_thread(workshop.app)
    clock = CountingClock(workshop.clock)
    app[CLOCK] = clock
    visitor = await opening(workshop, app)
    wrong = {"email": "technician@dealer.example", "password": "not it at all"}
    for _ in range(4):
        answer = await visitor.post("/login", wrong, "")
        assert answer.status == 401
        assert answer.page.all("div", "is-error")
        (email,) = [e for e in answer.page.all("input") if e.attrs["name"] == "email"]
        assert email.attrs["value"] == wrong["email"]
        assert "not it at all" not in answer.text
        assert "pagewarden" not in answer.response.cookies
    assert clock.waited == [0, 0, 1, 2]
    await visitor.post("/login", wrong | {"email": "somebody@else.example"}, "")
    assert clock.waited[-1] == 0
    assert (await visitor.post("/login", wrong | {"password": PASSWORD}, "")).status == 303
    await visitor.post("/login", wrong, "")
    assert clock.waited[-2:] == [4, 0]


class WaitingClock(HandClock):
    """Waits until its time has come, and that is when somebody moves it."""

    def __init__(self, clock: HandClock) -> None:
        super().__init__(clock.at)
        self.moved, self.sleepers = asyncio.Condition(), asyncio.Semaphore(0)

    async def sleep(self, seconds: float) -> None:
        until = self.at + timedelta(seconds=seconds)
        if seconds:
            self.sleepers.release()
        async with self.moved:
            await self.moved.wait_for(lambda: self.at >= until)

    async def go_on(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        async with self.moved:
            self.moved.notify_all()


async def test_many_attempts_at_once_stand_in_line(workshop: Gallery, opening: Opening) -> None:
    app = await asyncio.to_thread(workshop.app)
    clock = WaitingClock(workshop.clock)
    app[CLOCK] = clock
    visitor = await opening(workshop, app)
    wrong = {"email": "vendor@dealer.example", "password": "not it at all"}
    for _ in range(2):
        assert (await visitor.post("/login", wrong, "")).status == 401
    waiting = [asyncio.create_task(visitor.post("/login", wrong, "")) for _ in range(3)]
    for _ in waiting:
        await clock.sleepers.acquire()
    refused = await visitor.post("/login", wrong | {"password": PASSWORD}, "")
    assert (refused.status, refused.response.headers["Retry-After"]) == (429, "15")
    told = refused.page.all("div", "is-error")[0].text
    assert "Try again in a few seconds." in told
    assert "use a browser that signed in with this address before" in told
    # Others are not held up, and the line moves one by one: nobody's password is looked at before its turn.
    assert (await visitor.post("/login", wrong | {"email": "viewer@dealer.example"}, "")).status == 401
    for seconds, answered in ((1, 1), (2, 2), (4, 3)):
        await clock.go_on(seconds)
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        while len(done) < answered:
            done, _ = await asyncio.wait(waiting, timeout=0.05)
        assert len(done) == answered
    assert [answer.status for answer in await asyncio.gather(*waiting)] == [401] * 3
    await clock.go_on(8)
    assert (await visitor.post("/login", wrong | {"password": PASSWORD}, "")).status == 303


async def test_many_accounts_from_one_place_are_answered_slower_too(workshop: Gallery, opening: Opening) -> None:
    app = await asyncio.to_thread(workshop.app)
    clock = CountingClock(workshop.clock)
    app[CLOCK] = clock
    visitor = await opening(workshop, app)
    for n in range(23):
        wrong = {"email": f"{n}@else.example", "password": "not it at all"}
        assert (await visitor.post("/login", wrong, "")).status == 401
    assert clock.waited == [0.0] * 20 + [0.5, 1.0, 1.0]
    # A proxy of this machine names who came to it; that is another place.
    elsewhere = {"X-Forwarded-For": "203.0.113.9"}
    await visitor.post("/login", wrong | {"email": "x@else.example"}, "", headers=elsewhere)
    assert clock.waited[-1] == 0


async def hammered(workshop: Gallery, opening: Opening, email: str, sources: int) -> tuple[Visitor, HandClock]:
    """A collector at which others have tried this address as fast as it lets them for a while."""
    app = await asyncio.to_thread(workshop.app)
    app[CLOCK] = clock = HandClock(workshop.clock.at)
    for second in range(60):
        for n in range(sources):
            with suppress(Crowded):
                app[PATIENCE].turn(stranger(email, f"198.51.{n // 250}.{n % 250}"), clock.monotonic() + second)
    clock.at += timedelta(seconds=60)
    return await opening(workshop, app), clock


async def keep_on(visitor: Visitor, email: str) -> list[int]:
    wrong = {"email": email, "password": "not it at all"}
    place = {"X-Forwarded-For": "203.0.113.9"}
    return [(await visitor.post("/login", wrong, "", headers=place)).status for _ in range(7)]


async def sign_in_at(visitor: Visitor, email: str, place: str, mark: str = "", password: str = PASSWORD) -> Answer:
    headers = {"X-Forwarded-For": place} | ({"Cookie": f"pagewarden-browser={mark}"} if mark else {})
    return await visitor.post("/login", {"email": email, "password": password}, "", headers=headers)


@pytest.mark.parametrize("sources", [1, 300])
async def test_nobody_is_locked_out_by_others(workshop: Gallery, opening: Opening, sources: int) -> None:
    visitor, _ = await hammered(workshop, opening, "zh@dealer.example", sources)
    assert (await sign_in_at(visitor, "zh@dealer.example", "192.0.2.77")).status == 303


async def test_a_known_browser_gets_in_from_the_very_place_of_the_attack(workshop: Gallery, opening: Opening) -> None:
    email = "zh@dealer.example"
    visitor, clock = await hammered(workshop, opening, email, 300)
    cookie = (await sign_in_at(visitor, email, "192.0.2.77")).response.cookies["pagewarden-browser"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
    assert 429 in await keep_on(visitor, email)
    assert (await sign_in_at(visitor, email, "203.0.113.9")).status == 429
    again = await sign_in_at(visitor, email, "203.0.113.9", cookie.value)
    assert again.status == 303
    assert again.response.cookies["pagewarden-browser"].value != cookie.value
    # It is no key, it is good for no other account, and nothing can be made of it.
    assert (await sign_in_at(visitor, email, "203.0.113.9", cookie.value, "not it at all")).status == 401
    assert 429 in await keep_on(visitor, "vendor@dealer.example")
    assert (await sign_in_at(visitor, "vendor@dealer.example", "203.0.113.9", cookie.value)).status == 429
    name, end, seal = cookie.value.split(".")
    for bad in (
        f"{name}x.{end}.{seal}",
        f"{name}.{int(end) + 1}.{seal}",
        f"{name}.{end}.",
        f"{name}.{end}.é",
        "..",
        "x",
    ):
        assert (await sign_in_at(visitor, email, "203.0.113.9", bad)).status == 429, bad
    clock.at += BROWSER_LIFE + timedelta(seconds=1)
    await keep_on(visitor, email)
    assert (await sign_in_at(visitor, email, "203.0.113.9", cookie.value)).status == 429


async def test_a_password_is_changed_while_others_hammer(workshop: Gallery, opening: Opening) -> None:
    email, new = "changer@dealer.example", "another horse battery"
    await workshop.office.facts.change(add_person, email, "C", password_hash(PASSWORD), "admin", workshop.clock.at)
    visitor, _ = await hammered(workshop, opening, email, 300)
    entered = await sign_in_at(visitor, email, "203.0.113.9")
    mark = entered.response.cookies["pagewarden-browser"].value
    held = {"Cookie": f"pagewarden={entered.response.cookies['pagewarden'].value}", "X-Forwarded-For": "203.0.113.9"}
    assert 429 in await keep_on(visitor, email)
    page = (await visitor.get("/account", "", headers=held)).page
    csrf = next(form.fields["csrf"] for form in page.forms if form.action == "/account/password")
    form = {"old": PASSWORD, "new": new, "again": new}
    changed = await visitor.post("/account/password", form, "", csrf=csrf, headers=held)
    assert (changed.status, changed.to) == (303, "/account?changed=yes")
    # The mark from before is worth nothing now, the one that came with the new password is.
    fresh = changed.response.cookies["pagewarden-browser"].value
    assert (await sign_in_at(visitor, email, "203.0.113.9", mark, new)).status == 429
    back = await sign_in_at(visitor, email, "203.0.113.9", fresh, new)
    assert back.status == 303
    # Guessing the old password in a session left open has its own slow line.
    held["Cookie"] = f"pagewarden={back.response.cookies['pagewarden'].value}"
    page = (await visitor.get("/account", "", headers=held)).page
    csrf = next(form.fields["csrf"] for form in page.forms if form.action == "/account/password")
    said = [(await visitor.post("/account/password", form, "", csrf=csrf, headers=held)).status for _ in range(6)]
    assert said == [403] * 5 + [429]


async def test_over_https_the_cookie_stays_there(gallery: Gallery, opening: Opening) -> None:
    app = await asyncio.to_thread(gallery.app)
    app[SETTINGS] = replace(app[SETTINGS], public_url="https://fleet.example")
    visitor = await opening(gallery, app)
    answer = await visitor.post("/login", {"email": "viewer@dealer.example", "password": PASSWORD}, "")
    cookie = answer.response.cookies["__Host-pagewarden"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
    assert (await visitor.get("/")).status == 303  # the cookie's plain name is not taken there
    # A proxy asks for another host than the browser did; older browsers send an Origin alone.
    for origin, status in (("https://fleet.example", 303), ("https://evil.example", 403)):
        assert (await visitor.post("/preferences", {}, "", headers={"Origin": origin})).status == status


@pytest.mark.parametrize(
    "away", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb", "", "/" * 600]
)
async def test_signing_in_leads_nowhere_else(worker: Visitor, away: str) -> None:
    form = {"email": "vendor@dealer.example", "password": PASSWORD, "next": away}
    assert (await worker.post("/preferences", {"next": away}, "")).to == "/"
    (field,) = [e for e in (await worker.get("/login", "")).page.all("input") if e.attrs["name"] == "next"]
    assert field.attrs["value"] == "/"
    if away.startswith("//"):
        assert (await worker.post("/login", form, "")).to == "/"


@pytest.mark.parametrize("page", POSTS, ids=lambda page: page.path)
async def test_forms_of_other_sites_are_refused(worker: Visitor, page: Any) -> None:
    path = named(page.path)
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        answer = await worker.post(path, {"to": "cancelled", "do": "again", **HERE}, headers=headers)
        assert answer.status == 403, headers
        assert answer.page.h1 == "This form came from another site"
    for csrf in (None, "wrong", worker.gallery.people["viewer"].csrf):
        if page.action is not ANYONE:
            answer = await worker.post(path, {"to": "cancelled"}, csrf=csrf)
            assert (answer.status, answer.page.h1) == (403, "This form is too old")


@pytest.mark.parametrize(
    ("path", "cookie", "who", "accepted", "lang"),
    [
        ("/devices?lang=zh", "lang=en", "owner", "en", "zh-Hans"),
        ("/devices", "lang=zh", "owner", "en", "zh-Hans"),
        ("/devices", "lang=en", "zh", "zh", "en"),
        ("/devices", "", "zh", "en", "zh-Hans"),
        ("/devices", "", "owner", "fr-FR, zh-CN;q=0.9, en;q=0.8", "zh-Hans"),
        ("/devices?lang=xx", "lang=../x", "owner", "fr", "en"),
        ("/login?lang=zh", "", "", "en", "zh-Hans"),
    ],
)
async def test_the_language_is_the_reader_s(
    visitor: Visitor, path: str, cookie: str, who: str, accepted: str, lang: str
) -> None:
    key = f"pagewarden={visitor.gallery.people[who].key}; " if who else ""
    answer = await visitor.get(path, "", headers={"Cookie": key + cookie, "Accept-Language": accepted})
    assert answer.page.all("html")[0].attrs["lang"] == lang
    assert ("lang" in answer.response.cookies) == ("lang=zh" in path)


async def test_theme_and_language_are_kept_by_the_browser(visitor: Visitor) -> None:
    answer = await visitor.post("/preferences", {"theme": "dark", "lang": "zh", "next": "/orders"}, "")
    assert (answer.status, answer.to) == (303, "/orders")
    assert {name: cookie.value for name, cookie in answer.response.cookies.items()} == {"theme": "dark", "lang": "zh"}
    assert not (await visitor.post("/preferences", {"theme": "neon", "lang": "xx"}, "")).response.cookies
    for theme, shown in (("dark", "dark"), ("light", "light"), ("auto", None), ('x" onload="', None)):
        page = (await visitor.get("/login", "", headers={"Cookie": f"theme={theme}"})).page
        assert page.all("html")[0].attrs.get("data-theme") == shown


async def test_every_answer_carries_the_headers(gallery: Gallery, opening: Opening) -> None:
    async def broken(_: web.Request) -> web.Response:
        raise RuntimeError("a secret of ours")

    app = await asyncio.to_thread(gallery.app)
    app.router.add_get("/broken", broken)
    visitor = await opening(gallery, app)
    seen = {}
    for path in ("/", "/login", "/nothing", "/broken", "/static/pagewarden.css", "/static/none.css", "/devices/x"):
        answer = await visitor.get(path)
        seen[path] = answer.status
        headers = answer.response.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Server"] == "Pagewarden"
        kept = answer.status == 200 and path.startswith("/static/")
        assert ("immutable" in headers["Cache-Control"]) == kept
        assert ("no-store" in headers["Cache-Control"]) != kept
        assert "secret of ours" not in answer.text
        assert "Traceback" not in answer.text
    assert list(seen.values()) == [200, 303, 404, 500, 200, 404, 404]
    assert (await visitor.get("/broken")).page.h1 == "This page failed"


async def test_a_page_asked_the_wrong_way_says_so(visitor: Visitor) -> None:
    answer = await visitor.post("/devices", {})
    assert answer.status == 405
    assert answer.page.h1 == "This did not work"
