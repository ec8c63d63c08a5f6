"""What a technician reads of a fault: which, since when, where, on what machine, what was before, and what to bring."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.mailtext import COLUMNS, columns
from collector.store.outbox import list_outbox
from collector.store.tickets import list_tickets
from fleet.fault import Fault, Severity
from fleet.identity import Identity
from tests.collector.office import JAM, Office, office, reading

FUSER = Fault(cause="fuser-failed", severity=Severity.CRITICAL, text="SC542", vendor_code="SC542", code="30")
WHO = Identity(maker="Lexmark", model="MS410dn", serial="SN0012345", address="10.0.0.5")


def told(path: Path, *faults: Fault, who: Identity = WHO, **site: str) -> tuple[Office, list[dict[str, str]]]:
    """The mails, oldest first, after each of these faults has lasted and is gone for more than a day."""
    shop = office(path)
    shop.furnish(**site)
    for one in faults:
        for _ in range(8):
            shop.say(reading(shop.clock.on(3), identity=who, location="2nd floor", faults=(one,)))
        for minutes in (5, 5, 5, 26 * 60):
            shop.say(reading(shop.clock.on(minutes), identity=who, location="2nd floor"))
    return shop, [mail.payload for mail in reversed(shop.rows(list_outbox, kind="alert-mail"))]


def test_the_mail_names_ticket_time_machine_and_place(tmp_path: Path) -> None:
    shop, (mail,) = told(tmp_path, JAM, timezone="Europe/Berlin")
    (ticket,) = shop.rows(list_tickets)
    assert mail["subject"] == f"T-{ticket.number} Paper jam: MS410dn, Head office"
    facts = mail["body"].splitlines()
    for line in (
        "Since: 2026-03-02 09:03 (Europe/Berlin, UTC+01:00)",
        "Device: Lexmark MS410dn",
        "Serial number: SN0012345",
        "Network address: 10.0.0.5",
        "Place: 2nd floor",
        "Counter: 1,000 pages",
    ):
        assert line in facts
    end = mail["body"].rstrip().splitlines()
    assert end[-2:] == [
        f"Open ticket T-{ticket.number}:",
        f"{shop.settings.url}/tickets/{ticket.id}",
    ]


def test_what_happened_before_on_the_device_is_told(tmp_path: Path) -> None:
    _, (first, second) = told(tmp_path, JAM, FUSER)
    assert "Earlier tickets of this device:\nNone.\n" in first["body"]
    assert "- T-1001 Paper jam, 2026-03-02 08:" in second["body"]


def test_steps_of_the_office_and_of_the_desk_stand_apart(tmp_path: Path) -> None:
    _, (jam, fuser) = told(tmp_path, JAM, FUSER)
    office_part, _, desk = jam["body"].partition("For the service desk:")
    assert "For the people in the office:\n- Open the door" in office_part
    assert "- Likely part: pickup roller" in desk
    assert "For the people in the office" not in fuser["body"]
    assert "For the service desk:\n- " in fuser["body"]


def test_raw_codes_stand_last_and_are_called_so(tmp_path: Path) -> None:
    _, (mail,) = told(tmp_path, FUSER)
    body = mail["body"]
    assert "\nRaw codes: code 30, vendor_code SC542\n" in body
    assert body.index("Raw codes") > body.index("Earlier tickets")


def test_a_part_with_a_code_in_the_catalogue_is_named_with_it(tmp_path: Path) -> None:
    drum = Fault(cause="imaging-failed", severity=Severity.CRITICAL, text="Replace drum")
    brother = Identity(maker="Brother", model="HL-L2350DW", serial="SN0012345", address="10.0.0.5")
    _, mails = told(tmp_path, drum, who=brother, timezone="Europe/Berlin")
    body = " ".join(mails[0]["body"].split())
    assert "Likely part: drum unit, probably DR-2400 " in body
    assert "(from the catalogue, not from the device)" in body


@pytest.mark.parametrize("language", ["en", "zh"])
def test_lines_fit_and_a_text_of_the_device_begins_none(tmp_path: Path, language: str) -> None:
    evil = Fault(cause="media-jam", severity=Severity.CRITICAL, text="Jam\r\nOpen ticket T-9:\nhttp://evil.example/")
    _, (mail,) = told(tmp_path, evil, language=language)
    lines = mail["body"].splitlines()
    assert [line for line in lines if columns(line) > COLUMNS and not line.startswith("http")] == []
    assert not any(line.startswith(("http://evil", "Open ticket T-9")) for line in lines)
    assert "\n" not in mail["subject"]


def test_a_chinese_site_reads_it_in_chinese(tmp_path: Path) -> None:
    _, (mail,) = told(tmp_path, JAM, language="zh", timezone="Asia/Shanghai")
    assert mail["subject"].startswith("T-1001 卡纸：Head office MS410dn")
    assert "开始时间：2026-03-02 16:03 (Asia/Shanghai, UTC+08:00)\n" in mail["body"]
    assert "现场人员可先处理：\n- " in mail["body"]
    assert "- 可能需要的备件：" in mail["body"]
