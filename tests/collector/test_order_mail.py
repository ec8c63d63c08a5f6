"""What a vendor reads in an order: how urgent, what, where to, from which machine, and whom to answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from alerts.channels.channel import Message
from alerts.channels.email import written
from collector.mailtext import COLUMNS, columns
from collector.settings import MailSettings
from collector.store.orders import OrderFilter, list_orders
from collector.store.outbox import list_outbox
from collector.store.tickets import TicketFilter, list_tickets
from fleet.identity import Identity
from fleet.supply import Empty, Exact, Level, LowOnly, Quantised, SupplyReading
from tests.collector.office import JAM, Office, office, reading, toner

WHO = Identity(maker="Epson", model="WF-C5790", serial="X3B0012345", address="10.0.0.5")


def ordered(path: Path, supply: SupplyReading, who: Identity = WHO, **site: Any) -> tuple[Office, dict[str, str]]:
    shop = office(path)
    shop.settings = replace(shop.settings, mail=MailSettings(sender="p@dealer.example", reply_to="desk@dealer.example"))
    shop.bench = replace(shop.bench, settings=shop.settings)
    shop.furnish(**site)
    for _ in range(4):
        shop.say(reading(shop.clock.on(5), identity=who, supplies=(supply,)))
    (mail,) = shop.rows(list_outbox, kind="order-mail")
    return shop, mail.payload


def flat(body: str) -> str:
    return " ".join(body.split())


def test_street_and_town_stand_in_the_mail(tmp_path: Path) -> None:
    _, mail = ordered(tmp_path, toner(Exact(percent=5)), address="Kai 1\n20457 Hamburg; Jo Doe, +49 40 66969 000")
    assert "Deliver to: Head office; Kai 1 20457 Hamburg; Jo Doe, +49 40 66969 000" in flat(mail["body"])


@pytest.mark.parametrize(
    ("language", "said"), [("en", "street and town are missing: ask desk@dealer.example"), ("zh", "缺少街道和城市")]
)
def test_a_missing_address_is_said_with_the_way_out(tmp_path: Path, language: str, said: str) -> None:
    _, mail = ordered(tmp_path, toner(Exact(percent=5)), language=language)
    assert said in flat(mail["body"])


@pytest.mark.parametrize(
    ("level", "said"),
    [
        (Empty(), "used up"),
        (Exact(percent=5), "low, 5% left"),
        (Quantised(percent=10, step=10), "low, 10–20% left"),
        (LowOnly(), "low, amount not reported"),
    ],
)
def test_subject_and_first_line_say_how_urgent_it_is(tmp_path: Path, level: Level, said: str) -> None:
    _, mail = ordered(tmp_path, toner(level))
    assert f"Order O-1001 ({said}): 1 x Black toner" in mail["subject"]
    assert mail["body"].splitlines()[0] == f"{said.capitalize()}: Black toner at Acme, Head office."
    assert "needed by" not in mail["body"].lower()


def test_the_maker_is_named_once_and_with_the_serial_number(tmp_path: Path) -> None:
    _, mail = ordered(tmp_path, toner(Exact(percent=5)))
    assert "Device: Epson WF-C5790\nSerial number of the device: X3B0012345\n" in mail["body"]
    brother = replace(WHO, maker="Brother", model="Brother HL-L2350DW")
    _, mail = ordered(tmp_path / "b", toner(Exact(percent=5)), brother)
    assert "Device: Brother HL-L2350DW\n" in mail["body"]


def test_of_a_code_per_region_the_sites_own_is_offered(tmp_path: Path) -> None:
    brother = replace(WHO, maker="Brother", model="HL-L2350DW")
    _, mail = ordered(tmp_path, toner(Exact(percent=5)), brother, timezone="Europe/Berlin")
    assert "Part number: not reported; one of TN-2410, TN-2420 (from the catalogue" in flat(mail["body"])


def test_a_device_s_own_text_is_not_the_item_nor_the_old_serial_a_part_of_it(tmp_path: Path) -> None:
    raw = "Magenta Toner Cartridge, PN 106R03503;SN432B71DD"
    said = toner(
        Exact(percent=5), color="magenta", description=raw, part_number="106R03503", cartridge_serial="432B71DD"
    )
    _, mail = ordered(tmp_path, said)
    assert "Item: Magenta toner\nPart number: 106R03503\n" in mail["body"]
    assert "Cartridge in the machine now: S/N 432B71DD (not to be ordered)" in mail["body"]
    assert mail["body"].count("432B71DD") == 1
    assert "432B71DD" not in mail["subject"]


def test_the_vendor_is_told_whom_to_answer_and_the_mail_says_so_too(tmp_path: Path) -> None:
    _, mail = ordered(tmp_path, toner(Exact(percent=5)))
    assert "Answer to desk@dealer.example and name O-1001" in flat(mail["body"])
    fields = {name: mail[name] for name in ("sender", "to", "subject", "body", "reply_to")}
    sent = written(Message(key="order/1", **fields), "Mon, 02 Mar 2026 08:00:00 +0000")
    assert b"Reply-To: desk@dealer.example\r\n" in sent


def test_times_carry_the_zone_of_the_site(tmp_path: Path) -> None:
    _, mail = ordered(tmp_path, toner(Exact(percent=5)), timezone="Europe/Berlin")
    assert "Date: 2026-03-02 09:10 (Europe/Berlin, UTC+01:00)\n" in mail["body"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_lines_fit_and_no_text_of_a_device_begins_one(tmp_path: Path, language: str) -> None:
    who = replace(WHO, model="WF\r\nPart number: EVIL-1")
    _, mail = ordered(tmp_path, toner(Exact(percent=5)), who, language=language, address="Kai 1\nOrder: O-9")
    link = max(mail["body"].splitlines(), key=lambda line: line.startswith("http"))
    assert [line for line in mail["body"].splitlines() if columns(line) > COLUMNS] in ([], [link])
    assert not any(line.startswith(("Part number: EVIL", "Order: O-9")) for line in mail["body"].splitlines())


def test_a_chinese_mail_is_chinese_throughout(tmp_path: Path) -> None:
    _, mail = ordered(tmp_path, toner(Exact(percent=5)), language="zh")
    assert "品名：黑色碳粉\n" in mail["body"]
    assert "原因：剩余 5%，订购点 15%\n" in mail["body"]


@pytest.mark.parametrize("typed", ["O-1001", "o-1001", "1001", "#1001"])
def test_an_order_is_found_by_its_number_as_written(tmp_path: Path, typed: str) -> None:
    shop, _ = ordered(tmp_path, toner(Exact(percent=5)))
    assert [row.number for row in shop.rows(list_orders, OrderFilter(search=typed))] == [1001]
    assert shop.rows(list_orders, OrderFilter(search="T-1001")) == ()


@pytest.mark.parametrize(("typed", "found"), [("T-1001", 1), ("1001", 1), ("O-1001", 0)])
def test_a_ticket_is_found_by_its_number_as_written(tmp_path: Path, typed: str, found: int) -> None:
    shop = office(tmp_path)
    shop.furnish()
    for _ in range(6):
        shop.say(reading(shop.clock.on(3), faults=(JAM,)))
    assert len(shop.rows(list_tickets, TicketFilter(search=typed))) == found
