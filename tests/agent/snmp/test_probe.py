"""The probe against a device that changes, is swapped, falls silent or is slow: nothing unheard is taken for absent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from agent.normalise.printer_mib import normalise
from agent.probes.probe import SnmpCredential, Target
from agent.probes.snmp import SnmpProbe
from agent.snmp import habits
from fleet.counter import CounterName, CounterUnit
from fleet.errors import Refused, Unreachable, Unsupported
from fleet.fault import Activity
from fleet.kit.config import Secret
from fleet.reading import Kind, Round
from fleet.supply import Exact
from mibs.catalogue import load
from pagewarden.demo.office.ber import Value, counter, name, number, text, ticks
from tests.peers.snmp_tree import V1, Tree, snmp_tree

CATALOGUE = load()
HOST = "127.0.0.1"
SYSTEM, PRT, HR = "1.3.6.1.2.1.1", "1.3.6.1.2.1.43", "1.3.6.1.2.1.25.3"
SERIAL, ALERTS = f"{PRT}.5.1.1.17.1", (1, 3, 6, 1, 2, 1, 43, 18)
SUPPLIES = (1, 3, 6, 1, 2, 1, 43, 11)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(habits, "FIRST_TIMEOUT", 0.05)
    monkeypatch.setattr(habits, "SHORTEST_TIMEOUT", 0.05)


def printer() -> dict[str, Value]:
    alert = {2: number(3), 3: number(3), 4: number(13), 5: number(1), 7: number(8), 8: text("Paper jam")}
    supply = {
        3: number(1), 4: number(3), 5: number(3), 6: text("Black Toner TK-3160"), 7: number(19), 8: number(100),
        9: number(40),
    }  # fmt: skip
    return {
        f"{SYSTEM}.1.0": text("KYOCERA Document Solutions Printing System"),
        f"{SYSTEM}.2.0": name("1.3.6.1.4.1.1347.41"),
        f"{SYSTEM}.3.0": ticks(1_000_000),
        f"{SYSTEM}.5.0": text("copier-1"),
        f"{HR}.2.1.3.1": text("ECOSYS M3645dn"),
        f"{HR}.2.1.5.1": number(5),
        f"{HR}.5.1.1.1": number(1),
        f"{HR}.5.1.2.1": text(b"\x04\x00"),
        SERIAL: text("VCG1234567"),
        f"{PRT}.5.1.1.18.1": counter(7),
        f"{PRT}.5.1.1.19.1": counter(9),
        f"{PRT}.8.2.1.10.1.1": number(0),
        f"{PRT}.10.2.1.4.1.1": counter(5_000),
        **{f"{PRT}.11.1.1.{column}.1.1": value for column, value in supply.items()},
        **{f"{PRT}.18.1.1.{column}.1.4": value for column, value in alert.items()},
        "1.3.6.1.4.1.1347.42.3.1.1.1.1.1": counter(4_000),
    }


@asynccontextmanager
async def polled(tree: Tree, **settings: float) -> AsyncIterator[tuple[SnmpProbe, Target]]:
    probe = SnmpProbe(None, CATALOGUE, **settings)
    async with snmp_tree(tree) as port:
        try:
            yield probe, Target(address=HOST, snmp_port=port, snmp=(SnmpCredential(),))
        finally:
            await probe.close()


async def test_a_full_round_reads_the_standard_and_the_makers_own_objects() -> None:
    async with polled(Tree(printer())) as (probe, target):
        reading = normalise(await probe.ask(target, Round.FULL), CATALOGUE)
    assert (reading.identity.maker, reading.identity.model) == ("Kyocera", "ECOSYS M3645dn")
    assert (reading.identity.serial, reading.kind) == ("VCG1234567", Kind.MFP)
    assert reading.activity is Activity.STOPPED
    assert {c.name.value: c.value for c in reading.counters or ()} == {"total": 5_000, "print_total": 4_000}
    assert [(s.part_number, s.level) for s in reading.supplies or ()] == [("TK-3160", Exact(percent=40))]
    assert [f.cause for f in reading.faults or ()] == ["media-jam"]
    assert reading.partial == ()


async def test_a_status_round_asks_little_and_walks_alerts_only_when_something_moved() -> None:
    tree = Tree(printer())
    async with polled(tree) as (probe, target):
        await probe.ask(target, Round.FULL)
        tree.asked.clear()
        tree.set(f"{PRT}.10.2.1.4.1.1", counter(5_010))
        tree.set(f"{SYSTEM}.3.0", ticks(1_006_000))
        quiet = normalise(await probe.ask(target, Round.STATUS), CATALOGUE)
        assert len(tree.asked) < 15
        assert [oid for oid in tree.asked if oid[: len(ALERTS)] == ALERTS] == []
        assert [f.cause for f in quiet.faults or ()] == ["media-jam"]
        assert quiet.round is Round.STATUS
        assert quiet.supplies is None

        del tree.values[(*ALERTS, 1, 1, 8, 1, 4)], tree.values[(*ALERTS, 1, 1, 7, 1, 4)]
        for column in (2, 3, 4, 5):
            del tree.values[(*ALERTS, 1, 1, column, 1, 4)]
        tree.set(f"{PRT}.5.1.1.19.1", counter(10))
        tree.set(f"{HR}.5.1.2.1", text(b"\x00\x00"))
        cleared = normalise(await probe.ask(target, Round.STATUS), CATALOGUE)
        assert cleared.faults == ()


async def test_feet_do_not_become_pages_in_a_status_round() -> None:
    """Label printers count feet; the unit stands in a column of its own (RFC 3805 prtMarkerCounterUnit)."""
    tree = Tree(printer() | {f"{PRT}.10.2.1.3.1.1": number(16)})
    async with polled(tree) as (probe, target):
        full = normalise(await probe.ask(target, Round.FULL), CATALOGUE)
        status = normalise(await probe.ask(target, Round.STATUS), CATALOGUE)
    assert status.round is Round.STATUS
    units = [{c.unit for c in found.counters or () if c.name is CounterName.TOTAL} for found in (full, status)]
    assert units == [{CounterUnit.FEET}, {CounterUnit.FEET}]


async def test_a_complaint_about_a_supply_means_the_same_in_both_rounds() -> None:
    """Code 12 says "almost empty" of whatever supply 1 is."""
    tree = Tree(printer())
    tree.set(f"{PRT}.18.1.1.4.1.4", number(11))
    tree.set(f"{PRT}.18.1.1.7.1.4", number(12))
    tree.set(f"{HR}.5.1.2.1", text(b"\x00"))
    async with polled(tree) as (probe, target):
        told = [normalise(await probe.ask(target, round_), CATALOGUE) for round_ in (Round.FULL, Round.STATUS)]
    assert [[fault.cause for fault in reading.faults or ()] for reading in told] == [["toner-low"], ["toner-low"]]


@pytest.mark.parametrize("what", ["serial", "restart", "lost"])
async def test_a_device_that_is_not_as_it_was_is_read_anew(what: str) -> None:
    tree = Tree(printer())
    async with polled(tree) as (probe, target):
        await probe.ask(target, Round.FULL)
        if what == "serial":
            tree.set(SERIAL, text("VCG7654321"))
        elif what == "restart":
            tree.set(f"{SYSTEM}.3.0", ticks(10))
        else:
            del tree.values[(1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4, 1, 1)]
        raw = await probe.ask(target, Round.STATUS)
        assert raw.complete
        assert normalise(raw, CATALOGUE).identity.model == "ECOSYS M3645dn"


async def test_a_device_that_falls_silent_in_the_middle_keeps_what_it_said_and_clears_nothing() -> None:
    tree = Tree(printer(), silent=lambda oid: oid[: len(SUPPLIES)] == SUPPLIES)
    async with polled(tree) as (probe, target):
        raw = await probe.ask(target, Round.FULL)
        reading = normalise(raw, CATALOGUE)
        assert reading.identity.serial == "VCG1234567"
        assert (reading.supplies, reading.faults) == (None, None)
        assert any("fell silent" in words for words in reading.partial)

        tree.silent = lambda _: False
        again = normalise(await probe.ask(target, Round.STATUS), CATALOGUE)
        assert [f.cause for f in again.faults or ()] == ["media-jam"]


async def test_a_slow_device_ends_with_what_it_has() -> None:
    tree = Tree(printer(), silent=lambda oid: oid[: len(ALERTS)] == ALERTS)
    async with polled(tree, full_seconds=0.1) as (probe, target):
        reading = normalise(await probe.ask(target, Round.FULL), CATALOGUE)
    assert reading.supplies
    assert reading.faults is None
    assert any("slow" in words for words in reading.partial)


async def test_silence_is_unreachable_and_the_next_round_starts_from_the_beginning() -> None:
    tree = Tree(printer())
    async with polled(tree) as (probe, target):
        await probe.ask(target, Round.FULL)
        tree.silent = lambda _: True
        with pytest.raises(Unreachable):
            await probe.ask(target, Round.STATUS)
        tree.silent = lambda _: False
        assert (await probe.ask(target, Round.STATUS)).complete


async def test_version_1_reads_the_same() -> None:
    tree = Tree(printer(), versions=frozenset({V1}))
    async with polled(tree) as (probe, target):
        one = Target(address=HOST, snmp_port=target.snmp_port, snmp=(SnmpCredential(), SnmpCredential(version="1")))
        raw = await probe.ask(one, Round.FULL)
        reading = normalise(raw, CATALOGUE)
    assert raw.credential_version == "1"
    assert reading.identity.serial == "VCG1234567"
    assert {c.name.value: c.value for c in reading.counters or ()} == {"total": 5_000, "print_total": 4_000}


async def test_a_wrong_community_is_silence_and_is_asked_with_its_own_name_only() -> None:
    async with polled(Tree(printer())) as (probe, target):
        wrong = Target(address=HOST, snmp_port=target.snmp_port, snmp=(SnmpCredential(community=Secret("not-this")),))
        with pytest.raises(Unreachable, match=r"127\.0\.0\.1 does not answer SNMP \(v2c\)") as told:
            await probe.ask(wrong, Round.FULL)
        assert "not-this" not in str(told.value)


async def test_a_device_that_shows_nothing_says_so() -> None:
    async with polled(Tree({"1.3.6.1.9.9.0": number(1)})) as (probe, target):
        with pytest.raises(Unsupported, match="access list"):
            await probe.ask(target, Round.FULL)


async def test_an_unknown_version_is_refused_with_the_known_ones() -> None:
    async with polled(Tree(printer())) as (probe, target):
        wrong = Target(address=HOST, snmp_port=target.snmp_port, snmp=(SnmpCredential(version="4"),))
        with pytest.raises(Refused, match="1, 2c or 3"):
            await probe.ask(wrong, Round.FULL)


class Slow(asyncio.DatagramProtocol):
    """Answers after a while, and counts the questions that wait for an answer."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.waiting = self.most = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        asyncio.get_running_loop().call_later(0.005, self._answer, data, addr)

    def _answer(self, data: bytes, addr: tuple[str, int]) -> None:
        self.waiting -= 1
        for message in self.tree.answer(data):
            self.transport.sendto(message, addr)  # type: ignore[attr-defined]


async def test_one_request_in_flight_per_device(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rounds at once may not put two questions to one device."""
    monkeypatch.setattr(habits, "FIRST_TIMEOUT", 5.0)
    monkeypatch.setattr(habits, "SHORTEST_TIMEOUT", 5.0)
    server, probe = Slow(Tree(printer())), SnmpProbe(None, CATALOGUE)
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: server, local_addr=(HOST, 0))
    port = transport.get_extra_info("sockname")[1]
    target = Target(address=HOST, snmp_port=port, snmp=(SnmpCredential(),))
    try:
        raws = await asyncio.gather(*(probe.ask(target, Round.FULL) for _ in range(3)))
    finally:
        await probe.close()
        transport.close()
    assert server.most == 1
    assert len({len(raw.values) for raw in raws}) == 1
