"""From SNMP answers to a Reading: Printer-MIB (RFC 3805), HOST-RESOURCES-MIB (RFC 2790), and the vendor's own rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from agent.normalise import vocabulary
from agent.normalise.charset import decode
from agent.normalise.device_id import fields_of
from agent.normalise.quirks import QUIRKS
from agent.normalise.supplies import SUPPLY_TYPES, UNITS, level_of
from agent.snmp.raw import Name, SnmpRaw, Value
from fleet.counter import Counter, CounterName, CounterUnit
from fleet.fault import Activity, Actor, Condition, Fault, Health, Severity
from fleet.identity import Identity, valid_mac
from fleet.kit.text import CONSOLE_LIMIT, clean
from fleet.reading import Kind, Reading, Round, Tray, TrayState
from fleet.supply import Direction, SupplyReading, SupplyType
from mibs.catalogue import UNRECOGNISED, Catalogue, Vendor
from mibs.match import enterprise_of, kind_of, match_text, model_in, vendor_in

SYSTEM: Name = (1, 3, 6, 1, 2, 1, 1)
PRT: Name = (1, 3, 6, 1, 2, 1, 43)
HR_DEVICE: Name = (1, 3, 6, 1, 2, 1, 25, 3, 2, 1)
HR_PRINTER: Name = (1, 3, 6, 1, 2, 1, 25, 3, 5, 1)
IF_ADDRESS: Name = (1, 3, 6, 1, 2, 1, 2, 2, 1, 6)
ENGINE_ID: Name = (1, 3, 6, 1, 6, 3, 10, 2, 1, 1, 0)
PWG_DEVICE_ID: Name = (1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 2, 1, 1, 3)

_HEALTH = {2: Health.OK, 3: Health.WARNING, 4: Health.WARNING, 5: Health.ERROR}
_ACTIVITY = {1: Activity.OTHER, 3: Activity.IDLE, 4: Activity.PRINTING, 5: Activity.WARMUP}
_SEVERITY = {1: Severity.OTHER, 3: Severity.CRITICAL, 4: Severity.WARNING, 5: Severity.WARNING}
_ACTORS = {3: Actor.USER, 4: Actor.KEY_OPERATOR, 5: Actor.TECHNICIAN, 6: Actor.MANAGEMENT, 7: Actor.NOBODY}
_UNITS = {
    7: CounterUnit.IMPRESSIONS,
    8: CounterUnit.SHEETS,
    11: CounterUnit.HOURS,
    16: CounterUnit.FEET,
    17: CounterUnit.METERS,
}
_CONDITIONS = tuple(Condition)
_VENDOR_CODE = re.compile(r"\A(\d{2}-\d{3})\s+|\{(\d+)\}\s*\Z")
_AT_EASE = re.compile(
    r"sleep|energy sav|energiespar|power ?sav|\bready\b|\bbereit\b|\bidle\b|warm|deep|uyku|oczekiwanie|u[sś]pieni"
    r"|请等待|休眠|spar|спящ",
    re.IGNORECASE,
)
_NO_MODELS = re.compile(
    r"ethernet multi|print server|printing system|built-in|network printer board|interface card|embedded"
    r"|^linux|^wired$",
    re.IGNORECASE,
)


class _Answers:
    """The raw values with the look-ups that the tables need."""

    def __init__(self, raw: SnmpRaw) -> None:
        self.values = raw.values
        self.charset = self._charset(raw)

    def _charset(self, raw: SnmpRaw) -> int | None:
        current = next((v for _, v in raw.under((*PRT, 5, 1, 1, 2)) if isinstance(v, int)), None)
        sets = {index[-1]: v for index, v in raw.under((*PRT, 7, 1, 1, 4)) if isinstance(v, int)}
        return sets.get(current) if current is not None else next(iter(sets.values()), None)

    def text(self, *names: Name, limit: int = 255) -> str | None:
        """The first readable text among `names`."""
        for name in names:
            value = self.values.get(name)
            if isinstance(value, bytes) and (text := decode(_pml(value), self.charset, limit)):
                return text
        return None

    def number(self, name: Name) -> int | None:
        value = self.values.get(name)
        return value if isinstance(value, int) else None

    def under(self, root: Name) -> Iterator[tuple[Name, Value]]:
        size = len(root)
        for name in sorted(name for name in self.values if name[:size] == root and len(name) > size):
            yield name[size:], self.values[name]

    def table(self, entry: Name) -> dict[Name, dict[int, Value]]:
        """Rows of a table: index -> column -> value."""
        rows: dict[Name, dict[int, Value]] = {}
        for tail, value in self.under(entry):
            if len(tail) > 1:
                rows.setdefault(tail[1:], {})[tail[0]] = value
        return rows

    def cell(self, row: dict[int, Value], column: int) -> str | None:
        value = row.get(column)
        return decode(value, self.charset) if isinstance(value, bytes) else None


def _pml(value: bytes) -> bytes:
    """HP's PML strings carry their type and length in two bytes in front."""
    return value[2:] if value[:2] == b"\x01\x15" else value


