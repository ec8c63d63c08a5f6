"""Readings as flat fields, and where two of them differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agent.inspect import record
from fleet.fault import Fault
from fleet.reading import Reading
from fleet.supply import SupplyReading
from mibs.catalogue import Catalogue

Plain = str | int | float | bool | None
Fields = Mapping[str, Plain]
MOST_SUGGESTED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field that differs; None where nothing is said."""

    field: str
    before: Plain
    after: Plain

    def __str__(self) -> str:
        return f"{self.field}: {shown(self.before)} -> {shown(self.after)}"


def shown(value: Plain) -> str:
    return "not reported" if value is None else str(value)


def changes(before: Fields, after: Fields) -> list[Change]:
    """What differs, in the order of the reading."""
    names = dict.fromkeys((*before, *after))
    return [
        Change(field=name, before=before.get(name), after=after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    ]


def fields_of(reading: Reading, catalogue: Catalogue) -> dict[str, Plain]:
    """Everything of a reading that rows can change, by names such as ``counters.total`` and ``supplies.1.1.color``."""
    row = record(reading)
    found: dict[str, Plain] = {}
    for name, value in row.items():
        if name in ("supplies", "trays"):
            for item in value:
                found |= {f"{name}.{item['index']}.{key}": said for key, said in item.items() if key != "index"}
        elif name == "counters":
            found |= {f"counters.{key}": said for key, said in value.items()}
        elif name not in ("name", "alerts"):
            found[name] = ", ".join(value) if isinstance(value, list) else value
    for supply in reading.supplies or ():
        found |= {f"supplies.{supply.index}.{key}": said for key, said in _known(supply, reading, catalogue)}
    for place, fault in enumerate(reading.faults or (), 1):
        found |= {f"complaints.{place}.{key}": said for key, said in _told(fault).items()}
    return found


def _known(supply: SupplyReading, reading: Reading, catalogue: Catalogue) -> Iterator[tuple[str, Plain]]:
    """What the catalogue says of a supply: how long its code lasts, or which codes would fit."""
    maker, model = reading.identity.maker, reading.identity.model
    if supply.part_number:
        part = catalogue.supplies.part(supply.part_number, maker)
        yield "rated_yield", part.rated_yield if part else None
        return
    fitting = catalogue.supplies.suggested(model, supply.type, supply.color, maker=maker) if maker else ()
    yield "suggested", ", ".join(p.number for p in fitting) if 0 < len(fitting) <= MOST_SUGGESTED else None


def _told(fault: Fault) -> dict[str, Any]:
    return {"cause": fault.cause, "severity": str(fault.severity), "actor": str(fault.actor), "text": fault.text}
