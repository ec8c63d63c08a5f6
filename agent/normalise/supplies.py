"""From the numbers of a supply row to a Level: the one home of the special values (RFC 3805 section 2.2.13)."""

from __future__ import annotations

from fleet.supply import WIDEST_STEP, Empty, Exact, Level, Quantised, SomeLeft, SupplyType, Unknown

SUPPLY_TYPES: dict[int, SupplyType] = {
    3: SupplyType.TONER, 4: SupplyType.WASTE, 5: SupplyType.INK, 6: SupplyType.INK, 7: SupplyType.RIBBON,
    8: SupplyType.WASTE, 9: SupplyType.DRUM, 10: SupplyType.DEVELOPER, 15: SupplyType.FUSER, 17: SupplyType.CLEANER,
    18: SupplyType.CLEANER, 19: SupplyType.CLEANER, 20: SupplyType.TRANSFER, 21: SupplyType.TONER,
    22: SupplyType.FUSER, 26: SupplyType.WASTE, 29: SupplyType.STAPLES, 32: SupplyType.STAPLES,
}  # fmt: skip
"""prtMarkerSuppliesType (IANA-PRINTER-MIB PrtMarkerSuppliesTypeTC)."""

UNITS: dict[int, str] = {
    3: "ten-thousandths-of-inches", 4: "micrometers", 7: "impressions", 8: "sheets", 11: "hours",
    12: "thousandths-of-ounces", 13: "tenths-of-grams", 14: "hundredths-of-fluid-ounces", 15: "tenths-of-milliliters",
    16: "feet", 17: "meters", 18: "items", 19: "percent",
}  # fmt: skip
"""prtMarkerSuppliesSupplyUnit (PrtMarkerSuppliesSupplyUnitTC)."""

PERCENT = 19
COARSE = 20
"""Up to so many units in all, each unit is a visible step."""


def level_of(raw: int | None, capacity: int | None, unit: int | None) -> Level:
    """What the numbers honestly say.

    -3 is "some left", other negative numbers are unknown. A percentage needs a capacity above zero, or the unit
    percent. A level above its capacity is full (seen on fresh cartridges). A capacity of ten can only be told in
    tenths, whatever stands in the cartridge.
    """
    if raw is None or raw in (-1, -2) or raw < -3:
        return Unknown()
    if raw == -3:
        return SomeLeft()
    if capacity is not None and capacity > 0:
        percent = min(100.0, raw * 100 / capacity)
    elif unit == PERCENT and raw <= 100:
        percent = float(raw)
    else:
        return Empty() if raw == 0 and capacity is None else Unknown()
    if percent == 0:
        return Empty()
    if capacity is not None and 0 < capacity <= COARSE:
        return Quantised(percent=round(percent, 2), step=min(WIDEST_STEP, -(-100 // capacity)))
    return Exact(percent=round(percent, 2))
