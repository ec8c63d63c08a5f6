"""The tables of the facts: one set for SQLite and PostgreSQL.

    tenant ─< site ─< agent ─< batch
                 └──< device ─< evidence, supply, daily, device_event
                          └──< alert ─< order ─< order_move
                                   └──< ticket ─< ticket_move
    outbox: what must leave the house exactly once
    person, session, api_token, site_token: who may come in

Times are aware UTC (UtcDateTime). Ids are texts of ours. A JSON column holds the wire form of a word.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class UtcDateTime(TypeDecorator[datetime]):
    """Refuses naive times, stores UTC, returns aware UTC (SQLite drops the offset without converting)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value}")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        aware: datetime = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return aware


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[str]:
    return Column("id", String(40), primary_key=True)


def _to(table: str, *, nullable: bool = False, index: bool = True) -> Column[str]:
    return Column(f"{table}_id", String(40), ForeignKey(f"{table}.id"), nullable=nullable, index=index)


def _when(name: str, *, nullable: bool = False, index: bool = False) -> Column[datetime]:
    return Column(name, UtcDateTime, nullable=nullable, index=index)


tenant = Table("tenant", metadata, _id(), Column("name", String(200), nullable=False), _when("created_at"))

site = Table(
    "site",
    metadata,
    _id(),
    _to("tenant"),
    Column("name", String(200), nullable=False),
    Column("address", Text),
    Column("timezone", String(64), nullable=False),
    Column("toner_mail", String(320)),
    Column("alert_mail", String(320)),
    Column("language", String(10)),
    _when("created_at"),
)
"""`toner_mail`: the vendor that gets this site's orders; `alert_mail`: who is told of faults; `language`: of both mails
(en or zh). None: the default."""

