"""The Printer-MIB (RFC 3805) of one device: general, covers, trays, marker, supplies, panel, alerts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pagewarden.demo.office.ber import Oid, Value, counter, number, oid, text, ticks
from pagewarden.demo.office.device import Activity, Device, shown
from pagewarden.demo.office.life import Trouble
from pagewarden.demo.office.models import Kind

_ROOT = oid("1.3.6.1.2.1.43")
_IMPRESSIONS, _SHEETS = 7, 8
_LASER, _THERMAL, _INKJET = 4, 6, 12
_COLORS = ("black", "cyan", "magenta", "yellow")
Pairs = Iterator[tuple[Oid, Value]]


def values(device: Device, real_now: datetime) -> Pairs:
    """All rows; the device index is 1 throughout."""
    yield from _general(device)
    yield from _covers(device)
    yield from _trays(device)
    yield from _marker(device)
    yield from _supplies(device)
    yield from _panel(device)
    yield from _alerts(device, real_now)


def _cell(table: int, entry: int, column: int, *index: int) -> Oid:
    return (*_ROOT, table, entry, 1, column, *index)


def _general(device: Device) -> Pairs:
    life = device.life
    cells = {
        1: counter(life.config_changes),
        2: number(1),
        4: text("Front desk"),
        5: text("it@example.com"),
        16: text(device.host_name),
        17: text(life.serial),
        18: counter(life.events_critical),
        19: counter(life.events_all),
    }
    for column, value in cells.items():
        yield _cell(5, 1, column, 1), value
    yield _cell(7, 1, 2, 1, 1), text("en")
    yield _cell(7, 1, 3, 1, 1), text("US")
    yield _cell(7, 1, 4, 1, 1), number(106)


def _covers(device: Device) -> Pairs:
    opened = Trouble.COVER in device.life.troubles
    for row, cover in enumerate(("Front cover", "Rear door"), 1):
        yield _cell(6, 1, 2, 1, row), text(cover)
        yield _cell(6, 1, 3, 1, row), number(3 if opened and row == 1 else 4)


def _trays(device: Device) -> Pairs:
    for row, (sheets, tray) in enumerate(zip(device.life.trays, device.model.trays, strict=True), 1):
        empty = sheets == 0 and not tray.by_hand
        cells = {
            2: number(3 if tray.by_hand else 4),
            3: number(4),
            8: number(_SHEETS),
            9: number(tray.sheets),
            10: number(sheets),
            11: number(0 if not empty else 9),
            12: text(tray.media),
            13: text(tray.name),
            18: text(tray.name),
        }
        for column, value in cells.items():
            yield _cell(8, 2, column, 1, row), value
    yield _cell(9, 2, 4, 1, 1), number(150)
    yield _cell(9, 2, 5, 1, 1), number(-3)
    yield _cell(9, 2, 6, 1, 1), number(0)
    yield _cell(9, 2, 7, 1, 1), text("Standard output")


def _marker(device: Device) -> Pairs:
    technology = _INKJET if device.model.supply_form == "marker" or device.model.maker == "Epson" else _LASER
    cells = {
        2: number(_THERMAL if device.model.kind is Kind.LABEL else technology),
        3: number(_IMPRESSIONS),
        4: counter(device.life.total),
        5: counter(device.life.since_power_on),
        6: number(4 if device.model.color else 1),
        15: number(0),
    }
    for column, value in cells.items():
        yield _cell(10, 2, column, 1, 1), value


def _supplies(device: Device) -> Pairs:
    for row, (supply, kind) in enumerate(zip(device.life.supplies, device.model.supplies, strict=True), 1):
        said = shown(supply, kind)
        cells = {
            2: number(1),
            3: number(_COLORS.index(kind.color) + 1 if kind.color else 0),
            4: number(4 if kind.filled else 3),
            5: number(kind.type),
            6: text(device.supply_name(row - 1)),
            7: number(said.unit),
            8: number(said.capacity),
            9: number(said.level),
        }
        for column, value in cells.items():
            yield _cell(11, 1, column, 1, row), value
    for row, color in enumerate(_COLORS if device.model.color else _COLORS[:1], 1):
        yield _cell(12, 1, 2, 1, row), number(1)
        yield _cell(12, 1, 3, 1, row), number(3)
        yield _cell(12, 1, 4, 1, row), text(color)
        yield _cell(12, 1, 5, 1, row), number(1000)


def _panel(device: Device) -> Pairs:
    panel = device.panel
    for row, line in enumerate((panel[:40], panel[40:80]), 1):
        yield _cell(16, 5, 2, 1, row), text(line)
    lights = {"Attention": bool(device.complaints), "Ready": device.activity is not Activity.STOPPED}
    for row, (light, on) in enumerate(lights.items(), 1):
        yield _cell(17, 6, 2, 1, row), number(1 if on else 0)
        yield _cell(17, 6, 3, 1, row), number(0)
        yield _cell(17, 6, 5, 1, row), text(light)


def _alerts(device: Device, real_now: datetime) -> Pairs:
    up = device.uptime_ticks(real_now)
    for complaint in device.complaints:
        row = device.life.rows[complaint.key]
        ago = int((real_now - row.raised_at).total_seconds() * 100)
        cells = {
            2: number(complaint.severity),
            3: number(complaint.training),
            4: number(complaint.group),
            5: number(complaint.group_index),
            6: number(complaint.location),
            7: number(complaint.code),
            8: text(complaint.text),
            9: ticks(max(0, up - ago)),
        }
        for column, value in cells.items():
            yield _cell(18, 1, column, 1, row.index), value
    if device.activity is Activity.ASLEEP:
        yield from _asleep_row(device)


def _asleep_row(device: Device) -> Pairs:
    """Some makers keep a row while nothing is wrong."""
    rows: dict[str, tuple[int | str, ...]] = {
        "Brother": (0, 0, 0, 0, 40000, 0, "Sleep"),
        "Kyocera": (5, 3, 10, 1, 0, 1001, ""),
        "Epson": (1, 7, 1, 1, 0, 1, "Idle"),
    }
    if (said := rows.get(device.model.maker)) is None:
        return
    for column, value in zip(range(2, 9), said, strict=True):
        index = device.life.next_row
        yield _cell(18, 1, column, 1, index), text(value) if isinstance(value, str) else number(value)
