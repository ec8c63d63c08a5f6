"""eSCL documents (Mopria eSCL 2.97): what of ScannerCapabilities and ScannerStatus is kept."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from agent.probes.probe import Raw
from fleet.errors import Garbled
from fleet.kit.text import clean, clean_or_none

LARGEST = 256 * 1024
SCAN = "{http://schemas.hp.com/imaging/escl/2011/05/03}"
PWG = "{http://www.pwg.org/schemas/2010/12/sm}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    version: str | None = None
    make_and_model: str | None = None
    maker: str | None = None
    serial: str | None = None
    uuid: str | None = None
    platen: bool = False
    feeder: bool = False
    duplex: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The scanner's words: `state` is Idle, Processing, Testing, Stopped or Down, `feeder` ScannerAdfJam and so on."""

    state: str | None = None
    feeder: str | None = None
    busy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EsclRaw(Raw):
    protocol: str = "escl"
    capabilities: Capabilities | None = None
    status: Status | None = None
    fingerprint: str | None = None


def capabilities(body: bytes) -> Capabilities:
    """The ScannerCapabilities in `body`; Garbled when it is none."""
    root = _document(body, "ScannerCapabilities")
    feeder = _child(root, "Adf")
    return Capabilities(
        version=_text(root, "Version"),
        make_and_model=_text(root, "MakeAndModel") or _text(root, "ModelName"),
        maker=_text(root, "Manufacturer"),
        serial=_text(root, "SerialNumber"),
        uuid=_text(root, "UUID"),
        platen=_child(root, "Platen") is not None,
        feeder=feeder is not None,
        duplex=feeder is not None and _child(feeder, "AdfDuplexInputCaps") is not None,
    )


def status(body: bytes) -> Status:
    """The ScannerStatus in `body`; Garbled when it is none."""
    root = _document(body, "ScannerStatus")
    return Status(state=_text(root, "State"), feeder=_text(root, "AdfState"))


def _document(body: bytes, name: str) -> Element:
    """The root element. Entities and document types are refused: no scanner needs them."""
    if len(body) > LARGEST:
        raise Garbled(f"eSCL: {name} of {len(body):,} bytes; at most {LARGEST:,} are read")
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise Garbled(f"eSCL: {name} is not proper XML: {clean(str(error), 120)}") from error
    if root.tag not in (SCAN + name, PWG + name):
        raise Garbled(f"eSCL: {name} expected, not {clean(root.tag, 80)}")
    return root


def _child(parent: Element, name: str) -> Element | None:
    """Found by namespace, not by prefix; makers disagree in which of the two a name lives."""
    for space in (SCAN, PWG):
        if (found := parent.find(space + name)) is not None:
            return found
    return None


def _text(parent: Element, name: str) -> str | None:
    found = _child(parent, name)
    return clean_or_none(found.text) if found is not None else None
