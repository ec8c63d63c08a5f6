"""A recording of a device reads as the device itself does, and nothing in it tells whose it is."""

from __future__ import annotations

import asyncio
import json
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.app import installed_probes
from agent.capture import pack
from agent.capture.command import clean
from agent.capture.live import Recording
from agent.capture.live import record as record_live
from agent.inspect import inspect_capture, record
from agent.inspect_live import inspect_host
from agent.probes.probe import SnmpCredential
from agent.settings import NetworkSettings
from agent.snmp.snmprec import parse
from fleet.errors import Unreachable
from fleet.kit.clock import SystemClock
from fleet.kit.config import Secret
from mibs.catalogue import load
from tests.demo.conftest import Running

V3 = SnmpCredential(
    version="3",
    user="pagewarden",
    auth_protocol="SHA-256",
    auth_key=Secret("paper-is-quiet"),
    priv_protocol="AES",
    priv_key=Secret("ink-is-information"),
)
WHOSE = ("name", "serial", "hostname", "location", "mac")
MOVING = ("counters", "status", "state", "conditions", "alerts", "display")
"""What may change between two looks."""
SPEAKS = {
    "MFC-L2710DW": {"snmp.snmprec", "ipp.ipp", "escl.xml", "escl-status.xml"},
    "M507dn": {"snmp.snmprec", "ipp.ipp"},
    "LaserJet 4250": {"snmp.snmprec"},
    "M403H": {"snmp.snmprec", "pjlink.txt"},
    "DS-790WN": {"snmp.snmprec", "escl.xml", "escl-status.xml"},
}


@dataclass
class Seen:
    """A device of the office, as it is and as it was recorded."""

    described: dict[str, Any]
    live: dict[str, Any]
    recording: Recording
    parts: dict[str, bytes]


def network(office: Running, described: dict[str, Any]) -> NetworkSettings:
    ways = tuple(SnmpCredential(version=version, community=Secret("public")) for version in ("2c", "1"))
    return NetworkSettings(
        cidr=described["address"],
        allow_loopback=True,
        sweep=False,
        mdns=False,
        snmp_port=office.port("snmp"),
        ipp_ports=(office.port("ipp"),),
        escl_ports=(office.port("escl"),),
        pjlink_port=office.port("pjlink"),
        snmp=(V3,) if "snmp-v3" in described["speaks"] else ways,
    )


@pytest.fixture(scope="module", params=SPEAKS)
def seen(request: pytest.FixtureRequest, office: Running) -> Seen:
    described = office.device(request.param)
    asked, catalogue, address = network(office, described), load(), described["address"]
    probes = installed_probes()

    async def look() -> tuple[dict[str, Any], Recording]:
        try:
            reading, _ = await inspect_host(address, asked, probes, catalogue, SystemClock())
        finally:
            for probe in probes.values():
                await probe.close()
        return record(reading), await record_live(address, asked, SystemClock())

    live, recording = asyncio.run(look())
    return Seen(described, live, recording, clean(recording, address, catalogue))


def test_it_reads_as_the_device_does(seen: Seen, tmp_path: Path) -> None:
    file = tmp_path / "recorded.zip"
    pack.write(file, seen.parts, seen.recording.about)
    read = record(inspect_capture(file, load()))
    fixed = [name for name in seen.live if name not in (*WHOSE, *MOVING)]
    assert {name: read[name] for name in fixed} == {name: seen.live[name] for name in fixed}
    assert read["counters"].keys() == seen.live["counters"].keys()
    assert [name for name in WHOSE if bool(read[name]) != bool(seen.live[name])] == []
    assert read["serial"] is None or read["serial"] != seen.live["serial"]


def test_every_protocol_it_speaks_is_in_it(seen: Seen) -> None:
    assert seen.parts.keys() - {"mdns.json"} == next(
        parts for model, parts in SPEAKS.items() if model in seen.described["model"]
    )
    assert set(seen.recording.missing) <= {"SNMP", "IPP", "eSCL", "PJLink", "DNS-SD"}


def test_nothing_in_it_tells_whose_it_is(seen: Seen) -> None:
    mac = seen.described["mac"]
    octets = bytes.fromhex(mac)
    spellings = [octets, mac.encode(), mac.upper().encode(), octets.hex(":").encode(), octets.hex("-").upper().encode()]
    names = [seen.described["serial"], seen.described["place"], *(seen.live[name] for name in WHOSE)]
    spellings += [text.encode() for text in names if text and len(text) >= 4]
    everything = b"\n".join(seen.parts.values())
    hexed = b"\n".join(line.partition(b"|4x|")[2] for line in everything.split(b"\n") if b"|4x|" in line)
    unpacked = bytes.fromhex(hexed.replace(b"\n", b"0a").decode())
    found = [spelling for spelling in spellings if spelling in everything or spelling in unpacked]
    assert found == []


def test_counters_stay_counters_and_times_times(seen: Seen) -> None:
    rows = dict(line.split(b"|", 1) for line in seen.parts["snmp.snmprec"].splitlines())
    assert rows[b"1.3.6.1.2.1.1.3.0"].startswith(b"67|"), "sysUpTime is TimeTicks"
    assert rows[b"1.3.6.1.2.1.1.2.0"].startswith(b"6|")
    counts = [value for name, value in rows.items() if name.startswith(b"1.3.6.1.2.1.43.10.2.1.4.")]
    assert all(value.startswith(b"65|") for value in counts), "prtMarkerLifeCount is Counter32"
    assert seen.recording.walked is not None
    again = parse(seen.parts["snmp.snmprec"], taken_at=datetime.now(UTC))
    assert again.values.keys() == seen.recording.walked.rows.keys()
    assert again.partial == ()


def test_two_recordings_share_no_stand_in(seen: Seen) -> None:
    again = clean(seen.recording, seen.described["address"], load())
    assert again.keys() == seen.parts.keys()
    assert again["snmp.snmprec"] != seen.parts["snmp.snmprec"]


def test_without_the_makers_own_objects(office: Running) -> None:
    described = office.device("MFC-L2710DW")
    asked = network(office, described)
    recording = asyncio.run(record_live(described["address"], asked, SystemClock(), private=False))
    assert recording.walked is not None
    assert not any(name[:6] == (1, 3, 6, 1, 4, 1) for name in recording.walked.rows)


def test_a_silent_host_is_named_with_what_was_asked() -> None:
    nobody = NetworkSettings(
        cidr="127.9.9.9", allow_loopback=True, sweep=False, mdns=False, snmp_port=9, ipp_ports=(9,), escl_ports=(9,),
        pjlink_port=9,
    )  # fmt: skip
    with pytest.raises(Unreachable, match=r"127\.9\.9\.9 told nothing.*SNMP.*IPP.*eSCL.*PJLink"):
        asyncio.run(record_live("127.9.9.9", nobody, SystemClock()))


def test_what_stands_beside_the_answers(seen: Seen, tmp_path: Path) -> None:
    pack.write(tmp_path / "one.zip", seen.parts, seen.recording.about)
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        told = json.loads(archive.read(pack.ABOUT))
    assert told["made_by"].startswith("pagewarden ")
    assert set(told["missing"]) == set(seen.recording.missing)
