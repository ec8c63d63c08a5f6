"""Samples: numbers over time, change-only, in an SQLite file of their own.

    series(id, device, name)        one row per series
    sample(day, series, ts, value)  a value at the moment it became another one
    last(series, ts, value)         the newest value seen, changed or not
    heard(device, start, until)     when it was polled without a gap: unchanged differs from not polled

Times are whole milliseconds of UTC. Writing the same again, or late, changes nothing that was true before.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS series (
    id INTEGER PRIMARY KEY, device TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (device, name)
);
CREATE TABLE IF NOT EXISTS sample (
    day INTEGER NOT NULL, series INTEGER NOT NULL, ts INTEGER NOT NULL, value REAL NOT NULL,
    PRIMARY KEY (day, series, ts)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS last (
    series INTEGER PRIMARY KEY, ts INTEGER NOT NULL, value REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS heard (
    device TEXT NOT NULL, start INTEGER NOT NULL, until INTEGER NOT NULL, polls INTEGER NOT NULL,
    PRIMARY KEY (device, start)
) WITHOUT ROWID;
"""
DAY = 86_400_000
GAP_SECONDS = 1800
"""Polls further apart than this leave a gap in which the device was not asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one poll of one device gave."""

    device_id: str
    at: datetime
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A value from this moment on."""

    at: datetime
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The points of one series; the value holds from one point to the next. `last_at`: seen so for the last time."""

    series: str
    points: tuple[Point, ...]
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The device was polled from `start` to `until` without a gap."""

    start: datetime
    until: datetime
    polls: int


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


class Samples:
    """The samples of all devices. Calls block: run them in a thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writing = threading.Lock()
        with self._open() as conn:
            conn.executescript(SCHEMA)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        conn = sqlite3.connect(self.path, timeout=15, isolation_level=None)
        try:
            conn.execute("PRAGMA journal_mode=WAL")
            conn.execute("PRAGMA synchronous=FULL")
            yield conn
        finally:
            conn.close()

    def write(self, seen: Iterable[Seen]) -> int:
        """Stores what changed, committed to disk on return. How many samples became rows."""
        ordered = sorted(seen, key=lambda one: (one.at, one.device_id))
        if not ordered:
            return 0
        with self._writing, self._open() as conn:
            conn.execute("BEGIN IMMEDIATE")
            try:
                added = _Writer(conn, ordered).run()
                conn.execute("COMMIT")
            except BaseException:
                conn.execute("ROLLBACK")
                raise
        return added

    def history(self, device_id: str, prefix: str = "", since: datetime | None = None) -> list[Line]:
        """Lines of all series of a device whose name begins with `prefix`. A line begins with the value that held at
        `since`, dated `since`, when it was known then."""
        with self._open() as conn:
            query = "SELECT s.id, s.name, l.ts FROM series s JOIN last l ON l.series = s.id WHERE s.device = ?"
            rows = conn.execute(query + " ORDER BY s.name", (device_id,)).fetchall()
            return [_line(conn, row, since) for row in rows if row[1].startswith(prefix)]

    def heard(self, device_id: str, since: datetime | None = None) -> list[Heard]:
        """When the device was polled, oldest first."""
        start = _ms(since) if since else -(2**62)
        with self._open() as conn:
            query = "SELECT start, until, polls FROM heard WHERE device = ? AND until >= ? ORDER BY start"
            rows = conn.execute(query, (device_id, start))
            return [Heard(start=_at(row[0]), until=_at(row[1]), polls=row[2]) for row in rows]

    def last(self, device_id: str) -> dict[str, Point]:
        """The newest value of every series of a device."""
        with self._open() as conn:
            query = "SELECT s.name, l.ts, l.value FROM last l JOIN series s ON s.id = l.series WHERE s.device = ?"
            return {name: Point(at=_at(ts), value=value) for name, ts, value in conn.execute(query, (device_id,))}

    def forget_before(self, moment: datetime) -> int:
        """Drops samples of days that ended before `moment`, but keeps the value that held then. How many rows went."""
        day = _ms(moment) // DAY
        newest = "SELECT series, max(ts) FROM sample WHERE day < ?1 GROUP BY series"
        with self._writing, self._open() as conn:
            conn.execute("BEGIN IMMEDIATE")
            done = conn.execute(f"DELETE FROM sample WHERE day < ?1 AND (series, ts) NOT IN ({newest})", (day,))  # noqa: S608
            conn.execute("DELETE FROM heard WHERE until < ?", (day * DAY,))
            conn.execute("COMMIT")
            return done.rowcount

    def backup_to(self, path: Path) -> None:
        """A copy of one moment, while others read and write."""
        with self._open() as conn, sqlite3.connect(path) as copy:
            conn.backup(copy)
        copy.close()


