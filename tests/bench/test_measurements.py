"""The measurements run and compare like with like; how fast anything is, is no matter of a test."""

import json

import pytest

from bench import ingest, polling
from bench.readings import taken
from fleet.metric import values
from tests.peers.needs import require


def test_polling_reads_the_same_fleet_both_ways(capsys: pytest.CaptureFixture[str]) -> None:
    require("gcc")
    polling.main(["--devices", "8", "--rounds", "1", "--json"])
    status, full = json.loads(capsys.readouterr().out)
    assert (status["round"], full["round"]) == ("status", "full")
    assert status["requests"] == 1, "a status round is one request"
    assert full["values"] > 100, "a full round reads the whole printer"
    assert all(result["ours"] > 0 and result["pysnmp"] > 0 for result in (status, full))


def test_ingest_takes_every_sample(capsys: pytest.CaptureFixture[str]) -> None:
    ingest.main(["--devices", "10", "--rounds", "2", "--json"])
    results = json.loads(capsys.readouterr().out)
    samples = sum(len(values(reading)) for round_ in (1, 2) for reading in taken(round_, 10))
    assert [result["samples"] for result in results] == [samples, samples]
    assert all(result["ours"] > 0 and result["plain"] > 0 for result in results)
