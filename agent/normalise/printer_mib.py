"""From SNMP answers to a Reading: Printer-MIB (RFC 3805), HOST-RESOURCES-MIB (RFC 2790), and the maker's own rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from agent.normalise import snmp_identity, vocabulary
from agent.normalise.parts import Reader, reader
from agent.normalise.quirks import QUIRKS
from agent.normalise.snmp_answers import HR_DEVICE, HR_PRINTER, PRT, SYSTEM, Answers, Row, dotted, number_in, sane
from agent.normalise.snmp_faults import Speaker, Told, conditions, faults, told_of_supplies
from agent.normalise.supplies import SUPPLY_TYPES, UNITS, level_of
from agent.snmp.raw import Name, SnmpRaw
from fleet.counter import Counter, CounterName, CounterUnit
from fleet.fault import Activity, Health
from fleet.identity import Identity
from fleet.kit.text import CONSOLE_LIMIT, clean
from fleet.reading import Reading, Round, Tray, TrayState
from fleet.supply import (
    Direction,
    Empty,
    Exact,
    Level,
    LowOnly,
    SomeLeft,
    SupplyReading,
    SupplyType,
    Unknown,
    level_percent,
)
from mibs.catalogue import Catalogue, Vendor
from mibs.vendor import LabelledCounters

_HEALTH = {2: Health.OK, 3: Health.WARNING, 4: Health.WARNING, 5: Health.ERROR}
_ACTIVITY = {1: Activity.OTHER, 3: Activity.IDLE, 4: Activity.PRINTING, 5: Activity.WARMUP}
_UNITS = {
    7: CounterUnit.IMPRESSIONS,
    8: CounterUnit.SHEETS,
    11: CounterUnit.HOURS,
    16: CounterUnit.FEET,
    17: CounterUnit.METERS,
}
_RECEPTACLE = 4
_LOW = {
    "toner-low", "ink-low", "ribbon-low", "supply-low", "staples-low", "developer-low", "drum-almost-over",
    "fuser-life-almost-over", "unit-life-almost-over",
}  # fmt: skip
_EMPTY = {
    "toner-empty", "ink-empty", "ribbon-empty", "supply-empty", "staples-empty", "developer-empty", "drum-over",
    "unit-life-over",
}  # fmt: skip
_WASTE = {"waste-almost-full", "waste-full"}


def normalise(raw: SnmpRaw, catalogue: Catalogue) -> Reading:
    """What the SNMP answers of one device say. Fields it does not speak of stay None."""
    answers = Answers(raw)
    seen = snmp_identity.who(answers, catalogue)
    identity = snmp_identity.identity(answers, seen) if raw.complete else Identity()
    supplies = _supplies(answers, reader(catalogue, seen.vendor, identity.model)) if raw.complete else None
    display = _display(answers, seen.vendor)
    vendor = seen.vendor.key if seen.vendor else None
    speaker = Speaker(taken_at=raw.taken_at, types=_types(answers), vendor=vendor, panel=display)
    complaints = faults(answers, catalogue, speaker)
    values: dict[str, object] = {
        "health": _worst(_HEALTH.get(n) for n in answers.of_printers((*HR_DEVICE, 5))),
        "activity": _activity(answers),
        "conditions": conditions(answers),
        "counters": _counters(answers, seen.vendor),
        "faults": complaints,
        "display": display,
        "boot_at": _boot(answers, raw.taken_at),
    }
    if raw.complete:
        values |= {
            "kind": snmp_identity.kind(answers, seen, catalogue, identity.model),
            "firmware": snmp_identity.firmware(answers, seen),
            "location": answers.text((*SYSTEM, 6, 0)),
            "contact": answers.text((*SYSTEM, 4, 0)),
            "supplies": _with_complaints(supplies, told_of_supplies(answers, complaints)),
            "trays": _trays(answers),
            "lamp_hours": _lamp_hours(answers, seen.vendor),
        }
    reading = Reading(
        key="",
        taken_at=raw.taken_at,
        reachable=True,
        identity=identity,
        round=Round.FULL if raw.complete else Round.STATUS,
        partial=(*raw.partial, *answers.notes()),
        **{name: value for name, value in values.items() if value is not None},  # type: ignore[arg-type]
    )
    for quirk in seen.vendor.quirks if seen.vendor else ():
        reading = QUIRKS[quirk](raw, reading)
    spoken = [name for name in values if getattr(reading, name) is not None]
    return replace(reading, sources=dict.fromkeys(spoken, "snmp"))


# How it is


def _worst(states: Iterator[Health | None]) -> Health | None:
    order = (Health.ERROR, Health.WARNING, Health.OK)
    found = set(states)
    return next((health for health in order if health in found), None)


def _activity(answers: Answers) -> Activity | None:
    """hrPrinterStatus with hrDeviceStatus: other(1) while running(2) is how devices say that they sleep."""
    status = answers.of_printers((*HR_PRINTER, 1))
    if not status:
        return None
    device = answers.of_printers((*HR_DEVICE, 5))
    if status[0] == 1 and device[:1] == [2]:
        return Activity.ASLEEP
    if device[:1] == [5] and status[0] == 1:
        return Activity.STOPPED
    return _ACTIVITY.get(status[0])


def _counters(answers: Answers, vendor: Vendor | None) -> tuple[Counter, ...] | None:
    """The standard counters of the first marker, then the maker's; what the standard says is not said again."""
    rows = answers.table((*PRT, 10, 2, 1))
    found: dict[CounterName, Counter] = {}
    for row in _first_marker(rows.values()):
        unit = _UNITS.get(number_in(row, 3) or 7, CounterUnit.OTHER)
        for column, name in ((4, CounterName.TOTAL), (5, CounterName.SINCE_POWER_ON)):
            if (value := number_in(row, column)) is not None and value >= 0 and name not in found:
                found[name] = Counter(name=name, value=value, unit=unit)
    for name, value in _own_counters(answers, vendor).items() if vendor else ():
        found.setdefault(name, Counter(name=name, value=value))
    return tuple(found.values()) if found or rows else None


