"""What SNMP says: names, values, and the raw answer a probe hands to the normaliser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from agent.probes.probe import Raw

Name = tuple[int, ...]
"""An object name as its arcs."""

Value = int | bytes | Name
"""Integer, Counter, Gauge and TimeTicks are int; octet strings and addresses are bytes; OBJECT IDENTIFIER is a Name."""


def name_of(text: str) -> Name:
    """``1.3.6.1`` as arcs. ValueError for anything else."""
    arcs = tuple(int(arc) for arc in text.strip().lstrip(".").split("."))
    if not arcs or len(arcs) > 128 or min(arcs) < 0 or max(arcs) > 0xFFFFFFFF:
        raise ValueError(f"not an object name: {text[:80]!r}")
    return arcs


def dotted(name: Name) -> str:
    return ".".join(map(str, name))


MOST_ROWS = 2_000
"""No walk brings more than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """Rows of a subtree. `broken` says in words why it ended early, if it did."""

    rows: tuple[tuple[Name, Value], ...]
    broken: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SnmpRaw(Raw):
    """Everything a device said over SNMP in one round, by object name.

    A status round is not `complete`. `missing` names the tables that were asked for and did not come whole: what is
    not in them is unknown, not absent.
    """

    protocol: str = "snmp"
    values: Mapping[Name, Value] = field(default_factory=dict)
    credential_version: str | None = None
    complete: bool = True
    missing: tuple[Name, ...] = ()

    def under(self, root: Name) -> Iterator[tuple[Name, Value]]:
        """(index, value) of every object below `root`, in order of the names."""
        size = len(root)
        for name in sorted(name for name in self.values if name[:size] == root and len(name) > size):
            yield name[size:], self.values[name]
