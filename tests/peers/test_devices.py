"""The servers on the LAN answer the clients that come with them."""

import re
import smtplib
from pathlib import Path

import pytest

from tests.peers import netns
from tests.peers.ipp_printer import IppPrinter, start_mdns
from tests.peers.lan import Host, Lan, wait_for
from tests.peers.mail_server import MailServer
from tests.peers.needs import require
from tests.peers.snmp_printer import BLACK_LEVEL, ERROR_STATE, LIFE_COUNT, V3_AUTH, V3_PRIV, V3_USER, SnmpPrinter
from tests.peers.snmp_replay import SnmpReplay

pytestmark = pytest.mark.lan

_GET = """{
OPERATION Get-Printer-Attributes
GROUP operation-attributes-tag
ATTR charset attributes-charset utf-8
ATTR language attributes-natural-language en
ATTR uri printer-uri $uri
ATTR keyword requested-attributes all,printer-supply
STATUS successful-ok
}
"""
_RECORDING = """1.3.6.1.2.1.1.1.0|4|Recorded printer
1.3.6.1.2.1.43.10.2.1.4.1.1|65|4711
"""


def snmpget(host: Host, address: str, *oids: str, access: tuple[str, ...] = ("-v2c", "-c", "public")) -> list[str]:
    answer = host.run("env", "MIBS=", "snmpget", *access, "-t1", "-r1", "-OQv", address, *oids)
    return [line.strip().strip('"').strip() for line in answer.stdout.splitlines()]


def attributes(host: Host, printer: IppPrinter) -> str:
    (host.folder / "get.test").write_text(_GET)
    return host.run("ipptool", "-tv", printer.uri, str(host.folder / "get.test")).stdout


def printer_seen(host: Host) -> str:
    return host.run("ippfind", "-T", "2", "_ipp._tcp", "--print", check=False).stdout.strip()


def test_an_ipp_printer_announces_itself_and_tells_its_levels_and_states(lan: Lan) -> None:
    require("ippfind")
    agent, host = lan.host("agent"), lan.host("hall")
    printer = IppPrinter(host, "Acme", "Laser 9000")
    start_mdns(agent)  # ippfind asks the Avahi of its own host, which hears the printer on the wire
    assert printer_seen(agent) == "ipp://hall.local:631/ipp/print"
    before = attributes(agent, printer)
    assert "printer-make-and-model (textWithoutLanguage) = Acme Laser 9000" in before
    assert "toner-low" not in before
    printer.set_levels(10, 4, 50, 50, 50)
    after = attributes(agent, printer)
    assert re.search(r"printer-state-reasons .*toner-low", after)
    assert "level=4;" in after
    printer.report(states=["+media-jam"])
    assert re.search(r"printer-state-reasons .*media-jam", attributes(agent, printer))
    printer.report(states=["-media-jam"])
    assert not re.search(r"printer-state-reasons .*media-jam", attributes(agent, printer))


def test_an_snmp_printer_answers_and_its_values_can_be_changed(lan: Lan) -> None:
    require("snmpget")
    agent, host = lan.host("agent"), lan.host("printer")
    printer = SnmpPrinter(host, serial="NG4200X0017", pages=1234, black=60)
    assert snmpget(agent, host.address, LIFE_COUNT, BLACK_LEVEL) == ["1234", "6000"]
    printer.set_counter(LIFE_COUNT, 3_000_000_000)
    printer.set_integer(BLACK_LEVEL, 400)
    printer.set_octets(ERROR_STATE, b"\x04\x00")
    assert snmpget(agent, host.address, LIFE_COUNT, BLACK_LEVEL, ERROR_STATE) == ["3000000000", "400", "04 00"]
    v3 = ("-v3", "-lauthPriv", "-u", V3_USER, "-aSHA", "-A", V3_AUTH, "-xAES", "-X", V3_PRIV)
    assert snmpget(agent, host.address, LIFE_COUNT, access=v3) == ["3000000000"]


def test_a_printer_with_snmpv3_only_ignores_communities(lan: Lan) -> None:
    require("snmpget")
    agent, host = lan.host("agent"), lan.host("printer")
    SnmpPrinter(host, serial="NG4200X0018", community=None)
    with pytest.raises(RuntimeError, match="Timeout"):
        snmpget(agent, host.address, LIFE_COUNT)


def test_a_recorded_walk_is_replayed(lan: Lan, tmp_path: Path) -> None:
    require("snmpget")
    agent, host = lan.host("agent"), lan.host("printer")
    (tmp_path / "walk.snmprec").write_text(_RECORDING)
    SnmpReplay(host, tmp_path / "walk.snmprec").wait()
    assert snmpget(agent, host.address, "1.3.6.1.2.1.1.1.0", LIFE_COUNT) == ["Recorded printer", "4711"]


def test_the_mail_server_keeps_what_it_took(lan: Lan) -> None:
    collector, host = lan.host("collector"), lan.host("mail")
    server = MailServer(host)

    def send() -> None:
        with smtplib.SMTP(host.address, server.port, local_hostname="collector", timeout=5) as client:
            client.sendmail("fleet@dealer.example", ["toner@vendor.example"], "Subject: One black\r\n\r\nPlease.\r\n")

    netns.inside(collector.namespace, send)
    wait_for(server.mails, "delivery")
    [mail] = server.mails()
    assert (mail["Subject"], mail["Delivered-To"]) == ("One black", "toner@vendor.example")
