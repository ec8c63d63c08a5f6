"""Which code an order may mean where the device names none. From the catalogue, never a fact, never stored as one."""

from __future__ import annotations

from collector.store.devices import DeviceRow
from collector.store.supplies import SupplyRow
from mibs.catalogue import load
from mibs.part import Part

MOST = 3
"""More codes than this are no help."""
_ZONES = {
    "eu": ("Europe/",),
    "cn": ("Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "PRC"),
    "jp": ("Asia/Tokyo", "Japan"),
    "us": ("US/", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix"),
}
"""Time zones that tell in which region's box a code comes; others tell nothing."""


def suggested_codes(device: DeviceRow | None, supply: SupplyRow | None, timezone: str = "") -> tuple[str, ...]:
    """The few codes that fit this slot of this model; none where the maker or the model is not known, or many fit.
    Where one cartridge has a name in each region, that of the site's."""
    if device is None or supply is None or supply.part_number or not device.maker:
        return ()
    found = load().supplies.suggested(device.model, supply.type, supply.color, maker=device.maker)
    found = _sold_at(found, timezone)
    return tuple(part.number for part in found) if len(found) <= MOST else ()


def _sold_at(found: tuple[Part, ...], timezone: str) -> tuple[Part, ...]:
    regions = [region for region, zones in _ZONES.items() if timezone.startswith(zones)]
    here = tuple(part for part in found if not part.regions or set(regions) & set(part.regions))
    return here if regions and here else found


_SPARES = {
    "drum unit": "drum",
    "developer unit": "developer",
    "fuser unit": "fuser",
    "lamp": "lamp",
    "transfer belt": "transfer",
    "waste toner box": "waste",
}
"""Parts of mibs/causes that makers sell under a code of their own."""


def codes_of_part(device: DeviceRow, part: str, timezone: str = "") -> tuple[str, ...]:
    """Codes of a spare part for this model, from the catalogue; none where it knows none, or many."""
    if part not in _SPARES or not device.maker:
        return ()
    found = _sold_at(load().supplies.suggested(device.model, _SPARES[part], None, maker=device.maker), timezone)
    return tuple(one.number for one in found) if len(found) <= MOST else ()
