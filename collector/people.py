"""Who may come in: passwords, sessions, tokens. Storage is store/people.py; pages and API ask here."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection

from collector.store import people as store
from collector.store.audit import note
from collector.store.db import Facts
from collector.store.people import PersonRow, SessionRow, TokenRow
from fleet.errors import SettingsError

SESSION_LIFE = timedelta(days=14)
BROWSER_LIFE = timedelta(days=180)
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1024
_hasher = PasswordHasher()
# 64 MiB and 0.2 s of CPU each: two at a time, so that a flood of sign-ins cannot take the machine.
_hashing = asyncio.Semaphore(2)
# And one more for whom we know already: strangers do not keep him waiting.
_hashing_known = asyncio.Semaphore(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """`key` is the cookie's value, shown to the browser and stored hashed."""

    key: str
    csrf: str
    expires_at: datetime
    person: PersonRow


def password_hash(password: str) -> str:
    """The argon2id hash. SettingsError for a password that is too short or too long."""
    check_password(password)
    return _hasher.hash(password)


def check_password(password: str) -> None:
    """SettingsError for a password that is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise SettingsError(f"a password has at least {SHORTEST_PASSWORD} and at most {LONGEST_PASSWORD:,} characters")


def is_password(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


# Checked when no such person exists, so that the time an answer takes does not tell which addresses have an account.
_NOBODY = _hasher.hash(secrets.token_urlsafe(32))


async def sign_in(
    facts: Facts, email: str, password: str, now: datetime, *, old_key: str = "", known: bool = False
) -> SignedIn | None:
    """A new session, and the former one of this browser ended; None when address or password is wrong. `known`: this
    browser signed in to this account before."""
    async with _hashing_known if known else _hashing:
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


async def change_password(facts: Facts, who: PersonRow, old: str, new: str, now: datetime) -> SignedIn | None:
    """A new password, a new session for this browser, and all former sessions ended; None when `old` is wrong.
    SettingsError for a new one that is too short or too long."""
    check_password(new)
    async with _hashing_known:
        return await facts.run(_change_password, facts, who, old, new, now)


def _change_password(facts: Facts, who: PersonRow, old: str, new: str, now: datetime) -> SignedIn | None:
    if not is_password(who.password_hash, old[: LONGEST_PASSWORD + 1]):
        return None
    hashed = password_hash(new)
    with facts.write() as conn:
        known = store.person(conn, who.id)
        if known is None or known.disabled_at is not None or known.password_hash != who.password_hash:
            return None  # somebody was faster: what was checked is the password no more
        store.set_password_hash(conn, who.id, hashed)
        note(conn, now, who.email, "password changed", who.id)
        return open_session(conn, replace(known, password_hash=hashed), now)


def browser_mark(who: PersonRow, now: datetime) -> str:
    """What a browser keeps that signed in to this account: it opens nothing, it has a line of its own at the door."""
    name, until = secrets.token_urlsafe(12), int((now + BROWSER_LIFE).timestamp())
    return f"{name}.{until}.{_seal(who, name, until)}"


async def browser_of(facts: Facts, email: str, mark: str, now: datetime) -> str:
    """The name of the browser that keeps this mark; empty when it is not ours, too old, or of another account."""
    name, _, rest = mark[:200].partition(".")
    end, _, seal = rest.partition(".")
    if not (name.isascii() and end.isascii() and end.isdigit() and len(end) < 12 and int(end) > now.timestamp()):
        return ""
    who = await facts.ask(store.person_with_email, email)
    right = hmac.compare_digest(seal.encode("utf-8", "replace"), _seal(who, name, int(end)).encode())
    return name if right and who is not None and who.disabled_at is None else ""


def _seal(who: PersonRow | None, name: str, until: int) -> str:
    """The hash of the password is the key: a secret of this account alone, and a new password ends all marks."""
    key, ident = (who.password_hash, who.id) if who else (_NOBODY, "")
    return hmac.new(key.encode(), f"browser\0{ident}\0{name}\0{until}".encode(), "sha256").hexdigest()


def reset_password(facts: Facts, email: str, new: str, now: datetime, *, actor: str) -> int:
    """A new password without the old one; how many sessions ended by it. SettingsError for nobody, or a bad password.
    Blocks for the hash."""
    hashed = password_hash(new)
    with facts.write() as conn:
        who = named(conn, email)
        ended = store.set_password_hash(conn, who.id, hashed)
        note(conn, now, actor, "password reset", who.id, facts={"email": who.email, "sessions_ended": ended})
    return ended


def named(conn: Connection, email: str) -> PersonRow:
    """The person with this address. SettingsError names those there are."""
    who = store.person_with_email(conn, email)
    if who is None:
        known = ", ".join(row.email for row in store.list_people(conn)[:20]) or "nobody yet"
        raise SettingsError(f"--email: nobody signs in with {email!r}; there are: {known}")
    return who


async def session_of(facts: Facts, key: str, now: datetime) -> SessionRow | None:
    """Who is behind this cookie; None when nobody is."""
    return await facts.ask(store.session_with_key, key, now) if key else None


async def sign_out(facts: Facts, key: str) -> None:
    await facts.change(store.end_session, key)


async def token_of(facts: Facts, token: str, now: datetime) -> TokenRow | None:
    """The program behind this bearer token; None when nobody is."""
    return await facts.ask(store.token_with_secret, token, now) if token else None
