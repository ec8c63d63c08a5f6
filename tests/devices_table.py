"""docs/devices.md: what can be known of a device, and from where. Every cell is proved by reading one that says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agent.ipp.message import Value as IppValue
from agent.ipp.raw import IppRaw
from agent.normalise import normaliser
from agent.normalise.quirks import BROTHER, RICOH_COUNTERS, RICOH_TONER
from agent.pjlink import PjlinkRaw
from agent.probes.probe import Raw
from agent.snmp.raw import Name, SnmpRaw, Value, name_of
from fleet.counter import CounterName
from fleet.reading import Kind, Reading
from mibs.catalogue import Vendor, load
from tests.device_fields import FIELDS, NOW, Field, Tells, counter, levels

PROTOCOLS = {"snmp": "SNMP", "ipp": "IPP", "escl": "eSCL", "pjlink": "PJLink", "mdns": "DNS-SD"}


def read(raw: Raw) -> Reading:
    return normaliser(raw.protocol)(raw, load())


def standards() -> Iterator[str]:
    """One row per field: what each protocol calls it. Proved cell by cell, the empty ones by everything at once."""
    yield f"| | {' | '.join(PROTOCOLS.values())} |"
    yield f"| --- |{' --- |' * len(PROTOCOLS)}"
    for field in FIELDS:
        for protocol, place in field.places.items():
            assert field.tells(read(place.raw)), f"{field.label}: not read from {protocol}: {place.words}"
        for protocol in PROTOCOLS.keys() - field.places.keys():
            assert not field.tells(read(_everything(protocol))), f"{field.label}: comes over {protocol} and is not told"
        yield f"| {field.label} | {' | '.join(_words(field, protocol) for protocol in PROTOCOLS)} |"


def _words(field: Field, protocol: str) -> str:
    return field.places[protocol].words if protocol in field.places else "-"


def _everything(protocol: str) -> Raw:
    """A device that says over one protocol all that any field is read from."""
    raws = [field.places[protocol].raw for field in FIELDS if protocol in field.places]
    values, attributes, replies = dict[Name, Value](), dict[str, tuple[IppValue, ...]](), dict[str, str]()
    for raw in raws:
        match raw:
            case SnmpRaw():
                values |= raw.values
            case IppRaw():
                attributes |= raw.attributes
            case PjlinkRaw():
                replies |= raw.replies
    joined = {
        "snmp": SnmpRaw(taken_at=NOW, values=values),
        "ipp": IppRaw(taken_at=NOW, attributes=attributes),
        "pjlink": PjlinkRaw(taken_at=NOW, replies=replies),
    }
    return joined.get(protocol, raws[0])


# The makers' own


BROTHER_LEVELS, BROTHER_COUNTS = (
    bytes.fromhex(f"6f0104{4200:08x}410104{9000:08x}ff"),
    b"".join(bytes((tag, 1, 4)) + (100 + tag).to_bytes(4, "big") for tag in (0, 1, 2, 6)) + b"\xff",
)
QUIRK_TABLES: Mapping[str, Mapping[Name, Value]] = {
    "brother": {(*BROTHER, 8, 0): BROTHER_LEVELS, (*BROTHER, 10, 0): BROTHER_COUNTS},
    "ricoh_counters": {
        (*RICOH_COUNTERS, column, row): value
        for row, kind in enumerate((10, 200, 201, 202, 203, 300, 400, 401, 402, 403, 870, 871), 1)
        for column, value in ((2, kind), (9, 100 + row))
    },
    "ricoh_toner": {(*RICOH_TONER, 3, 1): b"Black Toner", (*RICOH_TONER, 5, 1): 40},
}
"""What a device fills that a quirk reads. A new quirk needs its own here."""


def own(vendor: Vendor) -> Reading:
    """What a device of this maker tells that fills every object of the maker's own, and none of the standards'."""
    texts: dict[Name, Value] = {n: b"X1234567" for names in vendor.oids.values() for n in names}
    texts |= dict.fromkeys(vendor.oids.get("device_id", ()), b"MFG:Acme;MDL:Laser 5;SN:X1234567;")
    numbers: dict[Name, Value] = dict.fromkeys(vendor.oids.get("lamp_hours", ()), 1234)
    numbers |= {n: 100 for names in vendor.counters.values() for n in names}
    for table in vendor.labelled:
        labels = (label for sums in table.counters.values() for label in sums[0])
        for row, label in enumerate(labels, 1):
            numbers |= {(*table.labels, row): label.encode(), (*table.values, row): 100}
    for quirk in vendor.quirks:
        assert quirk in QUIRK_TABLES, f"quirk {quirk}: say in tests/devices_table.py what a device fills for it"
        texts |= QUIRK_TABLES[quirk]
    number: dict[Name, Value] = {}
    if vendor.enterprises:
        number = {name_of("1.3.6.1.2.1.1.2.0"): (1, 3, 6, 1, 4, 1, vendor.enterprises[0], 1)}
    return read(SnmpRaw(taken_at=NOW, values={**texts, **numbers, **number}))


COLUMNS: Mapping[str, Tells] = {
    "model": lambda reading: reading.identity.model,
    "serial": lambda reading: reading.identity.serial,
    "firmware": lambda reading: reading.firmware,
    "panel": lambda reading: reading.display,
    "pages": counter(CounterName.TOTAL),
    "black / colour": lambda r: counter(CounterName.MONO)(r) or counter(CounterName.COLOR)(r),
    "print": counter(CounterName.PRINT_TOTAL),
    "copy": counter(CounterName.COPY_TOTAL),
    "fax": counter(CounterName.FAX_TOTAL),
    "scan": counter(CounterName.SCAN_TOTAL),
    "two-sided": counter(CounterName.DUPLEX),
    "levels": levels,
    "lamp": lambda reading: reading.lamp_hours,
}
_FIELD_OF = {
    "model": "Maker and model", "serial": "Serial number", "firmware": "Firmware", "panel": "Panel text",
    "pages": "Pages in all", "black / colour": "Pages in black, in colour", "levels": "Supplies and their levels",
    "lamp": "Lamp hours",
}  # fmt: skip
_LETTERS = {"snmp": "S", "ipp": "I", "escl": "E", "pjlink": "P"}
_PRINTS = {Kind.PRINTER, Kind.MFP, Kind.LABEL_PRINTER}


def makers() -> Iterator[str]:
    """One row per maker: letters for where each field can come from."""
    yield f"| maker | makes | {' | '.join(COLUMNS)} |"
    yield f"| --- | --- |{' --- |' * len(COLUMNS)}"
    for vendor in sorted(load().vendors, key=lambda vendor: vendor.name.lower()):
        kinds = kinds_of(vendor)
        told = own(vendor)
        cells = [_cell(vendor, column, told, kinds) for column in COLUMNS]
        yield f"| {vendor.name} | {', '.join(kind.value for kind in Kind if kind in kinds)} | {' | '.join(cells)} |"


def kinds_of(vendor: Vendor) -> set[Kind]:
    """What its rows name. Who builds machines that copy builds printers too, which need no row."""
    named = {kind for kind, _ in vendor.kinds} | ({vendor.kind} if vendor.kind else set())
    return named | {Kind.PRINTER} if not named or Kind.MFP in named else named


def _cell(vendor: Vendor, column: str, told: Reading, kinds: set[Kind]) -> str:
    tells = COLUMNS[column]
    field = next((field for field in FIELDS if field.label == _FIELD_OF.get(column)), None)
    ways = [_LETTERS[way] for way in (field.places if field else ()) if way in _LETTERS and _spoken(way, kinds, column)]
    return " ".join([*ways, *(["M"] if tells(told) or (column == "firmware" and vendor.firmware_in) else [])]) or "-"


def _spoken(protocol: str, kinds: set[Kind], column: str) -> bool:
    """PJLink is for projectors, eSCL for what scans, Printer-MIB and IPP for what prints; sysDescr is for all."""
    if protocol == "escl":
        return bool(kinds & {Kind.MFP, Kind.SCANNER})
    if protocol == "pjlink":
        return Kind.PROJECTOR in kinds
    return bool(kinds & _PRINTS) or (protocol == "snmp" and column == "model")


TEXT = """\
# What is known of a device, and from where

