"""Routes of the pages: what the page modules declared, behind the door of session.py."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from aiohttp import web

from collector.keys import CLOCK
from collector.patience import Patience
from collector.teach import Classroom
from collector.web import session
from collector.web.access import PAGES
from collector.web.pages import account, device, door, fleet, orders, overview, teach, tickets, watch
from collector.web.rendering import prepare

MODULES = (account, device, door, fleet, orders, overview, teach, tickets, watch)
"""Importing a module declares its pages."""


def register(app: web.Application) -> None:
    """Adds every page, the static files, the headers and the error pages to the collector. Blocks."""
    prepare(app[CLOCK].now())
    app[door.PATIENCE] = Patience()
    app[teach.CLASSROOM] = Classroom()
    app.middlewares.append(session.pages_for_people)
    app.on_response_prepare.append(session.add_headers)
    for page in PAGES:
        app.router.add_route(page.method, page.path, session.served(page))
    app.router.add_static("/static/", Path(str(files("collector.web") / "static")), append_version=False)
