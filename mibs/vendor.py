"""Vendor: what rows of mibs/vendors say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from fleet.counter import CounterName
from fleet.reading import Kind
from mibs.rows import Name


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledCounters:
    """A maker's table of counters that carries its own labels. Each counter lists sums of labels; the first whose
    labels are all there counts."""

    labels: Name
    values: Name
    counters: Mapping[CounterName, tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """Where one maker keeps what the standards do not say. `oids` and `counters` list names to try, first hit wins.

    `words` name the maker, `brands` gives the names under which others sell its engines, `series` are beginnings of
    model names that need no maker's name before them.
    """

    key: str
    name: str
    enterprises: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    brands: Mapping[str, str] = field(default_factory=dict)
    series: tuple[re.Pattern[str], ...] = ()
    models: tuple[re.Pattern[str], ...] = ()
    not_models: tuple[re.Pattern[str], ...] = ()
    only_with_models: bool = False
    kind: Kind | None = None
    kinds: tuple[tuple[Kind, re.Pattern[str]], ...] = ()
    model_in: tuple[re.Pattern[str], ...] = ()
    firmware_in: tuple[re.Pattern[str], ...] = ()
    oids: Mapping[str, tuple[Name, ...]] = field(default_factory=dict)
    counters: Mapping[CounterName, tuple[Name, ...]] = field(default_factory=dict)
    sums: Mapping[CounterName, tuple[CounterName, ...]] = field(default_factory=dict)
    labelled: tuple[LabelledCounters, ...] = ()
    walk: tuple[Name, ...] = ()
    quirks: tuple[str, ...] = ()

    def scalars(self) -> Iterator[Name]:
        """Every single object worth asking this maker's devices for."""
        for group in (*self.oids.values(), *self.counters.values()):
            yield from group

    def roots(self) -> Iterator[Name]:
        """Every table worth walking on this maker's devices."""
        yield from self.walk
        for table in self.labelled:
            yield from (table.labels, table.values)
