"""Delivery: drains the outbox. Several collectors may do it at once; no message leaves twice.

claim (lease) ── begin_sending, committed ── DATA ── finish
die here: sent later        die here: unsure, a person decides
"""

from __future__ import annotations

import logging
import sqlite3
from datetime import timedelta

from sqlalchemy.exc import DBAPIError

from alerts.channels.channel import Channel, Message, Unsure
from collector.store import outbox
from collector.store.db import Facts
from collector.store.ids import new_id
from collector.store.outbox import OutboxRow
from fleet.errors import DeliveryError
from fleet.kit.clock import Clock

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
BATCH = 10


class Delivery:
    """Sends what waits, over one channel."""

    def __init__(self, facts: Facts, channel: Channel, clock: Clock) -> None:
        self.facts = facts
        self.channel = channel
        self.clock = clock
        self.worker = new_id("wrk")

    async def drain(self) -> int:
        """Sends everything that is due, and marks what a dead sender left behind. How many were tried."""
        await self.facts.change(outbox.mark_unsure, self.clock.now())
        tried = 0
        while rows := await self.facts.change(outbox.claim, self.worker, self.clock.now(), LEASE, BATCH):
            for row in rows:
                await self._send(row)
            tried += len(rows)
        return tried

    async def _send(self, row: OutboxRow) -> None:
        begun = False

        async def handing_over() -> bool:
            nonlocal begun
            now = self.clock.now()
            begun = await self.facts.change(outbox.begin_sending, row.id, self.worker, now, LEASE)
            return begun

        try:
            await self.channel.send(_message(row), handing_over)
        except Unsure as error:
            await self._finish(row, "unsure", str(error))
        except DeliveryError as error:
            await self._not_sent(row, error, counted=not begun)
        except (DBAPIError, sqlite3.Error):
            raise  # our own store: the claim runs out, and what was begun is found by mark_unsure
        except Exception as error:
            # One message that no code was ready for must not hold up those behind it.
            log.exception("a message could not be sent", extra={"key": row.key})
            await self._finish(row, "unsure" if begun else "failed", f"{type(error).__name__}: {error}")
        else:
            if begun:
                await self._finish(row, "sent")

    async def _finish(self, row: OutboxRow, state: str, error: str | None = None) -> None:
        await self.facts.change(outbox.finish, row.id, self.worker, state, self.clock.now(), error)
        level = logging.INFO if state == "sent" else logging.ERROR
        log.log(level, "%s %s%s", row.kind, state, f": {error}" if error else "", extra={"key": row.key})

    async def _not_sent(self, row: OutboxRow, error: DeliveryError, *, counted: bool) -> None:
        if not error.retryable:
            await self._finish(row, "failed", str(error))
            return
        due = self.clock.now() + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(row.attempts, 12))
        await self.facts.change(outbox.later, row.id, self.worker, due, str(error), counted=counted)
        log.warning("%s waits: %s", row.kind, error, extra={"key": row.key, "until": due.isoformat(timespec="seconds")})


def _message(row: OutboxRow) -> Message:
    said = {name: str(row.payload[name]) for name in ("sender", "to", "subject", "body")}
    return Message(key=row.key, reply_to=str(row.payload.get("reply_to", "")), **said)
