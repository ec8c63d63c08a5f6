"""Whether a cartridge is the maker's own, refilled or a third party's: what speaks for it, and how strongly.

Never a bare claim. Devices rarely know; a chip can be copied, and a box can be opened. So the answer carries the
sentences it rests on and a confidence that never reaches certainty, and evidence that contradicts itself says unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import prod

from fleet.supply import Empty, Level, level_percent
from mibs.rows import File

ORIGIN = "origin"
"""The file of phrases in mibs/supplies."""
CERTAIN = 0.95
"""No evidence a device can give is better than this."""
ENOUGH = 0.5
RISE = 40.0
"""Percent. Shaking or a restart lifts a level by a few; what rises by more was filled or replaced."""
NEARLY_USED_UP = 5.0
FROM_SERIAL, FROM_RISE = 0.8, 0.6
LONGEST = 500


class Verdict(StrEnum):
    GENUINE = "genuine"
    REFILLED = "refilled"
    THIRD_PARTY = "third-party"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A row of origin.toml: words by which devices tell where a cartridge comes from."""

    verdict: Verdict
    confidence: float
    words: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One slot at one moment, as the history of a device keeps it; oldest first."""

    level: Level
    serial: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The answer, and what it rests on."""

    verdict: Verdict = Verdict.UNKNOWN
    confidence: float = 0.0
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidence:
    verdict: Verdict
    confidence: float
    sentence: str


def origin_of(phrases: Sequence[Phrase], texts: Iterable[str | None] = (), history: Sequence[Seen] = ()) -> Origin:
    """What speaks for the origin of one cartridge: `texts` are its description, reasons and alerts about it, `history`
    its slot so far, oldest first."""
    found = [*_said(phrases, texts), *_happened(history)]
    sums = {verdict: _together(e.confidence for e in found if e.verdict is verdict) for verdict in Verdict}
    best, next_best = sorted(sums, key=lambda verdict: -sums[verdict])[:2]
    # Two stories of which each could be true are no answer: the doubt counts against the better one.
    confidence = round(min(CERTAIN, sums[best] * (1 - sums[next_best])), 2)
    evidence = tuple(e.sentence for e in found)
    if confidence < ENOUGH:
        return Origin(evidence=evidence)
    return Origin(verdict=best, confidence=confidence, evidence=evidence)


def _together(confidences: Iterable[float]) -> float:
    return 1 - prod(1 - confidence for confidence in confidences)


def _said(phrases: Sequence[Phrase], texts: Iterable[str | None]) -> Iterator[_Evidence]:
    """The first phrase that fits a text speaks for it; the same verdict said twice is not two witnesses."""
    heard: set[Verdict] = set()
    for text in texts:
        phrase = next((p for p in phrases if p.words.search((text or "")[:LONGEST])), None)
        if phrase and phrase.verdict not in heard:
            heard.add(phrase.verdict)
            sentence = f'The device says "{(text or "")[:120]}"'
            yield _Evidence(verdict=phrase.verdict, confidence=phrase.confidence, sentence=sentence)


def _happened(history: Sequence[Seen]) -> Iterator[_Evidence]:
    yield from _serial_came_back(history)
    yield from _rose_without_another_serial(history)


def _serial_came_back(history: Sequence[Seen]) -> Iterator[_Evidence]:
    """A cartridge that was used up and is full again under its own serial number."""
    used_up: set[str] = set()
    for seen in history:
        percent = level_percent(seen.level)
        if seen.serial is None or percent is None:
            continue
        if isinstance(seen.level, Empty) or percent <= NEARLY_USED_UP:
            used_up.add(seen.serial)
        elif seen.serial in used_up and percent >= RISE:
            sentence = f"Serial number {seen.serial} was used up before and now stands at {percent:.0f} %"
            yield _Evidence(verdict=Verdict.REFILLED, confidence=FROM_SERIAL, sentence=sentence)
            return


def _rose_without_another_serial(history: Sequence[Seen]) -> Iterator[_Evidence]:
    """A large rise that lasts, while the chip stays the same."""
    told = [(seen.serial, percent) for seen in history if (percent := level_percent(seen.level)) is not None]
    for place, ((serial, before), (same, after)) in enumerate(pairwise(told)):
        later = [percent for _, percent in told[place + 2 : place + 3]]
        lasting = bool(later) and later[0] >= before + RISE
        # From nearly nothing it is told as a serial number that came back; here what was half full is full again.
        if serial and serial == same and before > NEARLY_USED_UP and after - before >= RISE and lasting:
            sentence = f"The level rose from {before:.0f} to {after:.0f} % while serial number {serial} stayed the same"
            yield _Evidence(verdict=Verdict.REFILLED, confidence=FROM_RISE, sentence=sentence)
            return


def read_phrases(file: File) -> Iterator[Phrase]:
    """The rows of origin.toml, in their order: the first that fits wins, so denials stand before what they deny."""
    file.only(file.rows, {"phrase"})
    for row in file.rows.get("phrase", ()):
        file.only(row, {"verdict", "confidence", "words"})
        (words,) = file.patterns(["|".join(row.get("words", ()))], start="")
        confidence = row.get("confidence")
        if row.get("verdict") not in set(Verdict) - {Verdict.UNKNOWN}:
            raise file.wrong(str(row.get("verdict")), "verdict is one of genuine, refilled, third-party")
        if type(confidence) is not float or not 0 < confidence <= CERTAIN or not row.get("words"):
            raise file.wrong(str(confidence), f"a phrase needs words and a confidence above 0 and up to {CERTAIN}")
        yield Phrase(verdict=Verdict(row["verdict"]), confidence=confidence, words=words)
