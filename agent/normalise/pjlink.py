"""From PJLink replies to a Reading."""

from __future__ import annotations

import re

from agent.pjlink import PjlinkRaw
from fleet.fault import Activity, Fault, Health, Severity
from fleet.identity import Identity
from fleet.kit.text import clean_or_none
from fleet.reading import Kind, Reading
from fleet.supply import SupplyReading, SupplyType, Unknown
from mibs.catalogue import Catalogue
from mibs.match import vendor_in

# What each digit of ERST speaks of, in order (PJLink class 1, section 4.8).
PARTS = ("fan", "lamp", "temperature", "cover", "filter", "other")
WARNING, ERROR = "1", "2"
FAILURE = "ERR4"
MOST_LAMPS = 8

_POWER = {"0": Activity.OFF, "1": Activity.IDLE, "2": Activity.OTHER, "3": Activity.WARMUP}


def normalise(raw: PjlinkRaw, catalogue: Catalogue) -> Reading:
    """What a projector says. Commands it refused leave their fields None."""
    said = raw.replies
    status = said.get("ERST", "") if re.fullmatch(r"[012]{6}", said.get("ERST", "")) else None
    values: dict[str, object] = {
        "kind": Kind.PROJECTOR,
        "firmware": clean_or_none(said.get("SVER")),
        "activity": _POWER.get(said.get("POWR", "")),
        "health": _health(status, raw),
        "conditions": () if status is not None else None,
        "faults": _faults(status, raw, catalogue),
        "lamp_hours": _lamp_hours(said.get("LAMP")),
        "supplies": _supplies(raw),
    }
    values = {name: value for name, value in values.items() if value is not None}
    return Reading(
        key="",
        taken_at=raw.taken_at,
        reachable=True,
        identity=_identity(raw, catalogue),
        sources=dict.fromkeys(values, "pjlink"),
        partial=raw.partial,
        **values,  # type: ignore[arg-type]
    )


def _identity(raw: PjlinkRaw, catalogue: Catalogue) -> Identity:
    maker, product = clean_or_none(raw.replies.get("INF1")), clean_or_none(raw.replies.get("INF2"))
    vendor = vendor_in(catalogue, f"{maker or ''} {product or ''}")
    name = vendor.name if vendor else maker
    for word in (maker, name):
        # Products often repeat the maker ("EPSON 685Wi"). A slash here joins two models and is no version.
        if word and product and product.lower().startswith(f"{word.lower()} "):
            product = clean_or_none(product[len(word) :])
    return Identity(
        maker=name,
        model=product,
        serial=clean_or_none(raw.replies.get("SNUM")),
        hostname=clean_or_none(raw.replies.get("NAME")),
    )


def _health(status: str | None, raw: PjlinkRaw) -> Health | None:
    if status is None:
        return Health.ERROR if FAILURE in raw.refused.values() else None
    return Health.ERROR if ERROR in status else Health.WARNING if WARNING in status else Health.OK


def _faults(status: str | None, raw: PjlinkRaw, catalogue: Catalogue) -> tuple[Fault, ...] | None:
    """What ERST tells, and ERR4: a projector that cannot answer for a failure of its own."""
    found = [_fault(part, digit, catalogue) for part, digit in zip(PARTS, status or "", strict=False) if digit in "12"]
    if not found and FAILURE in raw.refused.values():
        cause = catalogue.cause(catalogue.by_pjlink.get(FAILURE, ""))
        found = [Fault(cause=cause.key, severity=cause.severity, actor=cause.actor, code=FAILURE)]
    return tuple(found) if found or status is not None else None


def _fault(part: str, digit: str, catalogue: Catalogue) -> Fault:
    # A warning about the lamp is its age; an error is that it does not light.
    names = (f"{part}-warning", part) if digit == WARNING else (part,)
    cause = catalogue.cause(next((catalogue.by_pjlink[n] for n in names if n in catalogue.by_pjlink), ""))
    severity = Severity.CRITICAL if digit == ERROR else Severity.WARNING
    return Fault(cause=cause.key, severity=severity, actor=cause.actor, code=f"ERST {part} {digit}")


def _lamp_hours(text: str | None) -> tuple[int, ...] | None:
    """``974 1 10 0``: hours and whether lit, lamp by lamp."""
    numbers = (text or "").split()
    if not numbers or len(numbers) > 2 * MOST_LAMPS or not all(re.fullmatch(r"\d{1,6}", n) for n in numbers):
        return None
    return tuple(int(hours) for hours in numbers[::2])


def _supplies(raw: PjlinkRaw) -> tuple[SupplyReading, ...] | None:
    """Lamp and filter by their order codes (class 2). How much life is left in them a projector does not say."""
    found: list[SupplyReading] = []
    for command, kind in (("RLMP", SupplyType.LAMP), ("RFIL", SupplyType.FILTER)):
        for number in (raw.replies.get(command) or "").split()[:MOST_LAMPS]:
            found.append(SupplyReading(index=str(len(found) + 1), type=kind, level=Unknown(), part_number=number))
    return tuple(found) or None
