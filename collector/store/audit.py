"""Audit: who did what, when. Rows are added and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from collector.store.page import Page, paged
from collector.store.scope import Scope
from collector.store.tables import audit as table


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    id: int
    tenant_id: str | None
    at: datetime
    actor: str
    did: str
    object: str
    facts: Mapping[str, Any]


def _made(row: Row[Any]) -> AuditRow:
    return AuditRow(**{name: getattr(row, name) for name in AuditRow.__slots__})


def list_audit(
    conn: Connection, scope: Scope, *, sort: str = "-at", limit: int = 100, cursor: str | None = None
) -> Page[AuditRow]:
    query = select(table).where(scope.where(table.c.tenant_id))
    return paged(conn, query, _made, sorts={"at": table.c.at}, ident=table.c.id, sort=sort, limit=limit, cursor=cursor)


def note(
    conn: Connection,
    at: datetime,
    actor: str,
    did: str,
    thing: str,
    *,
    tenant_id: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:
    row = {"tenant_id": tenant_id, "at": at, "actor": actor, "did": did, "object": thing, "facts": dict(facts or {})}
    conn.execute(insert(table).values(**row))
