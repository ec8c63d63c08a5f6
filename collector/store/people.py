"""People, their sessions, and the tokens of programs. Secrets are stored hashed; checks live in collector/people.py."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from collector.roles import PEOPLE, SEE_ALL
from collector.store.ids import hashed, new_id, new_secret
from collector.store.scope import Scope
from collector.store.tables import api_token, person_tenant, session
from collector.store.tables import person as table


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """`scope` is what this person may see."""

    id: str
    email: str
    name: str
    role: str
    language: str | None
    scope: Scope
    password_hash: str
    created_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """A signed-in browser. `csrf` goes into every form."""

    person: PersonRow
    csrf: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A program's way in. `may_write` is False for tokens that only read."""

    id: str
    name: str
    scope: Scope
    may_write: bool
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


def _person(conn: Connection, row: Row[Any]) -> PersonRow:
    if row.role in SEE_ALL:
        scope = Scope.everything()
    else:
        query = select(person_tenant.c.tenant_id).where(person_tenant.c.person_id == row.id)
        scope = Scope.of(*conn.execute(query).scalars())
    return PersonRow(**{name: getattr(row, name) for name in PersonRow.__slots__ if name != "scope"}, scope=scope)


def person(conn: Connection, ident: str) -> PersonRow | None:
    row = conn.execute(select(table).where(table.c.id == ident)).first()
    return _person(conn, row) if row else None


def person_with_email(conn: Connection, email: str) -> PersonRow | None:
    row = conn.execute(select(table).where(table.c.email == email.strip().lower())).first()
    return _person(conn, row) if row else None


def list_people(conn: Connection) -> list[PersonRow]:
    return [_person(conn, row) for row in conn.execute(select(table).order_by(table.c.email)).all()]


def people_count(conn: Connection) -> int:
    return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


def add_person(
    conn: Connection,
    email: str,
    name: str,
    password_hash: str,
    role: str,
    now: datetime,
    *,
    tenants: Iterable[str] = (),
    language: str | None = None,
) -> str:
    if role not in PEOPLE:
        raise ValueError(f"no such role: {role}; possible are {', '.join(PEOPLE)}")
    ident = new_id("psn")
    who = {"id": ident, "email": email.strip().lower(), "name": name, "role": role, "language": language}
    conn.execute(insert(table).values(**who, password_hash=password_hash, created_at=now))
    rows = [{"person_id": ident, "tenant_id": tenant_id} for tenant_id in tenants]
    if rows:
        conn.execute(insert(person_tenant), rows)
    return ident


def set_language(conn: Connection, ident: str, language: str | None) -> None:
    conn.execute(update(table).where(table.c.id == ident).values(language=language))


def set_password_hash(conn: Connection, ident: str, password_hash: str) -> int:
    """A new password also ends all sessions of the person; how many."""
    conn.execute(update(table).where(table.c.id == ident).values(password_hash=password_hash))
    return end_sessions_of(conn, ident)


def end_sessions_of(conn: Connection, ident: str) -> int:
    return int(conn.execute(delete(session).where(session.c.person_id == ident)).rowcount)


def set_disabled(conn: Connection, ident: str, at: datetime | None) -> None:
    """From `at` on nobody comes in by this account; None: he may again. Its sessions end either way."""
    conn.execute(update(table).where(table.c.id == ident).values(disabled_at=at))
    end_sessions_of(conn, ident)


def add_session(conn: Connection, person_id: str, key: str, csrf: str, now: datetime, expires_at: datetime) -> None:
    row = {"key_hash": hashed(key), "person_id": person_id, "csrf": csrf, "created_at": now, "expires_at": expires_at}
    conn.execute(insert(session).values(**row))


def session_with_key(conn: Connection, key: str, now: datetime) -> SessionRow | None:
    """The session behind a cookie; None when it ended, or the person may no longer come in."""
    row = conn.execute(select(session).where(session.c.key_hash == hashed(key), session.c.expires_at > now)).first()
    who = person(conn, row.person_id) if row else None
    if row is None or who is None or who.disabled_at is not None:
        return None
    return SessionRow(person=who, csrf=row.csrf, created_at=row.created_at, expires_at=row.expires_at)


def end_session(conn: Connection, key: str) -> None:
    conn.execute(delete(session).where(session.c.key_hash == hashed(key)))


def drop_old_sessions(conn: Connection, now: datetime) -> int:
    return int(conn.execute(delete(session).where(session.c.expires_at <= now)).rowcount)


def add_api_token(
    conn: Connection,
    name: str,
    now: datetime,
    *,
    tenant_id: str | None = None,
    may_write: bool = False,
    expires_at: datetime | None = None,
) -> str:
    """A token for programs. Shown now, stored hashed. tenant_id None: all tenants."""
    token = new_secret("api")
    row = {"id": new_id("tok"), "token_hash": hashed(token), "name": name, "tenant_id": tenant_id}
    life = {"created_at": now, "expires_at": expires_at}
    conn.execute(insert(api_token).values(**row, **life, scope="write" if may_write else "read"))
    return token


def token_with_secret(conn: Connection, token: str, now: datetime) -> TokenRow | None:
    """The token behind an Authorization header; None when unknown, expired or revoked."""
    row = conn.execute(select(api_token).where(api_token.c.token_hash == hashed(token))).first()
    if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        return None
    return _token(row)


def list_api_tokens(conn: Connection, scope: Scope) -> list[TokenRow]:
    query = select(api_token).where(scope.where(api_token.c.tenant_id)).order_by(api_token.c.created_at)
    return [_token(row) for row in conn.execute(query)]


def revoke_api_token(conn: Connection, scope: Scope, ident: str, now: datetime) -> bool:
    ours = (api_token.c.id == ident, api_token.c.revoked_at.is_(None), scope.where(api_token.c.tenant_id))
    return conn.execute(update(api_token).where(*ours).values(revoked_at=now)).rowcount == 1


def _token(row: Row[Any]) -> TokenRow:
    values = {name: getattr(row, name) for name in ("id", "name", "created_at", "expires_at", "revoked_at")}
    scope = Scope.of(row.tenant_id) if row.tenant_id else Scope.everything()
    return TokenRow(**values, scope=scope, may_write=row.scope == "write")
