"""Conflicts: what a device says in two ways that cannot both be true becomes one thing for a person to settle.

Until somebody decides, the best source counts by the agent's table; afterwards the one the person believes does. Only
a whole look at a device can show or end a conflict: a short one hears one side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection

from collector.store.conflicts import ConflictRow, conflicts_of_site, save_conflict
from collector.store.events import add_event
from fleet.counter import CounterName
from fleet.reading import Conflict, Disputed, Reading, Round


class Conflicts:
    """Those of one site, while a batch is taken in."""

    def __init__(self, conn: Connection, site_id: str) -> None:
        self._conn = conn
        self._rows = conflicts_of_site(conn, site_id)

    def settled(self, device_id: str, reading: Reading) -> Reading:
        """The reading as the people who settled the device's conflicts want it read."""
        for row in self._rows.get(device_id, {}).values():
            if row.choice is not None and row.ended_at is None:
                reading = _SETTLERS[Disputed(row.about)](reading, row, row.choice)
        return reading

    def as_known(self, device_id: str, serial: str | None, reading: Reading) -> Reading:
        """The reading with the serial number by which the device is known, where it gives two and this is one."""
        row = self._rows.get(device_id, {}).get(Disputed.SERIAL)
        if row is None or row.ended_at is not None or not {serial, reading.identity.serial} <= set(row.said.values()):
            return reading
        return replace(reading, identity=replace(reading.identity, serial=serial))

    def note(self, device_id: str, reading: Reading) -> None:
        """Opens, follows and ends the conflicts of a device."""
        if not reading.reachable or reading.round is not Round.FULL:
            return
        rows = self._rows.setdefault(device_id, {})
        for conflict in reading.conflicts:
            self._seen(rows, device_id, conflict, reading)
        told = {conflict.about for conflict in reading.conflicts}
        for row in list(rows.values()):
            if row.about not in told and not reading.partial and row.ended_at is None and _is_later(row, reading):
                self._save(rows, replace(row, ended_at=reading.taken_at))

    def _seen(self, rows: dict[str, ConflictRow], device_id: str, conflict: Conflict, reading: Reading) -> None:
        at, row = reading.taken_at, rows.get(conflict.about)
        if row is not None and not _is_later(row, reading):
            return
        if row is None:
            row = ConflictRow(
                device_id=device_id,
                about=conflict.about,
                said=conflict.said,
                choice=None,
                settled_by=None,
                first_seen_at=at,
                last_seen_at=at,
                settled_at=None,
                ended_at=None,
            )
            add_event(self._conn, device_id, at, f"contradiction-{conflict.about}", conflict.said)
        elif _is_another(row, conflict):
            row = replace(row, choice=None, settled_by=None, settled_at=None)
        self._save(rows, replace(row, said=conflict.said, last_seen_at=at, ended_at=None))

    def _save(self, rows: dict[str, ConflictRow], row: ConflictRow) -> None:
        save_conflict(self._conn, row)
        rows[row.about] = row


def _is_later(row: ConflictRow, reading: Reading) -> bool:
    return reading.taken_at > row.last_seen_at


def _is_another(row: ConflictRow, conflict: Conflict) -> bool:
    """Whether a person would have to decide anew: counts go on by themselves, serial numbers do not."""
    if row.choice is not None and row.choice not in conflict.said:
        return True
    return conflict.about is Disputed.SERIAL and dict(row.said) != dict(conflict.said)


def _said_now(reading: Reading) -> Mapping[str, str]:
    return next((conflict.said for conflict in reading.conflicts if conflict.about is Disputed.PAGES), {})


def _settle_serial(reading: Reading, row: ConflictRow, choice: str) -> Reading:
    """The believed number in place of each that was refused; a third one is left as it is."""
    if reading.identity.serial not in row.said.values():
        return reading
    return replace(reading, identity=replace(reading.identity, serial=row.said[choice]))


def _settle_pages(reading: Reading, row: ConflictRow, choice: str) -> Reading:
    """The believed count; where only the other protocol was heard, none, so that the count does not jump."""
    believed = _said_now(reading).get(choice)
    if reading.counters is None or (believed is None and reading.sources.get("counters") == choice):
        return reading
    counters = tuple(
        replace(counter, value=int(believed)) if counter.name is CounterName.TOTAL and believed is not None else counter
        for counter in reading.counters
        if counter.name is not CounterName.TOTAL or believed is not None
    )
    return replace(reading, counters=counters)


_SETTLERS = {Disputed.SERIAL: _settle_serial, Disputed.PAGES: _settle_pages}
