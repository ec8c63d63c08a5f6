"""From a device on the LAN to an order and a ticket: the promises of the product, each on real devices."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.endtoend.office import NETWORK, Office, furnish
from tests.endtoend.programs import TONER_MAIL, Agent, Collector
from tests.peers.lan import Lan
from tests.peers.mail_server import MailServer
from tests.peers.needs import require
from tests.peers.snmp_printer import V3_AUTH, V3_PRIV, V3_USER
from tests.shared_data import shared

pytestmark = [pytest.mark.lan, pytest.mark.shared]

RECORDINGS = ("snmp_kyocera_p2040dw", "snmp_brother_hl_l8260cdw", "snmp_jetdirect_m252dw")
NETWORKS = f"""
[[networks]]
cidr = "{NETWORK}"

[[networks.snmp]]
version = "3"
user = "{V3_USER}"
auth_protocol = "SHA"
auth_key = "{V3_AUTH}"
priv_protocol = "AES"
priv_key = "{V3_PRIV}"

[[networks.snmp]]
version = "2c"
community = "public"
"""


JAM_MINUTES = 5
"""How long a jam must last before a ticket is opened (mibs/causes/paper.toml)."""


class Site:
    """Everything of the story: the customer's office, the agent in it, the collector, the vendor's mail server."""

    def __init__(self, lan: Lan) -> None:
        require("snmpd", "ippeveprinter", "smtpd")
        recordings = [shared("corpus", "snmp", f"{name}.snmprec") for name in RECORDINGS]
        self.mail = MailServer(lan.host("mail"))
        self.office: Office = furnish(lan, recordings)
        self.collector = Collector(lan.host("collector"), self.mail)
        self.agent = Agent(lan.host("agent"), self.collector, NETWORKS)

    def device(self, name: str) -> dict[str, Any]:
        """The one device at a host's address. Fails when there are none or several."""
        [address] = [address for address, host in self.office.addresses().items() if host == name]
        found = [device for device in self.collector.all("devices") if device["address"] == address]
        assert len(found) == 1, f"{name} at {address} is in the store {len(found)} times"
        return found[0]

    def until(self, condition: Callable[[], object], what: str, seconds: float = 30) -> None:
        """Until the condition holds; the error shows what the agent said."""
        self.agent.host.wait_until(condition, "agent", seconds, what)

    def of(self, collection: str, device_id: str) -> list[dict[str, Any]]:
        return [item for item in self.collector.all(collection) if item["device_id"] == device_id]


@pytest.fixture(scope="module")
def site(lan: Lan) -> Site:
    site = Site(lan)
    everybody = site.office.size
    site.until(lambda: len(site.collector.all("devices")) >= everybody, f"{everybody} devices found", 60)
    return site


def levels(device: dict[str, Any]) -> dict[tuple[str, str | None], tuple[str, float | None]]:
    """By type and colour: how the level is known, and its percentage."""
    return {(s["type"], s["color"]): (s["level"]["is"], s["level"]["percent"]) for s in device["supplies"]}


def test_every_device_is_found_and_found_once(site: Site) -> None:
    addresses = [device["address"] for device in site.collector.all("devices")]
    assert sorted(addresses) == sorted(site.office.addresses())
    assert all(device["reachable"] for device in site.collector.all("devices"))


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_recorded_device_is_stored_as_it_is(site: Site, name: str) -> None:
    truth = json.loads(shared("corpus", "expected", f"{name}.json").read_text())
    device = site.device(name)
    for field in ("kind", "serial", "model"):
        assert device[field] == truth[field], field
    seen = {(s["type"], s["color"]): s["level"]["percent"] for s in device["supplies"]}
    for supply in truth["supplies"]:
        if "level_pct" in supply.get("unsure", ()):
            continue
        stored = seen[supply["type"], supply["color"]]
        assert (stored is None) == (supply["level_pct"] is None), supply
        assert stored is None or abs(stored - supply["level_pct"]) <= 1, supply


