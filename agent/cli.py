"""`pagewarden agent`: the commands of the customer's side."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

HELP = {"help_option_names": ["-h", "--help"]}

_path = click.Path(path_type=Path, dir_okay=False)


def _config_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--config", type=_path, help="The settings file; otherwise the usual place.")(command)


@click.group(context_settings=HELP)
def agent() -> None:
    """The customer's side: find devices, read them, send what they say.

    \b
    Examples:
      pagewarden agent enrol https://fleet.example.com TOKEN
      pagewarden agent run
    """


@agent.command(context_settings=HELP)
@click.argument("url")
@click.argument("token")
@click.option(
    "--state", type=click.Path(path_type=Path, file_okay=False), help="Folder for key, spool and device list."
)
@click.option("--name", help="What people call this agent; otherwise this machine's name.")
@click.option("--ca-file", type=_path, help="Certificate authority of the collector, if it is not a public one.")
@_config_option
def enrol(
    url: str, token: str, state: Path | None, name: str | None, ca_file: Path | None, config: Path | None
) -> None:
    """Make this agent known to the collector at URL with a one-time TOKEN, and write its settings.

    \b
    Example:
      pagewarden agent enrol https://fleet.example.com pw_3kd8...
    """
    import asyncio

    from agent import enrol as enrolling
    from agent.settings import AgentSettings, default_config, load, travels_openly

    if not url.startswith(("http://", "https://")):
        raise click.BadParameter(f"{url!r} does not begin with https://", param_hint="URL")
    path = (config or default_config()).absolute()
    known = load(path) if path.exists() else AgentSettings()
    folder = (state or known.state_dir).absolute()
    if travels_openly(url):
        click.echo("warning: http:// sends the agent's key unencrypted over the network; use https://", err=True)
    enrolled = asyncio.run(enrolling.enrol(url, token, name=name or known.name, ca_file=ca_file or known.ca_file))
    kept = enrolling.keep(enrolled, url=url, config=path, state=folder, name=name, ca_file=ca_file)
    click.echo(f"enrolled as {enrolled.agent_id}; the key is in {kept}, the settings are in {path}")
    click.echo(f"next: pagewarden agent run --config {path}")


@agent.command(context_settings=HELP)
@_config_option
def run(config: Path | None) -> None:
    """Find devices, ask them, send what they say. Runs until it is stopped.

    \b
    Example:
      pagewarden agent run --config /etc/pagewarden/agent.toml
    """
    import asyncio

    from agent.app import Agent
    from agent.until_stopped import until_stopped
    from fleet.kit import logs
    from mibs import overlay

    settings = _settings(config)
    logs.set_up(as_json=settings.log_json)
    overlay.load(settings.rows_dir)  # says at once, and in one line, which row is wrong
    asyncio.run(until_stopped(Agent(settings).run()))


@agent.command(context_settings=HELP)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@_config_option
def status(config: Path | None, as_json: bool) -> None:
    """How the agent on this machine is doing. Exit code 1 where none is running or something is wrong.

    \b
    Example:
      pagewarden agent status --json
    """
    from dataclasses import asdict

    from agent import state

    folder = _settings(config).state_dir
    running, said, counts = state.is_running(folder), state.read_status(folder), state.spool_counts(folder)
    row = {**said, "running": running, "state_dir": str(folder), "spool": asdict(counts) if counts else None}
    if as_json:
        click.echo(json.dumps(row, ensure_ascii=False))
    else:
        _print_status(row)
    click.get_current_context().exit(0 if running and not said.get("troubles") and not said.get("shipping") else 1)


def _print_status(row: dict[str, Any]) -> None:
    click.echo(f"agent      {'running' if row['running'] else 'not running'} on {row['state_dir']}")
    if "devices" in row:
        click.echo(f"devices    {row['devices']} known, {row['silent']} silent, {row['asleep']} asleep")
        click.echo(f"networks   {', '.join(row['networks'])}")
        click.echo(f"searched   {row['searched_at'] or 'not yet'}")
    if spool := row["spool"]:
        oldest = f", the oldest of {spool['oldest']}" if spool["oldest"] else ""
        click.echo(f"waiting    {spool['waiting']} readings, {spool['bytes']:,} bytes{oldest}")
        click.echo(f"lost       {spool['dropped']} dropped for want of room, {spool['dead']} refused by the collector")
    for device in row.get("found", ()):
        click.echo(
            f"  {device['at'] or 'not found':24} {device['name']}  {'silent' if device['misses'] else ''}".rstrip()
        )
    for text in (*row.get("troubles", ()), *row.get("conflicts", ()), *filter(None, [row.get("shipping")])):
        click.echo(f"look at    {text}")


@agent.command(context_settings=HELP)
@click.option("--json", "as_json", is_flag=True, help="One JSON object with the readings as they are sent.")
@click.option("--limit", default=100, show_default=True, help="Readings to show, the oldest first.")
@_config_option
def outbox(config: Path | None, as_json: bool, limit: int) -> None:
    """What waits to leave this machine: every field of every reading, exactly as the collector gets it.

    \b
    Example:
      pagewarden agent outbox --json --limit 1
    """
    from agent.outbox import fields_of, waiting
    from agent.state import spool_counts

    folder = _settings(config).state_dir
    counts, readings = spool_counts(folder), waiting(folder, limit)
    fields = fields_of(readings)
    if as_json:
        row = {"waiting": counts.waiting if counts else 0, "fields": fields, "readings": readings}
        click.echo(json.dumps(row, ensure_ascii=False))
        return
    click.echo(f"{counts.waiting if counts else 0} readings wait in {folder}; these fields leave with them:")
    for path, times in fields.items():
        click.echo(f"  {times:6}  {path}")


@agent.command("check-config", context_settings=HELP)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--sample", "wants_sample", is_flag=True, help="Print a commented settings file instead.")
@_config_option
def check_config(config: Path | None, as_json: bool, wants_sample: bool) -> None:
    """Whether the settings are right, and what they come to; secrets are masked. Exit code 2 where they are wrong.

    \b
    Examples:
      pagewarden agent check-config --sample > agent.toml
      pagewarden agent check-config --config agent.toml
    """
    from agent.app import territory_of
    from agent.discover.territory import cost
    from agent.settings import sample, warnings
    from fleet.kit.config import shown
    from mibs import overlay

    if wants_sample:
        click.echo(sample(), nl=False)
        return
    settings = _settings(config)
    overlay.load(settings.rows_dir)
    territory = territory_of(settings)
    spent = cost(territory)
    notes = [*warnings(settings), *spent.warnings]
    row = {**shown(settings), "networks": [shown(network) for network in territory.networks]}
    if as_json:
        click.echo(
            json.dumps({"settings": row, "search": str(spent), "warnings": notes}, ensure_ascii=False, default=str)
        )
        return
    click.echo(json.dumps(row, ensure_ascii=False, indent=2, default=str))
    click.echo(f"a search is {spent}")
    for note in notes:
        click.echo(f"note: {note}")


@agent.command(context_settings=HELP)
@click.argument("host")
@click.option("-o", "--output", required=True, type=_path, help="The .zip file to write; .snmprec for SNMP alone.")
@click.option("--port", type=click.IntRange(1, 65535), help="Ask every protocol at this port instead of its usual one.")
@click.option("--community", help="SNMP community to ask with instead of 'public'.")
@click.option("--credentials", type=_path, help="TOML file with [[snmp]] tables and pjlink_password, as for inspect.")
@click.option("--without-private", is_flag=True, help="Leave out the maker's own SNMP objects (texts nobody knows).")
def capture(
    host: str, output: Path, port: int | None, community: str | None, credentials: Path | None, without_private: bool
) -> None:
    """Record what the device at HOST says over every protocol, without what tells whose device it is.

    Serial numbers, names, places and addresses are replaced, the same everywhere, by stand-ins nobody can turn back.
    The file can be shown with 'pagewarden inspect' and given to others as a sample of this model. Look through it
    before you do: the maker's own objects may hold texts nobody knows of. The device is only read, never changed.

    \b
    Examples:
      pagewarden agent capture 192.168.1.50 -o laser.zip
      pagewarden agent capture 192.168.1.50 -o laser.zip --credentials snmpv3.toml --without-private
    """
    import asyncio

    from agent.capture.command import run

    told = asyncio.run(run(host, output, port, community, credentials, private=not without_private))
    for text in told:
        click.echo(text)


@agent.command("check-rows", context_settings=HELP)
@click.argument("rows", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.argument("captures", metavar="[CAPTURE_DIR]", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--write", is_flag=True, help="Write what is read now as what is expected: NAME.json beside NAME.zip.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per capture.")
def check_rows(rows: Path, captures: Path | None, write: bool, as_json: bool) -> None:
    """Whether the rows in DIR are right, and all captures still read as expected with them.

    CAPTURE_DIR is DIR/captures unless it is named. Exit code 0: fine, 1: differences, 2: a wrong row, named by file and
    line.

    \b
    Examples:
      pagewarden agent check-rows my-rows --write
      pagewarden agent check-rows my-rows
    """
    from dataclasses import asdict

    from agent.teach.check import check

    found = check(rows, captures, write=write)
    for outcome in found:
        if as_json:
            click.echo(json.dumps(asdict(outcome), ensure_ascii=False))
            continue
        said = "written" if outcome.written else "as expected" if outcome.is_fine else outcome.trouble or "differs"
        click.echo(f"{outcome.capture}: {said}")
        for change in outcome.changes:
            click.echo(f"  {change}")
    if not found and not as_json:
        click.echo("the rows are right; there are no captures to read with them")
    click.get_current_context().exit(0 if all(outcome.is_fine for outcome in found) else 1)


def _settings(config: Path | None) -> Any:
    """The settings asked for; the defaults where nobody wrote any."""
    from agent.settings import AgentSettings, default_config, load

    if config is None and not default_config().exists():
        return AgentSettings()
    return load((config or default_config()).absolute())
