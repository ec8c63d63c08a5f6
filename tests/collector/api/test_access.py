"""Who comes in, and that nobody sees another customer's rows: on every operation there is."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from collector.api.v1 import api
from tests.collector.api.conftest import Asking
from tests.collector.two_customers import TwoCustomers

Client = TestClient[Any, Any]
OPERATIONS = [pytest.param(op, id=f"{op.method} {op.path}") for op in api.operations]
LISTS = [op for op in api.operations if "{ident}" not in op.path]


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_nobody_comes_in_without_a_token(client: Client, operation: Any) -> None:
    path = operation.path.replace("{ident}", "dev_0")
    body = {"name": "x"} if operation.body else None
    for sent in ("", "Basic abc", "Bearer", "Bearer  ", "Bearer pagewarden_api_wrong", "Bearer é"):
        headers = {"Authorization": sent} if sent else {}
        answer = await client.request(operation.method, path, json=body, headers=headers)
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("operation", LISTS, ids=lambda op: op.path)
async def test_a_list_holds_only_the_tokens_own_customer(ask: Asking, operation: Any) -> None:
    everything, acme, bolt = [
        {item["id"] for item in await ask.items(operation.path, who)} for who in ("all", "acme", "bolt")
    ]
    assert not acme & bolt
    assert acme | bolt == everything
    assert bool(acme) == bool(bolt)


@pytest.mark.parametrize("operation", LISTS, ids=lambda op: op.path)
async def test_another_customers_id_is_answered_like_one_that_does_not_exist(ask: Asking, operation: Any) -> None:
    unknown = await ask.get(f"{operation.path}/dev_00000000000000000000", "acme", status=404)
    assert await ask.get(f"{operation.path}/%00", "acme", status=404) == unknown
    for item in await ask.items(operation.path, "bolt"):
        assert await ask.get(f"{operation.path}/{item['id']}", "acme", status=404) == unknown


@pytest.mark.parametrize("parameter", ["device_id", "site_id", "agent_id", "supply_id", "tenant_id", "search"])
async def test_no_parameter_opens_another_customer(ask: Asking, customers: TwoCustomers, parameter: str) -> None:
    device = (await ask.items("/api/v1/devices", "bolt"))[0]
    values = {
        "device_id": device["id"],
        "supply_id": device["supplies"][0]["id"],
        "site_id": customers.bolt.site_id,
        "agent_id": customers.bolt.id,
        "tenant_id": customers.bolt.tenant_id,
        "search": "SN0098765",
    }
    for operation in LISTS:
        if parameter in operation.query.__struct_fields__:
            assert await ask.items(f"{operation.path}?{parameter}={values[parameter]}", "acme") == []
