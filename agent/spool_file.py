"""The spool's file: tables, numbers, budget. Plain blocking SQLite, used from one thread.

WAL with synchronous=FULL: a commit that returned is on the disk. Bodies are zlib-compressed JSON texts.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from agent.thinning import thinned
from fleet.reading import Reading

log = logging.getLogger(__name__)

SCHEMA = """
create table if not exists facts (name text primary key, value);
create table if not exists fresh (id integer primary key, size integer not null, taken_at text not null,
    body text not null);
create table if not exists batches (seq integer primary key, place integer not null, readings integer not null,
    size integer not null, first_at text not null, last_at text not null, thin integer not null default 0,
    offered integer not null default 0, body blob not null);
create index if not exists batches_by_place on batches (place, seq);
create index if not exists batches_in_numbers on batches (size, readings, first_at);
create index if not exists fresh_by_size on fresh (size);
create table if not exists gaps (id integer primary key, readings integer not null, first_at text not null,
    last_at text not null, seq integer);
create table if not exists dead (seq integer primary key, readings integer not null, size integer not null,
    reason text not null, at text not null, body blob not null);
create table if not exists checkpoints (day text, key text, primary key (day, key)) without rowid;
"""
ROW_OVERHEAD = 200
MAX_DEAD = 200
DEAD_SHARE = 8
"""Dead batches kept for a person to look at: so many, and at most an eighth of the budget."""
VACUUM_PAGES = 256
RESERVED = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Readings that were dropped for want of room."""

    readings: int
    first_at: str
    last_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Numbered readings as a JSON array; the bytes never change."""

    seq: int
    readings: int
    body: bytes
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What the spool holds, in readings, and what it lost or set aside since it was made."""

    waiting: int
    batches: int
    bytes: int
    oldest: str | None
    dropped: int
    dead: int


class Damaged(Exception):
    """A batch whose bytes on the disk are no longer what was written."""

    def __init__(self, seq: int) -> None:
        super().__init__(f"batch {seq} is damaged on the disk")
        self.seq = seq


