"""Cells of exported lists stay values, whatever a device calls itself."""

from __future__ import annotations

import pytest

from collector.web.visit import cell


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_spreadsheet_takes_a_text_for_a_formula(sign: str) -> None:
    assert cell(f"{sign}HYPERLINK(1)") == f"'{sign}HYPERLINK(1)"


@pytest.mark.parametrize(("value", "text"), [(None, ""), (12, "12"), (-3.5, "-3.5"), ("-3", "-3"), ("Laser", "Laser")])
def test_numbers_and_names_stay_as_they_are(value: object, text: str) -> None:
    assert cell(value) == text
