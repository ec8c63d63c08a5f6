"""Metrics: what a reading says in numbers over time. One table of names for all stores.

A series is a metric with its labels, written like ``printer_supply_level_ratio{supply=toner-black}``. Levels that
carry no number give no ratio; printer_supply_level_state says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fleet.counter import CounterUnit
from fleet.device import DeviceState
from fleet.fault import Health
from fleet.reading import Reading
from fleet.supply import (
    Direction,
    Empty,
    Exact,
    Level,
    LowOnly,
    Quantised,
    SomeLeft,
    Unknown,
    level_percent,
    supply_keys,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """`kind` is gauge or counter, `unit` the base unit of the value."""

    name: str
    help: str
    kind: str = "gauge"
    unit: str = ""
    labels: tuple[str, ...] = ()


METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(name="printer_up", help="1 when the device answered the last poll, 0 when it did not."),
        Metric(
            name="printer_health_state",
            help="What the device says of itself: 0 unknown, 1 ok, 2 warning, 3 error.",
        ),
        Metric(name="printer_faults", help="Complaints of the device that mean something is wrong.", unit="faults"),
        Metric(
            name="printer_pages_total",
            help="Pages counted by the device over its life, in impressions or sheets as the device counts.",
            kind="counter",
            unit="pages",
            labels=("counter",),
        ),
        Metric(
            name="printer_usage_total",
            help="Other life counters, in the unit the device counts in (hours, feet, meters, other).",
            kind="counter",
            labels=("counter", "unit"),
        ),
        Metric(
            name="printer_supply_level_ratio",
            help="Level of a supply that runs down over its capacity, only where the device gives a number.",
            unit="ratio",
            labels=("supply",),
        ),
        Metric(
            name="printer_supply_level_state",
            help="How well the level is known: 0 unknown, 1 some left, 2 low, 3 empty, 4 in steps, 5 exact.",
            labels=("supply",),
        ),
        Metric(
            name="printer_supply_fullness_ratio",
            help="How full a receptacle is, only on evidence.",
            unit="ratio",
            labels=("supply",),
        ),
        Metric(
            name="printer_tray_level_sheets",
            help="Sheets in an input tray, only where the device counts them.",
            unit="sheets",
            labels=("tray",),
        ),
        Metric(
            name="projector_lamp_seconds_total",
            help="Time a projector lamp has burnt.",
            kind="counter",
            unit="seconds",
            labels=("lamp",),
        ),
    )
}

LEVEL_STATES: Mapping[type, int] = {Unknown: 0, SomeLeft: 1, LowOnly: 2, Empty: 3, Quantised: 4, Exact: 5}
HEALTH_STATES: Mapping[Health, int] = {Health.UNKNOWN: 0, Health.OK: 1, Health.WARNING: 2, Health.ERROR: 3}
PAGES = (CounterUnit.IMPRESSIONS, CounterUnit.SHEETS)
"""What may be called a page; hours and feet are shown as what they are."""


def series_name(metric: str, **labels: str) -> str:
    """The name of one series; labels in the order of the table. KeyError for a metric or label that is not in it."""
    inside = ",".join(f"{label}={_plain(labels[label])}" for label in METRICS[metric].labels)
    return f"{metric}{{{inside}}}" if inside else metric


def parsed(series: str) -> tuple[str, dict[str, str]]:
    """(metric, labels) of a series name."""
    metric, _, inside = series.removesuffix("}").partition("{")
    return metric, dict(pair.split("=", 1) for pair in inside.split(",") if "=" in pair)


def _plain(value: str) -> str:
    return "".join("-" if char in '{}=,"\\' else char for char in value)[:80]


def level_state(level: Level) -> int:
    return LEVEL_STATES[type(level)]


def values(reading: Reading | DeviceState) -> dict[str, float]:
    """Every series value this reading (or what is known now) gives. What was not said gives none."""
    return dict(_values(reading))


def _values(reading: Reading | DeviceState) -> Iterator[tuple[str, float]]:
    yield series_name("printer_up"), float(reading.reachable)
    if reading.health is not None:
        yield series_name("printer_health_state"), float(HEALTH_STATES[reading.health])
    if reading.faults is not None:
        yield series_name("printer_faults"), float(sum(not fault.informative for fault in reading.faults))
    for counter in reading.counters or ():
        if counter.unit in PAGES:
            yield series_name("printer_pages_total", counter=counter.name), float(counter.value)
        else:
            yield series_name("printer_usage_total", counter=counter.name, unit=counter.unit), float(counter.value)
    yield from _supply_values(reading)
    for tray in reading.trays or ():
        if tray.level is not None:
            yield series_name("printer_tray_level_sheets", tray=tray.index), float(tray.level)
    for position, hours in enumerate(reading.lamp_hours or (), start=1):
        yield series_name("projector_lamp_seconds_total", lamp=str(position)), hours * 3600.0


def _supply_values(reading: Reading | DeviceState) -> Iterator[tuple[str, float]]:
    supplies = reading.supplies or ()
    for key, supply in zip(supply_keys(supplies), supplies, strict=True):
        yield series_name("printer_supply_level_state", supply=key), float(level_state(supply.level))
        # The level of a receptacle is the room in it, or what is in it: makers disagree. Its fullness is what counts.
        consumed = supply.direction is Direction.CONSUMED
        if consumed and (percent := level_percent(supply.level)) is not None:
            yield series_name("printer_supply_level_ratio", supply=key), percent / 100
        if supply.fullness is not None and (full := level_percent(supply.fullness)) is not None:
            yield series_name("printer_supply_fullness_ratio", supply=key), full / 100
