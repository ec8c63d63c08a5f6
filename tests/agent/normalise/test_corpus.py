"""Recorded devices nobody of us made, against what a correct reader makes of them, by the corpus's own measure."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from agent.identify_cli import identify
from agent.inspect import inspect_capture, record
from mibs.catalogue import load
from tests.shared_data import shared

pytestmark = pytest.mark.shared

SNMP_PRECISION, SNMP_RECALL = 0.99, 0.98
IDENTIFY_PRECISION, IDENTIFY_RECALL = 0.99, 0.98


def score(tmp_path: Path, only: str) -> dict[str, Any]:
    """The total of score.py for outputs in `tmp_path`, with its list of misses under "misses"."""
    result = tmp_path / "score.json"
    command = [sys.executable, str(shared("corpus", "score.py")), str(shared("corpus", "expected")), str(tmp_path)]
    options = ["--json", str(result), "--quiet", "--only", only]
    subprocess.run([*command, *options], check=True, capture_output=True, timeout=60)
    told = json.loads(result.read_text("utf-8"))
    return {**told["total"], "misses": {name: misses for name, misses in told["misses"].items() if misses}}


def test_recorded_walks_are_read_right(tmp_path: Path) -> None:
    catalogue = load()
    for path in sorted(shared("corpus", "snmp").glob("*.snmprec")):
        found = record(inspect_capture(path, catalogue), path.stem)
        (tmp_path / f"{path.stem}.json").write_text(json.dumps(found, default=str), "utf-8")
    told = score(tmp_path, "snmp_")
    assert told["devices"]["precision"] >= SNMP_PRECISION, told["misses"]
    assert told["devices"]["recall"] >= SNMP_RECALL, told["misses"]


def test_texts_of_all_kinds_of_things_are_told_apart(tmp_path: Path) -> None:
    asked = shared("corpus", "identify", "identify.jsonl").read_text("utf-8")
    answered = CliRunner().invoke(identify, input=asked)
    assert answered.exit_code == 0, answered.output
    (tmp_path / "identify.jsonl").write_text(answered.stdout, "utf-8")
    told = score(tmp_path, "no device")
    assert told["identify"]["precision"] >= IDENTIFY_PRECISION, told["misses"]
    assert told["identify"]["recall"] >= IDENTIFY_RECALL, told["misses"]
