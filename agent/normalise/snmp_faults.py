"""What an SNMP device complains of: prtAlertTable (RFC 3805 section 2.2.18) and hrPrinterDetectedErrorState."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from agent.normalise.snmp_answers import HR_PRINTER, PRT, Answers, Row, dotted, number_in
from fleet.fault import Actor, Condition, Fault, Severity
from fleet.supply import SupplyType
from mibs.catalogue import UNRECOGNISED, Catalogue

_SEVERITY = {1: Severity.OTHER, 3: Severity.CRITICAL, 4: Severity.WARNING, 5: Severity.WARNING}
_CRITICAL = 3
_ACTORS = {3: Actor.USER, 4: Actor.KEY_OPERATOR, 5: Actor.TECHNICIAN, 6: Actor.MANAGEMENT, 7: Actor.NOBODY}
_CONDITIONS = tuple(Condition)
_SUPPLIES = 11
_UNSPECIFIC = 2
"""Codes up to unknown(2) say nothing."""
_VENDOR_CODE = re.compile(r"\A(\d{2}-\d{3})\s+|\{(\w+)\}\s*\Z")
_AT_EASE = re.compile(
    r"sleep|energy sav|energiespar|power ?sav|(?<!not )\bready\b|\bbereit\b|\bidle\b|warm(?:ing)?[ -]?up|uyku"
    r"|oczekiwanie|u[sś]pieni|请等待|休眠|待机|спящ|veille|reposo|riposo",
    re.IGNORECASE,
)
"""Panel texts of a device that waits or sleeps."""

Told = Mapping[int, set[str]]
"""Supply index -> causes that alert rows tell of it."""


def conditions(answers: Answers) -> tuple[Condition, ...] | None:
    """The bits of hrPrinterDetectedErrorState, the most significant of the first octet first (RFC 2790)."""
    rows = [v for _, v in answers.under((*HR_PRINTER, 2)) if isinstance(v, bytes)]
    if not rows:
        return None
    bits = rows[0][:2]
    return tuple(
        condition
        for position, condition in enumerate(_CONDITIONS)
        if position // 8 < len(bits) and bits[position // 8] & 0x80 >> position % 8
    )


def faults(
    answers: Answers, catalogue: Catalogue, taken_at: datetime, types: Mapping[int, SupplyType]
) -> tuple[Fault, ...] | None:
    """The alert table, and error bits that no alert row speaks of: some devices fill only one of the two.

    None where the table was cut short: half of it would clear faults that are still there.
    """
    rows = answers.table((*PRT, 18, 1, 1))
    bits = conditions(answers)
    if not answers.came_whole((*PRT, 18, 1, 1)):
        return None
    if not rows and bits is None and not answers.printers:
        return None
    found = [_fault(answers, catalogue, index, row, taken_at, types) for index, row in sorted(rows.items())]
    ink = SupplyType.INK in types.values() and SupplyType.TONER not in types.values()
    return tuple(found + _of_bits(catalogue, bits or (), {fault.cause for fault in found}, ink=ink))


def told_of_supplies(answers: Answers, found: Sequence[Fault] | None) -> Told:
    """Which supply a complaint is about: prtAlertGroupIndex is the row in that group's table."""
    told: dict[int, set[str]] = {}
    rows = {dotted(index): row for index, row in answers.table((*PRT, 18, 1, 1)).items()}
    for fault in found or ():
        row = rows.get(fault.index or "", {})
        supply = number_in(row, 5)
        if number_in(row, 4) == _SUPPLIES and supply is not None and supply > 0:
            told.setdefault(supply, set()).add(fault.cause)
    return told


