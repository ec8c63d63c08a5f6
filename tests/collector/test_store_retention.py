"""What is forgotten, and what never is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from collector.settings import RetentionSettings
from collector.store.alerts import AlertFilter, list_alerts
from collector.store.retention import forget
from collector.store.tables import batch, daily, rejected_reading
from collector.store.tickets import list_tickets
from tests.collector.office import JAM, office, reading

EVERYTHING = AlertFilter(with_held=True)


def test_old_batches_and_untold_alerts_go_and_what_was_told_stays(tmp_path: Path) -> None:
    shop = office(tmp_path)
    shop.furnish()
    for faults in [(JAM,)] * 3 + [()] * 3 + [(JAM,), (), (), ()] * 3:
        shop.say(reading(shop.clock.on(3), faults=faults))
    raised = [row.episode for row in shop.rows(list_alerts)]
    assert raised == [1]
    assert [row.episode for row in shop.rows(list_alerts, EVERYTHING, sort="seen")] == [1, 2, 3, 4]
    with shop.facts.write() as conn:
        forget(conn, RetentionSettings(), shop.clock.now() + timedelta(days=20))
        assert conn.execute(select(func.count()).select_from(batch)).scalar_one() == shop.seq
        forget(conn, RetentionSettings(), shop.clock.now() + timedelta(days=60))
        for table in (batch, rejected_reading):
            assert conn.execute(select(func.count()).select_from(table)).scalar_one() == 0
        assert conn.execute(select(func.count()).select_from(daily)).scalar_one() > 0
    assert [row.episode for row in shop.rows(list_alerts, EVERYTHING, sort="seen")] == [1, 4]
    assert len(shop.rows(list_tickets)) == 1
