"""/healthz says that it lives; /readyz says whether it can work, and what is wrong."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from collector.keys import CLOCK, FACTS, SAMPLES, SETTINGS
from collector.sinks import health
from collector.sinks.health import disk_writable
from tests.collector.office import Office, office

Client = TestClient[Any, Any]


@pytest.fixture
def shop(tmp_path: Path) -> Office:
    return office(tmp_path)


@pytest.fixture
async def client(shop: Office, aiohttp_client: Any) -> Client:
    app = web.Application()
    app[FACTS], app[SAMPLES], app[CLOCK], app[SETTINGS] = shop.facts, shop.samples, shop.clock, shop.settings
    health.register(app)
    made: Client = await aiohttp_client(app)
    return made


async def ready(client: Client, status: int) -> dict[str, str]:
    answer = await client.get("/readyz")
    body = await answer.json(content_type=None)
    assert answer.status == status, body
    if status != 200:
        assert answer.headers["Retry-After"]
    checks: dict[str, str] = body["checks"]
    return checks


async def test_alive_and_ready(client: Client) -> None:
    assert (await client.get("/healthz")).status == 200
    assert await ready(client, 200) == {"facts": "ok", "samples": "ok", "disk": "ok"}


async def test_samples_that_are_gone_are_named(client: Client, shop: Office) -> None:
    for file in await asyncio.to_thread(lambda: list(shop.samples.path.parent.glob(f"{shop.samples.path.name}*"))):
        file.rename(file.with_name(f"away-{file.name}"))
    checks = await ready(client, 503)
    assert checks["samples"] != "ok"
    assert checks["facts"] == "ok"
    assert str(shop.samples.path.parent) not in str(checks)
    assert (await client.get("/healthz")).status == 200


async def test_facts_that_take_nothing_are_named_until_they_do(
    client: Client, shop: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.2)

    def locked() -> sqlite3.Connection:
        conn = sqlite3.connect(shop.settings.data_dir / "facts.db", isolation_level=None, check_same_thread=False)
        conn.execute("BEGIN IMMEDIATE")
        return conn

    with closing(await asyncio.to_thread(locked)) as conn:
        assert "within 0.2 seconds" in (await ready(client, 503))["facts"]
        await asyncio.to_thread(conn.execute, "ROLLBACK")
    shop.clock.on(1)
    assert (await ready(client, 200))["facts"] == "ok"


async def test_many_who_ask_are_answered_by_one_look(client: Client, shop: Office) -> None:
    looks: list[int] = []
    readiness = client.server.app[health.READINESS]  # type: ignore[attr-defined]
    readiness.checks = {"counted": lambda: looks.append(1)}
    await asyncio.gather(*(ready(client, 200) for _ in range(10)))
    assert len(looks) == 1
    shop.clock.on(1)
    await ready(client, 200)
    assert len(looks) == 2


def test_a_folder_that_takes_no_file_is_no_disk(tmp_path: Path) -> None:
    disk_writable(tmp_path)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OSError, match="No such file"):
        disk_writable(tmp_path / "gone")
