"""What is wrong gets one clear message that names the thing and the way out, and the rest goes on."""

from __future__ import annotations

import http.client
import json
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.endtoend.office import NETWORK
from tests.endtoend.programs import Agent, Collector, call
from tests.peers.lan import Lan, wait_for
from tests.peers.needs import require
from tests.peers.snmp_printer import LIFE_COUNT, SnmpPrinter

pytestmark = pytest.mark.lan

NETWORKS = f"""
[[networks]]
cidr = "{NETWORK}"
addresses = ["10.77.0.60"]

[[networks]]
cidr = "10.99.0.0/29"
"""
"""The office, a listed device that does not exist, and a network that nothing leads to."""
GARBAGE = Path(__file__).parents[1] / "peers" / "garbage.py"


class Site:
    """One good printer among things that are wrong."""

    def __init__(self, lan: Lan) -> None:
        require("snmpd")
        self.lan = lan
        self.good = SnmpPrinter(lan.host("good"), serial="NG4200X0017")
        self.closed = SnmpPrinter(lan.host("closed"), serial="NG4200X0018", community="another")
        self.garbage = lan.host("garbage")
        self.garbage.spawn("garbage", sys.executable, str(GARBAGE))
        self.garbage.wait_until(lambda: self.garbage.listens_udp(161), "garbage")
        self.collector = Collector(lan.host("collector"))
        self.agent = Agent(lan.host("agent"), self.collector, NETWORKS)

    def good_device(self) -> dict[str, Any] | None:
        found = [d for d in self.collector.all("devices") if d["serial"] == self.good.serial]
        return found[0] if found else None

    def shows(self, pages: int) -> bool:
        device = self.good_device()
        return device is not None and device["pages_total"] == pages


@pytest.fixture(scope="module")
def site(lan: Lan) -> Site:
    return Site(lan)


def test_the_good_device_is_read_beside_the_bad_ones(site: Site) -> None:
    wait_for(site.good_device, f"the good printer found\n{site.agent.log()}", 60, every=0.2)
    for pages in (2000, 2010, 2020):
        site.good.set_counter(LIFE_COUNT, pages)
        wait_for(partial(site.shows, pages), "the next reading", 20, every=0.1)


def test_what_cannot_be_read_is_no_device(site: Site) -> None:
    wait_for(site.good_device, "the good printer found", 60, every=0.2)
    serials = [device["serial"] for device in site.collector.all("devices")]
    assert site.closed.serial not in serials
    assert site.garbage.address not in [device["address"] for device in site.collector.all("devices")]


def test_inspect_says_what_is_wrong_with_the_community(site: Site) -> None:
    said = call(site.agent.host, "inspect", site.closed.host.address, "--community", "wrong", check=False)
    assert said.returncode == 1
    assert site.closed.host.address in said.stderr
    assert "SNMP" in said.stderr
    assert "Traceback" not in said.stderr


def test_inspect_of_garbage_ends_with_a_sentence(site: Site) -> None:
    said = call(site.agent.host, "inspect", site.garbage.address, check=False)
    assert said.returncode == 1
    assert site.garbage.address in said.stderr
    assert "Traceback" not in said.stderr


def test_a_port_in_use_is_named_with_the_way_out(site: Site) -> None:
    said = call(site.collector.host, "collector", "serve", f"--config={site.collector.config}", check=False)
    assert said.returncode == 1
    assert f"cannot listen on {site.collector.host.address}:8060" in said.stderr
    assert "--listen" in said.stderr
    assert site.collector.answers(), "the first one goes on"


@pytest.mark.parametrize("program", ["agent", "collector"])
def test_a_wrong_key_in_a_settings_file_is_named_with_its_path(site: Site, program: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('listen_on = "0.0.0.0:80"\n')
    said = call(site.agent.host, program, "check-config", f"--config={wrong}", check=False)
    assert said.returncode == 2
    assert str(wrong) in said.stderr
    assert "listen_on" in said.stderr


def test_a_broken_reading_is_set_aside_and_the_others_are_kept(site: Site) -> None:
    wait_for(site.good_device, "the good printer found", 60, every=0.2)
    now = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
    reading = {
        "key": "by-hand",
        "taken_at": now,
        "reachable": True,
        "identity": {"serial": "HAND0001", "maker": "Hand"},
    }
    batch = {"spool": "by-hand", "seq": 1, "sent_at": now, "status": {}, "readings": [{"key": 7}, reading]}
    status, answer = post(site, batch)
    assert (status, answer["accepted"]) == (200, 1)
    assert [aside["position"] for aside in answer["rejected"]] == [0]
    assert "HAND0001" in [device["serial"] for device in site.collector.all("devices")]


def post(site: Site, batch: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """As the agent, with its own key."""
    address = site.collector.host.address
    connection = http.client.HTTPConnection(address, 8060)
    connection.sock = site.agent.host.connect(address, 8060)
    headers = {"Authorization": f"Bearer {site.agent.key}", "Content-Type": "application/json"}
    connection.request("POST", "/agent/v1/batches", json.dumps(batch), headers)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())
