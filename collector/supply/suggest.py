"""Which code an order may mean where the device names none. From the catalogue, never a fact, never stored as one."""

from __future__ import annotations

from collector.store.devices import DeviceRow
from collector.store.supplies import SupplyRow
from mibs.catalogue import load

MOST = 3
"""More codes than this are no help."""


def suggested_codes(device: DeviceRow | None, supply: SupplyRow | None) -> tuple[str, ...]:
    """The few codes that fit this slot of this model; none where the maker or the model is not known, or many fit."""
    if device is None or supply is None or supply.part_number or not device.maker:
        return ()
    found = load().supplies.suggested(device.model, supply.type, supply.color, maker=device.maker)
    return tuple(part.number for part in found) if len(found) <= MOST else ()
