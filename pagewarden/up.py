"""`pagewarden up`: agent and collector in one process, for the network this machine is on."""

from __future__ import annotations

import asyncio
import secrets
import tomllib
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from agent.app import Agent, territory_of
from agent.enrol import enrol, put_whole
from agent.settings import AgentSettings
from agent.until_stopped import until_stopped
from collector import agents
from collector.app import open_stores
from collector.keys import FACTS
from collector.serve import Serving, serving
from collector.settings import CollectorSettings, check
from collector.setup import First, set_up
from collector.store.audit import note
from collector.store.db import Facts
from collector.store.people import add_api_token, people_count, token_with_secret
from collector.store.scope import Scope
from collector.store.sites import list_sites
from fleet.errors import FleetError, SettingsError
from fleet.kit import config as toml
from fleet.kit import logs
from fleet.kit.clock import SystemClock
from fleet.kit.config import Secret

DATA = Path("pagewarden-data")
KEY_FILE = "agent.key"
PROMETHEUS_FILE = "prometheus.token"
TOKEN_LIFE = timedelta(days=3650)
ADMIN = "admin@localhost.localdomain"


@dataclass(frozen=True, slots=True, kw_only=True)
class UpSettings:
    """Both programs' settings in one file: tables [collector] and [agent] with the keys of their own files."""

    collector: CollectorSettings = field(default_factory=CollectorSettings)
    agent: AgentSettings = field(default_factory=AgentSettings)


def _settings(config: Path | None, data: Path, port: int | None) -> UpSettings:
    settings = toml.load(config, UpSettings) if config else UpSettings()
    collector = replace(settings.collector, data_dir=data / "collector")
    if port is not None:
        collector = replace(collector, listen=f"{collector.host}:{port}")
    check(collector, str(config or "settings"))
    return UpSettings(collector=collector, agent=replace(settings.agent, state_dir=data / "agent"))


def _first_person(facts: Facts, settings: CollectorSettings) -> str | None:
    """Makes customer, site and person on the first start; the person's password, which is shown once."""
    with facts.read() as conn:
        if people_count(conn):
            return None
    password = secrets.token_urlsafe(12)
    first = First(
        tenant="This organisation",
        site="This office",
        admin_email=ADMIN,
        admin_password=password,
        admin_name="Administrator",
    )
    set_up(facts, first, SystemClock().now())
    return password


async def _enrolled(settings: UpSettings, served: Serving, data: Path) -> AgentSettings:
    """The agent's settings with its id and key; enrols it on the first start."""
    keys = data / KEY_FILE
    if not keys.exists():
        facts, now = served.app[FACTS], SystemClock().now()
        site = (await facts.ask(list_sites, Scope.everything(), limit=1)).items[0]
        token = await facts.change(agents.site_token, Scope.everything(), site.id, actor="pagewarden up", now=now)
        made = await enrol(served.url, token or "", name="this machine")
        await asyncio.to_thread(_keep, keys, {"agent_id": made.agent_id, "agent_key": made.agent_key})
    kept = await asyncio.to_thread(lambda: tomllib.loads(keys.read_text("utf-8")))
    return replace(
        settings.agent, collector_url=served.url, agent_id=kept["agent_id"], agent_key=Secret(kept["agent_key"])
    )


def _keep(path: Path, values: dict[str, str]) -> None:
    """Only its owner may read the key; whole or not at all, since the token that made it is used up."""
    put_whole(path, "".join(f'{name} = "{value}"\n' for name, value in values.items()), 0o600)


def _prometheus_token(facts: Facts, file: Path) -> None:
    """A token that only reads, in a file that only its owner may read; a new one where it is gone or no longer good."""
    now, kept = SystemClock().now(), file.read_text("utf-8").strip() if file.exists() else ""
    with facts.write() as conn:
        if token_with_secret(conn, kept, now):
            return
        token = add_api_token(conn, "prometheus", now, expires_at=now + TOKEN_LIFE)
        note(conn, now, "pagewarden up", "api-token made", "prometheus")
    put_whole(file, f"{token}\n", 0o600)


async def _run(settings: UpSettings, data: Path) -> None:
    facts, _ = await asyncio.to_thread(open_stores, settings.collector)
    password = await asyncio.to_thread(_first_person, facts, settings.collector)
    await asyncio.to_thread(_prometheus_token, facts, data / PROMETHEUS_FILE)
    await asyncio.to_thread(facts.close)
    async with serving(settings.collector) as served:
        agent = await asyncio.to_thread(Agent, await _enrolled(settings, served, data))
        click.echo(f"\nPagewarden watches {', '.join(n.cidr for n in agent.territory.networks)}.\n")
        click.echo(f"  Open     {served.url}")
        if password:
            click.echo(f"  Sign in  {ADMIN}  with  {password}   (shown this once; note it down)")
        click.echo(f"  Metrics  {served.url}/metrics  with the token in {data / PROMETHEUS_FILE}")
        click.echo(f"  Data     {data}\n  Stop     Ctrl-C\n")
        if not settings.collector.smtp.host:
            click.echo(
                "  No mail server is set, so orders and alerts wait in Mails. Name one: [collector.smtp] host = ...\n"
            )
        await agent.run()


@click.command()
@click.option(
    "--config", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Settings of both, as TOML."
)
@click.option("--port", type=click.IntRange(0, 65535), help="Port of the pages; 0 takes any free one. Usually 8060.")
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), default=DATA, show_default=True, help="Folder."
)
@click.option("--log-level", type=click.Choice(["debug", "info", "warning", "error"]), default="warning")
def up(config: Path | None, port: int | None, data: Path, log_level: str) -> None:
    """Agent and collector in one process, for the network this machine is on.

    The first start makes the databases and one account, and prints its password. The pages are on this machine only
    (127.0.0.1) unless the settings say otherwise.

    \b
    Examples:
      pagewarden up
      pagewarden up --data /var/lib/pagewarden --port 8080
      pagewarden up --config office.toml

    \b
    office.toml:
      [[agent.networks]]
      cidr = "192.168.1.0/24"
      [collector.smtp]
      host = "mail.example.com"
      [collector.mail]
      toner = "orders@vendor.example"
    """
    logs.set_up(log_level)
    settings = _settings(config, data, port)
    territory_of(settings.agent)  # says at once when there is no network to watch
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(f"--data {data}: cannot be made: {error.strerror}") from error
    work: Any = _run(settings, data.absolute())
    try:
        asyncio.run(until_stopped(work))
    except* FleetError as group:
        raise group.exceptions[0] from None
