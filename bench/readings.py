"""Readings of a made-up fleet over time: as an agent ships them after a status round every five minutes.

Most values stay what they were, as in an office: pages grow on two devices of three, one toner in ten falls by a point,
and one tray in five changes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fleet.counter import Counter, CounterName
from fleet.fault import Activity, Condition, Health
from fleet.identity import Identity
from fleet.reading import Kind, Reading, Round, Tray, TrayState
from fleet.supply import Direction, Exact, SomeLeft, SupplyReading, SupplyType

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
_INTERVAL = timedelta(minutes=5)
_COLORS = ("black", "cyan", "magenta", "yellow")


def taken(round_: int, devices: int) -> list[Reading]:
    """One reading of each device, the devices in order."""
    return [_reading(number, round_) for number in range(devices)]


def _reading(number: int, round_: int) -> Reading:
    return Reading(
        key=f"device-{number}",
        taken_at=START + round_ * _INTERVAL + timedelta(milliseconds=number),
        reachable=True,
        identity=Identity(
            maker="Northgate",
            model=f"MFP {number % 8}",
            serial=f"NG{number:08d}",
            macs=(f"00:70:77:{number >> 16:02x}:{number >> 8 & 255:02x}:{number & 255:02x}",),
            hostname=f"prn-{number}",
            address=f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}",
        ),
        round=Round.STATUS,
        kind=Kind.MFP,
        health=Health.OK,
        activity=Activity.IDLE,
        conditions=(Condition.LOW_PAPER,) if number % 7 == 0 else (),
        counters=_counters(number, round_),
        supplies=_supplies(number, round_),
        trays=tuple(_tray(tray, number, round_) for tray in (1, 2, 3)),
        faults=(),
        sources={"supplies": "snmp", "counters": "snmp", "trays": "snmp", "health": "snmp"},
    )


def _counters(number: int, round_: int) -> tuple[Counter, ...]:
    pages = 10_000 * number + (round_ * 4 if number % 3 else 0)
    return (
        Counter(name=CounterName.TOTAL, value=pages),
        Counter(name=CounterName.COLOR, value=pages // 3),
        Counter(name=CounterName.MONO, value=pages - pages // 3),
    )


def _supplies(number: int, round_: int) -> tuple[SupplyReading, ...]:
    toners = [_toner(index, color, number, round_) for index, color in enumerate(_COLORS, 1)]
    waste = SupplyReading(index="1.5", type=SupplyType.WASTE, level=SomeLeft(), direction=Direction.FILLED)
    drum = SupplyReading(index="1.6", type=SupplyType.DRUM, level=Exact(percent=71), color="black")
    return (*toners, waste, drum)


def _toner(index: int, color: str, number: int, round_: int) -> SupplyReading:
    percent = 90 - (round_ + number + index) // 10 % 50
    return SupplyReading(
        index=f"1.{index}",
        type=SupplyType.TONER,
        level=Exact(percent=percent),
        color=color,
        description=f"{color.capitalize()} Cartridge NG{number % 8}{color[0].upper()}",
        raw_level=percent * 100,
        raw_max=10_000,
        unit="impressions",
    )


def _tray(tray: int, number: int, round_: int) -> Tray:
    level = 500 - 10 * ((round_ + number) // 5 % 40)
    return Tray(index=f"1.{tray}", state=TrayState.OK, name=f"Tray {tray}", level=level, max=500, media="iso-a4")
