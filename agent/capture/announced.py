"""What one device announces by DNS-SD while it is recorded, in the form of a capture."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from agent.discover.candidate import Candidate
from agent.discover.mdns import KINDS, Listener, interfaces_touching
from agent.discover.territory import Territory
from agent.settings import NetworkSettings
from fleet.kit.clock import Clock

SECONDS = 3.0
_TYPES = {kind: service_type for service_type, kind in KINDS.items()}


async def heard_of(address: str, network: NetworkSettings, clock: Clock) -> list[dict[str, Any]]:
    """The services announced for this address within a few seconds; empty where this machine hears no multicast."""
    found: list[dict[str, Any]] = []
    territory = Territory((replace(network, mdns=True),))

    def heard(candidate: Candidate) -> None:
        for service in candidate.services:
            row = {
                "type": _TYPES[service.kind].removesuffix(".local."),
                "instance": (service.name or "").partition("._")[0],
                "domain": "local",
                "host": candidate.hostname or "",
                "port": service.port,
                "txt": dict(candidate.facts),
            }
            if candidate.address == address and row not in found:
                found.append(row)

    listener = Listener(territory, heard, clock)
    await listener.start(interfaces_touching(territory))
    try:
        await clock.sleep(SECONDS)
    finally:
        await listener.close()
    return found
