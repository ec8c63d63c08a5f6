"""Whatever a device answers, a reading comes of it: no value, type or index makes the normaliser fail."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.normalise.printer_mib import normalise
from agent.normalise.quirks import BROTHER, RICOH_COUNTERS, RICOH_TONER
from agent.snmp.raw import Name, SnmpRaw, Value
from fleet.kit import wire
from fleet.reading import Reading
from mibs.catalogue import load

NOW = datetime(2026, 3, 4, 9, 12, tzinfo=UTC)
PRT: Name = (1, 3, 6, 1, 2, 1, 43)
CATALOGUE = load()
HR: Name = (1, 3, 6, 1, 2, 1, 25, 3)
ENTRIES = (5, 1, 1), (6, 1, 1), (7, 1, 1), (8, 2, 1), (10, 2, 1), (11, 1, 1), (12, 1, 1), (16, 5, 1), (18, 1, 1)
TABLES: tuple[Name, ...] = (
    *((*PRT, *entry) for entry in ENTRIES),
    (*HR, 2, 1),
    (*HR, 5, 1),
    (1, 3, 6, 1, 2, 1, 2, 2, 1),
    (1, 3, 6, 1, 4, 1, 2385, 1, 1, 19, 2, 1),
    (1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 2, 1, 1),
    RICOH_COUNTERS,
    RICOH_TONER,
)
SCALARS: tuple[Name, ...] = (
    *((1, 3, 6, 1, 2, 1, 1, column, 0) for column in range(1, 8)),
    *((*BROTHER, number, 0) for number in (8, 10)),
    *(name for vendor in CATALOGUE.vendors for name in vendor.scalars()),
)
huge = st.sampled_from([2**31 - 1, 2**32 - 1, 2**53, 2**63, 2**64 - 1, -(2**63) - 1]) | st.integers(-(2**71), 2**71)
values: st.SearchStrategy[Value] = st.one_of(
    st.integers(-5, 120),
    huge,
    st.binary(max_size=40),
    st.text(max_size=30).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=8).map(tuple),
)
cells = st.builds(
    lambda table, column, index: (*table, column, *index),
    st.sampled_from(TABLES),
    st.integers(1, 19),
    st.sampled_from([(1, 1), (1, 2), (1,), (2, 1), (1, 1, 1), ()]),
)
names = cells | st.sampled_from(SCALARS)
enterprises = st.sampled_from([number for vendor in CATALOGUE.vendors for number in vendor.enterprises])


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(names, values, max_size=60), enterprises, st.booleans())
def test_any_answers_make_a_reading_that_travels(answers: dict[Name, Value], enterprise: int, complete: bool) -> None:
    values = {(1, 3, 6, 1, 2, 1, 1, 2, 0): (1, 3, 6, 1, 4, 1, enterprise, 1), **answers}
    reading = normalise(SnmpRaw(taken_at=NOW, values=values, complete=complete), CATALOGUE)
    for counter in reading.counters or ():
        assert 0 <= counter.value < 2**63
    assert wire.from_json(wire.to_json(reading), Reading) == reading
