"""Shipping against a real HTTP server: a batch leaves the spool on its receipt and on nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from agent.ship import LONGEST_PAUSE, Shipper, retry_after, trust
from agent.spool import Spool
from fleet.errors import ShipError
from fleet.kit.clock import SystemClock
from fleet.kit.config import Secret
from tests.agent.probes.peers import certificate
from tests.agent.readings import reading

Reply = Callable[[dict[str, Any], web.Request], Awaitable[web.StreamResponse]]


def receipt(body: dict[str, Any], *, repeated: bool = False) -> web.Response:
    answer = {"seq": body["seq"], "accepted": len(body["readings"]), "repeated": repeated, "rejected": []}
    return web.json_response(answer)


async def takes(body: dict[str, Any], _: web.Request) -> web.StreamResponse:
    return receipt(body)


class Peer:
    """A collector that answers as told: `script` first, one reply each, then it takes everything."""

    def __init__(self) -> None:
        self.script: list[Reply] = []
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.got = asyncio.Condition()
        self.url = ""

    @property
    def batches(self) -> list[dict[str, Any]]:
        return [body for body in self.bodies if body["readings"]]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        body = json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)
        self.bodies.append(body)
        self.headers.append(dict(request.headers))
        reply = self.script.pop(0) if self.script and body["readings"] else takes
        async with self.got:
            self.got.notify_all()
        return await reply(body, request)


def refuses(status: int, detail: str = "no", **headers: str) -> Reply:
    async def reply(_: dict[str, Any], __: web.Request) -> web.StreamResponse:
        problem = json.dumps({"title": "no", "status": status, "detail": detail})
        return web.Response(status=status, text=problem, content_type="application/problem+json", headers=headers)

    return reply


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    peer = Peer()
    app = web.Application(client_max_size=2**24)
    app.router.add_post("/agent/v1/batches", peer.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    peer.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield peer
    await runner.cleanup()


@pytest.fixture
async def spool(tmp_path: Path) -> AsyncIterator[Spool]:
    spool = Spool(tmp_path, SystemClock(), max_bytes=2**24, batch_bytes=2**20)
    await spool.open()
    yield spool
    await spool.close()


def shipper(spool: Spool, url: str, **changes: Any) -> Shipper:
    settings = {
        "heartbeat_seconds": 60.0,
        "linger_seconds": 0.0,
        "longest_pause": 0.02,
        "refused_pause": 0.02,
    } | changes
    return Shipper(spool, SystemClock(), url=url, key=Secret("s3cret"), status=lambda: {"version": "1"}, **settings)


@contextlib.asynccontextmanager
async def shipping(shipper: Shipper) -> AsyncIterator[None]:
    task = asyncio.create_task(shipper.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def empty(spool: Spool) -> None:
    """Wait until nothing waits in the spool."""
    async with asyncio.timeout(10):
        while (await spool.counts()).waiting:
            await asyncio.sleep(0.01)


def displays(peer: Peer) -> list[str]:
    return [row["display"] for body in peer.batches for row in body["readings"]]


async def test_a_batch_carries_the_contract(spool: Spool, peer: Peer) -> None:
    await spool.put([reading(1), reading(2)])
    async with shipping(shipper(spool, peer.url)):
        await empty(spool)
    batch, headers = peer.batches[0], peer.headers[0]
    assert set(batch) == {"spool", "seq", "sent_at", "status", "readings"}
    assert batch["spool"] == spool.id
    assert datetime.fromisoformat(batch["sent_at"]).tzinfo is not None
    assert batch["status"] == {"version": "1"}
    assert [row["display"] for row in batch["readings"]] == ["1", "2"]
    assert headers["Authorization"] == "Bearer s3cret"
    assert headers["Content-Encoding"] == "gzip"


async def test_without_readings_it_still_gives_a_sign_of_life(spool: Spool, peer: Peer) -> None:
    async with shipping(shipper(spool, peer.url, heartbeat_seconds=0.05)), asyncio.timeout(10), peer.got:
        await peer.got.wait_for(lambda: len(peer.bodies) >= 3)
    assert [body["readings"] for body in peer.bodies[:3]] == [[], [], []]
    assert len({body["seq"] for body in peer.bodies}) == len(peer.bodies)


async def test_a_cut_after_the_commit_is_repeated_byte_for_byte(spool: Spool, peer: Peer) -> None:
    async def commits_and_dies(_: dict[str, Any], request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    peer.script = [commits_and_dies, commits_and_dies]
    await spool.put([reading(1), reading(2)])
    async with shipping(shipper(spool, peer.url)):
        await empty(spool)
    same = [(body["seq"], body["spool"], body["readings"]) for body in peer.batches]
    assert len(same) == 3
    assert same[0] == same[1] == same[2]


async def test_what_is_not_answered_in_time_is_kept(spool: Spool, peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.ship.TOTAL_SECONDS", 0.2)

    async def too_late(body: dict[str, Any], _: web.Request) -> web.StreamResponse:
        await asyncio.sleep(5)
        return receipt(body)

    peer.script = [too_late]
    await spool.put([reading(1)])
    async with shipping(shipper(spool, peer.url)):
        await empty(spool)
    assert displays(peer) == ["1", "1"]


async def test_too_large_is_split_until_it_fits(spool: Spool, peer: Peer) -> None:
    async def at_most_three(body: dict[str, Any], request: web.Request) -> web.StreamResponse:
        return await (refuses(413) if len(body["readings"]) > 3 else takes)(body, request)

    peer.script = [at_most_three] * 20
    await spool.put([reading(number) for number in range(10)])
    async with shipping(shipper(spool, peer.url)):
        await empty(spool)
    taken = [body for body in peer.batches if len(body["readings"]) <= 3]
    assert [row["display"] for body in taken for row in body["readings"]] == [str(number) for number in range(10)]
    assert len({body["seq"] for body in peer.batches}) == len(peer.batches)


@pytest.mark.parametrize("status", [400, 422])
async def test_a_batch_nobody_will_take_is_set_aside_and_the_rest_goes_on(
    spool: Spool, peer: Peer, status: int
) -> None:
    peer.script = [refuses(status, "seq is missing")]
    await spool.put([reading(1)])
    async with shipping(shipper(spool, peer.url)):
        await empty(spool)
        await spool.put([reading(2)])
        await empty(spool)
    assert displays(peer) == ["1", "2"]
    assert (await spool.counts()).dead == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_asked_to_wait_it_waits_and_sends_again(spool: Spool, peer: Peer, status: int) -> None:
    peer.script = [refuses(status)]
    await spool.put([reading(1)])
    async with shipping(shipper(spool, peer.url)):
        await empty(spool)
    assert displays(peer) == ["1", "1"]


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_key_keeps_everything_and_says_so(
    spool: Spool, peer: Peer, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    peer.script = [refuses(status, "this key was revoked")] * 2
    await spool.put([reading(1)])
    sending = shipper(spool, peer.url)
    async with shipping(sending):
        async with asyncio.timeout(10), peer.got:
            await peer.got.wait_for(lambda: len(peer.bodies) >= 2)
        assert (await spool.counts()).waiting == 1
        assert sending.trouble is not None
        assert "this key was revoked" in sending.trouble
        assert "enrol" in sending.trouble
        await empty(spool)
    said = [record for record in caplog.records if "does not know this agent's key" in record.getMessage()]
    assert len(said) == 1


async def test_a_redirect_is_not_followed(spool: Spool, peer: Peer) -> None:
    peer.script = [refuses(307, Location=f"{peer.url}/elsewhere")]
    await spool.put([reading(1)])
    async with shipping(shipper(spool, peer.url)):
        await empty(spool)
    assert displays(peer) == ["1", "1"]


@pytest.mark.parametrize("page", ["<html>welcome</html>", '{"seq": -1}', "[]", '"seq"', "[" * 100_000])
async def test_a_friendly_page_is_no_receipt(spool: Spool, peer: Peer, page: str) -> None:
    async def welcomes(_: dict[str, Any], __: web.Request) -> web.StreamResponse:
        return web.Response(text=page)

    peer.script = [welcomes]
    await spool.put([reading(1)])
    async with shipping(shipper(spool, peer.url)):
        await empty(spool)
    assert displays(peer) == ["1", "1"]


async def test_nobody_there_is_said_with_the_address(spool: Spool, unused_tcp_port: int) -> None:
    await spool.put([reading(1)])
    sending = shipper(spool, f"http://127.0.0.1:{unused_tcp_port}")
    async with aiohttp.ClientSession() as session:
        with pytest.raises(ShipError, match=f"{unused_tcp_port}.*cannot be reached"):
            await sending.step(session)
    assert (await spool.counts()).waiting == 1


def test_pauses_grow_within_bounds(tmp_path: Path) -> None:
    spool = Spool(tmp_path, SystemClock(), max_bytes=2**24, batch_bytes=2**20)
    sending = shipper(spool, "http://x", longest_pause=LONGEST_PAUSE)
    error = ShipError("away")
    sending._failures = 1
    assert all(1 <= sending.pause_after(error) <= 2 for _ in range(50))
    sending._failures = 30
    pauses = [sending.pause_after(error) for _ in range(200)]
    assert min(pauses) < 60 < 200 < max(pauses) <= 300
    assert 7 <= sending.pause_after(ShipError("busy", retry_after_seconds=7)) <= 8
    assert sending.pause_after(ShipError("busy", retry_after_seconds=1e9)) <= 3601


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 3 ", 3.0),
        ("Mon, 02 Mar 2026 08:00:30 GMT", 30.0),
        ("Mon, 02 Mar 2026 07:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        (None, None),
        ("-5", None),
        ("9" * 400, 999999999.0),
        ("\u00b2", None),
        ("Mon, 02 Mar 2026 08:00:00 +99999999999999999999", None),
    ],
)
def test_retry_after_reads_seconds_and_dates(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, datetime(2026, 3, 2, 8, 0, tzinfo=UTC)) == seconds


async def test_a_ca_file_that_is_gone_is_said_once_and_looked_for_again(
    spool: Spool, peer: Peer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await spool.put([reading(1)])
    missing = tmp_path / "ca.pem"
    sender = shipper(spool, peer.url, ca_file=missing)
    async with shipping(sender), asyncio.timeout(10):
        while sender._failures < 3:
            await asyncio.sleep(0.01)
        assert str(missing) in str(sender.trouble)
        assert "correct ca_file" in str(sender.trouble)
        certificate(tmp_path, "ca")
        await empty(spool)
        while sender.trouble:
            await asyncio.sleep(0.01)
    assert displays(peer) == ["1"]
    assert sum(str(missing) in record.getMessage() for record in caplog.records) == 1


def test_a_ca_file_without_a_certificate_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(ShipError, match=r"ca\.pem cannot be used .* correct ca_file"):
        trust(tmp_path / "ca.pem")
