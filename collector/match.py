"""Match: which of our devices a reading speaks of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from collector.store.agents import AgentRow
from collector.store.devices import DeviceRow, device, devices_found, devices_of_agent, save_device
from collector.store.events import add_event
from collector.store.evidence import devices_with
from collector.store.scope import Scope
from fleet.device import DeviceState
from fleet.identity import best_match, compare, evidence
from fleet.kit.wire import to_plain
from fleet.reading import Reading

INTERNAL = Scope.everything()
HARDWARE = ("uuid", "mac", "engine-id")
LATELY = timedelta(minutes=30)
FIRST_DAY = 10_000
"""New devices per hour while an agent gets to know its networks."""
REPLACED = "another device answers where this one was"


@dataclass(slots=True, kw_only=True)
class Found:
    """A device of ours, as it was before the reading. `reasons`: by which evidence it was known again."""

    id: str
    tenant_id: str
    agent_key: str | None
    state: DeviceState
    agent_id: str | None = None
    reasons: tuple[str, ...] = ()

    def is_heard_by_another(self, agent_id: str, at: datetime) -> bool:
        """Whether another agent spoke with it lately: then only the way from here is blocked."""
        heard = self.state.heard_at
        return self.agent_id not in (None, agent_id) and heard is not None and at - heard < LATELY


class Finder:
    """Knows the devices of one agent while a batch comes in. Looks no further than the agent's own site."""

    def __init__(self, conn: Connection, agent: AgentRow) -> None:
        self.conn = conn
        self.agent = agent
        self.rows: dict[str, DeviceRow] = {row.id: row for row in devices_of_agent(conn, INTERNAL, agent.id)}
        self.by_key = {row.agent_key: row.id for row in self.rows.values() if row.agent_key}
        self.known: dict[str, Found] = {}

    def find(self, reading: Reading) -> Found | None:
        """The device the agent's key stands for, unless the evidence speaks against it; else the one the evidence
        speaks for; else None."""
        by_key = self._by_id(self.by_key.get(reading.key))
        if by_key is not None and (
            not reading.reachable or compare(reading.identity, by_key.state.identity).score >= 0
        ):
            by_key.reasons = ()
            return by_key
        found = self._by_evidence(reading)
        if by_key is not None and (found is None or found.id != by_key.id):
            self._replaced(by_key, reading)
        return found

    def refuses(self, reading: Reading, per_hour: int) -> str:
        """Why a device that is not known must not be taken in now; empty where nothing speaks against it."""
        at = reading.taken_at
        most = FIRST_DAY if at - self.agent.enrolled_at < timedelta(days=1) else per_hour
        if devices_found(self.conn, self.agent.id, at - timedelta(hours=1)) < most:
            return ""
        where = f" at {reading.identity.address}" if reading.identity.address else ""
        return (
            f"a device nobody knows{where}: this agent found {most} new ones within an hour, as many as "
            "rules.new_devices_per_hour allows; it is taken in later, unless something there changes its identity each "
            "time"
        )

    def serial_of(self, ident: str) -> str | None:
        """By which serial number a device is known."""
        found = self._by_id(ident)
        return found.state.identity.serial if found else None

    def _by_evidence(self, reading: Reading) -> Found | None:
        seen = reading.identity
        pieces = evidence(seen)
        candidates = [
            found for ident in devices_with(self.conn, self.agent.site_id, pieces) if (found := self._by_id(ident))
        ]
        best = best_match(seen, [(found.id, found.state.identity) for found in candidates])
        if best is None:
            return None
        found = self.known[best[0]]
        if best[1].doubts and self._is_double(found, reading):
            facts = {"address": seen.address, "reasons": list(best[1].reasons)}
            add_event(self.conn, found.id, reading.taken_at, "identity-conflict", facts)
            return None
        found.reasons = best[1].reasons
        return found

    def _is_double(self, found: Found, reading: Reading) -> bool:
        """Two devices that give out one serial: the agent tells them apart, both speak, and no hardware is shared."""
        heard = found.state.heard_at
        if found.agent_key in (None, reading.key) or self.by_key.get(found.agent_key) != found.id or heard is None:
            return False
        mine, theirs = (
            {p for p in evidence(who) if p[0] in HARDWARE} for who in (reading.identity, found.state.identity)
        )
        return reading.taken_at - heard < LATELY and not mine & theirs

    def _by_id(self, ident: str | None) -> Found | None:
        if ident is None:
            return None
        if ident not in self.known:
            row = self.rows.get(ident) or device(self.conn, INTERNAL, ident)
            if row is None or row.site_id != self.agent.site_id:
                return None
            self.known[ident] = Found(
                id=row.id, tenant_id=row.tenant_id, agent_key=row.agent_key, state=row.state, agent_id=row.agent_id
            )
        return self.known[ident]

    def _replaced(self, gone: Found, reading: Reading) -> None:
        """The agent's key now means another device: the former one is no longer heard."""
        gone.state = _unheard(gone.state, reading)
        gone.agent_key = None
        values = {"agent_key": None, "reachable": False, "state": to_plain(gone.state)}
        save_device(self.conn, INTERNAL, gone.id, values)
        self.by_key.pop(reading.key, None)

    def add(self, ident: str, key: str) -> Found:
        found = Found(id=ident, tenant_id=self.agent.tenant_id, agent_key=key, state=DeviceState())
        self.known[ident] = found
        self.by_key[key] = ident
        return found

    def saved(self, found: Found, state: DeviceState, key: str) -> None:
        """The device is now in this state, and the agent's key stands for it."""
        if found.agent_key and found.agent_key != key and self.by_key.get(found.agent_key) == found.id:
            del self.by_key[found.agent_key]
        found.state, found.agent_key, found.agent_id = state, key, self.agent.id
        self.by_key[key] = found.id


def _unheard(state: DeviceState, reading: Reading) -> DeviceState:
    asked_at = max(state.asked_at or reading.taken_at, reading.taken_at)
    return replace(state, reachable=False, silence=REPLACED, asked_at=asked_at)
