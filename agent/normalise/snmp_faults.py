"""What an SNMP device complains of: prtAlertTable (RFC 3805 section 2.2.18) and hrPrinterDetectedErrorState."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.normalise.alert_causes import better_cause, vendor_code_in
from agent.normalise.snmp_answers import HR_PRINTER, PRT, Answers, Row, dotted, number_in
from fleet.fault import Actor, Condition, Fault, Severity
from fleet.kit.text import clean
from fleet.supply import SupplyType
from mibs.catalogue import UNRECOGNISED, Catalogue

_SEVERITY = {1: Severity.OTHER, 3: Severity.CRITICAL, 4: Severity.WARNING, 5: Severity.WARNING}
_CRITICAL = 3
_ACTORS = {3: Actor.USER, 4: Actor.KEY_OPERATOR, 5: Actor.TECHNICIAN, 6: Actor.MANAGEMENT, 7: Actor.NOBODY}
_CONDITIONS = tuple(Condition)
_SUPPLIES = 11
_UNSPECIFIC = 2
"""Codes up to unknown(2) say nothing."""
PANEL = "panel"
"""The code of what only the panel tells."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who complains: `vendor` is the key of the maker, `types` what each supply is, `panel` the text on its display."""

    taken_at: datetime
    types: Mapping[int, SupplyType]
    vendor: str | None = None
    panel: str | None = None

    @property
    def has_only_ink(self) -> bool:
        return SupplyType.INK in self.types.values() and SupplyType.TONER not in self.types.values()


def faults(answers: Answers, catalogue: Catalogue, speaker: Speaker) -> tuple[Fault, ...] | None:
    """The alert table, and error bits that no alert row speaks of: some devices fill only one of the two. Where both
    are silent, the panel: some devices fill neither.

    None where the table was cut short: half of it would clear faults that are still there.
    """
    rows = answers.table((*PRT, 18, 1, 1))
    bits = conditions(answers)
    if not answers.came_whole((*PRT, 18, 1, 1)):
        return None
    if not rows and bits is None and not answers.printers:
        return None
    found = [_fault(answers, catalogue, index, row, speaker) for index, row in sorted(rows.items())]
    found += _of_bits(catalogue, bits or (), {fault.cause for fault in found}, ink=speaker.has_only_ink)
    if all(fault.informative for fault in found):
        found += _of_panel(catalogue, speaker)
    return tuple(found)


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


def _of_panel(catalogue: Catalogue, speaker: Speaker) -> list[Fault]:
    """The complaint that stands on the panel, if its words are known."""
    said = catalogue.said_in(speaker.panel, speaker.vendor)
    if said is None or (cause := catalogue.cause(said.saying.cause)).informative or cause.key == UNRECOGNISED:
        return []
    severity, actor = said.saying.severity or cause.severity, said.saying.actor or cause.actor
    text = clean(speaker.panel or "")
    return [Fault(cause=cause.key, severity=severity, actor=actor, code=PANEL, text=text, vendor_code=said.code)]


_INK: Mapping[str, str] = {"toner-low": "ink-low", "toner-empty": "ink-empty"}
_COVERED: Mapping[Condition, frozenset[str]] = {
    Condition.LOW_TONER: frozenset(
        {"ink-low", "ribbon-low", "supply-low", "toner-empty", "ink-empty", "ribbon-empty", "supply-empty"}
    ),
    Condition.NO_TONER: frozenset({"ink-empty", "supply-empty", "ribbon-empty", "supply-missing"}),
    Condition.LOW_PAPER: frozenset({"media-empty"}),
    Condition.JAMMED: frozenset({"adf-jam", "finisher-jam", "cutter-jam", "media-misfeed"}),
    Condition.DOOR_OPEN: frozenset({"finisher-open"}),
    Condition.MARKER_SUPPLY_MISSING: frozenset({"waste-box-missing", "supply-incompatible", "supply-not-seated"}),
    Condition.OUTPUT_FULL: frozenset({"finisher-full"}),
    Condition.OUTPUT_NEAR_FULL: frozenset({"finisher-full", "output-full"}),
    Condition.OVERDUE_MAINTENANCE: frozenset({"unit-life-over", "rollers-worn"}),
}
"""What says the same as a bit, only better: "low toner" is also set by ink devices."""


def _fault(answers: Answers, catalogue: Catalogue, index: tuple[int, ...], row: Row, speaker: Speaker) -> Fault:
    group, code, severity = number_in(row, 4), number_in(row, 7), number_in(row, 2)
    text = answers.cell(row, 8)
    said = catalogue.said_in(text, speaker.vendor)
    supply = speaker.types.get(number_in(row, 5) or 0) if group == _SUPPLIES else None
    key = catalogue.cause_for_alert(group, code, supply)
    cause = catalogue.cause(better_cause(key, catalogue, (text,), said, critical=severity == _CRITICAL))
    actor = said.saying.actor if said and said.saying.cause == cause.key else None
    return Fault(
        cause=cause.key,
        severity=_SEVERITY.get(severity or 0, Severity.OTHER),
        actor=_ACTORS.get(number_in(row, 3) or 0, actor or cause.actor),
        group=str(group) if group is not None else None,
        code=str(code) if code is not None else None,
        index=dotted(index),
        location=str(row[6]) if isinstance(row.get(6), int) else None,
        text=text,
        vendor_code=vendor_code_in(text, said),
        since=_since(answers, row, speaker.taken_at),
        informative=cause.informative or _says_nothing(cause.key, text, code, severity),
    )


def _says_nothing(key: str, text: str | None, code: int | None, severity: int | None) -> bool:
    """Rows that stand in the table although nothing is wrong: event numbers, rows without content."""
    blank = not text and (code or 0) <= _UNSPECIFIC
    return blank or (key == UNRECOGNISED and severity == 1)


def _since(answers: Answers, row: Row, taken_at: datetime) -> datetime | None:
    """prtAlertTime is sysUpTime when the alert came: now minus the time since then."""
    raised, now = number_in(row, 9), answers.uptime
    if raised is None or now is None or not 0 < raised <= now:
        return None
    return taken_at - timedelta(seconds=(now - raised) / 100)
