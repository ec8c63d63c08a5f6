"""Genuine, refilled or a third party's: never claimed without evidence, never certain."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.errors import SettingsError
from fleet.supply import Empty, Exact, Level, LowOnly, SomeLeft, Unknown
from mibs.catalogue import load
from mibs.origin import CERTAIN, ENOUGH, Origin, Seen, Verdict, origin_of, read_phrases
from mibs.rows import File

PHRASES = load().supplies.phrases


def seen(*told: tuple[float | None, str | None]) -> list[Seen]:
    def level(percent: float | None) -> Level:
        return Unknown() if percent is None else Empty() if percent == 0 else Exact(percent=percent)

    return [Seen(level=level(percent), serial=serial) for percent, serial in told]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Non-HP supply installed", Verdict.THIRD_PARTY),
        ("Non-HP Black Cartridge", Verdict.THIRD_PARTY),
        ("Nicht-HP-Verbrauchsmaterial", Verdict.THIRD_PARTY),
        ("Non-Genuine Xerox Toner", Verdict.THIRD_PARTY),
        ("Unsupported Lexmark: non Lexmark supply", Verdict.THIRD_PARTY),
        ("This is not a genuine Brother cartridge", Verdict.THIRD_PARTY),
        ("Counterfeit cartridge detected", Verdict.THIRD_PARTY),
        ("检测到非原装硒鼓", Verdict.THIRD_PARTY),
        ("marker-supply-non-oem-warning", Verdict.THIRD_PARTY),
        ("Refilled cartridge", Verdict.REFILLED),
        ("Cartouche rechargée", Verdict.REFILLED),
        ("Used Supply In Use", Verdict.REFILLED),
        ("正在使用旧耗材", Verdict.REFILLED),
        ("Genuine HP Black Cartridge", Verdict.GENUINE),
        ("Original HP supply installed", Verdict.GENUINE),
        ("原装墨粉盒", Verdict.GENUINE),
    ],
)
def test_what_devices_say_counts(text: str, verdict: Verdict) -> None:
    found = origin_of(PHRASES, [text])
    assert found.verdict is verdict
    assert ENOUGH <= found.confidence <= CERTAIN
    assert found.evidence == (f'The device says "{text}"',)


@pytest.mark.parametrize(
    "text",
    [
        "Black Cartridge HP CF410A", "Black Toner Cartridge OKI DATA CORP", "Used Toner Bottle", "Toner used up",
        "media-needed", "marker-supply-low-report", "Resttonerbehälter", "Originaleinzug", "Originals in feeder",
        "Waste Toner Box", "", None, "Cartridge is used up", "废粉盒", "Reload tray 2", "Recharge paper tray",
    ],
)  # fmt: skip
def test_ordinary_texts_say_nothing_of_the_origin(text: str | None) -> None:
    assert origin_of(PHRASES, [text]) == Origin()


def test_a_serial_that_comes_back_full_after_it_was_used_up_is_a_refill() -> None:
    found = origin_of(PHRASES, [], seen((60, "A1"), (3, "A1"), (0, "A1"), (80, "B2"), (95, "A1")))
    assert found.verdict is Verdict.REFILLED
    assert found.evidence == ("Serial number A1 was used up before and now stands at 95 %",)


def test_a_lasting_rise_without_another_serial_is_a_refill() -> None:
    found = origin_of(PHRASES, [], seen((50, "A1"), (40, "A1"), (100, "A1"), (99, "A1")))
    assert (found.verdict, found.confidence) == (Verdict.REFILLED, 0.6)
    assert "40 to 100 %" in found.evidence[0]


@pytest.mark.parametrize(
    "history",
    [
        seen((40, "A1"), (100, "B2"), (99, "B2")),
        seen((40, None), (100, None), (99, None)),
        seen((40, "A1"), (48, "A1"), (47, "A1")),
        seen((40, "A1"), (100, "A1"), (39, "A1")),
        seen((40, "A1"), (100, "A1")),
        seen((0, "A1"), (6, "A1"), (5, "A1")),
        seen((None, "A1"), (None, "A1")),
        [],
    ],
    ids=["new cartridge", "no serials", "shaken", "noise of one reading", "not yet lasting", "shaken at the end",
         "no levels", "nothing"],
)  # fmt: skip
def test_what_happens_to_every_cartridge_is_no_evidence(history: list[Seen]) -> None:
    assert origin_of(PHRASES, [], history) == Origin()


def test_levels_without_a_number_are_no_evidence() -> None:
    history = [Seen(level=level, serial="A1") for level in (SomeLeft(), LowOnly(), Unknown(), SomeLeft())]
    assert origin_of(PHRASES, [], history) == Origin()


def test_evidence_that_contradicts_itself_says_unknown_and_shows_both() -> None:
    found = origin_of(PHRASES, ["Genuine HP cartridge", "Non-HP supply"])
    assert found.verdict is Verdict.UNKNOWN
    assert found.confidence == 0
    assert len(found.evidence) == 2


def test_two_kinds_of_evidence_for_the_same_are_stronger_and_saying_it_twice_is_not() -> None:
    once = origin_of(PHRASES, ["Used supply in use"])
    twice = origin_of(PHRASES, ["Used supply in use", "Used cartridge"])
    both = origin_of(PHRASES, ["Used supply in use"], seen((0, "A1"), (90, "A1"), (90, "A1")))
    assert once.confidence == twice.confidence < both.confidence <= CERTAIN
    assert len(both.evidence) == 2


LEVELS = st.one_of(st.none(), st.floats(0, 100))


@given(
    texts=st.lists(st.one_of(st.none(), st.text(max_size=60)), max_size=4),
    told=st.lists(st.tuples(LEVELS, st.sampled_from((None, "A1", "B2"))), max_size=8),
)
def test_no_verdict_without_evidence_and_none_is_certain(
    texts: list[str | None], told: list[tuple[float | None, str | None]]
) -> None:
    found = origin_of(PHRASES, texts, seen(*told))
    assert 0 <= found.confidence <= CERTAIN
    assert (found.verdict is Verdict.UNKNOWN) == (found.confidence < ENOUGH)
    assert found.evidence or found.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('verdict = "stolen"\nconfidence = 0.5\nwords = ["x"]', "line 2: stolen: verdict is one of"),
        ('verdict = "unknown"\nconfidence = 0.5\nwords = ["x"]', "line 2: unknown: verdict is one of"),
        ('verdict = "genuine"\nconfidence = 1.0\nwords = ["x"]', "line 3: 1.0: a phrase needs"),
        ('verdict = "genuine"\nconfidence = 0.5\nwords = []', "a phrase needs words"),
        ('verdict = "genuine"\nconfidence = 0.5\nword = ["x"]', "line 4: word: unknown key"),
        ('verdict = "genuine"\nconfidence = 0.5\nwords = ["("]', "not a regular expression"),
    ],
)
def test_a_wrong_phrase_is_named(tmp_path: Path, row: str, said: str) -> None:
    path = tmp_path / "origin.toml"
    path.write_text(f"[[phrase]]\n{row}\n", "utf-8")
    with pytest.raises(SettingsError, match=rf"mibs/supplies/origin\.toml, .*{said}"):
        list(read_phrases(File(path, "supplies")))
