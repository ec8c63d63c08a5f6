from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from collector.api import v1
from tests.collector.two_customers import TwoCustomers


@pytest.fixture(scope="session")
def customers(tmp_path_factory: pytest.TempPathFactory) -> TwoCustomers:
    """Made once, for tests that only read."""
    return TwoCustomers(tmp_path_factory.mktemp("customers"))


@pytest.fixture
async def client(customers: TwoCustomers, aiohttp_client: Any) -> TestClient[Any, Any]:
    made: TestClient[Any, Any] = await aiohttp_client(await asyncio.to_thread(customers.app, v1))
    return made


class Asking:
    """Asks the API as somebody, and expects JSON."""

    def __init__(self, client: TestClient[Any, Any], customers: TwoCustomers) -> None:
        self.client, self.customers = client, customers

    async def get(self, path: str, who: str = "all", *, status: int = 200) -> Any:
        answer = await self.client.get(path, headers=self.customers.header(who))
        body = await answer.json(content_type=None)
        assert answer.status == status, body
        return body

    async def items(self, path: str, who: str = "all") -> list[Any]:
        found: list[Any] = (await self.get(path, who))["items"]
        return found


@pytest.fixture
def ask(client: TestClient[Any, Any], customers: TwoCustomers) -> Asking:
    return Asking(client, customers)
