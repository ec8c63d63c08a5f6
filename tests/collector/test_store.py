"""The stores: schema, scope, pages of lists, samples."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, text

from collector.store import agents as agent_store
from collector.store import alerts, audit, devices, events, orders, outbox, sites, supplies, tickets
from collector.store.backup import BackupError, back_up
from collector.store.daily import daily
from collector.store.db import Facts
from collector.store.migrations import MigrationError, migrate, newest, version
from collector.store.page import BadQuery
from collector.store.samples import Samples, Seen
from collector.store.scope import Scope
from collector.store.tables import metadata
from fleet.supply import Exact
from tests.collector.office import ALL, START, Office, office, reading, toner


def test_the_migrations_make_the_tables(tmp_path: Path) -> None:
    facts = Facts.at(tmp_path / "facts.db")
    migrate(facts)
    migrate(facts)
    assert version(facts) == newest()
    with facts.read() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        made = {
            table: {c["name"]: (c["nullable"], c["primary_key"]) for c in inspect(conn).get_columns(table)}
            for table in metadata.tables
        }
    assert made == {
        name: {c.name: (bool(c.nullable), _place(table, c.name)) for c in table.columns}
        for name, table in metadata.tables.items()
    }


def _place(table, column):  # type: ignore[no-untyped-def]
    keys = [c.name for c in table.primary_key.columns]
    return keys.index(column) + 1 if column in keys else 0


def test_a_database_of_a_newer_release_is_left_alone(tmp_path: Path) -> None:
    facts = Facts.at(tmp_path / "facts.db")
    migrate(facts)
    with facts.write() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(MigrationError, match="newer Pagewarden"):
        migrate(facts)


def test_facts_are_durable_and_keep_their_parents(tmp_path: Path) -> None:
    facts = Facts.at(tmp_path / "facts.db")
    with facts.read() as conn:
        values = [
            conn.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert values == ["wal", 2, 1]


def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    """Reads that turn into writes, from several threads and two engines: nobody is told "locked"."""
    first, second = Facts.at(tmp_path / "facts.db"), Facts.at(tmp_path / "facts.db")
    migrate(first)
    with first.write() as conn:
        conn.execute(text("INSERT INTO numbering VALUES ('n', 0)"))
    failures: list[Exception] = []

    def work(facts: Facts) -> None:
        try:
            for _ in range(20):
                with facts.write() as conn:
                    last = conn.execute(text("SELECT last FROM numbering WHERE name = 'n'")).scalar_one()
                    conn.execute(text("UPDATE numbering SET last = :n"), {"n": last + 1})
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(facts,)) for facts in (first, first, second, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with first.read() as conn:
        assert conn.execute(text("SELECT last FROM numbering WHERE name = 'n'")).scalar_one() == 80


@pytest.fixture
def shop(tmp_path: Path) -> Office:
    """One customer with a device, an order and everything around it."""
    made = office(tmp_path)
    made.furnish()
    for percent in (14, 12, 10, 9):
        made.say(reading(made.clock.on(5), supplies=(toner(Exact(percent=percent)),)))
    return made


LISTS = (
    devices.list_devices,
    supplies.list_supplies,
    orders.list_orders,
    tickets.list_tickets,
    alerts.list_alerts,
    events.list_events,
    sites.list_sites,
    agent_store.list_agents,
    outbox.list_outbox,
    audit.list_audit,
)


@pytest.mark.parametrize("query", LISTS, ids=lambda query: query.__name__)
def test_no_list_shows_another_customer_s_rows(shop: Office, query) -> None:  # type: ignore[no-untyped-def]
    with shop.facts.read() as conn:
        everything, mine = query(conn, ALL).items, query(conn, Scope.of(shop.tenant_id)).items
        assert len(mine) <= len(everything)
        assert query(conn, Scope.of("tnt_other")).items == ()
        assert query(conn, Scope.of()).items == ()


def test_no_row_is_found_by_another_customer(shop: Office) -> None:
    with shop.facts.read() as conn:
        rows = [
            (devices.device, devices.list_devices),
            (supplies.supply, supplies.list_supplies),
            (orders.order, orders.list_orders),
            (alerts.alert, alerts.list_alerts),
            (sites.site_row, sites.list_sites),
            (agent_store.agent, agent_store.list_agents),
        ]
        for one, many in rows:
            (found,) = many(conn, ALL).items  # type: ignore[operator]
            assert one(conn, Scope.of(shop.tenant_id), found.id) == found  # type: ignore[operator]
            assert one(conn, Scope.of("tnt_other"), found.id) is None  # type: ignore[operator]


@pytest.mark.parametrize("sort", ["title", "-title", "heard", "-pages", "address", "standing"])
def test_a_list_in_pieces_is_the_whole_list(shop: Office, sort: str) -> None:
    for number in range(23):
        who = reading(shop.clock.now(), key=f"k{number}").identity
        shop.say(
            reading(
                shop.clock.now(),
                key=f"k{number}",
                identity=replace(who, serial=f"SN77{number:03}", macs=(), address=None),
            )
        )
    with shop.facts.read() as conn:
        whole = [row.id for row in devices.list_devices(conn, ALL, sort=sort).items]
        pieces: list[str] = []
        cursor = None
        while True:
            page = devices.list_devices(conn, ALL, sort=sort, limit=5, cursor=cursor)
            pieces += [row.id for row in page.items]
            cursor = page.next
            if cursor is None:
                break
    assert pieces == whole
    assert len(set(whole)) == 24


@pytest.mark.parametrize("cursor", ["x", "", "bm9wZQ", "WyJ0aXRsZSIsIG51bGwsIG51bGxd", "e30", "WzFd"])
def test_a_cursor_from_elsewhere_is_refused(shop: Office, cursor: str) -> None:
    with shop.facts.read() as conn:
        if not cursor:
            return
        with pytest.raises(BadQuery):
            devices.list_devices(conn, ALL, cursor=cursor)


def test_an_unknown_sort_order_names_the_known(shop: Office) -> None:
    with shop.facts.read() as conn, pytest.raises(BadQuery, match="title"):
        devices.list_devices(conn, ALL, sort="colour")


def test_search_takes_signs_as_they_are(shop: Office) -> None:
    with shop.facts.read() as conn:
        found = [
            len(devices.list_devices(conn, ALL, devices.DeviceFilter(search=s)).items)
            for s in ("thing", "%", "l_s", "'")
        ]
    assert found == [1, 0, 0, 0]


def test_days_are_kept(shop: Office) -> None:
    with shop.facts.read() as conn:
        (row,) = devices.list_devices(conn, ALL).items
        (day,) = daily(conn, ALL, row.id, "printer_supply_level_ratio")
    assert (day.first, day.last, day.low, day.high, day.samples) == (0.14, 0.09, 0.09, 0.14, 4)


def test_a_backup_is_a_working_copy(shop: Office, tmp_path: Path) -> None:
    back_up(shop.facts, shop.samples, tmp_path / "copy")
    copy = Facts.at(tmp_path / "copy" / "facts.db")
    with copy.read() as conn:
        (row,) = devices.list_devices(conn, ALL).items
    assert Samples(tmp_path / "copy" / "samples.db").last(row.id) == shop.samples.last(row.id)
    with pytest.raises(BackupError, match="exists already"):
        back_up(shop.facts, shop.samples, tmp_path / "copy")


def seen(minute: float, value: float, device: str = "d", series: str = "s") -> Seen:
    return Seen(device_id=device, at=START + timedelta(minutes=minute), values={series: value})


def points(samples: Samples, since: datetime | None = None) -> list[tuple[float, float]]:
    lines = samples.history("d", "s", since)
    return [((p.at - START).total_seconds() / 60, p.value) for line in lines for p in line.points]


def test_only_changes_are_stored(tmp_path: Path) -> None:
    samples = Samples(tmp_path / "s.db")
    assert samples.write(seen(minute, value) for minute, value in enumerate([5, 5, 5, 6, 6, 5])) == 3
    assert points(samples) == [(0, 5), (3, 6), (5, 5)]
    (line,) = samples.history("d")
    assert line.last_at == START + timedelta(minutes=5)


def test_unchanged_differs_from_not_polled(tmp_path: Path) -> None:
    samples = Samples(tmp_path / "s.db")
    samples.write(seen(minute, 5) for minute in (0, 5, 10, 300, 305))
    ranges = [(h.start - START, h.until - START, h.polls) for h in samples.heard("d")]
    minutes = timedelta(minutes=1)
    assert ranges == [(0 * minutes, 10 * minutes, 3), (300 * minutes, 305 * minutes, 2)]
    samples.write([seen(20, 5), seen(40, 5), seen(60, 5)])
    assert [h.polls for h in samples.heard("d")] == [6, 2]


def test_a_late_value_is_put_in_its_place(tmp_path: Path) -> None:
    samples = Samples(tmp_path / "s.db")
    samples.write([seen(0, 5), seen(10, 7)])
    samples.write([seen(5, 6)])
    assert points(samples) == [(0, 5), (5, 6), (10, 7)]
    samples.write([seen(7, 7), seen(6, 6)])
    assert points(samples) == [(0, 5), (5, 6), (7, 7)]


def test_history_from_a_moment_begins_with_what_held_then(tmp_path: Path) -> None:
    samples = Samples(tmp_path / "s.db")
    samples.write([seen(0, 5), seen(3000, 7), seen(3010, 8)])
    assert points(samples, START + timedelta(minutes=1000)) == [(1000, 5), (3000, 7), (3010, 8)]
    assert points(samples, START + timedelta(minutes=3000)) == [(3000, 7), (3010, 8)]


def test_forgetting_keeps_what_still_holds(tmp_path: Path) -> None:
    samples = Samples(tmp_path / "s.db")
    samples.write([seen(0, 5), seen(60, 6), seen(3000, 7)])
    samples.forget_before(START + timedelta(days=1))
    assert points(samples) == [(60, 6), (3000, 7)]


polls = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 3)), max_size=25, unique_by=lambda poll: poll[0])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(polls, st.randoms(use_true_random=False))
def test_late_values_never_change_what_was_seen(tmp_path_factory: pytest.TempPathFactory, seen_at, order) -> None:  # type: ignore[no-untyped-def]
    """In whatever order polls arrive, every row holds what was seen at its time; the same polls once more fill in what
    a late one had left open, and nothing else."""
    samples = Samples(tmp_path_factory.mktemp("s") / "s.db")
    arriving = list(seen_at)
    order.shuffle(arriving)
    for minute, value in arriving:
        samples.write([seen(minute, value)])
    truth, line = dict(seen_at), points(samples)
    assert all(truth[at] == value for at, value in line)
    if truth:
        assert line[-1][1] == truth[max(truth)]
    inorder = sorted(seen_at)
    for minute, value in inorder:
        samples.write([seen(minute, value)])
    assert points(samples) == [(m, v) for i, (m, v) in enumerate(inorder) if i == 0 or inorder[i - 1][1] != v]


@given(st.lists(st.integers(0, 3), max_size=40))
@settings(max_examples=30, deadline=None)
def test_in_order_the_line_is_exactly_what_was_seen(
    tmp_path_factory: pytest.TempPathFactory, values: list[int]
) -> None:
    samples = Samples(tmp_path_factory.mktemp("s") / "s.db")
    samples.write(seen(minute, value) for minute, value in enumerate(values))
    changed = [(float(i), v) for i, v in enumerate(values) if i == 0 or values[i - 1] != v]
    assert points(samples) == changed


def test_a_day_is_found_by_its_key(tmp_path: Path) -> None:
    """One series over half a year must not read every other one."""
    samples = Samples(tmp_path / "s.db")
    samples.write([seen(0, 1)])
    conn = sqlite3.connect(tmp_path / "s.db")
    plan = conn.execute(
        "EXPLAIN QUERY PLAN SELECT ts FROM sample WHERE day >= 1 AND series = 1 AND ts > 5 ORDER BY day, ts"
    ).fetchall()
    conn.close()
    assert "PRIMARY KEY" in plan[0][3]
    assert "SEARCH" in plan[0][3]


def test_times_are_utc(shop: Office) -> None:
    with shop.facts.read() as conn:
        (row,) = devices.list_devices(conn, ALL).items
    assert row.first_seen_at.tzinfo is UTC


def test_what_was_received_before_digests_is_known_again(tmp_path: Path) -> None:
    facts = Facts.at(tmp_path / "facts.db")
    migrate(facts, "0003")
    with facts.write() as conn:
        site_id = sites.add_site(conn, sites.add_tenant(conn, "Acme", START), "Head office", START)
        token = agent_store.add_site_token(conn, site_id, START, START + timedelta(days=1))
        enrolled = agent_store.enrol(conn, token, "agent-1", "0.1.0", START)
        assert enrolled is not None
        at = START.replace(tzinfo=None).isoformat(" ")
        conn.execute(text("INSERT INTO batch VALUES (:agent, 's', 1, 5, 0, :at)"), {"agent": enrolled[0], "at": at})
        aside = "INSERT INTO rejected_reading VALUES (1, :agent, 's', 1, 2, 'why', '{}', :at)"
        conn.execute(text(aside), {"agent": enrolled[0], "at": at})
    migrate(facts)
    key = agent_store.BatchKey(agent_id=enrolled[0], spool="s", seq=1, digest="d" * 64)
    with facts.read() as conn:
        known = agent_store.received_batch(conn, key)
        assert agent_store.received_batch(conn, replace(key, seq=2)) is None
    assert known is not None
    assert (known.readings, [one.reason for one in known.rejected]) == (5, ["why"])
