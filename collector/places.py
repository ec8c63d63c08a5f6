"""Customers and their sites, as the command line names and changes them. Storage is store/sites.py."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from collector.settings import check_address
from collector.setup import check_timezone
from collector.store.audit import note
from collector.store.page import MOST
from collector.store.scope import Scope
from collector.store.sites import SiteRow, TenantRow, add_site, add_tenant, change_site, list_sites, list_tenants
from fleet.errors import SettingsError

EVERYTHING = Scope.everything()
LONGEST_NAME = 200


def add_customer(conn: Connection, name: str, now: datetime, *, actor: str) -> str:
    """The new customer's id. SettingsError where one is called so already."""
    _check_name("NAME", name)
    if any(row.name == name for row in list_tenants(conn, EVERYTHING)):
        raise SettingsError(f"there is a customer {name!r} already; see: pagewarden collector customer list")
    ident = add_tenant(conn, name, now)
    note(conn, now, actor, "customer added", ident, tenant_id=ident, facts={"name": name})
    return ident


def customer_named(conn: Connection, wanted: str | None) -> TenantRow:
    """The customer with this id or name, or the only one. SettingsError names those there are."""
    known = list_tenants(conn, EVERYTHING)
    found = [row for row in known if wanted is None or wanted in (row.id, row.name)]
    if len(found) != 1:
        raise SettingsError(f"--tenant: name exactly one customer, by name or id; there are: {_told(found or known)}")
    return found[0]


def every_site(conn: Connection) -> list[SiteRow]:
    """All sites of all customers, by name."""
    page = list_sites(conn, EVERYTHING, limit=MOST)
    sites = list(page.items)
    while page.next:
        page = list_sites(conn, EVERYTHING, limit=MOST, cursor=page.next)
        sites += page.items
    return sites


def site_named(conn: Connection, wanted: str | None, tenant: str | None = None, *, where: str = "--site") -> SiteRow:
    """The site with this id or name, or the only one; `tenant` where two customers have one of that name."""
    sites = every_site(conn)
    if tenant is not None:
        owner = customer_named(conn, tenant)
        sites = [site for site in sites if site.tenant_id == owner.id]
    found = [site for site in sites if wanted is None or wanted in (site.id, site.name)]
    if len(found) != 1:
        names = ", ".join(f"{site.name} of {site.tenant_name} ({site.id})" for site in (found or sites)[:20]) or "none"
        raise SettingsError(f"{where}: name exactly one site, by name or id; there are: {names}")
    return found[0]


def add_place(
    conn: Connection, tenant: TenantRow, name: str, values: Mapping[str, str | None], now: datetime, *, actor: str
) -> str:
    """The new site's id. SettingsError where this customer has one of that name, or a value is wrong."""
    _check_name("NAME", name)
    _check(values)
    if any(site.name == name and site.tenant_id == tenant.id for site in every_site(conn)):
        raise SettingsError(f"{tenant.name} has a site {name!r} already; change it with: pagewarden collector site set")
    given = {key: value or None for key, value in values.items() if key != "timezone"}
    ident = add_site(conn, tenant.id, name, now, timezone=values.get("timezone") or "UTC", **given)
    note(conn, now, actor, "site added", ident, tenant_id=tenant.id, facts={"name": name})
    return ident


def change_place(
    conn: Connection, site: SiteRow, values: Mapping[str, str], now: datetime, *, actor: str
) -> dict[str, dict[str, str | None]]:
    """What changed, from what to what. An empty value takes one away, so that the collector's default holds."""
    _check(values)
    if "name" in values:
        _check_name("--name", values["name"])
        taken = [one for one in every_site(conn) if one.tenant_id == site.tenant_id and one.id != site.id]
        if any(one.name == values["name"] for one in taken):
            raise SettingsError(f"--name: {site.tenant_name} has another site {values['name']!r}")
    wanted = {key: value or None for key, value in values.items()}
    changed = {
        key: {"from": getattr(site, key), "to": value} for key, value in wanted.items() if value != getattr(site, key)
    }
    if changed:
        change_site(conn, EVERYTHING, site.id, **{key: step["to"] for key, step in changed.items()})
        note(conn, now, actor, "site changed", site.id, tenant_id=site.tenant_id, facts=changed)
    return changed


def _check(values: Mapping[str, str | None]) -> None:
    if "timezone" in values:
        check_timezone(values["timezone"] or "")
    check_address(values.get("toner_mail") or "", "--toner-mail")
    check_address(values.get("alert_mail") or "", "--alert-mail")


def _check_name(where: str, name: str) -> None:
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise SettingsError(f"{where}: expected a name of 1 to {LONGEST_NAME} letters, not {name[:40]!r}")


def _told(rows: list[TenantRow]) -> str:
    return ", ".join(f"{row.name} ({row.id})" for row in rows[:20]) or "none"
