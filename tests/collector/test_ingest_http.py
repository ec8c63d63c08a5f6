"""The agents' way in, over a real socket."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer

from collector import ingest
from collector.app import build_app
from collector.keys import FACTS
from collector.settings import CollectorSettings
from collector.store.agents import add_site_token, list_agents, revoke_agent
from collector.store.devices import list_devices
from collector.store.sites import add_site, add_tenant
from fleet.kit.wire import to_plain
from tests.collector.office import ALL, START, HandClock, reading

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    app = await asyncio.to_thread(build_app, CollectorSettings(data_dir=tmp_path / "data"), HandClock())
    async with TestClient(TestServer(app)) as made:
        yield made


async def site_token(client: Client, hours: float = 24) -> str:
    def make(conn: Any) -> str:
        site_id = add_site(conn, add_tenant(conn, "Acme", START), "Head office", START)
        return add_site_token(conn, site_id, START, START.fromtimestamp(START.timestamp() + hours * 3600, START.tzinfo))

    return await client.app[FACTS].change(make)  # type: ignore[union-attr]


async def enrolled(client: Client) -> dict[str, str]:
    body = {"token": await site_token(client), "name": "agent-1", "version": "0.1.0"}
    answer = await client.post("/agent/v1/enrol", json=body)
    assert answer.status == 201, await answer.text()
    made = await answer.json()
    return {"Authorization": f"Bearer {made['agent_key']}"}


def batch(*readings: Any, seq: int = 1, **more: Any) -> dict[str, Any]:
    plain = [to_plain(one) if not isinstance(one, dict) else one for one in readings]
    made = {
        "spool": "spool-a",
        "seq": seq,
        "sent_at": START.isoformat(),
        "status": {"version": "0.1.0"},
        "readings": plain,
    }
    return made | more


async def devices(client: Client) -> Any:
    return (await client.app[FACTS].ask(list_devices, ALL)).items  # type: ignore[union-attr]


async def test_an_agent_enrols_and_its_batch_is_stored_once(client: Client) -> None:
    headers = await enrolled(client)
    for repeated in (False, True):
        answer = await client.post("/agent/v1/batches", json=batch(reading(START)), headers=headers)
        assert answer.status == 200
        assert await answer.json() == {"seq": 1, "accepted": 1, "repeated": repeated, "rejected": []}
    assert len(await devices(client)) == 1


async def test_an_agent_whose_disk_was_set_back_loses_nothing(client: Client) -> None:
    headers = await enrolled(client)
    moments = [START, START.replace(minute=5)]
    for at in (*moments, *reversed(moments)):
        answer = await client.post(
            "/agent/v1/batches", json=batch(reading(at), sent_at=at.isoformat()), headers=headers
        )
        assert answer.status == 200
        assert (await answer.json())["accepted"] == 1
    heartbeat = await client.post("/agent/v1/batches", json=batch(), headers=headers)
    assert (await heartbeat.json())["repeated"] is False, "a heartbeat under the same number is neither of them"
    [device] = await devices(client)
    assert device.heard_at == moments[1]


async def test_the_same_readings_in_another_order_of_fields_are_the_same(client: Client) -> None:
    headers, plain = await enrolled(client), to_plain(reading(START))
    told = []
    for one in (plain, dict(reversed(plain.items()))):
        answer = await client.post("/agent/v1/batches", json=batch(one), headers=headers)
        told.append((await answer.json())["repeated"])
    assert told == [False, True]


async def test_a_number_without_end_is_refused(client: Client) -> None:
    headers = await enrolled(client)
    body = json.dumps(batch(status={"version": "0.1.0", "x": 0.5})).replace("0.5", "1e400")
    answer = await client.post("/agent/v1/batches", data=body, headers=headers)
    assert answer.status == 422
    assert "too large a number" in await answer.text()


async def test_those_who_read_do_not_wait_for_those_who_write(client: Client) -> None:
    facts, go = client.app[FACTS], threading.Event()  # type: ignore[union-attr]

    def hold(conn: Any) -> None:
        go.wait(30)

    writers = [asyncio.create_task(facts.change(hold)) for _ in range(12)]
    try:
        async with asyncio.timeout(20):
            assert await devices(client) == ()
            assert (await client.get("/healthz")).status == 200
    finally:
        go.set()
        await asyncio.gather(*writers)


async def test_a_site_token_works_once(client: Client) -> None:
    body = {"token": await site_token(client), "name": "a", "version": "1"}
    assert (await client.post("/agent/v1/enrol", json=body)).status == 201
    answer = await client.post("/agent/v1/enrol", json=body)
    assert answer.status == 401
    assert answer.content_type == "application/problem+json"
    assert "site-token" in (await answer.json())["detail"]


async def test_a_site_token_too_old_opens_nothing(client: Client) -> None:
    body = {"token": await site_token(client, hours=-1), "name": "a", "version": "1"}
    assert (await client.post("/agent/v1/enrol", json=body)).status == 401


async def test_an_unknown_or_revoked_key_opens_nothing(client: Client) -> None:
    headers = await enrolled(client)
    wrong = {"Authorization": "Bearer pagewarden_agent_nonsense"}
    assert (await client.post("/agent/v1/batches", json=batch(), headers=wrong)).status == 401
    assert (await client.post("/agent/v1/batches", json=batch())).status == 401
    facts = client.app[FACTS]  # type: ignore[union-attr]
    (agent,) = (await facts.ask(list_agents, ALL)).items
    assert await facts.change(revoke_agent, ALL, agent.id, START)
    assert (await client.post("/agent/v1/batches", json=batch(), headers=headers)).status == 403


async def test_a_bad_reading_is_set_aside_and_its_neighbours_stored(client: Client) -> None:
    headers = await enrolled(client)
    good = to_plain(reading(START))
    bad: list[Any] = [
        good | {"pages": 3},
        good | {"taken_at": "yesterday"},
        good | {"counters": [{"name": "total", "value": "many"}]},
        good | {"supplies": [{"index": "1", "type": "toner", "level": {"is": "exact", "percent": 400}}]},
        good | {"location": "half \ud800 a pair"},
        good | {"location": "with \x00 in it"},
        good | {"key": ""},
        good | {"counters": [{"name": "total", "value": 2**70}]},
        "a text",
        None,
    ]
    answer = await client.post("/agent/v1/batches", json=batch(*bad[:5], good, *bad[5:]), headers=headers)
    told = await answer.json()
    assert (answer.status, told["accepted"]) == (200, 1)
    assert [aside["position"] for aside in told["rejected"]] == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10]
    assert "pages" in told["rejected"][0]["reason"]
    assert "supplies[0].level" in told["rejected"][3]["reason"]
    assert len(await devices(client)) == 1
    again = await (await client.post("/agent/v1/batches", json=batch(*bad[:5], good, *bad[5:]), headers=headers)).json()
    assert again == told | {"repeated": True}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"not json", 422),
        (b"[1]", 422),
        (b'{"spool": NaN}', 422),
        (b"[" * 100_000, 422),
        (json.dumps(batch(seq=-1)).encode(), 422),
        (json.dumps(batch(spool="")).encode(), 422),
        (json.dumps(batch(sent_at="soon")).encode(), 422),
        (json.dumps(batch(readings={})).encode(), 422),
        (json.dumps(batch(readings=[None] * 5001)).encode(), 413),
        (b" " * (8 * 2**20 + 1), 413),
    ],
)
async def test_a_batch_that_makes_no_sense_is_refused_with_the_reason(client: Client, body: bytes, status: int) -> None:
    answer = await client.post("/agent/v1/batches", data=body, headers=await enrolled(client))
    assert answer.status == status
    assert answer.content_type == "application/problem+json"
    assert (await answer.json())["detail"]


@pytest.mark.parametrize("year", [1970, 1985, 2011, 2036])
async def test_an_agent_whose_clock_was_never_set_loses_nothing(client: Client, year: int) -> None:
    """A board without a battery wakes up in 1970: its readings count by their age."""
    sent = START.replace(year=year, month=1, day=1)
    half_an_hour_ago = reading(sent - timedelta(minutes=30), boot_at=sent - timedelta(days=3))
    body = batch(half_an_hour_ago, sent_at=sent.isoformat())
    told = await (await client.post("/agent/v1/batches", json=body, headers=await enrolled(client))).json()
    assert (told["accepted"], told["rejected"]) == (1, [])
    (row,) = await devices(client)
    assert row.heard_at == START - timedelta(minutes=30)
    assert row.state.boot_at == START - timedelta(days=3)


async def test_a_reading_from_before_the_clock_jumped_is_set_aside(client: Client) -> None:
    """Taken in 1970 by a clock that is right by now: nobody can tell when that was."""
    headers = await enrolled(client)
    told = await (
        await client.post("/agent/v1/batches", json=batch(reading(datetime(1970, 1, 1, tzinfo=UTC))), headers=headers)
    ).json()
    assert "taken_at" in told["rejected"][0]["reason"]
    end = batch(reading(START), seq=2, sent_at="8999-01-01T00:00:00+00:00")
    told = await (await client.post("/agent/v1/batches", json=end, headers=headers)).json()
    assert (told["accepted"], len(told["rejected"])) == (0, 1)


async def test_what_an_agent_says_of_itself_is_news_again_once_its_clock_is_right(client: Client) -> None:
    headers = await enrolled(client)
    ahead = batch(sent_at="2036-01-01T00:00:00+00:00", status={"spooled": 9})
    assert (await client.post("/agent/v1/batches", json=ahead, headers=headers)).status == 200
    right = batch(seq=2, status={"spooled": 1})
    assert (await client.post("/agent/v1/batches", json=right, headers=headers)).status == 200
    (agent,) = (await client.app[FACTS].ask(list_agents, ALL)).items  # type: ignore[union-attr]
    assert agent.status["spooled"] == 1


async def test_a_body_that_comes_too_slowly_is_asked_for_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A 4xx would make the agent give the batch up."""
    monkeypatch.setattr(ingest, "BODY_SECONDS", 0.05)
    headers = await enrolled(client)

    async def slowly() -> AsyncIterator[bytes]:
        yield b'{"spool":'
        await asyncio.Event().wait()

    answer = await client.post("/agent/v1/batches", data=slowly(), headers=headers)
    assert answer.status == 503
    assert "Retry-After" in answer.headers