class SpoolFile:
    """One SQLite file. After any sqlite3.Error call `abandon`; the next use opens the file anew."""

    def __init__(self, path: Path, *, max_bytes: int, batch_bytes: int) -> None:
        self.path = path
        self.spool_id = ""
        self._max, self._batch = max_bytes, batch_bytes
        self._open: sqlite3.Connection | None = None
        self._fresh = 0
        self._reserved = range(0)

    def open(self) -> None:
        self._db()

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def abandon(self) -> None:
        """Give up the connection after an error; nothing half-done stays."""
        try:
            self.close()
        except sqlite3.Error:
            self._open = None

    def put(self, rows: Sequence[tuple[Reading, str]]) -> None:
        db = self._db()
        with db:
            for reading, body in rows:
                db.execute(
                    "insert into fresh (size, taken_at, body) values (?, ?, ?)",
                    (len(body) + ROW_OVERHEAD, reading.taken_at.isoformat(), body),
                )
                self._fresh += len(body) + ROW_OVERHEAD
            while self._fresh >= self._batch:
                self._seal(db, self._batch)
            self._keep_budget(db)
        self._measure(db)

    def next_batch(self, max_bytes: int | None = None) -> Batch | None:
        db = self._db()
        with db:
            if db.execute("select 1 from batches limit 1").fetchone() is None:
                self._seal(db, max_bytes or self._batch)
            row = db.execute("select seq, readings, body from batches order by place, seq limit 1").fetchone()
            if row is None:
                return None
            db.execute("update batches set offered = 1 where seq = ? and offered = 0", (row[0],))
            db.execute("update gaps set seq = ? where seq is null", (row[0],))
            gaps = db.execute("select readings, first_at, last_at from gaps where seq = ?", (row[0],)).fetchall()
        self._measure(db)
        return Batch(
            seq=row[0],
            readings=row[1],
            body=_opened(row[0], row[2]),
            gaps=tuple(Gap(readings=n, first_at=first, last_at=last) for n, first, last in gaps),
        )

    def acknowledge(self, seq: int) -> None:
        db = self._db()
        with db:
            db.execute("delete from batches where seq = ?", (seq,))
            db.execute("delete from gaps where seq = ?", (seq,))
        db.execute(f"pragma incremental_vacuum({VACUUM_PAGES})").fetchall()
        self._measure(db)

    def split(self, seq: int, now: datetime) -> None:
        """Two batches in the place of one. A single reading that is too large by itself is set aside."""
        db = self._db()
        row = db.execute("select place, body from batches where seq = ?", (seq,)).fetchone()
        if row is None:
            return
        readings = json.loads(_opened(seq, row[1]))
        if len(readings) < 2:
            self.bury(seq, "one reading alone is too large for the collector", now)
            return
        with db:
            db.execute("delete from batches where seq = ?", (seq,))
            db.execute("update gaps set seq = null where seq = ?", (seq,))
            half = len(readings) // 2
            for part in (readings[:half], readings[half:]):
                bodies = [json.dumps(reading, ensure_ascii=False, separators=(",", ":")) for reading in part]
                self._number(db, bodies, [r["taken_at"] for r in part], place=row[0])
        self._measure(db)

    def bury(self, seq: int, reason: str, now: datetime) -> None:
        db = self._db()
        row = db.execute("select readings, size, body from batches where seq = ?", (seq,)).fetchone()
        if row is None:
            return
        with db:
            db.execute(
                "insert into dead values (?, ?, ?, ?, ?, ?)", (seq, *row[:2], reason[:500], now.isoformat(), row[2])
            )
            db.execute("delete from batches where seq = ?", (seq,))
            db.execute("update gaps set seq = null where seq = ?", (seq,))
            oldest = "(select seq from dead order by seq desc limit -1 offset ?)"
            db.execute(f"delete from dead where seq in {oldest}", (MAX_DEAD,))  # noqa: S608 - fixed text
            while _size(db, "dead") > self._max // DEAD_SHARE:
                db.execute("delete from dead where seq = (select min(seq) from dead)")
            self._add(db, "dead", row[0])
        self._measure(db)

    def next_number(self) -> int:
        """A number for a message without readings. Reserved in blocks, so that a full disk does not mute the agent."""
        if not self._reserved:
            db = self._db()
            with db:
                last = self._add(db, "seq", RESERVED)
            self._reserved = range(last - RESERVED + 1, last + 1)
        number, self._reserved = self._reserved[0], self._reserved[1:]
        return number

    def record_gap(self, readings: int, first: datetime, last: datetime) -> None:
        db = self._db()
        with db:
            self._gap(db, readings, first.isoformat(), last.isoformat())

    def counts(self) -> Counts:
        return counted(self._db())

    def _db(self) -> sqlite3.Connection:
        if self._open is None:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            db = sqlite3.connect(self.path, timeout=5, check_same_thread=False)
            try:
                self._prepare(db)
            except BaseException:
                db.close()
                raise
            self._open = db
        return self._open

    def _prepare(self, db: sqlite3.Connection) -> None:
        os.chmod(self.path, 0o600)
        db.execute("pragma auto_vacuum = incremental")
        db.execute("pragma journal_mode = wal").fetchone()
        db.execute("pragma synchronous = full")
        db.execute("pragma journal_size_limit = 8388608")
        with db:
            for statement in filter(None, (part.strip() for part in SCHEMA.split(";"))):
                db.execute(statement)
            db.execute("insert or ignore into facts values ('spool', ?)", (secrets.token_hex(16),))
        before, self.spool_id = self.spool_id, db.execute("select value from facts where name = 'spool'").fetchone()[0]
        if before != self.spool_id:
            self._reserved = range(0)
        self._measure(db)

    def _measure(self, db: sqlite3.Connection) -> None:
        """The size by the table itself, so that a rolled-back change cannot make it drift."""
        self._fresh = db.execute("select coalesce(sum(size), 0) from fresh").fetchone()[0]

    def _seal(self, db: sqlite3.Connection, max_bytes: int) -> None:
        """Number the oldest fresh readings, at least one and at most `max_bytes`."""
        rows: list[tuple[int, int, str, str]] = []
        size = 0
        for row in db.execute("select id, size, taken_at, body from fresh order by id"):
            if rows and size + row[1] > max_bytes:
                break
            rows.append(row)
            size += row[1]
        if not rows:
            return
        self._number(db, [row[3] for row in rows], [row[2] for row in rows])
        db.execute("delete from fresh where id <= ?", (rows[-1][0],))
        self._fresh -= size

    def _number(
        self,
        db: sqlite3.Connection,
        bodies: Sequence[str],
        times: Sequence[str],
        *,
        place: int | None = None,
        thin: bool = False,
    ) -> None:
        body = zlib.compress(f"[{','.join(bodies)}]".encode(), 6)
        seq = self._add(db, "seq", 1)
        db.execute(
            "insert into batches (seq, place, readings, size, first_at, last_at, thin, body) values (?,?,?,?,?,?,?,?)",
            (seq, place or seq, len(bodies), len(body) + ROW_OVERHEAD, min(times), max(times), thin, body),
        )

    def _keep_budget(self, db: sqlite3.Connection) -> None:
        """Make room: thin the oldest batches first, then drop the oldest thin ones. What is on its way stays."""
        while _used(db) > self._max:
            victim = db.execute(
                "select seq, place, readings, first_at, last_at, thin, body from batches"
                " where offered = 0 order by thin, place, seq limit 1"
            ).fetchone()
            if victim is None:
                return
            seq, place, readings, first, last, thin, body = victim
            db.execute("delete from batches where seq = ?", (seq,))
            db.execute("update gaps set seq = null where seq = ?", (seq,))
            kept = [] if thin else _thinned(db, seq, body)
            if kept:
                bodies = [json.dumps(reading, ensure_ascii=False, separators=(",", ":")) for reading in kept]
                self._number(db, bodies, [r["taken_at"] for r in kept], place=place, thin=True)
            if readings > len(kept):
                self._gap(db, readings - len(kept), first, last)

    def _gap(self, db: sqlite3.Connection, readings: int, first: str, last: str) -> None:
        """Count a loss; losses that no batch has taken along yet are one gap."""
        row = db.execute("select id, first_at, last_at from gaps where seq is null limit 1").fetchone()
        if row is None:
            db.execute("insert into gaps (readings, first_at, last_at) values (?, ?, ?)", (readings, first, last))
        else:
            db.execute(
                "update gaps set readings = readings + ?, first_at = ?, last_at = ? where id = ?",
                (readings, min(first, row[1]), max(last, row[2]), row[0]),
            )
        self._add(db, "dropped", readings)
        log.warning("the spool is full: %d readings dropped, the oldest first", readings)

    def _add(self, db: sqlite3.Connection, name: str, by: int) -> int:
        """Raise a stored number; its new value."""
        db.execute("insert or ignore into facts values (?, 0)", (name,))
        row = db.execute("update facts set value = value + ? where name = ? returning value", (by, name)).fetchall()
        return int(row[0][0])


