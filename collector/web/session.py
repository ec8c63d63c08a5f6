"""The door: sessions, forged requests, languages, headers. Everything a page does not have to think of."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote, urlsplit

from aiohttp import web

from collector.keys import CLOCK, FACTS, SETTINGS
from collector.people import session_of
from collector.roles import home, may
from collector.store.people import SessionRow
from collector.web.access import ANYONE, Page
from collector.web.i18n import LANGUAGES, Words, chosen
from collector.web.visit import Visit

log = logging.getLogger(__name__)
THEMES = ("auto", "light", "dark")
YEAR = 365 * 86_400
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Server": "Pagewarden",
}


def is_https(request: web.Request) -> bool:
    return request.app[SETTINGS].public_url.startswith("https://") or request.secure


def cookie_name(request: web.Request) -> str:
    return "__Host-pagewarden" if is_https(request) else "pagewarden"


def set_session(response: web.StreamResponse, request: web.Request, key: str, seconds: int) -> None:
    response.set_cookie(
        cookie_name(request), key, max_age=seconds, path="/", httponly=True, samesite="Lax", secure=is_https(request)
    )


def browser_cookie(request: web.Request) -> str:
    return f"{cookie_name(request)}-browser"


def set_browser(response: web.StreamResponse, request: web.Request, mark: str, seconds: int) -> None:
    """Stays when the session ends: it opens nothing."""
    response.set_cookie(
        browser_cookie(request),
        mark,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="Strict",
        secure=is_https(request),
    )


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """On every answer, errors included."""
    for name, value in HEADERS.items():
        if name == "Server":
            response.headers[name] = value
        else:
            response.headers.setdefault(name, value)
    kept = request.path.startswith("/static/") and response.status == 200
    response.headers.setdefault("Cache-Control", f"public, max-age={YEAR}, immutable" if kept else "no-store")


def local_path(text: str) -> str:
    """`text` when it is a path on this server, else the start page: no redirect leads away."""
    harmless = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable() and len(text) < 500
    return text if harmless else "/"


def is_forged(request: web.Request) -> bool:
    """Whether a browser says that another site sent this form."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    # Behind a proxy the host asked for may be another than the one people see.
    ours = (request.host, urlsplit(request.app[SETTINGS].public_url).netloc)
    return origin is not None and origin.partition("://")[2] not in ours


def visit_of(request: web.Request, session: SessionRow | None) -> Visit:
    person = session.person.language if session else None
    language = chosen(
        request.query.get("lang"), request.cookies.get("lang"), person, request.headers.get("Accept-Language", "")
    )
    theme = request.cookies.get("theme", "auto")
    return Visit(
        request=request,
        words=Words(language),
        theme=theme if theme in THEMES else "auto",
        now=request.app[CLOCK].now(),
        session=session,
    )


def served(page: Page) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The page's handler behind the door."""

    async def handler(request: web.Request) -> web.StreamResponse:
        key = request.cookies.get(cookie_name(request), "")
        session = await session_of(request.app[FACTS], key, request.app[CLOCK].now())
        visit = visit_of(request, session)
        if page.method != "GET" and is_forged(request):
            return await problem_page(visit, 403, "forged")
        if page.action is not ANYONE:
            if session is None:
                raise web.HTTPSeeOther(f"/login?next={_quoted(request)}")
            if page.method != "GET" and not await _is_ours(visit, session):
                return await problem_page(visit, 403, "old")
            if not may(session.person.role, page.action):
                return await _not_for(visit, page, session.person.role)
        try:
            response = await page.handler(visit)
        except web.HTTPNotFound:
            response = await problem_page(visit, 404)
        if request.query.get("lang") in LANGUAGES:
            response.set_cookie("lang", request.query["lang"], max_age=YEAR, path="/", samesite="Lax")
        return response

    return handler


async def _not_for(visit: Visit, page: Page, role: str) -> web.StreamResponse:
    """The start page leads on to where this role begins; everything else is refused."""
    if page.method == "GET" and page.path == "/":
        raise web.HTTPSeeOther(home(role))
    return await problem_page(visit, 403, "role")


def _quoted(request: web.Request) -> str:
    return quote(request.path_qs if request.method == "GET" else "/", safe="/")


async def _is_ours(visit: Visit, session: SessionRow) -> bool:
    """Whether the form came from a page of this session."""
    given = str((await visit.form()).get("csrf", ""))
    return hmac.compare_digest(given.encode(), session.csrf.encode())


async def problem_page(visit: Visit, status: int, why: str = "") -> web.Response:
    """A page that says what is wrong and where to go from here."""
    return await visit.render("problem.html", status=status, code=status, why=why)


PROGRAMS = ("/api/", "/agent/", "/metrics", "/healthz", "/readyz", "/openapi.json", "/static/")
"""Addresses that answer programs: their errors are theirs."""


@web.middleware
async def pages_for_people(request: web.Request, handler: Callable[[web.Request], Awaitable[Any]]) -> Any:
    """Turns errors on the way to a page into pages."""
    if request.path.startswith(PROGRAMS):
        return await handler(request)
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        status = error.status
    except Exception:
        log.exception("a page failed", extra={"path": request.path})
        status = 500
    key = request.cookies.get(cookie_name(request), "")
    session = await session_of(request.app[FACTS], key, request.app[CLOCK].now())
    return await problem_page(visit_of(request, session), status)
