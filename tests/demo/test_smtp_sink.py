"""The mail server of the demo keeps every mail as a file."""

from __future__ import annotations

import asyncio
import email
import smtplib
from email.message import EmailMessage
from pathlib import Path

import pytest

from pagewarden.demo.smtp_sink import listening


def message(subject: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "pagewarden@example.com", "toner@example.com", subject
    made.set_content("一盒黑色碳粉\n.\nend")
    return made


async def send(port: int, *subjects: str) -> None:
    def sending() -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=5) as link:
            for subject in subjects:
                link.send_message(message(subject))

    await asyncio.to_thread(sending)


async def test_each_mail_is_one_whole_file(tmp_path: Path) -> None:
    async with listening(tmp_path / "mail") as port:
        await asyncio.gather(*(send(port, f"one {n}", f"two {n}") for n in range(5)))
    files = list((tmp_path / "mail").iterdir())
    kept = [email.message_from_bytes(file.read_bytes()) for file in files]
    assert all(file.suffix == ".eml" for file in files)
    assert sorted(mail["Subject"] for mail in kept) == sorted(f"{w} {n}" for n in range(5) for w in ("one", "two"))
    body = kept[0].get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode().splitlines() == ["一盒黑色碳粉", ".", "end"]


async def test_a_mail_that_cannot_be_kept_is_not_taken(tmp_path: Path) -> None:
    async with listening(tmp_path / "mail") as port:
        (tmp_path / "mail").rmdir()
        with pytest.raises(smtplib.SMTPResponseException, match="could not be kept"):
            await send(port, "lost")
