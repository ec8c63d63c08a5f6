"""Listed addresses: devices somebody named. Host names are looked up, and must lead into the configured network."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass

from agent.discover.candidate import Candidate
from agent.discover.territory import Territory
from agent.settings import parsed_address
from fleet.kit.clock import Clock

LOOKUP_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Candidates, and what was named but cannot be used, in words."""

    candidates: tuple[Candidate, ...]
    troubles: tuple[str, ...]


async def listed(territory: Territory, clock: Clock) -> Listed:
    """All listed addresses of the territory as candidates."""
    candidates, troubles = list[Candidate](), list[str]()
    for settings in territory.networks:
        for text in settings.addresses:
            try:
                address = text if parsed_address(text) else await _looked_up(text)
            except (OSError, TimeoutError, UnicodeError) as error:
                troubles.append(f"{text}: the name cannot be looked up ({error or 'no answer in time'})")
                continue
            if territory.of(address) is None:
                troubles.append(f"{text} leads to {address}, which is outside {settings.cidr} or excluded: not asked")
                continue
            hostname = None if address == text else text
            candidates.append(Candidate(address=address, source="listed", seen_at=clock.now(), hostname=hostname))
    return Listed(candidates=tuple(candidates), troubles=tuple(troubles))


async def _looked_up(name: str) -> str:
    """The first address of `name`. Names of mDNS are not the system resolver's business."""
    if name.rstrip(".").lower().endswith(".local"):
        raise OSError("names ending in .local come by mDNS alone; write the address")
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(LOOKUP_SECONDS):
        found = await loop.getaddrinfo(name, None, type=socket.SOCK_DGRAM)
    return str(found[0][4][0])
