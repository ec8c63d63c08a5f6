"""The spool: readings on disk until the collector has them. `put` returns when they would survive a power cut.

    put ──> fresh ──(sealed: numbered, compressed, never changed again)──> batches ──> acknowledge
                                                                              └─────> dead (never taken)

One file, one connection, one thread. Beyond the byte budget the oldest batches are thinned to one page count per
device and day, then dropped; every reading that goes is counted in a gap, and the gap travels to the collector.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from agent.spool_file import Batch, Counts, Damaged, SpoolFile
from fleet.errors import SpoolError
from fleet.kit.clock import Clock
from fleet.kit.wire import to_json
from fleet.reading import Reading

log = logging.getLogger(__name__)
T = TypeVar("T")

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
MAX_HELD = 10_000
"""Readings kept in memory while the disk takes none."""


class Spool:
    """The spool for the event loop: every use is one hop to its own thread."""

    def __init__(self, folder: Path, clock: Clock, *, max_bytes: int, batch_bytes: int) -> None:
        self._file = SpoolFile(folder / "spool.sqlite", max_bytes=max_bytes, batch_bytes=batch_bytes)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spool")
        self._clock = clock
        self._held: list[Reading] = []
        self._lost: list[datetime] = []
        self.trouble: str | None = None
        self.filled = asyncio.Event()

    @property
    def id(self) -> str:
        """Random, one per file: sequence numbers count within it."""
        return self._file.spool_id

    async def open(self) -> None:
        await self._run(self._file.open)

    async def close(self) -> None:
        try:
            if self._held:
                await self.put(self._held)
            await self._run(self._file.close)
        finally:
            self._thread.shutdown(wait=False)

    async def put(self, readings: Sequence[Reading]) -> None:
        """Keep `readings`; durable when this returns. SpoolError says why not, and the caller still has them."""
        rows = [(reading, to_json(reading)) for reading in readings]
        await self._run(lambda: self._file.put(rows))
        self.filled.set()
        if self.trouble:  # a look at the spool works on a full disk too: only a reading that was kept proves it is over
            log.info("the spool works again")
            self.trouble = None

    async def take(self, reading: Reading) -> None:
        """Like `put`, for those who cannot wait: what the disk refuses is held in memory and written with the next."""
        waiting = [*self._held, reading]
        self._held = []
        lost, self._lost = self._lost, []
        try:
            if lost:
                await self._run(lambda: self._file.record_gap(len(lost), lost[0], lost[-1]))
            lost = []
            await self.put(waiting)
        except SpoolError:
            self._held = [*waiting, *self._held]
            beyond = max(0, len(self._held) - MAX_HELD)
            self._lost = [*lost, *self._lost, *(r.taken_at for r in self._held[:beyond])]
            self._held = self._held[beyond:]

    @property
    def held(self) -> int:
        """Readings that only memory has, because the disk takes none."""
        return len(self._held)

    async def next_batch(self, max_bytes: int | None = None) -> Batch | None:
        """The oldest batch that is not acknowledged; the same one, with the same bytes, until it is. One that the disk
        gives back damaged is set aside: it would stop everything behind it."""
        while True:
            try:
                return await self._run(lambda: self._file.next_batch(max_bytes))
            except Damaged as damaged:
                log.error("%s: set aside", damaged)
                await self.bury(damaged.seq, "its bytes on the disk are damaged")

    async def acknowledge(self, seq: int) -> None:
        """The collector has it: delete."""
        await self._run(lambda: self._file.acknowledge(seq))

    async def split(self, seq: int) -> None:
        """Too large for the collector: its readings get two new numbers, the old number is never used again."""
        await self._run(lambda: self._file.split(seq, self._clock.now()))

    async def bury(self, seq: int, reason: str) -> None:
        """The collector will never take it: set aside, with the reason, for a person to look at."""
        await self._run(lambda: self._file.bury(seq, reason, self._clock.now()))

    async def beat(self) -> int:
        """A number for a message without readings, used once like any other."""
        return await self._run(self._file.next_number)

    async def counts(self) -> Counts:
        return await self._run(self._file.counts)

    async def _run(self, work: Callable[[], T]) -> T:
        # Shielded: a write that has begun is finished even if its caller is being stopped.
        try:
            return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, work))
        except (sqlite3.Error, OSError) as error:
            await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, self._file.abandon))
            raise self._in_words(error) from error

    def _in_words(self, error: sqlite3.Error | OSError) -> SpoolError:
        """One message, said once until it is over."""
        code = getattr(error, "sqlite_errorname", None) or ""
        number = getattr(error, "errno", None)
        where = self._file.path
        if (
            code in ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_SHMSIZE")
            or number in NO_ROOM
        ):
            text = f"no room for the spool {where}: free some space on that disk; the agent goes on by itself"
        elif code.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")) or number is not None:
            text = (
                f"the spool {where} cannot be written ({error}): make its folder writable; the agent goes on by itself"
            )
        elif code in ("SQLITE_CORRUPT", "SQLITE_NOTADB"):
            text = f"the spool {where} is damaged ({error}): stop the agent and move the file away to start a new one"
        else:
            text = f"the spool {where} cannot be used: {error}; the agent goes on and tries again"
        if text != self.trouble:
            log.error("%s", text)
            self.trouble = text
        return SpoolError(text)
