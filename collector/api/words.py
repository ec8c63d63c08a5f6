"""What the API answers with, and what its lists can be asked."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

from fleet.alert import AlertState
from fleet.counter import Counter
from fleet.fault import Condition, Fault, Severity
from fleet.identity import Identity
from fleet.order import OrderState
from fleet.reading import Kind, Tray
from fleet.supply import SupplyType
from fleet.ticket import TicketState

T = TypeVar("T")
Standing = Literal["working", "look", "stopped", "asleep", "silent", "unknown"]
Known = Literal["exact", "quantised", "some-left", "low", "empty", "unknown"]
Limit = Annotated[int, Meta(ge=1, le=500, description="At most so many items.")]
Cursor = Annotated[str, Meta(description="Continue here: the `next` of the list before, with the same sort order.")]
Search = Annotated[str, Meta(description="Only what has this text in its names, numbers or places.")]
SiteId = Annotated[str, Meta(description="Only of this site.")]
DeviceId = Annotated[str, Meta(description="Only of this device.")]
Sort = Annotated[str, Meta(description="With - in front it is turned round.")]


class Page(Struct, Generic[T], kw_only=True):
    """A piece of a list. `next` is the cursor of the following piece, null at the end."""

    items: tuple[T, ...]
    next: str | None


class Level(Struct, kw_only=True, rename={"is_": "is"}):
    """How much is honestly known. `percent` only where the device vouches for a number; `step` where it counts in
    coarse steps. "some-left", "low" and "unknown" have no number."""

    is_: Known
    percent: float | None
    step: int | None


class Supply(Struct, kw_only=True):
    """A supply slot of a device. `cartridge` counts the cartridges seen in it, from 1; `gone_at`: no longer named."""

    id: str
    device_id: str
    device: str
    site_id: str
    site: str
    key: str
    type: str
    color: str | None
    direction: str
    description: str | None
    part_number: str | None
    cartridge_serial: str | None
    level: Level
    fullness_percent: float | None
    raw_level: int | None
    raw_max: int | None
    unit: str | None
    cartridge: int
    read_at: datetime
    changed_at: datetime
    gone_at: datetime | None


class Device(Struct, kw_only=True):
    """A device and everything known of it now. null: the device does not say. `ages` and `sources` tell for each
    field when and over which protocol it was last said; `standing` is the one word the pages show."""

    id: str
    tenant_id: str
    site_id: str
    site: str
    agent_id: str | None
    name: str | None
    title: str
    kind: str | None
    maker: str | None
    model: str | None
    serial: str | None
    address: str | None
    hostname: str | None
    location: str | None
    contact: str | None
    firmware: str | None
    identity: Identity
    standing: str
    reachable: bool
    silence: str | None
    health: str | None
    activity: str | None
    conditions: tuple[Condition, ...] | None
    display: str | None
    pages_total: int | None
    counters: tuple[Counter, ...] | None
    supplies: tuple[Supply, ...]
    trays: tuple[Tray, ...] | None
    faults: tuple[Fault, ...] | None
    lamp_hours: tuple[int, ...] | None
    boot_at: datetime | None
    first_seen_at: datetime
    heard_at: datetime | None
    asked_at: datetime | None
    ages: dict[str, datetime]
    sources: dict[str, str]


class Alert(Struct, kw_only=True):
    """One episode of something that matters on a device or an agent, with its evidence."""

    id: str
    device_id: str | None
    agent_id: str | None
    subject_title: str
    rule: str
    subject: str
    cause: str
    severity: str
    state: AlertState
    text: str
    evidence: dict[str, str]
    episode: int
    first_seen_at: datetime
    last_seen_at: datetime
    raised_at: datetime | None
    cleared_at: datetime | None


class Move(Struct, kw_only=True):
    """One step of a life; a note where before and after are the same."""

    before: str
    after: str
    at: datetime
    actor: str
    reason: str


class Order(Struct, kw_only=True):
    """Something to be sent to the customer. `moves` is its story, oldest first; lists leave it out (null)."""

    id: str
    number: int
    state: OrderState
    open: bool
    device_id: str
    device: str
    site_id: str
    site: str
    supply_id: str
    supply: str
    alert_id: str | None
    part_number: str | None
    description: str
    quantity: int
    vendor_mail: str
    reason: str
    created_at: datetime
    changed_at: datetime
    moves: tuple[Move, ...] | None = None


class Ticket(Struct, kw_only=True):
    """A fault or a question until it is solved. `facts`: what was known when it was opened; `moves` as in an order."""

    id: str
    number: int
    state: TicketState
    open: bool
    device_id: str | None
    device: str | None
    site_id: str | None
    site: str | None
    alert_id: str | None
    cause: str
    severity: str
    title: str
    facts: dict[str, Any]
    created_at: datetime
    changed_at: datetime
    fault_cleared_at: datetime | None
    moves: tuple[Move, ...] | None = None


class Agent(Struct, kw_only=True):
    """A program at a customer. `status` is what it last said of itself."""

    id: str
    site_id: str
    site: str
    name: str
    version: str | None
    devices: int
    status: dict[str, Any]
    enrolled_at: datetime
    last_heard_at: datetime | None
    revoked_at: datetime | None


class Site(Struct, kw_only=True):
    """A place of a customer. Mail addresses are null where the collector's own default holds."""

    id: str
    tenant_id: str
    tenant: str
    name: str
    address: str | None
    timezone: str
    toner_mail: str | None
    alert_mail: str | None
    created_at: datetime


