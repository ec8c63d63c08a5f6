"""The command `dashboards`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

from fleet.errors import FleetError, SettingsError

_URL = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+/?")


@click.group()
def dashboards() -> None:
    """Grafana dashboards and what belongs to them."""


@dashboards.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write to.")
@click.option("--collector", default="http://127.0.0.1:8060", show_default=True, help="Where the collector listens.")
@click.option(
    "--prometheus", default="http://127.0.0.1:9090", show_default=True, help="Where Grafana finds Prometheus."
)
@click.option("--json", "as_json", is_flag=True, help="Print the names of the files as a JSON list.")
def build(out: Path, collector: str, prometheus: str, as_json: bool) -> None:
    """Write dashboards, Grafana provisioning and a Prometheus scrape file.

    \b
    Example:
      pagewarden dashboards build --out ./monitoring --collector https://fleet.example.com
    """
    from dashboards.build import build as write

    for name, url in (("--collector", collector), ("--prometheus", prometheus)):
        if not _URL.fullmatch(url):
            raise SettingsError(f"{name}: expected an address like http://host:port, not {url!r}")
    try:
        files = write(out, collector=collector, prometheus=prometheus)
    except OSError as error:
        raise FleetError(f"cannot write to {out}: {error.strerror}; choose another folder with --out") from error
    names = [str(file) for file in files]
    click.echo(json.dumps(names, ensure_ascii=False) if as_json else "\n".join(names))
