"""From raw answers to readings: one module per protocol, and the table that joins them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from agent.normalise.merge import merge
from agent.probes.probe import Raw
from fleet.reading import Reading, Round
from mibs.catalogue import Catalogue

log = logging.getLogger(__name__)

NORMALISERS: Mapping[str, str] = {
    "snmp": "agent.normalise.printer_mib",
    "ipp": "agent.normalise.ipp",
    "escl": "agent.normalise.escl",
    "pjlink": "agent.normalise.pjlink",
    "mdns": "agent.normalise.mdns",
}
"""Raw.protocol -> module whose `normalise(raw, catalogue)` reads it. Loaded when a device first speaks so."""


def normaliser(protocol: str) -> Callable[[Any, Catalogue], Reading]:
    read: Callable[[Any, Catalogue], Reading] = import_module(NORMALISERS[protocol]).normalise
    return read


def normalise_all(
    raws: Sequence[Raw], *, catalogue: Catalogue, key: str, address: str, round_: Round, taken_at: datetime
) -> Reading:
    """The one reading that all raw answers of a device amount to. What one protocol says too oddly for us to read
    stands in `partial`; the others still count."""
    parts = [(raw.protocol, _read(raw, catalogue)) for raw in raws]
    return merge(parts, key=key, address=address, round_=round_, taken_at=taken_at)


def _read(raw: Raw, catalogue: Catalogue) -> Reading:
    try:
        return normaliser(raw.protocol)(raw, catalogue)
    except Exception:
        log.exception("an answer was not understood; the others are read without it", extra={"way": raw.protocol})
        told = (*raw.partial, f"the answer over {raw.protocol.upper()} was not understood")
        return Reading(key="", taken_at=raw.taken_at, reachable=True, partial=told)
