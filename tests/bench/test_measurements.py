"""The measurements run and compare like with like; how fast anything is, is no matter of a test."""

import json

import pytest

from bench import ingest, normalising, polling
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


def test_normalising_reads_every_protocol(capsys: pytest.CaptureFixture[str]) -> None:
    normalising.main(["--seconds", "0.05", "--json"])
    results = {result["protocol"]: result for result in json.loads(capsys.readouterr().out)}
    assert results.keys() == {way.name for way in normalising.WAYS}
    assert all(result["ours"] > 0 and result["answers"] > 1 for result in results.values())
    assert results["IPP"]["peer"] > 0


def test_what_normalising_measures_is_whole_readings_of_what_the_peer_reads_too() -> None:
    for messages in normalising.walks()[:5]:
        reading = normalising.snmp(messages)
        assert reading.identity.model
        assert len(normalising.snmp_by_pysnmp(messages)) > 20
