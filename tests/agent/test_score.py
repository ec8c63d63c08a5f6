"""Recorded devices nobody of us made, against what a correct reader makes of them: the score per field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.agent.corpus import Score, score, write_records
from tests.shared_data import shared

pytestmark = pytest.mark.shared

PRECISION, RECALL, IDENTIFY_F1 = 0.995, 0.97, 0.97
NEVER_INVENTED = ("supplies.level_pct", "serial", "counters.")
"""Bills and orders hang on them: one wrong value is one too many."""


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("records")
    expected = {path.stem for path in shared("corpus", "expected").glob("*.json")}
    assert write_records(folder) >= len(expected) > 80, "every device of the truth has its record"
    return folder


@pytest.fixture(scope="module")
def scored(records: Path) -> Score:
    return score(records)


def test_the_score_of_every_field_is_told(scored: Score, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{scored.told}")
    assert "device outputs not found" not in scored.told
    assert len(scored.fields) > 40


def test_no_value_is_invented(scored: Score) -> None:
    assert scored.totals["devices"]["precision"] >= PRECISION, scored.misses


def test_what_the_devices_say_is_read(scored: Score) -> None:
    assert scored.totals["devices"]["recall"] >= RECALL, scored.misses


def test_levels_counters_and_serial_numbers_are_right_or_absent(scored: Score) -> None:
    fields = [name for name in scored.fields if name.startswith(NEVER_INVENTED)]
    assert len(fields) > 8
    assert {name: scored.precision(name) for name in fields if scored.precision(name) < 1} == {}, scored.misses


def test_texts_of_all_kinds_of_things_are_told_apart(scored: Score) -> None:
    assert scored.totals["identify"]["f1"] >= IDENTIFY_F1, scored.misses


def test_no_switch_router_or_ups_is_taken_for_a_printer(records: Path) -> None:
    truth = [
        json.loads(line) for line in shared("corpus", "expected", "identify.jsonl").read_text("utf-8").splitlines()
    ]
    told = {row["name"]: row for row in map(json.loads, (records / "identify.jsonl").read_text("utf-8").splitlines())}
    others = [row["name"] for row in truth if row["kind"] == ["other"]]
    assert len(others) > 100
    assert [name for name in others if told[name]["kind"] != "other"] == []
