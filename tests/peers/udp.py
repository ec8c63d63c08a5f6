"""A UDP server on loopback that answers what a function says: for devices that misbehave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

Answer = Callable[[bytes], list[bytes]]


class _Server(asyncio.DatagramProtocol):
    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[bytes] = []

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.asked.append(data)
        for message in self.answer(data):
            self.transport.sendto(message, addr)


@asynccontextmanager
async def udp_server(answer: Answer, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[tuple[int, list[bytes]]]:
    """Gives its port, and the list of what it was asked."""
    transport, server = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Server(answer), local_addr=(host, port)
    )
    try:
        yield transport.get_extra_info("sockname")[1], server.asked
    finally:
        transport.close()
