"""The engine against net-snmp's own agent, and against devices that do everything wrong."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent.normalise.printer_mib import normalise
from agent.poll import is_device
from agent.probes.probe import SnmpCredential, Target
from agent.probes.snmp import SnmpProbe
from agent.snmp import ber, habits
from agent.snmp.ber import Pdu
from agent.snmp.engine import SnmpEngine
from agent.snmp.v3 import V3Session
from fleet.errors import Refused, Unreachable
from fleet.kit.config import Secret
from fleet.reading import Round
from mibs.catalogue import load
from tests.peers.snmpd import free_udp_port, snmpd
from tests.peers.udp import udp_server

V1, V2 = SnmpCredential(version="1"), SnmpCredential(version="2c")
V3 = SnmpCredential(
    version="3", user="monitor", auth_protocol="SHA-256", auth_key=Secret("authpass123"),
    priv_protocol="AES", priv_key=Secret("privpass123"),
)  # fmt: skip
SYSTEM = (1, 3, 6, 1, 2, 1, 1)
DESCR, NAME, NOTHING = (*SYSTEM, 1, 0), (*SYSTEM, 5, 0), (1, 3, 6, 1, 4, 1, 99999, 1, 0)
HOST = "127.0.0.1"
CATALOGUE = load()


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with snmpd(tmp_path_factory.mktemp("snmpd")) as port:
        yield port


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short time-outs, for devices that never answer."""
    monkeypatch.setattr(habits, "FIRST_TIMEOUT", 0.05)
    monkeypatch.setattr(habits, "SHORTEST_TIMEOUT", 0.05)


@pytest.mark.parametrize("credential", [V1, V2], ids=["v1", "v2c"])
async def test_get_gives_what_exists_and_leaves_out_what_does_not(agent: int, credential: SnmpCredential) -> None:
    async with SnmpEngine() as snmp:
        found = await snmp.get(HOST, agent, credential, [DESCR, NOTHING, NAME])
    assert found == {DESCR: b"Acme LaserJet 9000", NAME: b"test-printer"}


@pytest.mark.parametrize("credential", [V1, V2], ids=["v1", "v2c"])
async def test_a_walk_is_the_subtree_in_order(agent: int, credential: SnmpCredential) -> None:
    async with SnmpEngine() as snmp:
        walk = await snmp.walk(HOST, agent, credential, SYSTEM)
    names = [name for name, _ in walk.rows]
    assert walk.broken is None
    assert names == sorted(names)
    assert all(name[:7] == SYSTEM for name in names)
    assert dict(walk.rows)[DESCR] == b"Acme LaserJet 9000"


async def test_v3_reads_the_same(agent: int) -> None:
    session = V3Session()
    try:
        assert await session.get(HOST, agent, V3, [DESCR, NOTHING]) == {DESCR: b"Acme LaserJet 9000"}
        walk = await session.walk(HOST, agent, V3, SYSTEM)
        assert walk.broken is None
        assert dict(walk.rows)[NAME] == b"test-printer"
    finally:
        await session.close()


async def test_a_wrong_v3_key_is_refused_in_words(agent: int) -> None:
    session = V3Session()
    wrong = SnmpCredential(version="3", user="monitor", auth_protocol="SHA-256", auth_key=Secret("other-key-123"))
    try:
        with pytest.raises(Refused, match="monitor"):
            await session.get(HOST, agent, wrong, [DESCR])
    finally:
        await session.close()


async def test_a_sweep_hears_who_is_there_by_each_version(agent: int) -> None:
    for credential in (V1, V2, V3):
        heard: list[str] = []
        async with SnmpEngine() as snmp:
            await snmp.sweep([HOST, "127.0.0.2"], [credential], port=agent, heard=heard.append, patience=0.5)
        assert heard == [HOST]


