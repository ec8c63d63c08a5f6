"""Fields of a device, what each protocol calls them, and the least that a device must say to tell one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from agent.announced import Announcement, MdnsRaw
from agent.escl import Capabilities, EsclRaw, Status
from agent.ipp.message import Collection
from agent.ipp.message import Value as IppValue
from agent.ipp.raw import IppRaw
from agent.pjlink import PjlinkRaw
from agent.probes.probe import Raw
from agent.snmp.raw import Name, SnmpRaw, Value, name_of
from fleet.counter import CounterName
from fleet.reading import Reading
from fleet.supply import level_percent

NOW = datetime(2026, 3, 4, 9, 12, tzinfo=UTC)

Tells = Callable[[Reading], object]
"""What of a reading a field is about; nothing, where the device did not say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a protocol says a field, in its own words, and the least that a device must say for it."""

    words: str
    raw: Raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    label: str
    tells: Tells
    places: Mapping[str, Place]


# The least a device must say


def snmp(words: str, values: Mapping[str, Value]) -> Place:
    base: dict[Name, Value] = {name_of("1.3.6.1.2.1.43.5.1.1.1.1"): 1}
    return Place(words=words, raw=SnmpRaw(taken_at=NOW, values=base | {name_of(n): v for n, v in values.items()}))


def ipp(words: str, **attributes: IppValue | tuple[IppValue, ...]) -> Place:
    said = {n.replace("_", "-"): v if isinstance(v, tuple) else (v,) for n, v in attributes.items()}
    return Place(words=words, raw=IppRaw(protocol="ipp", taken_at=NOW, attributes=said))


def escl(words: str, status: Status | None = None, **about: str | bool) -> Place:
    told = Capabilities(**about) if about else None  # type: ignore[arg-type]
    return Place(words=words, raw=EsclRaw(taken_at=NOW, capabilities=told, status=status))


def pjlink(words: str, **replies: str) -> Place:
    return Place(words=words, raw=PjlinkRaw(taken_at=NOW, replies=replies))


def mdns(words: str, service: str = "_ipp._tcp", host: str = "", **txt: str) -> Place:
    announced = Announcement(type=service, instance="", host=host, port=631, txt=txt)
    return Place(words=words, raw=MdnsRaw(taken_at=NOW, services=(announced,)))


SYSTEM, HR, PRT = "1.3.6.1.2.1.1", "1.3.6.1.2.1.25.3", "1.3.6.1.2.1.43"
TONER: dict[str, Value] = {
    f"{PRT}.11.1.1.{column}.1.1": value
    for column, value in ((4, 3), (5, 3), (6, b"Black Toner Cartridge CF259A"), (8, 100), (9, 42))
}
SUPPLY = b"type=toner;maxcapacity=100;level=42;unit=percent;colorantname=black;"


def counter(*names: CounterName) -> Tells:
    return lambda reading: {c.name for c in reading.counters or ()} >= set(names)


def levels(reading: Reading) -> object:
    return [s for s in reading.supplies or () if level_percent(s.level) is not None]


FIELDS = (
    Field(
        label="Maker and model",
        tells=lambda reading: reading.identity.maker and reading.identity.model,
        places={
            "snmp": snmp("hrDeviceDescr, sysDescr, device id", {f"{HR}.2.1.3.1": b"HP LaserJet M507"}),
            "ipp": ipp("printer-make-and-model, printer-device-id", printer_make_and_model="HP LaserJet M507"),
            "escl": escl("MakeAndModel", make_and_model="EPSON DS-790WN"),
            "pjlink": pjlink("INF1, INF2", INF1="EPSON", INF2="EB-992F"),
            "mdns": mdns("ty, usb_MFG, usb_MDL, product", ty="HP LaserJet M507"),
        },
    ),
    Field(
        label="Serial number",
        tells=lambda reading: reading.identity.serial,
        places={
            "snmp": snmp("prtGeneralSerialNumber, device id", {f"{PRT}.5.1.1.17.1": b"VNC3096546"}),
            "ipp": ipp(
                "printer-serial-number, SN of printer-device-id", printer_device_id="MFG:HP;MDL:M507;SN:VNC3096546;"
            ),
            "escl": escl("SerialNumber", serial="X6HA013158"),
            "pjlink": pjlink("SNUM (class 2)", SNUM="X4YT0024015"),
            "mdns": mdns("usb_SER", usb_ser="X4YT0024015"),
        },
    ),
    Field(
        label="Firmware",
        tells=lambda reading: reading.firmware,
        places={
            "ipp": ipp("printer-firmware-string-version", printer_firmware_string_version="2.1.7"),
            "pjlink": pjlink("SVER (class 2)", SVER="1.07"),
        },
    ),
    Field(
        label="MAC address",
        tells=lambda reading: reading.identity.macs,
        places={
            "snmp": snmp("ifPhysAddress", {"1.3.6.1.2.1.2.2.1.6.1": b"\x3c\xd9\x2b\x11\x22\x33"}),
            "ipp": ipp("in printer-uuid, version 1", printer_uuid="urn:uuid:16a65700-007c-1000-bb49-3cd92b112233"),
            "escl": escl("in UUID, version 1", uuid="16a65700-007c-1000-bb49-3cd92b112233"),
            "mdns": mdns("mac, or in UUID", mac="3c:d9:2b:11:22:33"),
        },
    ),
    Field(
        label="Host name",
        tells=lambda reading: reading.identity.hostname,
        places={
            "snmp": snmp("sysName", {f"{SYSTEM}.5.0": b"prn-7"}),
            "pjlink": pjlink("NAME", NAME="Room 4"),
            "mdns": mdns("the host of the service", host="prn-7.local"),
        },
    ),
    Field(
        label="Location",
        tells=lambda reading: reading.location,
        places={
            "snmp": snmp("sysLocation", {f"{SYSTEM}.6.0": b"Hall"}),
            "ipp": ipp("printer-location", printer_location="Hall"),
            "mdns": mdns("note", note="Hall"),
        },
    ),
    Field(
        label="Health",
        tells=lambda reading: reading.health,
        places={
            "snmp": snmp("hrDeviceStatus", {f"{HR}.2.1.5.1": 2}),
            "ipp": ipp("printer-state with printer-state-reasons", printer_state=3, printer_state_reasons="none"),
            "escl": escl("State, AdfState", status=Status(state="Idle")),
            "pjlink": pjlink("ERST", ERST="000000"),
        },
    ),
    Field(
        label="What it does",
        tells=lambda reading: reading.activity,
        places={
            "snmp": snmp("hrPrinterStatus with hrDeviceStatus", {f"{HR}.5.1.1.1": 3, f"{HR}.2.1.5.1": 2}),
            "ipp": ipp("printer-state", printer_state=3),
            "escl": escl("State", status=Status(state="Idle")),
            "pjlink": pjlink("POWR", POWR="1"),
        },
    ),
    Field(
        label="Faults",
        tells=lambda reading: reading.faults,
        places={
            "snmp": snmp("prtAlertTable, hrPrinterDetectedErrorState", {f"{HR}.5.1.2.1": b"\x04"}),
            "ipp": ipp("printer-state-reasons, printer-alert", printer_state_reasons="media-jam-error"),
            "escl": escl("AdfState", status=Status(state="Idle", feeder="ScannerAdfJam")),
            "pjlink": pjlink("ERST", ERST="000002"),
        },
    ),
    Field(
        label="Panel text",
        tells=lambda reading: reading.display,
        places={"snmp": snmp("prtConsoleDisplayBufferText", {f"{PRT}.16.5.1.2.1.1": b"Ready"})},
    ),
    Field(
        label="Pages in all",
        tells=counter(CounterName.TOTAL),
        places={
            "snmp": snmp("prtMarkerLifeCount", {f"{PRT}.10.2.1.4.1.1": 62869}),
            "ipp": ipp("printer-impressions-completed, or sheets", printer_impressions_completed=62869),
        },
    ),
    Field(
        label="Pages in black, in colour",
        tells=counter(CounterName.MONO, CounterName.COLOR),
        places={
            "ipp": ipp(
                "printer-impressions-completed-col",
                printer_impressions_completed=9,
                printer_impressions_completed_col=Collection(members={"monochrome": (5,), "full-color": (4,)}),
            ),
        },
    ),
    Field(
        label="Printed, copied, faxed, scanned",
        tells=lambda reading: any(c.name is CounterName.COPY_TOTAL for c in reading.counters or ()),
        places={},
    ),
    Field(
        label="Supplies and their levels",
        tells=levels,
        places={
            "snmp": snmp("prtMarkerSuppliesTable, prtMarkerColorantTable", TONER),
            "ipp": ipp("printer-supply, or marker-levels and its lists", printer_supply=SUPPLY),
        },
    ),
    Field(
        label="Order codes",
        tells=lambda reading: [s for s in reading.supplies or () if s.part_number],
        places={
            "snmp": snmp("in prtMarkerSuppliesDescription", TONER),
            "ipp": ipp(
                "in printer-supply-description, marker-names",
                printer_supply=SUPPLY,
                printer_supply_description="Black Toner CF259A",
            ),
            "pjlink": pjlink("RLMP, RFIL (class 2)", RLMP="ELPLP97"),
        },
    ),
    Field(
        label="Trays",
        tells=lambda reading: reading.trays,
        places={
            "snmp": snmp("prtInputTable", {f"{PRT}.8.2.1.{column}.1.1": 250 for column in (9, 10)}),
            "ipp": ipp(
                "printer-input-tray", printer_input_tray=b"type=sheetFeedAuto;maxcapacity=250;level=100;name=Tray 1;"
            ),
        },
    ),
    Field(
        label="Lamp hours",
        tells=lambda reading: reading.lamp_hours,
        places={"pjlink": pjlink("LAMP", LAMP="974 1")},
    ),
    Field(
        label="Running since",
        tells=lambda reading: reading.boot_at,
        places={
            "snmp": snmp("sysUpTime", {f"{SYSTEM}.3.0": 1000}),
            "ipp": ipp("printer-up-time", printer_up_time=1000),
        },
    ),
)
