"""The agent's disk is full while the collector is away: one clear message, nothing lost, and it goes on by itself."""

from __future__ import annotations

import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.endtoend.office import NETWORK
from tests.endtoend.programs import Agent, Collector
from tests.peers.lan import Lan, wait_for
from tests.peers.needs import require
from tests.peers.snmp_printer import LIFE_COUNT, SnmpPrinter

pytestmark = pytest.mark.lan

# A small disk of its own over the state folder, for the agent's process alone; what was there moves along.
_SMALL_DISK = 'cp -a "$0" "$0.kept"; mount -t tmpfs -o size=2m none "$0"; cp -a "$0.kept/." "$0"; exec "$@"'


def test_a_full_disk_is_told_and_survived(lan: Lan) -> None:
    require("snmpd")
    printer = SnmpPrinter(lan.host("printer"), serial="NG4200X0017", pages=1000)
    collector = Collector(lan.host("collector"))
    agent = Agent(lan.host("agent"), collector, f'[[networks]]\ncidr = "{NETWORK}"\n')
    wait_for(lambda: pages(collector) == [1000], f"the printer found\n{agent.log()}", 60, every=0.2)
    agent.kill()
    agent.start("sh", "-e", "-c", _SMALL_DISK, str(agent.spool.parent))
    printer.set_counter(LIFE_COUNT, 1010)
    wait_for(lambda: pages(collector) == [1010], f"the agent goes on\n{agent.log()}", 30, every=0.2)

    collector.kill()
    fill = agent.spool.parent / "fill"
    on_its_disk(agent, "dd", "if=/dev/zero", f"of={fill}", "bs=4k", check=False)
    seen = list(range(1020, 1070, 10))
    for count in seen:
        printer.set_counter(LIFE_COUNT, count)
        on_its_disk(agent, "sleep", "1.2")
    wait_for(lambda: "no room for the spool" in agent.log(), f"a clear message\n{agent.log()}", 30, every=0.2)
    assert agent.log().count("no room for the spool") == 1, "said once, not at every reading"
    assert str(agent.spool) in agent.log()

    on_its_disk(agent, "rm", str(fill))
    collector.start()
    wait_for(lambda: pages(collector) == [seen[-1]], f"the last reading\n{agent.log()}", 60, every=0.2)
    missing = set(seen) - stored_pages(collector.data / "samples.db")
    assert not missing, "what was read while the disk was full came too"


def pages(collector: Collector) -> list[int]:
    return [device["pages_total"] for device in collector.all("devices")]


def on_its_disk(agent: Agent, *command: str, check: bool = True) -> None:
    """A command that sees the agent's mounts."""
    pid = agent.host.jobs["agent"].pid
    subprocess.run(["nsenter", "-t", str(pid), "-m", *command], check=check, capture_output=True)


def stored_pages(file: Path) -> set[int]:
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    query = "SELECT value FROM sample JOIN series ON series.id = sample.series WHERE name LIKE 'printer_pages_total%'"
    found = {int(value) for (value,) in connection.execute(query)}
    connection.close()
    return found