def test_printers_by_snmp_v2c_and_v3_are_stored_with_levels_and_pages(site: Site) -> None:
    store, vault = site.device("store"), site.device("vault")
    assert (store["serial"], store["pages_total"]) == ("NG4200X0017", 51_200)
    assert (vault["serial"], vault["pages_total"]) == ("NG4200X0018", 900)
    assert levels(store)["toner", "black"] == ("exact", 62)
    assert levels(vault)["toner", "black"] == ("exact", 35)
    assert levels(store)["waste", None] == ("some-left", None), "some left has no number"


def test_toner_at_four_percent_sends_one_order_mail(site: Site) -> None:
    lobby = site.office.ipp["lobby"]
    lobby.set_levels(10, 4, 71, 66, 54)
    device = site.device("lobby")
    site.until(lambda: order_mails(site, "Laser Lobby"), "the order mail")
    [order] = site.of("orders", device["id"])
    assert (order["supply"], order["state"]) == ("toner-black", "placed")
    lobby.set_levels(10, 3, 71, 66, 54)  # lower still, and more rounds: the same cartridge, no second order
    site.until(lambda: levels(site.device("lobby"))["toner", "black"] == ("exact", 3), "the next level")
    time.sleep(2)  # the mail would be on its way by now
    [mail] = order_mails(site, "Laser Lobby")
    assert mail["Delivered-To"] == TONER_MAIL
    assert len(site.of("orders", device["id"])) == 1


def order_mails(site: Site, words: str) -> list[Any]:
    """Mails to the vendor that name a device."""
    mails = [mail for mail in site.mail.mails() if mail["Delivered-To"] == TONER_MAIL]
    return [mail for mail in mails if words in mail.get_content()]


def causes(device: dict[str, Any]) -> set[str]:
    return {fault["cause"] for fault in device["faults"] or () if not fault.get("informative")}


def test_a_jam_that_is_cleared_at_once_opens_no_ticket(site: Site) -> None:
    studio = site.office.ipp["studio"]
    studio.report(states=["+media-jam"])
    site.until(lambda: "media-jam" in causes(site.device("studio")), "the jam is seen")
    studio.report(states=["-media-jam"])
    site.until(lambda: "media-jam" not in causes(site.device("studio")), "the jam is gone")
    time.sleep(JAM_MINUTES * 60 * site.collector.hold_factor + 1)
    assert site.of("tickets", site.device("studio")["id"]) == []


def test_a_jam_that_lasts_opens_one_ticket_and_its_end_is_written_there(site: Site) -> None:
    sales = site.office.ipp["sales"]
    device = site.device("sales")["id"]
    sales.report(states=["+media-jam"])
    site.until(lambda: site.of("tickets", device), "the ticket")
    time.sleep(2)  # more rounds with the same jam
    [ticket] = site.of("tickets", device)
    assert (ticket["cause"], ticket["open"]) == ("media-jam", True)
    assert ticket["facts"]["first_steps"]["en"], "the ticket says what to do first"
    sales.report(states=["-media-jam"])
    site.until(lambda: site.collector.one(f"tickets/{ticket['id']}")["fault_cleared_at"], "the end of the jam")
    moves = site.collector.one(f"tickets/{ticket['id']}")["moves"]
    assert "no longer reports the fault" in moves[-1]["reason"]
    assert moves[-1]["before"] == moves[-1]["after"], "a note; a person closes the ticket"


def test_a_printer_that_moves_stays_one_device(site: Site) -> None:
    before = {name: site.device(name)["id"] for name in ("studio", "store")}
    site.office.ipp["studio"].host.readdress("10.77.0.44")
    site.office.snmp["store"].host.readdress("10.77.0.45")
    for name, ident in before.items():
        site.until(partial(is_at, site, ident, name), f"{name} moved")
    assert len(site.collector.all("devices")) == site.office.size
    assert {name: site.device(name)["id"] for name in before} == before


def is_at(site: Site, ident: str, name: str) -> bool:
    return site.office.addresses().get(site.collector.one(f"devices/{ident}")["address"]) == name
