"""The SNMP v1/v2c engine: one UDP socket per address family for all devices.

An answer counts only when its request id and its source (address and port) both fit; late, doubled and foreign ones are
dropped. Per device one request is in flight; over all devices a packet rate holds. Time-outs follow the device's
own round trips.
"""

from __future__ import annotations

import asyncio
import ipaddress
import random
from collections.abc import Callable, Sequence
from functools import partial
from weakref import WeakValueDictionary

from agent.probes.probe import SnmpCredential
from agent.snmp import ber
from agent.snmp.ber import Binding, ErrorStatus, Pdu, Response
from agent.snmp.habits import LONGEST_TIMEOUT, Habits
from agent.snmp.raw import MOST_ROWS, Name, Value, Walk
from fleet.errors import Garbled, ProbeError, Refused, Unreachable

RETRIES = 2
SWEEP_NAMES: tuple[Name, ...] = (
    (1, 3, 6, 1, 2, 1, 1, 2, 0),
    (1, 3, 6, 1, 2, 1, 1, 1, 0),
    (1, 3, 6, 1, 2, 1, 1, 5, 0),
    (1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 3, 1),
)
"""sysObjectID, sysDescr, sysName, hrDeviceDescr.1"""


class _Socket(asyncio.DatagramProtocol):
    def __init__(self, received: Callable[[bytes, str, int], None]) -> None:
        self.received = received
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        self.received(data, _plain(str(addr[0])), int(addr[1]))

    def error_received(self, exc: Exception) -> None:
        """ICMP errors of one address must not disturb the others: its own time-out tells."""


def _plain(address: str) -> str:
    return address.partition("%")[0]


def _settle(answer: asyncio.Future[bytes], data: bytes) -> None:
    """The first answer counts; a doubled one changes nothing."""
    if not answer.done():
        answer.set_result(data)


