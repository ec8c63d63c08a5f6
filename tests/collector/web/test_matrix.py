"""Who may do what: every route of the collector has a declared access, and every role is let in and kept out by it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp import DummyCookieJar
from sqlalchemy import Connection, update

from collector.api.v1 import api
from collector.app import build_app
from collector.keys import FACTS
from collector.roles import PEOPLE, PROGRAMS, home, may
from collector.settings import CollectorSettings
from collector.store.audit import AuditRow, list_audit
from collector.store.people import add_api_token
from collector.store.tables import order
from collector.web.access import ANYONE, PAGES
from tests.collector.office import ALL, START
from tests.collector.web.conftest import Opening, Visitor
from tests.collector.web.gallery import PASSWORD, Gallery

LEADS = ("owner", "admin", "dispatcher")
LOOKS = (*LEADS, "viewer")
MATRIX: dict[str, tuple[str, ...]] = {
    "GET /": LOOKS,
    "GET /devices": (*LOOKS, "technician"),
    "GET /devices/{id}": (*LOOKS, "technician"),
    "POST /devices/{id}/name": LEADS,
    "POST /devices/{id}/conflicts": LEADS,
    "GET /tickets": (*LOOKS, "technician"),
    "GET /tickets/{id}": (*LOOKS, "technician"),
    "POST /tickets/{id}/moves": (*LEADS, "technician"),
    "GET /orders": (*LOOKS, "vendor"),
    "GET /orders/{id}": (*LOOKS, "vendor"),
    "POST /orders/{id}/moves": LEADS,
    "GET /alerts": LOOKS,
    "GET /mails": LOOKS,
    "POST /mails/{id}": LEADS,
    "GET /agents": LOOKS,
    "GET /teach": (*LEADS, "technician"),
    "POST /teach": (*LEADS, "technician"),
    "GET /account": (*LOOKS, "technician", "vendor"),
    "POST /account/password": (*LOOKS, "technician", "vendor"),
    "POST /logout": (*LOOKS, "technician", "vendor"),
}
"""Written down once more, by hand: what roles.py says is only right when it says this."""

OPEN = {"GET /login", "POST /login", "POST /preferences"}
OTHERS = {
    "GET /healthz": "anyone",
    "GET /readyz": "anyone",
    "GET /openapi.json": "anyone",
    "GET /static": "anyone",
    "GET /metrics": "token",
    "POST /agent/v1/enrol": "agent",
    "POST /agent/v1/batches": "agent",
}
"""Routes that are neither a page nor an operation of the API. The first four hold nothing of any customer."""

PAGES_BY_NAME = {f"{page.method} {page.path}": page for page in PAGES}
OPERATIONS = {f"{operation.method} {operation.path}": operation for operation in api.operations}


async def test_every_route_has_a_declared_access(tmp_path: Path) -> None:
    app = await asyncio.to_thread(build_app, CollectorSettings(data_dir=tmp_path))
    routes = {f"{route.method} {route.resource.canonical}" for route in app.router.routes() if route.resource}
    gets = {name.replace("HEAD ", "GET ") for name in routes}
    assert gets == set(MATRIX) | OPEN | set(OTHERS) | set(OPERATIONS)
    assert {name for name, page in PAGES_BY_NAME.items() if page.action is ANYONE} == OPEN


def test_the_table_says_what_the_matrix_says() -> None:
    assert {role for allowed in MATRIX.values() for role in allowed} == set(PEOPLE)
    for name, allowed in MATRIX.items():
        action = PAGES_BY_NAME[name].action
        assert action is not None
        assert {role for role in PEOPLE if may(role, action)} == set(allowed), name
    assert not any(may("king", action) for action in PEOPLE["owner"])


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    return Gallery(tmp_path_factory.mktemp("staffed"), roles=tuple(PEOPLE))


@pytest.mark.parametrize("role", PEOPLE)
async def test_each_role_reaches_what_it_is_for_and_nothing_else(staffed: Gallery, opening: Opening, role: str) -> None:
    """Every page there is, asked for by everybody. What is let in finds no such thing, since the id is made up."""
    visitor = await opening(staffed, await asyncio.to_thread(staffed.app))
    for name, allowed in MATRIX.items():
        method, path = name.replace("{id}", "none_1").split()
        if path == "/logout":
            continue  # ends the session, and is there for everybody
        answer = await (visitor.get(path, role) if method == "GET" else visitor.post(path, {"do": "again"}, role))
        if role in allowed:
            assert answer.status not in (401, 403), (name, answer.status)
            assert "/login" not in answer.to, name
        elif path == "/":
            assert (answer.status, answer.to) == (303, home(role))
        else:
            assert (answer.status, answer.page.h1) == (403, "This is not for you"), name


@pytest.mark.parametrize("role", PEOPLE)
async def test_nobody_is_shown_a_way_that_is_closed(staffed: Gallery, opening: Opening, role: str) -> None:
    visitor = await opening(staffed, await asyncio.to_thread(staffed.app))
    waiting, seen = [home(role)], set[str]()
    while waiting:
        path = waiting.pop()
        if path in seen or len(seen) > 60:
            continue
        seen.add(path)
        answer = await visitor.get(path, role)
        assert answer.status == 200, (path, answer.status)
        for form in answer.page.forms:
            name = f"{form.method.upper()} {as_route(form.action)}"
            assert name in OPEN or role in MATRIX[name], (path, name)
        for link in answer.page.links:
            route = link.partition("?")[0].partition("#")[0]
            if route.startswith("/") and route != "/" and not route.startswith("/static"):  # "/" leads home
                assert role in MATRIX[f"GET {as_route(route)}"], (path, link)
                waiting.append(route)


def as_route(path: str) -> str:
    parts = path.split("/")
    return "/".join("{id}" if "_" in part else part for part in parts)


async def test_a_vendor_sees_the_orders_mailed_to_him_alone(tmp_path: Path, opening: Opening) -> None:
    gallery = await asyncio.to_thread(Gallery, tmp_path)
    visitor = await opening(gallery, await asyncio.to_thread(gallery.app))
    ident = next(iter(gallery.order_ids.values()))
    assert (await visitor.get(f"/orders/{ident}", "vendor")).status == 404
    assert "/orders/ord_" not in (await visitor.get("/orders?show=all", "vendor")).text
    assert len((await visitor.get("/orders?show=all&format=csv", "vendor")).text.splitlines()) == 1
    await gallery.office.facts.change(address_to, ident, "Vendor@Dealer.example")
    assert (await visitor.get(f"/orders/{ident}", "vendor")).status == 200
    shown = (await visitor.get("/orders?show=all", "vendor")).page
    assert {link for link in shown.links if link.startswith("/orders/ord_")} == {f"/orders/{ident}"}
    assert len((await visitor.get("/orders?show=all&format=csv", "vendor")).text.splitlines()) == 2


def address_to(conn: Connection, ident: str, mail: str) -> None:
    conn.execute(update(order).where(order.c.id == ident).values(vendor_mail=mail))


READ = {name for name, operation in OPERATIONS.items() if operation.method == "GET"}
PROGRAM_MATRIX = {"read": READ, "write": READ | {"PATCH /api/v1/devices/{ident}"}}


async def test_each_token_reaches_what_it_is_for_and_nothing_else(tmp_path: Path, aiohttp_client: Any) -> None:
    app = await asyncio.to_thread(build_app, CollectorSettings(data_dir=tmp_path))
    client = await aiohttp_client(app, cookie_jar=DummyCookieJar())
    assert set(PROGRAM_MATRIX) == set(PROGRAMS)
    for scope, allowed in PROGRAM_MATRIX.items():
        token = await app[FACTS].change(add_api_token, scope, START, may_write=scope == "write")
        for name, operation in OPERATIONS.items():
            method, path = name.replace("{ident}", "dev_1").split()
            body = {"name": "x"} if operation.body else None
            got = await client.request(method, path, json=body, headers={"Authorization": f"Bearer {token}"})
            assert (got.status in (200, 404)) == (name in allowed), (scope, name)
            assert (got.status == 403) == (name not in allowed), (scope, name)


async def test_programs_without_a_key_find_the_open_doors_alone(tmp_path: Path, aiohttp_client: Any) -> None:
    client = await aiohttp_client(await asyncio.to_thread(build_app, CollectorSettings(data_dir=tmp_path)))
    for name, who in OTHERS.items():
        method, path = name.split()
        if path == "/static":
            continue
        got = await client.request(method, path, data=b"{}" if method == "POST" else None)
        assert (got.status in (200, 503)) == (who == "anyone"), name
        assert (got.status in (400, 401, 403, 422)) == (who != "anyone"), (name, got.status)
        assert "tnt_" not in await got.text()


async def test_a_person_changes_his_own_password(tmp_path: Path, opening: Opening) -> None:
    gallery = await asyncio.to_thread(Gallery, tmp_path)
    visitor = await opening(gallery, await asyncio.to_thread(gallery.app))
    new = "staple battery horse"
    form = {"old": PASSWORD, "new": new, "again": new}
    for wrong, status, said in (
        ({"again": "another long one"}, 400, "The two new passwords are not the same."),
        ({"new": "short", "again": "short"}, 400, "A password has at least 12"),
        ({"new": "x" * 2000, "again": "x" * 2000}, 400, "A password has at least 12"),
        ({"old": "not it at all"}, 403, "The old password is wrong."),
    ):
        answer = await visitor.post("/account/password", form | wrong, "technician")
        assert answer.status == status
        assert said in answer.page.all("div", "is-error")[0].text
        assert new not in answer.text
    assert (await visitor.get("/account", "technician")).status == 200  # nothing was changed
    other = await visitor.post("/login", {"email": "technician@dealer.example", "password": PASSWORD}, "")
    assert other.status == 303
    changed = await visitor.post("/account/password", form, "technician")
    assert (changed.status, changed.to) == (303, "/account?changed=yes")
    fresh = {"Cookie": f"pagewarden={changed.response.cookies['pagewarden'].value}"}
    assert "The password is changed." in (await visitor.get(changed.to, "", headers=fresh)).text
    for held in (gallery.people["technician"].key, other.response.cookies["pagewarden"].value):
        assert (await visitor.get("/account", "", headers={"Cookie": f"pagewarden={held}"})).status == 303
    for password, status in ((PASSWORD, 401), (new, 303)):
        form = {"email": "technician@dealer.example", "password": password}
        assert (await visitor.post("/login", form, "")).status == status
    audited = [(row.did, row.actor) for row in await gallery.office.facts.ask(audit_rows)]
    assert ("password changed", "technician@dealer.example") in audited


def audit_rows(conn: Connection) -> tuple[AuditRow, ...]:
    return list_audit(conn, ALL).items


async def test_the_old_password_cannot_be_guessed_from_an_open_browser(worker: Visitor) -> None:
    form = {"old": "not it at all", "new": "staple battery horse", "again": "staple battery horse"}
    answers = await asyncio.gather(*(worker.post("/account/password", form, "viewer") for _ in range(12)))
    statuses = [answer.status for answer in answers]
    assert statuses.count(403) <= 5
    assert statuses.count(429) >= 7
