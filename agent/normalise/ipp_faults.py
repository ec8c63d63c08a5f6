"""What a printer complains of: printer-state-reasons (RFC 8011 section 5.4.12), printer-alert (PWG 5100.9)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from agent.ipp.raw import IppRaw
from agent.normalise.alert_causes import better_cause, vendor_code_in
from agent.normalise.pairs import pairs_of, unglued
from fleet.fault import Actor, Condition, Fault, Health, Severity
from fleet.kit.text import clean, clean_or_none
from mibs.alert_names import CODES, GROUPS, number_of
from mibs.catalogue import UNRECOGNISED, Catalogue

MOST = 64
STOPPED = 5

_ACTORS: Mapping[str, Actor] = {
    "untrained": Actor.USER, "3": Actor.USER, "trained": Actor.KEY_OPERATOR, "4": Actor.KEY_OPERATOR,
    "fieldservice": Actor.TECHNICIAN, "5": Actor.TECHNICIAN, "management": Actor.MANAGEMENT,
    "6": Actor.MANAGEMENT, "nointerventionrequired": Actor.NOBODY, "7": Actor.NOBODY,
}  # fmt: skip
_CONDITIONS: Mapping[str, Condition] = {
    "media-low": Condition.LOW_PAPER, "media-empty": Condition.NO_PAPER, "toner-low": Condition.LOW_TONER,
    "ink-low": Condition.LOW_TONER, "toner-empty": Condition.NO_TONER, "ink-empty": Condition.NO_TONER,
    "door-open": Condition.DOOR_OPEN, "media-jam": Condition.JAMMED, "device-offline": Condition.OFFLINE,
    "service-requested": Condition.SERVICE_REQUESTED, "input-tray-missing": Condition.INPUT_TRAY_MISSING,
    "supply-low": Condition.LOW_TONER, "supply-empty": Condition.NO_TONER, "ribbon-empty": Condition.NO_TONER,
    "output-tray-missing": Condition.OUTPUT_TRAY_MISSING, "supply-missing": Condition.MARKER_SUPPLY_MISSING,
    "output-full": Condition.OUTPUT_FULL, "maintenance-overdue": Condition.OVERDUE_MAINTENANCE,
    "output-near-full": Condition.OUTPUT_NEAR_FULL, "ribbon-low": Condition.LOW_TONER,
    "waste-box-missing": Condition.MARKER_SUPPLY_MISSING, "finisher-open": Condition.DOOR_OPEN,
    "finisher-jam": Condition.JAMMED, "cutter-jam": Condition.JAMMED,
}  # fmt: skip
_NOTHING = re.compile(
    r"\A\s*(?:|none|non-alert|other|unknown|idle|ready|processing|printing|copying|online)\s*\Z"
    r"|sleep|power ?save|initiali[sz]ing|(?<!non)(?<!non[- ])(?<!not )genuine|cancel ?job"
    r"|level ?change|system ?ready|in ?progress|job ?completed",
    re.IGNORECASE,
)
_INK: Mapping[str, str] = {"toner-low": "ink-low", "toner-empty": "ink-empty"}
"""IPP has one word for toner and ink; a device that holds only ink means that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who complains: `vendor` is the key of the maker, `ink` whether it prints with ink alone."""

    vendor: str | None = None
    ink: bool = False


def reasons_of(raw: IppRaw) -> tuple[str, ...] | None:
    """The keywords that say something; None where the printer did not answer the question."""
    if "printer-state-reasons" not in raw.attributes:
        return None
    words = (clean(text).lower() for text in raw.texts("printer-state-reasons")[:MOST])
    return tuple(dict.fromkeys(word for word in words if word and word != "none"))


def causes_of(reasons: tuple[str, ...], catalogue: Catalogue) -> frozenset[str]:
    return frozenset(catalogue.cause_for_reason(word)[0] for word in reasons)


def health_of(state: int | None, reasons: tuple[str, ...] | None, catalogue: Catalogue) -> Health | None:
    """The worst of printer-state and the reasons: an idle printer may have an -error reason, and both are true."""
    if state is None and reasons is None:
        return None
    severities = {_severity(word, catalogue) for word in reasons or ()}
    if state == STOPPED or Severity.CRITICAL in severities:
        return Health.ERROR
    if Severity.WARNING in severities:
        return Health.WARNING
    return Health.OK


def _severity(word: str, catalogue: Catalogue) -> Severity:
    """As the suffix says; a bare fault word counts as the catalogue rates it, any other bare word is a report."""
    key, told = catalogue.cause_for_reason(word)
    if told is not None:
        return told
    cause = catalogue.cause(key)
    return Severity.OTHER if key == UNRECOGNISED or cause.informative else cause.severity


def conditions_of(reasons: tuple[str, ...] | None, catalogue: Catalogue) -> tuple[Condition, ...] | None:
    """The reasons in the words of hrPrinterDetectedErrorState, in the order of its bits."""
    if reasons is None:
        return None
    found: set[Condition] = set()
    for word in reasons:
        if condition := _CONDITIONS.get(catalogue.cause_for_reason(word)[0]):
            found.add(condition)
    return tuple(condition for condition in Condition if condition in found)


def faults_of(
    raw: IppRaw, reasons: tuple[str, ...] | None, health: Health | None, catalogue: Catalogue, speaker: Speaker
) -> tuple[Fault, ...] | None:
    """One fault per reason, joined with the alert rows that are true now.

    A vague reason ("other-error") gives way to the alert row that names the cause.
    """
    rows = _alert_faults(raw, health, catalogue, speaker)
    if reasons is None:
        return rows or None
    faults = [_reason_fault(word, catalogue, speaker) for word in reasons]
    named = {row.cause for row in rows}
    faults = [f for f in faults if f.cause not in named and not (named and catalogue.cause(f.cause).vague)]
    return (*rows, *faults)


def _reason_fault(word: str, catalogue: Catalogue, speaker: Speaker) -> Fault:
    key, told = catalogue.cause_for_reason(word)
    # A report is information (RFC 8011 section 5.4.12), except of what a person could see with his own eyes.
    report = told is Severity.OTHER and key not in _CONDITIONS
    cause = catalogue.cause(_INK.get(key, key) if speaker.ink else key)
    return Fault(
        cause=cause.key,
        severity=_fault_severity(cause.severity, told),
        actor=cause.actor,
        code=word[:80],
        informative=cause.informative or report or (key == UNRECOGNISED and told is None),
    )


def _fault_severity(by_catalogue: Severity, told: Severity | None) -> Severity:
    """The suffix, with one exception: some servers take it from printer-state, so that a jam of an idle printer is
    only a "-report". Then the catalogue's word counts, one step down."""
    if told is Severity.OTHER:
        return Severity.WARNING if by_catalogue is Severity.CRITICAL else Severity.OTHER
    return told or by_catalogue