class SnmpEngine:
    """`get`, `walk` and `sweep` for any number of devices. Use as an async context manager, or start() and close()."""

    def __init__(self, *, packets_per_second: float = 1_000) -> None:
        self._sockets: dict[int, _Socket] = {}
        self._waiting: dict[int, tuple[str, int, Callable[[bytes], None]]] = {}
        self._habits: dict[tuple[str, int], Habits] = {}
        self._next_id = random.randrange(1, 2**30)  # noqa: S311  not a secret, only unlike the last run's
        self._gap = 1 / packets_per_second
        self._free_at = 0.0
        self._opening: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self.dropped = 0
        self.types: dict[Name, int] | None = None
        """Where this is a dict, the BER type of every value is noted in it: a recording keeps counters counters."""

    async def __aenter__(self) -> SnmpEngine:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> None:
        """Opens the IPv4 socket now instead of with the first request."""
        await self._socket(4)

    async def close(self) -> None:
        for socket in self._sockets.values():
            if socket.transport:
                socket.transport.close()
        self._sockets.clear()

    @property
    def local_port(self) -> int:
        """The UDP port our IPv4 requests come from. Only after start()."""
        transport = self._sockets[4].transport
        assert transport is not None  # noqa: S101  connection_made has run
        return int(transport.get_extra_info("sockname")[1])

    async def _socket(self, family: int) -> asyncio.DatagramTransport:
        lock = self._opening.setdefault(family, asyncio.Lock())
        async with lock:
            if family not in self._sockets:
                local = ("0.0.0.0" if family == 4 else "::", 0)  # noqa: S104  a client socket: answers come from everywhere
                _, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
                    lambda: _Socket(self._received), local_addr=local
                )
                self._sockets[family] = protocol
        transport = self._sockets[family].transport
        assert transport is not None  # noqa: S101  connection_made has run
        return transport

    def _received(self, data: bytes, address: str, port: int) -> None:
        request_id = ber.request_id_of(data)
        expected = self._waiting.get(request_id) if request_id is not None else None
        if expected is None or expected[:2] != (address, port):
            self.dropped += 1
            return
        expected[2](data)

    def _fresh_id(self) -> int:
        self._next_id = self._next_id % (2**31 - 2) + 1
        return self._next_id

    async def _pace(self) -> None:
        """Waits until the packet rate allows one more."""
        now = asyncio.get_running_loop().time()
        self._free_at = max(self._free_at, now) + self._gap
        if self._free_at - self._gap > now:
            await asyncio.sleep(self._free_at - self._gap - now)

    def habits(self, address: str, port: int) -> Habits:
        return self._habits.setdefault((address, port), Habits())

    def forget(self, address: str, port: int) -> None:
        """Drops what was learned, when another device took the address."""
        self._habits.pop((address, port), None)

    async def _ask(
        self, address: str, port: int, credential: SnmpCredential, kind: Pdu, names: list[Name], repetitions: int = 0
    ) -> Response:
        """One request and its answer, repeated on silence. Unreachable or Garbled."""
        habits, loop = self.habits(address, port), asyncio.get_running_loop()
        transport = await self._socket(ipaddress.ip_address(_plain(address)).version)
        version = 0 if credential.version == "1" else 1
        timeout = habits.timeout
        for attempt in range(RETRIES + 1):
            request_id, answer = self._fresh_id(), loop.create_future()
            message = ber.request(
                version, credential.community.reveal().encode(), kind, request_id, names, repetitions=repetitions
            )
            hear = partial(_settle, answer)
            self._waiting[request_id] = (_plain(address), port, hear)
            try:
                await self._pace()
                sent_at = loop.time()
                transport.sendto(message, (address, port))
                async with asyncio.timeout(min(timeout * 2**attempt, LONGEST_TIMEOUT)):
                    data: bytes = await answer
                habits.took(loop.time() - sent_at)
                response = ber.response(data)
                if self.types is not None:
                    self.types.update((binding.name, binding.tag) for binding in response.bindings)
                return response
            except TimeoutError:
                continue
            except OSError as error:
                raise Unreachable(f"{address} cannot be reached: {error.strerror or error}") from error
            finally:
                self._waiting.pop(request_id, None)
        raise Unreachable(f"{address} does not answer SNMP v{credential.version} on port {port}")

    async def get(
        self, address: str, port: int, credential: SnmpCredential, names: Sequence[Name]
    ) -> dict[Name, Value]:
        """The values of `names` that exist. Names a device does not have are absent.

        tooBig halves the size of this device's requests for good; v1's noSuchName drops the one name and asks again.
        """
        habits, found, todo = self.habits(address, port), dict[Name, Value](), list(names)
        async with habits.lock:
            while todo:
                part, todo = todo[: habits.names_per_get], todo[habits.names_per_get :]
                answer = await self._ask(address, port, credential, Pdu.GET, part)
                if answer.error_status == ErrorStatus.TOO_BIG and len(part) > 1:
                    habits.names_per_get = max(1, len(part) // 2)
                    todo = part + todo
                elif answer.error_status == ErrorStatus.NO_SUCH_NAME and 1 <= answer.error_index <= len(part):
                    del part[answer.error_index - 1]
                    todo = part + todo
                elif answer.error_status == ErrorStatus.NO_SUCH_NAME and len(part) > 1:
                    habits.names_per_get = 1  # it does not say which: ask one by one
                    todo = part + todo
                elif answer.error_status == ErrorStatus.NO_ERROR:
                    wanted = set(part)
                    found |= {b.name: b.value for b in answer.bindings if b.value is not None and b.name in wanted}
                elif answer.error_status != ErrorStatus.NO_SUCH_NAME and len(part) > 1:
                    half = len(part) // 2  # genErr on one object must not cost its neighbours
                    habits.names_per_get = max(1, half)
                    todo = part + todo
        return found

    async def walk(
        self, address: str, port: int, credential: SnmpCredential, root: Name, *, rows: int = MOST_ROWS
    ) -> Walk:
        """The subtree under `root`. Names must strictly rise and stay under it; at most `rows` of them.

        What came before something went wrong is kept, and `broken` says what it was.
        """
        habits, found, last, seen = self.habits(address, port), list[tuple[Name, Value]](), root, 0
        async with habits.lock:
            while True:
                try:
                    bindings = await self._further(address, port, credential, last)
                except ProbeError as error:
                    if not found and isinstance(error, Unreachable):
                        raise
                    return Walk(rows=tuple(found), broken=str(error))
                if not bindings:
                    return Walk(rows=tuple(found))
                for binding in bindings:
                    rises, is_void = binding.name > last, binding.value is None
                    if binding.end or binding.name[: len(root)] != root or (is_void and not rises):
                        return Walk(rows=tuple(found))
                    if not rises:
                        return Walk(rows=tuple(found), broken="the device's object names do not rise")
                    if seen >= rows:
                        return Walk(rows=tuple(found), broken=f"more than {rows} rows")
                    last, seen = binding.name, seen + 1
                    # A cell without a value is a hole in the table and not the end of it.
                    if binding.value is not None:
                        found.append((binding.name, binding.value))

    async def _further(self, address: str, port: int, credential: SnmpCredential, last: Name) -> tuple[Binding, ...]:
        """The next bindings after `last`: by GETBULK where the device can, else by GETNEXT."""
        habits, silent = self.habits(address, port), False
        while credential.version != "1" and habits.repetitions > 1 and not silent:
            try:
                answer = await self._ask(address, port, credential, Pdu.GET_BULK, [last], habits.repetitions)
            except Unreachable:
                silent = True
                continue
            if answer.error_status == ErrorStatus.NO_ERROR and answer.bindings:
                return answer.bindings
            habits.repetitions = habits.repetitions // 2 if answer.error_status == ErrorStatus.TOO_BIG else 1
        answer = await self._ask(address, port, credential, Pdu.GET_NEXT, [last])
        if silent:
            # It answers small questions and dies on large ones; one that is away altogether has taught nothing.
            habits.repetitions = 1
        if answer.error_status == ErrorStatus.NO_SUCH_NAME:
            return ()  # v1's way to say "nothing further"
        if answer.error_status != ErrorStatus.NO_ERROR:
            raise Garbled(f"{address} answers SNMP with error {answer.error_status}")
        return answer.bindings

    async def sweep(
        self,
        addresses: Sequence[str],
        credentials: Sequence[SnmpCredential],
        *,
        port: int = 161,
        rate: float = 250,
        heard: Callable[[str], None],
        patience: float = 1.5,
    ) -> None:
        """One question per address and credential, `rate` addresses a second; `heard` is told of each that answers.

        No retries here: what was missed is found by the next sweep or by a second pass of the caller. Credentials are
        tried in their order, and an address that has answered is not asked again.
        """
        alive: set[str] = set()

        def note(address: str) -> None:
            if address not in alive:
                alive.add(address)
                heard(address)

        for credential in credentials:
            if credential.version == "3":
                await self._sweep_v3([a for a in addresses if a not in alive], port, credential, note)
                continue
            await self._sweep_one([a for a in addresses if a not in alive], port, credential, rate, patience, note)

    async def _sweep_one(
        self,
        addresses: Sequence[str],
        port: int,
        credential: SnmpCredential,
        rate: float,
        patience: float,
        note: Callable[[str], None],
    ) -> None:
        loop, asked = asyncio.get_running_loop(), list[int]()
        version = 0 if credential.version == "1" else 1
        # v1 answers noSuchName for the whole message when one name is missing (RFC 3584): that is a sign of life too.
        names = list(SWEEP_NAMES[:3] if version == 0 else SWEEP_NAMES)
        started = loop.time()
        try:
            for sent, address in enumerate(addresses):
                if (ahead := started + sent / rate - loop.time()) > 0:
                    await asyncio.sleep(ahead)
                request_id = self._fresh_id()
                asked.append(request_id)
                self._waiting[request_id] = (_plain(address), port, lambda _, a=address: note(a))  # type: ignore[misc]
                message = ber.request(version, credential.community.reveal().encode(), Pdu.GET, request_id, names)
                try:
                    transport = await self._socket(ipaddress.ip_address(_plain(address)).version)
                    transport.sendto(message, (address, port))
                except OSError:
                    continue  # no way to this address: it is not heard, which is the truth
            await asyncio.sleep(patience)
        finally:
            for request_id in asked:
                self._waiting.pop(request_id, None)

    async def _sweep_v3(
        self, addresses: Sequence[str], port: int, credential: SnmpCredential, note: Callable[[str], None]
    ) -> None:
        """Only SNMPv3's engine discovery (RFC 3414 section 4) is sent: it needs no key, and gives none away."""
        from agent.snmp.v3 import answers_discovery

        gate = asyncio.Semaphore(32)

        async def one(address: str) -> None:
            async with gate:
                await self._pace()
                if await answers_discovery(address, port):
                    note(address)

        async with asyncio.TaskGroup() as group:
            for address in addresses:
                group.create_task(one(address))


def needs_v3(credential: SnmpCredential) -> bool:
    """Whether pysnmp has to be loaded for this credential."""
    if credential.version not in ("1", "2c", "3"):
        raise Refused(f"unknown SNMP version {credential.version!r}: write 1, 2c or 3")
    return credential.version == "3"