async def test_a_key_of_odd_octets_is_an_unknown_key(client: Client) -> None:
    reader, writer = await asyncio.open_connection(client.host, client.port)
    for head in (b"POST /agent/v1/batches", b"GET /api/v1/devices"):
        writer.write(head + b" HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \xff\xfe\r\nContent-Length: 0\r\n\r\n")
        assert b" 401 " in await reader.readuntil(b"\r\n")
        if head.startswith(b"POST"):
            writer.close()
            reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.close()
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: a\r\nCookie: pagewarden=\xff\xfe\r\n\r\n")
    assert b" 303 " in await reader.readuntil(b"\r\n")
    writer.close()


async def test_gzip_is_understood_and_bounded(client: Client) -> None:
    headers = await enrolled(client) | {"Content-Encoding": "gzip"}
    url = "/agent/v1/batches"
    packed = gzip.compress(json.dumps(batch(reading(START))).encode())
    assert (await client.post(url, data=packed, headers=headers)).status == 200
    bomb = gzip.compress(b" " * (200 * 2**20), 9)
    assert len(bomb) < 2**20
    assert (await client.post(url, data=bomb, headers=headers)).status == 413
    assert (await client.post(url, data=b"\0" * (2**20 + 1), headers=headers)).status == 413
    assert (await client.post(url, data=packed[:-20], headers=headers)).status in (400, 422)
    assert (await client.post(url, data=b"no gzip at all", headers=headers)).status == 400
    odd = headers | {"Content-Encoding": "zstd"}
    assert (await client.post(url, data=packed, headers=odd)).status == 400


