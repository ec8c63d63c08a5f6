"""The office as a program: it remembers, it moves devices, it says what is wrong in one line."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pagewarden.demo.office import memory
from pagewarden.demo.office.ports import NoLoopback, choose
from tests.demo.conftest import Running, start_office

MEMORY = "office.json"


def stop(running: Running) -> None:
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(10) == 0


def wait_for(condition: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.1)


def test_it_goes_on_where_it_was(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = start_office(data, speed=3600, devices=6)
    ports = first.described["ports"]
    wait_for(lambda: (data / MEMORY).exists(), "nothing is remembered")
    stop(first)
    kept = memory.load(data / MEMORY)
    assert kept is not None
    second = start_office(data, speed=0, devices=6)
    stop(second)
    again = memory.load(data / MEMORY)
    assert again == kept
    assert second.described["ports"] == ports


def test_a_device_answers_at_its_new_address_only(tmp_path: Path) -> None:
    running = start_office(tmp_path / "data", speed=1500, devices=2)
    try:
        old = "127.77.0.2"
        wait_for(lambda: running.device("M5526")["address"] != old, "it does not move")
        serial = "1.3.6.1.2.1.43.5.1.1.17.1"
        told = running.snmp("snmpget", "-v2c", "-c", "public", serial, model="M5526")
        assert running.device("M5526")["serial"] in told.stdout
        gone = ["snmpget", "-m", "", "-r0", "-t0.3", "-v2c", "-cpublic", f"{old}:{running.port('snmp')}", serial]
        assert subprocess.run(gone, capture_output=True, check=False).returncode != 0
    finally:
        stop(running)


def test_ports_that_are_taken_are_replaced(office: Running) -> None:
    taken = memory.Ports(**office.described["ports"])
    chosen = choose(["127.77.0.1"], wanted=taken)
    assert chosen.snmp != taken.snmp


def test_an_address_that_is_not_ours_is_explained_in_one_line() -> None:
    with pytest.raises(NoLoopback, match=r"192\.0\.2\.1.*ifconfig lo0 alias"):
        choose(["192.0.2.1"])


def test_a_damaged_memory_is_named(tmp_path: Path) -> None:
    (tmp_path / MEMORY).write_text(json.dumps({"now": 5}))
    command = [sys.executable, "-m", "pagewarden.demo.office", "--data", str(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert told.returncode == 1
    assert str(tmp_path / MEMORY) in told.stderr
    assert "Traceback" not in told.stderr
