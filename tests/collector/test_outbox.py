"""What must leave the house leaves it once, or a person is told."""

from __future__ import annotations

import asyncio
import email
import email.policy
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from alerts.channels.channel import Message
from alerts.channels.email import Email, MailServer, written
from collector.delivery import Delivery
from collector.store import outbox
from collector.store.db import Facts
from collector.store.migrations import migrate
from fleet.errors import DeliveryError
from tests.collector.office import ALL, START, HandClock

LEASE = timedelta(minutes=2)


class Sink:
    """A mail server that answers as told and keeps what it took."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.rcpt = "250 fine"
        self.data = "250 taken"
        self.mute = False

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.data.startswith("250"):
            self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        if self.mute:
            server.transport.abort()
        return self.data


@pytest.fixture
def facts(tmp_path: Path) -> Iterator[Facts]:
    made = Facts.at(tmp_path / "facts.db")
    migrate(made)
    yield made
    made.close()


@pytest.fixture
def sink() -> Sink:
    return Sink()


@asynccontextmanager
async def delivering(facts: Facts, sink: Sink, clock: HandClock) -> AsyncIterator[Delivery]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, loop=loop, enable_SMTPUTF8=True), "127.0.0.1", 0)
    try:
        where = MailServer(host="127.0.0.1", port=server.sockets[0].getsockname()[1], timeout_seconds=5)
        yield Delivery(facts, Email(where, clock), clock)
    finally:
        server.close()


async def put(facts: Facts, key: str = "order/1", to: str = "vendor@supplies.example") -> None:
    payload = {"sender": "pw@dealer.example", "to": to, "subject": "Order 1001 订单", "body": "Hello,\n\n碳粉\n.\n"}
    await facts.change(outbox.enqueue, "order-mail", key, payload, START, None)


async def states(facts: Facts) -> list[tuple[str, int]]:
    return [(row.state, row.attempts) for row in (await facts.ask(outbox.list_outbox, ALL)).items]


async def test_a_mail_arrives_once_and_is_marked_sent(facts: Facts, sink: Sink) -> None:
    await put(facts)
    await put(facts)
    async with delivering(facts, sink, HandClock()) as delivery:
        assert await delivery.drain() == 1
        assert await delivery.drain() == 0
    (mail,) = sink.taken
    assert mail["Subject"] == "Order 1001 订单"
    assert mail["To"] == "vendor@supplies.example"
    assert mail["Message-ID"].endswith("@dealer.example>")
    assert "碳粉" in mail.get_content()
    assert await states(facts) == [("sent", 1)]


async def test_a_message_nobody_was_ready_for_holds_up_no_other(facts: Facts, sink: Sink) -> None:
    await facts.change(outbox.enqueue, "order-mail", "order/0", {"to": "half@a.message"}, START, None)
    await put(facts, "order/1", to=",.:")
    await put(facts, "order/2")
    async with delivering(facts, sink, HandClock(START + timedelta(seconds=1))) as delivery:
        assert await delivery.drain() == 3
    assert len(sink.taken) == 1
    assert sorted(state for state, _ in await states(facts)) == ["failed", "failed", "sent"]


@pytest.mark.parametrize("address", [",.:", "a@b\nBcc: everybody@c", "half\ud800@a.pair"])
def test_an_address_that_is_none_is_refused_and_never_tried_again(address: str) -> None:
    message = Message(key="k", sender="pw@dealer.example", to=address, subject="s", body="b")
    with pytest.raises(DeliveryError) as refused:
        written(message, "Mon, 02 Mar 2026 08:00:00 +0000")
    assert not refused.value.retryable


@pytest.mark.parametrize("answer", ["451 later", "421 busy"])
async def test_later_is_tried_again_with_growing_waits(facts: Facts, sink: Sink, answer: str) -> None:
    clock = HandClock()
    sink.rcpt = answer
    await put(facts)
    async with delivering(facts, sink, clock) as delivery:
        await delivery.drain()
        assert await states(facts) == [("waiting", 1)]
        assert await delivery.drain() == 0
        clock.on(0.6)
        assert await delivery.drain() == 1
        clock.on(0.6)
        assert await delivery.drain() == 0
        sink.rcpt = "250 fine"
        clock.on(1)
        await delivery.drain()
    assert await states(facts) == [("sent", 3)]
    assert len(sink.taken) == 1


async def test_never_is_failed_with_the_server_s_words(facts: Facts, sink: Sink) -> None:
    sink.rcpt = "550 no such vendor"
    await put(facts)
    async with delivering(facts, sink, HandClock()) as delivery:
        await delivery.drain()
    (row,) = (await facts.ask(outbox.list_outbox, ALL)).items
    assert row.state == "failed"
    assert "no such vendor" in (row.error or "")


async def test_a_refusal_of_the_content_is_no_doubt(facts: Facts, sink: Sink) -> None:
    sink.data = "452 disk full"
    await put(facts)
    async with delivering(facts, sink, HandClock()) as delivery:
        await delivery.drain()
    assert await states(facts) == [("waiting", 1)]


async def test_silence_after_handing_over_is_unsure_and_never_doubled(facts: Facts, sink: Sink) -> None:
    clock = HandClock()
    sink.mute = True
    await put(facts)
    async with delivering(facts, sink, clock) as delivery:
        await delivery.drain()
        assert await states(facts) == [("unsure", 1)]
        sink.mute = False
        for _ in range(5):
            clock.on(120)
            await delivery.drain()
        assert len(sink.taken) == 1
        (row,) = (await facts.ask(outbox.list_outbox, ALL)).items
        word = {"send_again": True, "seen_attempts": 1, "now": clock.now(), "actor": "me"}
        assert await facts.change(outbox.resolve, ALL, row.id, **word)
        assert not await facts.change(outbox.resolve, ALL, row.id, **word)
        await delivery.drain()
    assert await states(facts) == [("sent", 2)]
    assert sink.taken[0]["Message-ID"] == sink.taken[1]["Message-ID"]


async def test_no_server_means_later(facts: Facts) -> None:
    await put(facts)
    nobody = Email(MailServer(host="127.0.0.1", port=1, timeout_seconds=2), HandClock())
    await Delivery(facts, nobody, HandClock()).drain()
    assert await states(facts) == [("waiting", 1)]


async def test_two_collectors_send_each_mail_once(facts: Facts, sink: Sink) -> None:
    for number in range(30):
        await put(facts, f"order/{number}")
    clock = HandClock()
    async with delivering(facts, sink, clock) as first:
        second = Delivery(facts, first.channel, clock)
        await asyncio.gather(first.drain(), second.drain(), first.drain(), second.drain())
    keys = [mail["Message-ID"] for mail in sink.taken]
    assert len(keys) == len(set(keys)) == 30


async def test_a_lost_claim_is_not_sent(facts: Facts, sink: Sink) -> None:
    """This sender was slow: its lease ended, and another one has the message."""
    clock = HandClock()
    await put(facts)
    async with delivering(facts, sink, clock) as delivery:
        (row,) = await facts.change(outbox.claim, delivery.worker, clock.now(), LEASE, 10)
        clock.on(3)
        assert await facts.change(outbox.claim, "somebody else", clock.now(), LEASE, 10)
        await delivery._send(row)
    assert sink.taken == []


@pytest.mark.parametrize("field", ["subject", "to", "sender"])
def test_a_line_break_never_makes_a_header(field: str) -> None:
    values = {"key": "k", "sender": "a@b.example", "to": "c@d.example", "subject": "hi", "body": "text"}
    values[field] += "\r\nBcc: everyone@example.org"
    with pytest.raises(DeliveryError) as caught:
        written(Message(**values), "Mon, 02 Mar 2026 08:00:00 +0000")
    assert not caught.value.retryable


KILLED = """
import asyncio, os, sys
from pathlib import Path
from alerts.channels.email import Email, MailServer
from collector.delivery import Delivery
from collector.store.db import Facts
from tests.collector.office import HandClock

