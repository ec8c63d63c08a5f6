"""What the office remembers between two runs: one JSON file, replaced whole."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import cattrs

from pagewarden.demo.office.life import DeviceLife


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """One port per protocol, the same at every address."""

    snmp: int
    ipp: int
    ipps: int
    escl: int
    pjlink: int


@dataclass(slots=True, kw_only=True)
class Memory:
    """`began_at` and `now` are times of the office; `scenes` counts what has happened of the first day."""

    began_at: datetime
    now: datetime
    scenes: int = 0
    ports: Ports | None = None
    devices: list[DeviceLife] = field(default_factory=list)


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter()
    converter.register_structure_hook(datetime, lambda value, _: datetime.fromisoformat(value))
    return converter


def load(path: Path) -> Memory | None:
    """What was kept, or None on the first day. ValueError when the file cannot be read."""
    try:
        raw = json.loads(path.read_text("utf-8"))
        return _converter().structure(raw, Memory)
    except FileNotFoundError:
        return None
    except (ValueError, cattrs.BaseValidationError) as error:
        raise ValueError(f"{path}: is not a memory of the simulated office; move it away to begin anew") from error


def dumped(memory: Memory) -> str:
    """The memory as text: a picture of this moment, that a thread may write while life goes on."""
    return to_json(asdict(memory))


def to_json(value: Any) -> str:
    return json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"not expected here: {value!r}")


def write_atomically(path: Path, text: str, *, mode: int = 0o600) -> None:
    """The file holds the old text or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
