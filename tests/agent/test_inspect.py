"""`pagewarden inspect`: captures, live devices, and what it says when there is nothing to tell."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.inspect import READERS, inspect_capture, record
from agent.inspect_live import inspect_host, network_for
from agent.inspect_text import level_words, lines
from agent.ipp.codec import parse
from agent.probes.escl import EsclProbe
from agent.probes.ipp import IppProbe
from agent.probes.pjlink import PjlinkProbe
from agent.transport import HttpClient
from fleet.fault import Activity, Fault, Severity
from fleet.kit.clock import SystemClock
from fleet.reading import Reading
from fleet.supply import Empty, Exact, LowOnly, Quantised, SomeLeft, SupplyReading, SupplyType, Unknown
from mibs.catalogue import load
from tests.agent.ipp.answers import integer, keyword, one_printer, text
from tests.agent.probes.peers import HOST, listening, web
from tests.agent.probes.test_escl_probe import STATUS
from tests.agent.probes.test_ipp_probe import good
from tests.agent.probes.test_pjlink_probe import Projector

NOW = datetime(2026, 3, 4, 9, 12, tzinfo=UTC)
FIELDS = {
    "name", "kind", "manufacturer", "model", "serial", "firmware", "hostname", "location", "mac", "status", "state",
    "conditions", "counters", "counter_unit", "supplies", "trays", "alerts", "lamp_hours", "display",
}  # fmt: skip


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pagewarden", "inspect", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)


def an_answer(folder: Path) -> Path:
    path = folder / "printer.ipp"
    supplies = [*keyword("marker-types", "toner"), *text("marker-names", "Black"), *integer("marker-levels", 7)]
    path.write_bytes(one_printer(more=supplies))
    return path


def test_a_capture_becomes_one_object(tmp_path: Path) -> None:
    done = run(an_answer(tmp_path), "--json")
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert set(made) == FIELDS
    assert (made["name"], made["manufacturer"], made["model"], made["kind"]) == (
        "printer",
        "HP",
        "LaserJet 400 MFP M425dn",
        "mfp",
    )
    assert (made["serial"], made["conditions"], made["lamp_hours"]) == (None, [], None)
    assert made["counters"] == {"total": None, "mono": None, "color": None}
    assert [(s["level_pct"], s["level_state"]) for s in made["supplies"]] == [(7, "ok")]


def test_for_a_person_it_is_a_summary(tmp_path: Path) -> None:
    done = run(an_answer(tmp_path))
    assert done.returncode == 0, done.stderr
    rows = done.stdout.splitlines()
    assert rows[0] == "HP LaserJet 400 MFP M425dn"
    assert "  serial       not reported" in rows
    (supplies,) = (row for row in rows if "supplies" in row)
    assert " ".join(supplies.split()) == "supplies black toner 7 % perhaps CF280A or CF280X (catalogue) Black"


@pytest.mark.parametrize(
    ("name", "data", "code", "words"),
    [
        ("gone.ipp", None, 2, "gone.ipp: cannot be read: No such file"),
        ("photo.jpg", b"x", 2, "unknown kind of capture; known are .snmprec, .ipp, .xml, .json, .txt"),
        ("a.ipp", b"<html>", 1, "not an IPP answer"),
        ("a.xml", b"<html/>", 1, "ScannerCapabilities expected"),
        ("a.json", b"{}", 1, "not a list of DNS-SD services"),
        ("a.txt", b"hello\n", 1, "not a PJLink transcript"),
        ("a.snmprec", b"hello\n", 1, "not a recorded SNMP walk"),
    ],
)
def test_a_capture_that_cannot_be_read(tmp_path: Path, name: str, data: bytes | None, code: int, words: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    done = run(tmp_path / name)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, "one line, no traceback"


def test_every_suffix_has_a_reader() -> None:
    assert set(READERS) == {".snmprec", ".ipp", ".xml", ".json", ".txt"}


def test_a_scanner_status_is_a_capture_too(tmp_path: Path) -> None:
    path = tmp_path / "status.xml"
    path.write_text(STATUS, "utf-8")
    assert record(inspect_capture(path, load()))["state"] == "idle"


async def test_a_live_printer_is_asked_over_every_protocol_at_the_port() -> None:
    http = HttpClient(seconds=1)
    probes = {"ipp": IppProbe(http), "escl": EsclProbe(http), "pjlink": PjlinkProbe(seconds=1)}
    network = network_for(HOST, port=None, community=None, credentials=None)
    async with web(lambda asked: good(asked, parse(asked.body)) if asked.body else b"") as server:
        asked = replace(network, ipp_ports=(server.port,), escl_ports=(server.port,), pjlink_port=server.port)
        reading, answers = await inspect_host(HOST, asked, probes, await asyncio.to_thread(load), SystemClock())
    await http.close()
    made = record(reading, HOST)
    assert (made["manufacturer"], made["state"], made["name"]) == ("HP", "idle", HOST)
    assert (answers.ways, set(answers.failures)) == (("ipp",), {"escl", "pjlink"})


async def test_from_the_command_line_to_a_projector_and_to_nobody(tmp_path: Path, unused_tcp_port: int) -> None:
    keys = tmp_path / "keys.toml"
    keys.write_text('pjlink_password = "lights-on"\n', "utf-8")
    async with listening(Projector(password="lights-on").serve) as port:
        (code, out, err), nobody = await asyncio.gather(
            running("127.0.0.1", "--port", str(port), "--credentials", str(keys), "--json"),
            running("127.0.0.1", "--port", str(unused_tcp_port)),
        )
    made = json.loads(out)
    assert (code, made["kind"], made["lamp_hours"], made["serial"]) == (0, "projector", 974, "X3QR9700019")
    assert f"note: SNMP: 127.0.0.1 does not answer SNMP (v2c, v1) on port {port}" in err
    assert nobody[:2] == (1, "")
    assert f"does not answer SNMP (v2c, v1) on port {unused_tcp_port}" in nobody[2]
    assert "Try --community" in nobody[2]


async def running(*arguments: str) -> tuple[int | None, str, str]:
    command = [sys.executable, "-m", "pagewarden", "inspect", *arguments]
    process = await asyncio.create_subprocess_exec(*command, stdout=-1, stderr=-1)
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nowhere.invalid"], 2, "neither a file, nor an address, nor a name that can be looked up"),
        (["printer.local"], 2, "give the address instead"),
        (["169.254.1.1"], 2, "link-local"),
        (["127.0.0.1", "--port", "0"], 2, "--port"),
        (["127.0.0.1", "--credentials", "/nowhere.toml"], 2, "/nowhere.toml: cannot be read"),
    ],
)
def test_wrong_use_is_told_in_a_line(arguments: list[str], code: int, words: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_record_knows_no_sleep_and_keeps_states_out_of_the_alerts() -> None:
    row = Fault(cause="media-jam", severity=Severity.CRITICAL, group="13", code="8", index="1.7", text="Jam")
    bit = Fault(cause="door-open", severity=Severity.CRITICAL, code="door-open")

    def one(source: str) -> dict[str, object]:
        sources = {"activity": source}
        return record(
            Reading(key="", taken_at=NOW, reachable=True, activity=Activity.ASLEEP, faults=(row, bit), sources=sources)
        )

    assert (one("ipp")["state"], one("snmp")["state"]) == ("idle", "other")
    assert one("snmp")["alerts"] == [
        {"severity": "critical", "group": "13", "code": "8", "description": "Jam", "index": "1.7"}
    ]


def test_levels_in_words() -> None:
    words = {
        Exact(percent=36.6): ("37 %", 37, "ok"),
        Quantised(percent=90, step=20): ("90–100 %", 90, "ok"),
        SomeLeft(): ("some left", None, "some-remaining"),
        LowOnly(): ("low", None, "ok"),
        Empty(): ("empty", 0, "empty"),
        Unknown(): ("not reported", None, "unknown"),
    }
    for level, (said, percent, state) in words.items():
        supply = SupplyReading(index="1", type=SupplyType.TONER, level=level)
        (row,) = record(Reading(key="", taken_at=NOW, reachable=True, supplies=(supply,)))["supplies"]
        assert (level_words(level), row["level_pct"], row["level_state"]) == (said, percent, state)


def test_what_nobody_said_is_told_as_such() -> None:
    shown = list(lines(Reading(key="", taken_at=NOW, reachable=True, supplies=()), load()))
    assert "  supplies     none" in shown
    assert "  trays        not reported" in shown
