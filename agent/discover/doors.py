"""TCP connects: which of a few ports are open. Nothing is sent, so nothing can be harmed or woken by an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from agent.discover.territory import SWEEP_RATE, Territory
from fleet.kit.clock import Clock

CONNECT_SECONDS = 1.0
AT_ONCE = 128


async def open_doors(
    wanted: Iterable[tuple[str, int]],
    territory: Territory,
    clock: Clock,
    *,
    opened: Callable[[str, int], None],
    tried: Callable[[], None] = lambda: None,
) -> None:
    """Call `opened` for each (address, port) that takes a connection. At most 250 new connects a second."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def knock(address: str, port: int) -> None:
        async with gate:
            if await is_open(address, port):
                opened(address, port)
            tried()

    async with asyncio.TaskGroup() as group:
        for count, (address, port) in enumerate(wanted, 1):
            if territory.of(address) is None:
                continue
            group.create_task(knock(address, port))
            if count % 25 == 0:
                await clock.sleep(25 / SWEEP_RATE)


async def is_open(address: str, port: int) -> bool:
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            _, writer = await asyncio.open_connection(address, port)
    except (OSError, TimeoutError):
        return False
    # Nothing was sent and nothing is awaited: give the slot back at once, small devices have few.
    writer.transport.abort()
    return True
