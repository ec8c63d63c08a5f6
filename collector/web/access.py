"""Who may see which page: every page declares the action it is (roles.py), and without one none can be declared."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from collector.roles import Action

if TYPE_CHECKING:
    from collector.web.visit import Visit

Handler = Callable[["Visit"], Awaitable[web.StreamResponse]]


ANYONE = None
"""In place of an action: no sign-in is needed. The sign-in page itself, and what only sets cookies."""


@dataclass(frozen=True, slots=True)
class Page:
    method: str
    path: str
    action: Action | None
    handler: Handler


PAGES: list[Page] = []
"""Filled by the decorator when the page modules are imported."""


def page(method: str, path: str, action: Action | None) -> Callable[[Handler], Handler]:
    """Declares a handler as the page at `path`."""

    def declare(handler: Handler) -> Handler:
        PAGES.append(Page(method, path, action, handler))
        return handler

    return declare
