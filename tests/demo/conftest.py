"""An office in a process of its own, asked by programs that know nothing of it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass
class Running:
    """The office as its own list describes it."""

    data: Path
    process: subprocess.Popen[str]

    @property
    def described(self) -> dict[str, Any]:
        return json.loads((self.data / "office-ports.json").read_text("utf-8"))

    def device(self, model: str) -> dict[str, Any]:
        return next(device for device in self.described["devices"] if model in device["model"])

    def port(self, protocol: str) -> int:
        return int(self.described["ports"][protocol])

    def snmp(self, program: str, *arguments: str, model: str) -> subprocess.CompletedProcess[str]:
        """One of the net-snmp tools on one device; the last argument is what is asked for."""
        *options, asked = arguments
        place = f"{self.device(model)['address']}:{self.port('snmp')}"
        return subprocess.run(
            [program, "-m", "", "-On", "-r", "1", "-t", "2", *options, place, *asked.split()],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )


def start_office(data: Path, *, speed: float = 60, devices: int = 24) -> Running:
    arguments = ["--data", str(data), "--speed", str(speed), "--devices", str(devices)]
    log = (data.parent / "office.log").open("w")
    process = subprocess.Popen([sys.executable, "-m", "pagewarden.demo.office", *arguments], text=True, stderr=log)
    running = Running(data, process)
    until = time.monotonic() + 30
    while not (data / "office-ports.json").exists() or not ready(running):
        assert process.poll() is None, (data.parent / "office.log").read_text()
        assert time.monotonic() < until, "the office does not open"
        time.sleep(0.05)
    return running


def ready(running: Running) -> bool:
    """It writes its list when every device answers; a list of an earlier run names other processes' ports."""
    return running.described["process"] == running.process.pid


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = start_office(tmp_path_factory.mktemp("office") / "data", speed=1)
    yield running
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(10) == 0
