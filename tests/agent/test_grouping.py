"""Who stands where: moves, swaps, second addresses, doubles, boards; and the list of devices on disk."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.devices import Devices, another, twins
from agent.discover.candidate import Candidate, Service
from agent.discover.sightings import Sightings, Spot
from agent.discover.territory import Territory
from agent.identify import Identifier
from agent.pace import Pace
from agent.poll import Asker
from agent.probes.probe import Target
from agent.rounds import Rounds
from agent.settings import NetworkSettings, RoundsSettings
from agent.visits import Visits
from fleet.errors import Garbled, Refused, SpoolError
from fleet.fault import Activity
from fleet.identity import Identity
from fleet.reading import Reading, Round
from tests.agent.clocks import HandClock
from tests.agent.office import PLACE, Office, OfficeProbe, normalise

A, B, C = f"{PLACE}.1", f"{PLACE}.2", f"{PLACE}.3"
MAC, OTHER_MAC = "00:17:c8:00:00:01", "00:17:c8:00:00:02"
UUID, OTHER_UUID = "4509a320-00a0-008f-00b6-0017c8000001", "4509a320-00a0-008f-00b6-0017c8000002"


class Bench:
    """Identifier, rounds and visits over a small office, with a clock turned by hand."""

    def __init__(self, folder: Path) -> None:
        self.office, self.clock, self.kept = Office(), HandClock(), list[Reading]()
        settings = RoundsSettings()
        territory = Territory([NetworkSettings(cidr=f"{PLACE}.0/24", allow_loopback=True)])
        self.sightings, self.devices = Sightings(), Devices(folder)
        asker = self.asker = Asker(
            {"snmp": OfficeProbe(self.office)}, normalise, territory, self.sightings, self.clock, settings
        )
        self.rounds = Rounds(settings, self.clock, self._visit)
        self.identifier = Identifier(
            asker, self.devices, self.rounds, self.sightings, self.clock, self._keep, again_after=1000
        )
        self.visits = Visits(asker, self.devices, self.identifier, self.clock, self._keep, settings)

    async def _visit(self, key: str, pace: Pace) -> None:
        await self.visits.visit(key, pace)

    async def _keep(self, reading: Reading) -> None:
        self.kept.append(reading)

    async def look(self, address: str, *services: Service) -> None:
        self.sightings.add(Candidate(address=address, source="sweep", seen_at=self.clock.now(), services=services))
        await self.identifier.look(address)

    async def visit(self, key: str, times: int = 1) -> None:
        pace = self.rounds.pace(key)
        assert pace is not None
        for _ in range(times):
            await self.visits.visit(key, pace)
            await self.clock.turn(60)

    async def full(self, key: str) -> None:
        """A visit when it is time for everything."""
        await self.clock.turn(900)
        await self.visit(key)

    @property
    def where(self) -> dict[str, str | None]:
        """Serial number -> address."""
        return {str(k.identity.serial): k.spot.address if k.spot else None for k in self.devices}

    def key_of(self, serial: str) -> str:
        return next(known.key for known in self.devices if known.identity.serial == serial)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


async def test_a_new_device_gets_a_name_of_its_own_and_its_first_reading_bears_it(bench: Bench) -> None:
    bench.office.box(A, "AB12345")
    await bench.look(A)
    key = bench.key_of("AB12345")
    assert key.startswith("d-")
    assert [(r.key, r.round) for r in bench.kept] == [(key, Round.FULL)]
    assert len(bench.rounds) == 1


async def test_looking_again_asks_nobody_again(bench: Bench) -> None:
    bench.office.box(A, "AB12345")
    for _ in range(5):
        await bench.look(A)
    await bench.look(B)
    await bench.look(B)
    assert bench.office.asked == [(A, Round.FULL), (B, Round.FULL)]
    await bench.clock.turn(1001)
    await bench.look(B)
    assert len(bench.office.asked) == 3


async def test_new_services_at_a_place_that_said_nothing_are_a_reason_to_ask_again(bench: Bench) -> None:
    await bench.look(A)
    bench.office.box(A, "AB12345")
    await bench.look(A, Service(kind="ipp", port=631))
    assert bench.where == {"AB12345": A}


async def test_what_answers_and_is_no_printer_is_no_device(bench: Bench) -> None:
    bench.office.box(A, "SWITCH01", kind=None)
    await bench.look(A)
    assert len(bench.devices) == 0
    assert bench.kept == []


async def test_a_device_that_moves_stays_itself(bench: Bench) -> None:
    bench.office.box(A, "AB12345")
    await bench.look(A)
    key = bench.key_of("AB12345")
    bench.office.at[B] = bench.office.at.pop(A)
    await bench.visit(key, times=2)
    await bench.look(B)
    assert bench.where == {"AB12345": B}
    assert bench.kept[-1].key == key


async def test_a_move_is_noticed_before_its_silence(bench: Bench) -> None:
    bench.office.box(A, "AB12345")
    await bench.look(A)
    bench.office.at[B] = bench.office.at.pop(A)
    await bench.look(B)
    assert bench.where == {"AB12345": B}
    assert len(bench.devices) == 1


async def test_swapped_addresses_are_noticed_by_asking(bench: Bench) -> None:
    bench.office.box(A, "AB12345")
    bench.office.box(B, "CD67890")
    await bench.look(A)
    await bench.look(B)
    one, other = bench.key_of("AB12345"), bench.key_of("CD67890")
    bench.office.at[A], bench.office.at[B] = bench.office.at[B], bench.office.at[A]
    bench.kept.clear()
    await bench.full(one)
    assert bench.where == {"AB12345": None, "CD67890": A}
    await bench.look(B)
    assert bench.where == {"AB12345": B, "CD67890": A}
    assert [(r.key, r.identity.serial) for r in bench.kept] == [(other, "CD67890"), (one, "AB12345")]


async def test_another_device_at_the_address_never_continues_the_series(bench: Bench) -> None:
    bench.office.box(A, "AB12345")
    await bench.look(A)
    bench.office.box(A, "CD67890")
    await bench.full(bench.key_of("AB12345"))
    assert bench.where == {"AB12345": None, "CD67890": A}
    assert bench.kept[-1].key == bench.key_of("CD67890")
    assert "another device answers at" in bench.identifier.conflicts[0].text


async def test_another_device_is_noticed_by_a_short_look_that_shows_the_serial(bench: Bench) -> None:
    bench.office.box(A, "AB12345")
    await bench.look(A)
    bench.office.box(A, "CD67890", short_identity=Identity(maker="Acme", serial="CD67890"))
    await bench.visit(bench.key_of("AB12345"))
    assert bench.where == {"AB12345": None, "CD67890": A}
    assert {r.key for r in bench.kept if r.identity.serial == "CD67890"} == {bench.key_of("CD67890")}


async def test_who_lost_its_address_becomes_silent_and_says_why(bench: Bench) -> None:
    bench.office.box(A, "AB12345")
    await bench.look(A)
    key = bench.key_of("AB12345")
    bench.office.box(A, "CD67890")
    await bench.full(key)
    await bench.visit(key, times=3)
    silent = [reading for reading in bench.kept if not reading.reachable]
    assert [(r.key, r.silence) for r in silent] == [
        (key, "another device stands at its former address, and it was not found elsewhere")
    ]


async def test_a_new_board_in_the_same_device_is_one_device_and_is_told(bench: Bench) -> None:
    bench.office.box(A, "AB12345", macs=(MAC,), uuid=UUID)
    await bench.look(A)
    key = bench.key_of("AB12345")
    bench.office.box(
        A, "NEW9999", macs=(MAC,), uuid=UUID, short_identity=Identity(maker="Acme", model="Laser 1", serial="NEW9999")
    )
    await bench.visit(key)
    assert len(bench.devices) == 1
    assert bench.kept[-1].key == key
    assert ["NEW9999 instead of AB12345" in conflict.text for conflict in bench.identifier.conflicts] == [True]


async def test_a_device_with_two_cables_is_one_device(bench: Bench) -> None:
    bench.office.box(A, "AB12345", uuid=UUID)
    bench.office.at[B] = bench.office.at[A]
    await bench.look(A)
    await bench.look(B)
    assert bench.where == {"AB12345": A}
    assert len(bench.kept) == 1
    assert not bench.identifier.conflicts


async def test_two_living_devices_with_one_serial_are_kept_apart_and_told(bench: Bench) -> None:
    bench.office.box(A, "AB12345", uuid=UUID)
    bench.office.box(B, "AB12345", uuid=OTHER_UUID)
    await bench.look(A)
    await bench.look(B)
    assert len(bench.devices) == 2
    assert "two devices call themselves acme:AB12345" in bench.identifier.conflicts[0].text
    first, second = {k.identity.uuid: k.key for k in bench.devices}[UUID], bench.kept[-1].key
    await bench.full(first)
    await bench.full(second)
    assert {known.key: known.spot for known in bench.devices} == {first: Spot(address=A), second: Spot(address=B)}
    assert [reading.key for reading in bench.kept[-2:]] == [first, second]


async def test_devices_without_any_evidence_are_told_apart_by_address(bench: Bench) -> None:
    bench.office.box(A, None)
    bench.office.box(B, "0000000")
    await bench.look(A)
    await bench.look(B)
    assert len(bench.devices) == 2
    for known in list(bench.devices):
        await bench.full(known.key)
    assert len(bench.devices) == 2
    assert len({reading.key for reading in bench.kept}) == 2


async def test_silence_is_kept_when_it_begins_to_count_with_the_way_it_was_asked(bench: Bench) -> None:
    bench.office.box(A, "AB12345")
    await bench.look(A)
    key = bench.key_of("AB12345")
    del bench.office.at[A]
    bench.kept.clear()
    await bench.visit(key, times=2)
    assert bench.kept == []
    await bench.visit(key, times=6)
    assert [(r.key, r.reachable, r.silence) for r in bench.kept] == [
        (key, False, f"no answer to SNMP at {A} for 3 rounds")
    ]
    assert bench.kept[0].identity.serial == "AB12345"


async def test_a_refusal_is_told_in_its_own_words(bench: Bench) -> None:
    box = bench.office.box(A, "AB12345")
    await bench.look(A)
    box.error = Refused("the community is wrong")
    await bench.visit(bench.key_of("AB12345"), times=3)
    assert bench.kept[-1].silence == "SNMP: the community is wrong for 3 rounds"


@pytest.mark.parametrize("error", [Garbled("nonsense"), RuntimeError("a bug in a probe"), RecursionError()])
async def test_whatever_a_device_does_to_a_probe_it_is_one_missed_round(bench: Bench, error: Exception) -> None:
    box = bench.office.box(A, "AB12345")
    await bench.look(A)
    box.error = error
    key = bench.key_of("AB12345")
    await bench.visit(key)
    pace = bench.rounds.pace(key)
    assert pace is not None
    assert pace.misses == 1


async def test_after_a_silence_everything_is_asked_first(bench: Bench) -> None:
    box = bench.office.box(A, "AB12345")
    await bench.look(A)
    key = bench.key_of("AB12345")
    del bench.office.at[A]
    await bench.visit(key, times=3)
    bench.office.at[A] = box
    await bench.visit(key)
    assert bench.office.asked[-1] == (A, Round.FULL)
    assert bench.kept[-1].reachable


async def test_a_sleeper_is_known_as_one(bench: Bench) -> None:
    bench.office.box(A, "AB12345", activity=Activity.ASLEEP)
    await bench.look(A)
    await bench.visit(bench.key_of("AB12345"))
    pace = bench.rounds.pace(bench.key_of("AB12345"))
    assert pace is not None
    assert pace.asleep


async def test_names_are_kept_over_a_restart(bench: Bench, tmp_path: Path) -> None:
    bench.office.box(A, "AB12345", macs=(MAC,))
    await bench.look(A, Service(kind="ipp", port=631, path="/ipp/print", name="L"))
    again = Bench(tmp_path)
    await asyncio.to_thread(again.devices.load)
    assert list(again.devices) == list(bench.devices)
    again.office = bench.office
    known = again.devices.at(Spot(address=A))
    assert known is not None
    assert known.services == (Service(kind="ipp", port=631, path="/ipp/print", name="L"),)


def test_a_damaged_row_costs_one_device_and_a_damaged_file_is_named(tmp_path: Path) -> None:
    devices, now = Devices(tmp_path), datetime(2026, 3, 2, tzinfo=UTC)
    for serial, address in (("AB12345", A), ("CD67890", B)):
        seen = Identity(maker="Acme", serial=serial)
        devices.new(seen, Spot(address=address), services=(), ways=(), now=now)
    devices.save()
    spoil(tmp_path / "devices.sqlite", b"AB12345", b'"},{{{{')
    again = Devices(tmp_path)
    again.load()
    assert [known.identity.serial for known in again] == ["CD67890"]
    (tmp_path / "devices.sqlite").write_bytes(b"no database at all " * 300)
    with pytest.raises(SpoolError, match=r"devices\.sqlite"):
        Devices(tmp_path).load()


def spoil(file: Path, before: bytes, after: bytes) -> None:
    file.write_bytes(file.read_bytes().replace(before, after))


def test_a_list_that_cannot_be_written_is_written_later(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    devices, now = Devices(folder), datetime(2026, 3, 2, tzinfo=UTC)
    devices.new(Identity(serial="AB12345"), Spot(address=A), services=(), ways=(), now=now)
    devices.save()
    assert devices.trouble is not None
    folder.mkdir()
    devices.save()
    assert devices.trouble is None
    again = Devices(folder)
    again.load()
    assert len(again) == 1


WHO = Identity(maker="Acme", model="Laser 1", serial="AB12345", uuid=UUID, macs=(MAC,))


@pytest.mark.parametrize(
    ("seen", "is_other"),
    [
        (WHO, False),
        (Identity(), False),
        (Identity(maker="Acme", model="Laser 1"), False),
        (Identity(maker="Acme", model="Laser 2"), True),
        (Identity(maker="Acme", model="LASER-1"), False),
        (Identity(serial="CD67890", maker="Acme"), True),
        (replace(WHO, serial="CD67890"), False),
        (replace(WHO, uuid=OTHER_UUID, macs=(OTHER_MAC,)), False),
        (Identity(maker="Acme", serial="CD67890", uuid=OTHER_UUID, macs=(OTHER_MAC,)), True),
        (Identity(uuid=OTHER_UUID), True),
        (Identity(engine_id="80001f88"), False),
    ],
)
def test_who_contradicts(seen: Identity, is_other: bool) -> None:
    assert another(seen, WHO) is is_other


def test_twins_share_more_than_a_serial() -> None:
    assert twins(WHO, replace(WHO, serial="AB12345"))
    assert not twins(Identity(serial="AB12345"), Identity(serial="AB12345"))
    assert not twins(WHO, replace(WHO, uuid=OTHER_UUID, macs=(OTHER_MAC,)))


def test_addresses_of_cards_do_not_pile_up(tmp_path: Path) -> None:
    devices, now, spot = Devices(tmp_path), datetime(2026, 3, 2, tzinfo=UTC), Spot(address=A)
    known = devices.new(WHO, spot, services=(), ways=(), now=now)
    for number in range(100):
        seen = replace(WHO, macs=(f"00:17:c8:00:01:{number:02x}",))
        known = devices.heard(known, seen, spot, services=(), ways=(), now=now)
    assert len(known.identity.macs) == 16


class HangingAt(OfficeProbe):
    """Gives no answer at one address until it is told to."""

    def __init__(self, office: Office, address: str) -> None:
        super().__init__(office)
        self.address, self.reached, self.free = address, asyncio.Event(), asyncio.Event()

    async def ask(self, target: Target, round_: Round) -> Any:
        if target.address == self.address:
            self.reached.set()
            await self.free.wait()
        return await super().ask(target, round_)


async def test_a_former_place_that_hangs_delays_nobody_else(bench: Bench) -> None:
    bench.office.box(A, "AB12345")
    await bench.look(A)
    probe = HangingAt(bench.office, A)
    bench.asker.probes = {"snmp": probe}
    bench.office.box(B, "AB12345")
    bench.office.box(C, "CD67890")
    looking = asyncio.create_task(bench.look(B))
    async with asyncio.timeout(10):
        await probe.reached.wait()
        await bench.look(C)
        assert bench.where["CD67890"] == C
        assert not looking.done()
        probe.free.set()
        await looking
    assert len(bench.identifier.conflicts) == 1
