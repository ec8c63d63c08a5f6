"""A collector with two customers, each with a device, an order, a ticket and alerts, and tokens for programs."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from aiohttp import web

from collector.keys import CLOCK, FACTS, SAMPLES, SETTINGS
from collector.store.agents import AgentRow
from collector.store.people import add_api_token
from fleet.counter import Counter, CounterName
from fleet.identity import Identity
from fleet.reading import Kind, Tray, TrayState
from fleet.supply import Exact, SomeLeft, SupplyType, Unknown
from tests.collector.office import JAM, START, Office, office, reading, toner


class TwoCustomers:
    """`acme` and `bolt` are agents of two tenants; `tokens` has acme, bolt (read) and all (may write)."""

    def __init__(self, path: Path) -> None:
        self.office: Office = office(path, hold_factor=0, settle_minutes=0)
        self.acme = self._customer("SN0012345", "10.0.0.5")
        self.bolt = self._customer("SN0098765", "10.0.0.6")
        with self.office.facts.write() as conn:
            self.tokens = {
                "acme": add_api_token(conn, "acme", START, tenant_id=self.acme.tenant_id),
                "bolt": add_api_token(conn, "bolt", START, tenant_id=self.bolt.tenant_id),
                "all": add_api_token(conn, "all", START, may_write=True),
            }

    def _customer(self, serial: str, address: str) -> AgentRow:
        agent = self.office.furnish()
        who = Identity(maker="Acme", model="LaserThing 4000", serial=serial, address=address, hostname=f"p-{address}")
        supplies = (
            toner(Exact(percent=4), part_number="AT-4000K"),
            toner(SomeLeft(), color="cyan", index="1.2"),
            toner(Unknown(), type=SupplyType.WASTE, color=None, index="1.3"),
        )
        for _ in range(5):
            self.office.say(
                reading(
                    self.office.clock.on(5),
                    identity=who,
                    kind=Kind.MFP,
                    firmware="1.2.3",
                    supplies=supplies,
                    faults=(JAM,),
                    trays=(Tray(index="1", state=TrayState.OK, name="Tray 1", level=250, max=500),),
                    counters=(
                        Counter(name=CounterName.TOTAL, value=1000),
                        Counter(name=CounterName.MONO, value=900),
                    ),
                    sources={"supplies": "snmp"},
                )
            )
        return agent

    def app(self, *rooms: ModuleType) -> web.Application:
        """An application over these stores with the routes of these rooms. Blocks, as the real one does."""
        app = web.Application()
        app[FACTS], app[SAMPLES], app[CLOCK] = self.office.facts, self.office.samples, self.office.clock
        app[SETTINGS] = self.office.settings
        for room in rooms:
            room.register(app)
        return app

    def header(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[who]}"}
