"""One device as a record of plain values, from a live answer or from a capture file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent import announced, escl, pjlink
from agent.capture import pack
from agent.ipp.codec import parse
from agent.ipp.message import GroupTag
from agent.ipp.raw import IppRaw
from agent.normalise import normalise_all
from agent.normalise.snmp_faults import PANEL
from agent.probes.probe import Raw
from agent.snmp import snmprec
from fleet.counter import CounterName
from fleet.errors import Garbled, SettingsError
from fleet.fault import Activity, Fault
from fleet.kit.text import clean_or_none
from fleet.reading import Reading, Round, Tray
from fleet.supply import Empty, Level, SomeLeft, SupplyReading, Unknown, level_percent
from mibs.catalogue import Catalogue

LARGEST_CAPTURE = 32 * 1024 * 1024
LARGEST_TRANSCRIPT = 65_536
CUT = "the last line has no end, as if cut off; left out"


def record(reading: Reading, name: str | None = None) -> dict[str, Any]:
    """The reading as one flat object with fixed fields; None where the device does not say."""
    identity = reading.identity
    return {
        "name": name,
        "kind": reading.kind,
        "manufacturer": identity.maker,
        "model": identity.model,
        "serial": identity.serial,
        "firmware": reading.firmware,
        "hostname": identity.hostname,
        "location": reading.location,
        "mac": next(iter(identity.macs), None),
        "status": reading.health,
        "state": _state(reading),
        "conditions": None if reading.conditions is None else list(reading.conditions),
        "counters": _counters(reading),
        "counter_unit": next((c.unit.value for c in reading.counters or () if c.name is CounterName.TOTAL), None),
        "supplies": [_supply(supply) for supply in reading.supplies or ()],
        "trays": [_tray(tray) for tray in reading.trays or ()],
        "alerts": [_alert(fault) for fault in reading.faults or () if is_alert(fault)],
        "lamp_hours": max(reading.lamp_hours) if reading.lamp_hours else None,
        "display": reading.display,
    }


def is_alert(fault: Fault) -> bool:
    """Whether the device wrote this into its alert table. Others are the same trouble, told as a state, a bit, or on
    the panel."""
    written = fault.index is not None or fault.group is not None or fault.text is not None
    return written and fault.code != PANEL


def _state(reading: Reading) -> str | None:
    """The record knows no sleep: over IPP a sleeper is idle, over SNMP its state is "other" (RFC 2790)."""
    if reading.activity is Activity.ASLEEP:
        return Activity.IDLE if reading.sources.get("activity") == "ipp" else Activity.OTHER
    return reading.activity


def _counters(reading: Reading) -> dict[str, int | None]:
    always = dict.fromkeys((CounterName.TOTAL.value, CounterName.MONO.value, CounterName.COLOR.value))
    return {**always, **{counter.name.value: counter.value for counter in reading.counters or ()}}


def _supply(supply: SupplyReading) -> dict[str, Any]:
    percent = level_percent(supply.level)
    return {
        "index": supply.index,
        "type": supply.type,
        "color": supply.color,
        "description": supply.description,
        "level_pct": None if percent is None else round(percent),
        "level_state": level_state(supply.level),
        "max": supply.raw_max if supply.raw_max is not None and supply.raw_max > 0 else None,
        "unit": supply.unit,
        "part_number": supply.part_number,
    }


def level_state(level: Level) -> str:
    match level:
        case Empty():
            return "empty"
        case SomeLeft():
            return "some-remaining"
        case Unknown():
            return "unknown"
        case _:
            return "ok"


def _tray(tray: Tray) -> dict[str, Any]:
    return {
        "index": tray.index,
        "name": tray.name,
        "level": tray.level,
        "max": tray.max,
        "state": tray.state,
        "media": tray.media,
    }


def _alert(fault: Fault) -> dict[str, Any]:
    return {
        "severity": fault.severity,
        "group": fault.group,
        "code": fault.code,
        "description": fault.text,
        "index": fault.index,
    }


# Captures


def read_capture(path: Path) -> list[Raw]:
    """The answers recorded in a file; its suffix says of which protocol. Reads at most 32 MiB."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise SettingsError(f"{path}: unknown kind of capture; known are {', '.join(SUFFIXES)}")
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_CAPTURE + 1)
        taken_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > LARGEST_CAPTURE:
        raise SettingsError(f"{path}: larger than {LARGEST_CAPTURE:,} bytes, which no capture is")
    try:
        return _packed(data, taken_at) if suffix == pack.SUFFIX else [READERS[suffix](data, taken_at)]
    except Garbled as error:
        raise Garbled(f"{path}: {error}") from error


