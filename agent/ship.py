"""Shipping: batches to the collector, oldest first, deleted on its receipt and on nothing else.

200                 the receipt: acknowledge
413                 split, send the halves
400, 422            never taken: dead letter, with the collector's reason
401, 403            the key is not (or no longer) good: keep all, stop sending, say so, ask again rarely
429, 5xx, network   again later: full jitter between 1 s and 5 min, or when Retry-After says
anything else       this is no collector: keep all, say so, again later
"""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import random
import ssl
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import aiohttp

from agent.spool import Spool
from agent.spool_file import Batch
from agent.waiting import until
from fleet.errors import ShipError, SpoolError
from fleet.kit.clock import Clock
from fleet.kit.config import Secret
from fleet.kit.text import clean

log = logging.getLogger(__name__)

CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 60.0
MAX_ANSWER = 2**20
LONGEST_PAUSE = 300.0
LONGEST_RETRY_AFTER = 3600.0
REFUSED_PAUSE = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the collector said to one message."""

    status: int
    body: dict[str, Any]
    retry_after: float | None = None

    @property
    def reason(self) -> str:
        """The detail of its problem report (RFC 9457), or the bare status."""
        return clean(str(self.body.get("detail") or self.body.get("title") or f"HTTP {self.status}"))


class Shipper:
    """Drains the spool for as long as it runs. `trouble` says in words why nothing leaves, None while all is well."""

    def __init__(
        self,
        spool: Spool,
        clock: Clock,
        *,
        url: str,
        key: Secret,
        status: Callable[[], dict[str, Any]],
        ca_file: Path | None = None,
        heartbeat_seconds: float = 30.0,
        linger_seconds: float = 1.0,
        longest_pause: float = LONGEST_PAUSE,
        refused_pause: float = REFUSED_PAUSE,
    ) -> None:
        self._spool, self._clock, self._status = spool, clock, status
        self._url = f"{url.rstrip('/')}/agent/v1/batches"
        self._key, self._ca_file = key, ca_file
        self._heartbeat, self._linger = heartbeat_seconds, linger_seconds
        self._longest_pause, self._refused_pause = longest_pause, refused_pause
        self._failures = 0
        self._sent = clock.monotonic() - heartbeat_seconds
        self.trouble: str | None = None
        self.delivered = 0
        self.rejected = 0

    async def run(self) -> None:
        """Send what is there, beat when there is nothing, for ever."""
        session: aiohttp.ClientSession | None = None
        try:
            while True:
                try:
                    session = session or await self._session()
                    await self.step(session)
                    self._well()
                except (ShipError, SpoolError) as error:
                    await self._pause(error)
        finally:
            if session:
                await session.close()

    async def _session(self) -> aiohttp.ClientSession:
        context = await asyncio.to_thread(trust, self._ca_file)
        timeout = aiohttp.ClientTimeout(total=TOTAL_SECONDS, sock_connect=CONNECT_SECONDS)
        return aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=1, ssl=context))

    async def step(self, session: aiohttp.ClientSession) -> None:
        """One message: the oldest batch, or a heartbeat, or a wait until there is a reason for one."""
        self._spool.filled.clear()
        left = self._heartbeat - (self._clock.monotonic() - self._sent)
        try:
            batch = await self._spool.next_batch()
        except SpoolError:
            # A full disk is news for the collector too; the status says it.
            if left <= 0:
                await self._beat(session)
            raise
        if batch is not None:
            await self._deliver(session, batch)
        elif left <= 0:
            await self._beat(session)
        elif await until(self._spool.filled, left, self._clock):
            await self._clock.sleep(self._linger)

    async def _deliver(self, session: aiohttp.ClientSession, batch: Batch) -> None:
        answer = await self._post(session, batch.seq, batch.body, {"gaps": [asdict(gap) for gap in batch.gaps]})
        if answer.status == 200:
            self._check_receipt(answer, batch)
            await self._spool.acknowledge(batch.seq)
            self.delivered += batch.readings
        elif answer.status == 413:
            log.info("the collector finds batch %d too large: split", batch.seq)
            await self._spool.split(batch.seq)
        elif answer.status in (400, 422):
            log.error("the collector will never take batch %d (%s): set aside", batch.seq, answer.reason)
            await self._spool.bury(batch.seq, answer.reason)
        else:
            raise self._refusal(answer)

    def _check_receipt(self, answer: Answer, batch: Batch) -> None:
        """Only an answer that names the batch is a receipt; a proxy's friendly page is not."""
        if answer.body.get("seq") != batch.seq:
            raise ShipError(f"{self._url} answers 200 without a receipt: this is no collector; check collector_url")
        rejected = answer.body.get("rejected")
        if isinstance(rejected, list) and rejected:
            self.rejected += len(rejected)
            log.warning(
                "the collector set %d readings of batch %d aside: %s",
                len(rejected),
                batch.seq,
                clean(str(rejected[:3])),
            )

    async def _beat(self, session: aiohttp.ClientSession) -> None:
        answer = await self._post(session, await self._spool.beat(), b"[]", {})
        if answer.status != 200:
            raise self._refusal(answer)

    async def _post(self, session: aiohttp.ClientSession, seq: int, readings: bytes, extra: dict[str, Any]) -> Answer:
        head = {
            "spool": self._spool.id,
            "seq": seq,
            "sent_at": self._clock.now().isoformat(),
            "status": {**self._status(), **{name: value for name, value in extra.items() if value}},
        }
        text = (
            json.dumps(head, ensure_ascii=False, separators=(",", ":"))[:-1].encode()
            + b',"readings":'
            + readings
            + b"}"
        )
        headers = {
            "Authorization": f"Bearer {self._key.reveal()}",
            "Content-Type": "application/json",
            "Content-Encoding": "gzip",
        }
        body = await asyncio.to_thread(gzip.compress, text, 6)
        try:
            async with session.post(self._url, data=body, headers=headers, allow_redirects=False) as response:
                answer = await _read(response, self._clock.now())
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise ShipError(f"the collector {self._url} cannot be reached: {_said(error)}") from error
        self._sent = self._clock.monotonic()
        return answer

    def _refusal(self, answer: Answer) -> ShipError:
        if answer.status in (401, 403):
            return ShipError(
                f"the collector does not know this agent's key ({answer.reason}): all readings are kept and nothing is"
                " sent; enrol again with 'pagewarden agent enrol'",
                retryable=False,
            )
        if answer.status == 429 or answer.status >= 500:
            return ShipError(f"the collector asks to wait: {answer.reason}", retry_after_seconds=answer.retry_after)
        return ShipError(f"{self._url} answers {answer.status} ({answer.reason}): check collector_url")

    async def _pause(self, error: ShipError | SpoolError) -> None:
        if str(error) != self.trouble:
            log.warning("%s", error)
        self.trouble = str(error)
        self._failures += 1
        await self._clock.sleep(self.pause_after(error))

    def pause_after(self, error: ShipError | SpoolError) -> float:
        """Seconds until the next attempt: full jitter, so that many agents do not come back together."""
        if not error.retryable:
            return random.uniform(self._refused_pause / 2, self._refused_pause)  # noqa: S311 - spread, no secret
        wished = error.retry_after_seconds if isinstance(error, ShipError) else None
        if wished is not None:
            return min(wished, LONGEST_RETRY_AFTER) + random.uniform(0, 1)  # noqa: S311
        ceiling = min(self._longest_pause, 2.0 ** min(self._failures, 16))
        return random.uniform(min(1.0, ceiling), ceiling)  # noqa: S311

    def _well(self) -> None:
        if self.trouble:
            log.info("readings reach the collector again")
        self.trouble, self._failures = None, 0