Made from the rows of `mibs/` and proved by the reader: an entry stands here because a device that says it there was
read so. A device need not say all of it; what it does not say is shown as "not reported", and never guessed. What
yours says: `pagewarden inspect ADDRESS`.

## By the standards
Objects of the Printer-MIB (RFC 3805), the Host Resources MIB (RFC 2790) and MIB-II, attributes of IPP (RFC 8011, PWG
5100), elements of eSCL, commands of PJLink, keys of DNS-SD announcements. A device of any maker that speaks so is read
so. `-`: this protocol never says it; how much was copied, faxed or scanned none of them does.

{standards}

Where several protocols say the same, the best one counts: firmware and location by IPP, lamp hours by PJLink,
everything else by SNMP first.

## By maker
**S** by a standard object of SNMP, **I** by an attribute of IPP, **E** by eSCL, **P** by PJLink, **M** by an object of
the maker's own or the way it writes descriptions (`mibs/vendors/`), `-` never, as far as is known. A model without the
object says nothing there. Makers that are not listed are read by the standards.

{makers}

Something is missing that your device shows on its own page? A row in `mibs/vendors/` is what it takes.
"""


def document() -> str:
    """The whole of docs/devices.md."""
    return TEXT.format(standards="\n".join(standards()), makers="\n".join(makers()))
