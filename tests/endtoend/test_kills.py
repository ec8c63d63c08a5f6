"""kill -9 of agent or collector at random moments, while devices change: nothing is lost, nothing happens twice.

Every reading the agent had on disk when it died, and every reading the collector acknowledged, must be in the store at
the end. A proxy between the two is the witness. PAGEWARDEN_SEED repeats a run; PAGEWARDEN_NIGHTLY makes it 1,000 kills.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import sys
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from fleet.kit.wire import from_plain
from fleet.metric import series_name, values
from fleet.reading import Reading
from tests.endtoend.office import NETWORK
from tests.endtoend.programs import ALERT_MAIL, ROOT, TONER_MAIL, Agent, Collector
from tests.peers.ipp_printer import IppPrinter
from tests.peers.lan import Lan
from tests.peers.mail_server import MailServer
from tests.peers.needs import require
from tests.peers.snmp_printer import BLACK_LEVEL, LIFE_COUNT, SnmpPrinter

pytestmark = pytest.mark.lan

KILLS = 1000 if os.environ.get("PAGEWARDEN_NIGHTLY") else 20
NETWORKS = f'[[networks]]\ncidr = "{NETWORK}"\n'
PAGES = series_name("printer_pages_total", counter="total")


@dataclass
class Scene:
    """A small office whose every batch is witnessed, and what was done to it."""

    lan: Lan
    chance: random.Random
    pages: int = 1000
    shown: list[int] = field(default_factory=lambda: [1000])
    spooled: set[str] = field(default_factory=set)
    on_the_way: int = 0
    """Kills of the agent while it held a batch it had begun to send."""

    def __post_init__(self) -> None:
        self.mail = MailServer(self.lan.host("mail"))
        self.store = SnmpPrinter(self.lan.host("store"), serial="NG4200X0017", pages=self.pages)
        self.lobby = IppPrinter(self.lan.host("lobby"), "Acme", "Laser Lobby")
        self.collector = Collector(self.lan.host("collector"), self.mail)
        wire = self.lan.host("wire")
        command = (sys.executable, "-m", "tests.endtoend.wiretap", "8070", self.collector.url)
        self.record = wire.folder / "batches.jsonl"
        wire.spawn("wiretap", *command, str(self.record), cwd=ROOT)
        wire.wait_until(lambda: wire.listens_tcp(8070), "wiretap")
        through = f"http://{wire.address}:8070"
        self.agent = Agent(self.lan.host("agent"), self.collector, NETWORKS, through=through, status_seconds=0.3)

    def print_pages(self) -> None:
        self.pages += self.chance.randrange(1, 40)
        self.store.set_counter(LIFE_COUNT, self.pages)
        self.shown.append(self.pages)

    def kill_one(self) -> None:
        """Death and restart of one of the two."""
        if self.chance.random() < 0.5:
            self.agent.kill()
            self.spooled |= spooled(self.agent.spool)
            self.on_the_way += offers(self.agent.spool)
            self.agent.start()
        else:
            self.collector.kill()
            self.collector.start(wait=False)

    def unanswered(self) -> int:
        """Requests over which the collector died."""
        return sum(json.loads(line)["status"] is None for line in self.record.read_text().splitlines())

    def acknowledged(self) -> Iterator[dict[str, Any]]:
        """Batches the collector said yes to, as they were sent."""
        for line in self.record.read_text().splitlines():
            entry = json.loads(line)
            if entry["sent"] is not None and entry["status"] == 200:
                yield entry["sent"]

    def devices(self) -> dict[str, str]:
        """The device of each key."""
        with reading_from(self.collector.data / "facts.db") as facts:
            return dict(facts.execute("SELECT agent_key, id FROM device").fetchall())


def test_nothing_is_lost_and_nothing_happens_twice(lan: Lan) -> None:
    require("snmpd", "ippeveprinter", "smtpd")
    seed = int(os.environ.get("PAGEWARDEN_SEED", random.randrange(10**6)))
    print(f"PAGEWARDEN_SEED={seed}")
    scene = Scene(lan, random.Random(seed))
    scene.agent.host.wait_until(lambda: len(scene.collector.all("devices")) == 2, "agent", 60, "both printers found")
    for number in range(KILLS):
        if number == KILLS // 4:
            scene.lobby.set_levels(10, 4, 60, 60, 60)
        if number == KILLS // 2:
            scene.lobby.report(states=["+media-jam"])
        scene.print_pages()
        time.sleep(scene.chance.uniform(0.2, 3.5))
        scene.print_pages()
        scene.kill_one()
    scene.collector.wait()
    # An agent that is killed every two seconds may never have told of the jam: it is cleared once it is known.
    scene.agent.host.wait_until(lambda: scene.collector.all("tickets"), "agent", 60, "the ticket")
    scene.lobby.report(states=["-media-jam"])
    scene.store.set_integer(BLACK_LEVEL, 5900)
    scene.agent.host.wait_until(lambda: settled(scene), "agent", 60, "the last values in the store")

    check_store(scene)
    check_actions(scene)
    check_moments(scene)


def settled(scene: Scene) -> bool:
    """The store shows the devices as they are now, and nothing waits at the agent."""
    devices = {device["address"]: device for device in scene.collector.all("devices")}
    store, lobby = (devices[printer.host.address] for printer in (scene.store, scene.lobby))
    black = [s["level"]["percent"] for s in store["supplies"] if s["color"] == "black"]
    tickets = scene.collector.all("tickets")
    return (
        store["pages_total"] == scene.pages
        and black == [59]
        and not any(fault["cause"] == "media-jam" for fault in lobby["faults"] or ())
        and bool(tickets and all(ticket["fault_cleared_at"] for ticket in tickets))
        and not waiting_mails(scene)
    )


def waiting_mails(scene: Scene) -> int:
    with reading_from(scene.collector.data / "facts.db") as facts:
        query = "SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending')"
        return int(facts.execute(query).fetchone()[0])


def check_store(scene: Scene) -> None:
    batches: dict[tuple[str, int], dict[str, Any]] = {}
    for batch in scene.acknowledged():
        first = batches.setdefault((batch["spool"], batch["seq"]), batch)
        assert first["readings"] == batch["readings"], "a number stands for the same readings for ever"
    readings = {mark(plain): plain for batch in batches.values() for plain in batch["readings"]}
    assert len(readings) > KILLS, "the run says something"
    print(f"{len(readings)} readings in {len(batches)} batches; {len(scene.spooled)} lay in spools of killed agents")
    lost = scene.spooled - readings.keys()
    assert not lost, f"{len(lost)} readings that lay in the spool of a killed agent never reached the collector"
    with reading_from(scene.collector.data / "facts.db") as facts:
        stored = set(facts.execute("SELECT spool, seq FROM batch").fetchall())
        assert facts.execute("SELECT count(*) FROM rejected_reading").fetchone() == (0,)
    assert batches.keys() <= stored, "acknowledged, and not in the store"
    device_of, checked = scene.devices(), 0
    with reading_from(scene.collector.data / "samples.db") as samples:
        for plain in readings.values():
            reading = from_plain(plain, Reading)
            if reading.key in device_of:
                check_reading(samples, device_of[reading.key], reading)
                checked += 1
        check_pages(samples, scene)
    print(f"{checked} of {len(readings)} readings compared with the store, value by value")
    assert checked > KILLS, "the comparison says something"


def check_reading(samples: sqlite3.Connection, device: str, reading: Reading) -> None:
    """At the moment of the reading the store knows exactly its values."""
    at = round(reading.taken_at.timestamp() * 1000)
    for name, value in values(reading).items():
        query = """SELECT value FROM sample JOIN series ON series.id = sample.series
                   WHERE device = ? AND name = ? AND ts <= ? ORDER BY ts DESC LIMIT 1"""
        assert samples.execute(query, (device, name, at)).fetchone() == (value,), f"{name} of {reading.key} at {at}"
    query = "SELECT count(*) FROM heard WHERE device = ? AND start <= ? AND until >= ?"
    assert samples.execute(query, (device, at, at)).fetchone() == (1,), "the store knows that it was polled then"


def check_pages(samples: sqlite3.Connection, scene: Scene) -> None:
    query = "SELECT device, value FROM sample JOIN series ON series.id = sample.series WHERE name = ? ORDER BY ts"
    counts = [value for device, value in samples.execute(query, (PAGES,)) if device == _store_device(scene)]
    assert counts == sorted(counts), "page counters never fall"
    assert set(counts) <= set(scene.shown), "and hold nothing the printer never said"
    assert counts[-1] == scene.pages


def _store_device(scene: Scene) -> str:
    [ident] = [d["id"] for d in scene.collector.all("devices") if d["address"] == scene.store.host.address]
    return str(ident)


def check_actions(scene: Scene) -> None:
    orders, tickets = scene.collector.all("orders"), scene.collector.all("tickets")
    assert [(order["supply"], order["device"]) for order in orders] == [("toner-black", tickets[0]["device"])]
    assert [ticket["cause"] for ticket in tickets] == ["media-jam"]
    mails = scene.mail.mails()
    twice = [ident for ident, count in Counter(mail["Message-ID"] for mail in mails).items() if count > 1]
    assert not twice, "a mail was sent twice"
    delivered = Counter((mail["Delivered-To"], " ".join(mail["Subject"].split())) for mail in mails)
    with reading_from(scene.collector.data / "facts.db") as facts:
        rows = [(state, json.loads(body)) for state, body in facts.execute("SELECT state, payload FROM outbox")]
    causes = {(payload["to"], payload["subject"]): state for state, payload in rows}
    assert len(causes) == len(rows), "one message for one cause"
    assert delivered.keys() <= causes.keys(), "no mail without a cause"
    outcomes = {cause: (state, delivered[cause]) for cause, state in causes.items()}
    for (to, subject), (state, count) in outcomes.items():
        print(f"mail to {to}, {subject!r}: {state}, {count} delivered")
    # Killed between handing a mail over and hearing back, nobody can know whether it went out: a person decides.
    assert set(outcomes.values()) <= {("sent", 1), ("unsure", 0), ("unsure", 1)}
    assert [to for to, _ in causes].count(TONER_MAIL) == 1, "one order, one mail"
    told = sorted(subject.split()[0] for to, subject in causes if to == ALERT_MAIL)
    assert told == [f"T-{ticket['number']}" for ticket in tickets], "one alert mail for each ticket"


def check_moments(scene: Scene) -> None:
    """Enough of the kills hit where it hurts: a batch on its way, a request without an answer."""
    unanswered = scene.unanswered()
    print(
        f"{scene.on_the_way} kills of the agent with a batch on its way; {unanswered} requests the collector died over"
    )
    assert scene.on_the_way + unanswered >= max(1, KILLS // 20)


def mark(plain: dict[str, Any]) -> str:
    """What makes one reading that reading."""
    return f"{plain['key']} {datetime.fromisoformat(plain['taken_at']).isoformat()}"


def spooled(file: Path) -> set[str]:
    """The readings that lie in an agent's spool."""
    with reading_from(file) as spool:
        fresh = [json.loads(body) for (body,) in spool.execute("SELECT body FROM fresh")]
        batches = [json.loads(zlib.decompress(body)) for (body,) in spool.execute("SELECT body FROM batches")]
    return {mark(plain) for plain in (*fresh, *(plain for batch in batches for plain in batch))}


def offers(file: Path) -> bool:
    """Whether an agent's spool holds a batch that was begun to be sent, and is not known to have arrived."""
    with reading_from(file) as spool:
        return bool(spool.execute("SELECT count(*) FROM batches WHERE offered").fetchone()[0])


@contextmanager
def reading_from(file: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        yield connection
    finally:
        connection.close()
