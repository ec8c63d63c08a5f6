"""Ingest: the agents' way in. POST /agent/v1/enrol and /agent/v1/batches.

Who the agent is comes from its key alone. A batch is answered with 200 only after it is on disk.
"""

from __future__ import annotations

import asyncio
import logging
import random
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from aiohttp import web
from sqlalchemy.exc import DBAPIError

from collector import receive
from collector.envelope import LARGEST_BODY, LARGEST_SENT, TooMany, opened, opened_enrolment
from collector.evaluate import Bench
from collector.keys import BENCH, CLOCK, FACTS, SAMPLES
from collector.problem import problem
from collector.receive import Receipt
from collector.store.agents import AgentRow, agent_with_key, enrol
from collector.store.db import Facts
from collector.store.samples import Samples
from fleet.errors import IngestError
from fleet.kit.clock import Clock

log = logging.getLogger(__name__)

AT_ONCE = 8
"""Batches in memory at one time: more wait at the agents, which have the room."""
BODY_SECONDS = 60
GATE = web.AppKey("gate", asyncio.Semaphore)
SENDING = web.AppKey("sending", set[str])
"""Agents with a batch on its way in: one each, so that no agent takes the room of the others."""


class Busy(Exception):
    """No room for another batch now."""


def register(app: web.Application) -> None:
    """Adds the agents' routes."""
    app[GATE], app[SENDING] = asyncio.Semaphore(AT_ONCE), set()
    app.router.add_post("/agent/v1/enrol", post_enrol)
    app.router.add_post("/agent/v1/batches", post_batch)


async def post_enrol(request: web.Request) -> web.Response:
    """Takes a site token, gives an agent its id and key."""
    try:
        asked = opened_enrolment(await _body(request, largest=8192))
    except TimeoutError:
        return _unread(_later(503, f"the body did not arrive within {BODY_SECONDS} seconds; send it again", 10))
    except IngestError as error:
        return problem(422, str(error))
    now = request.app[CLOCK].now()
    made = await request.app[FACTS].change(enrol, asked.token, asked.name, asked.version, now)
    if made is None:
        text = "this site token is unknown, used or too old; make a new one: pagewarden collector site-token"
        return problem(401, text, headers={"WWW-Authenticate": "Bearer"})
    log.info("agent enrolled", extra={"agent": made[0], "name_": asked.name})
    return web.json_response({"agent_id": made[0], "agent_key": made[1]}, status=201)


async def post_batch(request: web.Request) -> web.Response:
    """Takes a batch, once."""
    try:
        async with _room(request.app):
            who = await _agent(request)
            if isinstance(who, web.Response):
                return _unread(who)
            with _turn(request.app, who.id):
                return await _taken(request, who)
    except Busy as busy:
        return _unread(_later(503, f"{busy}; send it again", 2))
    except (DBAPIError, sqlite3.Error) as error:
        log.error("a batch could not be stored: %s", error)
        return _later(503, "the batch could not be stored now; send it again", 10)


async def _taken(request: web.Request, agent: AgentRow) -> web.Response:
    app = request.app
    try:
        body = await _body(request, largest=LARGEST_BODY)
    except web.HTTPRequestEntityTooLarge:
        text = (
            f"a batch is at most {LARGEST_SENT // 2**20} MiB as sent and {LARGEST_BODY // 2**20} MiB unpacked; split it"
        )
        return _unread(problem(413, text))
    except TimeoutError:
        # Not 4xx: a slow line is no reason for the agent to give the batch up.
        return _unread(_later(503, f"the body did not arrive within {BODY_SECONDS} seconds; send it again", 10))
    except IngestError as error:
        return _unread(problem(400, str(error)))
    work = app[FACTS].run(_take, app[FACTS], app[SAMPLES], app[BENCH], app[CLOCK], agent, body)
    try:
        # The commit goes on when the agent hangs up: then its repetition is answered with "repeated".
        receipt = await asyncio.shield(work)
    except TooMany as error:
        return problem(413, str(error))
    except IngestError as error:
        log.warning("a batch was refused: %s", error, extra={"agent": agent.id})
        return problem(422, str(error))
    for aside in receipt.rejected:
        if not receipt.repeated:
            log.warning(
                "a reading was set aside: %s", aside.reason, extra={"agent": agent.id, "position": aside.position}
            )
    return web.json_response(_plain(receipt))


def _take(facts: Facts, samples: Samples, bench: Bench, clock: Clock, agent: AgentRow, body: bytes) -> Receipt:
    return receive.take(facts, samples, bench, agent, opened(body, clock.now()), clock.now())


def _plain(receipt: Receipt) -> dict[str, Any]:
    rejected = [{"position": aside.position, "reason": aside.reason} for aside in receipt.rejected]
    return {"seq": receipt.seq, "accepted": receipt.accepted, "repeated": receipt.repeated, "rejected": rejected}


@asynccontextmanager
async def _room(app: web.Application) -> AsyncIterator[None]:
    if app[GATE].locked():
        raise Busy("too many batches at once")
    async with app[GATE]:
        yield


@contextmanager
def _turn(app: web.Application, agent_id: str) -> Iterator[None]:
    if agent_id in app[SENDING]:
        raise Busy("another batch of this agent is on its way in")
    app[SENDING].add(agent_id)
    try:
        yield
    finally:
        app[SENDING].discard(agent_id)


async def _agent(request: web.Request) -> AgentRow | web.Response:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key or len(key) > 200:
        return problem(401, "send the agent's key: Authorization: Bearer ...", headers={"WWW-Authenticate": "Bearer"})
    agent = await request.app[FACTS].ask(agent_with_key, key)
    if agent is None:
        text = "this agent key is unknown here; enrol the agent again with a new site token"
        return problem(401, text, headers={"WWW-Authenticate": "Bearer"})
    if agent.revoked_at is not None:
        return problem(403, "this agent was taken out of service; enrol it again with a new site token")
    return agent


async def _body(request: web.Request, largest: int) -> bytes:
    """The unpacked body, never more of it in memory than `largest`. TimeoutError when it does not arrive in time."""
    if request.headers.get("Content-Encoding", "identity").lower() not in ("identity", "gzip"):
        raise IngestError("only gzip is understood as Content-Encoding")
    if request.content_length is not None and request.content_length > _as_sent(request, largest):
        raise web.HTTPRequestEntityTooLarge(max_size=largest, actual_size=request.content_length)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            # aiohttp unpacks gzip piece by piece.
            async for piece in request.content.iter_any():
                body += piece
                if len(body) > largest:
                    raise web.HTTPRequestEntityTooLarge(max_size=largest, actual_size=len(body))
    except (web.RequestPayloadError, ValueError) as error:
        raise IngestError("the body breaks off or is not valid gzip") from error
    return bytes(body)


def _as_sent(request: web.Request, largest: int) -> int:
    return min(largest, LARGEST_SENT) if "Content-Encoding" in request.headers else largest


def _unread(answer: web.Response) -> web.Response:
    """The answer to a request whose body was not read to its end: what follows on this connection is not trusted."""
    answer.force_close()
    return answer


def _later(status: int, detail: str, seconds: int) -> web.Response:
    wait = seconds + random.randrange(seconds + 1)  # noqa: S311 (spreads agents, protects nothing)
    return problem(status, detail, headers={"Retry-After": str(wait)})
