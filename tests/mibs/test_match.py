"""Who a text comes from: printers in the form their makers give it, and what must not pass for one."""

from __future__ import annotations

import pytest

from agent.snmp.raw import name_of
from fleet.reading import Kind
from mibs.catalogue import load
from mibs.match import match_text
from tests.mibs.spoken import OTHERS, PRINTERS

KINDS = {
    "p": Kind.PRINTER,
    "m": Kind.MFP,
    "l": Kind.LABEL_PRINTER,
    "s": Kind.SCANNER,
    "j": Kind.PROJECTOR,
}


@pytest.mark.parametrize("text", PRINTERS)
def test_a_printer_is_known_by_its_own_words(text: str) -> None:
    maker, model, kinds = PRINTERS[text]
    found = match_text(load(), text)
    assert found is not None
    assert (found.maker, found.kind in [KINDS[letter] for letter in kinds]) == (maker, True), found
    if model is not None:
        assert found.model == model


@pytest.mark.parametrize(("text", "object_id"), OTHERS)
def test_what_is_no_printer_is_not_taken_for_one(text: str, object_id: str | None) -> None:
    assert match_text(load(), text, name_of(object_id) if object_id else None) is None
