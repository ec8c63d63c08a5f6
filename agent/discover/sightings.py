"""Everything seen so far, address by address, and the targets that follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from agent.discover.candidate import Candidate, Service
from agent.probes.probe import HttpService, Target
from agent.settings import NetworkSettings

MAX_ADDRESSES = 20_000
MAX_SERVICES = 64

_FAMILIES = {"ipp": "print", "ipps": "print", "escl": "scan", "escls": "scan"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place where one device can be asked: an address, and where several devices share it, whose UUID is meant."""

    address: str
    facet: str = ""

    def __str__(self) -> str:
        return f"{self.address} ({self.facet})" if self.facet else self.address


@dataclass(slots=True)
class _Seen:
    services: list[Service] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    hostname: str | None = None


class Sightings:
    """What all sources said, merged by address. Hostile networks cannot make it grow without end."""

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}
        self._home: dict[str, str] = {}
        self._silent: set[str] = set()

    def add(self, candidate: Candidate) -> bool:
        """Take in a candidate; whether it told anything new."""
        if candidate.address not in self._seen and len(self._seen) >= MAX_ADDRESSES:
            return False
        names = [service.name for service in candidate.services if service.name is not None]
        moved = sum(self._withdraw(name, candidate.address) for name in names) > 0
        seen = self._seen.setdefault(candidate.address, _Seen())
        new = moved or candidate.source not in seen.sources
        if new and candidate.source not in seen.sources:
            seen.sources.append(candidate.source)
        for service in candidate.services:
            if service not in seen.services and len(seen.services) < MAX_SERVICES:
                # An announcement of the same name replaces the former one: its port or path has changed.
                seen.services = [s for s in seen.services if service.name is None or s.name != service.name]
                seen.services.append(service)
                new = True
        seen.hostname = candidate.hostname or seen.hostname
        return new

    def swept(self, asked: Iterable[str], heard: Iterable[str]) -> None:
        """A search has asked these addresses by SNMP, and heard some of them."""
        self._silent.update(asked)
        self._silent.difference_update(heard)

    def was_swept(self, address: str) -> bool:
        """Whether it is known by now if SNMP is spoken at `address`."""
        return address in self._silent or any(service.kind == "snmp" for service in self.services(address))

    def leaves_out(self, spot: Spot, services: Iterable[Service]) -> frozenset[str]:
        """Probes not worth a first try at `spot`: SNMP where a search asked in vain and other ways are open."""
        others = any(service.kind not in ("snmp", "other") for service in services)
        return frozenset({"snmp"}) if spot.address in self._silent and others else frozenset()

    def _withdraw(self, name: str, address: str) -> bool:
        """An announced service lives on one host: now on `address`. Whether it had been elsewhere."""
        before = self._home.get(name, address)
        self._home[name] = address
        if before != address and (seen := self._seen.get(before)):
            seen.services = [s for s in seen.services if s.name != name]
        return before != address

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._seen))

    def __len__(self) -> int:
        return len(self._seen)

    def sources(self, address: str) -> tuple[str, ...]:
        seen = self._seen.get(address)
        return tuple(seen.sources) if seen else ()

    def services(self, address: str) -> tuple[Service, ...]:
        seen = self._seen.get(address)
        return tuple(seen.services) if seen else ()

    def hostname(self, address: str) -> str | None:
        seen = self._seen.get(address)
        return seen.hostname if seen else None

    def spots(self, address: str) -> dict[Spot, tuple[Service, ...]]:
        """The devices that may be at `address`: one, unless services of one type announce different UUIDs."""
        return spots(address, self.services(address))


def spots(address: str, services: tuple[Service, ...]) -> dict[Spot, tuple[Service, ...]]:
    """Services of one address, sorted by the device they belong to. SNMP speaks for the host, so it stays unnamed."""
    uuids: dict[str, set[str]] = {}
    for service in services:
        if service.uuid:
            uuids.setdefault(_FAMILIES.get(service.kind, service.kind), set()).add(service.uuid)
    if all(len(found) < 2 for found in uuids.values()):
        return {Spot(address=address): services}
    sorted_out: dict[Spot, tuple[Service, ...]] = {}
    for service in services:
        spot = Spot(address=address, facet=service.uuid or "")
        sorted_out[spot] = (*sorted_out.get(spot, ()), service)
    return sorted_out


def target(spot: Spot, services: Iterable[Service], network: NetworkSettings, *, hostname: str | None = None) -> Target:
    """The ways worth trying at `spot`. SNMP is always one, except for one of several devices on one host."""
    services = tuple(services)
    pjlink = [s.port for s in services if s.kind == "pjlink"]
    hints = {"hostname": hostname} if hostname else {}
    if spot.facet:
        hints["uuid"] = spot.facet
    return Target(
        address=spot.address,
        snmp=() if spot.facet else network.credentials,
        snmp_port=network.snmp_port,
        ipp=_http(services, "ipp"),
        escl=_http(services, "escl"),
        pjlink_port=pjlink[0] if pjlink else None,
        pjlink_password=network.pjlink_password,
        hints=hints,
    )


def _http(services: Iterable[Service], kind: str) -> tuple[HttpService, ...]:
    """Announced services first, as they know path and TLS; of a port that was only found open, both are tried."""
    wanted = [s for s in services if s.kind in (kind, f"{kind}s")]
    announced = [HttpService(port=s.port, path=s.path, tls=s.kind == f"{kind}s") for s in wanted if s.name is not None]
    taken = {service.port for service in announced}
    found = [s.port for s in wanted if s.name is None and s.port not in taken]
    guessed = [HttpService(port=port, tls=tls) for port in found for tls in _tls_guesses(port)]
    return tuple(dict.fromkeys([*sorted(announced, key=lambda s: s.tls), *guessed]))


def _tls_guesses(port: int) -> tuple[bool, ...]:
    return {80: (False,), 443: (True,)}.get(port, (False, True))
