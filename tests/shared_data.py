"""Where the shared test data lies: captures, schemas, server scripts. Not part of the project, so it may be absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("PAGEWARDEN_SHARED", Path(__file__).parents[2] / "shared"))


def shared(*parts: str) -> Path:
    """The path of shared data. Skips the test where there is none; in CI its absence is a failure."""
    path = ROOT.joinpath(*parts)
    if path.exists():
        return path
    reason = f"no shared test data at {path}; set PAGEWARDEN_SHARED to the folder that holds it"
    if os.environ.get("CI"):
        raise FileNotFoundError(reason)
    pytest.skip(reason)
