"""What one device announces by DNS-SD (RFC 6763), as one raw answer: the form that captures are kept in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent.probes.probe import Raw
from fleet.errors import Garbled
from fleet.kit.text import clean

MOST_SERVICES = 64
MOST_KEYS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """One service. The keys of `txt` are in lower case (RFC 6763 section 6.4)."""

    type: str
    instance: str
    host: str
    port: int
    txt: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MdnsRaw(Raw):
    protocol: str = "mdns"
    services: tuple[Announcement, ...] = ()

    def texts(self, *keys: str) -> Iterable[str]:
        """What the services say under these keys, in the order of the keys; blanks left out."""
        return (text for key in keys for service in self.services if (text := service.txt.get(key, "")))


def parse(data: bytes, *, taken_at: datetime) -> MdnsRaw:
    """A JSON list of {type, instance, domain, host, port, txt}. Garbled for anything else."""
    try:
        rows = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Garbled(f"not a list of DNS-SD services: {clean(str(error), 120)}") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) and "type" in row for row in rows):
        raise Garbled("not a list of DNS-SD services: expected [{type, instance, domain, host, port, txt}, ...]")
    more = (f"DNS-SD: only the first {MOST_SERVICES} of {len(rows):,} services are read",)
    return MdnsRaw(
        taken_at=taken_at,
        services=tuple(_service(row) for row in rows[:MOST_SERVICES]),
        partial=more if len(rows) > MOST_SERVICES else (),
    )


def _service(row: dict[str, Any]) -> Announcement:
    txt, port = row.get("txt"), row.get("port")
    pairs = list(txt.items())[:MOST_KEYS] if isinstance(txt, dict) else []
    return Announcement(
        type=clean(str(row["type"])).lower().rstrip(".").removesuffix(".local"),
        instance=clean(str(row.get("instance") or "")),
        host=clean(str(row.get("host") or "")).rstrip("."),
        port=port if type(port) is int else 0,
        txt={clean(str(key)).lower(): clean(str(value if value is not None else "")) for key, value in pairs},
    )
