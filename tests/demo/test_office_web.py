"""IPP, eSCL and PJLink of the office, asked by programs and sockets of others."""

from __future__ import annotations

import hashlib
import json
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring

from pagewarden.demo.office.pjlink import PASSWORD
from tests.demo.conftest import Running
from tests.peers.needs import require

IPPTOOL_TEST = """{
    NAME "Asked for few, told few"
    OPERATION Get-Printer-Attributes
    GROUP operation-attributes-tag
    ATTR charset attributes-charset utf-8
    ATTR naturalLanguage attributes-natural-language en
    ATTR uri printer-uri $uri
    ATTR keyword requested-attributes printer-make-and-model,printer-supply,printer-state,printer-uuid
    STATUS successful-ok
    EXPECT printer-make-and-model OF-TYPE text IN-GROUP printer-attributes-tag
    EXPECT printer-supply OF-TYPE octetString COUNT 5
    EXPECT printer-state OF-TYPE enum WITH-VALUE 3,4,5
    EXPECT printer-uuid OF-TYPE uri
    EXPECT !printer-location
}
{
    NAME "What would print is refused"
    OPERATION Print-Job
    GROUP operation-attributes-tag
    ATTR charset attributes-charset utf-8
    ATTR naturalLanguage attributes-natural-language en
    ATTR uri printer-uri $uri
    STATUS server-error-operation-not-supported
}
{
    NAME "Charset first"
    OPERATION Get-Printer-Attributes
    GROUP operation-attributes-tag
    ATTR uri printer-uri $uri
    STATUS client-error-bad-request
}
"""
PYIPP = """
import asyncio, json, sys
from pyipp import IPP
async def main():
    async with IPP(sys.argv[1], tls=sys.argv[2] == "tls", verify_ssl=False) as ipp:
        printer = await ipp.printer()
    print(json.dumps({"name": printer.info.name, "serial": printer.info.serial, "state": printer.state.printer_state,
                      "levels": {m.name: m.level for m in printer.markers}}))
asyncio.run(main())
"""


def place(office: Running, model: str, protocol: str) -> str:
    return f"{office.device(model)['address']}:{office.port(protocol)}"


def test_ipptool_is_content(office: Running, tmp_path: Path) -> None:
    require("ipptool")
    script = tmp_path / "office.test"
    script.write_text(IPPTOOL_TEST)
    uri = f"ipp://{place(office, 'M5526', 'ipp')}/ipp/print"
    told = subprocess.run(["ipptool", "-t", "-T", "5", uri, script], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize("way", ["plain", "tls"])
def test_pyipp_reads_the_markers(office: Running, way: str) -> None:
    uri = f"ipp{'s' * (way == 'tls')}://{place(office, 'OfficeJet', 'ipps' if way == 'tls' else 'ipp')}/ipp/print"
    done = subprocess.run(
        [sys.executable, "-c", PYIPP, uri, way], capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["serial"] == office.device("OfficeJet")["serial"]
    assert set(told["levels"]) == {"black ink", "cyan ink", "magenta ink", "yellow ink"}
    assert all(level % 10 == 0 for level in told["levels"].values())


def test_what_is_no_ipp_is_a_bad_request(office: Running) -> None:
    request = urllib.request.Request(
        f"http://{place(office, 'M454', 'ipp')}/ipp/print", data=b"x", headers={"Content-Type": "application/ipp"}
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        assert answer.read()[2:4] == b"\x04\x00"


def test_the_scanner_tells_who_it_is_and_what_it_does(office: Running) -> None:
    root = f"http://{place(office, 'DS-790', 'escl')}/eSCL"
    spaces = {
        "scan": "http://schemas.hp.com/imaging/escl/2011/05/03",
        "pwg": "http://www.pwg.org/schemas/2010/12/sm",
    }
    with urllib.request.urlopen(f"{root}/ScannerCapabilities", timeout=5) as answer:
        capabilities = fromstring(answer.read())
    assert capabilities.findtext("pwg:MakeAndModel", namespaces=spaces) == "Epson DS-790WN"
    assert capabilities.findtext("pwg:SerialNumber", namespaces=spaces) == office.device("DS-790")["serial"]
    with urllib.request.urlopen(f"{root}/ScannerStatus", timeout=5) as answer:
        assert fromstring(answer.read()).findtext("pwg:State", namespaces=spaces) in ("Idle", "Processing")


def ask(office: Running, model: str, *questions: str, password: str | None = None) -> tuple[str, list[str]]:
    """The greeting and the answers of a projector."""
    device = office.device(model)
    with socket.create_connection((device["address"], office.port("pjlink")), timeout=5) as link:
        reader = link.makefile("r", newline="\r")
        greeting = reader.readline().strip()
        proof = hashlib.md5(f"{greeting[9:]}{password}".encode()).hexdigest() if password else ""
        answers = []
        for question in questions:
            link.sendall(f"{proof}{question}\r".encode())
            proof = ""
            answers.append(reader.readline().strip())
        return greeting, answers


def test_a_class_1_projector_answers_and_does_not_know_class_2(office: Running) -> None:
    greeting, (lamp, errors, serial, switch) = ask(office, "M403H", "%1LAMP ?", "%1ERST ?", "%2SNUM ?", "%1POWR 1")
    assert greeting == "PJLINK 0"
    assert lamp.startswith("%1LAMP=")
    assert int(lamp.removeprefix("%1LAMP=").split()[0]) > 0
    assert len(errors.removeprefix("%1ERST=")) == 6
    assert serial == "%2SNUM=ERR1"
    assert switch == "%1POWR=ERR2", "nobody switches it from here"


def test_a_class_2_projector_wants_its_password_once(office: Running) -> None:
    greeting, (serial, lamp) = ask(office, "EB-992F", "%2SNUM ?", "%2RLMP ?", password=PASSWORD)
    assert greeting.startswith("PJLINK 1 ")
    assert serial == f"%2SNUM={office.device('EB-992F')['serial']}"
    assert lamp == "%2RLMP=ELPLP97"
    assert ask(office, "EB-992F", "%1POWR ?", password="guess")[1] == ["PJLINK ERRA"]
