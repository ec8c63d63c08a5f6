"""One poll of one device: every probe that has a way in, one after the other, under one deadline."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from weakref import WeakValueDictionary

from agent.devices import Known
from agent.discover.candidate import Service
from agent.discover.sightings import Sightings, Spot, target
from agent.discover.territory import Territory
from agent.probes.probe import Probe, Raw, Target
from agent.settings import RoundsSettings
from fleet.errors import Garbled, ProbeError, Unreachable, Unsupported
from fleet.fault import Activity, Health
from fleet.kit.clock import Clock
from fleet.reading import Kind, Reading, Round

log = logging.getLogger(__name__)

Normalise = Callable[[Sequence[Raw], str, str, Round, datetime], Reading]
"""(raws, key, address, round, taken at) -> Reading. The composition root binds the catalogue."""

FULL_FACTOR = 2
"""A full reading may take so many times as long as a short look."""
SPOKEN = {"snmp": "SNMP", "ipp": "IPP", "escl": "eSCL", "pjlink": "PJLink"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What came from one device, and what did not, by protocol."""

    raws: tuple[Raw, ...] = ()
    ways: tuple[str, ...] = ()
    failures: Mapping[str, ProbeError] = field(default_factory=dict)

    def silence(self, address: str) -> str:
        """In words, why there is no reading: who did not answer, and who answered something useless."""
        quiet = [SPOKEN.get(name, name) for name, e in self.failures.items() if isinstance(e, Unreachable)]
        parts = [f"no answer to {' and '.join(quiet)} at {address}"] if quiet else []
        parts += [f"{SPOKEN.get(n, n)}: {e}" for n, e in self.failures.items() if not isinstance(e, Unreachable)]
        return "; ".join(parts)[:500] or f"no way to ask {address}"


async def ask(
    probes: Mapping[str, Probe],
    target: Target,
    round_: Round,
    *,
    seconds: float,
    leave_out: Collection[str] = (),
) -> Answers:
    """Ask `target` over each protocol it may speak (but `leave_out`), never two at a time, within `seconds`."""
    wanted = [(n, p) for n, p in probes.items() if n not in leave_out and p.wanted(target)]
    raws, failures = dict[str, Raw](), dict[str, ProbeError]()
    ends = asyncio.get_running_loop().time() + seconds
    for position, (name, probe) in enumerate(wanted):
        # An even share of what is left: a dumb way in must not eat the time of one that works.
        share = max(1.0, (ends - asyncio.get_running_loop().time()) / (len(wanted) - position))
        try:
            async with asyncio.timeout(share):
                raws[name] = await probe.ask(target, round_)
        except ProbeError as error:
            failures[name] = error
        except TimeoutError:
            failures[name] = Unreachable(f"no complete answer within {share:.0f} s")
        except Exception as error:
            log.exception(
                "the %s probe failed; the device is taken as not understood", name, extra={"at": target.address}
            )
            failures[name] = Garbled(f"not understood ({type(error).__name__})")
    return Answers(raws=tuple(raws.values()), ways=tuple(raws), failures=failures)


def read(
    answers: Answers,
    normalise: Normalise,
    *,
    key: str,
    address: str,
    round_: Round,
    taken_at: datetime,
    expected: Collection[str] = (),
) -> Reading:
    """The reading that `answers` are. Ways that are `expected` to answer and did not stand in `partial`."""
    reading = normalise(answers.raws, key, address, round_, taken_at)
    failed = [(name, error) for name, error in answers.failures.items() if name in expected]
    reading = _without_gaps(reading, {name for name, _ in failed}, round_)
    missing = tuple(f"{SPOKEN.get(name, name)}: {error}"[:200] for name, error in failed)
    return replace(reading, partial=(*reading.partial, *missing)) if missing else reading


COMPLAINTS = ("faults", "conditions", "health")
"""What every protocol tells its own share of: who was not heard may still complain."""
SLOTS = ("supplies", "trays")
"""What protocols cut up differently: one silent moment would make other slots of it, and a low cartridge would be
ordered for a second time."""


