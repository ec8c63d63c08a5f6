"""Facts of a device in sentences: faults, causes and steps in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from collector.web.i18n import Words
from collector.web.labels import SEVERITIES
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