def trust(ca_file: Path | None) -> ssl.SSLContext | bool:
    """Whom to take for the collector: by `ca_file`, else by the public authorities. ShipError where it is no use."""
    if ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:  # ssl.SSLError is one
        raise ShipError(
            f"ca_file {ca_file} cannot be used ({error.strerror or error}): put the collector's certificate authority"
            " there as PEM, readable for the agent, or correct ca_file"
        ) from error


async def _read(response: aiohttp.ClientResponse, now: datetime) -> Answer:
    """The answer, at most a megabyte of it; a body that is no JSON object counts as empty."""
    raw = b""
    async for chunk in response.content.iter_chunked(65536):
        raw += chunk
        if len(raw) > MAX_ANSWER:
            break
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        body = {}
    return Answer(
        status=response.status,
        body=body if isinstance(body, dict) else {},
        retry_after=retry_after(response.headers.get("Retry-After"), now),
    )


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds or an HTTP date (RFC 9110 section 10.2.3) as seconds from now; None where it says nothing useful."""
    if not value:
        return None
    if value.isascii() and value.strip().isdigit():
        return float(value.strip()[:9])
    try:
        when = parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return max(0.0, (when - now).total_seconds()) if when.tzinfo else None


def _said(error: BaseException) -> str:
    return "no answer in time" if isinstance(error, TimeoutError) else clean(str(error) or type(error).__name__)
