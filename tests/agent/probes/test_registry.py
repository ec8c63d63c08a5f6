"""The list of probes."""

from __future__ import annotations

import asyncio

from agent.probes import PROBES
from agent.probes.probe import Target


async def test_every_probe_can_be_made_and_knows_its_name() -> None:
    for name, make in PROBES.items():
        probe = await asyncio.to_thread(make)  # as the agent does: some read files when they are made
        assert probe.name == name
        assert not probe.wanted(Target(address="192.0.2.1"))
        await probe.close()
