"""The IPP probe against ippeveprinter (CUPS), which nobody of this project wrote."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.peers.ipp_printer import IppPrinter
from tests.peers.lan import Host, Lan

pytestmark = pytest.mark.lan

ROOT = Path(__file__).parents[3]
ASK = """
import asyncio, json, sys
from agent.inspect import record
from agent.normalise.ipp import normalise
from agent.probes.ipp import IppProbe
from agent.probes.probe import HttpService, Target
from fleet.kit.wire import to_plain
from fleet.reading import Round
from mibs.catalogue import load

async def main(address, tls):
    probe = IppProbe()
    raw = await probe.ask(Target(address=address, ipp=(HttpService(port=631, tls=tls),)), Round.FULL)
    await probe.close()
    reading = normalise(raw, load())
    faults = [fault.cause for fault in reading.faults if not fault.informative]
    print(json.dumps({**record(reading), "faults": faults, "uuid": reading.identity.uuid, "path": raw.path,
                      "fingerprint": raw.fingerprint, "partial": raw.partial}))

asyncio.run(main(sys.argv[1], sys.argv[2] == "tls"))
"""


@pytest.fixture
def lan() -> Iterator[Lan]:
    with Lan() as lan:
        yield lan


def asked(asker: Host, printer: IppPrinter, *, tls: bool = False) -> dict[str, Any]:
    """What the probe on `asker` makes of the printer now."""
    done = asker.run(
        "env", f"PYTHONPATH={ROOT}", sys.executable, "-c", ASK, printer.host.address, "tls" if tls else "open"
    )
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def test_a_real_printer_from_full_to_jammed_and_back(lan: Lan) -> None:
    asker, printer = lan.host("asker"), IppPrinter(lan.host("acme"))
    printer.set_levels(waste=10, black=40, cyan=0, magenta=100, yellow=55)
    found = asked(asker, printer)
    assert (found["manufacturer"], found["kind"], found["path"], found["partial"]) == (
        "Acme",
        "printer",
        "/ipp/print",
        [],
    )
    assert found["location"] == "Floor 2"
    levels = {s["color"]: s["level_pct"] for s in found["supplies"] if s["type"] in ("toner", "ink")}
    assert levels == {"black": 40, "cyan": 0, "magenta": 100, "yellow": 55}
    assert "no-toner" in found["conditions"]

    printer.report(states=["+media-jam"])
    jammed = asked(asker, printer)
    assert "media-jam" in jammed["faults"]
    assert "jammed" in jammed["conditions"]

    printer.report(states=["-media-jam"])
    cleared = asked(asker, printer)
    assert "media-jam" not in cleared["faults"]

    safe = asked(asker, printer, tls=True)
    assert (safe["uuid"], len(safe["fingerprint"])) == (found["uuid"], 64)
    assert found["fingerprint"] is None
