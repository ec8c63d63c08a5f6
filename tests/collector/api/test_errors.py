"""Every error of the API is a problem that says what is wrong."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from collector.api import v1
from tests.collector.two_customers import TwoCustomers

Client = TestClient[Any, Any]


async def refused(answer: Any, status: int) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(await answer.text())
    assert answer.status == status, body
    assert answer.content_type == "application/problem+json"
    assert set(body) >= {"type", "title", "status", "detail"}
    assert body["status"] == status
    return body


def sealed(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("tenant=x", "no query parameter 'tenant'; possible are limit, cursor, search"),
        ("limit=5&limit=6", "limit is given more than once"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=many", "limit"),
        ("kind=toaster", "toaster"),
        ("standing=fine", "standing"),
        ("sort=colour", "cannot sort by 'colour'; possible are title"),
        ("search=a%00b", "not printable"),
        ("search=" + "a" * 501, "longer than 500"),
        ("cursor=!!", "cursor"),
        ("cursor=" + sealed("title", "a", 1.5), "cursor"),
        ("cursor=" + sealed("pages", "a", "b"), "cursor"),
        ("sort=pages&cursor=" + sealed("pages", 10**40, "b"), "cursor"),
        ("sort=heard&cursor=" + sealed("heard", "monday", "b"), "cursor"),
        ("sort=heard&cursor=" + sealed("heard", {"t": "2026-01-01T00:00:00"}, "b"), "cursor"),
        ("cursor=" + base64.urlsafe_b64encode(b"[" * 300).decode(), "cursor"),
    ],
)
async def test_a_wrong_query_is_named(client: Client, customers: TwoCustomers, query: str, words: str) -> None:
    answer = await client.get(f"/api/v1/devices?{query}", headers=customers.header("acme"))
    assert words in (await refused(answer, 400))["detail"]


async def test_one_record_takes_no_parameters(client: Client, customers: TwoCustomers) -> None:
    answer = await client.get("/api/v1/devices/dev_0?limit=5", headers=customers.header("acme"))
    assert "there are none here" in (await refused(answer, 400))["detail"]


@pytest.mark.parametrize("path", ["/api/v1/toasters", "/api/v2/devices", "/api", "/api/v1/devices/dev_0/x", "/metrics"])
async def test_no_such_path(client: Client, path: str) -> None:
    await refused(await client.get(path), 404)


async def test_a_method_that_is_not_known_says_which_are(client: Client) -> None:
    answer = await client.delete("/api/v1/devices/dev_0")
    await refused(answer, 405)
    assert set(answer.headers["Allow"].split(",")) == {"GET", "HEAD", "PATCH"}


async def test_pages_keep_their_own_errors(customers: TwoCustomers, aiohttp_client: Any) -> None:
    app = await asyncio.to_thread(customers.app, v1)
    answer = await (await aiohttp_client(app)).get("/devices")
    assert (answer.status, answer.content_type) == (404, "text/plain")


@pytest.mark.parametrize(
    ("body", "kind", "status", "words"),
    [
        (b'{"name": "x"}', "text/plain", 415, "application/json"),
        (b'{"name": ', "application/json", 400, "not JSON"),
        (b"\xff", "application/json", 400, "not JSON"),
        (b"[" * 60_000, "application/json", 422, "Expected `object`"),
        (b"{}", "application/json", 422, "name"),
        (b'{"name": 5}', "application/json", 422, "$.name"),
        (b'{"name": ""}', "application/json", 422, "$.name"),
        (b'{"name": "x", "tenant_id": "y"}', "application/json", 422, "tenant_id"),
        (b'{"name": "' + b"x" * 70_000 + b'"}', "application/json", 413, "65536"),
    ],
)
async def test_a_wrong_body_is_named(
    client: Client, customers: TwoCustomers, body: bytes, kind: str, status: int, words: str
) -> None:
    headers = {**customers.header("all"), "Content-Type": kind}
    answer = await client.patch("/api/v1/devices/dev_0", data=body, headers=headers)
    assert words in (await refused(answer, status))["detail"]


async def test_a_bomb_is_refused(client: Client, customers: TwoCustomers) -> None:
    headers = {**customers.header("all"), "Content-Type": "application/json", "Content-Encoding": "gzip"}
    bomb = gzip.compress(b'{"name": "' + b"x" * 20_000_000 + b'"}')
    await refused(await client.patch("/api/v1/devices/dev_0", data=bomb, headers=headers), 413)


async def test_a_failure_of_ours_is_a_plain_word(customers: TwoCustomers, aiohttp_client: Any) -> None:
    async def broken(request: web.Request) -> web.Response:
        raise RuntimeError("secret of the house")

    app = await asyncio.to_thread(customers.app, v1)
    app.router.add_get("/api/broken", broken)
    answer = await (await aiohttp_client(app)).get("/api/broken")
    assert "secret" not in json.dumps(await refused(answer, 500))
