"""An SNMP responder for versions 1 and 2c over a live tree: GET, GETNEXT, GETBULK; never SET."""

from __future__ import annotations

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from contextlib import suppress

from pagewarden.demo.office.ber import (
    END_OF_VIEW,
    INTEGER,
    NO_SUCH_INSTANCE,
    NULL,
    OCTETS,
    OID,
    SEQUENCE,
    Broken,
    Oid,
    Value,
    arcs,
    encode,
    item,
    items,
    whole,
    wrap,
)

_GET, _GETNEXT, _RESPONSE, _SET, _GETBULK = 0xA0, 0xA1, 0xA2, 0xA3, 0xA5
_TOO_BIG, _NO_SUCH_NAME, _READ_ONLY, _NOT_WRITABLE = 1, 2, 4, 17
_LARGEST = 1400
"""Bytes of an answer: one packet of an Ethernet, as small print servers do it."""

Bind = tuple[Oid, Value]


class View:
    """A sorted picture of one device's tree."""

    def __init__(self, values: dict[Oid, Value]) -> None:
        self.values = values
        self.order = sorted(values)

    def get(self, oid: Oid) -> Value | None:
        return self.values.get(oid)

    def after(self, oid: Oid) -> Oid | None:
        """The first object behind `oid`."""
        place = bisect_right(self.order, oid)
        return self.order[place] if place < len(self.order) else None

    def under(self, prefix: Oid) -> list[Oid]:
        """All objects in the subtree of `prefix`."""
        return self.order[bisect_left(self.order, prefix) : bisect_left(self.order, (*prefix[:-1], prefix[-1] + 1))]


class Responder(asyncio.DatagramProtocol):
    """Answers for one device. Silent to versions it does not speak and to other communities."""

    def __init__(self, view: Callable[[], View], versions: frozenset[int], community: bytes = b"public") -> None:
        self._view, self._versions, self._community = view, versions, community
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        with suppress(Broken, IndexError):
            if (answer := self.answer(data)) and self._transport is not None:
                self._transport.sendto(answer, addr)

    def answer(self, data: bytes) -> bytes | None:
        """The answer to one packet; None is silence."""
        tag, message, _ = item(data, 0)
        if tag != SEQUENCE:
            raise Broken("not a message")
        (_, version), (_, community), (kind, pdu) = items(message)[:3]
        if whole(version) not in self._versions or community != self._community:
            return None
        request, first, second, binds = (content for _, content in items(pdu)[:4])
        asked = [arcs(items(bind)[0][1]) for _, bind in items(binds)]
        v1 = whole(version) == 0
        status, place, found = self._found(kind, asked, v1=v1, non_repeaters=whole(first), repetitions=whole(second))
        head = encode(Value(INTEGER, whole(version))) + wrap(OCTETS, community)
        answer = _message(head, request, status, place, found)
        if len(answer) <= _LARGEST:
            return answer
        if kind == _GETBULK:
            return _message(head, request, 0, 0, _fitting(found))
        # RFC 3416 4.2.1: version 2c sends no names back with tooBig, version 1 the names as they were asked.
        return _message(head, request, _TOO_BIG, 0, [(oid, Value(NULL, None)) for oid in asked] if v1 else [])

    def _found(
        self, kind: int, asked: list[Oid], *, v1: bool, non_repeaters: int, repetitions: int
    ) -> tuple[int, int, list[Bind]]:
        view = self._view()
        if kind == _GETBULK and not v1:
            return 0, 0, _bulk(view, asked, max(0, non_repeaters), min(max(0, repetitions), 100))
        if kind == _SET:
            return (_READ_ONLY if v1 else _NOT_WRITABLE), 1, [(oid, Value(NULL, None)) for oid in asked]
        if kind not in (_GET, _GETNEXT):
            raise Broken("unknown request")
        found = [_next(view, oid) if kind == _GETNEXT else _exact(view, oid) for oid in asked]
        missing = next((n for n, (_, value) in enumerate(found, 1) if value.tag >= 0x80), 0)
        if v1 and missing:
            # Version 1 has no exceptions: one missing object spoils the whole answer (RFC 1157 4.1.2).
            return _NO_SUCH_NAME, missing, [(oid, Value(NULL, None)) for oid in asked]
        return 0, 0, found


def _message(head: bytes, request: bytes, status: int, place: int, binds: list[Bind]) -> bytes:
    body = (
        wrap(INTEGER, request)
        + encode(Value(INTEGER, status))
        + encode(Value(INTEGER, place))
        + wrap(SEQUENCE, b"".join(_bind(bind) for bind in binds))
    )
    return wrap(SEQUENCE, head + wrap(_RESPONSE, body))


def _bind(bind: Bind) -> bytes:
    return wrap(SEQUENCE, encode(Value(OID, bind[0])) + encode(bind[1]))


def _fitting(binds: list[Bind]) -> list[Bind]:
    """As many as fit into one packet; a GETBULK may be answered in part (RFC 3416 4.2.3)."""
    room, count = _LARGEST - 60, 0
    for bind in binds:
        room -= len(_bind(bind))
        if room < 0:
            break
        count += 1
    return binds[: max(1, count)]


def _exact(view: View, oid: Oid) -> Bind:
    return oid, view.get(oid) or Value(NO_SUCH_INSTANCE, None)


def _next(view: View, oid: Oid) -> Bind:
    after = view.after(oid)
    return (oid, Value(END_OF_VIEW, None)) if after is None else (after, view.values[after])


def _bulk(view: View, asked: list[Oid], non_repeaters: int, repetitions: int) -> list[Bind]:
    found = [_next(view, oid) for oid in asked[:non_repeaters]]
    columns = asked[non_repeaters:]
    for _ in range(repetitions):
        row = [_next(view, oid) for oid in columns]
        found += row
        columns = [oid for oid, _ in row]
        if all(value.tag == END_OF_VIEW for _, value in row):
            break
    return found
