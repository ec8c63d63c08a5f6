"""The recorded devices, and the measure that compares our records of them with the truth."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from agent.inspect import inspect_capture, record
from mibs.catalogue import load
from tests.shared_data import shared


def score(folder: Path, *kinds: str) -> dict[str, Any]:
    """Inspect every capture of these kinds and score the records: {"total": ..., "misses": ..., "fields": ...}."""
    catalogue, outputs, result = load(), folder / "out", folder / "score.json"
    outputs.mkdir()
    for kind in kinds:
        captures = sorted(p for p in shared("corpus", kind).iterdir() if not p.name.startswith("extra_"))
        assert captures
        for path in captures:
            made = record(inspect_capture(path, catalogue), path.stem)
            (outputs / f"{path.stem}.json").write_text(json.dumps(made), "utf-8")
    measure, truth = shared("corpus", "score.py"), shared("corpus", "expected")
    command = [sys.executable, str(measure), str(truth), str(outputs), "--present", "--quiet", "--json", str(result)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    found: dict[str, Any] = json.loads(result.read_text("utf-8"))
    return found


def misses(found: dict[str, Any]) -> list[str]:
    return [f"{name}: {line}" for name, lines in found["misses"].items() for line in lines]
