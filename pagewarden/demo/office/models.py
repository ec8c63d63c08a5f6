"""What a model of a device is: its supplies and trays, how it reports them, and which protocols it speaks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    PRINTER = "printer"
    MFP = "mfp"
    SCANNER = "scanner"
    PROJECTOR = "projector"
    LABEL = "label-printer"


class Shows(StrEnum):
    """How a supply is reported. Few devices have a gauge."""

    PERCENT = "percent"
    PAGES = "pages"
    TENTHS_ML = "tenths-of-millilitres"
    STEPS = "steps"
    SOME_LEFT = "some-left"
    LOW_ONLY = "low-only"


class Speaks(StrEnum):
    SNMP_V1 = "snmp-v1"
    SNMP_V2C = "snmp-v2c"
    SNMP_V3 = "snmp-v3"
    IPP = "ipp"
    IPPS = "ipps"
    ESCL = "escl"
    PJLINK = "pjlink"
    MDNS = "mdns"


class Wears(StrEnum):
    """What uses a supply up."""

    MONO = "black dots"
    COLOR = "colour dots"
    PAGES = "every page"
    WASTE = "what misses the paper"
    HOURS = "hours of light"


TONER, WASTE_TONER, INK, INK_CARTRIDGE, RIBBON, WASTE_INK, DRUM, FUSER, TRANSFER = 3, 4, 5, 6, 7, 8, 9, 15, 20
"""prtMarkerSuppliesType (RFC 3805)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyModel:
    """One slot. `lasts` is its rated life in pages (hours for lamps and filters)."""

    type: int
    name: str
    part: str
    lasts: float
    color: str | None = None
    shows: Shows = Shows.PERCENT
    step: int = 10
    wears: Wears = Wears.PAGES

    @property
    def title(self) -> str:
        """Its name without part and serial number."""
        return self.name.partition(",")[0]

    @property
    def filled(self) -> bool:
        """A receptacle: it fills up instead of running dry."""
        return self.wears is Wears.WASTE


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayModel:
    name: str
    sheets: int
    media: str = "iso_a4_210x297mm"
    by_hand: bool = False
    """A bypass: empty is its normal state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One row of the catalogue. `busy` is pages per busy hour; `oui` the maker's part of the MAC address."""

    maker: str
    name: str
    kind: Kind
    sys_descr: str
    sys_object_id: str
    oui: str
    serial: str
    firmware: str
    speaks: frozenset[Speaks]
    supplies: tuple[SupplyModel, ...] = ()
    trays: tuple[TrayModel, ...] = ()
    color: bool = False
    duplex: bool = True
    busy: float = 40.0
    supply_form: str = "supply"
    pjlink_class: int = 0
    sleep_text: str = "Sleep mode on"
    ready_text: str = "Ready"

    @property
    def prints(self) -> bool:
        return self.kind in (Kind.PRINTER, Kind.MFP, Kind.LABEL)

    @property
    def scans(self) -> bool:
        return self.kind in (Kind.MFP, Kind.SCANNER)

    @property
    def label(self) -> str:
        return f"{self.maker} {self.name}"
