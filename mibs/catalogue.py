"""The catalogue: every row of mibs/, loaded and checked. A wrong row names its file and line.

causes/*.toml      what a fault means            -> Cause, and what each protocol calls it
causes/codes/      what makers call it           -> Saying
vendors/*.toml     where a maker keeps things    -> Vendor
standards/*.toml   words that tell kinds apart
supplies/*.toml    order codes, and their forms  -> Part, Form
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from fleet.counter import CounterName
from fleet.fault import Condition, Severity
from fleet.reading import Kind
from mibs.cause import Cause
from mibs.cause_rows import read_causes
from mibs.part import Part, Supplies, read_supplies
from mibs.rows import File, Layers, Name, folder
from mibs.sayings import Said, Sayings
from mibs.vendor import LabelledCounters, Vendor

__all__ = ["UNRECOGNISED", "Catalogue", "Name", "Part", "Vendor", "load", "read"]

UNRECOGNISED = "unrecognised"
SUFFIXES = (("-error", Severity.CRITICAL), ("-warning", Severity.WARNING), ("-report", Severity.OTHER))
_CLIPPED_AT = 31
"""Some servers cut keyword and suffix off at this length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    causes: Mapping[str, Cause]
    vendors: tuple[Vendor, ...]
    supplies: Supplies
    kinds: tuple[tuple[Kind, re.Pattern[str]], ...]
    printer_words: re.Pattern[str]
    not_printer_words: re.Pattern[str]
    by_alert: Mapping[str, str]
    by_condition: Mapping[Condition, str]
    by_reason: Mapping[str, str]
    by_escl: Mapping[str, str]
    by_pjlink: Mapping[str, str]
    sayings: Sayings = field(default_factory=Sayings)

    def cause(self, key: str) -> Cause:
        """The cause; an unknown key is the cause "unrecognised"."""
        return self.causes.get(key) or self.causes[UNRECOGNISED]

    def cause_for_alert(self, group: int | None, code: int | None, supply: str | None = None) -> str:
        """The cause of a prtAlert row by group and code (IANA-PRINTER-MIB), and by the type of the supply it is about
        where the code alone says only "low" or "empty"."""
        claims = (f"{group}:{code}:{supply}", f"{group}:{code}", f"{code}")
        return next((self.by_alert[claim] for claim in claims if claim in self.by_alert), UNRECOGNISED)

    def cause_for_condition(self, condition: Condition) -> str:
        """The cause of a bit of hrPrinterDetectedErrorState (RFC 2790)."""
        return self.by_condition.get(condition, UNRECOGNISED)

    def cause_for_reason(self, keyword: str) -> tuple[str, Severity | None]:
        """(cause, severity said by the suffix) of an IPP printer-state-reason (RFC 8011 section 5.4.12).

        The whole word is tried before the suffix is cut off, since standard words end in -error themselves; keywords
        cut off at 31 characters are found by what is left of them.
        """
        word = keyword.strip().lower()
        if word in self.by_reason:
            return self.by_reason[word], None
        for suffix, severity in SUFFIXES:
            if word.endswith(suffix) and (plain := word.removesuffix(suffix)) in self.by_reason:
                return self.by_reason[plain], severity
        if len(word) >= _CLIPPED_AT - 1:
            for suffix, severity in SUFFIXES:
                for known, cause in self.by_reason.items():
                    if f"{known}{suffix}".startswith(word):
                        return cause, severity
        for suffix, severity in SUFFIXES:
            if word.endswith(suffix):
                return UNRECOGNISED, severity
        return UNRECOGNISED, None

    def said_in(self, text: str | None, vendor: str | None) -> Said | None:
        """What a text of a device of that maker means: the maker's own codes and words first, then anybody's."""
        return self.sayings.said_in(text, vendor)

    def vendor_of_enterprise(self, enterprise: int | None) -> Vendor | None:
        """Who owns 1.3.6.1.4.1.<enterprise>."""
        return next((vendor for vendor in self.vendors if enterprise in vendor.enterprises), None)


_VENDOR_KEYS = {
    "name", "enterprises", "words", "brands", "series", "models", "not_models", "only_with_models", "kind", "kinds",
    "model_in", "firmware_in", "oids", "counters", "sums", "labelled", "walk", "quirks",
}  # fmt: skip
_OID_KEYS = {"model", "serial", "firmware", "hostname", "device_id", "display", "lamp_hours", "extra"}


