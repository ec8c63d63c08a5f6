"""What is forgotten, and what never is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Table, event, func, select

from collector.settings import RetentionSettings
from collector.store import retention
from collector.store.agents import BatchKey, Rejected, add_batch
from collector.store.alerts import AlertFilter, list_alerts
from collector.store.audit import note
from collector.store.retention import forget
from collector.store.tables import audit, batch, daily, device, device_event, evidence, rejected_reading
from collector.store.tickets import list_tickets
from tests.collector.office import JAM, Office, office, reading

EVERYTHING = AlertFilter(with_held=True)


def count(shop: Office, table: Table) -> int:
    with shop.facts.read() as conn:
        return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


def moving(shop: Office, number: int) -> None:
    """The printer, each time at another address."""
    said = reading(shop.clock.on(5))
    shop.say(replace(said, identity=replace(said.identity, address=f"10.0.{number // 250}.{number % 250 + 1}")))


def test_events_evidence_and_audit_go_with_time_and_the_last_evidence_stays(tmp_path: Path) -> None:
    shop = office(tmp_path)
    shop.furnish()
    for number in range(8):
        moving(shop, number)
    with shop.facts.write() as conn:
        note(conn, shop.clock.now(), "boss", "look", "thing")
    kept = (count(shop, device_event), count(shop, evidence), count(shop, audit))
    assert kept[0] == 8
    forget(shop.facts, RetentionSettings(), shop.clock.now() + timedelta(days=700))
    assert (count(shop, device_event), count(shop, evidence), count(shop, audit)) == kept
    forget(shop.facts, RetentionSettings(), shop.clock.now() + timedelta(days=2000))
    assert (count(shop, device_event), count(shop, evidence), count(shop, audit)) == (0, kept[1] - 7, 0)
    moving(shop, 7)
    assert count(shop, device) == 1


def test_forgetting_goes_in_small_transactions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = office(tmp_path)
    shop.furnish()
    for number in range(12):
        moving(shop, number)
    begun: list[str] = []
    event.listen(shop.facts.engine, "before_cursor_execute", lambda *given: begun.append(given[2]))
    monkeypatch.setattr(retention, "AT_ONCE", 5)
    forget(shop.facts, RetentionSettings(), shop.clock.now() + timedelta(days=2000))
    assert sum(said.startswith("DELETE FROM device_event") for said in begun) == 3
    assert count(shop, device_event) == 0


def test_of_what_is_set_aside_the_newest_are_kept(tmp_path: Path) -> None:
    shop = office(tmp_path)
    shop.furnish()
    aside = [(Rejected(position=number, reason="odd"), "{}") for number in range(20)]
    with shop.facts.write() as conn:
        add_batch(conn, BatchKey(agent_id=shop.agent_id, spool="s", seq=1), 20, aside, shop.clock.now())
    forget(shop.facts, RetentionSettings(rejected_most=5), shop.clock.now())
    with shop.facts.read() as conn:
        left = conn.execute(select(rejected_reading.c.position).order_by(rejected_reading.c.position)).scalars().all()
    assert left == [15, 16, 17, 18, 19]


def test_old_batches_and_untold_alerts_go_and_what_was_told_stays(tmp_path: Path) -> None:
    shop = office(tmp_path)
    shop.furnish()
    for faults in [(JAM,)] * 3 + [()] * 3 + [(JAM,), (), (), ()] * 3:
        shop.say(reading(shop.clock.on(3), faults=faults))
    raised = [row.episode for row in shop.rows(list_alerts)]
    assert raised == [1]
    assert [row.episode for row in shop.rows(list_alerts, EVERYTHING, sort="seen")] == [1, 2, 3, 4]
    forget(shop.facts, RetentionSettings(), shop.clock.now() + timedelta(days=20))
    assert count(shop, batch) == shop.seq
    forget(shop.facts, RetentionSettings(), shop.clock.now() + timedelta(days=60))
    assert count(shop, batch) == count(shop, rejected_reading) == 0
    assert count(shop, daily) > 0
    assert [row.episode for row in shop.rows(list_alerts, EVERYTHING, sort="seen")] == [1, 4]
    assert len(shop.rows(list_tickets)) == 1
