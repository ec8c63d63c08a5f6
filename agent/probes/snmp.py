"""The SNMP probe: a careful first walk, then only what the device is known to have."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from agent.probes.probe import SnmpCredential, Target
from agent.snmp.engine import SnmpEngine, needs_v3
from agent.snmp.raw import Name, SnmpRaw, Value, Walk, dotted
from fleet.errors import ProbeError, Unreachable, Unsupported
from fleet.reading import Round
from mibs.catalogue import Catalogue, Vendor, load
from mibs.match import enterprise_of, vendor_in

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

STANDING: tuple[Name, ...] = (
    (*PRINTER, 10, 2, 1, 3),  # prtMarkerCounterUnit
    (*PRINTER, 11, 1, 1, 5),  # prtMarkerSuppliesType
    (*PRINTER, 11, 1, 1, 6),  # prtMarkerSuppliesDescription
)
"""What volatile values mean, and stays from one full round to the next: feet are no pages in a status round either."""

MOST_STATUS = 40
"""Objects of one status round: one or two requests."""

WHO: tuple[Name, ...] = (OBJECT_ID, (*PRINTER, 5, 1, 1, 17))
"""sysObjectID and prtGeneralSerialNumber: asked in a status round too, to see that it is still the same device."""

FULL_SECONDS = 18.0
"""A full round that takes longer ends with what it has; the caller's own deadline would throw everything away."""

RESTARTED_TICKS = 6_000
"""Up-time may fall by this much (a minute) without a restart: clocks of agents drift."""


class _Session(Protocol):
    async def get(
        self, address: str, port: int, credential: SnmpCredential, names: list[Name]
    ) -> dict[Name, Value]: ...

    async def walk(self, address: str, port: int, credential: SnmpCredential, root: Name) -> Walk: ...


@dataclass(slots=True)
class _Plan:
    """What was learned of the device at one address.

    `alerts` is None while its alert table has not been read whole. `standing` tells what the
    other values mean: an alert about supply 3 says nothing to a reader who does not know what supply 3 is.
    """

    credential: SnmpCredential
    status: list[Name] = field(default_factory=list)
    last: dict[Name, Value] = field(default_factory=dict)
    alerts: dict[Name, Value] | None = None
    standing: dict[Name, Value] = field(default_factory=dict)


@dataclass(slots=True)
class _Taken:
    """What one round brings: values, the tables that did not come whole, and why."""

    values: dict[Name, Value] = field(default_factory=dict)
    missing: list[Name] = field(default_factory=list)
    partial: list[str] = field(default_factory=list)

    def lacks(self, root: Name, why: str) -> None:
        self.missing.append(root)
        self.partial.append(f"{dotted(root)}: {why}")

    def raw(self, plan: _Plan, *, complete: bool) -> SnmpRaw:
        return SnmpRaw(
            taken_at=datetime.now(UTC),
            values=self.values,
            credential_version=plan.credential.version,
            complete=complete,
            missing=tuple(self.missing),
            partial=tuple(self.partial),
        )


