"""docs/teach.md, followed to the letter: its commands say what it says they say, in both languages."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The simulated office, by the document's own command; its SNMP port."""
    home = tmp_path_factory.mktemp("office")
    command = [sys.executable, "-m", "pagewarden.demo.office", "--speed", "0"]
    with subprocess.Popen(command, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
        assert running.stdout is not None
        told = running.stdout.readline()
        port = re.search(r"SNMP port (\d+)", told)
        assert port, told
        yield int(port[1])
        running.send_signal(signal.SIGINT)


@pytest.mark.parametrize("name", ["teach.md", "teach.zh.md"])
def test_the_commands_do_what_the_document_says(office: int, tmp_path: Path, name: str) -> None:
    text = (DOCS / name).read_text("utf-8")
    assert "python -m pagewarden.demo.office --speed 0" in text
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    said = ""
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        # Where the usual port is taken, the office says which it took.
        script = block.replace("21161", str(office))
        done = subprocess.run(
            ["/bin/sh", "-e"], input=script, cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True,
            text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        said += done.stdout
    expected = re.findall(r"^    (?!python)(.+)$", text, re.MULTILINE)
    assert len(expected) == 5
    assert [line for line in expected if line not in said] == []