def _line(conn: sqlite3.Connection, row: tuple[int, str, int], since: datetime | None) -> Line:
    series, name, last_ts = row
    start = _ms(since) if since else -(2**62)
    query = "SELECT ts, value FROM sample WHERE series = ? AND day >= ? AND ts > ? ORDER BY day, ts"
    points = [Point(at=_at(ts), value=value) for ts, value in conn.execute(query, (series, start // DAY, start))]
    before = conn.execute(
        "SELECT value FROM sample WHERE series = ? AND day <= ? AND ts <= ? ORDER BY day DESC, ts DESC LIMIT 1",
        (series, start // DAY, start),
    ).fetchone()
    if before and since:
        points.insert(0, Point(at=since, value=before[0]))
    return Line(series=name, points=tuple(points), last_at=_at(last_ts))


class _Writer:
    """One transaction: knows the last values of the devices at hand, collects rows, writes them in bulk."""

    def __init__(self, conn: sqlite3.Connection, seen: list[Seen]) -> None:
        self.conn = conn
        self.seen = seen
        self.ids: dict[tuple[str, str], int] = {}
        self.last: dict[int, tuple[int, float]] = {}
        self.changed: set[int] = set()
        self.rows: list[tuple[int, int, int, float]] = []

    def run(self) -> int:
        for device_id in dict.fromkeys(one.device_id for one in self.seen):
            self._load(device_id)
        late = [one for one in self.seen if not self._take(one)]
        added = self._flush()
        for one in late:
            added += self._take_late(one)
        for one in self.seen:
            self._note_heard(one.device_id, _ms(one.at))
        return added

    def _load(self, device_id: str) -> None:
        query = (
            "SELECT s.id, s.name, l.ts, l.value FROM series s LEFT JOIN last l ON l.series = s.id WHERE s.device = ?"
        )
        for series, name, ts, value in self.conn.execute(query, (device_id,)):
            self.ids[device_id, name] = series
            if ts is not None:
                self.last[series] = (ts, value)

    def _series(self, device_id: str, name: str) -> int:
        known = self.ids.get((device_id, name))
        if known is None:
            made = self.conn.execute("INSERT INTO series (device, name) VALUES (?, ?)", (device_id, name))
            known = self.ids[device_id, name] = int(made.lastrowid or 0)
        return known

    def _take(self, one: Seen) -> bool:
        """Takes the values that are newer than the last ones. False when some are not."""
        ts, all_new = _ms(one.at), True
        for name, value in one.values.items():
            series = self._series(one.device_id, name)
            before = self.last.get(series)
            if before is not None and ts <= before[0]:
                all_new &= ts == before[0]
                continue
            if before is None or before[1] != value:
                self.rows.append((ts // DAY, series, ts, value))
            self.last[series] = (ts, value)
            self.changed.add(series)
        return all_new

    def _flush(self) -> int:
        self.conn.executemany("INSERT OR IGNORE INTO sample VALUES (?, ?, ?, ?)", self.rows)
        rows = [(series, *self.last[series]) for series in self.changed]
        self.conn.executemany("INSERT OR REPLACE INTO last VALUES (?, ?, ?)", rows)
        return len(self.rows)

    def _take_late(self, one: Seen) -> int:
        """A value from before the last one: it is put between its neighbours where it says something they do not."""
        ts, added = _ms(one.at), 0
        for name, value in one.values.items():
            series = self._series(one.device_id, name)
            if ts < self.last[series][0]:
                added += self._insert_between(series, ts, value)
        return added

    def _insert_between(self, series: int, ts: int, value: float) -> int:
        # From here on the value that held before is only known again where it was next written down.
        before = self._neighbour(series, ts, "ts <= ?3", "DESC", "day <= ?2")
        after = self._neighbour(series, ts, "ts > ?3", "ASC", "day >= ?2")
        if before is not None and (before[0] == ts or before[1] == value):
            return 0
        rows = [(ts // DAY, series, ts, value)]
        if after is not None and after[1] == value:
            self.conn.execute(
                "DELETE FROM sample WHERE day = ? AND series = ? AND ts = ?", (after[0] // DAY, series, after[0])
            )
        elif after is None and (last := self.last[series])[1] != value:
            rows.append((last[0] // DAY, series, *last))
        self.conn.executemany("INSERT OR IGNORE INTO sample VALUES (?, ?, ?, ?)", rows)
        return len(rows)

    def _neighbour(self, series: int, ts: int, side: str, order: str, days: str) -> tuple[int, float] | None:
        query = f"SELECT ts, value FROM sample WHERE series = ?1 AND {days} AND {side}"  # noqa: S608
        ordered = f"{query} ORDER BY day {order}, ts {order} LIMIT 1"
        found: tuple[int, float] | None = self.conn.execute(ordered, (series, ts // DAY, ts)).fetchone()
        return found

    def _note_heard(self, device_id: str, ts: int) -> None:
        """Widens the range this poll belongs to, joins two ranges it bridges, or opens one. Inside a range: nothing."""
        gap = GAP_SECONDS * 1000
        query = "SELECT start, until, polls FROM heard WHERE device = ? AND start <= ? AND until >= ? ORDER BY start"
        near = self.conn.execute(query, (device_id, ts + gap, ts - gap)).fetchall()
        if any(start <= ts <= until for start, until, _ in near):
            return
        row = (min([ts, *(r[0] for r in near)]), max([ts, *(r[1] for r in near)]), 1 + sum(r[2] for r in near))
        self.conn.executemany("DELETE FROM heard WHERE device = ? AND start = ?", [(device_id, r[0]) for r in near])
        self.conn.execute("INSERT INTO heard VALUES (?, ?, ?, ?)", (device_id, *row))
