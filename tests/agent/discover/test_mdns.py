"""mDNS on loopback: what a real responder announces becomes a candidate, or does not."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from collections.abc import AsyncIterator, Callable

import pytest
from zeroconf import IPVersion
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from agent.discover.candidate import Candidate
from agent.discover.mdns import Listener, candidate_of, interfaces_touching, read_facts, service_path, uuid_of
from agent.discover.sightings import Sightings
from agent.discover.territory import Territory
from agent.settings import NetworkSettings
from fleet.kit.clock import SystemClock

UUID = "4509a320-00a0-008f-00b6-002507510eca"
# Everybody on this machine hears the same loopback: names and addresses of this run must be its own.
RUN = secrets.token_hex(4)
IN = f"127.{secrets.randbelow(50) + 100}.{secrets.randbelow(256)}"
OUT = f"127.{secrets.randbelow(50) + 160}.{secrets.randbelow(256)}"
LOCAL = Territory([NetworkSettings(cidr=f"{IN}.0/24", allow_loopback=True)])


def announced(
    name: str, kind: str, address: str, *, port: int = 631, host: str = "laser", **facts: str
) -> AsyncServiceInfo:
    return AsyncServiceInfo(
        kind,
        f"{name} {RUN}.{kind}",
        port=port,
        addresses=[socket.inet_aton(address)],
        server=f"{host}-{RUN}.local.",
        properties={key: value.encode() for key, value in facts.items()},
    )


@contextlib.asynccontextmanager
async def responder(*services: AsyncServiceInfo) -> AsyncIterator[AsyncZeroconf]:
    zeroconf = AsyncZeroconf(interfaces=["127.0.0.1"], ip_version=IPVersion.V4Only)
    try:
        for service in services:
            await (await zeroconf.async_register_service(service, cooperating_responders=True))
        yield zeroconf
    finally:
        await zeroconf.async_close()


@contextlib.asynccontextmanager
async def listening(territory: Territory, found: Callable[[Candidate], None]) -> AsyncIterator[Listener]:
    listener = Listener(territory, found, SystemClock())
    await listener.start(interfaces_touching(territory))
    try:
        yield listener
    finally:
        await listener.close()


class Finds:
    def __init__(self) -> None:
        self.all: list[Candidate] = []
        self.sightings = Sightings()
        self._news = asyncio.Event()

    def __call__(self, candidate: Candidate) -> None:
        self.all.append(candidate)
        self.sightings.add(candidate)
        self._news.set()

    async def until(self, reached: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not reached():
                self._news.clear()
                await self._news.wait()

    @property
    def addresses(self) -> set[str]:
        return {candidate.address for candidate in self.all}


async def test_what_is_announced_inside_is_found_and_the_rest_is_not() -> None:
    ipp = announced("Laser", "_ipp._tcp.local.", f"{IN}.1", UUID=UUID, RP="ipp/print", ty="Acme Laser", Note="")
    outside = announced("Far", "_ipp._tcp.local.", f"{OUT}.1", host="far", rp="ipp/print")
    queue = announced("q @ host", "_ipp._tcp.local.", f"{IN}.2", host="host", rp="printers/q")
    held = announced("Laser", "_printer._tcp.local.", f"{IN}.1", port=0)
    scan = announced("Laser scan", "_uscan._tcp.local.", f"{IN}.1", port=8080, rs="/eSCL/", uuid=UUID)
    finds = Finds()
    async with listening(LOCAL, finds), responder(ipp, outside, queue, held, scan):
        await finds.until(lambda: len(finds.sightings.services(f"{IN}.1")) == 2)
    assert finds.addresses == {f"{IN}.1"}
    services = {service.kind: service for service in finds.sightings.services(f"{IN}.1")}
    assert (services["ipp"].port, services["ipp"].path, services["ipp"].uuid) == (631, "/ipp/print", UUID)
    assert (services["escl"].port, services["escl"].path) == (8080, "/eSCL")
    assert finds.sightings.hostname(f"{IN}.1") == f"laser-{RUN}.local"
    assert len(finds.sightings.spots(f"{IN}.1")) == 1


async def test_a_new_address_is_heard_and_the_old_one_forgotten() -> None:
    before = announced("Laser", "_ipp._tcp.local.", f"{IN}.1", UUID=UUID, rp="ipp/print")
    after = announced("Laser", "_ipp._tcp.local.", f"{IN}.7", UUID=UUID, rp="ipp/print")
    finds = Finds()
    async with listening(LOCAL, finds), responder(before) as zeroconf:
        await finds.until(lambda: bool(finds.sightings.services(f"{IN}.1")))
        # Records younger than a second are not flushed by a newer announcement (RFC 6762 section 10.2).
        await asyncio.sleep(1.2)
        await (await zeroconf.async_update_service(after))
        await finds.until(lambda: bool(finds.sightings.services(f"{IN}.7")))
    assert finds.sightings.services(f"{IN}.1") == ()


async def test_it_listens_on_loopback_only_when_loopback_is_configured() -> None:
    assert interfaces_touching(LOCAL) == ["127.0.0.1"]
    assert "127.0.0.1" not in interfaces_touching(Territory([NetworkSettings(cidr="10.0.0.0/8", sweep=False)]))
    silent = Territory([NetworkSettings(cidr=f"{IN}.0/24", allow_loopback=True, mdns=False)])
    assert interfaces_touching(silent) == []


@pytest.mark.parametrize("address", ["127.0.0.1", "8.8.8.8", "169.254.169.254", "224.0.0.251", "0.0.0.0"])
def test_an_announcement_leads_nowhere_outside(address: str) -> None:
    office = Territory([NetworkSettings(cidr="10.0.0.0/16", exclude=("10.0.9.0/24",))])
    info = announced("Laser", "_ipp._tcp.local.", address, rp="ipp/print")
    assert candidate_of(info, office, SystemClock()) is None
    excluded = announced("Laser", "_ipp._tcp.local.", "10.0.9.1", rp="ipp/print")
    assert candidate_of(excluded, office, SystemClock()) is None


@pytest.mark.parametrize(
    "facts", [{"rp": "printers/hall"}, {"rp": "/classes/all"}, {"rp": "ipp/print", "printer-type": "0x3056"}]
)
def test_a_print_server_queue_is_no_device(facts: dict[str, str]) -> None:
    assert candidate_of(announced("q @ h", "_ipp._tcp.local.", f"{IN}.1", **facts), LOCAL, SystemClock()) is None


def test_facts_are_small_clean_lower_case_texts() -> None:
    facts = read_facts(
        {
            b"UUID": UUID.encode(),
            b"uuid": b"later one loses",
            b"note": None,
            b"ty": b"\xff\x1b[31mLaser\x00\xe2\x80\xae",
            b"pdl": b"x" * 5000,
            **{f"k{n}".encode(): b"v" for n in range(500)},
        }
    )
    assert facts["uuid"] == UUID
    assert "note" not in facts
    assert facts["ty"] == "\ufffd[31mLaser"
    assert len(facts["pdl"]) == 255
    assert len(facts) <= 40


@pytest.mark.parametrize(
    ("kind", "facts", "path"),
    [
        ("ipp", {"rp": "ipp/print"}, "/ipp/print"),
        ("ipps", {"rp": "/ipp/print"}, "/ipp/print"),
        ("escl", {"rs": "eSCL"}, "/eSCL"),
        ("escl", {"rs": "/eSCL/"}, "/eSCL"),
        ("escl", {"rs": "http://evil.example/eSCL"}, None),
        ("ipp", {"rp": "../../etc"}, None),
        ("ipp", {}, None),
        ("other", {"rp": "x"}, None),
    ],
)
def test_paths_are_paths(kind: str, facts: dict[str, str], path: str | None) -> None:
    assert service_path(kind, facts) == path


def test_uuids_are_compared_bare() -> None:
    assert uuid_of({"uuid": f"urn:uuid:{UUID.upper()}"}) == UUID
    assert uuid_of({"uuid": "1"}) is None
