"""Standing: the one word a list shows for a device. Pure."""

from __future__ import annotations

from enum import StrEnum

from fleet.device import DeviceState
from fleet.fault import Activity, Health, Severity
from fleet.supply import Empty


class Standing(StrEnum):
    WORKING = "working"
    LOOK = "look"
    STOPPED = "stopped"
    ASLEEP = "asleep"
    SILENT = "silent"
    UNKNOWN = "unknown"


def standing(state: DeviceState, *, silent: bool) -> Standing:
    """How the device stands. `silent`: it, or the agent that asks it, should talk and does not."""
    if silent:
        return Standing.SILENT
    severities = {fault.severity for fault in state.faults or () if not fault.informative}
    if state.activity is Activity.STOPPED or state.health is Health.ERROR or Severity.CRITICAL in severities:
        return Standing.STOPPED
    if state.activity is Activity.ASLEEP:
        return Standing.ASLEEP
    used_up = any(isinstance(supply.level, Empty) for supply in state.supplies or ())
    if state.health is Health.WARNING or Severity.WARNING in severities or used_up:
        return Standing.LOOK
    known = state.health is Health.OK or state.activity not in (None, Activity.OTHER)
    return Standing.WORKING if known else Standing.UNKNOWN
