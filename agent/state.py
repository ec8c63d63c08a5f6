"""The agent's state folder: who may use it, and the status that other processes read."""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
from contextlib import closing
from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import IO, Any

from agent.spool_file import Counts, counted
from fleet.errors import SettingsError, SpoolError


@cache
def version() -> str:
    """The installed version. Reads files the first time."""
    try:
        return installed_version("pagewarden")
    except PackageNotFoundError:
        return "0 (not installed)"


def claim(folder: Path) -> IO[str]:
    """Take the folder for this process; closing the file gives it back. SettingsError where another agent has it."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (folder / "lock").open("a")
    except OSError as error:
        raise SettingsError(f"state_dir {folder} cannot be used: {error.strerror}; name another one") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise SettingsError(f"another agent is running on {folder}: stop it, or name another state_dir") from error
    return lock


def is_running(folder: Path) -> bool:
    """Whether an agent holds the folder now."""
    try:
        with (folder / "lock").open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def write_status(folder: Path, row: dict[str, Any]) -> None:
    """Replace the status file in one step; a full disk costs the news, never the agent."""
    beside = folder / "status.json.new"
    try:
        beside.write_text(json.dumps(row, ensure_ascii=False, indent=1), "utf-8")
        os.replace(beside, folder / "status.json")
    except OSError:
        beside.unlink(missing_ok=True)


def read_status(folder: Path) -> dict[str, Any]:
    """What the agent last said of itself; empty where it never ran."""
    try:
        row = json.loads((folder / "status.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return row if isinstance(row, dict) else {}


def spool_counts(folder: Path) -> Counts | None:
    """The counts of the spool, read beside a running agent; None where there is no spool yet."""
    path = folder / "spool.sqlite"
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)) as db:
            return counted(db)
    except sqlite3.Error as error:
        raise SpoolError(f"the spool {path} cannot be read: {error}") from error
