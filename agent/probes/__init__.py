"""Probes: each asks one device over one protocol. A probe's code is loaded when the probe is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import Any

from agent.probes.probe import Probe


def _made(module: str, name: str, **given: Any) -> Probe:
    probe: Probe = getattr(import_module(module), name)(**given)
    return probe


PROBES: Mapping[str, Callable[..., Probe]] = {
    "snmp": partial(_made, "agent.probes.snmp", "SnmpProbe"),
    "ipp": partial(_made, "agent.probes.ipp", "IppProbe"),
    "escl": partial(_made, "agent.probes.escl", "EsclProbe"),
    "pjlink": partial(_made, "agent.probes.pjlink", "PjlinkProbe"),
}
"""Our own; other people's come through the entry points `pagewarden.probes` (fleet.kit.plugins.joined)."""
