"""What docs/running.md tells an administrator to type exists, in both languages, and its examples are right."""

from __future__ import annotations

import configparser
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from collector.settings import load
from pagewarden.cli import cli

DOCS = Path(__file__).parents[1] / "docs"
PAGES = ("running.md", "running.zh.md")
UNITS = ("pagewarden-collector.service", "pagewarden-agent.service")


def commands(text: str) -> Iterator[list[str]]:
    """Every command line of ours, as words after the program's name."""
    for line in text.replace("\\\n", " ").splitlines():
        if line.startswith(("    ", "ExecStart=")) and (found := re.search(r"bin/pagewarden (.*)", line)):
            yield shlex.split(found[1], comments=True)


def checked(words: list[str]) -> click.Command:
    """The command they call; fails for a word or an option it does not have."""
    command: click.Command = cli
    context = click.Context(command, info_name="pagewarden")
    while isinstance(command, click.Group):
        found = command.get_command(context, words[0])
        assert found is not None, words
        command, words = found, words[1:]
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    said = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert said - {"--help"} <= options, (command.name, said - options)
    missing = [
        p.opts[0] for p in command.params if p.required and isinstance(p, click.Option) and p.opts[0] not in said
    ]
    assert not missing or "--help" in said, (command.name, missing)
    return command


@pytest.mark.parametrize("page", PAGES)
def test_every_command_exists_with_its_options(page: str) -> None:
    called = [checked(words).name for words in commands((DOCS / page).read_text("utf-8"))]
    assert {"init", "site-token", "enrol", "api-token", "backup", "restore", "password", "check-config"} <= set(called)


def test_both_languages_tell_the_same_commands() -> None:
    first, second = ([words[:2] for words in commands((DOCS / page).read_text("utf-8"))] for page in PAGES)
    assert first == second


@pytest.mark.parametrize("unit", UNITS)
def test_the_units_start_what_there_is(unit: str) -> None:
    text = (DOCS / "examples" / unit).read_text("utf-8")
    [words] = commands(text)
    assert checked(words).name in ("serve", "run")
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    assert parser["Service"]["NoNewPrivileges"] == "yes"


def test_the_example_settings_are_settings() -> None:
    settings = load(DOCS / "examples" / "collector.toml")
    assert settings.public_url.startswith("https://")
    assert settings.rules.order_at == {"drum": 10}
