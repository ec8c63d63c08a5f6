"""From IPP attributes (RFC 8011, PWG 5100.13) to a Reading. What an answer leaves out stays None."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from agent.ipp.message import Collection
from agent.ipp.raw import IppRaw
from agent.normalise import parts
from agent.normalise.device_id import fields_of
from agent.normalise.ipp_faults import Speaker, causes_of, conditions_of, faults_of, health_of, reasons_of
from agent.normalise.ipp_supplies import supplies_of, with_words
from agent.normalise.pairs import pairs_of, whole_number
from agent.normalise.supplies import level_of
from fleet.counter import Counter, CounterName, CounterUnit
from fleet.fault import Activity
from fleet.identity import Identity, valid_mac
from fleet.kit.text import clean_or_none
from fleet.reading import Kind, Reading, Tray, TrayState
from fleet.supply import Empty, SomeLeft, SupplyReading, SupplyType, Unknown
from mibs.catalogue import Catalogue, Vendor
from mibs.match import kind_of, model_in, vendor_in

_ACTIVITY = {3: Activity.IDLE, 4: Activity.PRINTING, 5: Activity.STOPPED}
ASLEEP = "power-saving"
MOST_TRAYS = 32
OLDEST_BOOT = timedelta(days=20 * 365)
_NOT_FIRMWARE = frozenset({"ipp", "urf", "airprint", "network", "mopria", "ippeveprinter"})


def normalise(raw: IppRaw, catalogue: Catalogue) -> Reading:
    """What the printer attributes of one device say."""
    device_id = fields_of(raw.text("printer-device-id"))
    vendor = _vendor(raw, device_id, catalogue)
    state, reasons = raw.number("printer-state"), reasons_of(raw)
    causes = causes_of(reasons or (), catalogue)
    health = health_of(state, reasons, catalogue)
    identity = _identity(raw, device_id, vendor)
    supplies = supplies_of(raw, parts.reader(catalogue, vendor, identity.model))
    values: dict[str, object] = {
        "kind": _kind(raw, vendor, catalogue),
        "firmware": _firmware(raw),
        "location": clean_or_none(raw.text("printer-location")),
        "health": health,
        "activity": _activity(state, causes),
        "conditions": conditions_of(reasons, catalogue),
        "counters": _counters(raw),
        "supplies": with_words(supplies, causes) if supplies else supplies,
        "trays": _trays(raw),
        "faults": faults_of(raw, reasons, health, catalogue, _speaker(vendor, supplies)),
        "boot_at": _boot(raw),
    }
    values = {name: value for name, value in values.items() if value is not None}
    return Reading(
        key="",
        taken_at=raw.taken_at,
        reachable=True,
        identity=identity,
        sources=dict.fromkeys(values, "ipp"),
        partial=raw.partial,
        **values,  # type: ignore[arg-type]
    )


def _speaker(vendor: Vendor | None, supplies: tuple[SupplyReading, ...] | None) -> Speaker:
    types = {supply.type for supply in supplies or ()}
    ink = SupplyType.INK in types and SupplyType.TONER not in types
    return Speaker(vendor=vendor.key if vendor else None, ink=ink)


# Who it is


def _vendor(raw: IppRaw, device_id: Mapping[str, str], catalogue: Catalogue) -> Vendor | None:
    texts = (device_id.get("maker"), raw.text("printer-make-and-model"), raw.text("printer-dns-sd-name"))
    named = (vendor_in(catalogue, text) for text in texts if text)
    return next((vendor for vendor in named if vendor), None)


def _identity(raw: IppRaw, device_id: Mapping[str, str], vendor: Vendor | None) -> Identity:
    uuid = uuid_in(raw.text("printer-uuid", "device-uuid"))
    described = (raw.text("printer-make-and-model"), device_id.get("model"), device_id.get("description"))
    models = (model_in(text, vendor) for text in described if text)
    maker = vendor.name if vendor else clean_or_none(device_id.get("maker"))
    return Identity(
        maker=maker,
        model=_without(maker, next((model for model in models if model), None)),
        serial=clean_or_none(raw.text("printer-serial-number")) or _serial(device_id.get("serial"), vendor),
        uuid=uuid,
        macs=mac_in(uuid),
    )


def _without(maker: str | None, model: str | None) -> str | None:
    """The model without its maker in front, also for makers the catalogue does not know."""
    if maker and model and model.lower().startswith(f"{maker.lower()} "):
        return model[len(maker) :].strip()
    return model


def uuid_in(text: str | None) -> str | None:
    """A UUID in its usual form, from ``urn:uuid:...`` or bare."""
    try:
        return str(UUID((text or "").strip().lower().removeprefix("urn:uuid:")))
    except ValueError:
        return None


def mac_in(uuid: str | None) -> tuple[str, ...]:
    """The network card a UUID of version 1 was made from (RFC 9562 section 5.1): its last six octets."""
    if uuid is None or UUID(uuid).version != 1:
        return ()
    node = uuid[-12:]
    mac = ":".join(node[place : place + 2] for place in range(0, 12, 2))
    return (mac,) if valid_mac(mac) else ()


def _serial(text: str | None, vendor: Vendor | None) -> str | None:
    """The serial number of a device id. Epson writes its characters in hex; SNMP gives them as they are."""
    if vendor and vendor.key == "epson" and text and re.fullmatch(r"(?:[0-9A-Fa-f]{2}){5,32}", text):
        plain = bytes.fromhex(text).decode("latin-1")
        if plain.isascii() and plain.isalnum():
            return plain
    return clean_or_none(text)


def _kind(raw: IppRaw, vendor: Vendor | None, catalogue: Catalogue) -> Kind | None:
    device_id = raw.text("printer-device-id") or ""
    made = raw.text("printer-make-and-model")
    if re.search(r"(?:^|;)\s*MCT:\s*MF\b", device_id) or re.search(r"(?i)mfp\b", made or ""):
        return Kind.MFP
    for text in (made, fields_of(device_id).get("model"), fields_of(device_id).get("description")):
        if text and (told := kind_of(catalogue, text, vendor)):
            return told
    return Kind.PRINTER if made or device_id else None


def _firmware(raw: IppRaw) -> str | None:
    """The version of the firmware itself, not of the protocols that stand beside it in the list."""
    versions, names = raw.texts("printer-firmware-string-version"), raw.texts("printer-firmware-name")
    for place, version in enumerate(versions):
        name = names[place].strip().lower() if len(names) == len(versions) else ""
        if name not in _NOT_FIRMWARE and (text := clean_or_none(version)):
            return text
    return None


# How it is


def _activity(state: int | None, causes: frozenset[str]) -> Activity | None:
    """printer-state; a printer that is idle and says standby, suspend or hibernate sleeps (PWG 5100.9)."""
    if state == 3 and ASLEEP in causes:
        return Activity.ASLEEP
    return _ACTIVITY.get(state) if state is not None else None


def _counters(raw: IppRaw) -> tuple[Counter, ...] | None:
    """Lifetime counts (PWG 5100.22), in impressions, or in sheets where only these are counted."""
    found: dict[CounterName, Counter] = {}
    for what, unit in (("impressions", CounterUnit.IMPRESSIONS), ("media-sheets", CounterUnit.SHEETS)):
        total = raw.number(f"printer-{what}-completed")
        if total is None or total < 0 or found:
            continue
        found[CounterName.TOTAL] = Counter(name=CounterName.TOTAL, value=total, unit=unit)
        for split in raw.attributes.get(f"printer-{what}-completed-col", ())[:1]:
            if isinstance(split, Collection):
                found |= _split(split, unit)
    return tuple(found.values()) or None


def _split(split: Collection, unit: CounterUnit) -> dict[CounterName, Counter]:
    names = {"monochrome": CounterName.MONO, "full-color": CounterName.COLOR}
    values = {name: next(iter(split.members.get(member, ())), None) for member, name in names.items()}
    return {
        name: Counter(name=name, value=value, unit=unit)
        for name, value in values.items()
        if type(value) is int and value >= 0
    }


def _boot(raw: IppRaw) -> datetime | None:
    """When the printer started. Servers on computers give the time of day instead of an up-time: no boot from that."""
    seconds = raw.number("printer-up-time")
    if seconds is None or seconds <= 0 or timedelta(seconds=seconds) > OLDEST_BOOT:
        return None
    return (raw.taken_at - timedelta(seconds=seconds)).replace(second=0, microsecond=0)


# What is in it


def _trays(raw: IppRaw) -> tuple[Tray, ...] | None:
    rows = [pairs_of(text) for text in raw.texts("printer-input-tray")[:MOST_TRAYS]]
    rows = [row for row in rows if row]
    return tuple(_tray(place, row) for place, row in enumerate(rows, 1)) if rows else None


def _tray(place: int, row: Mapping[str, str]) -> Tray:
    """-1, -2 and -3 as in prtInputCurrentLevel (RFC 3805): they are no numbers of sheets."""
    level, capacity = whole_number(row.get("level")), whole_number(row.get("maxcapacity"))
    known = level_of(level, capacity, None)
    match known:
        case Empty():
            state = TrayState.EMPTY
        case SomeLeft():
            state = TrayState.SOME_REMAINING
        case Unknown() if level is None or level <= 0:
            state = TrayState.EMPTY if level == 0 else TrayState.UNKNOWN
        case _:
            state = TrayState.OK
    return Tray(
        index=str(place),
        state=state,
        name=clean_or_none(row.get("name")),
        level=level if level is not None and level >= 0 else None,
        max=capacity if capacity is not None and capacity > 0 else None,
        media=clean_or_none(row.get("medianame")),
    )
