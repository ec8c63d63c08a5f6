"""Who may come in: passwords, sessions, tokens. Storage is store/people.py; pages and API ask here."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection

from collector.store import people as store
from collector.store.db import Facts
from collector.store.people import PersonRow, SessionRow, TokenRow
from fleet.errors import SettingsError

WORKERS = frozenset({"owner", "admin", "dispatcher", "technician"})
"""Roles that may take steps on orders, tickets and mails; viewers and vendors look."""

SESSION_LIFE = timedelta(days=14)
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1024
_hasher = PasswordHasher()
# 64 MiB and 0.2 s of CPU each: two at a time, so that a flood of sign-ins cannot take the machine.
_hashing = asyncio.Semaphore(2)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """`key` is the cookie's value, shown to the browser and stored hashed."""

    key: str
    csrf: str
    expires_at: datetime
    person: PersonRow


def password_hash(password: str) -> str:
    """The argon2id hash. SettingsError for a password that is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise SettingsError(f"a password has at least {SHORTEST_PASSWORD} and at most {LONGEST_PASSWORD:,} characters")
    return _hasher.hash(password)


def is_password(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


# Checked when no such person exists, so that the time an answer takes does not tell which addresses have an account.
_NOBODY = _hasher.hash(secrets.token_urlsafe(32))


async def sign_in(facts: Facts, email: str, password: str, now: datetime, *, old_key: str = "") -> SignedIn | None:
    """A new session, and the former one of this browser ended; None when address or password is wrong."""
    async with _hashing:
        return await facts.run(_sign_in, facts, email, password, now, old_key)


def _sign_in(facts: Facts, email: str, password: str, now: datetime, old_key: str) -> SignedIn | None:
    with facts.read() as conn:
        who = store.person_with_email(conn, email)
    right = is_password(who.password_hash if who else _NOBODY, password[: LONGEST_PASSWORD + 1])
    if who is None or not right or who.disabled_at is not None:
        return None
    with facts.write() as conn:
        if old_key:
            store.end_session(conn, old_key)
        store.drop_old_sessions(conn, now)
        return open_session(conn, who, now)


def open_session(conn: Connection, who: PersonRow, now: datetime) -> SignedIn:
    key, csrf, end = secrets.token_urlsafe(32), secrets.token_urlsafe(24), now + SESSION_LIFE
    store.add_session(conn, who.id, key, csrf, now, end)
    return SignedIn(key=key, csrf=csrf, expires_at=end, person=who)


async def session_of(facts: Facts, key: str, now: datetime) -> SessionRow | None:
    """Who is behind this cookie; None when nobody is."""
    return await facts.ask(store.session_with_key, key, now) if key else None


async def sign_out(facts: Facts, key: str) -> None:
    await facts.change(store.end_session, key)


async def token_of(facts: Facts, token: str, now: datetime) -> TokenRow | None:
    """The program behind this bearer token; None when nobody is."""
    return await facts.ask(store.token_with_secret, token, now) if token else None