async def test_a_computer_that_speaks_snmp_is_no_printer(agent: int) -> None:
    """net-snmp lists processors, disks and network cards as devices; it must not enter the fleet."""
    probe = SnmpProbe(SnmpEngine(), CATALOGUE)
    try:
        raw = await probe.ask(Target(address=HOST, snmp_port=agent, snmp=(V2,)), Round.FULL)
    finally:
        await probe.close()
    devices = [value for name, value in raw.values.items() if name[:11] == (1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 3)]
    assert devices, "this machine shows no hrDeviceTable: the test would prove nothing"
    values = {**raw.values, DESCR: b"Linux nas 6.1.0 x86_64"}
    reading = normalise(replace(raw, values=values), CATALOGUE)
    assert (reading.kind, reading.identity.model, reading.health, reading.supplies) == (None, None, None, None)
    assert not is_device(reading, ("snmp",))


async def test_silence_is_unreachable_and_names_the_address(quick: None) -> None:
    async with SnmpEngine() as snmp:
        with pytest.raises(Unreachable, match=r"127\.0\.0\.1 does not answer SNMP v2c"):
            await snmp.get(HOST, free_udp_port(), V2, [DESCR])


def reply(
    data: bytes, *bindings: tuple[tuple[int, ...], bytes], status: int = 0, index: int = 0, other_id: int = 0
) -> bytes:
    """An answer to the request `data`."""
    at = data.index(b"\x02\x04") + 2
    identifier = int.from_bytes(data[at : at + 4], "big") + other_id
    rows = b"".join(ber.tlv(ber.SEQUENCE, ber.object_name(name) + value) for name, value in bindings)
    numbers = ber.tlv(ber.INTEGER, identifier.to_bytes(4, "big")) + ber.integer(status) + ber.integer(index)
    pdu = ber.tlv(Pdu.RESPONSE, numbers + ber.tlv(ber.SEQUENCE, rows))
    return ber.tlv(ber.SEQUENCE, ber.integer(1) + ber.tlv(ber.OCTETS, b"public") + pdu)


async def test_answers_with_another_id_and_garbage_are_dropped(quick: None) -> None:
    def answer(data: bytes) -> list[bytes]:
        wrong = reply(data, (DESCR, ber.tlv(4, b"wrong")), other_id=1)
        right = reply(data, (DESCR, ber.tlv(4, b"right")))
        return [b"\xff" * 40, wrong, right, right]

    async with udp_server(answer) as (port, _), SnmpEngine() as snmp:
        assert await snmp.get(HOST, port, V2, [DESCR]) == {DESCR: b"right"}
        assert await snmp.get(HOST, port, V2, [DESCR]) == {DESCR: b"right"}
        assert snmp.dropped >= 4


