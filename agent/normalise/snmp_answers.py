"""The raw SNMP values of one device, with the look-ups that tables need."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from agent.normalise.charset import decode
from agent.snmp.raw import Name, SnmpRaw, Value
from fleet.kit.text import TEXT_LIMIT

SYSTEM: Name = (1, 3, 6, 1, 2, 1, 1)
PRT: Name = (1, 3, 6, 1, 2, 1, 43)
HR_DEVICE: Name = (1, 3, 6, 1, 2, 1, 25, 3, 2, 1)
HR_PRINTER: Name = (1, 3, 6, 1, 2, 1, 25, 3, 5, 1)
HR_DEVICE_PRINTER = 5
"""hrDeviceTypes.5 (RFC 2790 section 4.1)"""

MOST_ROWS = 128
"""No table of a printer is longer; one that is came from a fault, and is unknown as a whole."""

Row = dict[int, Value]
"""Column -> value."""


class Answers:
    """One device's answers. Texts come out clean and decoded with the device's own character set."""

    def __init__(self, raw: SnmpRaw) -> None:
        self.raw = raw
        self.values = raw.values
        self._tables: dict[Name, dict[Name, Row]] = {}
        self.overlong: list[Name] = []

    @cached_property
    def charset(self) -> int | None:
        """prtLocalizationCharacterSet of the current localization (RFC 3805 section 2.2.2)."""
        current = next((v for _, v in self.under((*PRT, 5, 1, 1, 2)) if isinstance(v, int)), None)
        sets = {index[-1]: v for index, v in self.under((*PRT, 7, 1, 1, 4)) if isinstance(v, int)}
        return sets.get(current) if current is not None else next(iter(sets.values()), None)

    @cached_property
    def _names(self) -> list[Name]:
        return sorted(self.values)

    def under(self, root: Name) -> Iterator[tuple[Name, Value]]:
        """(index, value) of every object below `root`, in order of the names."""
        size, at = len(root), bisect_right(self._names, root)
        while at < len(self._names) and self._names[at][:size] == root:
            yield self._names[at][size:], self.values[self._names[at]]
            at += 1

    def text(self, *names: Name, limit: int = TEXT_LIMIT) -> str | None:
        """The first readable text among `names`."""
        for name in names:
            value = self.values.get(name)
            if isinstance(value, bytes) and (text := decode(_pml(value), self.charset, limit)):
                return text
        return None

    def texts(self, column: Name) -> list[tuple[Name, str]]:
        """(index, text) of every readable text of a column."""
        found = ((index, decode(v, self.charset)) for index, v in self.under(column) if isinstance(v, bytes))
        return [(index, text) for index, text in found if text]

    @property
    def uptime(self) -> int | None:
        """sysUpTime in hundredths of a second; TimeTicks has 32 bits (RFC 2578 section 7.1.8)."""
        ticks = self.number((*SYSTEM, 3, 0))
        return ticks if ticks is not None and 0 < ticks < 2**32 else None

    def came_whole(self, entry: Name) -> bool:
        """Whether what is not in this table is absent, and not only unheard."""
        if any(root == entry[: len(root)] for root in self.raw.missing):
            return False
        self.table(entry)
        return entry not in self.overlong

    def number(self, name: Name) -> int | None:
        return sane(self.values.get(name))

    def table(self, entry: Name) -> dict[Name, Row]:
        """Rows of a table: index -> column -> value, at most MOST_ROWS."""
        if entry not in self._tables:
            self._tables[entry] = self._rows(entry)
        return self._tables[entry]

    def _rows(self, entry: Name) -> dict[Name, Row]:
        rows: dict[Name, Row] = {}
        for tail, value in self.under(entry):
            if len(tail) < 2:
                continue
            if tail[1:] not in rows and len(rows) == MOST_ROWS:
                if entry not in self.overlong:
                    self.overlong.append(entry)
                continue
            rows.setdefault(tail[1:], {})[tail[0]] = value
        return rows

    def notes(self) -> tuple[str, ...]:
        """In words, which tables are too long to be true."""
        return tuple(
            f"SNMP: table {dotted(entry)} has more than {MOST_ROWS} rows; not believed" for entry in self.overlong
        )

    def cell(self, row: Row, column: int) -> str | None:
        value = row.get(column)
        return decode(value, self.charset) if isinstance(value, bytes) else None

    @cached_property
    def printers(self) -> set[Name]:
        """hrDeviceIndex of the printers: hrDeviceType says so, or hrPrinterTable has a row.

        Rows without a type count where there is nothing else; those of another type (disks, network cards) never do.
        """
        types = dict(self.under((*HR_DEVICE, 2)))
        found = {i for i, v in types.items() if isinstance(v, tuple) and v[-1] == HR_DEVICE_PRINTER}
        found |= {i for i, _ in self.under((*HR_PRINTER, 1))} | {i for i, _ in self.under((*HR_PRINTER, 2))}
        untyped = {i for column in (3, 5) for i, _ in self.under((*HR_DEVICE, column)) if i not in types}
        return found or untyped

    def of_printers(self, column: Name) -> list[int]:
        """The numbers of a column of hrDeviceTable or hrPrinterTable, for printers only."""
        return [v for i, v in self.under(column) if isinstance(v, int) and i in self.printers]


def number_in(row: Row, column: int) -> int | None:
    return sane(row.get(column))


def sane(value: Value | None) -> int | None:
    """A number of at most 64 bits: no SNMP type holds more, whatever a device sends."""
    return value if isinstance(value, int) and abs(value) < 2**63 else None


def dotted(index: Name) -> str:
    return ".".join(map(str, index))


def _pml(value: bytes) -> bytes:
    """HP's PML strings carry their type and length in two bytes in front."""
    return value[2:] if value[:2] == b"\x01\x15" else value
