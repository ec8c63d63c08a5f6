"""The search on loopback: real sockets, an SNMP responder made of the engine's own codec, and nothing outside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

import pytest

from agent.discover import sweep
from agent.discover.candidate import Candidate, Progress
from agent.discover.doors import open_doors
from agent.discover.listed import listed
from agent.discover.sweep import Search
from agent.discover.territory import Territory
from agent.probes.probe import SnmpCredential
from agent.settings import NetworkSettings
from agent.snmp.engine import SnmpEngine
from fleet.kit.clock import SystemClock


def office(**changes: object) -> NetworkSettings:
    plain = {"cidr": "127.9.1.0/28", "allow_loopback": True, "ipp_ports": (), "escl_ports": (), "pjlink_port": 0}
    return NetworkSettings(**(plain | changes))  # type: ignore[arg-type]


class Heard:
    """A sweeper that notes whom it was told to ask, and lets some answer."""

    def __init__(self, *alive: str) -> None:
        self.alive, self.asked = alive, list[tuple[str, str]]()

    async def sweep(
        self,
        addresses: Sequence[str],
        credentials: Sequence[SnmpCredential],
        *,
        port: int,
        rate: float,
        heard: Callable[[str], None],
    ) -> None:
        self.asked += [(address, c.version) for c in credentials for address in addresses]
        for address in self.alive:
            heard(address)


@pytest.fixture
async def doors() -> AsyncIterator[Callable[[str], asyncio.Future[int]]]:
    """Opens a TCP port on an address; gives its number."""
    servers: list[asyncio.Server] = []

    async def opened(address: str) -> int:
        server = await asyncio.start_server(lambda _, writer: writer.close(), address, 0)
        servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    yield lambda address: asyncio.ensure_future(opened(address))
    for server in servers:
        server.close()


async def searched(territory: Territory, sweeper: sweep.Sweeper, known: Sequence[str] = ()) -> list[Candidate]:
    found: list[Candidate] = []
    await Search(territory, sweeper, SystemClock(), found.append).run(known)
    return found


async def test_who_answers_is_found_and_who_is_silent_is_asked_twice() -> None:
    sweeper = Heard("127.9.1.3")
    found = await searched(Territory([office()]), sweeper)
    assert [(c.address, c.source, c.services[0].kind) for c in found] == [("127.9.1.3", "sweep", "snmp")]
    asked = [address for address, version in sweeper.asked if version == "2c"]
    assert asked.count("127.9.1.4") == 2
    assert asked.count("127.9.1.3") == 1
    assert len(set(asked)) == 14


async def test_the_order_is_random() -> None:
    sweeper = Heard()
    await searched(Territory([office(cidr="127.9.0.0/24")]), sweeper)
    first = [address for address, _ in sweeper.asked[:254]]
    assert sorted(first) != first
    assert len(set(first)) == 254


async def test_an_answer_from_outside_is_not_believed() -> None:
    found = await searched(Territory([office(exclude=("127.9.1.3",))]), Heard("127.9.1.3", "10.0.0.1", "127.9.1.5"))
    assert [candidate.address for candidate in found] == ["127.9.1.5"]


async def test_open_ports_make_candidates(doors: Callable[[str], asyncio.Future[int]]) -> None:
    ipp, pjlink, scan = await doors("127.9.1.3"), await doors("127.9.1.4"), await doors("127.9.1.3")
    network = office(ipp_ports=(ipp,), pjlink_port=pjlink, escl_ports=(scan,))
    found = await searched(Territory([network]), Heard())
    assert {(c.address, c.services[0].kind, c.services[0].port) for c in found} == {
        ("127.9.1.3", "ipp", ipp),
        ("127.9.1.4", "pjlink", pjlink),
        ("127.9.1.3", "escl", scan),
    }


async def test_in_a_large_network_only_living_addresses_are_knocked_at(
    doors: Callable[[str], asyncio.Future[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "TCP_SWEEP_LIMIT", 4)
    alive, dead = await doors("127.9.1.3"), await doors("127.9.1.4")
    found = await searched(Territory([office(ipp_ports=(alive, dead))]), Heard("127.9.1.3"))
    assert {(c.address, c.services[0].kind) for c in found} == {("127.9.1.3", "snmp"), ("127.9.1.3", "ipp")}


async def test_a_network_without_sweep_is_asked_only_where_something_is_known(
    doors: Callable[[str], asyncio.Future[int]],
) -> None:
    port = await doors("127.9.1.3")
    sweeper, network = Heard(), office(sweep=False, ipp_ports=(port,))
    assert await searched(Territory([network]), sweeper) == []
    assert sweeper.asked == []
    found = await searched(Territory([network]), sweeper, known=["127.9.1.3", "127.8.0.1"])
    assert [candidate.address for candidate in found] == ["127.9.1.3"]


async def test_nothing_is_knocked_at_outside(doors: Callable[[str], asyncio.Future[int]]) -> None:
    port, opened = await doors("127.8.1.3"), list[str]()
    await open_doors(
        [("127.8.1.3", port)], Territory([office()]), SystemClock(), opened=lambda address, _: opened.append(address)
    )
    assert opened == []


async def test_progress_is_told_to_the_end() -> None:
    told: list[Progress] = []
    search = Search(Territory([office(ipp_ports=(1,))]), Heard("127.9.1.3"), SystemClock(), lambda _: None, told.append)
    await search.run()
    ended = {progress.step for progress in told if progress.done == progress.total}
    assert ended == {"SNMP 127.9.1.0/28", "TCP 127.9.1.0/28"}


async def test_listed_names_must_lead_inside() -> None:
    network = office(cidr="127.0.0.0/24", addresses=("localhost", "127.0.0.9", "mfp.local", "no-such-name.invalid"))
    answer = await listed(Territory([network]), SystemClock())
    assert {c.address for c in answer.candidates} == {"127.0.0.1", "127.0.0.9"}
    assert len(answer.troubles) == 2
    assert ".local" in answer.troubles[0]
    elsewhere = await listed(Territory([office(addresses=("localhost",))]), SystemClock())
    assert elsewhere.candidates == ()
    assert "outside 127.9.1.0/28" in elsewhere.troubles[0]


async def test_the_real_engine_sweeps_silence_without_harm() -> None:
    async with SnmpEngine() as engine:
        assert await searched(Territory([office(cidr="127.9.1.0/30", snmp_port=9)]), engine) == []
