"""Signing in and out, and what a browser remembers: language and theme."""

from __future__ import annotations

import math
from collections.abc import Coroutine
from typing import Any, TypeVar

from aiohttp import web

from collector import people
from collector.keys import CLOCK, FACTS
from collector.patience import Crowded, Lines, Patience, known_browser, source_of, stranger
from collector.people import BROWSER_LIFE, SESSION_LIFE, SignedIn
from collector.roles import Action
from collector.web.access import ANYONE, page
from collector.web.i18n import LANGUAGES
from collector.web.session import THEMES, YEAR, browser_cookie, cookie_name, local_path, set_browser, set_session
from collector.web.visit import Visit

T = TypeVar("T")
PATIENCE = web.AppKey("patience", Patience)


def redirect(path: str) -> web.Response:
    """A redirect that may carry cookies."""
    return web.Response(status=303, headers={"Location": path})


@page("GET", "/login", ANYONE)
async def sign_in_form(visit: Visit) -> web.StreamResponse:
    target = local_path(visit.request.query.get("next", "/"))
    if visit.session:
        raise web.HTTPSeeOther(target)
    return await visit.render("login.html", next=target, email="", trouble="")


@page("POST", "/login", ANYONE)
async def sign_in(visit: Visit) -> web.StreamResponse:
    form = await visit.form()
    email, target = str(form.get("email", "")).strip().lower()[:320], local_path(str(form.get("next", "/")))
    browser = await _browser(visit, email)
    lines = known_browser(email, browser) if browser else stranger(email, _source(visit))
    checking = _signed_in(visit, email, str(form.get("password", "")), known=bool(browser))
    try:
        signed_in = await patiently(visit, lines, checking)
    except Crowded as crowded:
        told = await visit.render("login.html", status=429, next=target, email=email, trouble="crowded")
        told.headers["Retry-After"] = f"{math.ceil(crowded.seconds)}"
        return told
    if signed_in is None:
        return await visit.render("login.html", status=401, next=target, email=email, trouble="wrong")
    return let_in(visit, signed_in, target)


def let_in(visit: Visit, signed_in: SignedIn, target: str) -> web.Response:
    """On to `target` with the session, and with a new mark that this browser was here."""
    response, mark = redirect(target), people.browser_mark(signed_in.person, visit.now)
    set_session(response, visit.request, signed_in.key, int(SESSION_LIFE.total_seconds()))
    set_browser(response, visit.request, mark, int(BROWSER_LIFE.total_seconds()))
    return response


def _source(visit: Visit) -> str:
    return source_of(visit.request.remote, visit.request.headers.getall("X-Forwarded-For", ()))


async def _browser(visit: Visit, email: str) -> str:
    mark = visit.request.cookies.get(browser_cookie(visit.request), "")
    return await people.browser_of(visit.request.app[FACTS], email, mark, visit.now) if mark else ""


async def patiently(visit: Visit, lines: Lines, checking: Coroutine[Any, Any, T | None]) -> T | None:
    """What `checking` a password gives, after the wait its lines have earned; None is a wrong one. Crowded, and nothing
    was checked, where too many wait already."""
    patience, clock = visit.request.app[PATIENCE], visit.request.app[CLOCK]
    try:
        await clock.sleep(patience.turn(lines, clock.monotonic()))
    except BaseException:
        checking.close()
        raise
    found = await checking
    if found is not None:
        patience.forgive(lines)
    return found


async def _signed_in(visit: Visit, email: str, password: str, *, known: bool) -> SignedIn | None:
    old = visit.request.cookies.get(cookie_name(visit.request), "")
    return await people.sign_in(visit.request.app[FACTS], email, password, visit.now, old_key=old, known=known)


@page("POST", "/logout", Action.KEEP_ACCOUNT)
async def sign_out(visit: Visit) -> web.StreamResponse:
    await people.sign_out(visit.request.app[FACTS], visit.request.cookies.get(cookie_name(visit.request), ""))
    response = redirect("/login")
    response.del_cookie(cookie_name(visit.request), path="/")
    return response


@page("POST", "/preferences", ANYONE)
async def preferences(visit: Visit) -> web.StreamResponse:
    """Language and theme. They are no secret and change nothing but this browser's cookies."""
    form = await visit.form()
    response = redirect(local_path(str(form.get("next", "/"))))
    for name, known in (("lang", LANGUAGES), ("theme", THEMES)):
        if (value := str(form.get(name, ""))) in known:
            response.set_cookie(name, value, max_age=YEAR, path="/", samesite="Lax")
    return response