async def test_an_answer_from_another_address_is_dropped(quick: None) -> None:
    """127.0.0.3 answers in the name of 127.0.0.1, with the right request id, to the right port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind(("127.0.0.3", 0))

        def answer(data: bytes) -> list[bytes]:
            stranger.sendto(reply(data, (DESCR, ber.tlv(4, b"forged"))), (HOST, asking_port))
            return []

        async with udp_server(answer) as (port, _), SnmpEngine() as snmp:
            await snmp.start()
            asking_port = snmp.local_port
            with pytest.raises(Unreachable):
                await snmp.get(HOST, port, V2, [DESCR])
            assert snmp.dropped >= 1


async def test_too_big_halves_the_requests_and_is_remembered(quick: None) -> None:
    names = [(*SYSTEM, 99, n) for n in range(1, 21)]

    def answer(data: bytes) -> list[bytes]:
        asked = data.count(b"\x05\x00")
        if asked > 6:
            return [reply(data, status=1)]
        inside = [name for name in names if ber.object_name(name) in data]
        return [reply(data, *((name, ber.integer(name[-1])) for name in inside))]

    async with udp_server(answer) as (port, asked), SnmpEngine() as snmp:
        assert await snmp.get(HOST, port, V2, names) == {name: name[-1] for name in names}
        first = len(asked)
        await snmp.get(HOST, port, V2, names)
        assert len(asked) - first == 4
        assert first > 4


@pytest.mark.parametrize(
    ("following", "why"),
    [
        (lambda n: 5, "do not rise"),  # the same row for ever
        (lambda n: 10 - n, "do not rise"),  # falling
        (lambda n: n, "more than 50 rows"),  # endless
    ],
    ids=["repeating", "falling", "endless"],
)
async def test_a_walk_that_would_never_end_ends(quick: None, following: Callable[[int], int], why: str) -> None:
    count = 0

    def answer(data: bytes) -> list[bytes]:
        nonlocal count
        count += 1
        return [reply(data, ((*SYSTEM, 9, following(count)), ber.integer(count)))]

    async with udp_server(answer) as (port, _), SnmpEngine() as snmp:
        walk = await snmp.walk(HOST, port, V2, SYSTEM, rows=50)
    assert walk.broken is not None
    assert why in walk.broken
    assert len(walk.rows) <= 50


async def test_a_cell_without_a_value_is_not_the_end_of_the_table(quick: None) -> None:
    """Some devices say NULL, or noSuchInstance, for a column they leave empty; the rows behind it are there."""
    rows = {(*SYSTEM, 9, n): b"\x05\x00" if n == 2 else b"\x81\x00" if n == 4 else ber.integer(n) for n in range(1, 7)}

    def answer(data: bytes) -> list[bytes]:
        asked = next((name for name in sorted(rows, reverse=True) if ber.object_name(name) in data), SYSTEM)
        after = [(name, value) for name, value in rows.items() if name > asked][:2]
        return [reply(data, *(after or [((*SYSTEM, 9, 6), b"\x82\x00")]))]

    async with udp_server(answer) as (port, _), SnmpEngine() as snmp:
        walk = await snmp.walk(HOST, port, V2, SYSTEM)
    assert walk.broken is None
    assert dict(walk.rows) == {(*SYSTEM, 9, n): n for n in (1, 3, 5, 6)}


async def test_an_empty_answer_to_a_large_question_is_asked_again_in_small(quick: None) -> None:
    """GETBULK may bring fewer rows than were asked for (RFC 3416 section 4.2.3), even none: that is no end."""

    def answer(data: bytes) -> list[bytes]:
        if bytes((Pdu.GET_BULK,)) in data[:14]:
            return [reply(data)]
        row = next((n for n in range(3, 0, -1) if ber.object_name((*SYSTEM, 9, n)) in data), 0)
        return [reply(data, ((*SYSTEM, 9, row + 1), ber.integer(row) if row < 3 else b"\x82\x00"))]

    async with udp_server(answer) as (port, _), SnmpEngine() as snmp:
        walk = await snmp.walk(HOST, port, V2, SYSTEM)
    assert [name[-1] for name, _ in walk.rows] == [1, 2, 3]


async def test_the_probe_tries_credentials_in_order_and_remembers_the_one_that_works(agent: int, quick: None) -> None:
    probe = SnmpProbe(SnmpEngine(), CATALOGUE)
    target = Target(address=HOST, snmp_port=agent, snmp=(SnmpCredential(community=Secret("wrong")), V2))
    try:
        raw = await probe.ask(target, Round.FULL)
        assert raw.credential_version == "2c"
        assert raw.values[NAME] == b"test-printer"
        again = await probe.ask(target, Round.STATUS)
        assert again.values
        assert len(again.values) < len(raw.values)
    finally:
        await probe.close()


def test_the_capture_of_a_walk_reads_back(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from agent.snmp.snmprec import line, parse

    values = {DESCR: b"a|b\nc", NAME: b"", (*SYSTEM, 3, 0): 12345, (*SYSTEM, 2, 0): (1, 3, 6, 1)}
    text = "".join(f"{line(name, value)}\n" for name, value in sorted(values.items()))
    assert parse(text.encode(), taken_at=datetime.now(UTC)).values == values
