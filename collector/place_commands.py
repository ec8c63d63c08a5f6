"""Commands about customers and their sites: who they are, and who gets their mail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from collector.command import opened_facts, places, say, settings_of

ACTOR = "command line"
F = TypeVar("F", bound=Callable[..., Any])
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_tenant = click.option(
    "--tenant", "--customer", "tenant", help="Name or id of the customer; not needed when there is only one."
)


def _of_a_site(command: F) -> F:
    """The options that say what a site is. Those that are not given stay as they are."""
    for option in (
        click.option("--language", type=click.Choice(["en", "zh"]), help="Language of its mails."),
        click.option("--alert-mail", help="Who is told of faults at this site."),
        click.option("--toner-mail", help="The vendor who gets the orders of this site."),
        click.option("--address", help="Where deliveries go: postal address, contact person, telephone."),
        click.option("--timezone", help="Time zone of the site, e.g. Europe/Berlin."),
    ):
        command = option(command)
    return command


@click.group()
def customer() -> None:
    """Customers: add and list. Nobody sees another's devices.

    \b
    Examples:
      pagewarden collector customer add "Fabrikam"
      pagewarden collector customer list
    """


@customer.command("add")
@places
@click.argument("name")
@_json
def add_customer(config: Path | None, data: Path | None, name: str, *, as_json: bool) -> None:
    """Add a customer called NAME. It needs a site before an agent can enrol.

    \b
    Example:
      pagewarden collector customer add "Fabrikam"
    """
    from collector import places as known
    from fleet.kit.clock import SystemClock

    facts, now = opened_facts(settings_of(config, data)), SystemClock().now()
    with facts.write() as conn:
        ident = known.add_customer(conn, name, now, actor=ACTOR)
    text = f"{name} ({ident}). Next: pagewarden collector site add NAME --tenant {ident}"
    say({"id": ident, "name": name}, text, as_json=as_json)


@customer.command("list")
@places
@_json
def list_customers(config: Path | None, data: Path | None, *, as_json: bool) -> None:
    """Every customer, with its sites.

    \b
    Example:
      pagewarden collector customer list
    """
    from collector.places import EVERYTHING, every_site
    from collector.store.sites import list_tenants

    with opened_facts(settings_of(config, data)).read() as conn:
        customers, sites = list_tenants(conn, EVERYTHING), every_site(conn)
    for one in customers:
        own = [site.name for site in sites if site.tenant_id == one.id]
        line = f"{one.id}  {one.name}: {', '.join(own) or 'no site yet'}"
        say({"id": one.id, "name": one.name, "sites": own}, line, as_json=as_json)


@click.group()
def site() -> None:
    """Sites of customers: add, list, change who gets mail.

    \b
    Examples:
      pagewarden collector site add "Branch" --tenant Fabrikam --timezone Europe/Berlin
      pagewarden collector site set "Branch" --toner-mail orders@vendor.example
    """


@site.command("add")
@places
@click.argument("name")
@_tenant
@_of_a_site
@_json
def add_site(
    config: Path | None, data: Path | None, name: str, tenant: str | None, *, as_json: bool, **given: str | None
) -> None:
    """Add a site called NAME. Mail addresses left out are those of the settings file ([mail]).

    \b
    Example:
      pagewarden collector site add "Branch" --tenant Fabrikam --timezone Europe/Berlin \\
          --toner-mail orders@vendor.example --alert-mail service@dealer.example \\
          --address "Fabrikam, 1 Main Street, Springfield; Jane Roe, +1 555 0100"
    """
    from collector.places import add_place, customer_named
    from fleet.kit.clock import SystemClock

    facts, now = opened_facts(settings_of(config, data)), SystemClock().now()
    values = {key: value for key, value in given.items() if value is not None}
    with facts.write() as conn:
        owner = customer_named(conn, tenant)
        ident = add_place(conn, owner, name, values, now, actor=ACTOR)
    text = f"{name} of {owner.name} ({ident}). Next: pagewarden collector site-token --site {ident}"
    say({"id": ident, "name": name, "tenant_id": owner.id}, text, as_json=as_json)


@site.command("list")
@places
@_json
def list_sites(config: Path | None, data: Path | None, *, as_json: bool) -> None:
    """Every site, and who gets its mail. "default" is the address in the settings file ([mail]).

    \b
    Example:
      pagewarden collector site list
    """
    from collector.places import every_site

    with opened_facts(settings_of(config, data)).read() as conn:
        sites = every_site(conn)
    for one in sites:
        kept = ("id", "name", "tenant_id", "timezone", "address", "toner_mail", "alert_mail", "language")
        mail = f"orders to {one.toner_mail or 'default'}, alerts to {one.alert_mail or 'default'}"
        line = f"{one.id}  {one.name} of {one.tenant_name}  {one.timezone}  {mail}"
        say({name: getattr(one, name) for name in kept} | {"tenant": one.tenant_name}, line, as_json=as_json)


@site.command("set")
@places
@click.argument("site", metavar="SITE")
@_tenant
@click.option("--name", help="Another name.")
@_of_a_site
@_json
def set_site(
    config: Path | None, data: Path | None, site: str, tenant: str | None, *, as_json: bool, **given: str | None
) -> None:
    """Change SITE (its name or id). Only what is given changes.

    An empty text takes an address away: then that of the settings file holds.

    \b
    Examples:
      pagewarden collector site set "Head office" --toner-mail orders@vendor.example
      pagewarden collector site set "Head office" --alert-mail ""
    """
    from collector.places import change_place, site_named
    from fleet.errors import SettingsError
    from fleet.kit.clock import SystemClock

    values = {key: value for key, value in given.items() if value is not None}
    if not values:
        raise SettingsError("nothing to change: give --toner-mail, --alert-mail, --address, --timezone or another")
    facts, now = opened_facts(settings_of(config, data)), SystemClock().now()
    with facts.write() as conn:
        changed = change_place(conn, site_named(conn, site, tenant, where="SITE"), values, now, actor=ACTOR)
    told = [f"{key}: {step['from'] or 'none'} -> {step['to'] or 'none'}" for key, step in changed.items()]
    say({"changed": changed}, "\n".join(told) or "It was so already.", as_json=as_json)
