"""The spool: durable when put returns, numbered once, within its budget, honest about what it drops."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from random import Random

import pytest

from agent.spool import Spool
from agent.spool_file import SpoolFile
from fleet.errors import SpoolError
from fleet.kit.clock import SystemClock
from fleet.kit.wire import to_json
from fleet.reading import Reading
from tests.agent.readings import START, reading
from tests.peers.needs import give_up

ROOT = Path(__file__).resolve().parents[2]


def made(folder: Path, *, max_bytes: int = 2**20, batch_bytes: int = 4096) -> Spool:
    return Spool(folder, SystemClock(), max_bytes=max_bytes, batch_bytes=batch_bytes)


@pytest.fixture
async def spool(tmp_path: Path) -> AsyncIterator[Spool]:
    spool = made(tmp_path)
    await spool.open()
    yield spool
    await spool.close()


async def drained(spool: Spool) -> list[str]:
    """Everything in the spool, in the order it would leave, acknowledged."""
    displays = []
    while batch := await spool.next_batch():
        displays += [row["display"] for row in json.loads(batch.body)]
        await spool.acknowledge(batch.seq)
    return displays


async def test_readings_leave_in_the_order_they_came(spool: Spool) -> None:
    for number in range(40):
        await spool.put([reading(number)])
    assert await drained(spool) == [str(number) for number in range(40)]
    assert (await spool.counts()).waiting == 0


async def test_a_batch_is_the_same_until_it_is_acknowledged(spool: Spool) -> None:
    await spool.put([reading(1)])
    first = await spool.next_batch()
    await spool.put([reading(2)])
    assert first == await spool.next_batch()


async def test_a_batch_is_the_same_after_a_restart(tmp_path: Path) -> None:
    spool = made(tmp_path)
    await spool.put([reading(1)])
    before, name = await spool.next_batch(), spool.id
    await spool.close()
    again = made(tmp_path)
    await again.put([reading(2)])
    assert (await again.next_batch(), again.id) == (before, name)
    await again.close()


async def test_numbers_never_come_twice(spool: Spool) -> None:
    numbers = [await spool.beat() for _ in range(70)]
    for number in range(3):
        await spool.put([reading(number)])
        batch = await spool.next_batch()
        assert batch is not None
        await spool.acknowledge(batch.seq)
        numbers += [batch.seq, await spool.beat()]
    assert len(set(numbers)) == len(numbers)


async def test_numbers_of_beats_do_not_come_twice_after_a_crash(tmp_path: Path) -> None:
    spool, again = made(tmp_path), made(tmp_path)
    numbers = [await spool.beat() for _ in range(3)]
    await spool.put([reading(1)])
    batch = await spool.next_batch()
    assert batch is not None
    # The first one is not closed: as after a kill.
    numbers += [batch.seq, await again.beat()]
    assert len(set(numbers)) == 5
    await spool.close()
    await again.close()


async def test_two_files_have_two_names(tmp_path: Path) -> None:
    one, other = made(tmp_path / "one"), made(tmp_path / "other")
    await one.open()
    await other.open()
    assert one.id != other.id
    await one.close()
    await other.close()


async def test_splitting_keeps_order_and_retires_the_number(spool: Spool) -> None:
    await spool.put([reading(number) for number in range(6)])
    batch = await spool.next_batch()
    assert batch is not None
    await spool.put([reading(6)])
    await spool.split(batch.seq)
    half = await spool.next_batch()
    assert half is not None
    assert half.seq != batch.seq
    assert half.readings == 3
    assert await drained(spool) == [str(number) for number in range(7)]


async def test_a_single_reading_too_large_is_set_aside(spool: Spool) -> None:
    await spool.put([reading(1)])
    batch = await spool.next_batch()
    assert batch is not None
    await spool.split(batch.seq)
    counts = await spool.counts()
    assert (counts.waiting, counts.dead) == (0, 1)


async def test_a_buried_batch_does_not_come_back_and_is_kept_with_its_reason(spool: Spool, tmp_path: Path) -> None:
    await spool.put([reading(1), reading(2)])
    batch = await spool.next_batch()
    assert batch is not None
    await spool.bury(batch.seq, "no such tenant")
    assert await spool.next_batch() is None
    assert (await spool.counts()).dead == 2
    with sqlite3.connect(tmp_path / "spool.sqlite") as db:
        assert db.execute("select seq, reason from dead").fetchall() == [(batch.seq, "no such tenant")]


async def damaged(folder: Path) -> None:
    """A spool of two batches, the first of them no longer readable."""
    spool = made(folder)
    for number in range(2):
        await spool.put([reading(number)])
        await spool.next_batch()
        await spool.put([reading(number + 10, filler=5000)])
    await spool.close()
    with sqlite3.connect(folder / "spool.sqlite") as db:
        db.execute("update batches set body = x'00ff00ff' where place = (select min(place) from batches)")
    db.close()


async def test_a_batch_the_disk_gives_back_damaged_does_not_stop_the_others(tmp_path: Path) -> None:
    await damaged(tmp_path)
    spool = made(tmp_path)
    before = await spool.counts()
    assert [display.partition(" ")[0] for display in await drained(spool)] == ["10", "1", "11"]
    assert (await spool.counts()).dead > before.dead
    await spool.close()


async def test_a_damaged_batch_does_not_keep_new_readings_out_of_a_full_spool(tmp_path: Path) -> None:
    await damaged(tmp_path)
    with sqlite3.connect(tmp_path / "spool.sqlite") as db:
        db.execute("update batches set offered = 0")
    db.close()
    spool = made(tmp_path, max_bytes=8192)
    for number in range(40):
        await spool.put([reading(number, filler=1000)])
    counts = await spool.counts()
    assert counts.dropped > 0
    assert any(display.startswith("39 ") for display in await drained(spool))
    await spool.close()


async def test_beyond_the_budget_the_oldest_go_and_each_is_counted(tmp_path: Path) -> None:
    budget = 64 * 1024
    spool = made(tmp_path, max_bytes=budget)
    total = 300
    for number in range(total):
        await spool.put([reading(number, filler=1000)])
    counts = await spool.counts()
    assert counts.bytes <= budget
    assert counts.dropped > 100
    first = await spool.next_batch()
    assert first is not None
    gaps = [gap.readings for gap in first.gaps]
    assert sum(gaps) == counts.dropped
    assert first.gaps[0].first_at == reading(0).taken_at.isoformat()
    kept = [text.split()[0] for text in await drained(spool)]
    assert len(kept) + counts.dropped == total
    assert kept == [str(number) for number in range(total - len(kept), total)]
    await spool.close()


async def test_page_counts_and_new_faults_go_last(tmp_path: Path) -> None:
    """One page count per device and day, and the first reading of a fault, outlive the plain samples."""
    spool = made(tmp_path, max_bytes=64 * 1024)
    for number in range(400):
        pages = number if number % 10 == 0 else None
        cause = "jam" if number in (55, 56) else None
        await spool.put([reading(number, filler=1000, pages=pages, cause=cause)])
    dropped = (await spool.counts()).dropped
    kept = [text.split()[0] for text in await drained(spool)]
    assert kept[:2] == ["0", "55"]
    assert len(kept) + dropped == 400
    await spool.close()


async def test_a_gap_that_was_delivered_is_not_told_again(tmp_path: Path) -> None:
    spool = made(tmp_path, max_bytes=16 * 1024)
    for number in range(60):
        await spool.put([reading(number, filler=1000)])
    batch = await spool.next_batch()
    assert batch is not None
    assert batch.gaps
    await spool.acknowledge(batch.seq)
    following = await spool.next_batch()
    assert following is not None
    assert not following.gaps
    await spool.close()


async def test_the_file_shrinks_when_the_collector_has_everything(tmp_path: Path) -> None:
    spool = made(tmp_path, max_bytes=8 * 2**20, batch_bytes=64 * 1024)
    for number in range(0, 1000, 50):
        await spool.put([reading(number + i, filler=1000) for i in range(50)])
    await drained(spool)
    await spool.close()
    assert (tmp_path / "spool.sqlite").stat().st_size < 2**20


async def test_nobody_else_can_read_it(spool: Spool, tmp_path: Path) -> None:
    await spool.put([reading(1)])
    assert (tmp_path / "spool.sqlite").stat().st_mode & 0o077 == 0


WRITER = """
import asyncio, sys
from pathlib import Path
from agent.spool import Spool
from fleet.kit.clock import SystemClock
from tests.agent.readings import reading

