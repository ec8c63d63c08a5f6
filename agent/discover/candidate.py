"""A candidate: something at an address that may be a device. A hint, never a proof of who it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One way in that was announced or found open. `kind` is ipp, ipps, escl, escls, pjlink, snmp or other.

    `name` is the instance name of an announcement: it lives on one host at a time.
    """

    kind: str
    port: int
    path: str | None = None
    uuid: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What one source says of one address. `facts` are cleaned texts, for people and as hints to the probes."""

    address: str
    source: str
    seen_at: datetime
    services: tuple[Service, ...] = ()
    hostname: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a search is, for a person who waits."""

    step: str
    done: int
    total: int
    found: int


Tell = Callable[[Progress], None]


def quiet(_: Progress) -> None:
    """Tells nobody."""
