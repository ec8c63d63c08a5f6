"""The office's SNMP, asked by net-snmp."""

from __future__ import annotations

import pytest

from tests.demo.conftest import Running
from tests.peers.needs import require


@pytest.fixture(autouse=True)
def net_snmp() -> None:
    require("snmpwalk")


V2C = ("-v2c", "-c", "public")
V1 = ("-v1", "-c", "public")
V3 = (
    "-v3",
    "-l",
    "authPriv",
    "-u",
    "pagewarden",
    "-a",
    "SHA-256",
    "-A",
    "paper-is-quiet",
    "-x",
    "AES",
    "-X",
    "ink-is-information",
)
SYS_DESCR, MISSING = "1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.99.0"
PRINTER_MIB = "1.3.6.1.2.1.43"


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(".1")]


def test_a_walk_is_the_same_by_getnext_and_getbulk(office: Running) -> None:
    slow = office.snmp("snmpwalk", *V2C, PRINTER_MIB, model="C3525")
    fast = office.snmp("snmpbulkwalk", *V2C, "-Cr40", PRINTER_MIB, model="C3525")
    assert len(lines(slow.stdout)) > 100
    assert lines(slow.stdout) == lines(fast.stdout)


def test_version_1_says_which_name_it_does_not_have(office: Running) -> None:
    told = office.snmp("snmpget", *V1, "-Cf", f"{SYS_DESCR} {MISSING}", model="4250")
    assert "noSuchName" in told.stderr
    assert MISSING in told.stderr


def test_an_old_print_server_is_silent_to_version_2c(office: Running) -> None:
    assert "JD117" in office.snmp("snmpget", *V1, SYS_DESCR, model="4250").stdout
    assert "Timeout" in office.snmp("snmpget", *V2C, "-r0", "-t", "0.3", SYS_DESCR, model="4250").stderr


def test_version_2c_says_it_beside_the_others(office: Running) -> None:
    told = office.snmp("snmpget", *V2C, f"{SYS_DESCR} {MISSING}", model="M454")
    assert "HP ETHERNET" in told.stdout
    assert "No Such Instance" in told.stdout


@pytest.mark.parametrize("model", ["M507", "C250i"])
def test_version_3_with_privacy_tells_everything_and_other_ways_nothing(office: Running, model: str) -> None:
    told = office.snmp("snmpbulkwalk", *V3, PRINTER_MIB, model=model)
    serial = office.device(model)["serial"]
    assert any(serial in line for line in lines(told.stdout))
    assert "Timeout" in office.snmp("snmpget", *V2C, "-r0", "-t", "0.3", SYS_DESCR, model=model).stderr
    wrong = ("wrong-password" if part == "paper-is-quiet" else part for part in V3)
    assert office.snmp("snmpget", *wrong, SYS_DESCR, model=model).returncode != 0


def test_nothing_can_be_written(office: Running) -> None:
    told = office.snmp("snmpset", *V2C, "1.3.6.1.2.1.1.5.0 s renamed", model="M454")
    assert "notWritable" in told.stderr
    assert "renamed" not in office.snmp("snmpget", *V2C, "1.3.6.1.2.1.1.5.0", model="M454").stdout


def test_a_wrong_community_is_silence(office: Running) -> None:
    told = office.snmp("snmpget", "-v2c", "-c", "private", "-r0", "-t", "0.3", SYS_DESCR, model="M454")
    assert "Timeout" in told.stderr


def test_an_answer_that_does_not_fit_is_too_big(office: Running) -> None:
    hundred_times = " ".join([SYS_DESCR] * 100)
    assert "tooBig" in office.snmp("snmpget", *V2C, "-Cf", hundred_times, model="C3525").stderr
