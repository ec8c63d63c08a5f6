"""What a poll costs: the agent's SNMP probe against pysnmp sending the very same requests to the same devices.

    python -m bench.polling [--devices N] [--rounds N] [--json]

CPU time is user and system time of this process; the simulated devices run in another. Ours reads answers into the raw
answer of the probe (values by name); pysnmp is used at its fastest (one engine, transports made beforehand, no MIB
look-ups) and only has to hand its variable bindings back.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pysnmp.hlapi.v3arch import asyncio as pysnmp

from agent.probes.probe import SnmpCredential, Target
from agent.probes.snmp import SnmpProbe
from agent.snmp import ber
from agent.snmp.ber import Pdu
from agent.snmp.engine import SnmpEngine
from bench.cost import CpuTime
from bench.responder import Fleet, running
from fleet.reading import Round
from mibs.catalogue import Catalogue, load

Name = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it went over the wire, without its number."""

    kind: Pdu
    names: tuple[Name, ...]
    repetitions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """`requests` and `values` are per poll, the times milliseconds of CPU time per poll."""

    round: Round
    requests: float
    values: float
    ours: float
    pysnmp: float

    @property
    def ratio(self) -> float:
        return self.pysnmp / self.ours


async def measure(fleet: Fleet, round_: Round, rounds: int, catalogue: Catalogue) -> Result:
    """Both sides, one after the other, over the same devices."""
    targets = [Target(address=a, snmp=(SnmpCredential(),), snmp_port=fleet.port) for a in fleet.addresses]
    probe = SnmpProbe(SnmpEngine(packets_per_second=1e9), catalogue)
    values = 0
    for target in targets:  # the plan is learned once in a device's life
        await probe.ask(target, Round.FULL)

    async def ours() -> None:
        nonlocal values
        values = 0
        for target in targets:
            values += len((await probe.ask(target, round_)).values)

    cost = await _median(ours, rounds)
    plans = {target.address: await _requests(probe, target, round_) for target in targets}
    await probe.close()
    count = len(targets)
    return Result(
        round=round_,
        requests=sum(map(len, plans.values())) / count,
        values=values / count,
        ours=cost / count,
        pysnmp=await _pysnmp(fleet, plans, rounds) / count,
    )


async def _pysnmp(fleet: Fleet, plans: dict[str, list[Request]], rounds: int) -> float:
    engine, community, context = pysnmp.SnmpEngine(), pysnmp.CommunityData("public"), pysnmp.ContextData()
    ways = {address: await pysnmp.UdpTransportTarget.create((address, fleet.port)) for address in plans}

    async def send(address: str, request: Request) -> None:
        names = [pysnmp.ObjectType(pysnmp.ObjectIdentity(name)) for name in request.names]
        where = (engine, community, ways[address], context)
        answer: tuple[Any, ...]
        if request.kind is Pdu.GET_BULK:
            answer = await pysnmp.bulk_cmd(*where, 0, request.repetitions, *names, lookupMib=False)
        elif request.kind is Pdu.GET_NEXT:
            answer = await pysnmp.next_cmd(*where, *names, lookupMib=False)
        else:
            answer = await pysnmp.get_cmd(*where, *names, lookupMib=False)
        if answer[0] or answer[1]:
            raise RuntimeError(f"pysnmp at {address}: {answer[0] or answer[1].prettyPrint()}")

    async def theirs() -> None:
        for address, requests in plans.items():
            for request in requests:
                await send(address, request)

    cost = await _median(theirs, rounds)
    engine.close_dispatcher()
    return cost


async def _requests(probe: SnmpProbe, target: Target, round_: Round) -> list[Request]:
    """What the probe sends in one such poll."""
    with _overheard() as requests:
        await probe.ask(target, round_)
    return requests


@contextmanager
def _overheard() -> Iterator[list[Request]]:
    """Notes every request that is encoded while the block runs."""
    heard: list[Request] = []
    encode = ber.request

    def listening(
        version: int, community: bytes, kind: Pdu, request_id: int, names: list[Name], *, repetitions: int = 0
    ) -> bytes:
        heard.append(Request(kind, tuple(names), repetitions))
        return encode(version, community, kind, request_id, names, repetitions=repetitions)

    ber.request = listening
    try:
        yield heard
    finally:
        ber.request = encode


async def _median(work: Callable[[], Awaitable[None]], rounds: int) -> float:
    """Milliseconds of CPU time; the first run warms up and does not count."""
    costs = []
    for _ in range(rounds + 1):
        with CpuTime() as time:
            await work()
        costs.append(time.seconds * 1000)
    return statistics.median(costs[1:])


def _table(results: list[Result]) -> str:
    lines = [f"{'round':8} {'requests':>9} {'values':>7} {'ours, ms CPU':>13} {'pysnmp, ms CPU':>15} {'ratio':>7}"]
    lines += [
        f"{r.round:8} {r.requests:9.1f} {r.values:7.1f} {r.ours:13.3f} {r.pysnmp:15.3f} {r.ratio:6.1f}x"
        for r in results
    ]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.polling", description=__doc__.partition("\n")[0])
    parser.add_argument("--devices", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with running(options.devices) as fleet:
        known = load()
        results = [asyncio.run(measure(fleet, round_, options.rounds, known)) for round_ in (Round.STATUS, Round.FULL)]
    if options.json:
        plain = [{f: getattr(r, f) for f in (*Result.__dataclass_fields__, "ratio")} for r in results]
        sys.stdout.write(json.dumps(plain) + "\n")
    else:
        sys.stdout.write(_table(results) + "\n")


if __name__ == "__main__":
    main()
