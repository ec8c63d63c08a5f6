"""Lists in pieces: sorted, limited, and continued from a cursor that survives rows coming and going in between."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, or_
from sqlalchemy.exc import OperationalError, StatementError

from fleet.errors import FleetError

T = TypeVar("T")
MOST = 500
"""No list is longer than this at once."""


class BadQuery(FleetError, ValueError):
    """The caller asked for a sort order or a cursor that does not exist. The text says which are possible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """A piece of a list; `next` is the cursor of the following piece, None at the end."""

    items: tuple[T, ...]
    next: str | None = None


def paged(
    conn: Connection,
    query: Select[Any],
    make: Callable[[Row[Any]], T],
    *,
    sorts: Mapping[str, ColumnElement[Any]],
    ident: ColumnElement[Any],
    sort: str,
    limit: int,
    cursor: str | None,
) -> Page[T]:
    """One piece of `query`. `sort` is a key of `sorts`, "-" in front turns it round; `ident` breaks ties."""
    column, falling = _sort(sorts, sort)
    if cursor:
        value, last = _opened(cursor, sort)
        beyond = column < value if falling else column > value
        query = query.where(or_(beyond, and_(column == value, ident > last)))
    query = query.add_columns(column.label("sort_value"), ident.label("sort_id"))
    wanted = max(1, min(limit, MOST))
    try:
        rows = conn.execute(query.order_by(column.desc() if falling else column, ident).limit(wanted + 1)).all()
    except (OverflowError, StatementError) as error:
        if not cursor or isinstance(error, OperationalError):
            raise
        raise BadQuery("this cursor was not made here; start the list from its beginning") from error
    more = len(rows) > wanted
    return Page(
        items=tuple(make(row) for row in rows[:wanted]),
        next=_sealed(sort, rows[wanted - 1].sort_value, rows[wanted - 1].sort_id) if more else None,
    )


def _sort(sorts: Mapping[str, ColumnElement[Any]], sort: str) -> tuple[ColumnElement[Any], bool]:
    name = sort.removeprefix("-")
    if name not in sorts:
        raise BadQuery(
            f"cannot sort by {name[:40]!r}; possible are {', '.join(sorts)}, with - in front to turn it round"
        )
    return sorts[name], sort.startswith("-")


def _sealed(sort: str, value: Any, ident: Any) -> str:
    kept = {"t": value.isoformat()} if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(json.dumps([sort, kept, ident]).encode()).decode().rstrip("=")


def _opened(cursor: str, sort: str) -> tuple[Any, Any]:
    try:
        made_for, value, ident = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if isinstance(value, dict):
            value = datetime.fromisoformat(value["t"])
    except (ValueError, TypeError, KeyError, binascii.Error) as error:
        raise BadQuery("this cursor was not made here; start the list from its beginning") from error
    if made_for != sort or not isinstance(value, str | int | float | datetime) or not isinstance(ident, str | int):
        raise BadQuery("this cursor belongs to another list; start from the beginning")
    return value, ident
