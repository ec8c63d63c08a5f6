"""Who may come in, and for how long."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from collector.people import password_hash, session_of, sign_in, sign_out, token_of
from collector.setup import AlreadySetUp, First, set_up
from collector.store import people
from collector.store.db import Facts
from collector.store.migrations import migrate
from fleet.errors import SettingsError
from tests.collector.office import START

PASSWORD = "correct horse battery"
FIRST = First(tenant="Acme", site="Head office", admin_email="Boss@Dealer.example", admin_password=PASSWORD)


@pytest.fixture
def facts(tmp_path: Path) -> Iterator[Facts]:
    made = Facts.at(tmp_path / "facts.db")
    migrate(made)
    set_up(made, FIRST, START)
    yield made
    made.close()


async def test_the_first_person_signs_in_and_sees_everything(facts: Facts) -> None:
    signed = await sign_in(facts, "boss@dealer.EXAMPLE", PASSWORD, START)
    assert signed is not None
    session = await session_of(facts, signed.key, START)
    assert session is not None
    assert (session.person.role, session.person.scope.tenants, session.csrf) == ("owner", None, signed.csrf)


@pytest.mark.parametrize(
    ("email", "password"), [("boss@dealer.example", "wrong"), ("nobody@dealer.example", PASSWORD), ("", "")]
)
async def test_wrong_words_open_nothing(facts: Facts, email: str, password: str) -> None:
    assert await sign_in(facts, email, password, START) is None


async def test_signing_out_ends_the_session_and_signing_in_ends_the_former(facts: Facts) -> None:
    first = await sign_in(facts, "boss@dealer.example", PASSWORD, START)
    assert first is not None
    second = await sign_in(facts, "boss@dealer.example", PASSWORD, START, old_key=first.key)
    assert second is not None
    assert await session_of(facts, first.key, START) is None
    await sign_out(facts, second.key)
    assert await session_of(facts, second.key, START) is None


async def test_a_session_ends_by_itself(facts: Facts) -> None:
    signed = await sign_in(facts, "boss@dealer.example", PASSWORD, START)
    assert signed is not None
    assert await session_of(facts, signed.key, signed.expires_at - timedelta(seconds=1)) is not None
    assert await session_of(facts, signed.key, signed.expires_at) is None


async def test_a_new_password_ends_every_session(facts: Facts) -> None:
    signed = await sign_in(facts, "boss@dealer.example", PASSWORD, START)
    assert signed is not None
    hashed = await asyncio.to_thread(password_hash, "another long password")
    await facts.change(people.set_password_hash, signed.person.id, hashed)
    assert await session_of(facts, signed.key, START) is None
    assert await sign_in(facts, "boss@dealer.example", PASSWORD, START) is None


async def test_a_viewer_sees_only_his_customers(facts: Facts) -> None:
    def make(conn):  # type: ignore[no-untyped-def]
        tenant_id = conn.execute(text("SELECT id FROM tenant")).scalar_one()
        people.add_person(conn, "v@acme.example", "V", password_hash(PASSWORD), "viewer", START, tenants=[tenant_id])
        return tenant_id

    tenant_id = await facts.change(make)
    signed = await sign_in(facts, "v@acme.example", PASSWORD, START)
    assert signed is not None
    assert signed.person.scope.tenants == {tenant_id}


async def test_tokens_open_for_as_long_as_they_live(facts: Facts) -> None:
    def make(conn):  # type: ignore[no-untyped-def]
        tenant_id = conn.execute(text("SELECT id FROM tenant")).scalar_one()
        end = START + timedelta(days=1)
        return people.add_api_token(conn, "grafana", START, tenant_id=tenant_id, expires_at=end), tenant_id

    token, tenant_id = await facts.change(make)
    known = await token_of(facts, token, START)
    assert known is not None
    assert (known.scope.tenants, known.may_write) == ({tenant_id}, False)
    assert await token_of(facts, token, START + timedelta(days=1)) is None
    assert await token_of(facts, token + "x", START) is None
    assert await token_of(facts, "", START) is None
    assert await facts.change(people.revoke_api_token, known.scope, known.id, START)
    assert await token_of(facts, token, START) is None


def test_no_secret_lies_in_the_database(facts: Facts) -> None:
    with facts.write() as conn:
        token = people.add_api_token(conn, "grafana", START)
    stored = b"".join(file.read_bytes() for file in Path(str(facts.url.database)).parent.glob("facts.db*"))
    assert b"grafana" in stored
    assert token.encode() not in stored
    assert PASSWORD.encode() not in stored


def test_a_collector_is_set_up_once(facts: Facts) -> None:
    with pytest.raises(AlreadySetUp):
        set_up(facts, FIRST, START)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"admin_password": "short"}, "at least 12"),
        ({"timezone": "Mars/Olympus"}, "Mars/Olympus"),
        ({"admin_email": "nobody"}, "one mail address"),
        ({"toner_mail": "a@b, c@d"}, "one mail address"),
    ],
)
def test_setting_up_names_what_is_wrong(tmp_path: Path, wrong: dict[str, str], says: str) -> None:
    facts = Facts.at(tmp_path / "facts.db")
    migrate(facts)
    with pytest.raises(SettingsError, match=says):
        set_up(facts, replace(FIRST, **wrong), START)
    with facts.read() as conn:
        assert people.people_count(conn) == 0
