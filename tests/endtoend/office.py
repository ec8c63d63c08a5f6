"""The customer's office of the story: real printers of four kinds, on one LAN."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.peers.ipp_printer import IppPrinter
from tests.peers.lan import Lan
from tests.peers.snmp_printer import SnmpPrinter
from tests.peers.snmp_replay import SnmpReplay

NETWORK = "10.77.0.0/26"
"""Small, so that a sweep takes a second and still asks many addresses that nobody has."""

# An ippeveprinter with a serial number, counters and marker attributes, as better office printers have.
ATTRIBUTES = """
ATTR text printer-make-and-model "Northgate Color 700"
ATTR text printer-device-id "MFG:Northgate;MDL:Color 700;CMD:PDF,PWG;SN:NGC0000700;"
ATTR text printer-serial-number "NGC0000700"
ATTR text printer-firmware-name "main"
ATTR text printer-firmware-string-version "2.14.7"
ATTR octetString printer-firmware-version "2.14.7"
ATTR mimeMediaType document-format-supported application/pdf,image/jpeg,image/pwg-raster
ATTR boolean color-supported true
ATTR keyword sides-supported one-sided,two-sided-long-edge,two-sided-short-edge
ATTR integer printer-impressions-completed 123456
ATTR integer printer-pages-completed 123000
ATTR name marker-names "Black Cartridge","Waste Toner"
ATTR name marker-colors "#000000","none"
ATTR keyword marker-types toner-cartridge,waste-toner
ATTR integer marker-levels 77,-2
ATTR integer marker-high-levels 100,100
ATTR integer marker-low-levels 5,0
"""


@dataclass(slots=True)
class Office:
    """The devices by the name of their host."""

    ipp: dict[str, IppPrinter] = field(default_factory=dict)
    snmp: dict[str, SnmpPrinter] = field(default_factory=dict)
    replays: dict[str, SnmpReplay] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.ipp) + len(self.snmp) + len(self.replays)

    def addresses(self) -> dict[str, str]:
        """Address of every device now: its host's name."""
        devices: dict[str, IppPrinter | SnmpPrinter | SnmpReplay] = {**self.ipp, **self.snmp, **self.replays}
        return {device.host.address: name for name, device in devices.items()}


def furnish(lan: Lan, recordings: Iterable[Path]) -> Office:
    """Three IPP printers with mDNS, two SNMP printers (one of them SNMPv3 only), and one replay per recording."""
    office = Office()
    for recording in recordings:  # these start slowest, so first and without waiting
        office.replays[recording.stem] = SnmpReplay(lan.host(recording.stem.replace("_", "-")), recording)
    for name in ("lobby", "sales"):
        office.ipp[name] = IppPrinter(lan.host(name), "Acme", f"Laser {name.capitalize()}")
    attributes = lan.folder / "attributes.conf"
    attributes.write_text(ATTRIBUTES)
    office.ipp["studio"] = IppPrinter(lan.host("studio"), "Northgate", "Color 700", attributes=attributes)
    office.snmp["store"] = SnmpPrinter(lan.host("store"), serial="NG4200X0017", pages=51_200, black=62)
    office.snmp["vault"] = SnmpPrinter(lan.host("vault"), serial="NG4200X0018", pages=900, black=35, community=None)
    for replay in office.replays.values():
        replay.wait()
    return office
