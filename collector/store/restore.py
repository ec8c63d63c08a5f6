"""Restore: a backup put in the place of the stores, with the former ones kept beside it."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import IO

from collector.store.backup import BackupError

FILES = ("facts.db", "samples.db")


def claim(folder: Path, *, alone: bool = False) -> IO[str]:
    """Marks the data folder as used by this process until the file is closed; `alone` demands that nobody else uses it.
    BackupError otherwise."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = (folder / "lock").open("a")
    try:
        fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        busy = "a collector works on it: stop it first" if alone else "a backup is being restored into it; wait"
        raise BackupError(f"{folder}: {busy}") from error
    return lock


def restore(backup: Path, folder: Path, now: datetime, *, force: bool) -> Path | None:
    """Puts the backup into the data folder. Returns where the former stores were moved to, None where there were none.
    BackupError, with nothing changed, for a backup that is not whole, a folder in use, or stores that would be replaced
    without `force`."""
    for name in FILES:
        _check(backup / name)
    try:
        with claim(folder, alone=True):
            return _replace(backup, folder, now, force=force)
    except OSError as error:
        raise BackupError(f"{folder}: {error.strerror or error}; the former stores are as they were") from error


def _check(file: Path) -> None:
    if not file.is_file():
        raise BackupError(f"{file}: not there; a backup is a folder with {' and '.join(FILES)}")
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as conn:
            said = conn.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise BackupError(f"{file}: not a database that can be read: {error}") from error
    if said != ("ok",):
        raise BackupError(f"{file}: damaged: {said[0] if said else 'empty'}")


def _replace(backup: Path, folder: Path, now: datetime, *, force: bool) -> Path | None:
    former = [file for name in FILES for file in folder.glob(f"{name}*")]
    if former and not force:
        raise BackupError(f"{folder} holds stores already; --force keeps them beside the restored ones")
    # The copies are whole before anything is moved: a full disk leaves the former stores in place.
    fresh = [folder / f"{name}.restoring" for name in FILES]
    for name, copy in zip(FILES, fresh, strict=True):
        shutil.copyfile(backup / name, copy)
        os.chmod(copy, 0o600)
        with copy.open("rb") as written:
            os.fsync(written.fileno())
    aside = folder / f"before-restore-{now:%Y%m%d-%H%M%S}" if former else None
    if aside is not None:
        aside.mkdir(mode=0o700)
        for file in former:
            os.replace(file, aside / file.name)
    for name, copy in zip(FILES, fresh, strict=True):
        os.replace(copy, folder / name)
    return aside
