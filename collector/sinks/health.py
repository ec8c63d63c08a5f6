"""Whether the collector lives (/healthz) and whether it can do its work (/readyz). Open to everybody, cheap to ask.

Ready means that what must be written can be written now: the facts, the samples, and the disk they lie on.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from aiohttp import web
from sqlalchemy import update

from collector.keys import CLOCK, FACTS, SAMPLES, SETTINGS
from collector.problem import problem
from collector.store.db import Facts
from collector.store.tables import numbering

log = logging.getLogger(__name__)
FRESH_SECONDS = 2.0
PATIENCE_SECONDS = 5.0
_PROBE = b"\0" * 65536


class Readiness:
    """Looks at most once every FRESH_SECONDS, however many ask."""

    def __init__(self, checks: dict[str, Callable[[], None]], monotonic: Callable[[], float]) -> None:
        self.checks = checks
        self.monotonic = monotonic
        self._looking = asyncio.Lock()
        self._found: dict[str, str] = {}
        self._at = -FRESH_SECONDS

    async def found(self) -> dict[str, str]:
        """Each check with "ok", or what is wrong in a few words."""
        async with self._looking:
            if self.monotonic() - self._at >= FRESH_SECONDS:
                self._found = dict(await asyncio.gather(*(self._one(name) for name in self.checks)))
                self._at = self.monotonic()
            return self._found

    async def _one(self, name: str) -> tuple[str, str]:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await asyncio.to_thread(self.checks[name])
        except TimeoutError:
            return name, f"no answer within {PATIENCE_SECONDS:g} seconds"
        except Exception as error:  # noqa: BLE001 (whatever it is, the answer is "not ready")
            # The text may hold paths; who asks here is unknown.
            log.error("not ready: %s: %s", name, error)
            return name, "cannot be written; the log of the collector says why"
        return name, "ok"


READINESS = web.AppKey("readiness", Readiness)


def register(app: web.Application) -> None:
    checks = {
        "facts": lambda: facts_writable(app[FACTS]),
        "samples": lambda: samples_writable(app[SAMPLES].path),
        "disk": lambda: disk_writable(app[SETTINGS].data_dir),
    }
    app[READINESS] = Readiness(checks, lambda: app[CLOCK].monotonic())
    app.router.add_get("/healthz", get_healthz)
    app.router.add_get("/readyz", get_readyz)


async def get_healthz(request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"}, headers={"Cache-Control": "no-store"})


async def get_readyz(request: web.Request) -> web.Response:
    found = await request.app[READINESS].found()
    wrong = [name for name, state in found.items() if state != "ok"]
    if wrong:
        return problem(503, f"not ready: {', '.join(wrong)}", headers={"Retry-After": "5"}, checks=found)
    return web.json_response({"status": "ok", "checks": found}, headers={"Cache-Control": "no-store"})


def facts_writable(facts: Facts) -> None:
    """Takes the write lock and changes nothing."""
    with facts.write() as conn:
        conn.execute(update(numbering).where(numbering.c.name == "").values(last=numbering.c.last))


def samples_writable(path: Path) -> None:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=PATIENCE_SECONDS)) as conn:
        conn.execute("BEGIN IMMEDIATE")
        conn.execute("SELECT 1 FROM series LIMIT 1").fetchall()
        conn.execute("ROLLBACK")


def disk_writable(folder: Path) -> None:
    """A database notices a full disk only when it grows; a small file notices it now."""
    with tempfile.TemporaryFile(dir=folder) as probe:
        probe.write(_PROBE)
        probe.flush()
        os.fsync(probe.fileno())
