"""Who may see which page: every page declares it, and what declares nothing is not served."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from collector.web.visit import Visit

Handler = Callable[["Visit"], Awaitable[web.StreamResponse]]


class Access(StrEnum):
    """anyone: no sign-in (the sign-in page itself). person: signed in. worker: may also change things."""

    ANYONE = "anyone"
    PERSON = "person"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Page:
    method: str
    path: str
    access: Access
    handler: Handler


PAGES: list[Page] = []
"""Filled by the decorator when the page modules are imported."""


def page(method: str, path: str, access: Access = Access.PERSON) -> Callable[[Handler], Handler]:
    """Declares a handler as the page at `path`."""

    def declare(handler: Handler) -> Handler:
        PAGES.append(Page(method, path, access, handler))
        return handler

    return declare
