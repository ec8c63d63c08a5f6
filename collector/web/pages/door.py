"""Signing in and out, and what a browser remembers: language and theme."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from collector import people
from collector.keys import CLOCK, FACTS
from collector.people import SESSION_LIFE
from collector.web.access import Access, page
from collector.web.i18n import LANGUAGES
from collector.web.session import THEMES, YEAR, cookie_name, local_path, set_session
from collector.web.visit import Visit

MOST_REMEMBERED = 10_000
LONGEST_DELAY = 8.0
MOST_WAITING = 3
"""Attempts for one address that may wait at once."""


class Patience:
    """Each wrong password for an address makes the next answer for it slower: 0, 0, 1, 2, 4, 8 seconds. An attempt
    counts from its beginning, so that many at once are no way around."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, int] = OrderedDict()
        self._waiting: Counter[str] = Counter()

    def is_crowded(self, email: str) -> bool:
        return self._waiting[email] >= MOST_WAITING

    @contextmanager
    def attempt(self, email: str) -> Iterator[float]:
        """How long this attempt has to wait first. It is a wrong one until `forgive`."""
        wrong = self._wrong.pop(email, 0)
        self._wrong[email] = wrong + 1
        if len(self._wrong) > MOST_REMEMBERED:
            self._wrong.popitem(last=False)
        self._waiting[email] += 1
        try:
            yield min(LONGEST_DELAY, 2.0 ** (wrong - 2)) if wrong > 1 else 0.0
        finally:
            self._waiting[email] -= 1
            if not self._waiting[email]:
                del self._waiting[email]

    def forgive(self, email: str) -> None:
        self._wrong.pop(email, None)


PATIENCE = web.AppKey("patience", Patience)


def _to(path: str) -> web.Response:
    """A redirect that may carry cookies."""
    return web.Response(status=303, headers={"Location": path})


@page("GET", "/login", Access.ANYONE)
async def sign_in_form(visit: Visit) -> web.StreamResponse:
    target = local_path(visit.request.query.get("next", "/"))
    if visit.session:
        raise web.HTTPSeeOther(target)
    return await visit.render("login.html", next=target, email="", trouble="")


@page("POST", "/login", Access.ANYONE)
async def sign_in(visit: Visit) -> web.StreamResponse:
    form = await visit.form()
    email, target = str(form.get("email", "")).strip().lower()[:320], local_path(str(form.get("next", "/")))
    patience = visit.request.app[PATIENCE]
    if patience.is_crowded(email):
        crowded = await visit.render("login.html", status=429, next=target, email=email, trouble="crowded")
        crowded.headers["Retry-After"] = f"{LONGEST_DELAY:.0f}"
        return crowded
    with patience.attempt(email) as delay:
        await visit.request.app[CLOCK].sleep(delay)
        signed_in = await _signed_in(visit, email, str(form.get("password", "")))
    if signed_in is None:
        return await visit.render("login.html", status=401, next=target, email=email, trouble="wrong")
    patience.forgive(email)
    response = _to(target)
    set_session(response, visit.request, signed_in.key, int(SESSION_LIFE.total_seconds()))
    return response


async def _signed_in(visit: Visit, email: str, password: str) -> people.SignedIn | None:
    old = visit.request.cookies.get(cookie_name(visit.request), "")
    return await people.sign_in(visit.request.app[FACTS], email, password, visit.now, old_key=old)


@page("POST", "/logout")
async def sign_out(visit: Visit) -> web.StreamResponse:
    await people.sign_out(visit.request.app[FACTS], visit.request.cookies.get(cookie_name(visit.request), ""))
    response = _to("/login")
    response.del_cookie(cookie_name(visit.request), path="/")
    return response


@page("POST", "/preferences", Access.ANYONE)
async def preferences(visit: Visit) -> web.StreamResponse:
    """Language and theme. They are no secret and change nothing but this browser's cookies."""
    form = await visit.form()
    response = _to(local_path(str(form.get("next", "/"))))
    for name, known in (("lang", LANGUAGES), ("theme", THEMES)):
        if (value := str(form.get(name, ""))) in known:
            response.set_cookie(name, value, max_age=YEAR, path="/", samesite="Lax")
    return response
