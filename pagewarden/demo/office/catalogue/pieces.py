"""Ready-made pieces that rows of the catalogue are built from."""

from __future__ import annotations

from pagewarden.demo.office.models import (
    TONER,
    WASTE_INK,
    WASTE_TONER,
    Shows,
    Speaks,
    SupplyModel,
    TrayModel,
    Wears,
)

SNMP = frozenset({Speaks.SNMP_V1, Speaks.SNMP_V2C})
V3 = frozenset({Speaks.SNMP_V3})
IPP = frozenset({Speaks.IPP, Speaks.IPPS})
ESCL = frozenset({Speaks.ESCL})


def toners(
    names: tuple[str, str, str, str],
    parts: tuple[str, str, str, str],
    black_lasts: float,
    color_lasts: float,
    *,
    type_: int = TONER,
    shows: Shows = Shows.PERCENT,
    step: int = 10,
) -> tuple[SupplyModel, ...]:
    """Black, cyan, magenta and yellow, in that order."""
    return tuple(
        SupplyModel(
            type=type_,
            name=name,
            part=part,
            color=color,
            shows=shows,
            step=step,
            lasts=black_lasts if color == "black" else color_lasts,
            wears=Wears.MONO if color == "black" else Wears.COLOR,
        )
        for name, part, color in zip(names, parts, ("black", "cyan", "magenta", "yellow"), strict=True)
    )


def black(name: str, part: str, lasts: float, *, shows: Shows = Shows.PERCENT, step: int = 10) -> SupplyModel:
    """A black toner."""
    return SupplyModel(
        type=TONER, name=name, part=part, lasts=lasts, color="black", shows=shows, step=step, wears=Wears.MONO
    )


def waste(name: str, part: str, lasts: float, *, ink: bool = False, shows: Shows = Shows.PERCENT) -> SupplyModel:
    """A waste box: it fills up."""
    return SupplyModel(
        type=WASTE_INK if ink else WASTE_TONER, name=name, part=part, lasts=lasts, shows=shows, wears=Wears.WASTE
    )


def unit(type_: int, name: str, part: str, lasts: float, color: str | None = None) -> SupplyModel:
    """A part that every page wears: drum, fuser, belt."""
    return SupplyModel(type=type_, name=name, part=part, lasts=lasts, color=color)


def trays(*sheets: int, names: str = "Tray {}", bypass: str | None = None) -> tuple[TrayModel, ...]:
    """Trays with their sheets, a bypass first where there is one."""
    trays = tuple(TrayModel(name=names.format(i), sheets=n) for i, n in enumerate(sheets, 1))
    return (TrayModel(name=bypass, sheets=50, by_hand=True), *trays) if bypass else trays