def _packed(data: bytes, taken_at: datetime) -> list[Raw]:
    """The answers of a recording over several protocols. One that cannot be read is told of; the others count."""
    raws, wrong = raws_of(pack.read(data), taken_at)
    if not raws:
        raise Garbled("; ".join(wrong))
    return [replace(raws[0], partial=(*raws[0].partial, *wrong)), *raws[1:]] if wrong else raws


def raws_of(parts: Mapping[str, bytes], taken_at: datetime) -> tuple[list[Raw], list[str]]:
    """The answers in the parts of a recording, and what is wrong with those that cannot be read."""
    raws, wrong = list[Raw](), list[str]()
    for name, body in parts.items():
        try:
            raws.append(READERS[Path(name).suffix](body, taken_at))
        except Garbled as error:
            wrong.append(f"{name}: {error}")
    return _one_scanner(raws), wrong


def inspect_capture(path: Path, catalogue: Catalogue) -> Reading:
    return reading_of(read_capture(path), catalogue, path.stem)


def reading_of(raws: Sequence[Raw], catalogue: Catalogue, key: str) -> Reading:
    """The reading that recorded answers amount to."""
    reading = normalise_all(
        raws, catalogue=catalogue, key=key, address="", round_=Round.FULL, taken_at=raws[0].taken_at
    )
    # When a file was written does not say when the device was asked, so an up-time tells no boot.
    return replace(reading, boot_at=None)


def _one_scanner(raws: list[Raw]) -> list[Raw]:
    """eSCL answers in two documents, which are one answer."""
    found = [raw for raw in raws if isinstance(raw, escl.EsclRaw)]
    if len(found) < 2:
        return raws
    about = next((raw.capabilities for raw in found if raw.capabilities), None)
    status = next((raw.status for raw in found if raw.status), None)
    joined = replace(found[0], capabilities=about, status=status)
    return [*(raw for raw in raws if not isinstance(raw, escl.EsclRaw)), joined]


def _ipp(data: bytes, taken_at: datetime) -> Raw:
    message = parse(data)
    notes = list(message.partial)
    if not message.succeeded:
        said = clean_or_none("; ".join(message.texts()))
        notes.append(f"status 0x{message.code:04x}{f': {said}' if said else ''}")
    elif not message.group(GroupTag.PRINTER):
        notes.append("no printer attributes")
    return IppRaw(
        taken_at=taken_at,
        partial=tuple(f"IPP: {note}" for note in notes),
        attributes=message.group(GroupTag.PRINTER),
        version=message.version,
    )


def _escl(data: bytes, taken_at: datetime) -> Raw:
    if b"ScannerStatus" in data[:1024]:
        return escl.EsclRaw(taken_at=taken_at, status=escl.status(data))
    return escl.EsclRaw(taken_at=taken_at, capabilities=escl.capabilities(data))


def _pjlink(data: bytes, taken_at: datetime) -> Raw:
    lines = data[:LARGEST_TRANSCRIPT].decode("utf-8", "replace").splitlines(keepends=True)
    # Half a number of hours is another number of hours.
    cut = lines and not lines[-1].endswith(("\r", "\n"))
    replies, refused = pjlink.sorted_replies(lines[:-1] if cut else lines)
    if not replies and not refused:
        raise Garbled("not a PJLink transcript: no whole line of the form %1POWR=0")
    return pjlink.PjlinkRaw(
        taken_at=taken_at, replies=replies, refused=refused, partial=(f"PJLink: {CUT}",) if cut else ()
    )


def _mdns(data: bytes, taken_at: datetime) -> Raw:
    return announced.parse(data, taken_at=taken_at)


def _snmp(data: bytes, taken_at: datetime) -> Raw:
    return snmprec.parse(data, taken_at=taken_at)


READERS: Mapping[str, Callable[[bytes, datetime], Raw]] = {
    ".snmprec": _snmp,
    ".ipp": _ipp,
    ".xml": _escl,
    ".json": _mdns,
    ".txt": _pjlink,
}
SUFFIXES = (*READERS, pack.SUFFIX)
