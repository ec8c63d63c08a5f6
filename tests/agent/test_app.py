"""The whole agent in one process: small office, real spool, real HTTP collector."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from agent.app import Agent
from agent.probes.probe import SnmpCredential
from agent.settings import AgentSettings, NetworkSettings, RoundsSettings
from fleet.errors import SettingsError
from fleet.kit.config import Secret
from fleet.kit.wire import from_plain
from fleet.reading import Reading
from tests.agent.office import PLACE, Office, OfficeProbe, normalise

QUICK = RoundsSettings(
    status_seconds=0.05, full_seconds=0.2, discovery_seconds=0.2, backoff_cap_seconds=0.1, deadline_seconds=2
)


class OfficeSweeper:
    """Hears whoever is in the office."""

    def __init__(self, office: Office) -> None:
        self.office, self.asked = office, set[str]()

    async def sweep(
        self,
        addresses: Sequence[str],
        credentials: Sequence[SnmpCredential],
        *,
        port: int,
        rate: float,
        heard: Callable[[str], None],
    ) -> None:
        self.asked.update(addresses)
        for address in addresses:
            if address in self.office.at:
                heard(address)


class Collector:
    """Takes every batch once; `down` while it is to answer 503."""

    def __init__(self) -> None:
        self.down = False
        self.url = ""
        self.bodies: list[dict[str, Any]] = []
        self.readings: list[Reading] = []
        self._seen: set[tuple[str, int]] = set()
        self._news = asyncio.Condition()

    async def post(self, request: web.Request) -> web.Response:
        body = json.loads(gzip.decompress(raw) if (raw := await request.read())[:2] == b"\x1f\x8b" else raw)
        if self.down:
            return web.json_response({"detail": "later"}, status=503, headers={"Retry-After": "0"})
        repeated = (body["spool"], body["seq"]) in self._seen
        self._seen.add((body["spool"], body["seq"]))
        self.bodies.append(body)
        if not repeated:
            self.readings += [from_plain(row, Reading) for row in body["readings"]]
        async with self._news:
            self._news.notify_all()
        answer = {"seq": body["seq"], "accepted": len(body["readings"]), "repeated": repeated, "rejected": []}
        return web.json_response(answer)

    async def until(self, reached: Callable[[], bool]) -> None:
        async with asyncio.timeout(20), self._news:
            await self._news.wait_for(reached)

    def of(self, serial: str) -> list[Reading]:
        return [reading for reading in self.readings if reading.identity.serial == serial]


@pytest.fixture
async def collector() -> AsyncIterator[Collector]:
    collector = Collector()
    app = web.Application()
    app.router.add_post("/agent/v1/batches", collector.post)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    collector.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield collector
    await runner.cleanup()


def settings(folder: Path, collector: Collector | None) -> AgentSettings:
    network = NetworkSettings(
        cidr=f"{PLACE}.0/28", allow_loopback=True, mdns=False, ipp_ports=(), escl_ports=(), pjlink_port=0
    )
    return AgentSettings(
        collector_url=collector.url if collector else "",
        agent_key=Secret("k") if collector else Secret(""),
        state_dir=folder,
        networks=(network,),
        rounds=QUICK,
        heartbeat_seconds=0.1,
        linger_seconds=0.0,
    )


@contextlib.asynccontextmanager
async def running(folder: Path, office: Office, collector: Collector | None) -> AsyncIterator[Agent]:
    agent = await asyncio.to_thread(
        Agent,
        settings(folder, collector),
        probes={"snmp": OfficeProbe(office)},
        normalise=normalise,
        sweeper=OfficeSweeper(office),
    )
    task = asyncio.create_task(agent.run())
    try:
        yield agent
        assert not task.done(), task.exception()
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_from_the_sweep_to_the_collector(tmp_path: Path, collector: Collector) -> None:
    office = Office()
    for number in range(1, 6):
        office.box(f"{PLACE}.{number}", f"AB1234{number}")
    async with running(tmp_path, office, collector) as agent:
        await collector.until(lambda: len({r.key for r in collector.readings if r.reachable}) == 5)
        await collector.until(lambda: any(body["status"]["devices"] == 5 for body in collector.bodies))
    assert {row["serial"] for row in agent.discovered} == {f"AB1234{number}" for number in range(1, 6)}
    status = collector.bodies[-1]["status"]
    assert status["networks"] == [f"{PLACE}.0/28"]
    assert isinstance(status["spooled"], int)


async def test_nothing_is_asked_outside_the_network(tmp_path: Path, collector: Collector) -> None:
    office = Office()
    office.box(f"{PLACE}.1", "AB12345")
    office.box(f"{PLACE}.77", "OUTSIDE1")
    async with running(tmp_path, office, collector):
        await collector.until(lambda: len(collector.of("AB12345")) >= 2)
    assert {address for address, _ in office.asked} == {f"{PLACE}.1"}


async def test_a_device_that_breaks_its_probe_does_not_stop_the_others(tmp_path: Path, collector: Collector) -> None:
    office = Office()
    bad = office.box(f"{PLACE}.1", "BAD1234")
    office.box(f"{PLACE}.2", "GOOD123")
    async with running(tmp_path, office, collector):
        await collector.until(lambda: bool(collector.of("BAD1234")) and bool(collector.of("GOOD123")))
        bad.error = RuntimeError("a bug in a probe")
        await collector.until(lambda: any(not reading.reachable for reading in collector.readings))
        before = len(collector.of("GOOD123"))
        await collector.until(lambda: len(collector.of("GOOD123")) > before + 3)
        bad.error = None
        await collector.until(lambda: collector.of("BAD1234")[-1].reachable)


async def test_readings_of_a_time_without_collector_arrive_in_order(tmp_path: Path, collector: Collector) -> None:
    office, collector.down = Office(), True
    office.box(f"{PLACE}.1", "AB12345")
    async with running(tmp_path, office, collector) as agent:
        async with asyncio.timeout(20):
            while (await agent.spool.counts()).waiting < 6:
                await asyncio.sleep(0.01)
    collector.down = False
    async with running(tmp_path, office, collector):
        await collector.until(lambda: len(collector.readings) >= 8)
    times = [reading.taken_at for reading in collector.readings]
    assert times == sorted(times)
    assert len({reading.key for reading in collector.readings}) == 1


async def test_a_move_keeps_the_name(tmp_path: Path, collector: Collector) -> None:
    office = Office()
    office.box(f"{PLACE}.1", "AB12345")
    async with running(tmp_path, office, collector):
        await collector.until(lambda: bool(collector.of("AB12345")))
        office.at[f"{PLACE}.9"] = office.at.pop(f"{PLACE}.1")
        await collector.until(lambda: collector.of("AB12345")[-1].identity.address == f"{PLACE}.9")
    assert len({reading.key for reading in collector.readings}) == 1


async def test_without_a_collector_everything_is_kept(tmp_path: Path) -> None:
    office = Office()
    office.box(f"{PLACE}.1", "AB12345")
    async with running(tmp_path, office, None) as agent, asyncio.timeout(20):
        while (await agent.spool.counts()).waiting < 2:
            await asyncio.sleep(0.01)


async def test_a_folder_of_another_agent_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path, Office(), None) as first:
        async with asyncio.timeout(20):
            while not (tmp_path / "status.json").exists():
                await asyncio.sleep(0.01)
        second = await asyncio.to_thread(Agent, settings(tmp_path, None), probes={}, normalise=normalise)
        with pytest.raises(SettingsError, match="another agent is running"):
            await second.run()
        assert first.status()["devices"] == 0