async def test_deep_nesting_is_set_aside(client: Client) -> None:
    deep: Any = "x"
    for _ in range(200):
        deep = [deep]
    answer = await client.post(
        "/agent/v1/batches", json=batch(to_plain(reading(START)) | {"sources": deep}), headers=await enrolled(client)
    )
    assert answer.status == 200
    assert "nested" in (await answer.json())["rejected"][0]["reason"]


async def test_an_empty_batch_is_a_heartbeat(client: Client) -> None:
    headers = await enrolled(client)
    assert (await client.post("/agent/v1/batches", json=batch(), headers=headers)).status == 200
    (agent,) = (await client.app[FACTS].ask(list_agents, ALL)).items  # type: ignore[union-attr]
    assert (agent.last_heard_at, agent.status["version"]) == (START, "0.1.0")


async def test_too_many_at_once_are_asked_to_come_later(client: Client) -> None:
    headers = await enrolled(client)
    gate = client.app[ingest.GATE]  # type: ignore[union-attr]
    for _ in range(ingest.AT_ONCE):
        await gate.acquire()
    answer = await client.post("/agent/v1/batches", json=batch(), headers=headers)
    assert answer.status == 503
    assert 2 <= int(answer.headers["Retry-After"]) <= 4
    for _ in range(ingest.AT_ONCE):
        gate.release()
    assert (await client.post("/agent/v1/batches", json=batch(), headers=headers)).status == 200