def _kinds(file: File, rows: Mapping[str, Any]) -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    for key in rows:
        if key not in set(Kind):
            raise file.wrong(key, f"no kind of device (known: {', '.join(Kind)})")
    return tuple((Kind(key), pattern) for key, group in rows.items() for pattern in file.patterns(group))


def _labelled(file: File, row: Mapping[str, Any]) -> LabelledCounters:
    file.only(row, {"labels", "values", "counters"})
    file.only(row.get("counters", {}), set(CounterName))
    return LabelledCounters(
        labels=file.object_name(row.get("labels")),
        values=file.object_name(row.get("values")),
        counters={
            CounterName(what): tuple(tuple(label.lower() for label in labels) for labels in sums)
            for what, sums in row.get("counters", {}).items()
        },
    )


def _vendor(file: File, key: str) -> Vendor:
    row = file.rows
    file.only(row, _VENDOR_KEYS)
    file.only(row.get("oids", {}), _OID_KEYS)
    for table in ("counters", "sums"):
        file.only(row.get(table, {}), set(CounterName))
    for group in row.get("sums", {}).values():
        file.only(dict.fromkeys(group), set(CounterName))
    _kinds(file, {row["kind"]: ()} if "kind" in row else {})
    if "name" not in row:
        raise file.wrong("", "needs a name")

    def names(group: Iterable[Any]) -> tuple[Name, ...]:
        return tuple(file.object_name(text) for text in group)

    return Vendor(
        key=key,
        name=row["name"],
        enterprises=tuple(row.get("enterprises", ())),
        words=(*row.get("words", ()), *row.get("brands", {})),
        brands=row.get("brands", {}),
        series=file.patterns(row.get("series", ()), start=r"\A\W*"),
        models=file.patterns(row.get("models", ())),
        not_models=file.patterns(row.get("not_models", ())),
        only_with_models=bool(row.get("only_with_models", False)),
        kind=Kind(row["kind"]) if "kind" in row else None,
        kinds=_kinds(file, row.get("kinds", {})),
        model_in=file.patterns(row.get("model_in", ()), start=""),
        firmware_in=file.patterns(row.get("firmware_in", ()), start=""),
        oids={what: names(group) for what, group in row.get("oids", {}).items()},
        counters={CounterName(what): names(group) for what, group in row.get("counters", {}).items()},
        sums={CounterName(what): tuple(map(CounterName, group)) for what, group in row.get("sums", {}).items()},
        labelled=tuple(_labelled(file, table) for table in row.get("labelled", ())),
        walk=names(row.get("walk", ())),
        quirks=tuple(row.get("quirks", ())),
    )


def _vendors(root: Traversable | Layers) -> tuple[Vendor, ...]:
    """By name, but somebody's own makers before all others: their series are looked at first."""
    found: list[tuple[File, Vendor]] = []
    owners: dict[int, str] = {}
    for file in folder(root, "vendors"):
        vendor = _vendor(file, file.key)
        for enterprise in vendor.enterprises:
            if enterprise in owners:
                raise file.wrong(str(enterprise), f"enterprise claimed by {owners[enterprise]} too")
            owners[enterprise] = vendor.key
        found.append((file, vendor))
    return tuple(vendor for _, vendor in sorted(found, key=lambda pair: (not pair[0].is_new, pair[0].key)))


def read(root: Traversable | Layers) -> Catalogue:
    """The catalogue in the folder `root`. SettingsError names file and line of the first wrong row."""
    rows = read_causes(root)
    words = next(file for file in folder(root, "standards") if file.key == "identify")
    words.only(words.rows, {"printer_words", "not_printer_words", "kinds"})
    return Catalogue(
        causes=rows.causes,
        sayings=rows.sayings,
        vendors=_vendors(root),
        supplies=read_supplies(root),
        kinds=_kinds(words, words.rows["kinds"]),
        printer_words=words.words(words.rows["printer_words"]),
        not_printer_words=words.words(words.rows["not_printer_words"]),
        by_alert=rows.claims["alerts"],
        by_condition={Condition(word): key for word, key in rows.claims["conditions"].items()},
        by_reason=rows.claims["reasons"],
        by_escl=rows.claims["escl"],
        by_pjlink=rows.claims["pjlink"],
    )


@cache
def load() -> Catalogue:
    """The catalogue that came with the program. Read once."""
    return read(files("mibs"))