def _first_marker(rows: Collection[Row]) -> list[Row]:
    """The first marker that counts paper; else the first: a second one may count hours or feet of something else."""
    counting = [row for row in rows if (count := number_in(row, 4)) is not None and count >= 0]
    on_paper = [row for row in counting if number_in(row, 3) in (None, 7, 8)]
    return [*on_paper, *rows][:1]


def _own_counters(answers: Answers, vendor: Vendor) -> dict[CounterName, int]:
    found: dict[CounterName, int] = {}
    for name, places in vendor.counters.items():
        value = next((n for place in places if (n := answers.number(place)) is not None), None)
        if value is not None and value >= 0:
            found[name] = value
    for table in vendor.labelled:
        found |= _labelled(answers, table)
    for name, parts in vendor.sums.items():
        if name not in found and all(part in found for part in parts):
            found[name] = sum(found[part] for part in parts)
    return {name: value for name, value in found.items() if sane(value) is not None}


def _labelled(answers: Answers, table: LabelledCounters) -> dict[CounterName, int]:
    """Counters of a table that brings its labels along. A label that stands there twice counts for nothing."""
    rows: dict[str, list[int]] = {}
    for index, label in answers.texts(table.labels):
        value = answers.number((*table.values, *index))
        if value is not None and value >= 0:
            rows.setdefault(label.lower(), []).append(value)
    once = {label: values[0] for label, values in rows.items() if len(values) == 1}
    found = {}
    for name, sums in table.counters.items():
        labels = next((labels for labels in sums if all(label in once for label in labels)), ())
        if labels:
            found[name] = sum(once[label] for label in labels)
    return found


def _display(answers: Answers, vendor: Vendor | None) -> str | None:
    lines = [answers.cell(row, 2) for _, row in sorted(answers.table((*PRT, 16, 5, 1)).items())]
    joined = clean(" ".join(line for line in lines if line), CONSOLE_LIMIT)
    return joined or snmp_identity.text_of(answers, vendor, "display")


def _boot(answers: Answers, taken_at: datetime) -> datetime | None:
    ticks = answers.uptime
    if ticks is None:
        return None
    # Whole minutes: up-time and our clock drift apart by seconds, and a restart is not a matter of seconds.
    return (taken_at - timedelta(seconds=ticks / 100)).replace(second=0, microsecond=0)


# What is in it


def _colorants(answers: Answers) -> dict[tuple[int, int], str]:
    """(device, colorant index) -> name, from prtMarkerColorantTable."""
    rows = answers.table((*PRT, 12, 1, 1))
    return {(index[0], index[-1]): text for index, row in rows.items() if (text := answers.cell(row, 4))}


