"""Fault: the device complains of something that a person has to see to."""

from __future__ import annotations

from collections.abc import Iterable

from alerts.rules.judgement import Judgement
from fleet.alert import Observation
from fleet.fault import Fault, Severity

NAME = "fault"
_ORDER = (Severity.CRITICAL, Severity.WARNING, Severity.OTHER)


def judge(faults: Iterable[Fault] | None, left_out: frozenset[str]) -> Judgement:
    """One observation per cause, the worst complaint speaking for it. `left_out`: causes other rules care for.
    faults None: the device was not asked, so nothing can be told."""
    if faults is None:
        return Judgement(rule=NAME, blind=True)
    worst: dict[str, Fault] = {}
    for fault in faults:
        if fault.informative or fault.cause in left_out:
            continue
        subject = _subject(fault)
        if subject not in worst or _ORDER.index(fault.severity) < _ORDER.index(worst[subject].severity):
            worst[subject] = fault
    return Judgement(rule=NAME, seen=tuple(_observation(subject, fault) for subject, fault in worst.items()))


def _subject(fault: Fault) -> str:
    """The cause; what the catalogue does not know is told apart by its code and group."""
    if fault.cause != "unrecognised":
        return fault.cause
    return f"unrecognised {fault.group or '-'} {fault.code or fault.vendor_code or (fault.text or '-')[:60]}"[:120]


def _observation(subject: str, fault: Fault) -> Observation:
    said = {"text": fault.text, "code": fault.code, "vendor_code": fault.vendor_code, "group": fault.group}
    evidence = {key: value for key, value in (said | {"location": fault.location}).items() if value}
    text = fault.text or fault.cause
    return Observation(
        rule=NAME, subject=subject, severity=fault.severity, cause=fault.cause, text=text, evidence=evidence
    )
