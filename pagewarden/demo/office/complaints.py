"""What a device complains of, before it is put into the words of a protocol."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pagewarden.demo.office.life import LOW_AT, DeviceLife, Trouble, left
from pagewarden.demo.office.models import (
    DRUM,
    INK,
    INK_CARTRIDGE,
    RIBBON,
    TONER,
    WASTE_INK,
    WASTE_TONER,
    Kind,
    Model,
    SupplyModel,
    Wears,
)

CRITICAL, WARNING, GOES_WITH_CAUSE = 3, 4, 5
"""prtAlertSeverityLevel (RFC 3805)."""

USER, OPERATOR, TECHNICIAN, NOBODY = 3, 4, 5, 7
"""prtAlertTrainingLevel."""

LOW_PAPER, NO_PAPER, LOW_TONER, NO_TONER, DOOR_OPEN, JAMMED, OFFLINE, SERVICE = (1 << n for n in range(7, -1, -1))
"""First octet of hrPrinterDetectedErrorState (RFC 2790), bit 0 is the most significant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One row: `key` names it over time, `reason` is its IPP keyword, `stops` whether nothing comes out any more."""

    key: str
    severity: int
    training: int
    group: int
    group_index: int
    code: int
    text: str
    reason: str
    bits: int = 0
    location: int = 0
    stops: bool = False


def complaints(life: DeviceLife, model: Model) -> tuple[Complaint, ...]:
    """Everything it complains of now, the worst first."""
    if model.kind is Kind.PROJECTOR:
        return ()
    found = [*_troubles(life, model), *_paper(life, model), *_supplies(life, model)]
    return tuple(sorted(found, key=lambda complaint: not complaint.stops))


def _troubles(life: DeviceLife, model: Model) -> Iterator[Complaint]:
    xerox = model.maker == "Xerox"
    if Trouble.JAM in life.troubles:
        place = "in the feeder" if model.kind is Kind.SCANNER else "in the fuser area"
        text = "08-600 Paper jam: open the rear door" if xerox else f"Paper jam {place}"
        yield Complaint(
            key="jam",
            severity=CRITICAL,
            training=USER,
            group=13,
            group_index=1,
            code=8,
            location=8600 if xerox else 0,
            text=text,
            reason="media-jam",
            bits=JAMMED,
            stops=True,
        )
    if Trouble.COVER in life.troubles:
        yield Complaint(
            key="cover",
            severity=CRITICAL,
            training=USER,
            group=6,
            group_index=1,
            code=501,
            text="Front cover open",
            reason="cover-open",
            bits=DOOR_OPEN,
            stops=True,
        )
    if Trouble.MOTOR in life.troubles:
        yield Complaint(
            key="motor",
            severity=CRITICAL,
            training=TECHNICIAN,
            group=10,
            group_index=1,
            code=33,
            text="Call service: main motor error C-2101",
            reason="other",
            bits=SERVICE,
            stops=True,
        )


def _paper(life: DeviceLife, model: Model) -> Iterator[Complaint]:
    feeding = [n for n, tray in zip(life.trays, model.trays, strict=True) if not tray.by_hand]
    for position, (sheets, tray) in enumerate(zip(life.trays, model.trays, strict=True), 1):
        if tray.by_hand or sheets:
            continue
        out = not any(feeding)
        yield Complaint(
            key=f"tray-{position}",
            severity=CRITICAL if out else GOES_WITH_CAUSE,
            training=USER,
            group=8,
            group_index=position,
            code=808,
            text=f"{tray.name} is empty",
            reason="media-empty",
            bits=NO_PAPER if out else LOW_PAPER,
            stops=out,
        )


def _supplies(life: DeviceLife, model: Model) -> Iterator[Complaint]:
    for position, (supply, kind) in enumerate(zip(life.supplies, model.supplies, strict=True), 1):
        share = left(supply, kind)
        if share > LOW_AT:
            continue
        yield _supply(kind, position, out=share == 0)


_CODES = {
    TONER: (1104, 1101),
    INK: (1105, 1102),
    INK_CARTRIDGE: (1105, 1102),
    RIBBON: (1106, 1103),
    WASTE_TONER: (1107, 1109),
    WASTE_INK: (1108, 1110),
    DRUM: (1111, 1112),
}
"""prtMarkerSuppliesType -> PrtAlertCodeTC (IANA-PRINTER-MIB) when low and when out; the rest wears out (10, 11)."""


def _supply(kind: SupplyModel, position: int, *, out: bool) -> Complaint:
    name = kind.title
    code = _CODES.get(kind.type, (10, 11))[out]
    if kind.filled:
        text, bits = f"{name} is full" if out else f"{name} is almost full", 0
        reason = "marker-waste-full" if out else "marker-waste-almost-full"
    elif kind.type in (TONER, INK, INK_CARTRIDGE, RIBBON):
        text, bits = (f"{name} empty", NO_TONER) if out else (f"{name} low", LOW_TONER)
        reason = ("toner" if kind.type == TONER else "marker-supply") + ("-empty" if out else "-low")
    else:
        text, bits = f"{name} at end of life" if out else f"{name} near end of life", 0
        reason = ("opc-life-over" if out else "opc-near-eol") if kind.type == DRUM else "other"
    stops = out and kind.wears in (Wears.MONO, Wears.WASTE)
    return Complaint(
        key=f"supply-{position}-{'out' if out else 'low'}",
        severity=CRITICAL if stops else WARNING,
        training=TECHNICIAN if code in (10, 11) else USER,
        group=11,
        group_index=position,
        code=code,
        text=text,
        reason=reason,
        bits=bits,
        stops=stops,
    )
