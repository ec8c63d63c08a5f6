"""What was seen at one address, and the devices that may be there."""

from __future__ import annotations

from datetime import UTC, datetime

from agent.discover import sightings as module
from agent.discover.candidate import Candidate, Service
from agent.discover.sightings import Sightings, Spot, spots, target
from agent.probes.probe import HttpService
from agent.settings import NetworkSettings

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ONE, OTHER = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
OFFICE = NetworkSettings(cidr="10.0.0.0/24")


def seen(address: str, *services: Service, source: str = "mdns", hostname: str | None = None) -> Candidate:
    return Candidate(address=address, source=source, seen_at=NOW, services=services, hostname=hostname)


def test_seeing_the_same_again_is_no_news() -> None:
    sightings, candidate = Sightings(), seen("10.0.0.1", Service(kind="ipp", port=631, name="L"))
    assert [sightings.add(candidate) for _ in range(3)] == [True, False, False]
    assert len(sightings.services("10.0.0.1")) == 1


def test_one_mfp_with_many_services_is_one_spot() -> None:
    services = (
        Service(kind="ipp", port=631, uuid=ONE, name="a"),
        Service(kind="ipps", port=631, uuid=ONE, name="b"),
        Service(kind="escl", port=80, uuid=OTHER, name="c"),
        Service(kind="snmp", port=161),
    )
    assert list(spots("10.0.0.1", services)) == [Spot(address="10.0.0.1")]


def test_two_scanners_behind_one_host_are_two_spots_and_snmp_is_neither() -> None:
    services = (
        Service(kind="escl", port=8090, path="/a", uuid=ONE, name="a"),
        Service(kind="escl", port=8090, path="/b", uuid=OTHER, name="b"),
        Service(kind="snmp", port=161),
    )
    found = spots("10.0.0.1", services)
    assert {spot.facet: [s.kind for s in mine] for spot, mine in found.items()} == {
        ONE: ["escl"],
        OTHER: ["escl"],
        "": ["snmp"],
    }
    asked = {spot.facet: target(spot, mine, OFFICE) for spot, mine in found.items()}
    assert asked[ONE].escl == (HttpService(port=8090, path="/a"),)
    assert asked[ONE].snmp == ()
    assert asked[""].snmp
    assert asked[""].escl == ()


def test_an_announcement_lives_on_one_host() -> None:
    sightings, service = Sightings(), Service(kind="ipp", port=631, uuid=ONE, name="Laser")
    sightings.add(seen("10.0.0.1", service, Service(kind="pjlink", port=4352)))
    assert sightings.add(seen("10.0.0.2", service))
    assert [s.kind for s in sightings.services("10.0.0.1")] == ["pjlink"]
    assert [s.kind for s in sightings.services("10.0.0.2")] == ["ipp"]
    assert sightings.add(seen("10.0.0.1", service))


def test_a_changed_port_replaces_the_old_one() -> None:
    sightings = Sightings()
    sightings.add(seen("10.0.0.1", Service(kind="ipp", port=631, name="Laser")))
    sightings.add(seen("10.0.0.1", Service(kind="ipp", port=8631, name="Laser")))
    assert [s.port for s in sightings.services("10.0.0.1")] == [8631]


def test_a_hostile_network_cannot_fill_the_memory(monkeypatch: object) -> None:
    sightings = Sightings()
    for number in range(1000):
        sightings.add(seen("10.0.0.1", Service(kind="ipp", port=number + 1, name=f"L{number}")))
    assert len(sightings.services("10.0.0.1")) == module.MAX_SERVICES


def test_announced_ways_come_before_guessed_ones_and_plain_before_tls() -> None:
    services = (
        Service(kind="ipp", port=8631),
        Service(kind="ipps", port=443, path="/ipp/print", name="b"),
        Service(kind="ipp", port=631, path="/ipp/print", name="a"),
        Service(kind="ipp", port=631),
    )
    assert target(Spot(address="10.0.0.1"), services, OFFICE).ipp == (
        HttpService(port=631, path="/ipp/print"),
        HttpService(port=443, path="/ipp/print", tls=True),
        HttpService(port=8631),
        HttpService(port=8631, tls=True),
    )


def test_usual_web_ports_are_guessed_once() -> None:
    services = (Service(kind="escl", port=80), Service(kind="escl", port=443))
    assert target(Spot(address="10.0.0.1"), services, OFFICE).escl == (
        HttpService(port=80),
        HttpService(port=443, tls=True),
    )


def test_a_projector_is_asked_where_its_door_is_open() -> None:
    assert target(Spot(address="10.0.0.1"), (), OFFICE).pjlink_port is None
    assert target(Spot(address="10.0.0.1"), (Service(kind="pjlink", port=4352),), OFFICE).pjlink_port == 4352
