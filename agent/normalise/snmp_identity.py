"""Who an SNMP device is: maker, model, serial number, addresses, kind."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.normalise.device_id import fields_of
from agent.normalise.snmp_answers import HR_DEVICE, PRT, SYSTEM, Answers
from agent.snmp.raw import Name
from fleet.identity import Identity, valid_mac
from fleet.reading import Kind
from mibs.catalogue import Catalogue, Vendor
from mibs.match import enterprise_of, firmware_in, kind_of, maker_in, match_text, model_in, vendor_in, vendor_of_names

IF_ADDRESS: Name = (1, 3, 6, 1, 2, 1, 2, 2, 1, 6)
ENGINE_ID: Name = (1, 3, 6, 1, 6, 3, 10, 2, 1, 1, 0)
PWG_DEVICE_ID: Name = (1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 2, 1, 1, 3)
DEVICE_ID_LIMIT = 1024
_NO_MODELS = re.compile(
    r"ethernet multi-environment\s*\Z|print ?server|printing system|built-in|network (?:printer )?board|interface card"
    r"|embedded|\bnetwork (?:projector|printer)\b|^linux|^wired$|printer board",
    re.IGNORECASE,
)
"""Texts that name a network card or nothing, not a model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """What the texts of a device say of it. `described` has the most telling first."""

    described: tuple[str, ...]
    device_id: dict[str, str]
    vendor: Vendor | None


def who(answers: Answers, catalogue: Catalogue) -> Who:
    object_id = answers.values.get((*SYSTEM, 2, 0))
    by_number = catalogue.vendor_of_enterprise(enterprise_of(object_id if isinstance(object_id, tuple) else None))
    by_number = by_number or vendor_of_names(catalogue, answers.values)
    described, device_id = _described(answers), _device_id(answers, by_number)
    texts = (*described, device_id.get("maker"), device_id.get("description"))
    return Who(described=described, device_id=device_id, vendor=_vendor(catalogue, texts, by_number))


def _described(answers: Answers) -> tuple[str, ...]:
    printers = [text for index, text in answers.texts((*HR_DEVICE, 3)) if index in answers.printers]
    system = answers.text((*SYSTEM, 1, 0), limit=DEVICE_ID_LIMIT)
    names = [text for _, text in answers.texts((*PRT, 5, 1, 1, 16))]
    return tuple(filter(None, (*printers, system, *names)))


def _device_id(answers: Answers, vendor: Vendor | None) -> dict[str, str]:
    """The IEEE 1284 id, from the standard object, the maker's, or hrDeviceID, where some put it as text."""
    standard = tuple((*PWG_DEVICE_ID, *index) for index, _ in answers.under(PWG_DEVICE_ID))
    own = vendor.oids.get("device_id", ()) if vendor else ()
    astray = tuple((*HR_DEVICE, 4, *index) for index in sorted(answers.printers))
    for name in (*standard, *own, *astray):
        if found := fields_of(answers.text(name, limit=DEVICE_ID_LIMIT)):
            return found
    return {}


def _vendor(catalogue: Catalogue, texts: tuple[str | None, ...], by_number: Vendor | None) -> Vendor | None:
    """A maker that a text begins with counts more than the network card's object id, which may be another's."""
    for text in filter(None, texts):
        named = vendor_in(catalogue, text)
        if named and (by_number is None or _begins(text, named)):
            return named
    return by_number


def _begins(text: str, vendor: Vendor) -> bool:
    return re.match(rf"\W*(?:{'|'.join(map(re.escape, vendor.words))})\b", text, re.IGNORECASE) is not None


def text_of(answers: Answers, vendor: Vendor | None, what: str) -> str | None:
    """The first readable text among the maker's own objects for `what`."""
    return answers.text(*(vendor.oids.get(what, ()) if vendor else ()))


def identity(answers: Answers, seen: Who) -> Identity:
    engine = answers.values.get(ENGINE_ID)
    return Identity(
        maker=_maker(seen),
        model=_model(answers, seen),
        serial=_serial(answers, seen),
        macs=_macs(answers),
        engine_id=engine.hex() if isinstance(engine, bytes) and 5 <= len(engine) <= 32 else None,
        hostname=answers.text((*SYSTEM, 5, 0)) or text_of(answers, seen.vendor, "hostname"),
    )


def _maker(seen: Who) -> str | None:
    if seen.vendor is None:
        return seen.device_id.get("maker")
    names = (maker_in(text, seen.vendor) for text in (*seen.described, seen.device_id.get("maker")))
    return next((name for name in names if name != seen.vendor.name), seen.vendor.name)


def _model(answers: Answers, seen: Who) -> str | None:
    first, rest = seen.described[:1], seen.described[1:]
    own = text_of(answers, seen.vendor, "model")
    for text in (*first, own, seen.device_id.get("model"), seen.device_id.get("description"), *rest):
        if not text:
            continue
        model = model_in(text, seen.vendor)
        if model and re.search(r"\d", model) and not _NO_MODELS.search(model):
            return model
    return None


def _serial(answers: Answers, seen: Who) -> str | None:
    general = tuple((*PRT, 5, 1, 1, 17, *index) for index, _ in answers.under((*PRT, 5, 1, 1, 17)))
    own = seen.vendor.oids.get("serial", ()) if seen.vendor else ()
    told = (*(answers.text(name) for name in (*general, *own)), seen.device_id.get("serial"))
    return next(filter(_is_serial, (*told, *map(_serial_in, seen.described))), None)


def _is_serial(text: str | None) -> bool:
    """Not "N/A", "0" or "XXXXXXXX", which devices without a serial number give."""
    characters = [c for c in text or "" if c.isalnum()]
    return len(characters) >= 4 and len(set(characters)) > 1 and any(c.isdigit() for c in characters)


def _serial_in(text: str) -> str | None:
    found = re.search(r"\b(?:S/N|SN|Serial(?: Number)?)[\s:]+([A-Z0-9]{6,20})\b", text, re.IGNORECASE)
    return found[1] if found else None


def _macs(answers: Answers) -> tuple[str, ...]:
    octets = (v for _, v in answers.under(IF_ADDRESS) if isinstance(v, bytes) and len(v) == 6)
    macs = (":".join(f"{octet:02x}" for octet in address) for address in octets)
    return tuple(dict.fromkeys(mac for mac in macs if valid_mac(mac)))[:8]


def firmware(answers: Answers, seen: Who) -> str | None:
    own = text_of(answers, seen.vendor, "firmware")
    return own or next((found for text in seen.described if (found := firmware_in(text, seen.vendor))), None)


def kind(answers: Answers, seen: Who, catalogue: Catalogue, model: str | None) -> Kind | None:
    """By model series and words; a device that speaks the Printer-MIB prints, whatever it is called."""
    for text in (model, *seen.described, seen.device_id.get("model")):
        if text and (told := kind_of(catalogue, text, seen.vendor)):
            return told
    if answers.table((*PRT, 5, 1, 1)) or answers.of_printers((*HR_DEVICE, 5)) or answers.table((*PRT, 11, 1, 1)):
        return Kind.PRINTER
    matched = match_text(catalogue, seen.described[0]) if seen.described else None
    if matched:
        return matched.kind
    return Kind.PRINTER if seen.device_id.get("class", "").upper() == "PRINTER" else None
