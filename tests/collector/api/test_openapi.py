"""The description says what is so: every route is in it, and every answer fits it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from jsonschema import Draft202012Validator

from collector.api.v1 import api
from tests.collector.api.conftest import Asking
from tests.collector.two_customers import TwoCustomers

Client = TestClient[Any, Any]


@pytest.fixture
async def described(client: Client) -> dict[str, Any]:
    answer = await client.get("/openapi.json")
    assert answer.status == 200
    found: dict[str, Any] = await answer.json()
    return found


def refs(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*map(refs, value.values()))
    return set().union(*map(refs, value)) if isinstance(value, list) else set()


async def test_every_route_is_described_and_nothing_else(client: Client, described: dict[str, Any]) -> None:
    routed = {
        (route.method, route.resource.canonical)
        for route in client.server.app.router.routes()  # type: ignore[attr-defined]
        if route.resource and route.resource.canonical.startswith("/api/") and route.method != "HEAD"
    }
    declared = {(method.upper(), path) for path, methods in described["paths"].items() for method in methods}
    assert declared == routed
    assert len(declared) == len(api.operations) == 23


async def test_the_document_hangs_together(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    components = described["components"]["schemas"]
    assert {ref.rpartition("/")[2] for ref in refs(described)} == set(components)
    names = [op["operationId"] for methods in described["paths"].values() for op in methods.values()]
    assert len(set(names)) == len(names)
    for name, schema in components.items():
        assert re.fullmatch(r"[A-Za-z0-9._-]+", name)
        Draft202012Validator.check_schema(schema)
    for methods in described["paths"].values():
        for op in methods.values():
            assert op["summary"]
            for parameter in op["parameters"]:
                Draft202012Validator.check_schema(parameter["schema"])


async def test_every_answer_fits_its_description(ask: Asking, described: dict[str, Any]) -> None:
    for path, methods in described["paths"].items():
        schema = methods["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        fits = Draft202012Validator({**schema, "components": described["components"]})
        if "{ident}" not in path:
            fits.validate(await ask.get(path))
        else:
            for item in await ask.items(path.removesuffix("/{ident}")):
                fits.validate(await ask.get(path.replace("{ident}", item["id"])))


async def test_problems_fit_their_description(
    client: Client, customers: TwoCustomers, described: dict[str, Any]
) -> None:
    schema = described["paths"]["/api/v1/devices"]["get"]["responses"]["400"]["content"]["application/problem+json"]
    answer = await client.get("/api/v1/devices?x=1", headers=customers.header("all"))
    Draft202012Validator({**schema["schema"], "components": described["components"]}).validate(
        await answer.json(content_type=None)
    )
