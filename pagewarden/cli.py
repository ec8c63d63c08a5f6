"""The one command. Sub-commands are loaded when they are called, so that the agent never loads the collector."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

import click

from fleet.errors import FleetError, SettingsError

COMMANDS = {
    "demo": (
        "pagewarden.demo.command",
        "The whole story on this machine: a simulated office, a real agent, a real collector.",
    ),
    "up": ("pagewarden.up", "Agent and collector in one process, for the network this machine is on."),
    "discover": ("agent.discover_cli", "Look for devices once, and say what each of them is."),
    "inspect": ("agent.inspect_cli", "Everything that can be told about one device or one recorded answer."),
    "identify": ("agent.identify_cli", "Which of these texts come from printers, and from which model."),
    "agent": ("agent.cli", "The customer's side: find devices, read them, send what they say."),
    "collector": ("collector.cli", "The dealer's side: store, judge, order, open tickets, show."),
    "dashboards": ("dashboards.cli", "Grafana dashboards and what belongs to them."),
}
"""Name -> module that holds a click command of that name, and the line for --help."""


class Lazy(click.Group):
    """A group that imports a sub-command when it is wanted and not before."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        try:
            command: click.Command = getattr(import_module(COMMANDS[cmd_name][0]), cmd_name)
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] in ("pagewarden", "agent", "collector", "dashboards"):
                raise
            extra = {"demo": "demo", "up": "demo", "collector": "collector", "dashboards": "collector"}.get(
                cmd_name, "agent"
            )
            raise click.UsageError(
                f"'pagewarden {cmd_name}' needs the package {error.name}, which is not installed here. "
                f"Install it with: pip install 'pagewarden[{extra}]'"
            ) from error
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # Without loading any of them: help stays fast and works with only one extra installed.
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


def _version() -> str:
    try:
        return version("pagewarden")
    except PackageNotFoundError:
        return "0 (not installed)"


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(_version(), prog_name="pagewarden")
def cli() -> None:
    """Pagewarden watches printers, MFPs, scanners and projectors: it orders toner in time and opens tickets by itself.

    \b
    Examples:
      pagewarden demo                       see it work, on this machine alone
      pagewarden up                         watch the devices of this network
      pagewarden inspect 192.168.1.50       ask one device everything
    """


def main() -> None:
    """Entry point: 0 done, 1 found a problem or failed while running, 2 wrong usage or configuration."""
    try:
        cli()
    except SettingsError as error:
        click.echo(f"pagewarden: {error}", err=True)
        sys.exit(2)
    except FleetError as error:
        click.echo(f"pagewarden: {error}", err=True)
        sys.exit(1)
