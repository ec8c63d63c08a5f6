"""Intake: a fault that lasted becomes a ticket with its first steps, or a note on the one that is open for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from collector.store.devices import DeviceRow
from collector.store.scope import Scope
from collector.store.tickets import TicketRow, add_ticket, newest_ticket_for, note_on_ticket, set_fault_cleared
from fleet.alert import Observation
from fleet.device import DeviceState
from fleet.kit.wire import to_plain
from mibs.cause import Cause

ACTOR = "Pagewarden"
RETURNS_WITHIN = timedelta(hours=24)
INTERNAL = Scope.everything()


def open_ticket(
    conn: Connection,
    device: DeviceRow,
    state: DeviceState,
    seen: Observation,
    cause: Cause,
    *,
    alert_id: str,
    cause_key: str,
    now: datetime,
) -> str | None:
    """The ticket for a raised fault: a new one, or the one the fault came back to. Its id."""
    former = newest_ticket_for(conn, device.id, seen.cause)
    if former is not None and _goes_on(former, now):
        if former.cause_key != cause_key:
            note_on_ticket(conn, INTERNAL, former.id, at=now, actor=ACTOR, reason=f"The fault is back: {seen.text}")
            set_fault_cleared(conn, former.id, None)
        return former.id
    values = {
        "tenant_id": device.tenant_id,
        "device_id": device.id,
        "alert_id": alert_id,
        "cause": seen.cause,
        "severity": seen.severity,
        "title": f"{cause.title['en']}: {device.title}"[:255],
        "facts": snapshot(device, state, seen, cause),
    }
    reason = f"The device reports: {seen.text}"
    return add_ticket(conn, now, cause_key=cause_key, actor=ACTOR, reason=reason, values=values)


def _goes_on(former: TicketRow, now: datetime) -> bool:
    """Open, and the fault was not gone for long. A closed one is not opened again: nobody would look at it."""
    cleared = former.fault_cleared_at
    return former.is_open and (cleared is None or now - cleared < RETURNS_WITHIN)


def snapshot(device: DeviceRow, state: DeviceState, seen: Observation, cause: Cause) -> dict[str, Any]:
    """What is known at this moment, for whoever works on the ticket later."""
    return {
        "device": {"title": device.title, "model": device.model, "serial": device.serial, "address": device.address},
        "site": device.site_name,
        "place": state.location,
        "fault": {"text": seen.text, "cause": seen.cause, "evidence": dict(seen.evidence)},
        "title": dict(cause.title),
        "first_steps": {language: list(steps) for language, steps in cause.steps.items()},
        "parts": list(cause.parts),
        "actor": cause.actor,
        "panel": state.display,
        "counters": {counter.name: counter.value for counter in state.counters or ()},
        "state": to_plain(state),
    }


def note_cleared(conn: Connection, device_id: str, cause: str, now: datetime) -> None:
    """The device no longer complains: that is written on its ticket, and the ticket stays for a person to close."""
    known = newest_ticket_for(conn, device_id, cause)
    if known is None or not known.is_open or known.fault_cleared_at is not None:
        return
    set_fault_cleared(conn, known.id, now)
    note_on_ticket(conn, INTERNAL, known.id, at=now, actor=ACTOR, reason="The device no longer reports the fault")