def _without_gaps(reading: Reading, silent: Collection[str], round_: Round) -> Reading:
    """The reading without what it cannot know, because one who tells of it was not heard: the older value stands, with
    its age. A short look never names slots by another protocol than SNMP while that one speaks."""
    lacking = set(COMPLAINTS) if silent else set()
    if "snmp" in silent or (round_ is Round.STATUS and "snmp" in reading.sources.values()):
        lacking |= {name for name in SLOTS if reading.sources.get(name) not in (None, "snmp")}
    sources = {name: source for name, source in reading.sources.items() if name not in lacking}
    unsaid: dict[str, None] = dict.fromkeys(lacking)
    return replace(reading, sources=sources, **unsaid) if lacking else reading  # type: ignore[arg-type]


def complaining(answers: Answers, normalise: Normalise, reading: Reading) -> frozenset[str]:
    """The ways, SNMP apart, without which the reading would complain of less: a short look must ask them too."""
    whole = _complaints(reading)
    found = set()
    for way in answers.ways:
        others = [raw for raw in answers.raws if raw.protocol != way]
        if way == "snmp" or not others:
            continue
        without = normalise(others, reading.key, reading.identity.address or "", reading.round, reading.taken_at)
        if _complaints(without) != whole:
            found.add(way)
    return frozenset(found)


def _complaints(reading: Reading) -> tuple[object, ...]:
    causes = {fault.cause for fault in reading.faults or () if not fault.informative}
    return causes, set(reading.conditions or ()), reading.health in (Health.WARNING, Health.ERROR) and reading.health


class Asker:
    """Asks a spot: never outside the territory, never two requests to one address at a time."""

    def __init__(
        self,
        probes: Mapping[str, Probe],
        normalise: Normalise,
        territory: Territory,
        sightings: Sightings,
        clock: Clock,
        settings: RoundsSettings,
    ) -> None:
        self.probes, self._normalise, self._clock = probes, normalise, clock
        self._territory, self._sightings, self._settings = territory, sightings, settings
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def services(self, known: Known) -> tuple[Service, ...]:
        """The ways into a known device: as seen now, else as they were."""
        assert known.spot is not None  # noqa: S101 - who has no place is not asked
        return self._sightings.spots(known.spot.address).get(known.spot) or known.services

    async def ask(
        self, spot: Spot, services: tuple[Service, ...], round_: Round, leave_out: Collection[str] = ()
    ) -> Answers:
        network = self._territory.of(spot.address)
        if network is None:
            return Answers(failures={"agent": Unsupported(f"{spot.address} is outside the configured networks")})
        aim = target(spot, services, network, hostname=self._sightings.hostname(spot.address))
        seconds = self._settings.deadline_seconds * (FULL_FACTOR if round_ is Round.FULL else 1)
        lock = self._locks.setdefault(spot.address, asyncio.Lock())
        async with lock:
            return await ask(self.probes, aim, round_, seconds=seconds, leave_out=leave_out)

    def read(
        self, answers: Answers, spot: Spot, round_: Round, *, key: str = "", expected: Collection[str] = ()
    ) -> Reading:
        return read(
            answers,
            self._normalise,
            key=key,
            address=spot.address,
            round_=round_,
            taken_at=self._clock.now(),
            expected=expected,
        )

    def complaining(self, answers: Answers, reading: Reading) -> frozenset[str]:
        """As the function of this name."""
        return complaining(answers, self._normalise, reading)


def is_device(reading: Reading, ways: Collection[str]) -> bool:
    """Whether this is a device of ours: a switch or a computer answers SNMP too."""
    if {"ipp", "escl", "pjlink"} & set(ways):
        return True
    return reading.kind not in (None, Kind.OTHER) or bool(reading.supplies) or bool(reading.trays)


def is_asleep(reading: Reading) -> bool:
    return reading.activity is Activity.ASLEEP
