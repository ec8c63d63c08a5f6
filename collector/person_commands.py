"""Commands about those who sign in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from collector.command import opened_facts, password_from, places, say, settings_of
from collector.roles import PEOPLE, SEE_ALL

if TYPE_CHECKING:
    from sqlalchemy import Connection

ACTOR = "command line"
_email = click.option("--email", required=True, help="Address the person signs in with.")
_password = click.option(
    "--password-file", type=click.File("r"), help="File with the password; asked for when it is not given."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def person() -> None:
    """Those who sign in: add, list, give a new password, shut out.

    \b
    Examples:
      pagewarden collector person list
      pagewarden collector person password --email me@dealer.example
    """


@person.command("list")
@places
@_json
def list_(config: Path | None, data: Path | None, *, as_json: bool) -> None:
    """Who may sign in, as what, and for which customers.

    \b
    Example:
      pagewarden collector person list
    """
    from collector.store.people import list_people

    with opened_facts(settings_of(config, data)).read() as conn:
        people = list_people(conn)
    for one in people:
        tenants = None if one.scope.tenants is None else sorted(one.scope.tenants)
        record = {"id": one.id, "email": one.email, "name": one.name, "role": one.role, "tenants": tenants}
        shut = ", shut out" if one.disabled_at else ""
        sees = "all customers" if tenants is None else ", ".join(tenants)
        line = f"{one.email}  {one.role}{shut}  {sees}"
        say(record | {"disabled": one.disabled_at is not None}, line, as_json=as_json)


@person.command()
@places
@_email
@click.option("--name", default="", help="Name shown in stories; the address before the @ when it is not given.")
@click.option("--role", required=True, type=click.Choice(list(PEOPLE)), help="What the person may do.")
@click.option("--tenant", "tenants", multiple=True, help="Id or name of a customer; again for more.")
@click.option("--language", type=click.Choice(["en", "zh"]), help="Language of the pages.")
@_password
@_json
def add(
    config: Path | None,
    data: Path | None,
    email: str,
    name: str,
    role: str,
    tenants: tuple[str, ...],
    language: str | None,
    password_file: Any,
    *,
    as_json: bool,
) -> None:
    """Let somebody sign in. owner and admin see all customers; the others those that are named.

    A vendor sees the orders that are mailed to this very address.

    \b
    Example:
      pagewarden collector person add --email t@dealer.example --role technician --tenant Acme
    """
    from collector.people import password_hash
    from collector.settings import check_address
    from collector.store.audit import note
    from collector.store.people import add_person, person_with_email
    from fleet.errors import SettingsError
    from fleet.kit.clock import SystemClock

    check_address(email, "--email")
    facts, now = opened_facts(settings_of(config, data)), SystemClock().now()
    hashed = password_hash(password_from(password_file))
    with facts.write() as conn:
        if person_with_email(conn, email):
            raise SettingsError(
                f"--email: somebody signs in with {email} already; see: pagewarden collector person list"
            )
        ids = _customers(conn, role, tenants)
        called = name or email.partition("@")[0]
        ident = add_person(conn, email, called, hashed, role, now, tenants=ids, language=language)
        note(conn, now, ACTOR, "person added", ident, facts={"email": email, "role": role, "tenants": ids})
    say({"id": ident, "email": email, "role": role, "tenants": ids}, f"{email} may sign in as {role}", as_json=as_json)


def _customers(conn: Connection, role: str, wanted: tuple[str, ...]) -> list[str]:
    """The ids of the customers that are named by id or name."""
    from collector.store.scope import Scope
    from collector.store.sites import list_tenants
    from fleet.errors import SettingsError

    known = list_tenants(conn, Scope.everything())
    found = [row.id for row in known if row.id in wanted or row.name in wanted]
    there = ", ".join(f"{row.name} ({row.id})" for row in known[:20])
    if role in SEE_ALL:
        if wanted:
            raise SettingsError(f"--tenant: {role} sees all customers; leave it out, or choose another --role")
    elif len(found) != len(set(wanted)) or not found:
        raise SettingsError(f"--tenant: name the customers a {role} sees, each by one name; there are: {there}")
    return found


@person.command()
@places
@_email
@_password
@_json
def password(config: Path | None, data: Path | None, email: str, password_file: Any, *, as_json: bool) -> None:
    """Give somebody a new password. All sessions of the person end, and it is noted in the audit log.

    \b
    Example:
      pagewarden collector person password --email me@dealer.example
    """
    from collector.people import reset_password
    from fleet.kit.clock import SystemClock

    facts, new = opened_facts(settings_of(config, data)), password_from(password_file)
    ended = reset_password(facts, email, new, SystemClock().now(), actor=ACTOR)
    say(
        {"email": email, "sessions_ended": ended}, f"New password for {email}; sessions ended: {ended}", as_json=as_json
    )


@person.command()
@places
@_email
@click.option("--again", is_flag=True, help="Let the person in again.")
def disable(config: Path | None, data: Path | None, email: str, *, again: bool) -> None:
    """Shut somebody out at once; what he did stays in the stories.

    \b
    Example:
      pagewarden collector person disable --email gone@dealer.example
    """
    from collector.people import named
    from collector.store.audit import note
    from collector.store.people import set_disabled
    from fleet.kit.clock import SystemClock

    facts, now = opened_facts(settings_of(config, data)), SystemClock().now()
    with facts.write() as conn:
        who = named(conn, email)
        set_disabled(conn, who.id, None if again else now)
        note(
            conn, now, ACTOR, "person let in again" if again else "person shut out", who.id, facts={"email": who.email}
        )
    click.echo(f"{who.email} may sign in again" if again else f"{who.email} may no longer sign in")