def _of_bits(catalogue: Catalogue, bits: Sequence[Condition], told: set[str], *, ink: bool) -> list[Fault]:
    """Faults for the bits that no cause in `told` explains. The bits say toner where an ink device means its ink."""
    found = []
    for condition in bits:
        key = catalogue.cause_for_condition(condition)
        cause = catalogue.cause(_INK.get(key, key) if ink else key)
        if cause.key in told or _COVERED.get(condition, frozenset()) & told:
            continue
        # "Service requested" beside a named failure is that failure, not a second one.
        if condition is Condition.SERVICE_REQUESTED and any(_is_for_technician(catalogue, key) for key in told):
            continue
        told.add(cause.key)
        found.append(
            Fault(
                cause=cause.key,
                severity=cause.severity,
                actor=cause.actor,
                code=condition.value,
                informative=cause.informative,
            )
        )
    return found


def _is_for_technician(catalogue: Catalogue, key: str) -> bool:
    cause = catalogue.cause(key)
    return cause.actor is Actor.TECHNICIAN and not cause.informative


_INK: Mapping[str, str] = {"toner-low": "ink-low", "toner-empty": "ink-empty"}
_COVERED: Mapping[Condition, frozenset[str]] = {
    Condition.LOW_TONER: frozenset({"ink-low", "supply-low", "toner-empty", "ink-empty", "ribbon-empty"}),
    Condition.NO_TONER: frozenset({"ink-empty", "supply-empty", "ribbon-empty", "supply-missing"}),
    Condition.LOW_PAPER: frozenset({"media-empty"}),
    Condition.JAMMED: frozenset({"adf-jam"}),
}
"""What says the same as a bit, only better: "low toner" is also set by ink devices."""


def _fault(
    answers: Answers,
    catalogue: Catalogue,
    index: tuple[int, ...],
    row: Row,
    taken_at: datetime,
    types: Mapping[int, SupplyType],
) -> Fault:
    group, code, severity = number_in(row, 4), number_in(row, 7), number_in(row, 2)
    text = answers.cell(row, 8)
    key = _cause(catalogue, group, code, text, types.get(number_in(row, 5) or 0) if group == _SUPPLIES else None)
    cause = catalogue.cause(key)
    vendor_code = _VENDOR_CODE.search(text or "")
    return Fault(
        cause=cause.key,
        severity=_SEVERITY.get(severity or 0, Severity.OTHER),
        actor=_ACTORS.get(number_in(row, 3) or 0, cause.actor),
        group=str(group) if group is not None else None,
        code=str(code) if code is not None else None,
        index=dotted(index),
        location=str(row[6]) if isinstance(row.get(6), int) else None,
        text=text,
        vendor_code=(vendor_code[1] or vendor_code[2]) if vendor_code else None,
        since=_since(answers, row, taken_at),
        informative=cause.informative or _says_nothing(key, text, code, severity),
    )


def _cause(
    catalogue: Catalogue, group: int | None, code: int | None, text: str | None, supply: SupplyType | None
) -> str:
    """By group and code, else by the text where it is a keyword known from elsewhere; never guessed."""
    key = catalogue.cause_for_alert(group, code, supply)
    if key == UNRECOGNISED and text:
        keyword = re.sub(r"(?<=[a-z])(?=[A-Z])|[\s_]+", "-", text.rstrip(" .!")).lower()
        key = catalogue.cause_for_reason(keyword)[0]
    return key


def _says_nothing(key: str, text: str | None, code: int | None, severity: int | None) -> bool:
    """Rows that stand in the table although nothing is wrong: Ready, Sleep, event numbers, rows without content."""
    if text and severity != _CRITICAL and _AT_EASE.search(text):
        return True
    blank = not text and (code or 0) <= _UNSPECIFIC
    return blank or (key == UNRECOGNISED and severity == 1)


def _since(answers: Answers, row: Row, taken_at: datetime) -> datetime | None:
    """prtAlertTime is sysUpTime when the alert came: now minus the time since then."""
    raised, now = number_in(row, 9), answers.uptime
    if raised is None or now is None or not 0 < raised <= now:
        return None
    return taken_at - timedelta(seconds=(now - raised) / 100)
