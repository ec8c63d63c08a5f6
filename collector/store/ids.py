"""Ids, numbers and secrets: how rows are named."""

from __future__ import annotations

import hashlib
import re
import secrets

from sqlalchemy import Connection, insert, update

from collector.store.tables import numbering


def new_id(prefix: str) -> str:
    """A fresh id like ``dev_3f9c...``."""
    return f"{prefix}_{secrets.token_hex(10)}"


def made_id(prefix: str, *parts: object) -> str:
    """The same id for the same parts: what is written twice after a crash is written in one place."""
    return f"{prefix}_{hashlib.blake2b('/'.join(map(str, parts)).encode(), digest_size=10).hexdigest()}"


def new_secret(prefix: str) -> str:
    """256 random bits behind a prefix that secret scanners can know."""
    return f"pagewarden_{prefix}_{secrets.token_urlsafe(32)}"


def hashed(secret: str) -> str:
    """What is stored instead of a secret of 256 random bits (passwords go through argon2)."""
    # Headers may hold any octet; what is no secret of ours must still be looked up in vain.
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def next_number(conn: Connection, name: str) -> int:
    """The next order or ticket number; the row is locked until the transaction ends."""
    given = conn.execute(
        update(numbering).where(numbering.c.name == name).values(last=numbering.c.last + 1).returning(numbering.c.last)
    ).scalar()
    if given is None:
        conn.execute(insert(numbering).values(name=name, last=1001))
        return 1001
    return int(given)


def number_in(text: str, letter: str) -> int | None:
    """The number somebody means by O-1002, o1002, #1002 or 1002; None where it is none."""
    found = re.fullmatch(rf"\s*(?:{letter}[-\s]?|#)?([0-9]{{1,9}})\s*", text, re.IGNORECASE)
    return int(found[1]) if found else None
