"""Answers recorded from the simulated office: the whole result of each is what it was.

A difference is a change of what customers see. `PAGEWARDEN_WRITE_FIXTURES=1` writes the results anew, once it is meant.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from agent.inspect import inspect_capture
from mibs.catalogue import load
from tests.agent.snapshots import place, recorded, whole, write
from tests.fixtures import EXPECTED


@pytest.mark.parametrize("path", recorded(), ids=lambda path: path.name)
def test_the_whole_result_is_what_it_was(path: Path) -> None:
    reading = inspect_capture(path, load())
    if os.environ.get("PAGEWARDEN_WRITE_FIXTURES"):
        write(path, reading)
    assert whole(path, reading) == json.loads(place(path).read_text("utf-8"))


def test_every_way_of_asking_is_among_them_and_no_result_is_left_over() -> None:
    names = {path.name for path in recorded()}
    assert {Path(name).suffix for name in names} == {".snmprec", ".ipp", ".xml", ".txt"}
    assert {path.name.removesuffix(".json") for path in EXPECTED.iterdir()} == names
    assert len(names) > 50


def test_what_the_devices_are_is_told_by_each_of_their_protocols() -> None:
    """The results agree with each other: one device has one maker, one model and one serial number."""
    told: dict[str, set[tuple[str, str]]] = {}
    for path in recorded():
        result = json.loads(place(path).read_text("utf-8"))
        for field in ("manufacturer", "serial"):
            if result[field]:
                told.setdefault(path.stem.removesuffix("-status"), set()).add((field, result[field]))
    assert {name: sorted(said) for name, said in told.items() if len(said) > 2} == {}
