"""The agent's own list of devices: who was seen where, kept over restarts. The collector decides, this only groups.

          same identity, same spot   nothing changes
seen ──>  same identity, other spot  the device has moved (or has two addresses, or is a double)
          other identity, same spot  another device stands there now; the former one is looked for
          nobody we know             a new device
"""

from __future__ import annotations

import json
import logging
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from agent.discover.candidate import Service
from agent.discover.sightings import Spot
from fleet.errors import SpoolError
from fleet.identity import STRONG, Identity, Match, best_match, compare, evidence
from fleet.kit.wire import from_plain, to_plain

log = logging.getLogger(__name__)

MAX_MACS = 16
HEARD_IS_WRITTEN = timedelta(hours=1)
HERE = "here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A device the agent has spoken with. `spot` is None while another device stands where it was.

    `ways` are the probes that answered its last full round; `services` is how it was reached.
    """

    key: str
    identity: Identity
    spot: Spot | None
    services: tuple[Service, ...] = ()
    ways: tuple[str, ...] = ()
    first_seen: datetime
    heard_at: datetime

    @property
    def name(self) -> str:
        words = " ".join(text for text in (self.identity.maker, self.identity.model) if text)
        return words or self.identity.hostname or self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Something a person should look at: doubles, swapped boards, names that lead nowhere."""

    at: datetime
    text: str


class Devices:
    """All known devices, in memory and in a small table beside the spool."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "devices.sqlite"
        self._known: dict[str, Known] = {}
        self._by_spot: dict[Spot, str] = {}
        self._dirty: set[str] = set()
        self.trouble: str | None = None

    def load(self) -> None:
        """Read the table; SpoolError says what is wrong with it. Blocking: for a thread."""
        try:
            with _connected(self._path) as table:
                rows = table.execute("select key, body from devices").fetchall()
        except sqlite3.Error as error:
            raise SpoolError(
                f"the list of devices {self._path} cannot be read: {error}; move it away to start anew"
            ) from error
        for key, body in rows:
            try:
                self._put(_from_row(key, body))
                self._dirty.discard(key)
            except (ValueError, KeyError, TypeError) as error:
                log.warning("a stored device is left out: %s", error, extra={"device": key})

    def save(self) -> None:
        """Write what changed. A disk that is full now is not the end: the next time writes it. Blocking."""
        dirty = [self._known[key] for key in list(self._dirty)]
        if not dirty:
            return
        try:
            with _connected(self._path) as table:
                rows = [(known.key, _to_row(known)) for known in dirty]
                table.executemany("insert or replace into devices (key, body) values (?, ?)", rows)
        except sqlite3.Error as error:
            if self.trouble is None:
                log.error("the list of devices %s cannot be written: %s; it is tried again", self._path, error)
            self.trouble = f"the list of devices cannot be written: {error}"
            return
        self.trouble = None
        self._dirty -= {known.key for known in dirty if self._known[known.key] is known}

    def __iter__(self) -> Iterator[Known]:
        return iter(list(self._known.values()))

    def __len__(self) -> int:
        return len(self._known)

    def get(self, key: str) -> Known | None:
        return self._known.get(key)

    def at(self, spot: Spot) -> Known | None:
        key = self._by_spot.get(spot)
        return self._known[key] if key else None

    def who(self, seen: Identity) -> tuple[Known, Match] | None:
        """The known device that `seen` is, by evidence."""
        found = best_match(seen, ((known.key, known.identity) for known in self._known.values()))
        return (self._known[found[0]], found[1]) if found else None

    def new(
        self, seen: Identity, spot: Spot, *, services: tuple[Service, ...], ways: tuple[str, ...], now: datetime
    ) -> Known:
        """A device never seen before, under a key of its own that it keeps."""
        known = Known(
            key=f"d-{secrets.token_hex(6)}",
            identity=replace(seen, address=spot.address),
            spot=spot,
            services=services,
            ways=ways,
            first_seen=now,
            heard_at=now,
        )
        self._put(known)
        return known

    def heard(
        self,
        known: Known,
        seen: Identity,
        spot: Spot,
        *,
        services: tuple[Service, ...],
        ways: tuple[str, ...],
        now: datetime,
    ) -> Known:
        """`known` answered at `spot`: evidence is joined, and whoever stood there before has to be looked for."""
        if (former := self.at(spot)) and former.key != known.key:
            self._put(replace(former, spot=None))
        joined = seen.merged(known.identity)
        identity = replace(joined, address=spot.address, macs=joined.macs[:MAX_MACS])
        known = replace(known, identity=identity, spot=spot, services=services, ways=ways, heard_at=now)
        self._put(known)
        return known

    def touched(self, known: Known, now: datetime) -> None:
        """`known` answered a short look."""
        self._put(replace(known, heard_at=now))

    def displaced(self, known: Known) -> Known:
        """Another device stands at its spot."""
        lost = replace(known, spot=None)
        self._put(lost)
        return lost

    def _put(self, known: Known) -> None:
        before = self._known.get(known.key)
        if before and before.spot and self._by_spot.get(before.spot) == known.key:
            del self._by_spot[before.spot]
        self._known[known.key] = known
        if known.spot:
            self._by_spot[known.spot] = known.key
        # When it was heard last is worth a write once an hour, everything else at once.
        if (
            before is None
            or known.heard_at - before.heard_at > HEARD_IS_WRITTEN
            or replace(known, heard_at=before.heard_at) != before
        ):
            self._dirty.add(known.key)


def another(seen: Identity, known: Identity) -> bool:
    """Whether `seen`, at the place of `known`, is somebody else.

    A poll that was answered in part (only one protocol, no serial number) says less, but nothing against.
    """
    mine, theirs = _strong(seen), _strong(known)
    if mine and theirs and not mine.keys() & theirs.keys():
        return False
    return not compare(replace(seen, address=HERE), replace(known, address=HERE)).same


def twins(one: Identity, other: Identity) -> bool:
    """Whether two addresses that answer with one identity are one device: a UUID, MAC or engine id is shared too."""
    mine, theirs = _strong(one), _strong(other)
    return any(mine[kind] & theirs[kind] for kind in mine.keys() & theirs.keys() if kind != "serial")


def _strong(identity: Identity) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for kind, value in evidence(identity):
        if kind in STRONG:
            found.setdefault(kind, set()).add(value)
    return found


@contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection for one use, committed if all went well."""
    with closing(sqlite3.connect(path, timeout=5)) as table, table:
        table.execute("create table if not exists devices (key text primary key, body text not null)")
        yield table


def _to_row(known: Known) -> str:
    row = {
        "identity": to_plain(known.identity),
        "spot": asdict(known.spot) if known.spot else None,
        "services": [asdict(service) for service in known.services],
        "ways": list(known.ways),
        "first_seen": known.first_seen.isoformat(),
        "heard_at": known.heard_at.isoformat(),
    }
    return json.dumps(row, ensure_ascii=False)


def _from_row(key: str, body: str) -> Known:
    row = json.loads(body)
    return Known(
        key=key,
        identity=from_plain(row["identity"], Identity),
        spot=Spot(**row["spot"]) if row["spot"] else None,
        services=tuple(Service(**service) for service in row["services"]),
        ways=tuple(row["ways"]),
        first_seen=datetime.fromisoformat(row["first_seen"]),
        heard_at=datetime.fromisoformat(row["heard_at"]),
    )
