"""What taking in costs: the collector's ingest against plain executemany of the same samples into SQLite.

    python -m bench.ingest [--devices N] [--rounds N] [--json]

Ingest is the whole way of a batch: JSON to checked readings, devices found by their evidence, state, supplies, daily
points, changed samples and judgement, committed to disk. The plain way gets the same numbers ready-made and writes them
into one table with a primary key, one transaction per batch, with the same durability (WAL, synchronous=FULL).
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bench.cost import CpuTime
from bench.readings import START, taken
from collector.app import open_stores
from collector.envelope import opened
from collector.evaluate import Bench
from collector.receive import take
from collector.settings import CollectorSettings, MailSettings
from collector.store.agents import add_site_token, agent_with_key, enrol
from collector.store.sites import add_site, add_tenant
from fleet.kit.wire import to_plain
from fleet.metric import values
from fleet.reading import Reading
from mibs.catalogue import load

SIZES = (5, 100)
"""Readings per batch: what an agent of a small office sends in a second, and what one sends after an outage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Samples per second of CPU time, by batches of `size` readings."""

    size: int
    samples: int
    ours: float
    plain: float

    @property
    def ratio(self) -> float:
        return self.ours / self.plain


def measure(devices: int, rounds: int, size: int) -> Result:
    """Both sides over the same readings; the first round makes the devices and does not count."""
    batches = list(_batches(devices, rounds + 1, size))
    counted = [batch for batch in batches if batch[0].taken_at - START >= timedelta(minutes=5)]
    samples = sum(len(values(reading)) for batch in counted for reading in batch)
    warm = len(batches) - len(counted)
    with tempfile.TemporaryDirectory(prefix="pagewarden-bench.") as folder:
        ours = _ingest(Path(folder), batches, warm)
        plain = _plain(Path(folder) / "plain.db", batches, warm)
    return Result(size=size, samples=samples, ours=samples / ours, plain=samples / plain)


def _batches(devices: int, rounds: int, size: int) -> Iterator[list[Reading]]:
    for round_ in range(rounds):
        readings = taken(round_, devices)
        for at in range(0, devices, size):
            yield readings[at : at + size]


def _ingest(folder: Path, batches: list[list[Reading]], warm: int) -> float:
    """CPU seconds of the batches after the first `warm` ones."""
    settings = CollectorSettings(data_dir=folder, mail=MailSettings(toner="toner@vendor.example"))
    facts, samples = open_stores(settings)
    bench = Bench(settings=settings, catalogue=load(), started_at=START)
    with facts.write() as conn:
        site = add_site(conn, add_tenant(conn, "Bench", START), "Office", START)
        token = add_site_token(conn, site, START, START + timedelta(hours=1))
        _, key = enrol(conn, token, "bench", "1", START) or ("", "")
        agent = agent_with_key(conn, key)
    assert agent is not None
    bodies = [_body(seq, batch) for seq, batch in enumerate(batches)]
    time = CpuTime()
    for seq, (batch, body) in enumerate(zip(batches, bodies, strict=True)):
        now = batch[-1].taken_at + timedelta(seconds=1)
        if seq < warm:
            take(facts, samples, bench, agent, opened(body, now), now)
            continue
        with time:
            receipt = take(facts, samples, bench, agent, opened(body, now), now)
        if receipt.accepted != len(batch):
            raise RuntimeError(f"batch {seq}: {receipt}")
    facts.close()
    return time.seconds


def _body(seq: int, batch: list[Reading]) -> bytes:
    sent = (batch[-1].taken_at + timedelta(seconds=1)).isoformat()
    plain = {"spool": "bench", "seq": seq, "sent_at": sent, "status": {}, "readings": [to_plain(r) for r in batch]}
    return json.dumps(plain).encode()


def _plain(path: Path, batches: list[list[Reading]], warm: int) -> float:
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("PRAGMA journal_mode=WAL")
    conn.execute("PRAGMA synchronous=FULL")
    conn.execute("CREATE TABLE sample (series INTEGER, ts INTEGER, value REAL, PRIMARY KEY (series, ts)) WITHOUT ROWID")
    ids: dict[tuple[str, str], int] = {}
    rows = [
        [
            (ids.setdefault((reading.key, name), len(ids)), round(reading.taken_at.timestamp() * 1000), value)
            for reading in batch
            for name, value in values(reading).items()
        ]
        for batch in batches
    ]
    time = CpuTime()
    for seq, batch_rows in enumerate(rows):
        with time if seq >= warm else CpuTime():
            conn.execute("BEGIN")
            conn.executemany("INSERT INTO sample VALUES (?, ?, ?)", batch_rows)
            conn.execute("COMMIT")
    conn.close()
    return time.seconds


def _table(results: list[Result]) -> str:
    lines = [f"{'readings/batch':14} {'samples':>8} {'ours, per CPU s':>16} {'plain, per CPU s':>17} {'ratio':>7}"]
    lines += [f"{r.size:14} {r.samples:8,} {r.ours:16,.0f} {r.plain:17,.0f} {r.ratio:7.3f}" for r in results]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.ingest", description=__doc__.partition("\n")[0])
    parser.add_argument("--devices", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    results = [measure(options.devices, options.rounds, size) for size in SIZES]
    if options.json:
        plain = [{f: getattr(r, f) for f in (*Result.__dataclass_fields__, "ratio")} for r in results]
        sys.stdout.write(json.dumps(plain) + "\n")
    else:
        sys.stdout.write(_table(results) + "\n")


if __name__ == "__main__":
    main()
