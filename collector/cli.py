"""The collector's commands."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from collector.command import opened_facts, password_from, places, say, settings_of
from collector.person_commands import person
from collector.place_commands import customer, site

if TYPE_CHECKING:
    from collector.settings import CollectorSettings


@click.group(name="collector")
def collector() -> None:
    """The dealer's side: store, judge, order, open tickets, show.

    \b
    Examples:
      pagewarden collector init --tenant Acme --site "Head office" --admin-email me@dealer.example
      pagewarden collector site-token
      pagewarden collector serve
    """


@collector.command()
@places
@click.option("--tenant", required=True, help="Name of the first customer.")
@click.option("--site", required=True, help="Name of its first site.")
@click.option("--timezone", default="UTC", show_default=True, help="Time zone of the site, e.g. Europe/Berlin.")
@click.option("--address", help="Postal address of the site, for deliveries.")
@click.option("--toner-mail", default="", help="Who gets the orders of this site.")
@click.option("--alert-mail", default="", help="Who is told of faults at this site.")
@click.option("--language", type=click.Choice(["en", "zh"]), help="Language of its mails.")
@click.option("--admin-email", required=True, help="Address the first person signs in with.")
@click.option("--admin-name", default="", help="That person's name.")
@click.option(
    "--admin-password-file", type=click.File("r"), help="File with the password; asked for when it is not given."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def init(config: Path | None, data: Path | None, *, as_json: bool, admin_password_file: Any, **first: Any) -> None:
    """Make the databases, the first customer, site and person.

    \b
    Example:
      pagewarden collector init --tenant Acme --site "Head office" --timezone Europe/Berlin \\
          --admin-email me@dealer.example --toner-mail orders@vendor.example
    """
    from collector.app import open_stores
    from collector.setup import First, set_up
    from fleet.kit.clock import SystemClock

    settings = settings_of(config, data)
    password = password_from(admin_password_file)
    facts, _ = open_stores(settings)
    made = set_up(facts, First(**first, admin_password=password), SystemClock().now())
    record = {"data_dir": str(settings.data_dir), "tenant_id": made.tenant_id, "site_id": made.site_id}
    text = f"Ready in {settings.data_dir}. Next: pagewarden collector site-token, and pagewarden collector serve"
    say(record | {"admin": first["admin_email"]}, text, as_json=as_json)


@collector.command()
@places
@click.option("--listen", metavar="HOST:PORT", help="Where to listen; 127.0.0.1:8060 when nothing is set.")
@click.option("--port", type=click.IntRange(0, 65535), help="Another port; 0 takes any free one.")
@click.option("--log-level", default="info", type=click.Choice(["debug", "info", "warning", "error"]))
@click.option("--log-json", is_flag=True, help="Log JSON lines.")
def serve(
    config: Path | None, data: Path | None, listen: str | None, port: int | None, log_level: str, *, log_json: bool
) -> None:
    """Run the collector until Ctrl-C.

    \b
    Example:
      pagewarden collector serve --listen 0.0.0.0:8060
    """
    import asyncio

    from fleet.kit import logs

    settings = settings_of(config, data, listen)
    if port is not None:
        settings = replace(settings, listen=f"{settings.listen.rpartition(':')[0]}:{port}")
    logs.set_up(log_level, as_json=log_json)
    opened_facts(settings).close()
    asyncio.run(_serve(settings))


async def _serve(settings: CollectorSettings) -> None:
    import asyncio
    import signal

    from collector.serve import serving

    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with serving(settings) as at:
        click.echo(f"Pagewarden listens on {at.url}")
        await stop.wait()


@collector.command("site-token")
@places
@click.option("--site", help="Id or name of the site; not needed when there is only one.")
@click.option("--hours", default=24.0, show_default=True, help="How long it may be used, at most 168.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def site_token(config: Path | None, data: Path | None, site: str | None, hours: float, *, as_json: bool) -> None:
    """Make a token by which one agent may enrol. It is shown once.

    \b
    Example:
      pagewarden collector site-token --site "Head office"
    """
    from datetime import timedelta

    from collector import agents
    from collector.places import site_named
    from collector.store.scope import Scope
    from fleet.kit.clock import SystemClock

    settings = settings_of(config, data)
    facts, now = opened_facts(settings), SystemClock().now()
    with facts.write() as conn:
        place = site_named(conn, site)
        life = timedelta(hours=hours)
        token = agents.site_token(conn, Scope.everything(), place.id, actor="command line", now=now, life=life)
    record = {"token": token, "site_id": place.id, "url": settings.url, "expires_at": (now + life).isoformat()}
    text = f"{token}\n\nFor {place.name}, one agent, {hours:g} hours. On the agent's machine:\n"
    say(record, f"{text}  pagewarden agent enrol {settings.url} {token}", as_json=as_json)


@collector.command("api-token")
@places
@click.option("--name", default="command line", show_default=True, help="What it is for.")
@click.option("--tenant", help="Id of the only customer it may see; all when it is not given.")
@click.option("--write", "may_write", is_flag=True, help="It may change things too.")
@click.option("--days", type=click.IntRange(1, 3650), default=365, show_default=True, help="How long it lives.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def api_token(
    config: Path | None,
    data: Path | None,
    name: str,
    tenant: str | None,
    days: int,
    *,
    may_write: bool,
    as_json: bool,
) -> None:
    """Make a token for programs that read the API. It is shown once.

    \b
    Example:
      pagewarden collector api-token --name grafana
    """
    from datetime import timedelta

    from collector.store.audit import note
    from collector.store.people import add_api_token
    from collector.store.scope import Scope
    from collector.store.sites import list_tenants
    from fleet.errors import SettingsError
    from fleet.kit.clock import SystemClock

    facts, now = opened_facts(settings_of(config, data)), SystemClock().now()
    end = now + timedelta(days=days)
    with facts.write() as conn:
        known = [row.id for row in list_tenants(conn, Scope.everything())]
        if tenant and tenant not in known:
            raise SettingsError(f"--tenant: no customer with the id {tenant}; there are: {', '.join(known)}")
        token = add_api_token(conn, name, now, tenant_id=tenant, may_write=may_write, expires_at=end)
        note(conn, now, "command line", "api-token made", name, tenant_id=tenant)
    say({"token": token, "expires_at": end.isoformat()}, token, as_json=as_json)


@collector.command("check-config")
@places
def check_config(config: Path | None, data: Path | None) -> None:
    """Read the settings and print what holds, secrets masked. Exit 2 names what is wrong.

    \b
    Example:
      pagewarden collector check-config --config collector.toml
    """
    from fleet.kit.config import shown

    click.echo(json.dumps(shown(settings_of(config, data)), indent=2, ensure_ascii=False))


@collector.command()
@places
def migrate(config: Path | None, data: Path | None) -> None:
    """Bring the database to this version. `serve` does the same when it starts.

    \b
    Example:
      pagewarden collector migrate --data /var/lib/pagewarden
    """
    from collector.store.migrations import newest

    opened_facts(settings_of(config, data)).close()
    click.echo(f"The database is of version {newest()}")


@collector.command()
@places
@click.argument("folder", type=click.Path(path_type=Path))
def backup(config: Path | None, data: Path | None, folder: Path) -> None:
    """Copy both databases into a new FOLDER, while the collector works.

    \b
    Example:
      pagewarden collector backup /backup/pagewarden-2026-03-02
    """
    from collector.app import samples_of
    from collector.store.backup import back_up

    settings = settings_of(config, data)
    for file in back_up(opened_facts(settings), samples_of(settings), folder):
        click.echo(str(file))


@collector.command()
@places
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--force", is_flag=True, help="Replace the stores that are there; they are kept beside the restored ones."
)
def restore(config: Path | None, data: Path | None, folder: Path, force: bool) -> None:
    """Put the backup in FOLDER in the place of the databases. Stop the collector first.

    \b
    Example:
      pagewarden collector restore /backup/pagewarden-2026-03-02 --data /var/lib/pagewarden
    """
    from collector.store.restore import restore as put_back
    from fleet.kit.clock import SystemClock

    settings = settings_of(config, data)
    if settings.database.reveal():
        raise click.UsageError("the facts are in PostgreSQL: bring them back with pg_restore")
    aside = put_back(folder, settings.data_dir, SystemClock().now(), force=force)
    click.echo(f"restored into {settings.data_dir}")
    if aside is not None:
        click.echo(f"what was there before is in {aside}; delete it when all is well")


for group in (customer, person, site):
    collector.add_command(group)