async def main():
    folder, start = Path(sys.argv[1]), int(sys.argv[2])
    spool = Spool(folder, SystemClock(), max_bytes=2**24, batch_bytes=4096)
    for number in range(start, start + 100000):
        await spool.put([reading(number)])
        print(number, flush=True)
        if number % 7 == 0 and (batch := await spool.next_batch()):
            print("batch", batch.seq, batch.body.decode().replace("\\n", " "), flush=True)

asyncio.run(main())
"""


def test_what_put_returned_for_survives_kill_9(tmp_path: Path) -> None:
    """Ten kills at random moments of a writing process: every reading it reported is there, every batch unchanged."""
    accepted: list[int] = []
    offered: dict[int, str] = {}
    start, chance = 0, Random(2)
    for _ in range(10):
        said = killed_writer(tmp_path, start, after_lines=chance.randint(5, 60))
        accepted += [int(line) for line in said if line.isdigit()]
        for line in said:
            if line.startswith("batch "):
                _, seq, body = line.split(" ", 2)
                assert offered.setdefault(int(seq), body) == body
        start = max(accepted, default=0) + 1000
    file = SpoolFile(tmp_path / "spool.sqlite", max_bytes=2**24, batch_bytes=4096)
    found: list[int] = []
    while batch := file.next_batch():
        assert offered.get(batch.seq, batch.body.decode()) == batch.body.decode()
        found += [int(row["display"]) for row in json.loads(batch.body)]
        file.acknowledge(batch.seq)
    file.close()
    assert len(accepted) > 100
    assert set(accepted) <= set(found)
    assert len(found) == len(set(found))


def killed_writer(folder: Path, start: int, *, after_lines: int) -> list[str]:
    """Lines a writing process completed before it was killed."""
    command = [sys.executable, "-c", WRITER, str(folder), str(start)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(after_lines)]
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.read().splitlines(keepends=True)
    return [line.strip() for line in lines if line.endswith("\n")]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.geteuid() != 0 or not shutil.which("mount"):
        give_up("needs root to mount a small disk")
    made_disk = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], capture_output=True)
    if made_disk.returncode:
        give_up(f"cannot mount a small disk here: {made_disk.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


async def test_a_full_disk_is_said_once_and_nothing_is_lost(small_disk: Path, caplog: pytest.LogCaptureFixture) -> None:
    spool = made(small_disk / "state", max_bytes=2**24)
    await spool.take(reading(0))
    filler = small_disk / "filler"
    fill(filler)
    number = 1
    while not spool.held:
        await spool.take(reading(number, filler=500))
        number += 1
        assert number < 3000
    for _ in range(3):
        await spool.take(reading(number, filler=500))
        number += 1
    assert spool.held >= 4
    said = [record.getMessage() for record in caplog.records if "no room" in record.getMessage()]
    assert len(said) == 1
    assert str(small_disk) in said[0]
    assert "free some space" in said[0]
    filler.unlink()
    await spool.take(reading(number, filler=500))
    assert (spool.held, spool.trouble) == (0, None)
    kept = [int(text.split()[0]) for text in await drained(spool)]
    assert kept == list(range(number + 1))
    await spool.close()


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as handle:
        try:
            while True:
                handle.write(b"x" * 4096)
        except OSError:
            return


async def test_put_on_a_full_disk_raises_and_keeps_what_was_there(small_disk: Path) -> None:
    spool = made(small_disk / "state", max_bytes=2**24)
    await spool.put([reading(0)])
    fill(small_disk / "filler")
    done, refusal = 0, None
    while refusal is None:
        try:
            await spool.put([reading(done + 1, filler=500)])
            done += 1
        except SpoolError as error:
            refusal = error
    assert "no room for the spool" in str(refusal)
    (small_disk / "filler").unlink()
    kept = [int(text.split()[0]) for text in await drained(spool)]
    assert kept == list(range(done + 1))
    await spool.close()


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    spool = made(tmp_path / "file" / "state")
    with pytest.raises(SpoolError, match="make its folder writable"):
        await spool.open()
    (tmp_path / "file").unlink()
    await spool.put([reading(1)])
    assert spool.trouble is None
    await spool.close()


async def test_a_file_that_is_no_spool_is_named_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "spool.sqlite").write_bytes(b"These are the notes of somebody else. " * 100)
    spool = made(tmp_path)
    with pytest.raises(SpoolError, match="damaged"):
        await spool.put([reading(1)])
    assert (tmp_path / "spool.sqlite").read_bytes().startswith(b"These are")
    await spool.close()


async def test_what_no_memory_can_hold_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.spool.MAX_HELD", 5)
    (tmp_path / "state").write_text("in the way")
    spool = made(tmp_path / "state")
    for number in range(8):
        await spool.take(reading(number))
    assert spool.held == 5
    (tmp_path / "state").unlink()
    await spool.take(reading(8))
    batch = await spool.next_batch()
    assert batch is not None
    assert [row["display"] for row in json.loads(batch.body)] == ["3", "4", "5", "6", "7", "8"]
    assert [(gap.readings, gap.first_at) for gap in batch.gaps] == [(3, START.isoformat())]
    await spool.close()


def test_a_week_of_two_hundred_devices_fits_and_opens_quickly(tmp_path: Path) -> None:
    """Compressed batches of one hour, measured, against the budget of 256 MiB for seven days at five minutes."""
    readings: list[Reading] = []
    for device in range(200):
        readings += [reading(number * 5, key=f"d-{device}", pages=1000 + number, filler=40) for number in range(12)]
    file = SpoolFile(tmp_path / "spool.sqlite", max_bytes=2**28, batch_bytes=2**20)
    file.put([(one, to_json(one)) for one in readings])
    hour = (tmp_path / "spool.sqlite").stat().st_size + (tmp_path / "spool.sqlite-wal").stat().st_size
    file.close()
    assert hour * 24 * 7 < 2**28
