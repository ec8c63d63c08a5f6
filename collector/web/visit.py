"""Visit: one request for a page, with everything its handler needs to answer."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode

from aiohttp import web
from multidict import MultiDictProxy
from sqlalchemy import Connection

from collector.keys import CATALOGUE, FACTS, SAMPLES, SETTINGS
from collector.roles import ONLY_MAILED_TO, Action, may
from collector.settings import CollectorSettings
from collector.store import orders, outbox, sites, tickets
from collector.store.people import PersonRow, SessionRow
from collector.store.samples import Samples
from collector.store.scope import Scope
from collector.store.sites import SiteRow
from collector.web.i18n import LANGUAGES, TAGS, Words
from collector.web.rendering import environment, finished, unturned
from mibs.catalogue import Catalogue

P = ParamSpec("P")
T = TypeVar("T")
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet takes a cell that begins so for a formula; a Chinese or Japanese one the wide signs too."""


def cell(value: object) -> str:
    """A value as a CSV cell that stays a value."""
    text = "" if value is None else str(unturned(str(value)))
    return f"'{text}" if text.startswith(_RISKY) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return (
        text.removeprefix("-").replace(".", "", 1).isascii() and text.removeprefix("-").replace(".", "", 1).isdecimal()
    )


@cache
def _zones(rows: tuple[SiteRow, ...]) -> Mapping[str, str]:
    return {row.id: row.timezone for row in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    request: web.Request
    words: Words
    theme: str
    now: datetime
    session: SessionRow | None = None

    @property
    def person(self) -> PersonRow:
        if self.session is None:
            raise web.HTTPForbidden
        return self.session.person

    @property
    def scope(self) -> Scope:
        """What this person may see; nothing for nobody."""
        return self.person.scope if self.session else Scope.of()

    def may(self, action: str) -> bool:
        """Whether this person may do it; templates name the action."""
        return self.session is not None and may(self.person.role, Action(action))

    @property
    def only_mailed_to(self) -> str:
        """The address whose orders alone this person sees; empty: all of his customers' orders."""
        return self.person.email if self.person.role in ONLY_MAILED_TO else ""

    @property
    def settings(self) -> CollectorSettings:
        return self.request.app[SETTINGS]

    @property
    def catalogue(self) -> Catalogue:
        return self.request.app[CATALOGUE]

    @property
    def samples(self) -> Samples:
        return self.request.app[SAMPLES]

    def asked(self, name: str, known: Sequence[str] | None = None) -> str:
        """A query value; empty when absent, or when `known` does not hold it."""
        value = self.request.query.get(name, "")[:200]
        return value if known is None or value in known else ""

    async def ask(self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A look into the facts, in a thread."""
        return await self.request.app[FACTS].ask(fn, *args, **kwargs)

    async def change(self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.request.app[FACTS].change(fn, *args, **kwargs)

    async def form(self) -> MultiDictProxy[Any]:
        return await self.request.post()

    async def zones(self) -> Mapping[str, str]:
        """Site id -> time zone."""
        rows = (await self.ask(sites.list_sites, self.scope, limit=500)).items
        return _zones(tuple(rows))

    @property
    def back(self) -> str:
        """Where to come back to after a choice of language or theme: this page, unless it answers a form."""
        return self.link() if self.request.method == "GET" else "/"

    def link(self, **changes: str) -> str:
        """This page's address with some query values changed; empty ones are left out, and so is the cursor."""
        query = {name: value for name, value in self.request.query.items() if name not in ("cursor", "lang", "format")}
        query = {name: value for name, value in {**query, **changes}.items() if value}
        return f"{self.request.path}?{urlencode(query)}" if query else self.request.path

    async def render(self, template: str, *, status: int = 200, **data: Any) -> web.Response:
        """The page made from a template and finished view data."""
        counts = await self.ask(_counts, self) if self.session else {}
        context = {
            "visit": self,
            "w": self.words,
            "lang": TAGS[self.words.language],
            "languages": LANGUAGES,
            "theme": self.theme,
            "csrf": self.session.csrf if self.session else "",
            "here": self.request.path,
            "counts": counts,
            **data,
        }
        html = environment(self.words.language).get_template(template).render(context)
        return web.Response(text=finished(html), content_type="text/html", status=status)

    def csv(self, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> web.Response:
        """A list as a file; the mark in front makes spreadsheets read it as UTF-8."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(header)
        writer.writerows([cell(value) for value in row] for row in rows)
        headers = {"Content-Disposition": f'attachment; filename="{name}-{self.now:%Y-%m-%d}.csv"'}
        return web.Response(
            body=("\ufeff" + out.getvalue()).encode(), content_type="text/csv", charset="utf-8", headers=headers
        )


def _counts(conn: Connection, visit: Visit) -> dict[str, int]:
    """The numbers beside the entries of the menu, of what this person may see."""
    counts, scope = {}, visit.scope
    if visit.may(Action.SEE_ORDERS) and not visit.only_mailed_to:
        counts["orders"] = sum(orders.open_order_counts(conn, scope).values())
    if visit.may(Action.SEE_TICKETS):
        counts["tickets"] = sum(tickets.open_ticket_counts(conn, scope).values())
    if visit.may(Action.SEE_MAILS):
        mails = outbox.outbox_counts(conn, scope)
        counts["mails"] = mails.get("unsure", 0) + mails.get("failed", 0)
    return counts
