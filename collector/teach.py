"""Teach: a recording read with a row that somebody typed, by `pagewarden inspect` in a process of its own.

The collector does not know how devices are read; the command is what the two programs share. The process has little
memory, little time, no environment and no place to write, since the recording and the row come from outside.
See docs/decisions/008-teach-reads-in-a-process-of-its-own.md.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

LARGEST = 3 * 2**20
LARGEST_ROW = 64 * 2**10
LARGEST_ANSWER = 4 * 2**20
SECONDS = 10
MEMORY = 768 * 2**20
AT_ONCE = 2
KEPT_FOR = timedelta(hours=1)
MOST_KEPT = 16
SUFFIXES = (".zip", ".snmprec")
ROOMS = ("vendors", "supplies", "causes", "causes/codes")
LONGEST_TROUBLE = 500

_CONFINED = f"""
import resource, runpy, sys
for what, most in (
    (resource.RLIMIT_AS, {MEMORY}),
    (resource.RLIMIT_CPU, {SECONDS}),
    (resource.RLIMIT_FSIZE, {LARGEST_ANSWER}),
    (resource.RLIMIT_CORE, 0),
    (resource.RLIMIT_NOFILE, 64),
):
    resource.setrlimit(what, (most, most))
sys.argv[0] = "pagewarden"
runpy.run_module("pagewarden", run_name="__main__")
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What was uploaded, and when."""

    suffix: str
    data: bytes
    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A file of rows as it was typed."""

    room: str
    key: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """`record`: what `inspect --json` says; None where the recording cannot be read. `trouble`: what is wrong."""

    record: dict[str, Any] | None = None
    trouble: str = ""


@dataclass(slots=True)
class Classroom:
    """The recordings that people look at, in memory, an hour at most; and who reads just now."""

    kept: dict[str, Capture] = field(default_factory=dict)
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    def keep(self, session: str, capture: Capture) -> None:
        """One per session; the oldest goes when there are too many."""
        self.kept.pop(session, None)
        while len(self.kept) >= MOST_KEPT:
            self.kept.pop(next(iter(self.kept)))
        self.kept[session] = capture

    def capture(self, session: str, now: datetime) -> Capture | None:
        for old in [key for key, one in self.kept.items() if now - one.at > KEPT_FOR]:
            del self.kept[old]
        return self.kept.get(session)

    async def read(self, capture: Capture, row: Row | None, sought: str) -> Seen | None:
        """The reading, without the row where that is wrong. None when too many are being read just now."""
        if self.turns.locked():
            return None
        async with self.turns:
            seen = await asyncio.to_thread(_read, capture, row, sought)
            if row is None or seen.record is not None:
                return seen
            plain = await asyncio.to_thread(_read, capture, None, sought)
            return Seen(record=plain.record, trouble=seen.trouble)


def _read(capture: Capture, row: Row | None, sought: str) -> Seen:
    with tempfile.TemporaryDirectory(prefix="pagewarden-teach-") as made:
        place = Path(made)
        (place / f"capture{capture.suffix}").write_bytes(capture.data)
        arguments = ["inspect", f"capture{capture.suffix}", "--json", f"--objects={sought}"]
        if row is not None:
            folder = place / "rows" / row.room
            folder.mkdir(parents=True)
            (folder / f"{row.key}.toml").write_text(row.text, "utf-8", newline="\n")
            arguments.append("--rows=rows")
        return _answer(place, arguments)


def _answer(place: Path, arguments: list[str]) -> Seen:
    known = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    with (place / "out").open("w+b") as out, (place / "errors").open("w+b") as errors:
        try:
            done = subprocess.run(  # noqa: S603 (our own interpreter, arguments of our own making)
                [sys.executable, "-P", "-c", _CONFINED, *arguments],
                cwd=place,
                env={**known, "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=errors,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Seen(trouble="too-long")
        out.seek(0)
        errors.seek(0)
        said, complaint = out.read(), errors.read(LARGEST_ANSWER).decode("utf-8", "replace")
    if done.returncode == 0:
        return Seen(record=json.loads(said))
    if done.returncode < 0 or "MemoryError" in complaint:
        return Seen(trouble="too-long")
    return Seen(trouble=_last_line(complaint))


def _last_line(complaint: str) -> str:
    lines = [line for line in complaint.splitlines() if line.startswith("pagewarden: ")]
    return lines[-1].removeprefix("pagewarden: ").removeprefix("rows/")[:LONGEST_TROUBLE] if lines else "not-readable"
