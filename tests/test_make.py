"""`make demo` and `make test` on a machine that lacks something: one line that names it and the way out."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COPIED = ("Makefile", "pyproject.toml", "README.md", "LICENSE", "requirements")
TOOLS = ("make", "sh", "cut", "dpkg-query", "grep", "id", "mkdir", "rm", "tail", "touch")

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")


class Machine:
    """A clean copy of what make reads, and a PATH with nothing on it but the named tools: no python3, no apt-get."""

    def __init__(self, root: Path) -> None:
        self.copy, self.bin = root / "pagewarden", root / "bin"
        self.copy.mkdir()
        self.bin.mkdir()
        for name in COPIED:
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, self.copy / name)
        for name in TOOLS:
            if found := shutil.which(name):
                (self.bin / name).symlink_to(found)

    def has_python(self, prelude: str = "", *, version: str = "") -> None:
        """Put the running Python on the PATH as python3; `prelude` runs in it first, as on a system that is so."""
        site = self.bin / "site"
        site.mkdir()
        (site / "sitecustomize.py").write_text(prelude, "utf-8")
        says = f'[ "$1" = -V ] && echo "Python {version}" && exit 0\n' if version else ""
        self.tool("python3", f'{says}PYTHONPATH={site} exec {sys.executable} "$@"\n')

    def tool(self, name: str, script: str) -> None:
        path = self.bin / name
        path.write_text("#!/bin/sh\n" + script, "utf-8")
        path.chmod(0o755)

    def make(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        kept = {"HOME": str(self.copy.parent), "PATH": str(self.bin), "LC_ALL": "C", "PIP_CONFIG_FILE": os.devnull}
        return subprocess.run(
            ["make", *words],
            cwd=self.copy,
            env={**kept, **env},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture(scope="module")
def with_environment(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """One environment for all tests that end while installing into it: making it is the slow part."""
    machine = Machine(tmp_path_factory.mktemp("environment"))
    machine.has_python()
    done = machine.make(".venv/.python")
    assert done.returncode == 0, done.stderr
    return machine


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """The one line of ours; make's own "*** Error 1" follows it, and nothing else."""
    assert done.returncode == 2, done.stdout + done.stderr
    ours, makes_own = done.stderr.splitlines()
    assert ours.startswith("make: ")
    assert "***" in makes_own
    return ours


def test_without_python_the_package_to_install_is_named(machine: Machine) -> None:
    said = refusal(machine.make("demo"))
    assert said == "make: python3 was not found. Install it: sudo apt-get install python3 python3-venv"


def test_a_python_that_is_too_old_is_named_with_its_version(machine: Machine) -> None:
    machine.has_python("import sys\nsys.version_info = (3, 9, 18, 'final', 0)\n", version="3.9.18")
    said = refusal(machine.make("demo"))
    assert "needs Python 3.11 or later, and python3 is 3.9.18" in said
    assert "make demo PYTHON=" in said


def test_a_python_that_does_not_start_is_named(machine: Machine) -> None:
    machine.tool("python3", "echo 'shim: python3: command not found' >&2\nexit 127\n")
    assert "python3 does not start" in refusal(machine.make("demo"))


@pytest.mark.parametrize("module", ["ensurepip", "venv"])
def test_without_the_venv_module_its_package_is_named(machine: Machine, module: str) -> None:
    machine.has_python(f"import sys\nsys.modules[{module!r}] = None\n")
    said = refusal(machine.make("demo"))
    assert said == "make: python3 has no venv module. Install it: sudo apt-get install python3-venv"


def test_an_environment_that_cannot_be_made_says_what_python_said(machine: Machine) -> None:
    machine.has_python()
    (machine.copy / ".venv").write_text("in the way", "utf-8")
    said = refusal(machine.make("demo"))
    assert "the environment .venv could not be made (" in said
    assert str(machine.copy / ".venv") in said


@pytest.mark.parametrize("goal", ["demo", "test"])
def test_without_a_network_the_index_is_what_is_missing(with_environment: Machine, goal: str) -> None:
    machine = with_environment
    with socket.socket() as held:  # bound and not listening: whoever connects is refused
        held.bind(("127.0.0.1", 0))
        index = f"http://127.0.0.1:{held.getsockname()[1]}/simple"
        done = machine.make(goal, PIP_INDEX_URL=index, PIP_RETRIES="0")
    said = refusal(done)
    assert "no way to the package index from here" in said
    assert "PIP_INDEX_URL" in said
    assert done.stdout.splitlines() == ["installing into .venv (once) ..."]
    assert "127.0.0.1" in (machine.copy / ".venv/install.log").read_text("utf-8")


def test_a_package_that_is_not_the_pinned_one_is_refused(with_environment: Machine, tmp_path: Path) -> None:
    machine = with_environment
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    first = (machine.copy / "requirements/demo.txt").read_text("utf-8").split(maxsplit=1)[0]
    name, _, version = first.partition("==")
    (wheels / f"{name}-{version}-py3-none-any.whl").write_bytes(b"not what was pinned")
    (machine.copy / "requirements/demo.txt").write_text(f"{first} --hash=sha256:{'0' * 64}\n", "utf-8")
    said = refusal(machine.make("demo", PIP_NO_INDEX="1", PIP_FIND_LINKS=str(wheels)))
    assert "the packages could not be installed (ERROR: " in said
    assert ".venv/install.log" in said


@pytest.mark.skipif(not shutil.which("dpkg-query"), reason="dpkg-query is not here: not a Debian or Ubuntu")
def test_without_apt_the_missing_packages_are_named_and_the_tests_go_on(machine: Machine) -> None:
    environment = machine.copy / ".venv"
    environment.mkdir()
    (environment / ".python").touch()
    done = machine.make("packages", "APT=dpkg pagewarden-has-no-such-server", "APT_BROWSER=")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "not installed, so the tests that need them are skipped: pagewarden-has-no-such-server",
        "to run them: sudo apt-get install --no-install-recommends pagewarden-has-no-such-server",
    ]
