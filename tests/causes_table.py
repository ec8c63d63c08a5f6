"""docs/causes.md: what every cause is called over each protocol, and what makers call it themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from mibs.alert_names import FINISHERS, GROUP_NAMES, NAMES, keyword_of
from mibs.catalogue import Catalogue, load
from mibs.cause import Cause

HEAD = """# Causes

Made from the rows of `mibs/causes`. Whatever a device says of trouble, over any protocol and in any language, becomes
one of these causes; a ticket takes its steps and parts from there. What no row knows stays as it was sent and is shown
as *{unrecognised}*: group, code and text are kept, and nothing is guessed.

- **who** can help if the device itself does not say (prtAlertTrainingLevel): anybody, the trained user, a technician
- **alert codes** are those of prtAlertCode (IANA-PRINTER-MIB, PWG 5107.3). `8:13` is code 13 where the group is 8
  (input), `11:12:ink` where the supply is ink besides; *finisher 8* is code 8 of every finishing device, 30208 to
  31808.
- **keywords** are those of printer-state-reasons. Each registered code is a keyword by its name too (`media-path-jam`
  for mediaPathJam), and any of them may end in `-report`, `-warning` or `-error`.
- *At rest* marks what is no fault: no ticket, no mail.

## What the protocols call it
"""


def causes() -> str:
    catalogue = load()
    unrecognised = catalogue.cause("unrecognised").title["en"]
    parts = [HEAD.format(unrecognised=unrecognised), *_causes(catalogue), "", *_groups(), "", *_makers(catalogue)]
    return "\n".join(parts) + "\n"


def _causes(catalogue: Catalogue) -> Iterator[str]:
    yield "| cause | severity | who | alert codes | error bits | keywords | eSCL | PJLink |"
    yield "| --- " * 8 + "|"
    claims = [
        _turned(catalogue.by_alert),
        _turned(catalogue.by_condition),
        _turned(_own_keywords(catalogue)),
        _turned(catalogue.by_escl),
        _turned(catalogue.by_pjlink),
    ]
    for cause in sorted(catalogue.causes.values(), key=lambda cause: (cause.informative, cause.title["en"])):
        called = [claim.get(cause.key, []) for claim in claims]
        called[0] = list(_codes(called[0]))
        yield f"| {_title(cause)} | {' | '.join((_rated(cause), *(', '.join(words) or '-' for words in called)))} |"


def _title(cause: Cause) -> str:
    return f"**{cause.title['en']}** {cause.title['zh']}<br>`{cause.key}`"


def _rated(cause: Cause) -> str:
    return "at rest | -" if cause.informative else f"{cause.severity} | {cause.actor}"


def _turned(claims: Mapping[Any, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word, cause in claims.items():
        found.setdefault(cause, []).append(str(word))
    return found


def _own_keywords(catalogue: Catalogue) -> dict[str, str]:
    """Keywords that are more than the name of a code with the same cause."""
    by_name = {keyword_of(name): catalogue.by_alert.get(str(code)) for code, name in NAMES.items()}
    return {
        word: key
        for word, key in catalogue.by_reason.items()
        if by_name.get(word) != key and by_name.get(f"{word}-error") != key
    }


def _codes(claims: Iterable[str]) -> Iterator[str]:
    """The claims in the order of their numbers; a code that all finishers share once."""
    claims = list(claims)
    finishers = {code for code in range(100) if {str(d * 100 + code) for d in FINISHERS} & {*claims}}
    for claim in sorted(claims, key=lambda claim: [int(part) if part.isdigit() else 0 for part in claim.split(":")]):
        if not (claim.isdigit() and int(claim) // 100 in FINISHERS):
            yield f"{NAMES[int(claim)]} {claim}" if claim.isdigit() else claim
    for code in sorted(finishers):
        own = [str(device * 100 + code) for device in FINISHERS if str(device * 100 + code) in claims]
        yield f"finisher {code}" if len(own) > len(FINISHERS) // 2 else ", ".join(f"{NAMES[int(c)]} {c}" for c in own)


def _groups() -> Iterator[str]:
    yield "## Groups\n"
    yield ", ".join(f"{number} {name}" for number, name in GROUP_NAMES.items())


def _makers(catalogue: Catalogue) -> Iterator[str]:
    yield "## What makers call it\n"
    yield "One example for every row of `mibs/causes/codes`. A maker's code counts only at the beginning of a text, in"
    yield "brackets or behind a word that announces it, so that models, order codes and page counts are none.\n"
    names = {vendor.key: vendor.name for vendor in catalogue.vendors}
    for vendor, sayings in groupby(catalogue.sayings, key=lambda saying: saying.vendor):
        yield f"### {names.get(vendor or '', 'Any maker')}\n"
        yield "| for example | means | cause |"
        yield "| --- | --- | --- |"
        for saying in sayings:
            cause = catalogue.cause(saying.cause).title["en"]
            yield f"| {_examples(saying.examples)} | {saying.means or '-'} | {cause} |"
        yield ""


def _examples(examples: Iterable[str]) -> str:
    return ", ".join(f"`{example}`" for example in examples)
