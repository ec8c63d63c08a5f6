"""Waiting for a time or for an event, whichever comes first."""

from __future__ import annotations

import asyncio

from fleet.kit.clock import Clock


async def until(event: asyncio.Event, seconds: float, clock: Clock) -> bool:
    """Wait for `event`, at most `seconds` on `clock`; whether it came. The event is cleared."""
    tasks = {asyncio.create_task(event.wait()), asyncio.create_task(clock.sleep(seconds))}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    came = event.is_set()
    event.clear()
    return came
