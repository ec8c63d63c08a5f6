"""The house itself: who imports whom, what is shipped, and that the agent is light."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ROOMS = set(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
LINT = """
import sys
from importlinter.cli import lint_imports
sys.exit(lint_imports(config_filename=sys.argv[1], no_cache=True))
"""


def run(*command: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_every_room_imports_only_downward() -> None:
    done = run("-c", LINT, "pyproject.toml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Contracts: {len(PROJECT['tool']['importlinter']['contracts'])} kept, 0 broken" in done.stdout


def test_a_broken_contract_would_be_found(tmp_path: Path) -> None:
    upside_down = tmp_path / "contracts.ini"
    upside_down.write_text(
        "[importlinter]\nroot_packages = fleet\n  collector\n"
        "[importlinter:contract:1]\nname = upside down\ntype = layers\nlayers = fleet\n  collector\n"
    )
    done = run("-c", LINT, str(upside_down))
    assert done.returncode == 1
    assert "upside down BROKEN" in done.stdout


LIGHT = """
import importlib, pkgutil, sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {refused}:
            raise AssertionError("loaded: " + name)

sys.meta_path.insert(0, Refuse())
for room in {rooms}:
    package = importlib.import_module(room)
    for module in pkgutil.walk_packages(package.__path__, room + "."):
        if not module.name.endswith(".migrations.env"):  # Alembic's own script, run by it alone
            importlib.import_module(module.name)
"""
COLLECTOR_ONLY = {
    "aiosmtplib",
    "alembic",
    "argon2",
    "babel",
    "grafanalib",
    "influxdb_client",
    "jinja2",
    "msgspec",
    "prometheus_client",
    "sqlalchemy",
}
DEMO_ONLY = {"aiosmtpd"}
AGENT_ONLY = {"pyipp", "pysnmp", "zeroconf", "defusedxml"}
TEST_ONLY = {"pytest", "hypothesis", "blockbuster", "playwright", "tests", "bench"}


@pytest.mark.parametrize(
    ("rooms", "refused"),
    [
        (
            ("agent", "fleet", "mibs"),
            {"collector", "alerts", "dashboards", "pagewarden"} | COLLECTOR_ONLY | DEMO_ONLY | TEST_ONLY,
        ),
        (("collector", "alerts", "mibs"), {"agent", "pagewarden", "dashboards"} | AGENT_ONLY | DEMO_ONLY | TEST_ONLY),
        (("alerts", "dashboards", "mibs"), {"agent", "collector", "pagewarden"} | AGENT_ONLY | TEST_ONLY),
        (("fleet",), ROOMS - {"fleet"} | COLLECTOR_ONLY | AGENT_ONLY | TEST_ONLY | {"aiohttp"}),
        (("pagewarden.demo.office",), {"agent", "collector", "alerts", "dashboards", "sqlalchemy"} | TEST_ONLY),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_room_loads_nothing_it_must_not_know(rooms: tuple[str, ...], refused: set[str]) -> None:
    """Every module of the rooms is imported, with the refused packages as if they were not installed."""
    done = run("-W", "error::SyntaxWarning", "-c", LIGHT.format(rooms=rooms, refused=sorted(refused)))
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_command_alone_loads_neither_program() -> None:
    refused = ROOMS - {"pagewarden", "fleet"} | COLLECTOR_ONLY | AGENT_ONLY | {"aiohttp"}
    code = LIGHT.format(rooms=(), refused=sorted(refused)) + "import pagewarden.cli"
    done = run("-c", code)
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_refusal_would_be_noticed() -> None:
    done = run("-c", LIGHT.format(rooms=("collector",), refused=["sqlalchemy"]))
    assert done.returncode != 0
    assert "loaded: sqlalchemy" in done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in the wheel, built from this tree without any network."""
    out = tmp_path_factory.mktemp("wheel")
    done = run("-m", "hatchling", "build", "-t", "wheel", "-d", str(out))
    assert done.returncode == 0, done.stderr
    (built,) = out.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_the_rooms_and_nothing_else(wheel: set[str]) -> None:
    tops = {name.partition("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == ROOMS


def test_everything_a_room_needs_travels(wheel: set[str]) -> None:
    """TOML, templates, stylesheets, catalogues, migrations: what is not Python is forgotten most easily."""
    there = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert there - wheel == set()
    assert {Path(name).suffix for name in there} >= {".toml", ".html", ".css"}


def test_the_wheel_has_a_licence_an_entry_point_and_types(wheel: set[str]) -> None:
    assert any(name.endswith("licenses/LICENSE") for name in wheel)
    assert any(name.endswith("entry_points.txt") for name in wheel)
    assert {f"{room}/py.typed" for room in ROOMS} <= wheel
