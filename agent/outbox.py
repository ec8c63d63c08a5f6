"""What waits to leave: the readings in the spool as they will be sent, and the names of all their fields."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from fleet.errors import SpoolError


def waiting(folder: Path, limit: int) -> list[dict[str, Any]]:
    """The oldest `limit` readings that the collector has not acknowledged, read beside a running agent."""
    path = folder / "spool.sqlite"
    if not path.exists():
        return []
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)) as db:
            return list(_readings(db, limit))
    except (sqlite3.Error, zlib.error, ValueError) as error:
        raise SpoolError(f"the spool {path} cannot be read: {error}") from error


def fields_of(readings: list[dict[str, Any]]) -> dict[str, int]:
    """Every field that would leave, as a path such as ``supplies[].level.percent``, and how often it occurs."""
    counted: Counter[str] = Counter()
    for reading in readings:
        counted.update(_paths(reading, ""))
    return dict(sorted(counted.items()))


def _readings(db: sqlite3.Connection, limit: int) -> Iterator[dict[str, Any]]:
    left = limit
    for (body,) in db.execute("select body from batches order by place, seq"):
        part = json.loads(zlib.decompress(body))[:left]
        yield from part
        left -= len(part)
        if left <= 0:
            return
    for (body,) in db.execute("select body from fresh order by id limit ?", (left,)):
        yield json.loads(body)


def _paths(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _paths(item, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for item in value:
            yield from _paths(item, f"{path}[]")
    else:
        yield path
