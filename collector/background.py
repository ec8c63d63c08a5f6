"""What the collector does by itself: judges what time decides, sends what waits, forgets what is old."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from functools import partial

from aiohttp import web
from sqlalchemy.exc import DBAPIError

from alerts.channels.email import Email, MailServer
from collector.delivery import Delivery
from collector.evaluate import evaluate_due
from collector.keys import BENCH, CLOCK, FACTS, SAMPLES, SETTINGS
from collector.store.retention import forget
from fleet.kit.clock import Clock

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
DELIVER_SECONDS = 2.0
FORGET_SECONDS = 6 * 3600.0


async def running(app: web.Application) -> AsyncIterator[None]:
    """The loops, from start to clean end."""
    clock = app[CLOCK]
    work: list[tuple[float, str, Callable[[], Awaitable[object]]]] = [
        (_look_seconds(app), "judging", partial(_judge, app)),
        (FORGET_SECONDS, "forgetting", partial(_forget, app)),
    ]
    if app[SETTINGS].smtp.host:
        work.append((DELIVER_SECONDS, "delivery", _deliverer(app).drain))
    else:
        log.warning("no mail server is set (smtp.host): mails wait in the outbox")
    loops = [asyncio.create_task(every(clock, seconds, name, do)) for seconds, name, do in work]
    yield
    for loop in loops:
        loop.cancel()
    await asyncio.gather(*loops, return_exceptions=True)


def _look_seconds(app: web.Application) -> float:
    return max(0.5, LOOK_SECONDS * min(1.0, app[SETTINGS].rules.hold_factor))


async def every(clock: Clock, seconds: float, name: str, work: Callable[[], Awaitable[object]]) -> None:
    """`work`, again and again. Trouble is told and waited out; nothing ends the loop but the end."""
    while True:
        try:
            await work()
        except (DBAPIError, sqlite3.Error, OSError) as error:
            log.error("%s could not be done now, and is tried again: %s", name, error)
        except Exception:
            log.exception("%s failed, and is tried again", name)
        await clock.sleep(seconds)


async def _judge(app: web.Application) -> None:
    await app[FACTS].run(evaluate_due, app[FACTS], app[BENCH], app[CLOCK].now())


async def _forget(app: web.Application) -> None:
    now, kept = app[CLOCK].now(), app[SETTINGS].retention
    await app[FACTS].run(forget, app[FACTS], kept, now)
    await asyncio.to_thread(app[SAMPLES].forget_before, now - timedelta(days=kept.samples_days))


def _deliverer(app: web.Application) -> Delivery:
    smtp = app[SETTINGS].smtp
    server = MailServer(
        host=smtp.host,
        port=smtp.port,
        tls=smtp.tls,
        user=smtp.user,
        password=smtp.password,
        timeout_seconds=smtp.timeout_seconds,
    )
    return Delivery(app[FACTS], Email(server, app[CLOCK]), app[CLOCK])
