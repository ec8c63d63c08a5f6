"""An exported list opens in a spreadsheet as it reads on the page."""

from __future__ import annotations

import csv
import io
import re

import pytest

from tests.collector.web.conftest import Visitor

MOMENTS = {
    "/devices?q=ColourWorks": "Heard",
    "/orders?show=all": "Ordered",
    "/tickets?show=all": "Opened",
    "/alerts?show=raised": "Raised",
    "/mails": "Written",
    "/agents": "Heard",
}


@pytest.mark.parametrize("path", MOMENTS)
async def test_moments_are_dates_for_a_spreadsheet_and_name_their_zone(visitor: Visitor, path: str) -> None:
    answer = await visitor.get(f"{path}{'&' if '?' in path else '?'}format=csv", "dispatcher")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows
    for row in rows:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", row[MOMENTS[path]]), row
        assert row["Time zone"] == "Europe/Berlin"


async def test_the_kind_is_said_in_the_reader_s_words(visitor: Visitor) -> None:
    assert ",扫描仪," in (await visitor.get("/devices?format=csv", lang="zh")).text