class Nothing(Struct, kw_only=True):
    """A record of a kind that this version does not keep."""

    id: str


class Paging(Struct, forbid_unknown_fields=True, kw_only=True):
    limit: Limit = 100
    cursor: Cursor = ""


class DeviceQuery(Paging, kw_only=True):
    search: Search = ""
    standing: Standing | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    site_id: SiteId = ""
    tenant_id: Annotated[str, Meta(description="Only of this customer.")] = ""
    agent_id: Annotated[str, Meta(description="Only found by this agent.")] = ""
    sort: Sort = "title"


class SupplyQuery(Paging, kw_only=True):
    search: Search = ""
    device_id: DeviceId = ""
    type: SupplyType | UnsetType = UNSET
    site_id: SiteId = ""
    below_percent: Annotated[float, Meta(ge=0, le=100, description="Only known to be here or below.")] | UnsetType = (
        UNSET
    )
    with_gone: Annotated[bool, Meta(description="Also those the device no longer names.")] = False
    sort: Sort = "level"


class AlertQuery(Paging, kw_only=True):
    search: Search = ""
    state: AlertState | UnsetType = UNSET
    rule: Annotated[str, Meta(description="Only of this rule.")] = ""
    severity: Severity | UnsetType = UNSET
    device_id: DeviceId = ""
    agent_id: Annotated[str, Meta(description="Only of this agent.")] = ""
    site_id: SiteId = ""
    with_held: Annotated[bool, Meta(description="Also those that nobody was told of yet.")] = False
    sort: Sort = "-raised"


class OrderQuery(Paging, kw_only=True):
    search: Search = ""
    state: OrderState | UnsetType = UNSET
    open: bool | UnsetType = UNSET
    device_id: DeviceId = ""
    supply_id: Annotated[str, Meta(description="Only for this supply.")] = ""
    site_id: SiteId = ""
    sort: Sort = "-created"


class TicketQuery(Paging, kw_only=True):
    search: Search = ""
    state: TicketState | UnsetType = UNSET
    open: bool | UnsetType = UNSET
    device_id: DeviceId = ""
    site_id: SiteId = ""
    cause: Annotated[str, Meta(description="Only of this cause.")] = ""
    sort: Sort = "-created"


class AgentQuery(Paging, kw_only=True):
    search: Search = ""
    site_id: SiteId = ""
    sort: Sort = "name"


class SiteQuery(Paging, kw_only=True):
    search: Search = ""
    sort: Sort = "name"


class DeviceChange(Struct, forbid_unknown_fields=True, kw_only=True):
    """What people may say of a device. `name` null: it has none of its own."""

    name: Annotated[str, Meta(min_length=1, max_length=200)] | None
