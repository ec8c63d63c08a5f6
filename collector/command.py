"""What the collector's commands share: their options, the settings and stores they name, and how they speak."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

if TYPE_CHECKING:
    from collector.settings import CollectorSettings
    from collector.store.db import Facts

F = TypeVar("F", bound=Callable[..., Any])


def places(command: F) -> F:
    """--config and --data, which every command has."""
    data = click.option("--data", type=click.Path(path_type=Path), help="Folder of the databases; overrides data_dir.")
    config = click.option(
        "--config",
        type=click.Path(path_type=Path),
        envvar="PAGEWARDEN_COLLECTOR_CONFIG",
        help="Settings file (TOML).",
    )
    return config(data(command))


def settings_of(config: Path | None, data: Path | None, listen: str | None = None) -> CollectorSettings:
    from collector.settings import check, load

    settings = load(config)
    if data:
        settings = replace(settings, data_dir=data)
    if listen:
        settings = replace(settings, listen=listen)
        check(settings, "--listen")
    return settings


def opened_facts(settings: CollectorSettings) -> Facts:
    """The facts of a collector that was set up; says how to set it up where it was not."""
    from collector.app import FACTS_FILE, facts_of
    from collector.store.migrations import migrate
    from fleet.errors import SettingsError

    if not settings.database and not (settings.data_dir / FACTS_FILE).exists():
        raise SettingsError(f"{settings.data_dir}: there is no collector here; make one: pagewarden collector init")
    facts = facts_of(settings)
    migrate(facts)
    return facts


def say(record: dict[str, Any], text: str, *, as_json: bool) -> None:
    click.echo(json.dumps(record, ensure_ascii=False) if as_json else text)


def password_from(file: TextIO | None) -> str:
    """The file's first line; without a file it is asked for twice."""
    if file is not None:
        return file.read().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
