"""Steps: levels of models known to measure coarsely become steps, and each new low of a cartridge teaches how coarsely.

Samples keep what the device said; what it means by it stands with the supply and the state.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from alerts.cartridge import Track
from collector.store.landings import add_landing, landings
from fleet.device import DeviceState
from fleet.steps import in_steps, step_of
from fleet.supply import Direction, Exact, SupplyReading


def stepped(conn: Connection, tenant_id: str, state: DeviceState) -> DeviceState:
    """The state with its levels as the steps that its model is known to speak in."""
    who, supplies = state.identity, state.supplies or ()
    if not who.model or not any(isinstance(supply.level, Exact) for supply in supplies):
        return state
    steps = {type_: step_of(shown) for type_, shown in landings(conn, tenant_id, who.maker or "", who.model).items()}
    return replace(state, supplies=tuple(in_steps(supply, steps.get(supply.type, 1)) for supply in supplies))


def learn(
    conn: Connection, tenant_id: str, state: DeviceState, supply: SupplyReading, before: Track, after: Track
) -> None:
    """Notes a level that this cartridge had not yet fallen to."""
    who, fallen = state.identity, after.lowest
    if not who.model or fallen is None or not 0 < fallen < 100 or supply.direction is not Direction.CONSUMED:
        return
    if before.lowest is not None and fallen < before.lowest:
        add_landing(conn, tenant_id, who.maker or "", who.model, supply.type, fallen)