def _int(row: dict[int, Value], column: int) -> int | None:
    value = row.get(column)
    return value if isinstance(value, int) else None


def _index(index: Name) -> str:
    return ".".join(map(str, index))


def normalise(raw: SnmpRaw, catalogue: Catalogue) -> Reading:
    """What the SNMP answers of one device say. Fields it does not speak of stay None."""
    answers = _Answers(raw)
    object_id = answers.values.get((*SYSTEM, 2, 0))
    vendor = catalogue.vendor_of_enterprise(enterprise_of(object_id if isinstance(object_id, tuple) else None))
    full = (*SYSTEM, 1, 0) in raw.values or any(True for _ in answers.under((*PRT, 11)))
    described = _described(answers)
    vendor = _vendor(catalogue, described, vendor)
    values: dict[str, object] = {
        "identity": _identity(answers, vendor, described) if full else Identity(),
        "health": _worst(_HEALTH.get(n) for n in _column(answers, (*HR_DEVICE, 5), _printers(answers))),
        "activity": _activity(answers),
        "conditions": _conditions(answers),
        "counters": _counters(answers, vendor),
        "faults": _faults(answers, catalogue, raw.taken_at),
        "display": _display(answers, vendor),
        "boot_at": _boot(answers, raw.taken_at),
    }
    if full:
        values |= {
            "kind": _kind(catalogue, answers, described, vendor),
            "firmware": _oid_text(answers, vendor, "firmware"),
            "location": answers.text((*SYSTEM, 6, 0)),
            "contact": answers.text((*SYSTEM, 4, 0)),
            "supplies": _supplies(answers),
            "trays": _trays(answers),
            "lamp_hours": _lamp_hours(answers, vendor),
        }
    values = {name: value for name, value in values.items() if value is not None}
    reading = Reading(
        key="",
        taken_at=raw.taken_at,
        reachable=True,
        round=Round.FULL if full else Round.STATUS,
        sources={name: "snmp" for name in values if name != "identity"},
        partial=raw.partial,
        **values,  # type: ignore[arg-type]
    )
    for quirk in vendor.quirks if vendor else ():
        reading = QUIRKS[quirk](raw, reading)
    return reading


# Who it is


def _described(answers: _Answers) -> tuple[str, ...]:
    """What the device says of its maker and model, the most telling first."""
    printers = _printers(answers)
    hr = [
        decode(v, answers.charset) for i, v in answers.under((*HR_DEVICE, 3)) if isinstance(v, bytes) and i in printers
    ]
    general = [decode(v, answers.charset) for _, v in answers.under((*PRT, 5, 1, 1, 16)) if isinstance(v, bytes)]
    texts = (*hr, answers.text((*SYSTEM, 1, 0)), *general)
    return tuple(text for text in texts if text)


def _printers(answers: _Answers) -> set[Name]:
    """hrDeviceIndex of the printers: hrDeviceType hrDevicePrinter, or whatever the Printer-MIB counts from."""
    typed = {i for i, v in answers.under((*HR_DEVICE, 2)) if isinstance(v, tuple) and v[-1] == 5}
    typed |= {i for i, _ in answers.under((*HR_PRINTER, 1))}
    return typed or {i[:1] for i, _ in answers.under((*HR_DEVICE, 3))}


