"""One pass: search, listen, ask everything found once, and group the answers to devices."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from agent.discover.candidate import Candidate, Tell
from agent.discover.mdns import Listener, interfaces_touching
from agent.discover.sightings import Sightings, Spot
from agent.discover.sweep import Search, Sweeper
from agent.discover.territory import Territory
from fleet.identity import Identity, best_match, evidence
from fleet.kit.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A device as one pass saw it: who it is, where, and by what it was found."""

    identity: Identity
    spots: tuple[Spot, ...]
    ways: tuple[str, ...]
    sources: tuple[str, ...]
    kind: str | None

    def plain(self) -> dict[str, Any]:
        """One JSON line."""
        return {
            "maker": self.identity.maker,
            "model": self.identity.model,
            "kind": self.kind,
            "serial": self.identity.serial,
            "uuid": self.identity.uuid,
            "macs": list(self.identity.macs),
            "engine_id": self.identity.engine_id,
            "hostname": self.identity.hostname,
            "address": self.spots[0].address,
            "addresses": list(dict.fromkeys(spot.address for spot in self.spots)),
            "ways": list(self.ways),
            "sources": list(self.sources),
            "evidence": [{"kind": kind, "value": value} for kind, value in evidence(self.identity)],
        }


async def gather(
    territory: Territory, sweeper: Sweeper, clock: Clock, *, seconds: float, tell: Tell
) -> tuple[Sightings, list[str]]:
    """Everything announced within `seconds` and everything a search finds; and what went wrong, in words."""
    sightings = Sightings()

    def found(candidate: Candidate) -> None:
        sightings.add(candidate)

    listener = Listener(territory, found, clock)
    ends = clock.monotonic() + seconds
    try:
        await listener.start(await asyncio.to_thread(interfaces_touching, territory))
        search = Search(territory, sweeper, clock, found, tell, sightings.swept)
        await search.run()
        await clock.sleep(max(0.0, ends - clock.monotonic()))
    finally:
        await listener.close()
    return sightings, [*search.troubles, *filter(None, [listener.trouble])]


def grouped(sights: list[Sight]) -> Iterator[Sight]:
    """One per device: sights that agree in strong evidence are one, with all their places."""
    groups: dict[str, Sight] = {}
    for number, sight in enumerate(sights):
        match = best_match(sight.identity, ((key, known.identity) for key, known in groups.items()))
        if match is None:
            groups[str(number)] = sight
            continue
        known = groups[match[0]]
        groups[match[0]] = Sight(
            identity=known.identity.merged(sight.identity),
            spots=(*known.spots, *sight.spots),
            ways=tuple(dict.fromkeys((*known.ways, *sight.ways))),
            sources=tuple(dict.fromkeys((*known.sources, *sight.sources))),
            kind=known.kind or sight.kind,
        )
    yield from groups.values()
