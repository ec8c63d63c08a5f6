"""The collector, put together: the only place that knows everyone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from aiohttp import web

from collector import background, ingest
from collector.api import v1
from collector.envelope import LARGEST_BODY
from collector.evaluate import Bench
from collector.keys import BENCH, CATALOGUE, CLOCK, FACTS, SAMPLES, SETTINGS
from collector.settings import CollectorSettings
from collector.sinks import prometheus
from collector.store.db import Facts, sqlite_url
from collector.store.migrations import migrate
from collector.store.samples import Samples
from collector.web import routes
from fleet.kit.clock import Clock, SystemClock
from mibs.catalogue import Catalogue
from mibs.overlay import load

FACTS_FILE = "facts.db"
SAMPLES_FILE = "samples.db"


def facts_of(settings: CollectorSettings) -> Facts:
    """The facts database these settings name."""
    url = settings.database.reveal()
    return Facts(url or sqlite_url(settings.data_dir / FACTS_FILE))


def samples_of(settings: CollectorSettings) -> Samples:
    return Samples(settings.data_dir / SAMPLES_FILE)


def open_stores(settings: CollectorSettings) -> tuple[Facts, Samples]:
    """Both stores, made or brought to this version. Blocks."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    facts = facts_of(settings)
    migrate(facts)
    return facts, samples_of(settings)


def build_app(
    settings: CollectorSettings, clock: Clock | None = None, catalogue: Catalogue | None = None
) -> web.Application:
    """The application over existing stores (`collector init` makes them). Blocks while it opens them."""
    clock = clock or SystemClock()
    app = web.Application(client_max_size=LARGEST_BODY)
    app[SETTINGS], app[CLOCK] = settings, clock
    app[FACTS], app[SAMPLES] = open_stores(settings)
    app[CATALOGUE] = catalogue or load(settings.rows_dir)
    app[BENCH] = Bench(settings=settings, catalogue=app[CATALOGUE], started_at=clock.now())
    for room in (ingest, prometheus, v1, routes):
        room.register(app)
    app.cleanup_ctx.append(_closing)
    app.cleanup_ctx.append(background.running)
    return app


async def _closing(app: web.Application) -> AsyncIterator[None]:
    yield
    await asyncio.to_thread(app[FACTS].close)
