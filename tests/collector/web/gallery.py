"""A collector whose pages have everything to show: every kind of level, every standing, hostile texts, orders, tickets
and mails in all their states, and a second customer whose things are nobody else's business."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from sqlalchemy import Connection, update

from collector.envelope import LARGEST_BODY
from collector.evaluate import evaluate_due
from collector.keys import CATALOGUE, CLOCK, FACTS, SAMPLES, SETTINGS
from collector.people import open_session, password_hash
from collector.store import outbox, tables
from collector.store.devices import list_devices, rename_device
from collector.store.orders import list_orders, move_order
from collector.store.people import add_person, person
from collector.store.samples import Seen
from collector.store.tickets import list_tickets, move_ticket
from collector.web import routes
from fleet.counter import Counter, CounterName, CounterUnit
from fleet.errors import IllegalMove
from fleet.fault import Activity, Actor, Fault, Health, Severity
from fleet.identity import Identity
from fleet.metric import series_name
from fleet.order import OrderState
from fleet.reading import Conflict, Disputed, Kind, Tray, TrayState
from fleet.supply import Direction, Empty, Exact, LowOnly, Quantised, SomeLeft, SupplyReading, SupplyType, Unknown
from fleet.ticket import TicketState
from mibs.catalogue import load
from tests.collector.office import ALL, JAM, START, Office, office, reading, toner

SCRIPT = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://evil.example")'
TURNED = "Room \u202etxet desrever\u202c 9"
LONG = "三楼东侧会议室旁边的彩色数码多功能复合机" * 10
PASSWORD = "correct horse battery"
FAN = Fault(
    cause="fan-failed", severity=Severity.CRITICAL, actor=Actor.TECHNICIAN, text="Cooling fan does not turn", code="7"
)
TRAY_EMPTY = Fault(cause="media-empty", severity=Severity.WARNING, actor=Actor.USER, text="Add paper to tray 2")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser's session: the cookie's value, and what its forms carry."""

    key: str
    csrf: str


def colours(
    black: float, cyan: float, magenta: float, yellow: float, *, brand: str = "AT"
) -> tuple[SupplyReading, ...]:
    """A set of four toners and a waste box that tells nothing."""
    levels = {"black": black, "cyan": cyan, "magenta": magenta, "yellow": yellow}
    return (
        *(
            toner(
                Exact(percent=level) if level else Empty(),
                color=color,
                index=f"1.{n}",
                description=f"{color.capitalize()} Toner",
                part_number=f"{brand}-30{n}{color[0].upper()}",
            )
            for n, (color, level) in enumerate(levels.items(), 1)
        ),
        waste(Unknown()),
    )


def waste(fullness: Any, **more: Any) -> SupplyReading:
    known = None if isinstance(fullness, Unknown) else fullness
    values: dict[str, Any] = {"index": "1.9", "description": "Waste Toner Bottle", "color": None, "fullness": known}
    return toner(Unknown(), type=SupplyType.WASTE, direction=Direction.FILLED, **(values | more))


SIX_KINDS = (
    toner(Exact(percent=61), index="1.1"),
    toner(Quantised(percent=40, step=20), index="1.2", color="cyan"),
    toner(SomeLeft(), index="1.3", color="magenta"),
    toner(LowOnly(), index="1.4", color="yellow"),
    toner(Empty(), index="1.5", type=SupplyType.STAPLES, color=None, description="Staple cartridge"),
    toner(Unknown(), index="1.6", type=SupplyType.DRUM, color=None, description="Drum unit"),
    waste(Exact(percent=70), index="1.7"),
    waste(Unknown(), index="1.8", description="Second waste box"),
    toner(Exact(percent=35), index="1.10", type=SupplyType.FUSER, color=None, description="Fuser kit"),
)

TRAYS = (
    Tray(index="1", state=TrayState.OK, name="Tray 1", level=310, max=550, media="iso_a4_210x297mm"),
    Tray(index="2", state=TrayState.EMPTY, name="Tray 2", level=0, max=550, media="iso_a4_210x297mm"),
    Tray(index="3", state=TrayState.SOME_REMAINING, name="Bypass", media=None),
)

