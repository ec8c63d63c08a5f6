"""Lists: the parts every list page shares."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from collector.store.page import BadQuery, Page
from collector.web.visit import Visit

T = TypeVar("T")
PER_PAGE = 50
MOST_EXPORTED = 20_000


def wish(visit: Visit, sorts: Sequence[str], usual: str = "") -> str:
    """The sort order in the address, when it is one there is."""
    return visit.asked("sort", [*sorts, *(f"-{name}" for name in sorts)]) or usual


async def piece(
    visit: Visit, fn: Callable[..., Page[T]], *args: Any, sorts: Sequence[str], usual: str = "", **kwargs: Any
) -> Page[T]:
    """One piece of a list, by the sort order and cursor in the address; a wrong cursor starts from the beginning."""
    if named := wish(visit, sorts, usual):
        kwargs["sort"] = named
    try:
        return await visit.ask(fn, visit.scope, *args, limit=PER_PAGE, cursor=visit.asked("cursor") or None, **kwargs)
    except BadQuery:
        return await visit.ask(fn, visit.scope, *args, limit=PER_PAGE, **kwargs)


async def everything(ask: Callable[[str | None], Awaitable[Page[T]]]) -> list[T]:
    """All pieces of a list, for an export."""
    rows: list[T] = []
    cursor: str | None = None
    while len(rows) < MOST_EXPORTED:
        page = await ask(cursor)
        rows += page.items
        if (cursor := page.next) is None:
            break
    return rows