class SnmpProbe:
    """Reads one device by SNMP. Remembers per address which credential worked and which volatile objects exist."""

    name = "snmp"

    def __init__(
        self,
        engine: SnmpEngine | None = None,
        catalogue: Catalogue | None = None,
        *,
        full_seconds: float = FULL_SECONDS,
    ) -> None:
        self._engine = engine or SnmpEngine()
        self._catalogue = catalogue or load()
        self._full_seconds = full_seconds
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
        plan, system = self._plans.get(place), dict[Name, Value]()
        if plan is None or plan.credential not in target.snmp:
            credential, system = await self._way_in(target)
            plan = _Plan(credential=credential)
        try:
            raw = await self._status(target, plan) if round_ is Round.STATUS and plan.status else None
            raw = raw or await self._full(target, plan, system)
        except Unreachable:
            # Another device, or another credential, may answer here next time.
            self._plans.pop(place, None)
            self._engine.forget(*place)
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
        said: ProbeError | None = None
        for credential in target.snmp:
            try:
                asked = [OBJECT_ID, (*SYSTEM, 1, 0)]
                system = await self._session(credential).get(target.address, target.snmp_port, credential, asked)
                return credential, system
            except Unreachable:
                continue
            except ProbeError as error:
                said = said or error
        ways = ", ".join(dict.fromkeys(f"v{credential.version}" for credential in target.snmp))
        raise said or Unreachable(f"{target.address} does not answer SNMP ({ways}) on port {target.snmp_port}")

    async def _walk(self, target: Target, plan: _Plan, root: Name, taken: _Taken) -> None:
        """Adds the subtree; what was cut short is noted as lacking, never taken for the whole."""
        try:
            walk = await self._session(plan.credential).walk(target.address, target.snmp_port, plan.credential, root)
        except (Unreachable, asyncio.CancelledError):
            taken.missing.append(root)
            raise
        except ProbeError as error:
            taken.lacks(root, str(error))
            return
        taken.values.update(walk.rows)
        if walk.broken:
            taken.lacks(root, walk.broken)

    async def _full(self, target: Target, plan: _Plan, system: Mapping[Name, Value]) -> SnmpRaw:
        taken, vendor = _Taken(values=dict(system)), None
        todo = [SYSTEM, *IN_ALL]
        try:
            async with asyncio.timeout(self._full_seconds):
                while todo:
                    root = todo.pop(0)
                    await self._walk(target, plan, root, taken)
                    if root == SYSTEM:
                        vendor = self._vendor(taken.values)
                await self._own(target, plan, vendor, taken)
        except TimeoutError:
            taken.missing += todo
            taken.partial.append(f"the device is slow: reading stopped after {self._full_seconds:g} s")
        except Unreachable as error:
            if len(todo) == len(IN_ALL):
                raise  # nothing came at all
            taken.missing += todo
            taken.partial.append(f"the device fell silent: {error}")
        if not taken.values:
            raise Unsupported(
                f"{target.address} answers SNMP but shows nothing: its access list hides the system group"
            )
        self._learn(plan, taken)
        return taken.raw(plan, complete=True)

    def _vendor(self, values: Mapping[Name, Value]) -> Vendor | None:
        object_id = values.get(OBJECT_ID)
        return self._catalogue.vendor_of_enterprise(enterprise_of(object_id if isinstance(object_id, tuple) else None))

    async def _own(self, target: Target, plan: _Plan, vendor: Vendor | None, taken: _Taken) -> None:
        """What the maker keeps beside the standard. A network card may be of another maker than the printer: where its
        object id names nobody, the maker's name in a text decides."""
        text = taken.values.get((*SYSTEM, 1, 0))
        if vendor is None and isinstance(text, bytes):
            vendor = vendor_in(self._catalogue, text.decode("utf-8", "replace"))
        extra = [ENGINE_ID, *(vendor.scalars() if vendor else ())]
        session = self._session(plan.credential)
        taken.values |= await session.get(target.address, target.snmp_port, plan.credential, extra)
        for root in vendor.roots() if vendor else ():
            await self._walk(target, plan, root, taken)

    @staticmethod
    def _learn(plan: _Plan, taken: _Taken) -> None:
        here = sorted(taken.values)
        volatile = [name for root in VOLATILE for name in here if name[: len(root)] == root]
        who = [name for root in WHO for name in here if name[: len(root)] == root]
        plan.status = [UPTIME, *who, *volatile][:MOST_STATUS]
        plan.last = {name: taken.values[name] for name in plan.status if name in taken.values}
        rows = {name: value for name, value in taken.values.items() if name[: len(ALERTS)] == ALERTS}
        plan.alerts = None if ALERTS in taken.missing else rows
        plan.standing = {name: value for name, value in taken.values.items() if name[:-2] in STANDING}

    async def _status(self, target: Target, plan: _Plan) -> SnmpRaw | None:
        """The volatile values; None when the device is not as the plan knows it and must be read anew."""
        session = self._session(plan.credential)
        values = await session.get(target.address, target.snmp_port, plan.credential, plan.status)
        if self._is_another(plan, values):
            return None
        taken = _Taken(values=values)
        moved = any(plan.last.get(name) != value for name, value in values.items() if self._tells(name))
        if moved or plan.alerts is None:
            fresh = _Taken()
            await self._walk(target, plan, ALERTS, fresh)
            plan.alerts = None if fresh.missing else fresh.values
            taken.missing, taken.partial = fresh.missing, fresh.partial
        plan.last = dict(values)
        taken.values |= plan.standing | (plan.alerts or {})
        return taken.raw(plan, complete=False)

    @staticmethod
    def _is_another(plan: _Plan, values: Mapping[Name, Value]) -> bool:
        """Whether it restarted, lost objects, or is another device: then nothing of the plan can be relied on."""
        before, now = plan.last.get(UPTIME), values.get(UPTIME)
        if isinstance(before, int) and isinstance(now, int) and now + RESTARTED_TICKS < before:
            return True
        who = [name for name in plan.last if any(name[: len(root)] == root for root in WHO)]
        return len(values) < len(plan.last) or any(plan.last[name] != values.get(name) for name in who)

    @staticmethod
    def _tells(name: Name) -> bool:
        """Whether a change of this value may mean a new alert. Page counts and up-time do not."""
        counts = (*PRINTER, 10, 2, 1, 4)
        return name != UPTIME and name[: len(counts)] != counts
