"""What the application carries for its handlers, by typed key."""

from __future__ import annotations

from aiohttp import web

from collector.evaluate import Bench
from collector.settings import CollectorSettings
from collector.store.db import Facts
from collector.store.samples import Samples
from fleet.kit.clock import Clock
from mibs.catalogue import Catalogue

FACTS = web.AppKey("facts", Facts)
SAMPLES = web.AppKey("samples", Samples)
SETTINGS = web.AppKey("settings", CollectorSettings)
CLOCK: web.AppKey[Clock] = web.AppKey("clock", Clock)
CATALOGUE = web.AppKey("catalogue", Catalogue)
BENCH = web.AppKey("bench", Bench)