async def test_one_agent_does_not_take_the_room_of_the_others(client: Client) -> None:
    """Whoever holds a stolen key can open many connections and dawdle on each."""
    mine = await enrolled(client)
    begun, end = asyncio.Event(), asyncio.Event()

    async def dawdling() -> AsyncIterator[bytes]:
        yield b'{"spool":'
        begun.set()
        await end.wait()
        yield json.dumps(batch())[len('{"spool":') :].encode()

    first = asyncio.create_task(client.post("/agent/v1/batches", data=dawdling(), headers=mine))
    await begun.wait()
    while not client.app[ingest.SENDING]:  # type: ignore[union-attr]
        await asyncio.sleep(0.01)
    for _ in range(ingest.AT_ONCE):
        answer = await client.post("/agent/v1/batches", json=batch(seq=2), headers=mine)
        assert (answer.status, "Retry-After" in answer.headers) == (503, True)
    theirs = await enrolled(client)
    assert (await client.post("/agent/v1/batches", json=batch(), headers=theirs)).status == 200
    end.set()
    assert (await first).status == 200
    assert (await client.post("/agent/v1/batches", json=batch(seq=2), headers=mine)).status == 200


async def test_a_store_that_fails_is_told_as_later(client: Client, tmp_path: Path) -> None:
    headers = await enrolled(client)
    samples = tmp_path / "data" / "samples.db"
    for leftover in tmp_path.glob("data/samples.db*"):
        leftover.rename(leftover.with_suffix(".away"))
    while not samples.is_dir():
        # What is done in the background may make the file anew in between.
        samples.unlink(missing_ok=True)
        with contextlib.suppress(FileExistsError):
            samples.mkdir()
    answer = await client.post("/agent/v1/batches", json=batch(reading(START)), headers=headers)
    assert answer.status == 503
    assert "Retry-After" in answer.headers
    assert await devices(client) == ()
    samples.rmdir()
    for leftover in tmp_path.glob("data/*.away"):
        leftover.rename(samples)
    assert (await client.post("/agent/v1/batches", json=batch(reading(START)), headers=headers)).status == 200
    assert len(await devices(client)) == 1


async def test_many_agents_at_once_lose_nothing(client: Client) -> None:
    keys = [await enrolled(client) for _ in range(4)]
    url = client.make_url("/agent/v1/batches")

    async def send(session: ClientSession, headers: dict[str, str], seq: int) -> None:
        said = to_plain(reading(START, key=f"k{seq}")) | {"identity": {"serial": f"SN55{seq}777", "maker": "Acme"}}
        for _ in range(50):
            async with session.post(url, json=batch(said, seq=seq), headers=headers) as answer:
                if answer.status == 200:
                    return
                assert answer.status == 503
            await asyncio.sleep(0.02)
        raise AssertionError("the collector never took the batch")

    async with ClientSession() as session:
        await asyncio.gather(*(send(session, headers, seq) for headers in keys for seq in range(10)))
    assert len(await devices(client)) == 40
