"""Who may ask: bearer tokens of programs, and the answer to those who have none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from aiohttp import web
from sqlalchemy import Connection

from collector.problem import problem
from collector.roles import PROGRAMS, Action
from collector.store.people import TokenRow, token_with_secret


class Refusal(Exception):
    """A call that ends in a problem."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, dict(headers or {})

    def response(self) -> web.Response:
        return problem(self.status, self.detail, headers=self.headers)


def bearer(request: web.Request) -> str:
    """The token of the request. Refusal where there is none."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip() or len(secret) > 200:
        raise Refusal(401, "send a token: Authorization: Bearer ...", {"WWW-Authenticate": "Bearer"})
    return secret.strip()


def admitted(conn: Connection, secret: str, now: datetime, action: Action) -> TokenRow:
    """The program behind the token. Refusal for a token that is not known, no longer good, or may not do this."""
    token = token_with_secret(conn, secret, now)
    if token is None:
        wrong = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        raise Refusal(401, "this token is unknown, expired or revoked; make a new one", wrong)
    if action not in PROGRAMS["write" if token.may_write else "read"]:
        wrong = {"WWW-Authenticate": 'Bearer error="insufficient_scope", scope="write"'}
        raise Refusal(403, "this token may only read; this needs one that may write", wrong)
    return token
