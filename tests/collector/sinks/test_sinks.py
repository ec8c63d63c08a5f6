"""What every sink does, on each of them: what is given is kept, once, under the names of /metrics."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from collector.sinks.influx import MEASUREMENTS, Influx, InfluxSettings, split
from collector.sinks.memory import Memory
from collector.sinks.sink import Sink
from collector.store.samples import Seen
from fleet.errors import DeliveryError
from fleet.kit.config import Secret
from fleet.metric import METRICS, parsed, series_name, values
from fleet.supply import Exact, SomeLeft
from tests.collector.office import reading, toner
from tests.collector.sinks.line_server import Kept, LineServer
from tests.series_store import victoria  # noqa: F401 (a fixture)

NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


@dataclass
class Case:
    sink: Sink
    kept: Callable[[], Awaitable[Kept]]


def seen(device: str = "dev_a", minutes: float = 0, **more: Any) -> Seen:
    at = NOW + timedelta(minutes=minutes)
    return Seen(device_id=device, at=at, values=values(reading(at, **more)))


def as_kept(*polls: Seen) -> Kept:
    return {
        (poll.device_id, parsed(series)[0], tuple(sorted(parsed(series)[1].items())), poll.at): value
        for poll in polls
        for series, value in poll.values.items()
    }


@pytest.fixture
async def server(aiohttp_server: Any) -> LineServer:
    made = LineServer()
    made.url = str((await aiohttp_server(made.app())).make_url("/"))
    return made


@pytest.fixture(params=["memory", "influx", pytest.param("victoria", marks=pytest.mark.shared)])
async def case(request: pytest.FixtureRequest, server: LineServer) -> AsyncIterator[Case]:
    if request.param == "memory":
        made = _memory()
    elif request.param == "influx":
        made = _influx(server)
    else:
        made = _victoria(request.getfixturevalue("victoria"))
    yield made
    await made.sink.close()


def _memory() -> Case:
    sink = Memory()

    async def kept() -> Kept:
        return as_kept(*(Seen(device_id=d, at=at, values={series: v}) for (d, series, at), v in sink.kept.items()))

    return Case(sink, kept)


def _influx(server: LineServer) -> Case:
    async def kept() -> Kept:
        return server.kept

    return Case(Influx(InfluxSettings(url=server.url, token=Secret("s3cret"))), kept)


def _victoria(url: str) -> Case:
    async def kept() -> Kept:
        async with aiohttp.ClientSession() as session:
            await session.post(f"{url}/internal/force_flush")
            window = {"start": NOW.timestamp() - 60, "end": NOW.timestamp() + 3600}
            query = {"match[]": '{device!=""}', **window}
            lines = (await (await session.get(f"{url}/api/v1/export", params=query)).text()).splitlines()
            await session.post(f"{url}/api/v1/admin/tsdb/delete_series", params={"match[]": '{device!=""}'})
        return _exported(lines)

    return Case(Influx(InfluxSettings(url=url)), kept)


def _exported(lines: list[str]) -> Kept:
    found: Kept = {}
    for row in map(json.loads, lines):
        labels = row["metric"]
        name, device = labels.pop("__name__"), labels.pop("device")
        labels.pop("db", None)
        for ts, value in zip(row["timestamps"], row["values"], strict=True):
            at = datetime.fromtimestamp(ts / 1000, UTC)
            found[device, name, tuple(sorted(labels.items())), at] = float(value)
    return found


async def test_what_is_given_is_kept_under_the_names_of_metrics(case: Case) -> None:
    supplies = (toner(Exact(percent=37)), toner(SomeLeft(), color="cyan"))
    polls = [seen(supplies=supplies), seen("dev_b"), seen(minutes=5, reachable=False)]
    await case.sink.write(polls)
    kept = await case.kept()
    assert kept == as_kept(*polls)
    assert kept["dev_a", "printer_supply_level_ratio", (("supply", "toner-black"),), NOW] == 0.37
    assert not any(name.endswith("_ratio") and ("supply", "toner-cyan") in labels for _, name, labels, _ in kept)


async def test_the_same_again_changes_nothing(case: Case) -> None:
    polls = [seen("dev_again"), seen("dev_again", minutes=1)]
    for order in (polls, polls, polls[::-1]):
        await case.sink.write(order)
    kept = await case.kept()
    assert kept == as_kept(*polls)


async def test_nothing_is_nothing(case: Case) -> None:
    await case.sink.write([])
    assert await case.kept() == {}


async def test_labels_arrive_whole(case: Case) -> None:
    strange = series_name("printer_supply_level_state", supply='转印带 a,b=c "x" \\')
    poll = Seen(device_id="dev_c", at=NOW, values={strange: 3.0})
    await case.sink.write([poll])
    assert await case.kept() == as_kept(poll)


async def test_many_polls_are_sent_in_several_requests(server: LineServer) -> None:
    sink = Influx(InfluxSettings(url=server.url))
    polls = [Seen(device_id=f"dev_{i}", at=NOW, values={"printer_up": 1.0}) for i in range(5001)]
    await sink.write(polls)
    await sink.close()
    assert len(server.kept) == 5001
    assert len(server.told) == 2


@pytest.mark.parametrize(("status", "retryable"), [(400, False), (401, False), (404, False), (429, True), (503, True)])
async def test_a_refusal_says_whether_to_try_again(server: LineServer, status: int, retryable: bool) -> None:
    sink = Influx(InfluxSettings(url=server.url, token=Secret("s3cret")))
    server.answer = status
    with pytest.raises(DeliveryError, match=str(status)) as caught:
        await sink.write([seen()])
    assert caught.value.retryable is retryable
    assert "s3cret" not in str(caught.value)
    assert len(server.told) == 1
    server.answer = 204
    await sink.write([seen()])
    await sink.close()
    assert server.kept == as_kept(seen())


async def test_a_store_that_is_away_is_for_later(unused_tcp_port: int) -> None:
    sink = Influx(InfluxSettings(url=f"http://127.0.0.1:{unused_tcp_port}", timeout_seconds=2))
    with pytest.raises(DeliveryError, match="cannot be reached") as caught:
        await sink.write([seen()])
    assert caught.value.retryable
    await sink.close()


@pytest.mark.parametrize("metric", METRICS)
def test_measurement_and_field_make_the_name(metric: str) -> None:
    measurement, field = split(metric)
    assert measurement in MEASUREMENTS
    assert f"{measurement}_{field}" == metric


async def test_the_client_is_loaded_only_when_it_is_used() -> None:
    code = "import sys, collector.sinks.influx; sys.exit('influxdb_client' in sys.modules)"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=Path(__file__).parents[3])
    assert await process.wait() == 0
