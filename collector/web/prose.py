"""Facts of a device in sentences: faults, causes and steps in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collector.web.i18n import Words
from collector.web.labels import COUNTERS, FACTS, SEVERITIES, SPEAKING, slot_title
from collector.web.sentences import told
from fleet.fault import Fault
from mibs.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultView:
    look: str
    title: str
    said: str
    since: str


def cause_title(words: Words, catalogue: Catalogue, key: str) -> str:
    return catalogue.cause(key).title[words.language]


def first_steps(words: Words, catalogue: Catalogue, key: str) -> tuple[str, ...]:
    return catalogue.cause(key).steps[words.language]


def fault_views(words: Words, catalogue: Catalogue, faults: tuple[Fault, ...] | None, timezone: str) -> list[FaultView]:
    """What is wrong, worst first; rows that say nothing is wrong are left out."""
    order = ("critical", "warning", "other")
    wrong = sorted((f for f in faults or () if not f.informative), key=lambda f: order.index(f.severity))
    return [
        FaultView(
            look=SEVERITIES[fault.severity],
            title=cause_title(words, catalogue, fault.cause),
            said=" · ".join(part for part in (fault.text, fault.vendor_code) if part),
            since=words.moment(fault.since, timezone) if fault.since else "",
        )
        for fault in wrong
    ]


def because(words: Words, evidence: Mapping[str, Any], timezone: str | None) -> str:
    """The evidence of an alert, or the facts of an event, as one line."""
    return _line(words, evidence, timezone)[:300]


CODES = ("code", "vendor_code", "group", "location")
"""Facts that say something to the maker's service alone."""


def words_and_codes(words: Words, evidence: Mapping[str, Any], timezone: str | None) -> tuple[str, str]:
    """The evidence of an alert: what a person reads first, and the raw codes that belong in a fold."""
    codes = {name: value for name, value in evidence.items() if name in CODES}
    spoken = {name: value for name, value in evidence.items() if name not in CODES}
    return because(words, spoken, timezone), because(words, codes, timezone)


def _line(words: Words, facts: Mapping[str, Any], timezone: str | None) -> str:
    known = dict(facts)
    supply, before, after = known.pop("supply", None), known.pop("before", None), known.pop("after", None)
    if "reason" in known:
        known.pop("percent", None)
    parts = [f"{_value(words, before, timezone)} → {_value(words, after, timezone)}"] if after is not None else []
    parts += [_fact(words, name, value, timezone) for name, value in known.items() if value not in (None, "", [])]
    text = " · ".join(parts)
    return words.pair(slot_title(words, str(supply)), text) if supply else text


def _fact(words: Words, name: str, value: Any, timezone: str | None) -> str:
    said = _value(words, value, timezone)
    if name in SPEAKING:
        return told(words, said)
    return words.pair(words._(FACTS.get(name) or COUNTERS.get(name) or name), said)


def _value(words: Words, value: Any, timezone: str | None) -> str:
    if isinstance(value, Mapping):
        return _line(words, value, timezone)
    if isinstance(value, list | tuple):
        return words.listed([told(words, str(item)) for item in value])
    if isinstance(value, int | float):
        return words.number(value)
    try:
        return words.moment(datetime.fromisoformat(str(value)), timezone) if "T" in str(value) else str(value)
    except ValueError:
        return str(value)


def paper(text: str | None) -> str:
    """The name people use of a paper: iso_a4_210x297mm (PWG 5101.1 section 5) is A4."""
    parts = (text or "").split("_")
    if len(parts) != 3 or not parts[2][:1].isdigit():
        return text or ""
    name = parts[1].replace("-", " ")
    return name.upper() if len(name) <= 3 else name.capitalize()
