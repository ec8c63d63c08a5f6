"""What holds for every test: code of ours that blocks the event loop fails the test that ran it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from blockbuster import BlockBuster, blockbuster_ctx

OURS = ("agent", "alerts", "collector", "dashboards", "fleet", "mibs", "pagewarden")

# Where a blocking call is known and harmless: (end of the file's name, function).
ALLOWED = (("zoneinfo/_common.py", "load_data"),)  # a time zone is read once per process


@pytest.fixture(autouse=True)
def blocked_loop() -> Iterator[BlockBuster]:
    """A blocking call (sleep, file, socket, lock, SQLite) on an event loop, with our code on the stack, raises
    BlockingError. What a test itself does there is its own affair."""
    with blockbuster_ctx(list(OURS)) as guard:
        for function in guard.functions.values():
            for file, name in ALLOWED:
                function.can_block_in(file, name)
        yield guard
