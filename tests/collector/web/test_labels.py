"""A level is said as it is known."""

from __future__ import annotations

import pytest

from collector.web.i18n import Words
from collector.web.labels import percent_words


@pytest.mark.parametrize(
    ("percent", "step", "english", "chinese"),
    [
        (40, 0, "40%", "40%"),
        (40, 20, "40–60%", "40–60%"),
        (90, 20, "90–100%", "90–100%"),
        (100, 20, "100%", "100%"),
        (0, 20, "under 20%", "低于 20%"),
        (33.4, 10, "33–43%", "33–43%"),
    ],
)
def test_a_level_in_steps_is_a_span(percent: float, step: int, english: str, chinese: str) -> None:
    assert percent_words(Words("en"), percent, step) == english
    assert percent_words(Words("zh"), percent, step) == chinese
