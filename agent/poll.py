"""One poll of one device: every probe that has a way in, one after the other, under one deadline."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from agent.probes.probe import Probe, Raw, Target
from fleet.errors import Garbled, ProbeError, Unreachable
from fleet.fault import Activity
from fleet.kit.clock import Clock
from fleet.reading import Kind, Reading, Round

log = logging.getLogger(__name__)

Normalise = Callable[[Sequence[Raw], str, str, Round, datetime], Reading]
"""(raws, key, address, round, taken at) -> Reading. The composition root binds the catalogue."""

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
    only: Collection[str] = (),
) -> Answers:
    """Ask `target` over each protocol it may speak (or `only` some), never two at a time, within `seconds`."""
    wanted = [(n, p) for n, p in probes.items() if p.wanted(target) and (not only or n in only)]
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
    answers: Answers, normalise: Normalise, *, key: str, address: str, round_: Round, taken_at: datetime
) -> Reading:
    """The reading that `answers` are. What was expected and did not come stands in `partial`."""
    reading = normalise(answers.raws, key, address, round_, taken_at)
    missing = tuple(
        f"{SPOKEN.get(name, name)}: {error}"[:200]
        for name, error in answers.failures.items()
        if not isinstance(error, Unreachable)
    )
    return replace(reading, partial=(*reading.partial, *missing)) if missing else reading


def silent(answers: Answers, *, key: str, address: str, misses: int, round_: Round, clock: Clock) -> Reading:
    """The reading that says: nobody answered, and how often that was tried."""
    text = f"{answers.silence(address)} for {misses} rounds"
    return Reading(key=key, taken_at=clock.now(), reachable=False, round=round_, silence=text)


def is_device(reading: Reading, ways: Collection[str]) -> bool:
    """Whether this is a device of ours: a switch or a computer answers SNMP too."""
    if {"ipp", "escl", "pjlink"} & set(ways):
        return True
    return reading.kind not in (None, Kind.OTHER) or bool(reading.supplies) or bool(reading.trays)


def is_asleep(reading: Reading) -> bool:
    return reading.activity is Activity.ASLEEP