def _supplies(answers: Answers, names: Reader) -> tuple[SupplyReading, ...] | None:
    if not answers.came_whole((*PRT, 11, 1, 1)):
        return None
    rows, colorants = answers.table((*PRT, 11, 1, 1)), _colorants(answers)
    found = tuple(_supply(answers, index, row, colorants, names) for index, row in sorted(rows.items()))
    if not answers.came_whole((*PRT, 12, 1, 1)) and any(
        supply.color is None and number_in(row, 3) and (index[0], number_in(row, 3)) not in colorants
        for supply, (index, row) in zip(found, sorted(rows.items()), strict=True)
        if supply.direction is Direction.CONSUMED
    ):
        return None  # a slot whose colour was not heard would pass for another slot, and be ordered for once more
    return found or (() if answers.table((*PRT, 5, 1, 1)) else None)


def _types(answers: Answers) -> dict[int, SupplyType]:
    """Supply index -> type, which alerts refer to."""
    rows = answers.table((*PRT, 11, 1, 1)).items()
    return {index[-1]: _supply_type(number_in(row, 5), answers.cell(row, 6)) for index, row in rows}


def _supply_type(code: int | None, description: str | None) -> SupplyType:
    """prtMarkerSuppliesType; other(1) and toner that is none are refined from the description."""
    told = SUPPLY_TYPES.get(code or 0)
    if told in (None, SupplyType.TONER, SupplyType.INK):
        refined = vocabulary.type_in(description)
        if told is None or refined is SupplyType.WASTE or (told is SupplyType.TONER and refined is SupplyType.DRUM):
            return refined or told or SupplyType.OTHER
    return told or SupplyType.OTHER


def _supply(
    answers: Answers, index: Name, row: Row, colorants: dict[tuple[int, int], str], names: Reader
) -> SupplyReading:
    description = answers.cell(row, 6)
    named = names(description)
    kind = _supply_type(number_in(row, 5), description)
    raw, capacity, unit = number_in(row, 9), number_in(row, 8), number_in(row, 7)
    colorant = colorants.get((index[0], number_in(row, 3) or 0))
    receptacle = number_in(row, 4) == _RECEPTACLE or kind is SupplyType.WASTE
    return SupplyReading(
        index=dotted(index),
        type=kind,
        level=level_of(raw, capacity, unit),
        direction=Direction.FILLED if receptacle else Direction.CONSUMED,
        color=None if receptacle else vocabulary.color_in(colorant) or vocabulary.color_in(description),
        description=description,
        raw_level=raw,
        raw_max=capacity,
        unit=UNITS.get(unit or 0),
        part_number=named.part_number,
        cartridge_serial=named.cartridge_serial,
    )


def _with_complaints(supplies: tuple[SupplyReading, ...] | None, told: Told) -> tuple[SupplyReading, ...] | None:
    if not supplies or not told:
        return supplies
    return tuple(_complained(supply, told.get(int(supply.index.rpartition(".")[2]), set())) for supply in supplies)


def _complained(supply: SupplyReading, causes: set[str]) -> SupplyReading:
    """A row that an alert points at and that gives no number is low or used up by the device's own word."""
    percent = level_percent(supply.level)
    if supply.direction is Direction.FILLED:
        # Nearly full by the alert: whichever way this maker counts, the larger number is how full it is.
        if percent is None or not causes & _WASTE:
            return supply
        return replace(supply, fullness=Exact(percent=max(percent, 100 - percent)))
    if percent is not None or not isinstance(supply.level, SomeLeft | Unknown):
        return supply
    level: Level = Empty() if causes & _EMPTY else LowOnly() if causes & _LOW else supply.level
    return replace(supply, level=level)


def _trays(answers: Answers) -> tuple[Tray, ...] | None:
    rows = answers.table((*PRT, 8, 2, 1)) if answers.came_whole((*PRT, 8, 2, 1)) else {}
    return tuple(_tray(answers, index, row) for index, row in sorted(rows.items())) or None


def _tray(answers: Answers, index: Name, row: Row) -> Tray:
    level, most = number_in(row, 10), number_in(row, 9)
    state = TrayState.UNKNOWN
    if level is not None and level >= 0:
        state = TrayState.EMPTY if level == 0 else TrayState.OK
    elif level == -3:
        state = TrayState.SOME_REMAINING
    return Tray(
        index=dotted(index),
        state=state,
        name=answers.cell(row, 13) or answers.cell(row, 18),
        level=level if level is not None and level >= 0 else None,
        max=most if most is not None and most > 0 else None,
        media=answers.cell(row, 12),
    )


def _lamp_hours(answers: Answers, vendor: Vendor | None) -> tuple[int, ...] | None:
    places = vendor.oids.get("lamp_hours", ()) if vendor else ()
    found = tuple(n for place in places if (n := answers.number(place)) is not None and n >= 0)
    return found or None
