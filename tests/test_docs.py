"""Documents that are made from the code stay true: settings, commands, life cycles, devices, causes, decisions.

`PAGEWARDEN_WRITE_DOCS=1 pytest tests/test_docs.py` writes them anew.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from importlib import import_module
from inspect import cleandoc
from pathlib import Path
from typing import Any, get_type_hints

import click
import pytest

from agent.settings import sample
from collector.settings import HELP, CollectorSettings
from fleet import alert, order, ticket
from pagewarden.cli import COMMANDS, cli
from tests import causes_table, devices_table

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def configuration() -> str:
    parts = [
        "# Configuration\n",
        "Made from the code. One TOML file per program; an unknown key is refused with its path. `${NAME}` in a text",
        'is taken from the environment; `password_file = "path"` stands for `password` with the contents of that file.',
        "`pagewarden agent check-config` and `pagewarden collector check-config` print what holds, secrets masked.\n",
        "## The agent\n",
        f"```toml\n{sample().strip()}\n```\n",
        "The agent looks for /etc/pagewarden/agent.toml when it runs as root, otherwise for"
        " ~/.config/pagewarden/agent.toml; `--config` names another.\n",
        "## The collector\n",
        "It has no usual place: `--config` names the file. An example: [collector.toml](examples/collector.toml).\n",
        *_tables(CollectorSettings, ""),
    ]
    return "\n".join(parts) + "\n"


def _tables(settings: Any, path: str) -> list[str]:
    """A table of one dataclass, and those of the tables inside it."""
    inner: list[str] = []
    rows = ["| key | type | default | what it means |", "| --- | --- | --- | --- |"]
    hints = get_type_hints(settings)
    for field in fields(settings):
        kind = hints[field.name]
        if is_dataclass(kind):
            inner += _tables(kind, f"{path}{field.name}.")
            continue
        default = field.default if field.default is not MISSING else field.default_factory()  # type: ignore[misc]
        shown = "" if default in ("", None) else f"`{default}`"
        rows.append(
            f"| `{path}{field.name}` | {getattr(kind, '__name__', kind)} | {shown} | {HELP[path + field.name]} |"
        )
    return [f"{cleandoc(settings.__doc__)}\n", *rows, "", *inner]


def commands() -> str:
    parts = ["# Commands\n", "Made from the code: what `--help` prints.\n"]
    context = click.Context(cli, info_name="pagewarden")
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        parts += _help(command, click.Context(command, info_name=name, parent=context))
    return "\n".join(parts)


def commands_in_a_fresh_process() -> str:
    """click remembers how a command was called first, so what other tests did would show."""
    code = "from tests.test_docs import commands; print(commands(), end='')"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60, check=True
    )
    return told.stdout


def _help(command: click.Command, context: click.Context) -> list[str]:
    context.terminal_width = context.max_content_width = 100
    parts = [f"## {context.command_path}\n", f"```\n{command.get_help(context).strip()}\n```\n"]
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            parts += _help(inner, click.Context(inner, info_name=name, parent=context))
    return parts


def life_cycles() -> str:
    parts = ["# Life cycles\n", "Made from the MOVES tables in `fleet/`. A step that is not here is refused.\n"]
    for module in (order, ticket, alert):
        rows = [f"    {state} --> {after}" for state, afters in module.MOVES.items() for after in sorted(afters)]
        title = (module.__doc__ or "").split(":")[0].split("\n")[0]
        parts += [f"## {title}\n", "```mermaid", "stateDiagram-v2", *rows, "```\n"]
    return "\n".join(parts)


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("configuration.md", configuration),
        ("commands.md", commands_in_a_fresh_process),
        ("life-cycles.md", life_cycles),
        ("devices.md", devices_table.document),
        ("causes.md", causes_table.causes),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_the_document_says_what_the_code_says(name: str, made: Any) -> None:
    text = made()
    if os.environ.get("PAGEWARDEN_WRITE_DOCS"):
        (DOCS / name).write_text(text, "utf-8")
    assert (DOCS / name).read_text("utf-8") == text, f"docs/{name} is old; write it anew with PAGEWARDEN_WRITE_DOCS=1"


def test_no_key_is_explained_that_is_none() -> None:
    told = configuration()
    assert [key for key in HELP if f"`{key}`" not in told] == []


def test_every_state_is_in_its_table() -> None:
    for module in (order, ticket, alert):
        states = {state for value in vars(module).values() if _is_states(value, module) for state in value}
        assert states == set(module.MOVES)


def _is_states(value: object, module: Any) -> bool:
    return (
        isinstance(value, type)
        and issubclass(value, StrEnum)
        and value is not StrEnum
        and value.__module__ == module.__name__
    )


def test_links_in_documents_lead_somewhere() -> None:
    broken = []
    for path in [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "bench").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", path.read_text("utf-8")):
            if not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)}: {target}")
    assert broken == []


def test_rooms_of_the_architecture_exist() -> None:
    text = (DOCS / "architecture.md").read_text("utf-8")
    rooms = re.findall(r"^\| `([a-z/]+)/` \|", text, re.MULTILINE)
    assert len(rooms) > 8
    assert [room for room in rooms if not (ROOT / room).is_dir()] == []


def test_the_modules_of_the_commands_exist() -> None:
    for name, (module, _) in COMMANDS.items():
        assert isinstance(getattr(import_module(module), name), click.Command)
