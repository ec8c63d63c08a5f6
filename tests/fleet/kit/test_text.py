"""Texts of devices are harmless after one cleaning, and stay as they are after a second."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.kit.text import clean, clean_or_none

wild = st.text(alphabet=st.characters(codec=None), max_size=400) | st.text(
    alphabet="a \t\n\x00\x1b\u202e\u2066\u200f\u00a0\u2028中", max_size=600
)


@given(wild, st.integers(1, 300))
def test_clean_is_short_and_has_no_control_or_bidi_characters(text: str, limit: int) -> None:
    done = clean(text, limit)
    assert len(done) <= limit
    assert done == done.strip()
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in done)
    assert not any(
        unicodedata.bidirectional(char) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
        for char in done
    )


@given(wild, st.integers(1, 300))
def test_cleaning_twice_is_cleaning_once(text: str, limit: int) -> None:
    once = clean(text, limit)
    assert clean(once, limit) == once


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("  HP   LaserJet\r\n4 ", "HP LaserJet 4"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("就绪\u3000纸盒", "就绪 纸盒"),
        ("\ud800", ""),
    ],
)
def test_examples(text: str, done: str) -> None:
    assert clean(text) == done


def test_printable_characters_stay_as_they_are() -> None:
    """The short way of `clean` leaves these alone, so none of them may be one that has to go."""
    printable = [char for char in map(chr, range(sys.maxunicode + 1)) if char.isprintable()]
    assert {unicodedata.category(char)[0] for char in printable} <= set("LMNPSZ")
    assert [char for char in printable if char.isspace()] == [" "]


def test_nothing_left_is_none() -> None:
    assert clean_or_none("\x00 \n") is None
    assert clean_or_none(None) is None
