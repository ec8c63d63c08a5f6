"""The recorded devices, and the measure that compares our records of them with the truth."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from agent.identify_cli import identify
from agent.inspect import inspect_capture, record
from mibs.catalogue import load
from tests.shared_data import shared

KINDS = ("snmp", "ipp", "errors", "escl", "mdns", "pjlink")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """`fields`: name -> right, wrong or invented, missed. `misses`: device -> lines. `told`: the table as printed."""

    fields: dict[str, tuple[int, int, int]]
    totals: dict[str, dict[str, float]]
    misses: dict[str, list[str]]
    told: str

    def precision(self, field: str) -> float:
        right, wrong, _ = self.fields[field]
        return right / (right + wrong) if right + wrong else 1.0


def write_records(folder: Path) -> int:
    """What `pagewarden inspect --json` tells of every recorded answer, and `pagewarden identify` of every text."""
    catalogue, written = load(), 0
    for kind in KINDS:
        captures = sorted(p for p in shared("corpus", kind).iterdir() if not p.name.startswith("extra_"))
        assert captures, kind
        for path in captures:
            made = record(inspect_capture(path, catalogue), path.stem)
            (folder / f"{path.stem}.json").write_text(json.dumps(made), "utf-8")
            written += 1
    asked = shared("corpus", "identify", "identify.jsonl").read_text("utf-8")
    answered = CliRunner().invoke(identify, input=asked)
    assert answered.exit_code == 0, answered.output
    (folder / "identify.jsonl").write_text(answered.stdout, "utf-8")
    return written


def score(folder: Path) -> Score:
    """The records in `folder` against the truth, by the corpus's own program."""
    result = folder / "score.result"
    command = [sys.executable, str(shared("corpus", "score.py")), str(shared("corpus", "expected")), str(folder)]
    done = subprocess.run(
        [*command, "--quiet", "--json", str(result)], check=True, capture_output=True, text=True, timeout=120
    )
    found: dict[str, Any] = json.loads(result.read_text("utf-8"))
    return Score(
        fields={name: tuple(counts) for name, counts in found["fields"].items()},
        totals=found["total"],
        misses={name: lines for name, lines in found["misses"].items() if lines},
        told=done.stdout,
    )
