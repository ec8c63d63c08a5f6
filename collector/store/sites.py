"""Tenants and their sites: who a customer is, where it is, and who gets its mail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from collector.store.ids import new_id
from collector.store.page import Page, paged
from collector.store.scope import Scope
from collector.store.tables import site, tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantRow:
    id: str
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """A place of a customer. Mail addresses and language are None where the collector's default holds."""

    id: str
    tenant_id: str
    tenant_name: str
    name: str
    address: str | None
    timezone: str
    toner_mail: str | None
    alert_mail: str | None
    language: str | None
    created_at: datetime


def _made(row: Row[Any]) -> SiteRow:
    return SiteRow(**{name: getattr(row, name) for name in SiteRow.__slots__})


def _query(scope: Scope) -> Select[Any]:
    joined = select(site, tenant.c.name.label("tenant_name")).join(tenant, tenant.c.id == site.c.tenant_id)
    return joined.where(scope.where(site.c.tenant_id))


def list_sites(
    conn: Connection,
    scope: Scope,
    *,
    search: str = "",
    sort: str = "name",
    limit: int = 100,
    cursor: str | None = None,
) -> Page[SiteRow]:
    query = _query(scope)
    if search:
        query = query.where(site.c.name.icontains(search, autoescape=True))
    sorts = {"name": func.lower(site.c.name), "created": site.c.created_at}
    return paged(conn, query, _made, sorts=sorts, ident=site.c.id, sort=sort, limit=limit, cursor=cursor)


def site_row(conn: Connection, scope: Scope, ident: str) -> SiteRow | None:
    row = conn.execute(_query(scope).where(site.c.id == ident)).first()
    return _made(row) if row else None


def lock_sites(conn: Connection, idents: Iterable[str]) -> None:
    """Until this transaction ends, nobody else reads devices of these sites in order to change them.

    SQLite has one writer at a time anyway. The order keeps two that lock several from waiting for each other."""
    conn.execute(locking(idents)).all()


def locking(idents: Iterable[str]) -> Select[Any]:
    """The query that locks: rows that only name a site are not held up by it."""
    query = select(site.c.id).where(site.c.id.in_(sorted(set(idents)))).order_by(site.c.id)
    return query.with_for_update(key_share=True)


def list_tenants(conn: Connection, scope: Scope) -> list[TenantRow]:
    rows = conn.execute(select(tenant).where(scope.where(tenant.c.id)).order_by(tenant.c.name, tenant.c.id))
    return [TenantRow(id=row.id, name=row.name, created_at=row.created_at) for row in rows]


def add_tenant(conn: Connection, name: str, now: datetime) -> str:
    ident = new_id("tnt")
    conn.execute(insert(tenant).values(id=ident, name=name, created_at=now))
    return ident


def add_site(
    conn: Connection,
    tenant_id: str,
    name: str,
    now: datetime,
    *,
    timezone: str = "UTC",
    address: str | None = None,
    toner_mail: str | None = None,
    alert_mail: str | None = None,
    language: str | None = None,
) -> str:
    ident = new_id("site")
    mail = {"toner_mail": toner_mail, "alert_mail": alert_mail, "language": language}
    row = {"id": ident, "tenant_id": tenant_id, "name": name, "address": address, "timezone": timezone}
    conn.execute(insert(site).values(created_at=now, **row, **mail))
    return ident


def change_site(conn: Connection, scope: Scope, ident: str, **values: str | None) -> bool:
    """Sets name, address, timezone, toner_mail, alert_mail or language. False where the site is not to be seen."""
    unknown = values.keys() - {"name", "address", "timezone", "toner_mail", "alert_mail", "language"}
    if unknown:
        raise ValueError(f"a site has no {', '.join(sorted(unknown))}")
    done = conn.execute(update(site).where(site.c.id == ident, scope.where(site.c.tenant_id)).values(**values))
    return done.rowcount == 1
