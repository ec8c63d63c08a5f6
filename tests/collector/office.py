"""A collector to test with: real files, a clock that is set by hand, and readings of an invented printer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from collector.app import open_stores
from collector.evaluate import Bench
from collector.receive import Batch, Receipt, take
from collector.settings import CollectorSettings, MailSettings, RuleSettings
from collector.store.agents import AgentRow, add_site_token, agent, enrol
from collector.store.scope import Scope
from collector.store.sites import add_site, add_tenant
from fleet.counter import Counter, CounterName
from fleet.fault import Activity, Actor, Fault, Health, Severity
from fleet.identity import Identity
from fleet.reading import Kind, Reading
from fleet.supply import Exact, Level, SupplyReading, SupplyType
from mibs.catalogue import load

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ALL = Scope.everything()
JAM = Fault(cause="media-jam", severity=Severity.CRITICAL, actor=Actor.USER, text="Paper jam in the rear", code="8")


class HandClock:
    """Time stands still until somebody moves it."""

    def __init__(self, now: datetime = START) -> None:
        self.at = now

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return (self.at - START).total_seconds()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.01))

    def on(self, minutes: float) -> datetime:
        self.at += timedelta(minutes=minutes)
        return self.at


@dataclass
class Office:
    """A collector's stores with one site and one agent."""

    settings: CollectorSettings
    clock: HandClock

    def __post_init__(self) -> None:
        self.facts, self.samples = open_stores(self.settings)
        self.bench = Bench(settings=self.settings, catalogue=load(), started_at=self.clock.now())
        self.seq = 0

    def furnish(self, **site: Any) -> AgentRow:
        """A tenant, a site, an enrolled agent."""
        with self.facts.write() as conn:
            tenant_id = add_tenant(conn, "Acme", START)
            values = {"toner_mail": "vendor@supplies.example", "alert_mail": "it@acme.example"} | site
            self.site_id = add_site(conn, tenant_id, "Head office", START, **values)
            token = add_site_token(conn, self.site_id, START, START + timedelta(days=1))
            enrolled = enrol(conn, token, "agent-1", "0.1.0", START)
            assert enrolled is not None
            self.agent_id, self.agent_key = enrolled
            self.tenant_id = tenant_id
        return self.agent

    @property
    def agent(self) -> AgentRow:
        with self.facts.read() as conn:
            row = agent(conn, ALL, self.agent_id)
        assert row is not None
        return row

    def batch(self, *readings: Reading, seq: int | None = None) -> Batch:
        self.seq += 1
        return Batch(
            spool="spool-a",
            seq=self.seq if seq is None else seq,
            sent_at=self.clock.now(),
            status={"version": "0.1.0"},
            readings=tuple(enumerate(readings)),
        )

    def take(self, batch: Batch) -> Receipt:
        return take(self.facts, self.samples, self.bench, self.agent, batch, self.clock.now())

    def say(self, *readings: Reading) -> Receipt:
        """A batch of these readings, taken now."""
        return self.take(self.batch(*readings))

    def rows(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        """The items of a list query."""
        with self.facts.read() as conn:
            return query(conn, ALL, *args, **kwargs).items


def office(path: Path, **rules: Any) -> Office:
    settings = CollectorSettings(
        data_dir=path / "data",
        mail=MailSettings(sender="pagewarden@dealer.example"),
        rules=RuleSettings(**rules),
    )
    return Office(settings, HandClock())


def toner(level: Level, **more: Any) -> SupplyReading:
    values: dict[str, Any] = {"index": "1.1", "type": SupplyType.TONER, "color": "black", "description": "Black Toner"}
    return SupplyReading(level=level, **(values | more))


def reading(at: datetime, **more: Any) -> Reading:
    """What one printer says when it is well."""
    made = Reading(
        key="printer-1",
        taken_at=at,
        reachable=True,
        identity=Identity(
            maker="Acme",
            model="LaserThing 4000",
            serial="SN0012345",
            macs=("00:80:77:31:01:02",),
            address="10.0.0.5",
        ),
        kind=Kind.PRINTER,
        health=Health.OK,
        activity=Activity.IDLE,
        counters=(Counter(name=CounterName.TOTAL, value=1000),),
        supplies=(toner(Exact(percent=80), part_number="AT-4000K"),),
        faults=(),
        conditions=(),
    )
    return replace(made, **more)
