"""The SNMP probe: a careful first walk, then only what the device is known to have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from agent.probes.probe import SnmpCredential, Target
from agent.snmp.engine import SnmpEngine, Walk, needs_v3
from agent.snmp.raw import Name, SnmpRaw, Value
from fleet.errors import ProbeError, Refused, Unreachable, Unsupported
from fleet.reading import Round
from mibs.catalogue import Catalogue, load
from mibs.match import enterprise_of

if TYPE_CHECKING:
    from agent.snmp.v3 import V3Session

SYSTEM: Name = (1, 3, 6, 1, 2, 1, 1)
OBJECT_ID: Name = (*SYSTEM, 2, 0)
UPTIME: Name = (*SYSTEM, 3, 0)
PRINTER: Name = (1, 3, 6, 1, 2, 1, 43)
ALERTS: Name = (*PRINTER, 18, 1, 1)
HR_STATUS: Name = (1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 5)
HR_PRINTER: Name = (1, 3, 6, 1, 2, 1, 25, 3, 5, 1)
ENGINE_ID: Name = (1, 3, 6, 1, 6, 3, 10, 2, 1, 1, 0)
IN_ALL: tuple[Name, ...] = (
    (1, 3, 6, 1, 2, 1, 2, 2, 1, 6),  # ifPhysAddress
    (1, 3, 6, 1, 2, 1, 25, 3, 2, 1),  # hrDeviceTable
    HR_PRINTER,
    (*PRINTER, 5, 1, 1),  # prtGeneral
    (*PRINTER, 7, 1, 1),  # prtLocalization
    (*PRINTER, 6, 1, 1),  # prtCover
    (*PRINTER, 8, 2, 1),  # prtInput
    (*PRINTER, 10, 2, 1),  # prtMarker
    (*PRINTER, 11, 1, 1),  # prtMarkerSupplies
    (*PRINTER, 12, 1, 1),  # prtMarkerColorant
    (*PRINTER, 16, 5, 1),  # prtConsoleDisplayBuffer
    ALERTS,
)
"""What every printer is walked for (RFC 3805, RFC 2790, RFC 2863)."""

VOLATILE: tuple[Name, ...] = (
    (*PRINTER, 5, 1, 1, 18),  # prtAlertCriticalEvents
    (*PRINTER, 5, 1, 1, 19),  # prtAlertAllEvents
    HR_STATUS,
    HR_PRINTER,
    (*PRINTER, 6, 1, 1, 3),  # prtCoverStatus
    (*PRINTER, 10, 2, 1, 4),  # prtMarkerLifeCount
    (*PRINTER, 16, 5, 1, 2),  # prtConsoleDisplayBufferText
)
"""What a status round asks for, where the device has it."""

RESTARTED_TICKS = 6_000
"""Up-time may fall by this much (a minute) without a restart: clocks of agents drift."""


class _Session(Protocol):
    async def get(
        self, address: str, port: int, credential: SnmpCredential, names: list[Name]
    ) -> dict[Name, Value]: ...

    async def walk(self, address: str, port: int, credential: SnmpCredential, root: Name) -> Walk: ...


@dataclass(slots=True)
class _Plan:
    """What was learned of the device at one address."""

    credential: SnmpCredential
    status: list[Name] = field(default_factory=list)
    last: dict[Name, Value] = field(default_factory=dict)
    alerts: dict[Name, Value] = field(default_factory=dict)


class SnmpProbe:
    """Reads one device by SNMP. Remembers per address which credential worked and which volatile objects exist."""

    name = "snmp"

    def __init__(self, engine: SnmpEngine | None = None, catalogue: Catalogue | None = None) -> None:
        self._engine = engine or SnmpEngine()
        self._catalogue = catalogue or load()
        self._v3: V3Session | None = None
        self._plans: dict[tuple[str, int], _Plan] = {}

    def wanted(self, target: Target) -> bool:
        return bool(target.snmp)

    async def close(self) -> None:
        await self._engine.close()
        if self._v3:
            await self._v3.close()

    async def ask(self, target: Target, round_: Round) -> SnmpRaw:
        """FULL walks everything; STATUS asks for what moves, and walks the alerts only when something moved."""
        place = (target.address, target.snmp_port)
        plan = self._plans.get(place)
        if plan is None or plan.credential not in target.snmp:
            credential, system = await self._way_in(target)
            plan = _Plan(credential=credential)
        else:
            system = None
        try:
            if round_ is Round.STATUS and plan.status:
                raw = await self._status(target, plan)
                if raw is not None:
                    return raw
            raw = await self._full(target, plan, system)
        except Unreachable:
            self._plans.pop(place, None)  # another device, or another credential, may answer next time
            raise
        self._plans[place] = plan
        return raw

    def _session(self, credential: SnmpCredential) -> _Session:
        if not needs_v3(credential):
            return self._engine
        if self._v3 is None:
            from agent.snmp.v3 import V3Session

            self._v3 = V3Session()
        return self._v3

    async def _way_in(self, target: Target) -> tuple[SnmpCredential, dict[Name, Value]]:
        """The first credential that the device answers, with its answer. Each is tried once: no lock-out."""
        refused: Refused | None = None
        for credential in target.snmp:
            try:
                asked = [OBJECT_ID, (*SYSTEM, 1, 0)]
                system = await self._session(credential).get(target.address, target.snmp_port, credential, asked)
                return credential, system
            except Refused as error:
                refused = error
            except Unreachable:
                continue
        ways = ", ".join(dict.fromkeys(f"v{credential.version}" for credential in target.snmp))
        raise refused or Unreachable(f"{target.address} does not answer SNMP ({ways}) on port {target.snmp_port}")

    async def _walk(self, target: Target, plan: _Plan, root: Name, into: dict[Name, Value]) -> str | None:
        walk = await self._session(plan.credential).walk(target.address, target.snmp_port, plan.credential, root)
        into.update(walk.rows)
        return f"{'.'.join(map(str, root))}: {walk.broken}" if walk.broken else None

    async def _full(self, target: Target, plan: _Plan, system: Mapping[Name, Value] | None) -> SnmpRaw:
        values: dict[Name, Value] = dict(system or {})
        partial = [await self._walk(target, plan, SYSTEM, values)]
        object_id = values.get(OBJECT_ID)
        for root in IN_ALL:
            partial.append(await self._walk(target, plan, root, values))
        vendor = self._catalogue.vendor_of_enterprise(
            enterprise_of(object_id if isinstance(object_id, tuple) else None)
        )
        session = self._session(plan.credential)
        extra = [ENGINE_ID, *(vendor.scalars() if vendor else ())]
        values |= await session.get(target.address, target.snmp_port, plan.credential, extra)
        for root in vendor.roots() if vendor else ():
            partial.append(await self._walk(target, plan, root, values))
        if not values:
            raise Unsupported(
                f"{target.address} answers SNMP but shows nothing: its access list hides the system group"
            )
        plan.status = [UPTIME, *self._volatile(values)]
        plan.last = {name: values[name] for name in plan.status if name in values}
        plan.alerts = {name: value for name, value in values.items() if name[: len(ALERTS)] == ALERTS}
        return self._raw(plan, values, partial)

    @staticmethod
    def _volatile(values: Mapping[Name, Value]) -> list[Name]:
        return [name for root in VOLATILE for name in sorted(values) if name[: len(root)] == root][:40]

    async def _status(self, target: Target, plan: _Plan) -> SnmpRaw | None:
        """The volatile values; None when the device is not the one the plan was learned from and must be read anew."""
        session = self._session(plan.credential)
        values = await session.get(target.address, target.snmp_port, plan.credential, plan.status)
        before, now = plan.last.get(UPTIME), values.get(UPTIME)
        restarted = isinstance(before, int) and isinstance(now, int) and now + RESTARTED_TICKS < before
        if restarted or len(values) < len(plan.last):
            return None
        partial = list[str | None]()
        if any(plan.last.get(name) != value for name, value in values.items() if self._tells(name)):
            fresh: dict[Name, Value] = {}
            try:
                partial.append(await self._walk(target, plan, ALERTS, fresh))
                plan.alerts = fresh
            except ProbeError as error:
                partial.append(f"alerts: {error}")
        plan.last = values
        return self._raw(plan, {**values, **plan.alerts}, partial, complete=False)

    @staticmethod
    def _tells(name: Name) -> bool:
        """Whether a change of this value may mean a new alert. Page counts and up-time do not."""
        counts = (*PRINTER, 10, 2, 1, 4)
        return name != UPTIME and name[: len(counts)] != counts

    @staticmethod
    def _raw(plan: _Plan, values: Mapping[Name, Value], partial: list[str | None], *, complete: bool = True) -> SnmpRaw:
        return SnmpRaw(
            taken_at=datetime.now(UTC),
            values=values,
            credential_version=plan.credential.version,
            complete=complete,
            partial=tuple(words for words in partial if words),
        )
