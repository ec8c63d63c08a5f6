"""Reads mibs/causes: the causes, what each protocol calls them, and the makers' own codes and words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from typing import Any

from fleet.fault import Actor, Severity
from mibs.alert_names import FINISHERS, NAMES, keyword_of
from mibs.cause import LANGUAGES, Cause
from mibs.rows import File, Layers, folder
from mibs.sayings import Saying, Sayings

CLAIMS = ("alerts", "conditions", "reasons", "escl", "pjlink")
_KEYS = {"severity", "actor", "hold_minutes", "ticket", "informative", "vague", "parts", *LANGUAGES, *CLAIMS}
_SAYING_KEYS = {"code", "text", "cause", "severity", "actor", "means", "examples"}
_FINISHER = "finisher:"

AT_EASE = frozenset({"ready", "power-saving", "warming-up"})
_NO_LETTER_BEFORE = r"(?<![a-z0-9à-ɏͰ-ӿ])"
"""A word begins here. Chinese and Japanese write without blanks: there it may begin anywhere."""

BEFORE_A_CODE = (
    r"(?:\A\W{0,3}|[(\[{]\s?|(?:error|err|code|fail(?:ure|ed)?|fault|trouble|problem|malfunction|service(?: call)?"
    r"|call|jam|stau|fehler|störung|erreur|panne|errore|guasto|fout|błąd|erro|fel|ошибка"
    r"|错误|故障|代码|维修|呼叫|卡纸|エラー|異常|障害|コード)"
    r"[\s:：.#(\[\-]{0,4})"
)
"""A maker's code counts at the beginning of a text, in brackets, or behind a word that announces it: the same letters
and figures elsewhere are models, order codes and page counts."""


@dataclass(slots=True)
class CauseRows:
    causes: dict[str, Cause] = field(default_factory=dict)
    claims: dict[str, dict[str, str]] = field(default_factory=lambda: {kind: {} for kind in CLAIMS})
    sayings: Sayings = field(default_factory=Sayings)


def read_causes(root: Traversable | Layers) -> CauseRows:
    """Every row of causes/*.toml and causes/codes/*.toml, checked."""
    found = CauseRows()
    finishers: dict[str, str] = {}
    for file in folder(root, "causes"):
        for key, row in file.rows.items():
            if key in found.causes:
                raise file.wrong(f"[{key}]", "this cause stands in another file too")
            found.causes[key] = _cause(file, key, row)
            _claim(file, key, row, found.claims, finishers)
    # What a row claims by its own number or word comes before what it has by kinship.
    found.claims["alerts"] = finishers | found.claims["alerts"]
    found.claims["reasons"] = dict(_keywords(found.claims["alerts"])) | found.claims["reasons"]
    files, makers = folder(root, "causes/codes"), _makers(root)
    rest = _not_at_ease(files)
    found.sayings = Sayings(row for file in files for row in _sayings(file, found.causes, makers, rest))
    return found


def _cause(file: File, key: str, row: Mapping[str, Any]) -> Cause:
    file.only(row, _KEYS)
    for language in LANGUAGES:
        if set(row.get(language, {})) != {"title", "steps"}:
            raise file.wrong(f"[{key}]", f"needs title and steps in {language!r}")
    try:
        return Cause(
            key=key,
            severity=Severity(row["severity"]),
            actor=Actor(row["actor"]),
            title={language: row[language]["title"] for language in LANGUAGES},
            steps={language: tuple(row[language]["steps"]) for language in LANGUAGES},
            parts=tuple(row.get("parts", ())),
            hold_minutes=float(row.get("hold_minutes", 10)),
            ticket=bool(row.get("ticket", False)),
            informative=bool(row.get("informative", False)),
            vague=bool(row.get("vague", False)),
        )
    except (KeyError, ValueError) as error:
        raise file.wrong(f"[{key}]", f"severity and actor must be known words: {error}") from error


def _claim(
    file: File, key: str, row: Mapping[str, Any], claims: dict[str, dict[str, str]], finishers: dict[str, str]
) -> None:
    for kind in CLAIMS:
        for word in row.get(kind, ()):
            if word in claims[kind]:
                raise file.wrong(str(word), f"{kind}: claimed by {claims[kind][word]} and by {key}")
            if not word.startswith(_FINISHER):
                claims[kind][word] = key
                continue
            for number in _of_every_finisher(word):
                if number in finishers:
                    raise file.wrong(str(word), f"{kind}: claimed by {finishers[number]} and by {key}")
                finishers[number] = key


def _of_every_finisher(claim: str) -> Iterator[str]:
    """ "finisher:8" is code 8 of every finishing device."""
    code = int(claim.removeprefix(_FINISHER))
    return (str(device * 100 + code) for device in FINISHERS)


def _keywords(alerts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Every registered alert name is a keyword of printer-state-reasons too (PWG 5100.9)."""
    for number, name in NAMES.items():
        if cause := alerts.get(str(number)):
            yield keyword_of(name), cause
            if name.endswith("StorageError"):  # registered without the last word too
                yield keyword_of(name.removesuffix("Error")), cause


def _makers(root: Traversable | Layers) -> frozenset[str]:
    """The keys of the makers, by their files."""
    return frozenset(file.key for file in folder(root, "vendors"))


def _not_at_ease(files: Iterable[File]) -> re.Pattern[str] | None:
    """What makes a text a complaint although it holds a word of rest."""
    for file in files:
        if words := file.rows.get("not_at_ease"):
            file.patterns(words)  # names the wrong one
            return re.compile("|".join(f"{_NO_LETTER_BEFORE}(?:{word})" for word in words), re.IGNORECASE)
    return None


def _sayings(
    file: File, causes: Mapping[str, Cause], known: frozenset[str], not_at_ease: re.Pattern[str] | None
) -> Iterator[Saying]:
    """The rows of one file, named after the maker; any.toml holds for all of them."""
    file.only(file.rows, {"say", "not_at_ease"})
    if file.key != "any" and file.key not in known:
        raise file.wrong("", f"no maker {file.key!r} in vendors/")
    for row in file.rows.get("say", ()):
        file.only(row, _SAYING_KEYS)
        if row.get("cause") not in causes:
            raise file.wrong(str(row.get("cause")), "no such cause")
        try:
            yield Saying(
                pattern=_pattern(file, row),
                cause=row["cause"],
                unless=not_at_ease if row["cause"] in AT_EASE else None,
                vendor=None if file.key == "any" else file.key,
                severity=Severity(row["severity"]) if "severity" in row else None,
                actor=Actor(row["actor"]) if "actor" in row else None,
                means=row.get("means", ""),
                examples=tuple(row.get("examples", ())),
            )
        except ValueError as error:
            raise file.wrong(str(row["cause"]), f"severity and actor must be known words: {error}") from error


def _pattern(file: File, row: Mapping[str, Any]) -> re.Pattern[str]:
    """`code`: figures that count only where a code can stand. `text`: words, wherever a word begins."""
    if ("code" in row) == ("text" in row):
        raise file.wrong(str(row.get("cause")), "needs either code or text")
    if "text" in row:
        return file.patterns((row["text"],), start=_NO_LETTER_BEFORE)[0]
    (code,) = file.patterns((row["code"],), start="")  # alone first, so that an error names what stands in the row
    return file.patterns((rf"(?P<code>{code.pattern})(?!\w| ?%)",), start=BEFORE_A_CODE)[0]
