"""Slots: the supplies of a device's state as the rules see them, and as the store keeps them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from alerts.cartridge import Look, Track, followed
from alerts.rules.supply_low import Limits, Said, Slot, is_said_low, judge, percent_left
from collector.store.db import readable
from collector.store.events import add_event
from collector.store.ids import made_id
from collector.store.scope import Scope
from collector.store.supplies import SupplyRow, level_columns, save_supply, supplies_of
from collector.supply.steps import learn
from fleet.device import DeviceState
from fleet.kit.wire import from_plain, to_plain
from fleet.supply import SupplyReading, level_percent, supply_keys

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """Another cartridge in a slot. `is_low`: it is low itself, so it is a used one and not what was ordered."""

    before: SupplyRow
    is_low: bool


def slots_of(supplies: tuple[SupplyReading, ...]) -> tuple[Slot, ...]:
    return tuple(
        Slot(
            key=key,
            type=supply.type,
            direction=supply.direction,
            level=supply.level,
            fullness=supply.fullness,
            title=title_of(supply),
        )
        for key, supply in zip(supply_keys(supplies), supplies, strict=True)
    )


def title_of(supply: SupplyReading) -> str:
    """The device's own name for it, else colour and type."""
    return supply.description or f"{supply.color or ''} {supply.type}".strip()


def said_of(state: DeviceState) -> Said:
    return Said(conditions=state.conditions, faults=state.faults)


def take_supplies(
    conn: Connection,
    tenant_id: str,
    device_id: str,
    state: DeviceState,
    at: datetime,
    swap_lasting: timedelta,
    limits: Limits,
    *,
    whole: bool,
) -> list[Swap]:
    """Writes the supplies of a new state. Returns those that got another cartridge. `whole`: the device was asked for
    all of them, so what is missing is gone."""
    supplies = state.supplies or ()
    known = {row.key: row for row in supplies_of(conn, Scope.everything(), device_id, with_gone=True)}
    slots = slots_of(supplies)
    low = {seen.subject for seen in judge(slots, said_of(state), limits).seen}
    swapped: list[Swap] = []
    for slot, supply in zip(slots, supplies, strict=True):
        before = known.pop(slot.key, None)
        look = Look(
            at=at,
            percent=percent_left(slot),
            low=is_said_low(slot, slots, said_of(state)),
            serial=supply.cartridge_serial,
        )
        former = _track(before) if before else Track()
        track, is_new = followed(former, look, swap_lasting)
        learn(conn, tenant_id, state, supply, former, track)
        episode = (before.episode + is_new) if before else 1
        save_supply(conn, _columns(tenant_id, device_id, slot.key, supply, before, track, episode, at))
        if is_new and before:
            swapped.append(Swap(before=before, is_low=slot.key in low))
            facts = {"supply": slot.key, "before": before.percent, "after": level_percent(supply.level)}
            add_event(conn, device_id, at, "supply-swapped", {**facts, "episode": episode})
    for row in known.values():
        if whole and row.gone_at is None:
            save_supply(conn, {**_stored(row), "gone_at": at})
    return swapped


def _track(row: SupplyRow) -> Track:
    """What is remembered of a slot; where that cannot be read, the slot is followed anew."""
    try:
        return from_plain(readable(row.track), Track)
    except (ValueError, TypeError) as error:
        log.error("what was remembered of supply %s of device %s is lost: %s", row.key, row.device_id, error)
        return Track()


def _columns(
    tenant_id: str,
    device_id: str,
    key: str,
    supply: SupplyReading,
    before: SupplyRow | None,
    track: Track,
    episode: int,
    at: datetime,
) -> dict[str, Any]:
    changed = before is None or before.level != supply.level
    texts = {"color": 40, "description": 255, "part_number": 100, "cartridge_serial": 100, "unit": 30}
    return {
        "id": made_id("sup", device_id, key),
        "tenant_id": tenant_id,
        "device_id": device_id,
        "key": key[:100],
        "type": supply.type,
        "direction": supply.direction,
        "device_index": supply.index[:20],
        "fullness_percent": level_percent(supply.fullness) if supply.fullness is not None else None,
        "episode": episode,
        "track": to_plain(track),
        "read_at": at,
        "changed_at": at if changed or before is None else before.changed_at,
        "gone_at": None,
        "raw_level": supply.raw_level,
        "raw_max": supply.raw_max,
        **{name: (getattr(supply, name) or "")[:most] or None for name, most in texts.items()},
        **level_columns(supply.level),
    }


def _stored(row: SupplyRow) -> dict[str, Any]:
    derived = {"level", "device_title", "site_id", "site_name"}
    return {n: getattr(row, n) for n in SupplyRow.__slots__ if n not in derived} | level_columns(row.level)
