"""Signing in and out, and what a browser remembers: language and theme."""

from __future__ import annotations

import math
from collections.abc import Coroutine
from typing import Any, TypeVar

from aiohttp import web

from collector import people
from collector.keys import CLOCK, FACTS
from collector.patience import Crowded, Patience, source_of
from collector.people import SESSION_LIFE
from collector.roles import Action
from collector.web.access import ANYONE, page
from collector.web.i18n import LANGUAGES
from collector.web.session import THEMES, YEAR, cookie_name, local_path, set_session
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
    try:
        signed_in = await patiently(visit, email, _signed_in(visit, email, str(form.get("password", ""))))
    except Crowded as crowded:
        told = await visit.render("login.html", status=429, next=target, email=email, trouble="crowded")
        told.headers["Retry-After"] = f"{math.ceil(crowded.seconds)}"
        return told
    if signed_in is None:
        return await visit.render("login.html", status=401, next=target, email=email, trouble="wrong")
    response = redirect(target)
    set_session(response, visit.request, signed_in.key, int(SESSION_LIFE.total_seconds()))
    return response


async def patiently(visit: Visit, email: str, checking: Coroutine[Any, Any, T | None]) -> T | None:
    """What `checking` a password gives, after the wait this account and this source have earned; None is a wrong one.
    Crowded, and nothing was checked, where too many wait already."""
    patience, clock, request = visit.request.app[PATIENCE], visit.request.app[CLOCK], visit.request
    source = source_of(request.remote, request.headers.getall("X-Forwarded-For", ()))
    try:
        await clock.sleep(patience.turn(email, source, clock.monotonic()))
    except BaseException:
        checking.close()
        raise
    found = await checking
    if found is not None:
        patience.forgive(email, source)
    return found


async def _signed_in(visit: Visit, email: str, password: str) -> people.SignedIn | None:
    old = visit.request.cookies.get(cookie_name(visit.request), "")
    return await people.sign_in(visit.request.app[FACTS], email, password, visit.now, old_key=old)


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