def _column(answers: _Answers, column: Name, only: set[Name]) -> list[int]:
    return [v for i, v in answers.under(column) if isinstance(v, int) and (not only or i in only)]


def _vendor(catalogue: Catalogue, described: tuple[str, ...], by_number: Vendor | None) -> Vendor | None:
    """The maker a text names counts more than the network card's object id, which may be of another maker."""
    for text in described:
        named = vendor_in(catalogue, text)
        if named and (by_number is None or re.match(rf"\W*({'|'.join(map(re.escape, named.words))})\b", text.lower())):
            return named
    return by_number


def _device_id(answers: _Answers, vendor: Vendor | None) -> dict[str, str]:
    own = vendor.oids.get("device_id", ()) if vendor else ()
    standard = tuple((*PWG_DEVICE_ID, *i) for i, _ in answers.under(PWG_DEVICE_ID))
    return fields_of(answers.text(*standard, *own, limit=1024))


def _oid_text(answers: _Answers, vendor: Vendor | None, what: str) -> str | None:
    return answers.text(*(vendor.oids.get(what, ()) if vendor else ()))


def _serial_in(text: str) -> str | None:
    found = re.search(r"\b(?:S/N|SN|Serial(?: Number)?)[\s:]*([A-Z0-9]{6,20})\b", text, re.IGNORECASE)
    return found[1] if found else None


def _model(
    answers: _Answers, vendor: Vendor | None, described: tuple[str, ...], device_id: dict[str, str]
) -> str | None:
    own = _oid_text(answers, vendor, "model")
    for text in (*described[:1], own, device_id.get("model"), device_id.get("description"), *described[1:]):
        if text and not _NO_MODELS.search(text) and (model := model_in(text, vendor)) and re.search(r"\d", model):
            return model
    return None


def _identity(answers: _Answers, vendor: Vendor | None, described: tuple[str, ...]) -> Identity:
    device_id = _device_id(answers, vendor)
    general = tuple((*PRT, 5, 1, 1, 17, *i) for i, _ in answers.under((*PRT, 5, 1, 1, 17)))
    serial = answers.text(*general) or _oid_text(answers, vendor, "serial") or device_id.get("serial")
    serial = serial or next((found for text in described if (found := _serial_in(text))), None)
    macs = (
        ":".join(f"{octet:02x}" for octet in v)
        for _, v in answers.under(IF_ADDRESS)
        if isinstance(v, bytes) and len(v) == 6
    )
    engine = answers.values.get(ENGINE_ID)
    return Identity(
        maker=vendor.name if vendor else device_id.get("maker"),
        model=_model(answers, vendor, described, device_id),
        serial=serial,
        macs=tuple(dict.fromkeys(mac for mac in macs if valid_mac(mac)))[:8],
        engine_id=engine.hex() if isinstance(engine, bytes) and 5 <= len(engine) <= 32 else None,
        hostname=answers.text((*SYSTEM, 5, 0)) or _oid_text(answers, vendor, "hostname"),
    )


def _kind(catalogue: Catalogue, answers: _Answers, described: tuple[str, ...], vendor: Vendor | None) -> Kind | None:
    told = [kind for text in described if (kind := kind_of(catalogue, text, vendor))]
    if told:
        return told[0]
    if any(True for _ in answers.under((*PRT, 5, 1, 1))) or _printers(answers):
        return Kind.PRINTER
    matched = match_text(catalogue, described[0]) if described else None
    return matched.kind if matched else None


# How it is


def _worst(states: Iterator[Health | None]) -> Health | None:
    order = (Health.ERROR, Health.WARNING, Health.OK)
    found = set(states)
    return next((health for health in order if health in found), None)