TWO_COUNTS = (Conflict(about=Disputed.PAGES, said={"snmp": "1000", "ipp": "20500"}),)


def pages(total: int, **more: int) -> tuple[Counter, ...]:
    rest = (Counter(name=CounterName(name), value=value) for name, value in more.items())
    return (Counter(name=CounterName.TOTAL, value=total), *rest)


class Gallery:
    """The stores, the people and the application. `clock` stands still at the moment the pages are looked at."""

    def __init__(self, path: Path, *, many: int = 0, jammed: int = 0, roles: tuple[str, ...] = ()) -> None:
        self.office: Office = office(path, hold_factor=0, settle_minutes=0)
        self.clock = self.office.clock
        self.other = self._second_customer()
        self.office.furnish(timezone="Europe/Berlin", address="1 Harbour Street")
        self.tenant_id = self.office.tenant_id
        self.devices: dict[str, dict[str, Any]] = {}
        self._exhibits(many, jammed)
        self._past()
        self._now()
        with self.office.facts.write() as conn:
            self._people(conn, *roles)
            self._moves(conn)
            self._mails(conn)

    # The devices.

    def _add(self, name: str, model: str, maker: str = "Acme", **more: Any) -> None:
        n = len(self.devices) + 10
        who = Identity(
            maker=maker,
            model=model,
            serial=f"SN70{n:05}",
            address=f"10.0.0.{n}",
            macs=(f"00:80:77:31:02:{n % 256:02x}",),
        )
        self.devices[name] = {"key": name, "identity": who, **more}

    def _exhibits(self, many: int, jammed: int) -> None:
        self._add("hero", "ColourWorks 3000", kind=Kind.MFP, supplies=colours(86, 78, 31, 64), trays=TRAYS,
                  location="Copy room 2", firmware="1.14", sources={"counters": "snmp"}, activity=Activity.PRINTING,
                  counters=pages(40_681, since_power_on=1_157, print_total=35_412, copy_total=5_269))  # fmt: skip
        self._add("levels", "SixKinds 600", supplies=SIX_KINDS, location="Quality lab", conflicts=TWO_COUNTS)
        self._add("hostile", SCRIPT, maker=FORMULA, location=TURNED, display=SCRIPT,
                  supplies=(toner(Exact(percent=3), description=SCRIPT, part_number=FORMULA),))  # fmt: skip
        self._add("long", LONG, maker="佳能", location="总部大楼 " + LONG[:120], supplies=colours(60, 9, 55, 41))
        self._add("jammed", "LaserThing 4000", faults=(JAM,), health=Health.ERROR, activity=Activity.STOPPED,
                  display="Open rear cover", location="Reception")  # fmt: skip
        self._add("mended", "LaserThing 4100", faults=(FAN,), health=Health.ERROR, location="Legal")
        self._add("looked-at", "LaserThing 4200", faults=(TRAY_EMPTY,), health=Health.WARNING, location="Finance")
        self._add(
            "low", "ColourWorks 2000", kind=Kind.MFP, supplies=colours(4, 60, 11, 0, brand="CW"), location="Sales"
        )
        self._add("asleep", "InkLine 900", maker="Bolt", activity=Activity.ASLEEP, location="Marketing",
                  supplies=(toner(Exact(percent=44), type=SupplyType.INK),))  # fmt: skip
        self._add("silent", "LaserThing 1000", location="Archive")
        self._add("projector", "BeamMaster W20", maker="Bolt", kind=Kind.PROJECTOR, location="Meeting room Oslo",
                  counters=(), lamp_hours=(1_840,),
                  supplies=(toner(Exact(percent=38), type=SupplyType.LAMP, color=None),))  # fmt: skip
        self._add("scanner", "SheetEater 790", kind=Kind.SCANNER, counters=pages(88, scan_total=88), supplies=())
        self._add("labels", "Zeta 411", kind=Kind.LABEL_PRINTER, location="Dispatch",
                  counters=(Counter(name=CounterName.TOTAL, value=61_613, unit=CounterUnit.FEET),),
                  supplies=(toner(SomeLeft(), type=SupplyType.RIBBON),))  # fmt: skip
        self._add("stranger", "", maker=None, health=None, activity=None, kind=None, counters=None, supplies=None)
        for n in range(many):
            self._add(f"plain-{n}", f"LaserThing {5000 + n}", supplies=(toner(Exact(percent=30 + n % 60)),))
        for n in range(jammed):
            self._add(f"plain-jam-{n}", f"LaserThing {8000 + n}", faults=(JAM,), health=Health.ERROR)

    def _say(self, **changes: dict[str, Any]) -> None:
        """One round of all devices, some of which say something else this time."""
        rows = [{**values, **changes.get(name, {})} for name, values in self.devices.items()]
        self.office.say(*(reading(self.clock.at, **row) for row in rows))

    def _past(self) -> None:
        """The first rounds: faults that last, levels that are low."""
        for _ in range(4):
            self._say(hero={"supplies": colours(70, 90, 31, 64), "counters": pages(32_400)})
            self.clock.on(10)
        with self.office.facts.read() as conn:
            found = list_devices(conn, ALL, limit=500).items
        self.ids = {row.agent_key: row.id for row in found if row.tenant_id == self.tenant_id}
        self.office.samples.write(self._weeks())
        self.clock.on(26 * 24 * 60)

    def _weeks(self) -> list[Seen]:
        """26 days of the hero: toner falls, one cartridge is changed, people print by day, one night is missing."""
        seen, total = [], 32_400.0
        for step in range(26 * 96):
            at = START + timedelta(minutes=60 + 15 * step)
            if step // 96 == 12 and at.hour < 9:
                continue
            total += (
                max(0.0, 14 * math.sin((at.hour - 6) / 12 * math.pi)) if at.weekday() < 5 and 6 < at.hour < 18 else 0
            )
            black = (70 - step / 40) if step < 2000 else (98 - (step - 2000) / 40)
            seen.append(
                Seen(
                    device_id=self.ids["hero"],
                    at=at,
                    values={
                        series_name("printer_pages_total", counter="total"): float(round(total)),
                        series_name("printer_supply_level_ratio", supply="toner-black"): round(black) / 100,
                        series_name("printer_supply_level_ratio", supply="toner-cyan"): round(90 - step / 200) / 100,
                    },
                )
            )
        return seen

    def _now(self) -> None:
        """The last rounds: one device says nothing more, one fault is gone."""
        well = {"faults": (), "health": Health.OK}
        gone = {"reachable": False, "silence": "no answer to SNMP and IPP at 10.0.0.19 for 3 rounds"}
        quiet = {"activity": None, "health": None, "supplies": None, "counters": None, "faults": None, "kind": None}
        for _ in range(3):
            self._say(mended=well, silent={**gone, **quiet})
            self.clock.on(10)
            evaluate_due(self.office.facts, self.office.bench, self.clock.at)
        self._say(mended=well, silent={**gone, **quiet})
        self.clock.at += timedelta(seconds=40)

    def _second_customer(self) -> dict[str, str]:
        """Another tenant's device, order and ticket."""
        self.office.furnish()
        for _ in range(3):
            said = reading(self.clock.on(5), supplies=(toner(Exact(percent=2)),), faults=(JAM,))
            self.office.say(said)
        return {
            "device": self.office.rows(list_devices)[0].id,
            "order": self.office.rows(list_orders)[0].id,
            "ticket": self.office.rows(list_tickets)[0].id,
            "mail": self.office.rows(outbox.list_outbox)[0].id,
        }

    # The people, and what they did.

    def _people(self, conn: Connection, *only: str) -> None:
        hashed, mine = password_hash(PASSWORD), {"tenants": (self.tenant_id,)}
        add: dict[str, Any] = dict.fromkeys(("dispatcher", "technician", "viewer", "vendor"), mine)
        add |= {"owner": {}, "admin": {}, "zh": mine | {"language": "zh"}}
        self.people: dict[str, SignedIn] = {}
        for name in only or add:
            more = add[name]
            role = "technician" if name == "zh" else name
            ident = add_person(conn, f"{name}@dealer.example", f"{name} person", hashed, role, self.clock.at, **more)
            who = person(conn, ident)
            assert who is not None
            opened = open_session(conn, who, self.clock.at)
            self.people[name] = SignedIn(opened.key, opened.csrf)

    def _moves(self, conn: Connection) -> None:
        rename_device(conn, ALL, self.ids["jammed"], "Front desk")
        found = [row for row in list_orders(conn, ALL).items if row.tenant_id == self.tenant_id]
        orders = sorted(found, key=lambda row: (row.device_title, row.supply_key))
        self.order_ids = {f"{row.device_id}/{row.supply_key}": row.id for row in orders}
        steps = (OrderState.PLACED, OrderState.ACKNOWLEDGED, OrderState.SHIPPED)
        for row, far in zip(orders, (0, 2, 3, 0), strict=False):
            for step in steps[:far]:
                try:
                    move_order(conn, ALL, row.id, step, at=self.clock.at, actor="Aylin", reason=f"{SCRIPT} by phone")
                except IllegalMove:
                    continue
        tickets = [row for row in list_tickets(conn, ALL).items if row.tenant_id == self.tenant_id]
        self.ticket_ids = {next(k for k, v in self.ids.items() if v == row.device_id): row.id for row in tickets}
        for step in (TicketState.ACCEPTED, TicketState.DIAGNOSING):
            move_ticket(conn, ALL, self.ticket_ids["mended"], step, at=self.clock.at, actor="Aylin", reason="On it")

    def _mails(self, conn: Connection) -> None:
        """The mails left, but for one of which nobody knows, one that was refused and one that waits."""
        table = tables.outbox
        mine = [row for row in outbox.list_outbox(conn, ALL).items if row.tenant_id == self.tenant_id]
        mine = sorted(mine, key=lambda row: str(row.payload["subject"].partition(": ")[2]))
        self.mail_ids = {"unsure": mine[0].id, "failed": mine[1].id, "waiting": mine[2].id}
        conn.execute(
            update(table)
            .where(table.c.id.in_([row.id for row in mine[3:]]))
            .values(state="sent", sent_at=self.clock.at)
        )
        text = "the sender stopped between handing the message over and hearing back; look whether it arrived"
        conn.execute(update(table).where(table.c.id == mine[0].id).values(state="unsure", error=text))
        conn.execute(update(table).where(table.c.id == mine[1].id).values(state="failed", error=f"550 {SCRIPT}"))

    def app(self) -> web.Application:
        """The pages over these stores. Blocks, as the real application does when it is put together."""
        app = web.Application(client_max_size=LARGEST_BODY)
        app[FACTS], app[SAMPLES], app[CLOCK] = self.office.facts, self.office.samples, self.clock
        app[SETTINGS], app[CATALOGUE] = self.office.settings, load()
        routes.register(app)
        return app

    def paths(self) -> dict[str, str]:
        """Every page there is to look at, by name."""
        return {
            "overview": "/",
            "fleet": "/devices",
            **{f"device-{name}": f"/devices/{self.ids[name]}" for name in self.ids if not name.startswith("plain-")},
            "orders": "/orders?show=all",
            "order": f"/orders/{next(iter(self.order_ids.values()))}",
            "tickets": "/tickets?show=all",
            "ticket": f"/tickets/{self.ticket_ids['jammed']}",
            "ticket-mended": f"/tickets/{self.ticket_ids['mended']}",
            "alerts": "/alerts?show=all",
            "mails": "/mails",
            "agents": "/agents",
            "teach": "/teach",
            "account": "/account",
            "nothing": "/nothing-here",
        }
