"""Signing in and out, and what a browser remembers: language and theme."""

from __future__ import annotations

from collections import OrderedDict

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


class Patience:
    """Each wrong password for an address makes the next answer for it slower: 0, 0, 1, 2, 4, 8 seconds."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, int] = OrderedDict()

    def delay(self, email: str) -> float:
        wrong = self._wrong.get(email, 0)
        return min(LONGEST_DELAY, 2.0 ** (wrong - 2)) if wrong > 1 else 0.0

    def note(self, email: str, *, right: bool) -> None:
        wrong = self._wrong.pop(email, 0)
        if not right:
            self._wrong[email] = wrong + 1
            if len(self._wrong) > MOST_REMEMBERED:
                self._wrong.popitem(last=False)


PATIENCE = web.AppKey("patience", Patience)


def _to(path: str) -> web.Response:
    """A redirect that may carry cookies."""
    return web.Response(status=303, headers={"Location": path})


@page("GET", "/login", Access.ANYONE)
async def sign_in_form(visit: Visit) -> web.StreamResponse:
    target = local_path(visit.request.query.get("next", "/"))
    if visit.session:
        raise web.HTTPSeeOther(target)
    return await visit.render("login.html", next=target, email="", wrong=False)


@page("POST", "/login", Access.ANYONE)
async def sign_in(visit: Visit) -> web.StreamResponse:
    form = await visit.form()
    email, target = str(form.get("email", "")).strip().lower()[:320], local_path(str(form.get("next", "/")))
    patience = visit.request.app[PATIENCE]
    await visit.request.app[CLOCK].sleep(patience.delay(email))
    old = visit.request.cookies.get(cookie_name(visit.request), "")
    facts, password = visit.request.app[FACTS], str(form.get("password", ""))
    signed_in = await people.sign_in(facts, email, password, visit.now, old_key=old)
    patience.note(email, right=signed_in is not None)
    if signed_in is None:
        return await visit.render("login.html", status=401, next=target, email=email, wrong=True)
    response = _to(target)
    set_session(response, visit.request, signed_in.key, int(SESSION_LIFE.total_seconds()))
    return response


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
