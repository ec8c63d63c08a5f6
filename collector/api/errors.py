"""Errors of the machine interfaces: whatever goes wrong, the answer is a problem (RFC 9457)."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable

from aiohttp import web
from sqlalchemy.exc import DBAPIError

from collector.problem import problem

log = logging.getLogger(__name__)

MACHINES = ("/api", "/agent", "/openapi.json", "/metrics", "/healthz", "/readyz")
"""Paths that programs ask; pages have errors for people."""
_WORDS = {
    404: "there is nothing at this path; /openapi.json lists what there is",
    405: "this path does not know this method; Allow lists those it knows",
    413: "the body is too large",
}
_KEPT = ("Allow", "Retry-After", "WWW-Authenticate")


def is_machine(path: str) -> bool:
    return any(path == start or path.startswith(f"{start}/") for start in MACHINES)


@web.middleware
async def problems(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Turns what leaves a handler of the machine interfaces into a problem; other paths pass."""
    if not is_machine(request.path):
        return await handler(request)
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        kept = {name: error.headers[name] for name in _KEPT if name in error.headers}
        return problem(error.status, _WORDS.get(error.status, error.reason), headers=kept)
    except asyncio.CancelledError:
        raise
    except (DBAPIError, sqlite3.Error) as error:
        log.error("the database did not answer: %s", error, extra={"path": request.path})
        return problem(503, "the database does not answer now; try again", headers={"Retry-After": "5"})
    except Exception:  # the last line: a traceback for us, a plain word for the caller
        log.exception("a request failed", extra={"path": request.path})
        return problem(500, "this failed on our side; the log of the collector says why")
