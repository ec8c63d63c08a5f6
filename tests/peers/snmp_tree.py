"""A device made of values, that can be told to misbehave: an SNMP v1/v2c responder not written by the engine's room."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from pagewarden.demo.office import ber
from pagewarden.demo.office.snmp import Responder, View
from tests.peers.udp import udp_server

Oid = tuple[int, ...]
V1, V2C = 0, 1


class Tree:
    """`values` may change between questions. `silent` says which questions get no answer; `asked` keeps all names."""

    def __init__(
        self,
        values: dict[str, ber.Value],
        *,
        versions: frozenset[int] = frozenset({V1, V2C}),
        silent: Callable[[Oid], bool] = lambda _: False,
    ) -> None:
        self.values = {ber.oid(name): value for name, value in values.items()}
        self.silent = silent
        self.asked: list[Oid] = []
        self._responder = Responder(lambda: View(self.values), versions)

    def set(self, name: str, value: ber.Value) -> None:
        self.values[ber.oid(name)] = value

    def answer(self, data: bytes) -> list[bytes]:
        names = asked_in(data)
        self.asked += names
        if any(self.silent(name) for name in names):
            return []
        found = self._responder.answer(data)
        return [found] if found else []


def asked_in(data: bytes) -> list[Oid]:
    """The names a request asks for."""
    _, message, _ = ber.item(data, 0)
    _, pdu = ber.items(message)[2]
    return [ber.arcs(ber.items(bind)[0][1]) for _, bind in ber.items(ber.items(pdu)[3][1])]


@asynccontextmanager
async def snmp_tree(tree: Tree) -> AsyncIterator[int]:
    """Serves it; gives the port on 127.0.0.1."""
    async with udp_server(tree.answer) as (port, _):
        yield port
