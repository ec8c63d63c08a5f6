"""Rows of the store as words of the API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from collector.api.words import Agent, Alert, Device, Known, Level, Move, Order, Site, Supply, Ticket
from collector.store.agents import AgentRow
from collector.store.alerts import AlertRow
from collector.store.devices import DeviceRow
from collector.store.moves import MoveRow
from collector.store.orders import OrderRow
from collector.store.sites import SiteRow
from collector.store.supplies import SupplyRow
from collector.store.tickets import TicketRow
from fleet import supply as words
from fleet.kit.wire import level_name


def level(known: words.Level) -> Level:
    step = known.step if isinstance(known, words.Quantised) else None
    return Level(is_=cast(Known, level_name(known)), percent=words.level_percent(known), step=step)


def supply(row: SupplyRow) -> Supply:
    return Supply(
        id=row.id,
        device_id=row.device_id,
        device=row.device_title,
        site_id=row.site_id,
        site=row.site_name,
        key=row.key,
        type=row.type,
        color=row.color,
        direction=row.direction,
        description=row.description,
        part_number=row.part_number,
        cartridge_serial=row.cartridge_serial,
        level=level(row.level),
        fullness_percent=row.fullness_percent,
        raw_level=row.raw_level,
        raw_max=row.raw_max,
        unit=row.unit,
        cartridge=row.episode,
        read_at=row.read_at,
        changed_at=row.changed_at,
        gone_at=row.gone_at,
    )


def device(row: DeviceRow, supplies: Iterable[SupplyRow]) -> Device:
    state = row.state
    return Device(
        id=row.id,
        tenant_id=row.tenant_id,
        site_id=row.site_id,
        site=row.site_name,
        agent_id=row.agent_id,
        name=row.name,
        title=row.title,
        kind=row.kind,
        maker=row.maker,
        model=row.model,
        serial=row.serial,
        address=row.address,
        hostname=row.hostname,
        location=row.location,
        contact=state.contact,
        firmware=state.firmware,
        identity=state.identity,
        standing=row.standing,
        reachable=row.reachable,
        silence=state.silence,
        health=row.health,
        activity=row.activity,
        conditions=state.conditions,
        display=state.display,
        pages_total=row.pages_total,
        counters=state.counters,
        supplies=tuple(map(supply, supplies)),
        trays=state.trays,
        faults=state.faults,
        lamp_hours=state.lamp_hours,
        boot_at=state.boot_at,
        first_seen_at=row.first_seen_at,
        heard_at=row.heard_at,
        asked_at=row.asked_at,
        ages=dict(state.ages),
        sources=dict(state.sources),
    )


def alert(row: AlertRow) -> Alert:
    return Alert(
        id=row.id,
        device_id=row.device_id,
        agent_id=row.agent_id,
        subject_title=row.subject_title,
        rule=row.rule,
        subject=row.subject,
        cause=row.cause,
        severity=row.severity,
        state=row.state,
        text=row.text,
        evidence=dict(row.evidence),
        episode=row.episode,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        raised_at=row.raised_at,
        cleared_at=row.cleared_at,
    )


def _moves(rows: Iterable[MoveRow] | None) -> tuple[Move, ...] | None:
    if rows is None:
        return None
    return tuple(Move(before=r.before, after=r.after, at=r.at, actor=r.actor, reason=r.reason) for r in rows)


def order(row: OrderRow, moves: Iterable[MoveRow] | None = None) -> Order:
    return Order(
        id=row.id,
        number=row.number,
        state=row.state,
        open=row.is_open,
        device_id=row.device_id,
        device=row.device_title,
        site_id=row.site_id,
        site=row.site_name,
        supply_id=row.supply_id,
        supply=row.supply_key,
        alert_id=row.alert_id,
        part_number=row.part_number,
        description=row.description,
        quantity=row.quantity,
        vendor_mail=row.vendor_mail,
        reason=row.reason,
        created_at=row.created_at,
        changed_at=row.changed_at,
        moves=_moves(moves),
    )


def ticket(row: TicketRow, moves: Iterable[MoveRow] | None = None) -> Ticket:
    return Ticket(
        id=row.id,
        number=row.number,
        state=row.state,
        open=row.is_open,
        device_id=row.device_id,
        device=row.device_title,
        site_id=row.site_id,
        site=row.site_name,
        alert_id=row.alert_id,
        cause=row.cause,
        severity=row.severity,
        title=row.title,
        facts=dict(row.facts),
        created_at=row.created_at,
        changed_at=row.changed_at,
        fault_cleared_at=row.fault_cleared_at,
        moves=_moves(moves),
    )


def agent(row: AgentRow) -> Agent:
    return Agent(
        id=row.id,
        site_id=row.site_id,
        site=row.site_name,
        name=row.name,
        version=row.version,
        devices=row.devices,
        status=dict(row.status),
        enrolled_at=row.enrolled_at,
        last_heard_at=row.last_heard_at,
        revoked_at=row.revoked_at,
    )


def site(row: SiteRow) -> Site:
    return Site(
        id=row.id,
        tenant_id=row.tenant_id,
        tenant=row.tenant_name,
        name=row.name,
        address=row.address,
        timezone=row.timezone,
        toner_mail=row.toner_mail,
        alert_mail=row.alert_mail,
        created_at=row.created_at,
    )