def _activity(answers: _Answers) -> Activity | None:
    """hrPrinterStatus with hrDeviceStatus: other(1) while running(2) is how devices say that they sleep."""
    printers = _printers(answers)
    status = _column(answers, (*HR_PRINTER, 1), printers)
    if not status:
        return None
    device = _column(answers, (*HR_DEVICE, 5), printers)
    if status[0] == 1 and device[:1] == [2]:
        return Activity.ASLEEP
    if device[:1] == [5] and status[0] == 1:
        return Activity.STOPPED
    return _ACTIVITY.get(status[0])


def _conditions(answers: _Answers) -> tuple[Condition, ...] | None:
    rows = [v for _, v in answers.under((*HR_PRINTER, 2)) if isinstance(v, bytes)]
    if not rows:
        return None
    bits = rows[0][:2]
    return tuple(
        condition
        for position, condition in enumerate(_CONDITIONS)
        if position // 8 < len(bits) and bits[position // 8] & 0x80 >> position % 8
    )


def _counters(answers: _Answers, vendor: Vendor | None) -> tuple[Counter, ...] | None:
    rows = answers.table((*PRT, 10, 2, 1))
    found: dict[CounterName, Counter] = {}
    for row in rows.values():
        unit = _UNITS.get(_int(row, 3) or 7, CounterUnit.OTHER)
        for column, name in ((4, CounterName.TOTAL), (5, CounterName.SINCE_POWER_ON)):
            if (value := _int(row, column)) is not None and value >= 0 and name not in found:
                found[name] = Counter(name=name, value=value, unit=unit)
    for name, places in (vendor.counters if vendor else {}).items():
        value = next((n for place in places if (n := answers.number(place)) is not None), None)
        if value is not None and value >= 0:
            found[name] = Counter(name=name, value=value)
    return tuple(found.values()) if found or rows else None


def _display(answers: _Answers, vendor: Vendor | None) -> str | None:
    rows = answers.table((*PRT, 16, 5, 1))
    lines = [answers.cell(row, 2) for _, row in sorted(rows.items())]
    joined = clean(" ".join(line for line in lines if line), CONSOLE_LIMIT)
    return joined or _oid_text(answers, vendor, "display")


def _boot(answers: _Answers, taken_at: datetime) -> datetime | None:
    ticks = answers.number((*SYSTEM, 3, 0))
    if ticks is None or ticks <= 0:
        return None
    # Whole minutes: up-time and our clock drift apart by seconds, and a restart is not a matter of seconds.
    return (taken_at - timedelta(seconds=ticks / 100)).replace(second=0, microsecond=0)


# What is in it


def _colorants(answers: _Answers) -> dict[tuple[int, int], str]:
    """(device, colorant index) -> name, from prtMarkerColorantTable."""
    rows = answers.table((*PRT, 12, 1, 1))
    return {(index[0], index[-1]): text for index, row in rows.items() if (text := answers.cell(row, 4))}


def _supplies(answers: _Answers) -> tuple[SupplyReading, ...] | None:
    rows = answers.table((*PRT, 11, 1, 1))
    colorants = _colorants(answers)
    return tuple(_supply(answers, index, row, colorants) for index, row in sorted(rows.items())) or (
        () if answers.table((*PRT, 5, 1, 1)) else None
    )


def _supply_type(code: int | None, description: str | None) -> SupplyType:
    told = SUPPLY_TYPES.get(code or 0)
    if told in (None, SupplyType.TONER):
        refined = vocabulary.type_in(description)
        if told is None or refined in (SupplyType.WASTE, SupplyType.DRUM):
            return refined or SupplyType.OTHER
    return told or SupplyType.OTHER


def _supply(
    answers: _Answers, index: Name, row: dict[int, Value], colorants: dict[tuple[int, int], str]
) -> SupplyReading:
    description = answers.cell(row, 6)
    kind = _supply_type(_int(row, 5), description)
    raw, capacity, unit = _int(row, 9), _int(row, 8), _int(row, 7)
    colorant = colorants.get((index[0], _int(row, 3) or 0))
    receptacle = _int(row, 4) == 4 or kind is SupplyType.WASTE
    return SupplyReading(
        index=_index(index),
        type=kind,
        level=level_of(raw, capacity, unit),
        direction=Direction.FILLED if receptacle else Direction.CONSUMED,
        color=None if receptacle else vocabulary.color_in(colorant) or vocabulary.color_in(description),
        description=description,
        raw_level=raw,
        raw_max=capacity,
        unit=UNITS.get(unit or 0),
        part_number=vocabulary.part_number_in(description),
        cartridge_serial=vocabulary.cartridge_serial_in(description),
    )


