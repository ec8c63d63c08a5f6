"""Set up: the first customer, its first site, and the first person who may sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection

from collector.people import password_hash
from collector.settings import check_address
from collector.store.audit import note
from collector.store.db import Facts
from collector.store.people import add_person, people_count
from collector.store.scope import Scope
from collector.store.sites import add_site, add_tenant, list_tenants
from fleet.errors import FleetError, SettingsError


class AlreadySetUp(FleetError):
    """There is somebody who may sign in already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """What is set up. Mail addresses may stay empty: then the collector's defaults hold."""

    tenant: str
    site: str
    admin_email: str
    admin_password: str
    admin_name: str = ""
    timezone: str = "UTC"
    address: str | None = None
    toner_mail: str = ""
    alert_mail: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    tenant_id: str
    site_id: str
    person_id: str


def set_up(facts: Facts, first: First, now: datetime) -> SetUp:
    """Writes it all, or nothing. AlreadySetUp when there is a person already. Blocks for the password's hash."""
    check_timezone(first.timezone)
    check_address(first.admin_email, "admin e-mail")
    check_address(first.toner_mail, "toner mail")
    check_address(first.alert_mail, "alert mail")
    if not first.admin_email:
        raise SettingsError("admin e-mail: an address is needed to sign in with")
    hashed = password_hash(first.admin_password)
    with facts.write() as conn:
        if people_count(conn):
            raise AlreadySetUp(_what_is_there(conn))
        tenant_id = add_tenant(conn, first.tenant, now)
        mail = {"toner_mail": first.toner_mail or None, "alert_mail": first.alert_mail or None}
        site_id = add_site(
            conn,
            tenant_id,
            first.site,
            now,
            timezone=first.timezone,
            address=first.address,
            language=first.language,
            **mail,
        )
        name = first.admin_name or first.admin_email.partition("@")[0]
        person_id = add_person(conn, first.admin_email, name, hashed, "owner", now, language=first.language)
        note(conn, now, "command line", "set up", tenant_id, tenant_id=tenant_id)
    return SetUp(tenant_id=tenant_id, site_id=site_id, person_id=person_id)


def _what_is_there(conn: Connection) -> str:
    customers = ", ".join(row.name for row in list_tenants(conn, Scope.everything())[:20]) or "none"
    return (
        f"this collector is set up already, nothing was changed; customers: {customers}; people: {people_count(conn)}. "
        "To add more: pagewarden collector customer add, site add, person add; to change mail addresses: site set"
    )


def check_timezone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(f"time zone: {name!r} is not known; expected a name like Europe/Berlin") from error
