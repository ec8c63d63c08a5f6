"""What changes while programs ask: tokens that end, names that are given, a database that goes away."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from sqlalchemy import text

from collector.store.audit import list_audit
from collector.store.people import add_api_token, list_api_tokens, revoke_api_token
from tests.collector.office import ALL, START
from tests.collector.two_customers import TwoCustomers

Client = TestClient[Any, Any]


@pytest.fixture
async def customers(tmp_path: Path) -> TwoCustomers:
    """Of one's own, since the tests here change them."""
    return await asyncio.to_thread(TwoCustomers, tmp_path)


async def test_a_token_that_ended_or_was_revoked_opens_nothing(client: Client, customers: TwoCustomers) -> None:
    facts = customers.office.facts
    soon = customers.office.clock.now() + timedelta(minutes=1)
    short = await facts.change(add_api_token, "short", START, expires_at=soon)
    headers = {"Authorization": f"Bearer {short}"}
    assert (await client.get("/api/v1/devices", headers=headers)).status == 200
    customers.office.clock.on(2)
    assert (await client.get("/api/v1/devices", headers=headers)).status == 401
    (acme,) = [token for token in await facts.ask(list_api_tokens, ALL) if token.name == "acme"]
    await facts.change(revoke_api_token, ALL, acme.id, customers.office.clock.now())
    assert (await client.get("/api/v1/devices", headers=customers.header("acme"))).status == 401


async def test_a_device_gets_a_name_only_from_a_token_that_may_write(client: Client, customers: TwoCustomers) -> None:
    (device,) = (await (await client.get("/api/v1/devices", headers=customers.header("acme"))).json())["items"]
    path = f"/api/v1/devices/{device['id']}"
    refused = await client.patch(path, json={"name": "Reception"}, headers=customers.header("acme"))
    assert refused.status == 403
    done = await client.patch(path, json={"name": "Reception"}, headers=customers.header("all"))
    assert (done.status, (await done.json())["title"]) == (200, "Reception")
    notes = (await customers.office.facts.ask(list_audit, ALL)).items
    assert [(note.actor, note.did, note.object) for note in notes] == [("token all", "rename", device["id"])]


async def test_a_writing_token_of_one_customer_changes_nothing_of_another(
    client: Client, customers: TwoCustomers
) -> None:
    whose = {"tenant_id": customers.acme.tenant_id}
    token = await customers.office.facts.change(add_api_token, "w", START, may_write=True, **whose)
    (device,) = (await (await client.get("/api/v1/devices", headers=customers.header("bolt"))).json())["items"]
    headers = {"Authorization": f"Bearer {token}"}
    answer = await client.patch(f"/api/v1/devices/{device['id']}", json={"name": "Mine"}, headers=headers)
    assert answer.status == 404
    (same,) = (await (await client.get("/api/v1/devices", headers=customers.header("bolt"))).json())["items"]
    assert same == device


async def test_a_database_that_is_gone_is_503_with_a_time(client: Client, customers: TwoCustomers) -> None:
    await customers.office.facts.change(lambda conn: conn.execute(text("ALTER TABLE device RENAME TO gone")).close())
    answer = await client.get("/api/v1/devices", headers=customers.header("acme"))
    assert (answer.status, answer.content_type) == (503, "application/problem+json")
    assert int(answer.headers["Retry-After"]) > 0
