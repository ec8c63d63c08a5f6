"""Facts: the database of everything with a life. SQLite by default, PostgreSQL by its URL; the same tables on both.

Calls block, so they run in a thread: one hop and one transaction per use case, never one per statement.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import json
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url

T = TypeVar("T")
P = ParamSpec("P")

BUSY_SECONDS = 15
MOST_WRITERS = 16


def sqlite_url(path: Path) -> URL:
    return URL.create("sqlite", database=str(path))


class Queue:
    """A lock that is given in the order in which it was asked for: who comes back at once stands at the end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()

    def __enter__(self) -> None:
        with self._lock:
            turn = threading.Event()
            self._waiting.append(turn)
            if len(self._waiting) == 1:
                turn.set()
        turn.wait()

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._waiting.popleft()
            if self._waiting:
                self._waiting[0].set()


class Facts:
    """The facts, read or written in transactions: ``with facts.write() as conn: ...``."""

    def __init__(self, url: URL | str) -> None:
        self.url = make_url(url)
        self.engine = _engine(self.url)
        # SQLite has one writer at a time and no fair queue: threads of this process wait here instead of polling.
        self._one_writer: AbstractContextManager[None] = Queue() if self.is_sqlite else nullcontext()
        # Writers wait for each other in a thread. In threads of their own, they keep none of those who only read.
        self._writers = ThreadPoolExecutor(MOST_WRITERS, thread_name_prefix="writes")

    @classmethod
    def at(cls, path: Path) -> Facts:
        return cls(sqlite_url(path))

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the data. What is written through it is not kept."""
        with self.engine.connect() as conn:
            conn = conn.execution_options(writes=False)
            yield conn
            conn.rollback()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction: committed to disk when the block ends, undone when it raises."""
        with self._one_writer, self.engine.connect() as conn:
            conn = conn.execution_options(writes=True)
            with conn.begin():
                yield conn

    async def run(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`fn` in a thread of the writers. For use cases that open their own transactions."""
        carried = contextvars.copy_context()
        work = functools.partial(carried.run, fn, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._writers, work)

    async def ask(self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """``fn(conn, ...)`` in a thread, in a transaction that reads."""

        def hop() -> T:
            with self.read() as conn:
                return fn(conn, *args, **kwargs)

        return await asyncio.to_thread(hop)

    async def change(self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """``fn(conn, ...)`` in a thread, in a transaction that writes and is committed when this returns."""

        def hop() -> T:
            with self.write() as conn:
                return fn(conn, *args, **kwargs)

        return await self.run(hop)

    def close(self) -> None:
        self._writers.shutdown(wait=False, cancel_futures=True)
        self.engine.dispose()


class Damaged(dict[str, Any]):
    """What stands where a JSON column holds no JSON: empty, so that one such row takes no list with it."""


def _json_in(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return Damaged()


def readable(value: Any) -> dict[str, Any]:
    """The object in a JSON column; ValueError where there is none."""
    if isinstance(value, Damaged) or not isinstance(value, dict):
        raise ValueError("no JSON object")
    return value


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, json_deserializer=_json_in)
    engine = create_engine(
        url, json_deserializer=_json_in, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def prepared(dbapi: sqlite3.Connection, _: Any) -> None:
        # None: the driver opens no transaction of its own accord; we say BEGIN below.
        dbapi.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_SECONDS * 1000}",
        ):
            dbapi.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(conn: Connection) -> None:
        # A transaction that reads first and writes later fails with "locked" whatever the time-out: lock at once.
        writes = conn.get_execution_options().get("writes", True)
        conn.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