person = Table(
    "person",
    metadata,
    _id(),
    Column("email", String(320), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("role", String(20), nullable=False),
    Column("language", String(10)),
    _when("created_at"),
    _when("disabled_at", nullable=True),
)

person_tenant = Table(
    "person_tenant",
    metadata,
    Column("person_id", String(40), ForeignKey("person.id"), primary_key=True),
    Column("tenant_id", String(40), ForeignKey("tenant.id"), primary_key=True),
)
"""Which customers a person sees. Roles owner and admin see all."""

session = Table(
    "session",
    metadata,
    Column("key_hash", String(64), primary_key=True),
    _to("person"),
    Column("csrf", String(64), nullable=False),
    _when("created_at"),
    _when("expires_at", index=True),
)

api_token = Table(
    "api_token",
    metadata,
    _id(),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    _to("tenant", nullable=True),
    Column("scope", String(20), nullable=False),
    _when("created_at"),
    _when("expires_at", nullable=True),
    _when("revoked_at", nullable=True),
)
"""tenant_id None: all tenants. scope: read or write."""

site_token = Table(
    "site_token",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    _to("site"),
    _when("created_at"),
    _when("expires_at"),
    _when("used_at", nullable=True),
)

agent = Table(
    "agent",
    metadata,
    _id(),
    _to("tenant"),
    _to("site"),
    Column("name", String(200), nullable=False),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("version", String(40)),
    Column("status", JSON),
    _when("enrolled_at"),
    _when("last_heard_at", nullable=True),
    _when("revoked_at", nullable=True),
)

batch = Table(
    "batch",
    metadata,
    Column("agent_id", String(40), ForeignKey("agent.id"), primary_key=True),
    Column("spool", String(40), primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("readings", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    _when("received_at", index=True),
)
"""Received batches: the key makes repeats harmless. `digest` (SHA-256 of the readings) is part of it, because an agent
whose disk was set back, or that was copied, gives a number to other readings; empty where it is not known."""

rejected_reading = Table(
    "rejected_reading",
    metadata,
    Column("id", Integer, primary_key=True),
    _to("agent"),
    Column("spool", String(40), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("position", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("body", Text, nullable=False),
    _when("received_at", index=True),
)

device = Table(
    "device",
    metadata,
    _id(),
    _to("tenant"),
    _to("site"),
    _to("agent", nullable=True),
    Column("agent_key", String(200), index=True),
    Column("name", String(200)),
    Column("kind", String(20)),
    Column("maker", String(100)),
    Column("model", String(200)),
    Column("serial", String(100), index=True),
    Column("address", String(64)),
    Column("hostname", String(255)),
    Column("location", String(255)),
    Column("standing", String(12), nullable=False),
    Column("reachable", Boolean, nullable=False),
    Column("health", String(12)),
    Column("activity", String(12)),
    Column("pages_total", BigInteger),
    Column("state", JSON, nullable=False),
    _when("first_seen_at"),
    _when("heard_at", nullable=True),
    _when("asked_at", nullable=True),
    Index("ix_device_tenant_standing", "tenant_id", "standing"),
)
"""`state` is the wire form of DeviceState; the columns beside it are what lists sort and filter by.
`standing`: working | look | stopped | asleep | silent | unknown (the words of the pages)."""

evidence = Table(
    "evidence",
    metadata,
    Column("device_id", String(40), ForeignKey("device.id"), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("value", String(300), primary_key=True),
    _when("first_seen_at"),
    _when("last_seen_at"),
    Index("ix_evidence_kind_value", "kind", "value"),
)

device_event = Table(
    "device_event",
    metadata,
    Column("id", Integer, primary_key=True),
    _to("device"),
    _when("at", index=True),
    Column("kind", String(30), nullable=False),
    Column("facts", JSON, nullable=False),
    UniqueConstraint("device_id", "at", "kind"),
)
"""`kind`: found, address-changed, mac-changed, serial-changed, counter-fell, supply-swapped, restarted,
identity-conflict, contradiction-serial, contradiction-pages-total."""

agent_event = Table(
    "agent_event",
    metadata,
    Column("id", Integer, primary_key=True),
    _to("agent"),
    _when("at", index=True),
    Column("kind", String(30), nullable=False),
    Column("facts", JSON, nullable=False),
)
"""`kind`: gap."""

supply = Table(
    "supply",
    metadata,
    _id(),
    _to("tenant"),
    _to("device"),
    Column("key", String(100), nullable=False),
    Column("type", String(20), nullable=False),
    Column("color", String(40)),
    Column("direction", String(10), nullable=False),
    Column("description", String(255)),
    Column("part_number", String(100)),
    Column("cartridge_serial", String(100)),
    Column("device_index", String(20)),
    Column("level_is", String(12), nullable=False),
    Column("level_percent", Float),
    Column("level_step", Integer),
    Column("raw_level", BigInteger),
    Column("raw_max", BigInteger),
    Column("unit", String(30)),
    Column("fullness_percent", Float),
    Column("episode", Integer, nullable=False),
    Column("track", JSON, nullable=False),
    _when("read_at"),
    _when("changed_at"),
    _when("gone_at", nullable=True),
    UniqueConstraint("device_id", "key"),
)
"""`episode` counts the cartridges seen in this slot, from 1; `track` is what the swap detector remembers
(alerts/cartridge.py). `changed_at` is when the level last became another one."""

landing = Table(
    "landing",
    metadata,
    Column("tenant_id", String(40), ForeignKey("tenant.id"), primary_key=True),
    Column("maker", String(100), primary_key=True),
    Column("model", String(200), primary_key=True),
    Column("type", String(20), primary_key=True),
    Column("percent", Float, primary_key=True),
    Column("times", Integer, nullable=False),
)
"""To which levels the supplies of a model have fallen, and how often: how finely it measures (fleet/steps.py)."""

conflict = Table(
    "conflict",
    metadata,
    Column("device_id", String(40), ForeignKey("device.id"), primary_key=True),
    Column("about", String(20), primary_key=True),
    Column("said", JSON, nullable=False),
    Column("choice", String(20)),
    Column("settled_by", String(200)),
    _when("first_seen_at"),
    _when("last_seen_at"),
    _when("settled_at", nullable=True),
    _when("ended_at", nullable=True),
)
"""What a device says in two ways that cannot both be true: protocol -> what it said, and whom a person believes."""

daily = Table(
    "daily",
    metadata,
    Column("device_id", String(40), ForeignKey("device.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("series", String(120), primary_key=True),
    Column("first", Float, nullable=False),
    Column("last", Float, nullable=False),
    Column("low", Float, nullable=False),
    Column("high", Float, nullable=False),
    Column("samples", Integer, nullable=False),
    _when("first_at"),
    _when("last_at"),
)
"""Daily points stay with the facts: pages and forecasts work with no series database. Series as in samples.py."""

alert = Table(
    "alert",
    metadata,
    _id(),
    _to("tenant"),
    _to("device", nullable=True),
    _to("agent", nullable=True),
    Column("fingerprint", String(300), nullable=False),
    Column("episode", Integer, nullable=False),
    Column("rule", String(40), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("cause", String(60), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("state", String(10), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("evidence", JSON, nullable=False),
    _when("first_seen_at"),
    _when("last_seen_at"),
    _when("raised_at", nullable=True, index=True),
    _when("cleared_at", nullable=True),
    UniqueConstraint("fingerprint", "episode"),
)

order = Table(
    "order",
    metadata,
    _id(),
    _to("tenant"),
    _to("device"),
    _to("supply"),
    _to("alert", nullable=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("cause_key", String(200), nullable=False, unique=True),
    Column("state", String(16), nullable=False, index=True),
    Column("part_number", String(100)),
    Column("description", String(255), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("vendor_mail", String(320), nullable=False),
    Column("reason", Text, nullable=False),
    _when("created_at", index=True),
    _when("changed_at"),
)
"""`cause_key` is supply id + cartridge episode: unique, so one cause has one order under any repetition."""

order_move = Table(
    "order_move",
    metadata,
    Column("id", Integer, primary_key=True),
    _to("order"),
    Column("before", String(16), nullable=False),
    Column("after", String(16), nullable=False),
    _when("at"),
    Column("actor", String(200), nullable=False),
    Column("reason", Text, nullable=False),
)

ticket = Table(
    "ticket",
    metadata,
    _id(),
    _to("tenant"),
    _to("device", nullable=True),
    _to("alert", nullable=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("cause_key", String(200), nullable=False, unique=True),
    Column("state", String(16), nullable=False, index=True),
    Column("cause", String(60), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("title", String(255), nullable=False),
    Column("facts", JSON, nullable=False),
    _when("created_at", index=True),
    _when("changed_at"),
    _when("fault_cleared_at", nullable=True),
)
"""`facts`: what was known when it was opened (state, panel text, counters, evidence)."""

ticket_move = Table(
    "ticket_move",
    metadata,
    Column("id", Integer, primary_key=True),
    _to("ticket"),
    Column("before", String(16), nullable=False),
    Column("after", String(16), nullable=False),
    _when("at"),
    Column("actor", String(200), nullable=False),
    Column("reason", Text, nullable=False),
)
"""A row with before == after is a note: something recorded without a step (the fault cleared, a comment)."""

outbox = Table(
    "outbox",
    metadata,
    _id(),
    _to("tenant", nullable=True),
    Column("kind", String(30), nullable=False),
    Column("key", String(200), nullable=False, unique=True),
    Column("payload", JSON, nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claimed_by", String(80)),
    _when("claimed_until", nullable=True),
    _when("created_at"),
    _when("due_at"),
    _when("sent_at", nullable=True),
    Column("error", Text),
    Index("ix_outbox_state_due_at", "state", "due_at"),
)
"""`key` is the idempotency key. state: waiting | sending | sent | failed | unsure.
unsure: the process died between handing the message over and hearing back; a person decides, nothing is doubled."""

numbering = Table(
    "numbering",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("last", Integer, nullable=False),
)
"""The last order and ticket number given out; its row lock makes numbers unique among several collectors."""

due = Table(
    "due",
    metadata,
    Column("name", String(80), primary_key=True),
    _when("at"),
    Column("claimed_by", String(80)),
    _when("claimed_until", nullable=True),
)
"""Schedules shared by all collectors: what runs next, and who holds it."""

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    _to("tenant", nullable=True),
    _when("at", index=True),
    Column("actor", String(320), nullable=False),
    Column("did", String(60), nullable=False),
    Column("object", String(200), nullable=False),
    Column("facts", JSON, nullable=False),
)
