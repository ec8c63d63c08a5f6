"""Feeds every parser with hostile inputs: no error but its own, no hang, no growing memory, nothing invented.

    python -m bench.fuzz [--inputs N] [--seed N] [--parser NAME ...]
    python -m bench.fuzz --parser ipp --seed 7 --number 1234      one input of a run again
    python -m bench.fuzz --parser ipp --file bench/build/fuzz/ipp-7-1234.bin

The same seed gives the same inputs as long as the good inputs they are made from are the same; those that show a defect
are saved.
"""

from __future__ import annotations

import argparse
import ctypes
import faulthandler
import gc
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bench.hostile.parsers import PARSERS, Parser

SAVED = Path(__file__).parent / "build" / "fuzz"
SECONDS = 10.0
"""CPU time one input may take. The slowest of a good million takes some hundredths of that."""
STUCK_SECONDS = 300
"""After so long in one call that Python never regains control, the process is ended with a trace."""
CHUNK = 50
WARM_UP = 0.25
MOST_BLOCKS, MOST_GROWTH = 50_000, 64 * 2**20
"""What may be added after the warm-up: live objects, and resident memory. The second also holds what was freed between
live objects, so that it wavers; one small object kept of each input would show in the first."""


class Hang(BaseException):
    """One input took longer than any input may. Not an Exception, so that no parser can swallow it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    parser: str
    number: int
    what: str
    place: str
    data: bytes


@dataclass(slots=True)
class Tally:
    """What became of the inputs of one parser."""

    read: int = 0
    refused: int = 0
    seconds: float = 0.0
    octets: int = 0
    worst: float = 0.0
    defects: dict[str, Defect] = field(default_factory=dict)
    repeats: int = 0

    @property
    def inputs(self) -> int:
        return self.read + self.refused + len(self.defects) + self.repeats


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Bytes this process holds, and small objects that live in them."""

    resident: int
    blocks: int


@dataclass(slots=True)
class Outcome:
    seed: int
    tallies: dict[str, Tally]
    memory: list[Memory] = field(default_factory=list)

    @property
    def defects(self) -> list[Defect]:
        return [defect for tally in self.tallies.values() for defect in tally.defects.values()]

    @property
    def is_flat(self) -> bool:
        warm, end = self.memory[int(len(self.memory) * WARM_UP)], self.memory[-1]
        return end.blocks - warm.blocks <= MOST_BLOCKS and end.resident - warm.resident <= MOST_GROWTH


def input_of(parser: Parser, seed: int, number: int) -> bytes:
    return parser.input(Random(f"{seed} {parser.name} {number}"))


@contextmanager
def watched() -> Iterator[None]:
    """Within, an input that takes too much CPU time raises Hang; machine load does not count."""

    def expired(signum: int, frame: object) -> None:
        raise Hang(f"took more than {SECONDS:.0f} seconds of CPU time")

    before = signal.signal(signal.SIGVTALRM, expired)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGVTALRM, before)


def attempt(parser: Parser, data: bytes) -> Exception | Hang | None:
    """Read one input. What comes out is not of the parser's own errors; those are raised."""
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        parser.read(data)
    except parser.errors:
        raise
    except (Exception, Hang) as error:
        return error
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return None


def feed(parser: Parser, tally: Tally, seed: int, number: int) -> None:
    data = input_of(parser, seed, number)
    started = time.process_time()
    try:
        error = attempt(parser, data)
    except parser.errors:
        tally.refused += 1
    else:
        if error is None:
            tally.read += 1
        else:
            place = _place(error)
            if place in tally.defects:
                tally.repeats += 1
            else:
                what = f"{type(error).__name__}: {error}"[:300]
                tally.defects[place] = Defect(parser=parser.name, number=number, what=what, place=place, data=data)
    took = time.process_time() - started
    tally.seconds += took
    tally.octets += len(data)
    tally.worst = max(tally.worst, took)


