"""Good inputs to start from: made up by ourselves, and recorded ones where a folder of them is at hand."""

from __future__ import annotations

import json
import os
from pathlib import Path
from random import Random

from bench import fleet
from bench.hostile import made

ROOT = Path(__file__).parents[2]


def recordings() -> Path | None:
    """The folder of recorded answers of real devices; None where there is none."""
    shared = Path(os.environ.get("PAGEWARDEN_SHARED", ROOT.parent / "shared"))
    return shared / "corpus" if (shared / "corpus").is_dir() else None


def recorded(kind: str) -> list[bytes]:
    folder = recordings()
    return (
        [path.read_bytes() for path in sorted((folder / kind).iterdir())] if folder and (folder / kind).is_dir() else []
    )


def walks() -> list[bytes]:
    """Whole printers of the benchmark's fleet."""
    return [_walk(seed) for seed in range(4)]


def _walk(seed: int) -> bytes:
    rows = fleet.model(seed).items()
    lines = [f"{oid}|{tag.removesuffix('t')}|{str(value).partition(',')[0]}" for oid, (tag, value) in rows]
    return "\n".join(sorted(lines)).encode()


def descriptions() -> list[bytes]:
    """Texts of all kinds of devices that introduce themselves."""
    known = [
        b"HP LaserJet 400 MFP M425dn",
        b"KYOCERA ECOSYS M2040dn",
        b"Brother NC-8300h, Firmware Ver.1.09",
        b"Linux 5.4",
    ]
    told = [json.loads(line) for data in recorded("identify") for line in data.splitlines()]
    return known + [str(row.get("sysDescr") or row.get("pjlInfoId") or "").encode() for row in told]


def some(make: object, count: int = 12) -> list[bytes]:
    """The first inputs of a maker, to be changed further."""
    assert callable(make)
    return [make(Random(f"seed {number}")) for number in range(count)]


def snmp_messages() -> list[bytes]:
    return some(made.snmp_message)
