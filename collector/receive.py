"""Receive: a batch of readings becomes devices, supplies, events and samples, once.

The samples are on disk before the facts that acknowledge the batch: a crash in between leaves only samples that the
repeated batch writes again. Ids of new devices follow from the batch, so the repetition meets the same devices.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, SQLAlchemyError

from collector import match
from collector.conflicts import Conflicts
from collector.evaluate import Bench, agent_heard, evaluate_device
from collector.stamp import WORST_SKEW, is_wrong, stamped
from collector.store import agents, daily
from collector.store import devices as device_store
from collector.store.agent_events import add_agent_events, gaps_in
from collector.store.agents import AgentRow, BatchKey, Rejected
from collector.store.db import Facts
from collector.store.events import add_event
from collector.store.evidence import record
from collector.store.ids import made_id
from collector.store.samples import Samples, Seen
from collector.store.scope import Scope
from collector.store.sites import lock_sites
from collector.supply.reorder import follow_swap
from collector.supply.slots import take_supplies
from collector.supply.steps import stepped
from fleet import metric
from fleet.counter import LIFETIME, Change, CounterName, change
from fleet.device import DeviceState, merged
from fleet.identity import evidence, valid_mac
from fleet.kit.wire import to_json, to_plain
from fleet.reading import Reading, Round

log = logging.getLogger(__name__)
INTERNAL = Scope.everything()
KEPT_BODY = 8 * 1024
RESTART_APART = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What an agent sent, checked: readings with their position, and what was set aside with its text. `digest`: of
    the readings as they came."""

    spool: str
    seq: int
    sent_at: datetime
    status: Mapping[str, Any]
    readings: tuple[tuple[int, Reading], ...]
    rejected: tuple[tuple[Rejected, str], ...] = ()
    digest: str = ""

    def key(self, agent: AgentRow) -> BatchKey:
        """Under which the batch is known again."""
        return BatchKey(agent_id=agent.id, spool=self.spool, seq=self.seq, digest=self.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a batch. `repeated`: it had been taken before, and this time nothing changed."""

    seq: int
    accepted: int
    repeated: bool
    rejected: tuple[Rejected, ...]


def take(facts: Facts, samples: Samples, bench: Bench, agent: AgentRow, batch: Batch, now: datetime) -> Receipt:
    """Stores the batch and acts on it. When this returns it is on disk."""
    with facts.write() as conn:
        # Two agents may speak of one device at the same time: what one reads of it, the other must have written.
        lock_sites(conn, [agent.site_id])
        key = batch.key(agent)
        known = agents.received_batch(conn, key)
        _hear(conn, bench, agent, batch, now)
        if known is not None:
            accepted = known.readings - len(known.rejected)
            return Receipt(seq=batch.seq, accepted=accepted, repeated=True, rejected=known.rejected)
        if agents.is_number_used(conn, key):
            _note_fork(conn, agent, batch, now)
        intake = _Intake(conn, bench, agent, batch, now)
        for position, reading in batch.readings:
            intake.take_or_set_aside(position, stamped(reading, batch.sent_at, now))
        aside = (*batch.rejected, *intake.aside)
        samples.write(intake.seen)
        daily.fold_in(conn, ((one.device_id, one.at, dict(one.values)) for one in intake.seen))
        total = len(batch.readings) + len(batch.rejected)
        add_agent_events(conn, agent.id, now, "gap", gaps_in(batch.status))
        agents.add_batch(conn, key, total, aside, now)
        for device_id in intake.touched:
            if row := device_store.device(conn, INTERNAL, device_id):
                evaluate_device(conn, bench, row, now)
    rejected = tuple(sorted((one for one, _ in aside), key=lambda one: one.position))
    return Receipt(seq=batch.seq, accepted=total - len(rejected), repeated=False, rejected=rejected)


def _note_fork(conn: Connection, agent: AgentRow, batch: Batch, now: datetime) -> None:
    """One number, two contents: the agent's disk was set back, or two machines run on copies of it. Nothing is lost,
    but somebody should know: two copies ask every device twice."""
    log.warning(
        "agent %s numbers other readings with %d again: its disk was set back to an older state, or it runs twice",
        agent.name,
        batch.seq,
        extra={"agent": agent.id, "spool": batch.spool},
    )
    add_agent_events(conn, agent.id, now, "number-reused", [{"spool": batch.spool, "seq": batch.seq}])


def _hear(conn: Connection, bench: Bench, agent: AgentRow, batch: Batch, now: datetime) -> None:
    """The agent lives. An older batch that comes late does not overwrite what a newer one said of the agent, unless
    that one was sent in what is still the future: then the agent's clock was ahead, and has been set right."""
    status = {**batch.status, "sent_at": batch.sent_at.isoformat()}
    if is_wrong(batch.sent_at, now):
        status["clock_behind_seconds"] = round((now - batch.sent_at).total_seconds())
    before = str(agent.status.get("sent_at", ""))
    newer = batch.sent_at.isoformat() >= before or before > (now + WORST_SKEW).isoformat()
    version = str(batch.status.get("version", "")) or None
    agents.heard(conn, agent.id, now, version, status if newer else agent.status)
    if heard := agents.agent(conn, INTERNAL, agent.id):
        agent_heard(conn, bench, heard, now)


class _Intake:
    """One batch on its way in: finds the device of each reading and merges it."""

    def __init__(self, conn: Connection, bench: Bench, agent: AgentRow, batch: Batch, now: datetime) -> None:
        self.conn = conn
        self.agent = agent
        self.batch = batch
        self.now = now
        self.swap_lasting = bench.minutes(bench.settings.rules.swap_minutes)
        self.limits = bench.limits
        self.new_per_hour = bench.settings.rules.new_devices_per_hour
        self.finder = match.Finder(conn, agent)
        self.conflicts = Conflicts(conn, agent.site_id)
        self.seen: list[Seen] = []
        self.touched: dict[str, None] = {}
        self.aside: list[tuple[Rejected, str]] = []

    def take_or_set_aside(self, position: int, reading: Reading) -> None:
        """Takes one reading, whole or not at all. What fails now would fail each time it is sent again, and everything
        behind it would wait for ever; trouble of the store as a whole is left to the caller."""
        try:
            with self.conn.begin_nested():
                self.take(position, reading)
        except SQLAlchemyError as error:
            if not isinstance(error, DataError):
                raise
            self._set_aside(position, reading, "holds a value that the database does not take", error)
        except Exception as error:  # noqa: BLE001 (whatever it is, the other readings are no part of it)
            why = "could not be joined with what is known; the collector's log says why"
            self._set_aside(position, reading, why, error)

    def _set_aside(self, position: int, reading: Reading, reason: str, error: Exception) -> None:
        where = {"agent": self.agent.id, "key": reading.key}
        log.error("a reading could not be taken in", extra=where, exc_info=error)
        self.aside.append((Rejected(position=position, reason=reason), to_json(reading)[:KEPT_BODY]))
        # The former ones may know what was undone.
        self.finder = match.Finder(self.conn, self.agent)
        self.conflicts = Conflicts(self.conn, self.agent.site_id)

    def take(self, position: int, reading: Reading) -> None:
        found = self.finder.find(self._as_known(reading))
        if found is None:
            if not reading.reachable:
                return  # never seen, and not there: nothing is known of it
            if reason := self.finder.refuses(reading, self.new_per_hour):
                body = to_json(reading.identity)[:KEPT_BODY]
                self.aside.append((Rejected(position=position, reason=reason), body))
                return
            found = self._new_device(position, reading)
        if not reading.reachable and found.is_heard_by_another(self.agent.id, reading.taken_at):
            return
        before, at = found.state, reading.taken_at
        reading = self.conflicts.settled(found.id, reading)
        after = stepped(self.conn, found.tenant_id, merged(before, reading))
        is_newest = before.asked_at is None or at >= before.asked_at
        if is_newest:
            self._note_changes(found, before, after, reading)
        if reading.supplies is not None and _newer(before, at):
            lasting, whole = self.swap_lasting, reading.round is Round.FULL
            for swap in take_supplies(
                self.conn, found.tenant_id, found.id, after, at, lasting, self.limits, whole=whole
            ):
                follow_swap(self.conn, swap, self.now)
        if reading.reachable:
            record(self.conn, found.id, evidence(reading.identity), at)
        self._save(found, after, reading, is_newest=is_newest)
        self.conflicts.note(found.id, reading)
        self.seen.append(Seen(device_id=found.id, at=at, values=metric.values(reading)))
        self.touched[found.id] = None

    def _as_known(self, reading: Reading) -> Reading:
        """For the matcher: a device that gives two serial numbers does not become another one by the other number."""
        known = self.finder.by_key.get(reading.key)
        return self.conflicts.as_known(known, self.finder.serial_of(known), reading) if known else reading

    def _new_device(self, position: int, reading: Reading) -> match.Found:
        ident = made_id("dev", *self.batch.key(self.agent).columns.values(), position)
        at = reading.taken_at
        values = {
            "id": ident,
            "tenant_id": self.agent.tenant_id,
            "site_id": self.agent.site_id,
            "agent_id": self.agent.id,
            "agent_key": reading.key[:200],
            "standing": "unknown",
            "reachable": True,
            "state": {},
            "first_seen_at": at,
        }
        device_store.add_device(self.conn, values)
        facts = {"address": reading.identity.address, "maker": reading.identity.maker, "model": reading.identity.model}
        add_event(self.conn, ident, at, "found", {key: value for key, value in facts.items() if value})
        return self.finder.add(ident, reading.key)

    def _save(self, found: match.Found, after: DeviceState, reading: Reading, *, is_newest: bool) -> None:
        values = columns(after)
        if is_newest:
            values |= {"agent_id": self.agent.id, "agent_key": reading.key[:200]}
        device_store.save_device(self.conn, INTERNAL, found.id, values)
        self.finder.saved(found, after, reading.key)

    def _note_changes(self, found: match.Found, before: DeviceState, after: DeviceState, reading: Reading) -> None:
        if not reading.reachable or before.heard_at is None:
            return
        for kind, facts in changes(before, after, reading):
            if kind == "address-changed" and found.reasons:
                facts["known_by"] = list(found.reasons)
            add_event(self.conn, found.id, reading.taken_at, kind, facts)


def _newer(before: DeviceState, at: datetime) -> bool:
    return "supplies" not in before.ages or at > before.ages["supplies"]


def columns(state: DeviceState) -> dict[str, Any]:
    """The columns of a device that lists sort and filter by, and its state."""
    who = state.identity
    counters = {counter.name: counter.value for counter in state.counters or () if counter.unit in metric.PAGES}
    pages = counters.get(CounterName.TOTAL, counters.get(CounterName.PRINT_TOTAL))
    texts = {
        "maker": (who.maker, 100),
        "model": (who.model, 200),
        "serial": (who.serial, 100),
        "address": (who.address, 64),
        "hostname": (who.hostname, 255),
        "location": (state.location, 255),
    }
    return {
        **{name: text[:limit] if text else None for name, (text, limit) in texts.items()},
        "kind": state.kind,
        "reachable": state.reachable,
        "health": state.health,
        "activity": state.activity,
        "pages_total": pages,
        "state": to_plain(state),
        "heard_at": state.heard_at,
        "asked_at": state.asked_at,
    }


def changes(before: DeviceState, after: DeviceState, reading: Reading) -> Iterable[tuple[str, dict[str, Any]]]:
    """What is remarkable about a newer reading: (kind of event, facts)."""
    was, seen = before.identity, reading.identity
    if was.address and seen.address and was.address != seen.address:
        yield "address-changed", {"before": was.address, "after": seen.address}
    old, new = ({mac for mac in macs if valid_mac(mac)} for macs in (was.macs, seen.macs))
    if old and new and not old & new:
        yield "mac-changed", {"before": sorted(old), "after": sorted(new)}
    if was.serial and seen.serial and was.serial != seen.serial:
        yield "serial-changed", {"before": was.serial, "after": seen.serial}
    if fallen := _fallen(before, reading):
        yield "counter-fell", fallen
    if before.boot_at and after.boot_at and after.boot_at - before.boot_at > RESTART_APART:
        yield "restarted", {"boot_at": after.boot_at.isoformat()}


def _fallen(before: DeviceState, reading: Reading) -> dict[str, Any]:
    known = {counter.name: counter.value for counter in before.counters or ()}
    return {
        counter.name: {"before": known[counter.name], "after": counter.value}
        for counter in reading.counters or ()
        if counter.name in LIFETIME and change(known.get(counter.name), counter.value) is Change.FELL
    }
