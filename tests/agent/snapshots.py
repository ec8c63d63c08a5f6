"""Whole results as files, one per recorded answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from agent.inspect import record
from fleet.reading import Reading
from tests.fixtures import EXPECTED, RECORDED


def recorded() -> list[Path]:
    return sorted(path for path in RECORDED.iterdir() if path.is_file())


def whole(path: Path, reading: Reading) -> dict[str, Any]:
    """What `inspect --json` prints, and what it notes beside it."""
    return {**record(reading, path.stem), "notes": list(reading.partial)}


def place(path: Path) -> Path:
    return EXPECTED / f"{path.name}.json"


def write(path: Path, reading: Reading) -> None:
    place(path).write_text(json.dumps(whole(path, reading), ensure_ascii=False, indent=1) + "\n", "utf-8")
