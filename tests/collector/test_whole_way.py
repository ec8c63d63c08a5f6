"""From a batch on a socket to a mail on another, with the collector's own loops in between."""

from __future__ import annotations

import asyncio
import email
import email.policy
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from aiosmtpd.smtp import SMTP

from collector.app import open_stores
from collector.keys import FACTS
from collector.serve import serving
from collector.settings import CollectorSettings, MailSettings, RuleSettings, SmtpSettings
from collector.store.agents import add_site_token
from collector.store.orders import list_orders
from collector.store.outbox import list_outbox
from collector.store.sites import add_site, add_tenant
from collector.store.tickets import list_tickets
from fleet.kit.clock import SystemClock
from fleet.kit.wire import to_plain
from fleet.supply import Exact
from tests.collector.office import ALL, JAM, reading, toner


class Sink:
    def __init__(self) -> None:
        self.taken: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 taken"


def furnished(settings: CollectorSettings) -> str:
    facts, _ = open_stores(settings)
    now = SystemClock().now()
    with facts.write() as conn:
        mail = {"toner_mail": "vendor@supplies.example", "alert_mail": "it@acme.example"}
        site_id = add_site(conn, add_tenant(conn, "Acme", now), "Head office", now, **mail)
        token = add_site_token(conn, site_id, now, now + timedelta(hours=1))
    facts.close()
    return token


async def test_a_low_cartridge_and_a_jam_become_two_mails(tmp_path: Path) -> None:
    sink, loop = Sink(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, loop=loop), "127.0.0.1", 0)
    settings = CollectorSettings(
        data_dir=tmp_path / "data",
        listen="127.0.0.1:0",
        smtp=SmtpSettings(host="127.0.0.1", port=server.sockets[0].getsockname()[1]),
        mail=MailSettings(sender="pagewarden@dealer.example"),
        rules=RuleSettings(hold_factor=0.0),
    )
    token = await asyncio.to_thread(furnished, settings)
    async with serving(settings) as at, ClientSession(at.url) as session:
        async with session.post("/agent/v1/enrol", json={"token": token, "name": "a", "version": "1"}) as answer:
            key = (await answer.json())["agent_key"]
        now = SystemClock().now()
        said = replace(reading(now), supplies=(toner(Exact(percent=4)),), faults=(JAM,))
        body = {"spool": "s", "seq": 1, "sent_at": now.isoformat(), "status": {}, "readings": [to_plain(said)]}
        headers = {"Authorization": f"Bearer {key}"}
        for _ in range(3):
            async with session.post("/agent/v1/batches", json=body, headers=headers) as answer:
                assert answer.status == 200, await answer.text()
        facts = at.app[FACTS]
        async with asyncio.timeout(30):
            while {row.state for row in (await facts.ask(list_outbox, ALL)).items} != {"sent"}:
                await asyncio.sleep(0.05)
        assert len((await facts.ask(list_orders, ALL)).items) == 1
        assert len((await facts.ask(list_tickets, ALL)).items) == 1
    server.close()
    assert sorted(mail["To"] for mail in sink.taken) == ["it@acme.example", "vendor@supplies.example"]
