"""A cartridge that runs out makes one order and one mail, whatever the level does meanwhile."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from collector.store.alerts import list_alerts
from collector.store.orders import list_orders, move_order, order_moves
from collector.store.outbox import list_outbox
from collector.store.supplies import list_supplies
from fleet.fault import Condition
from fleet.order import OrderState
from fleet.supply import Exact, Level, LowOnly, SomeLeft, Unknown
from tests.collector.office import ALL, Office, office, reading, toner


@pytest.fixture
def shop(tmp_path: Path) -> Office:
    made = office(tmp_path)
    made.furnish()
    return made


def levels(shop: Office, *seen: Level, every: float = 5) -> None:
    for level in seen:
        shop.say(reading(shop.clock.on(every), supplies=(toner(level, part_number="AT-4000K"),)))


def exact(*percents: float) -> list[Level]:
    return [Exact(percent=percent) for percent in percents]


def test_an_empty_cartridge_becomes_one_order_and_one_mail(shop: Office) -> None:
    levels(shop, *exact(40, 20, 14, 13, 12, 4, 3, 2, 1))
    (order,) = shop.rows(list_orders)
    assert (order.state, order.part_number, order.vendor_mail) == (
        OrderState.PLACED,
        "AT-4000K",
        "vendor@supplies.example",
    )
    assert order.reason == "13% left; order point 15%"
    with shop.facts.read() as conn:
        moves = order_moves(conn, ALL, order.id)
    assert [(move.before, move.after, move.actor) for move in moves] == [
        ("suggested", "approved", "Pagewarden"),
        ("approved", "placed", "Pagewarden"),
    ]
    (mail,) = shop.rows(list_outbox, kind="order-mail")
    assert mail.key == f"order/{order.id}"
    for fact in ("AT-4000K", "LaserThing 4000", "SN0012345", "Head office", str(order.number), "13% left"):
        assert fact in mail.payload["body"]
    assert mail.payload["subject"] == (
        f"Order O-{order.number} (low, 13% left): 1 x Black toner AT-4000K for Acme, Head office"
    )


def test_a_bouncing_level_orders_once(shop: Office) -> None:
    bounce = random.Random(3)
    levels(shop, *exact(*(min(100, max(0, 14 + bounce.uniform(-6, 12))) for _ in range(150))), every=20)
    assert len(shop.rows(list_orders)) == 1
    assert len(shop.rows(list_outbox, kind="order-mail")) == 1


def test_a_new_cartridge_installs_the_order_and_may_order_again(shop: Office) -> None:
    levels(shop, *exact(14, 13, 12, 5, 100, 100, 100, 100))
    (first,) = shop.rows(list_orders)
    assert first.state is OrderState.INSTALLED
    assert shop.rows(list_supplies)[0].episode == 2
    levels(shop, *exact(60, 30, 14, 13, 12, 11), every=30)
    orders = shop.rows(list_orders, sort="created")
    assert [order.state for order in orders] == [OrderState.INSTALLED, OrderState.PLACED]
    assert orders[0].number + 1 == orders[1].number
    assert len(shop.rows(list_outbox, kind="order-mail")) == 2


def serials(shop: Office, *seen: tuple[str, float], every: float = 5) -> None:
    for serial, percent in seen:
        said = toner(Exact(percent=percent), part_number="AT-4000K", cartridge_serial=serial)
        shop.say(reading(shop.clock.on(every), supplies=(said,)))


def test_a_used_cartridge_does_not_pass_for_the_one_ordered(shop: Office) -> None:
    serials(shop, ("A", 14), ("A", 12), ("A", 11), ("B", 9))
    (order,) = shop.rows(list_orders)
    assert order.state is OrderState.PLACED
    with shop.facts.read() as conn:
        last = order_moves(conn, ALL, order.id)[-1]
    assert last.is_note
    assert "low itself" in last.reason
    serials(shop, *[("B", 8.0)] * 30)
    assert len(shop.rows(list_orders)) == len(shop.rows(list_outbox, kind="order-mail")) == 1
    serials(shop, ("C", 100), ("C", 100))
    assert [one.state for one in shop.rows(list_orders)] == [OrderState.INSTALLED]


def test_a_used_cartridge_is_ordered_for_where_nothing_is_on_its_way(shop: Office) -> None:
    serials(shop, ("A", 14), ("A", 12), ("A", 11))
    (first,) = shop.rows(list_orders)
    with shop.facts.write() as conn:
        move_order(conn, ALL, first.id, OrderState.CANCELLED, at=shop.clock.now(), actor="boss", reason="no more")
    serials(shop, *[("A", 10.0)] * 30)
    assert len(shop.rows(list_orders)) == 1
    serials(shop, *[("B", 9.0)] * 30)
    assert {one.state for one in shop.rows(list_orders)} == {OrderState.CANCELLED, OrderState.PLACED}
    assert shop.rows(list_supplies)[0].episode == 2
    assert {one.cause_key.rpartition("/")[2] for one in shop.rows(list_orders)} == {"1", "2"}


def test_an_old_level_shown_with_a_new_serial_is_set_right(shop: Office) -> None:
    serials(shop, ("A", 14), ("A", 12), ("B", 12), *[("B", 100.0)] * 20)
    assert [one.state for one in shop.rows(list_orders)] == [OrderState.INSTALLED]


def test_some_left_and_unknown_never_order(shop: Office) -> None:
    levels(shop, SomeLeft(), Unknown(), SomeLeft(), Unknown(), SomeLeft(), Unknown())
    assert shop.rows(list_orders) == ()


def test_low_without_a_number_orders(shop: Office) -> None:
    levels(shop, SomeLeft(), LowOnly(), LowOnly(), LowOnly())
    (order,) = shop.rows(list_orders)
    assert order.reason == "the device says that it is low"


def test_low_by_the_device_s_condition_orders_and_ends_with_the_cartridge(shop: Office) -> None:
    for conditions in [(Condition.LOW_TONER,)] * 4 + [()] * 4:
        said = reading(shop.clock.on(5), supplies=(toner(SomeLeft()),), conditions=conditions)
        shop.say(said)
    (order,) = shop.rows(list_orders)
    assert order.state is OrderState.INSTALLED
    (alert,) = shop.rows(list_alerts)
    assert alert.state == "cleared"


def test_a_single_nought_orders_nothing(shop: Office) -> None:
    levels(shop, *exact(60, 60, 0, 60, 60, 60))
    assert shop.rows(list_orders) == ()


def test_without_an_address_the_order_is_held_and_says_why(tmp_path: Path) -> None:
    shop = office(tmp_path)
    shop.furnish(toner_mail=None)
    levels(shop, *exact(10, 9, 8))
    (order,) = shop.rows(list_orders)
    assert order.state is OrderState.HELD
    with shop.facts.read() as conn:
        assert "no toner mail address" in order_moves(conn, ALL, order.id)[-1].reason
    assert shop.rows(list_outbox) == ()


def test_a_chinese_site_gets_a_chinese_mail(tmp_path: Path) -> None:
    shop = office(tmp_path)
    shop.furnish(language="zh", timezone="Asia/Shanghai")
    levels(shop, *exact(10, 9, 8))
    (mail,) = shop.rows(list_outbox)
    assert mail.payload["subject"].startswith("订单 O-1001（余量不足，剩余 9%）：")
    assert "现订购以下耗材" in mail.payload["body"]
    assert "2026-03-02 16:" in mail.payload["body"]


def test_a_line_break_of_a_device_stays_out_of_the_subject(shop: Office) -> None:
    evil = "Toner\r\nBcc: everyone@example.org"
    for percent in (10, 9, 8):
        said = reading(shop.clock.on(5), supplies=(toner(Exact(percent=percent), description=evil, part_number=None),))
        shop.say(said)
    (mail,) = shop.rows(list_outbox)
    assert "\n" not in mail.payload["subject"]
    assert "\r" not in mail.payload["subject"]


def test_a_restarted_collector_orders_nothing_again(shop: Office, tmp_path: Path) -> None:
    levels(shop, *exact(14, 13, 12))
    again = office(tmp_path)
    again.clock = shop.clock
    again.agent_id, again.seq = shop.agent_id, shop.seq
    for _ in range(10):
        again.say(reading(again.clock.on(45), supplies=(toner(Exact(percent=11)),)))
    assert len(again.rows(list_orders)) == 1
    assert len(again.rows(list_outbox, kind="order-mail")) == 1
