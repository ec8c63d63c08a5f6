"""A short run of `python -m bench.fuzz` over every parser, and that the machine which looks for defects finds them.

The long run is a matter of the night: `make nightly`.
"""

from __future__ import annotations

import gc
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from agent.inspect import SUFFIXES
from agent.normalise import NORMALISERS
from bench import fuzz
from bench.hostile import seeds
from bench.hostile.invariants import NOW, Broken, check_reading, check_text
from bench.hostile.parsers import PARSERS, Parser
from fleet.counter import Counter, CounterName
from fleet.errors import Garbled
from fleet.reading import Reading
from fleet.supply import Exact, SupplyReading, SupplyType

INPUTS = 8_000
SEED = 20_260_302
MOST_GROWTH = 256 * 1024


@pytest.fixture(scope="module")
def outcome() -> fuzz.Outcome:
    return fuzz.run(list(PARSERS.values()), INPUTS, SEED)


def test_nothing_but_its_own_errors_leaves_a_parser(outcome: fuzz.Outcome) -> None:
    found = [f"{d.parser} --seed {SEED} --number {d.number}: {d.place}: {d.what}" for d in outcome.defects]
    assert found == []


def test_every_parser_got_inputs_that_it_can_read(outcome: fuzz.Outcome) -> None:
    """A parser that refuses everything proves nothing of what comes after it."""
    assert sum(tally.inputs for tally in outcome.tallies.values()) == INPUTS
    for name, tally in outcome.tallies.items():
        assert tally.read > tally.inputs / 8, f"{name}: {tally.read} of {tally.inputs} read"


def test_every_protocol_and_every_kind_of_capture_has_its_parser() -> None:
    """Whoever adds one adds its inputs to bench/hostile/ too."""
    assert {*NORMALISERS} == {"snmp", "ipp", "escl", "pjlink", "mdns"}
    captures = {".snmprec": "snmprec", ".ipp": "ipp", ".xml": "xml", ".json": "mdns", ".txt": "pjlink", ".zip": "zip"}
    assert set(SUFFIXES) == captures.keys()
    assert set(captures.values()) <= PARSERS.keys()


def test_memory_does_not_grow_with_the_inputs(outcome: fuzz.Outcome) -> None:
    assert outcome.is_flat, outcome.memory
    parsers = list(PARSERS.values())
    fuzz.run(parsers, 600, 1)  # tables, patterns and caches are there now
    gc.collect()
    tracemalloc.start()
    try:
        fuzz.run(parsers, 600, 2)
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        fuzz.run(parsers, 600, 3)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < MOST_GROWTH


def test_the_same_seed_gives_the_same_inputs() -> None:
    for parser in PARSERS.values():
        first = [fuzz.input_of(parser, 5, number) for number in range(20)]
        assert first == [fuzz.input_of(parser, 5, number) for number in reversed(range(20))][::-1]
        assert first != [fuzz.input_of(parser, 6, number) for number in range(20)]


def test_it_runs_without_recordings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PAGEWARDEN_SHARED", str(tmp_path))
    assert seeds.recorded("snmp") == []
    alone = [replace(parser, _seeds=[]) for parser in PARSERS.values()]
    outcome = fuzz.run(alone, 300, 4)
    assert outcome.defects == []
    assert all(parser._seeds for parser in alone)


# The machine itself


def parser(read: object) -> Parser:
    return Parser(name="made", read=read, make=lambda rng: b"x", good=lambda: [b"y"], errors=(Garbled,))  # type: ignore[arg-type]


def test_a_foreign_error_is_a_defect_and_its_input_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def read(data: bytes) -> None:
        if len(data) > 40:
            raise KeyError("a table without this row")
        if data.startswith(b"y"):
            raise Garbled("no good")

    monkeypatch.setitem(PARSERS, "made", parser(read))  # type: ignore[arg-type]
    monkeypatch.setattr(fuzz, "SAVED", tmp_path)
    with pytest.raises(SystemExit, match="1"):
        fuzz.main(["--parser", "made", "--inputs", "400", "--seed", "9"])
    out = capsys.readouterr().out
    (saved,) = tmp_path.iterdir()
    number = saved.stem.rpartition("-")[2]
    assert len(saved.read_bytes()) > 40
    assert f"again: python -m bench.fuzz --parser made --seed 9 --number {number}" in out
    assert "KeyError" in out
    for again in (["--number", number], ["--file", str(saved)]):
        with pytest.raises(SystemExit, match="1"):
            fuzz.main(["--parser", "made", "--seed", "9", *again])
        assert "a table without this row" in capsys.readouterr().err


def test_a_parser_that_keeps_its_inputs_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[list[bytes]] = []
    monkeypatch.setattr(fuzz, "MOST_BLOCKS", 2_000)
    assert not fuzz.run([parser(lambda data: kept.append([data, data[1:]]))], 4_000, 1).is_flat
    assert len(kept) > 3_000


def test_a_hang_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(data: bytes) -> None:
        try:
            until = time.process_time() + 30
            while time.process_time() < until:
                pass
        except Exception:  # a parser that swallows everything
            pass

    monkeypatch.setattr(fuzz, "SECONDS", 0.05)
    with fuzz.watched():
        error = fuzz.attempt(parser(read), b"")
    assert isinstance(error, fuzz.Hang)


def a_reading(**more: object) -> Reading:
    return Reading(key="", taken_at=NOW, reachable=True, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (a_reading(location="Hall\x1b[2J"), "U+001B"),
        (a_reading(display="\u202eedoc"), "U+202E"),
        (a_reading(partial=("x" * 5_000,)), "5000 characters"),
        (a_reading(counters=(Counter(name=CounterName.TOTAL, value=2**64),)), "18446744073709551616"),
        (a_reading(supplies=(SupplyReading(index="1", type=SupplyType.INK, level=Exact(percent=5)),) * 300), "256"),
    ],
    ids=["escape", "turned", "long", "huge", "many"],
)  # fmt: skip
def test_what_must_hold_is_looked_at(reading: Reading, words: str) -> None:
    with pytest.raises(Broken) as broken:
        check_reading(reading)
    assert words in str(broken.value)


def test_a_good_reading_and_a_good_text_pass() -> None:
    check_reading(a_reading(location="Büro 4, 北京"))
    check_text("Ready", "panel")


def test_the_outcome_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    fuzz.main(["--inputs", "200", "--parser", "charset", "--parser", "device-id"])
    out = capsys.readouterr().out
    assert "charset" in out
    assert "200 inputs" in out
