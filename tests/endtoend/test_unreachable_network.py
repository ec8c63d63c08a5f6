"""A configured network without a route: named once with the way out; the others go on; found when the route comes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.endtoend.office import NETWORK
from tests.endtoend.programs import Agent, Collector, call
from tests.peers.lan import Host, Lan, ip
from tests.peers.needs import require
from tests.peers.snmp_printer import LIFE_COUNT, SnmpPrinter

pytestmark = pytest.mark.lan

FAR, FAR_PRINTER, WAY_BACK = "10.99.0.0/29", "10.99.0.2", "10.77.0.0/24"
NETWORKS = f'[[networks]]\ncidr = "{FAR}"\n\n[[networks]]\ncidr = "{NETWORK}"\n'
SAID = f"the network {FAR} cannot be reached from this machine"


def far_printer(host: Host) -> SnmpPrinter:
    """It lives in the other network, and knows the way to the agent's."""
    ip("-n", host.namespace, "addr", "flush", "dev", "eth0", "scope", "global")
    ip("-n", host.namespace, "addr", "add", f"{FAR_PRINTER}/29", "dev", "eth0")
    ip("-n", host.namespace, "route", "add", WAY_BACK, "dev", "eth0", "src", FAR_PRINTER)
    host.address = FAR_PRINTER
    return SnmpPrinter(host, serial="NG4200X0099", pages=700)


def test_a_network_without_a_route_is_named_once_and_found_when_the_route_comes(lan: Lan) -> None:
    require("snmpd")
    near = SnmpPrinter(lan.host("near"), serial="NG4200X0017")
    far = far_printer(lan.host("far"))
    collector = Collector(lan.host("collector"))
    machine = lan.host("agent")
    ip("-n", machine.namespace, "route", "del", "default")
    agent = Agent(machine, collector, NETWORKS)

    def pages(serial: str) -> int | None:
        return next((d["pages_total"] for d in collector.all("devices") if d["serial"] == serial), None)

    def status() -> dict[str, Any]:
        file = machine.folder / "agent" / "status.json"
        told: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
        return told

    machine.wait_until(lambda: SAID in agent.log(), "agent", 60, "the network is named")
    searched: set[str] = set()
    for number in (2000, 2010, 2020):  # the near network goes on, over more than two further searches
        near.set_counter(LIFE_COUNT, number)
        machine.wait_until(lambda number=number: pages(near.serial) == number, "agent", 30, "the next reading")

    def more_searches() -> bool:
        searched.add(status()["searched_at"])
        return len(searched) > 2

    machine.wait_until(more_searches, "agent", 60, "more searches")
    assert agent.log().count(SAID) == 1, "once, and not with every search"
    assert "Traceback" not in agent.log()
    [trouble] = [text for text in status()["troubles"] if FAR in text]
    for part in ("Network is unreachable", "add a route", "[[networks]]"):
        assert part in trouble
    assert NETWORK not in agent.log().partition(SAID)[2].partition("\n")[0]
    said = call(machine, "discover", f"--config={agent.config}", check=False)
    assert SAID in said.stderr + said.stdout, "a person who searches by hand is told too"
    assert pages(far.serial) is None

    ip("-n", machine.namespace, "route", "add", FAR, "dev", "eth0")
    machine.wait_until(lambda: pages(far.serial) == 700, "agent", 60, "the far printer found")
    machine.wait_until(lambda: not any(FAR in text for text in status()["troubles"]), "agent", 30, "no trouble left")
    near.set_counter(LIFE_COUNT, 2030)
    machine.wait_until(lambda: pages(near.serial) == 2030, "agent", 30, "the near printer as before")
    assert (status()["dropped"], status()["dead"]) == (0, 0), "nothing is lost"