def _place(error: BaseException) -> str:
    """Where it came from: defects of the same kind at one place are one defect."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename and "/python3" not in frame.filename]
    last = (ours or frames)[-1]
    return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"


def memory() -> Memory:
    gc.collect()
    with suppress(AttributeError, OSError):  # not glibc
        ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return Memory(resident=pages * os.sysconf("SC_PAGE_SIZE"), blocks=sys.getallocatedblocks())


def run(
    parsers: Sequence[Parser], inputs: int, seed: int, progress: Callable[[Outcome, int], None] | None = None
) -> Outcome:
    """`inputs` inputs over these parsers by their shares, in turns, so that memory is that of all of them."""
    whole = sum(parser.share for parser in parsers)
    wanted = {parser.name: max(1, inputs * parser.share // whole) for parser in parsers}
    wanted[parsers[0].name] += max(0, inputs - sum(wanted.values()))
    outcome, done = Outcome(seed, {parser.name: Tally() for parser in parsers}), dict.fromkeys(wanted, 0)
    with watched():
        while any(done[name] < wanted[name] for name in wanted):
            faulthandler.dump_traceback_later(STUCK_SECONDS, exit=True, file=2)
            for parser in parsers:
                stop = min(wanted[parser.name], done[parser.name] + CHUNK * parser.share)
                for number in range(done[parser.name], stop):
                    feed(parser, outcome.tallies[parser.name], seed, number)
                done[parser.name] = stop
            total = sum(done.values())
            if total >= inputs * (len(outcome.memory) + 1) // 20:
                outcome.memory.append(memory())
            if progress:
                progress(outcome, total)
    outcome.memory.append(memory())
    return outcome


# For the terminal


def _save(defect: Defect, seed: int) -> Path:
    SAVED.mkdir(parents=True, exist_ok=True)
    path = SAVED / f"{defect.parser}-{seed}-{defect.number}.bin"
    path.write_bytes(defect.data)
    return path


def _reporter(inputs: int) -> Callable[[Outcome, int], None]:
    started, last = time.monotonic(), 0.0

    def report(outcome: Outcome, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < 5 and total < inputs:
            return
        last = now
        speed = total / (now - started)
        sys.stderr.write(f"{total:>9,} of {inputs:,} inputs, {speed:,.0f} a second, {len(outcome.defects)} defects\n")
        sys.stderr.flush()

    return report


def table(outcome: Outcome) -> str:
    lines = [
        f"{'parser':10} {'inputs':>9} {'read':>9} {'refused':>9} {'inputs/CPU s':>13} {'worst, ms':>10} {'defects':>8}"
    ]
    for name, tally in outcome.tallies.items():
        speed = tally.inputs / tally.seconds if tally.seconds else 0
        lines.append(
            f"{name:10} {tally.inputs:9,} {tally.read:9,} {tally.refused:9,} {speed:13,.0f} {tally.worst * 1000:10.0f}"
            f" {len(tally.defects):8}"
        )
    everything = sum(tally.inputs for tally in outcome.tallies.values())
    seconds = sum(tally.seconds for tally in outcome.tallies.values())
    lines.append(f"{'all':10} {everything:9,} inputs, {everything / seconds:,.0f} per CPU second, seed {outcome.seed}")
    held = outcome.memory[:: max(1, len(outcome.memory) // 10)]
    lines.append(f"resident MB from start to end: {' '.join(f'{m.resident / 2**20:.0f}' for m in held)}")
    lines.append(f"live objects, thousands: {' '.join(f'{m.blocks / 1000:.0f}' for m in held)}")
    return "\n".join(lines)


def _again(parser: Parser, data: bytes) -> None:
    """One input, with the whole trace of what it does."""
    sys.stdout.write(f"{parser.name}: {len(data):,} bytes: {data[:200]!r}\n")
    try:
        with watched():
            error = attempt(parser, data)
    except parser.errors as refusal:
        sys.stdout.write(f"refused, as it may: {type(refusal).__name__}: {refusal}\n")
        return
    if error is None:
        sys.stdout.write("read\n")
        return
    traceback.print_exception(error)
    raise SystemExit(1)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parser", action="append", choices=tuple(PARSERS), help="only this one; may be repeated")
    parser.add_argument("--number", type=int, help="only this input of the run, with its trace")
    parser.add_argument("--file", type=Path, help="only the input saved in this file, with its trace")
    options = parser.parse_args(arguments)
    chosen = [PARSERS[name] for name in options.parser or PARSERS]
    if options.number is not None or options.file is not None:
        if len(chosen) != 1:
            parser.error("--number and --file need one --parser")
        _again(
            chosen[0], options.file.read_bytes() if options.file else input_of(chosen[0], options.seed, options.number)
        )
        return
    outcome = run(chosen, options.inputs, options.seed, _reporter(options.inputs))
    sys.stdout.write(table(outcome) + "\n")
    for defect in outcome.defects:
        path = _save(defect, options.seed)
        sys.stdout.write(f"\n{defect.parser}: {defect.place}: {defect.what}\n  saved as {path}\n")
        sys.stdout.write(
            f"  again: python -m bench.fuzz --parser {defect.parser} --seed {options.seed} --number {defect.number}\n"
        )
    if not outcome.is_flat:
        sys.stdout.write("memory grows: something is kept of every input\n")
    if outcome.defects or not outcome.is_flat:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
