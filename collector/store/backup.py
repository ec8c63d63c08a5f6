"""Backup: both stores as they are at one moment, while the collector works."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from collector.store.db import Facts
from collector.store.samples import Samples
from fleet.errors import FleetError


class BackupError(FleetError):
    """The backup cannot be made."""


def back_up(facts: Facts, samples: Samples, into: Path) -> list[Path]:
    """Writes copies into a new folder. Facts first: every acknowledged batch in them has its samples in the other."""
    if not facts.is_sqlite:
        raise BackupError("the facts are in PostgreSQL: back them up with pg_dump")
    try:
        into.mkdir(parents=True, mode=0o700)
    except FileExistsError as error:
        raise BackupError(f"{into}: exists already; name a folder that does not") from error
    except OSError as error:
        raise BackupError(f"{into}: {error.strerror}") from error
    files = [into / "facts.db", into / "samples.db"]
    try:
        source = sqlite3.connect(str(facts.url.database))
        copy = sqlite3.connect(files[0])
        try:
            source.backup(copy)
        finally:
            copy.close()
            source.close()
        samples.backup_to(files[1])
    except (sqlite3.Error, OSError) as error:
        raise BackupError(f"{into}: the copy could not be written: {error}") from error
    for file in files:
        os.chmod(file, 0o600)
    return files