def _opened(seq: int, body: bytes) -> bytes:
    try:
        return zlib.decompress(body)
    except zlib.error as error:
        raise Damaged(seq) from error


def _thinned(db: sqlite3.Connection, seq: int, body: bytes) -> list[dict[str, Any]]:
    """The readings worth keeping of a batch; none of one that cannot be read."""
    try:
        return thinned(json.loads(_opened(seq, body)), lambda mark: _first_time(db, mark))
    except Damaged as error:
        log.error("%s: its readings are counted as dropped", error)
        return []


def counted(db: sqlite3.Connection) -> Counts:
    """The counts of an open spool; also for a second, reading process."""
    fresh, oldest_fresh = db.execute("select count(*), min(taken_at) from fresh").fetchone()
    batches, readings, oldest = db.execute(
        "select count(*), coalesce(sum(readings), 0), min(first_at) from batches"
    ).fetchone()
    facts = dict(db.execute("select name, value from facts where name in ('dropped', 'dead')").fetchall())
    return Counts(
        waiting=fresh + readings,
        batches=batches,
        bytes=_used(db),
        oldest=oldest or oldest_fresh,
        dropped=facts.get("dropped", 0),
        dead=facts.get("dead", 0),
    )


def _used(db: sqlite3.Connection) -> int:
    return sum(_size(db, table) for table in ("fresh", "batches", "dead"))


def _size(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"select coalesce(sum(size), 0) from {table}").fetchone()[0])  # noqa: S608 - fixed names


def _first_time(db: sqlite3.Connection, mark: tuple[str, str]) -> bool:
    """Whether this (day, key) had no checkpoint yet; it has one now."""
    return db.execute("insert or ignore into checkpoints (day, key) values (?, ?)", mark).rowcount == 1
