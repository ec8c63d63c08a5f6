"""From DNS-SD announcements (Bonjour Printing 1.2.1, eSCL) to a Reading: who and what, and nothing of how it is."""

from __future__ import annotations

import re

from agent.announced import MdnsRaw
from agent.normalise.ipp import mac_in, uuid_in
from fleet.identity import Identity, valid_mac
from fleet.kit.text import clean_or_none
from fleet.reading import Kind, Reading
from mibs.catalogue import Catalogue
from mibs.match import kind_of, model_in, vendor_in

PRINTING = frozenset({"_ipp._tcp", "_ipps._tcp", "_ipp-tls._tcp", "_printer._tcp", "_pdl-datastream._tcp"})
SCANNING = frozenset({"_uscan._tcp", "_uscans._tcp", "_scanner._tcp"})
_LANGUAGE_TAG = re.compile(r"\[[a-z]{2}\]")


def normalise(raw: MdnsRaw, catalogue: Catalogue) -> Reading:
    """What a device announces of itself: a hint, to be confirmed by the device."""
    names = [_LANGUAGE_TAG.sub("", text).strip("() ") for text in raw.texts("usb_mdl", "mdl", "ty", "product")]
    values: dict[str, object] = {
        "kind": _kind(raw, names, catalogue),
        "location": clean_or_none(next(iter(raw.texts("note")), None)),
    }
    values = {name: value for name, value in values.items() if value is not None}
    return Reading(
        key="",
        taken_at=raw.taken_at,
        reachable=True,
        identity=_identity(raw, names, catalogue),
        sources=dict.fromkeys(values, "mdns"),
        partial=raw.partial,
        **values,  # type: ignore[arg-type]
    )


def _identity(raw: MdnsRaw, names: list[str], catalogue: Catalogue) -> Identity:
    makers = [*raw.texts("usb_mfg", "mfg"), *names, *(service.instance for service in raw.services)]
    vendor = next((named for text in makers if (named := vendor_in(catalogue, text))), None)
    models = (model_in(text, vendor) for text in names)
    uuid = next((found for text in raw.texts("uuid") if (found := uuid_in(text))), None)
    told = tuple(mac for text in raw.texts("mac") if valid_mac(mac := text.lower().replace("-", ":")))
    return Identity(
        maker=vendor.name if vendor else next(iter(raw.texts("usb_mfg", "mfg")), None),
        model=next((model for model in models if model), None),
        serial=clean_or_none(next(iter(raw.texts("usb_ser")), None)),
        uuid=uuid,
        macs=tuple(dict.fromkeys((*told, *mac_in(uuid)))),
        hostname=next((service.host for service in raw.services if service.host), None),
    )


def _kind(raw: MdnsRaw, names: list[str], catalogue: Catalogue) -> Kind | None:
    """By the services first: what prints and scans is an MFP whatever its name says."""
    types = {service.type for service in raw.services}
    if "_pjlink._tcp" in types:
        return Kind.PROJECTOR
    scans = bool(types & SCANNING) or "T" in (text.upper() for text in raw.texts("scan", "fax"))
    told = next((kind for text in names if (kind := kind_of(catalogue, text, vendor_in(catalogue, text)))), None)
    if types & PRINTING:
        return Kind.MFP if scans else told or Kind.PRINTER
    if scans:
        flatbed = any("platen" in text for text in raw.texts("is")) or "T" in raw.texts("flatbed")
        return told if told in (Kind.MFP, Kind.SCANNER) else Kind.MFP if flatbed else Kind.SCANNER
    return told
