"""What making sense of an answer costs: from the bytes of each protocol to a reading, against a peer on the same bytes.

    python -m bench.normalising [--seconds N] [--json]

The bytes are the recorded answers of the simulated office (tests/fixtures/office). A reading is the whole of it:
parsed, and every level, counter, fault and name in the one vocabulary. The peers do less: pysnmp hands bindings back,
ElementTree a tree; pyipp makes a printer with its markers.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from pyasn1.codec.ber import decoder
from pyipp.models import Printer
from pyipp.parser import parse as pyipp_parse
from pysnmp.proto.api import v2c

from agent.inspect import READERS
from agent.normalise import normaliser
from agent.snmp import ber, snmprec
from agent.snmp.raw import Name, SnmpRaw, Value
from bench.cost import CpuTime
from fleet.reading import Reading
from mibs.catalogue import load

RECORDED = Path(__file__).parents[1] / "tests" / "fixtures" / "office"
NOW = datetime(2026, 3, 4, 9, 12, tzinfo=UTC)
ROWS_PER_MESSAGE = 30
RUNS = 5
_RESPONSE = 0xA2

Answer = tuple[bytes, ...]
"""Everything one device said in one way: a body, or the messages of a walk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One protocol, and who else can read it."""

    name: str
    answers: Callable[[], list[Answer]]
    ours: Callable[[Answer], object]
    peer_name: str | None = None
    peer: Callable[[Answer], object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """`ours` and `peer` are answers per CPU second, over the answers that the peer can read where there is one."""

    protocol: str
    answers: int
    kilobytes: float
    ours: float
    peer_name: str | None
    peer: float | None

    @property
    def ratio(self) -> float | None:
        return self.ours / self.peer if self.peer else None


# SNMP: the recorded walk as the messages of a GETBULK walk


def walks() -> list[Answer]:
    found = []
    for path in sorted(RECORDED.glob("*.snmprec")):
        rows = sorted(snmprec.read(path).values.items())
        found.append(tuple(_message(rows[at : at + ROWS_PER_MESSAGE]) for at in range(0, len(rows), ROWS_PER_MESSAGE)))
    return found


def _message(rows: Sequence[tuple[Name, Value]]) -> bytes:
    bindings = b"".join(ber.tlv(ber.SEQUENCE, ber.object_name(name) + _value(value)) for name, value in rows)
    numbers = ber.integer(7) + ber.integer(0) + ber.integer(0)
    pdu = ber.tlv(_RESPONSE, numbers + ber.tlv(ber.SEQUENCE, bindings))
    return ber.tlv(ber.SEQUENCE, ber.integer(1) + ber.tlv(ber.OCTETS, b"public") + pdu)


def _value(value: Value) -> bytes:
    if isinstance(value, bytes):
        return ber.tlv(ber.OCTETS, value)
    if isinstance(value, tuple):
        return ber.object_name(value)
    return ber.integer(value) if -(2**31) <= value < 2**31 else ber.tlv(ber.COUNTER, value.to_bytes(5, "big")[1:])


def snmp(messages: Answer) -> Reading:
    values: dict[Name, Value] = {}
    for message in messages:
        values |= {b.name: b.value for b in ber.response(message).bindings if b.value is not None}
    return normaliser("snmp")(SnmpRaw(taken_at=NOW, values=values), load())


def snmp_by_pysnmp(messages: Answer) -> dict[object, object]:
    values: dict[object, object] = {}
    for message in messages:
        decoded, _ = decoder.decode(message, asn1Spec=v2c.Message())
        values |= dict(v2c.apiPDU.get_varbinds(v2c.apiMessage.get_pdu(decoded)))
    return values


# The others: one body


def bodies(pattern: str) -> Callable[[], list[Answer]]:
    return lambda: [(path.read_bytes(),) for path in sorted(RECORDED.glob(pattern))]


def capture(suffix: str) -> Callable[[Answer], Reading]:
    def read(answer: Answer) -> Reading:
        raw = READERS[suffix](answer[0], NOW)
        return normaliser(raw.protocol)(raw, load())

    return read


def ipp_by_pyipp(answer: Answer) -> object:
    printers: Any = pyipp_parse(answer[0])
    return Printer.from_dict(next(iter(printers["printers"]), {}))


WAYS = (
    Way(name="SNMP, full walk", answers=walks, ours=snmp, peer_name="pysnmp, decoding alone", peer=snmp_by_pysnmp),
    Way(name="IPP", answers=bodies("*.ipp"), ours=capture(".ipp"), peer_name="pyipp", peer=ipp_by_pyipp),
    Way(
        name="eSCL",
        answers=bodies("*.xml"),
        ours=capture(".xml"),
        peer_name="ElementTree, parsing alone",
        peer=lambda answer: ElementTree.fromstring(answer[0]),
    ),
    Way(name="PJLink", answers=bodies("*.txt"), ours=capture(".txt")),
)


def measure(way: Way, seconds: float) -> Result:
    """Both sides over the same answers, in turns."""
    answers = way.answers()
    if way.peer:
        answers = [answer for answer in answers if _reads(way.peer, answer)]
    if not answers:
        raise SystemExit(f"bench: no recorded answers for {way.name}; make them: python -m tests.fixtures")
    ours, peers = list[float](), list[float]()
    for _ in range(RUNS):
        ours.append(_speed(way.ours, answers, seconds / RUNS))
        if way.peer:
            peers.append(_speed(way.peer, answers, seconds / RUNS))
    return Result(
        protocol=way.name,
        answers=len(answers),
        kilobytes=sum(len(part) for answer in answers for part in answer) / len(answers) / 1024,
        ours=statistics.median(ours),
        peer_name=way.peer_name,
        peer=statistics.median(peers) if peers else None,
    )


def _reads(read: Callable[[Answer], object], answer: Answer) -> bool:
    try:
        read(answer)
    except Exception:
        return False
    return True


def _speed(read: Callable[[Answer], object], answers: list[Answer], seconds: float) -> float:
    """Answers per second of CPU time."""
    time, done = CpuTime(), 0
    while time.seconds < seconds:
        with time:
            for answer in answers:
                read(answer)
        done += len(answers)
    return done / time.seconds


def _table(results: list[Result]) -> str:
    lines = [
        f"{'protocol':16} {'answers':>7} {'KB each':>8} {'readings/CPU s':>15} {'peer/CPU s':>11} {'ratio':>6}  peer"
    ]
    for r in results:
        theirs, ratio = (f"{r.peer:.0f}", f"{r.ratio:.1f}x") if r.peer and r.ratio else ("-", "-")
        numbers = f"{r.protocol:16} {r.answers:7} {r.kilobytes:8.1f} {r.ours:15.0f} {theirs:>11} {ratio:>6}"
        lines.append(f"{numbers}  {r.peer_name or 'none at hand'}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.normalising", description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=3.0, help="CPU time for each side of each protocol")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    results = [measure(way, options.seconds) for way in WAYS]
    if options.json:
        plain = [{f: getattr(r, f) for f in (*Result.__dataclass_fields__, "ratio")} for r in results]
        sys.stdout.write(json.dumps(plain) + "\n")
    else:
        sys.stdout.write(_table(results) + "\n")


if __name__ == "__main__":
    main()
