"""What every probe is: asks one device over one protocol, and hands back its raw answer.

Candidate (discover) ──> Target ──> Probe.ask ──> Raw ──> normalise ──> Reading
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from fleet.kit.config import Secret
from fleet.reading import Round


@dataclass(frozen=True, slots=True, kw_only=True)
class SnmpCredential:
    """One way in by SNMP. For version "3" `user` and the protocols speak; for "1" and "2c" the community."""

    version: str = "2c"
    community: Secret = Secret("public")
    user: str = ""
    auth_protocol: str = ""
    auth_key: Secret = Secret("")
    priv_protocol: str = ""
    priv_key: Secret = Secret("")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpService:
    """Where an IPP or eSCL service of a device is. `path` begins with a slash; None means: try the usual ones."""

    port: int
    path: str | None = None
    tls: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One device at one address, and the ways worth trying. An empty way is not tried.

    `snmp` lists credentials in the order they are tried (v3 first where configured).
    """

    address: str
    snmp: tuple[SnmpCredential, ...] = ()
    snmp_port: int = 161
    ipp: tuple[HttpService, ...] = ()
    escl: tuple[HttpService, ...] = ()
    pjlink_port: int | None = None
    pjlink_password: Secret = Secret("")
    hints: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """What one device said over one protocol. Each protocol adds its own fields in a subclass beside its probe's codec.

    `partial` says in words what was asked and did not come, or came broken.
    """

    protocol: str
    taken_at: datetime
    partial: tuple[str, ...] = ()


class Probe(Protocol):
    """`ask` returns a Raw or raises a ProbeError; nothing else leaves it."""

    name: str

    def wanted(self, target: Target) -> bool:
        """Whether the target has anything for this probe."""

    async def ask(self, target: Target, round_: Round) -> Raw: ...

    async def close(self) -> None:
        """Gives sockets and sessions back."""