def _alert_faults(raw: IppRaw, health: Health | None, catalogue: Catalogue, speaker: Speaker) -> tuple[Fault, ...]:
    """The rows that agree with the state. Many printers keep a history in this table: a past "cover open" of a
    printer that reports no trouble is over."""
    texts = raw.texts("printer-alert")[:MOST]
    descriptions = [clean_or_none(unglued(text)) for text in raw.texts("printer-alert-description")[:MOST]]
    allowed = {Health.ERROR: ("critical", "warning", "warningbinarychangeevent"), Health.WARNING: ("warning",)}
    faults: dict[tuple[str, str | None], Fault] = {}
    for place, text in enumerate(texts):
        row = pairs_of(text)
        description = descriptions[place] if len(descriptions) == len(texts) else None
        severity = _severity_word(row.get("severity", ""))
        if severity not in allowed.get(health or Health.OK, ()) or _is_nothing(row, description):
            continue
        fault = _row_fault(row, description, catalogue, speaker)
        faults[(fault.cause, fault.text)] = fault  # the last entry is the newest
    return tuple(faults.values())


def _severity_word(text: str) -> str:
    """The severity in front: some servers forget the separator after it ("criticalother")."""
    lowered = text.lower()
    words = ("critical", "warningbinarychangeevent", "warning", "other")
    numbered = {"3": "critical", "4": "warning", "5": "warning", "1": "other"}.get(lowered)
    return numbered or next((word for word in words if lowered.startswith(word)), "other")


def _is_nothing(row: Mapping[str, str], description: str | None) -> bool:
    named = number_of(CODES, row.get("code")) or 0
    return named <= 2 and bool(_NOTHING.search(description or ""))


def _row_fault(row: Mapping[str, str], description: str | None, catalogue: Catalogue, speaker: Speaker) -> Fault:
    told = Severity.CRITICAL if _severity_word(row.get("severity", "")) == "critical" else Severity.WARNING
    said = catalogue.said_in(description, speaker.vendor)
    key = catalogue.cause_for_alert(number_of(GROUPS, row.get("group")), number_of(CODES, row.get("code")))
    # Keywords stand in the code or in the text: "cartridgeMissing", "Media Error: Media Mismatch".
    texts = (_said(row.get("code")), description, (description or "").rpartition(":")[2])
    cause = catalogue.cause(better_cause(key, catalogue, texts, said, critical=told is Severity.CRITICAL))
    return Fault(
        cause=cause.key,
        severity=told,
        actor=_ACTORS.get(row.get("training", "").lower(), cause.actor),
        group=_said(row.get("group")),
        code=_said(row.get("code")),
        location=clean_or_none(row.get("location")),
        text=description,
        vendor_code=vendor_code_in(description, said),
        informative=cause.informative,
    )


def _said(word: str | None) -> str | None:
    """A registered word; "other" and "unknown" say nothing."""
    return None if not word or word.lower() in ("other", "unknown", "1", "2", "-1", "-2") else word[:80]
