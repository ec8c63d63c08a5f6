"""A small office for tests: devices that can move, fall silent and swap, behind a probe that keeps its promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from agent.probes.probe import Raw, Target
from fleet.errors import Unreachable
from fleet.fault import Activity
from fleet.identity import Identity
from fleet.reading import Kind, Reading, Round

PLACE = "127.77.200"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Raw):
    """What the office's devices say: the reading itself."""

    reading: Reading


@dataclass(slots=True, kw_only=True)
class Box:
    """One device. `status_serial` is whether a short look shows the serial number too."""

    identity: Identity
    kind: Kind | None = Kind.PRINTER
    activity: Activity = Activity.IDLE
    error: Exception | None = None
    short_identity: Identity = field(default_factory=Identity)


class Office:
    """Devices by address, and who was asked what."""

    def __init__(self) -> None:
        self.at: dict[str, Box] = {}
        self.asked: list[tuple[str, Round]] = []

    def box(self, address: str, serial: str | None = None, *, uuid: str | None = None, **changes: object) -> Box:
        model = str(changes.pop("model", "Laser 1"))
        macs = tuple(changes.pop("macs", ()))  # type: ignore[call-overload]
        identity = Identity(maker="Acme", model=model, serial=serial, uuid=uuid, macs=macs)
        self.at[address] = Box(identity=identity, **changes)  # type: ignore[arg-type]
        return self.at[address]


class OfficeProbe:
    """Asks the office as if by SNMP."""

    name = "snmp"

    def __init__(self, office: Office) -> None:
        self.office = office

    def wanted(self, target: Target) -> bool:
        return True

    async def ask(self, target: Target, round_: Round) -> Said:
        self.office.asked.append((target.address, round_))
        box = self.office.at.get(target.address)
        if box is None:
            raise Unreachable(f"{target.address} does not answer")
        if box.error is not None:
            raise box.error
        now = datetime.now(UTC)
        identity = box.identity if round_ is Round.FULL else box.short_identity
        said = Reading(key="", taken_at=now, reachable=True, identity=identity, kind=box.kind, activity=box.activity)
        return Said(protocol=self.name, taken_at=now, reading=said)

    async def close(self) -> None:
        return


def normalise(raws: Sequence[Raw], key: str, address: str, round_: Round, taken_at: datetime) -> Reading:
    said = raws[0]
    assert isinstance(said, Said)
    identity = replace(said.reading.identity, address=address)
    return replace(said.reading, key=key, taken_at=taken_at, round=round_, identity=identity)