class Dying(Email):
    async def _hand_over(self, session, content):
        if sys.argv[3] == "before":
            os._exit(9)
        await super()._hand_over(session, content)
        os._exit(9)

    async def send(self, message, handing_over):
        if sys.argv[3] == "claimed":
            os._exit(9)
        await super().send(message, handing_over)

facts = Facts.at(Path(sys.argv[1]))
channel = Dying(MailServer(host="127.0.0.1", port=int(sys.argv[2])), HandClock())
asyncio.run(Delivery(facts, channel, HandClock()).drain())
"""


@pytest.mark.parametrize(
    ("moment", "arrived", "state"), [("claimed", 1, "sent"), ("before", 0, "unsure"), ("after", 1, "unsure")]
)
async def test_killed_at_any_moment_nothing_is_doubled(
    facts: Facts, sink: Sink, moment: str, arrived: int, state: str
) -> None:
    clock = HandClock()
    await put(facts)
    async with delivering(facts, sink, clock) as delivery:
        port = str(delivery.channel.server.port)  # type: ignore[attr-defined]
        command = [sys.executable, "-c", KILLED, str(facts.url.database), port, moment]
        ended = await asyncio.to_thread(subprocess.run, command, capture_output=True, timeout=60)
        assert ended.returncode == 9, ended.stderr
        for _ in range(4):
            clock.on(3)
            await delivery.drain()
    assert len(sink.taken) == arrived
    assert [row[0] for row in await states(facts)] == [state]
