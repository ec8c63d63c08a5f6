"""The contract: operations are declared once, and checked, answered and described (openapi.py) from the declaration.

    @api.operation("GET", "/devices", Action.SEE_DEVICES, answer=Page[Device], query=DeviceQuery)
    def list_of_devices(conn: Connection, call: Call[DeviceQuery]) -> Page[Device]: ...

Nobody comes in without a bearer token; an operation sees the rows of that token's customers and nothing else. What is
not declared does not exist: unknown or repeated query parameters and unknown keys in a body are refused by name.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec
from aiohttp import web
from sqlalchemy import Connection

from collector.api.access import Refusal, admitted, bearer
from collector.keys import CLOCK, FACTS
from collector.roles import Action
from collector.store.db import Facts
from collector.store.page import BadQuery
from collector.store.scope import Scope

Q = TypeVar("Q", bound=msgspec.Struct)
Work = Callable[[Connection, "Call[Any]"], msgspec.Struct | None]
W = TypeVar("W", bound=Work)
LARGEST_BODY = 64 * 1024
LONGEST_VALUE = 500
_IDENT = re.compile(r"[a-z]{2,8}_[0-9a-z]{1,36}")
_NOT_THERE = "there is nothing by this id, or nothing that this token may see"


class NoQuery(msgspec.Struct, forbid_unknown_fields=True):
    """An operation without query parameters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[Q]):
    """One call that was let in: whose rows it may see (`scope`), what it asks, and when."""

    scope: Scope
    actor: str
    now: datetime
    query: Q
    ident: str = ""
    body: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path. `action`: what it is, so who may (roles.py); `may_write`: its transaction is kept."""

    method: str
    path: str
    action: Action
    answer: Any
    work: Work
    query: type[msgspec.Struct] = NoQuery
    body: type[msgspec.Struct] | None = None
    may_write: bool = False

    @property
    def name(self) -> str:
        return self.work.__name__

    @property
    def about(self) -> str:
        return (self.work.__doc__ or "").strip()


class Contract:
    """All operations under one prefix."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.operations: list[Operation] = []

    def operation(
        self,
        method: str,
        path: str,
        action: Action,
        *,
        answer: Any,
        query: type[msgspec.Struct] = NoQuery,
        body: type[msgspec.Struct] | None = None,
        may_write: bool = False,
    ) -> Callable[[W], W]:
        """Declares `work`: its name is the operation's id, its docstring the description. None as answer means 404."""

        def declared(work: W) -> W:
            made = Operation(
                method=method,
                path=self.prefix + path,
                action=action,
                answer=answer,
                work=work,
                query=query,
                body=body,
                may_write=may_write,
            )
            self.operations.append(made)
            return work

        return declared

    def register(self, app: web.Application) -> None:
        for operation in self.operations:
            app.router.add_route(operation.method, operation.path, _handler(operation))
            if operation.method == "GET":
                app.router.add_route("HEAD", operation.path, _handler(operation))


def _handler(operation: Operation) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            secret = bearer(request)
            query = asked(request, operation.query)
            body = await _body(request, operation.body) if operation.body else None
            now, ident = request.app[CLOCK].now(), request.match_info.get("ident", "")
            text = await asyncio.to_thread(_answer, request.app[FACTS], operation, secret, now, query, ident, body)
        except Refusal as refusal:
            return refusal.response()
        return web.Response(body=text, content_type="application/json", headers={"Cache-Control": "no-store"})

    return handle


def _answer(
    facts: Facts, operation: Operation, secret: str, now: datetime, query: msgspec.Struct, ident: str, body: Any
) -> bytes:
    """The whole use case in one thread hop: who, whether, what, as JSON."""
    with facts.read() as conn:
        token = admitted(conn, secret, now, operation.action)
        if "{ident}" in operation.path and not _IDENT.fullmatch(ident):
            raise Refusal(404, _NOT_THERE)
        call = Call(scope=token.scope, actor=f"token {token.name}", now=now, query=query, ident=ident, body=body)
        if not operation.may_write:
            return _encoded(_done(operation, conn, call))
    with facts.write() as conn:
        return _encoded(_done(operation, conn, call))


def _done(operation: Operation, conn: Connection, call: Call[Any]) -> msgspec.Struct:
    try:
        answer = operation.work(conn, call)
    except BadQuery as error:
        raise Refusal(400, str(error)) from error
    if answer is None:
        raise Refusal(404, _NOT_THERE)
    return answer


def _encoded(answer: msgspec.Struct) -> bytes:
    return msgspec.json.encode(answer)


def asked(request: web.Request, into: type[Q]) -> Q:
    """The query parameters as the declared struct. Refusal names what is unknown, repeated or wrong."""
    known = msgspec.structs.fields(into)
    names = [field.encode_name for field in known]
    for name in request.query:
        if name not in names:
            possible = f"possible are {', '.join(names)}" if names else "there are none here"
            raise Refusal(400, f"no query parameter {name[:40]!r}; {possible}")
        if len(request.query.getall(name)) > 1:
            raise Refusal(400, f"the query parameter {name} is given more than once")
        if len(request.query[name]) > LONGEST_VALUE or not request.query[name].isprintable():
            raise Refusal(400, f"the query parameter {name} is longer than {LONGEST_VALUE} characters or not printable")
    try:
        return msgspec.convert(dict(request.query), into, strict=False)
    except msgspec.ValidationError as error:
        raise Refusal(400, f"query: {error}") from error


async def _body(request: web.Request, into: type[msgspec.Struct]) -> msgspec.Struct:
    if request.content_type != "application/json":
        raise Refusal(415, "send the body as application/json")
    if (request.content_length or 0) > LARGEST_BODY:
        raise Refusal(413, f"a body is at most {LARGEST_BODY} bytes")
    raw = await request.read()
    if len(raw) > LARGEST_BODY:
        raise Refusal(413, f"a body is at most {LARGEST_BODY} bytes")
    try:
        return msgspec.json.decode(raw, type=into)
    except msgspec.ValidationError as error:
        raise Refusal(422, f"body: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal(400, f"the body is not JSON: {str(error)[:200]}") from error