def _trays(answers: _Answers) -> tuple[Tray, ...] | None:
    rows = answers.table((*PRT, 8, 2, 1))
    return tuple(_tray(answers, index, row) for index, row in sorted(rows.items())) or None


def _tray(answers: _Answers, index: Name, row: dict[int, Value]) -> Tray:
    level, most = _int(row, 10), _int(row, 9)
    state = TrayState.UNKNOWN
    if level is not None and level >= 0:
        state = TrayState.EMPTY if level == 0 else TrayState.OK
    elif level == -3:
        state = TrayState.SOME_REMAINING
    return Tray(
        index=_index(index),
        state=state,
        name=answers.cell(row, 13) or answers.cell(row, 18),
        level=level if level is not None and level >= 0 else None,
        max=most if most is not None and most > 0 else None,
        media=answers.cell(row, 12),
    )


def _lamp_hours(answers: _Answers, vendor: Vendor | None) -> tuple[int, ...] | None:
    places = vendor.oids.get("lamp_hours", ()) if vendor else ()
    found = tuple(n for place in places if (n := answers.number(place)) is not None and n >= 0)
    return found or None


# What it complains of


def _faults(answers: _Answers, catalogue: Catalogue, taken_at: datetime) -> tuple[Fault, ...] | None:
    """The alert table, and error bits that no alert row speaks of (some devices fill only one of the two)."""
    rows = answers.table((*PRT, 18, 1, 1))
    faults = [_fault(answers, catalogue, index, row, taken_at) for index, row in sorted(rows.items())]
    conditions = _conditions(answers)
    told = {fault.cause for fault in faults}
    for condition in conditions or ():
        cause = catalogue.cause_for_condition(condition)
        if cause not in told:
            row = catalogue.cause(cause)
            faults.append(
                Fault(
                    cause=cause,
                    severity=row.severity,
                    actor=row.actor,
                    code=condition.value,
                    informative=row.informative,
                )
            )
    if not rows and conditions is None and not _printers(answers):
        return None
    return tuple(faults)


def _fault(answers: _Answers, catalogue: Catalogue, index: Name, row: dict[int, Value], taken_at: datetime) -> Fault:
    group, code, severity = _int(row, 4), _int(row, 7), _int(row, 2)
    text = answers.cell(row, 8)
    key = catalogue.cause_for_alert(group, code)
    if key == UNRECOGNISED and text:
        key = catalogue.cause_for_reason(re.sub(r"(?<=[a-z])(?=[A-Z])|\s+", "-", text).lower())[0]
    cause = catalogue.cause(key)
    at_ease = bool(text and _AT_EASE.search(text)) and severity != 3
    blank = not text and not (code or 0) > 2
    code_found = _VENDOR_CODE.search(text or "")
    return Fault(
        cause=cause.key,
        severity=_SEVERITY.get(severity or 0, Severity.OTHER),
        actor=_ACTORS.get(_int(row, 3) or 0, cause.actor),
        group=str(group) if group is not None else None,
        code=str(code) if code is not None else None,
        index=_index(index),
        location=str(row[6]) if isinstance(row.get(6), int) else None,
        text=text,
        vendor_code=(code_found[1] or code_found[2]) if code_found else None,
        since=_since(answers, row, taken_at),
        informative=cause.informative or at_ease or blank or (key == UNRECOGNISED and severity == 1),
    )


def _since(answers: _Answers, row: dict[int, Value], taken_at: datetime) -> datetime | None:
    """prtAlertTime is sysUpTime when the alert came: now minus the time since then."""
    raised, now = _int(row, 9), answers.number((*SYSTEM, 3, 0))
    if raised is None or now is None or not 0 < raised <= now:
        return None
    return taken_at - timedelta(seconds=(now - raised) / 100)
