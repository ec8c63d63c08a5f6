"""Random words for property tests: whatever the types allow."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from fleet.counter import Counter, CounterName, CounterUnit
from fleet.device import DeviceState
from fleet.fault import Activity, Actor, Condition, Fault, Health, Severity
from fleet.identity import Identity
from fleet.reading import Kind, Reading, Round, Tray, TrayState
from fleet.supply import Direction, Empty, Exact, LowOnly, Quantised, SomeLeft, SupplyReading, SupplyType, Unknown

percents = st.floats(min_value=0, max_value=100)
numbered = (
    st.builds(Exact, percent=percents)
    | st.builds(Quantised, percent=percents, step=st.integers(1, 50))
    | st.just(Empty())
)
numberless = st.sampled_from([SomeLeft(), LowOnly(), Unknown()])
levels = numbered | numberless
texts = st.text(max_size=20)
maybe_text = st.none() | texts
whole = st.integers(-(2**62), 2**62)
times = st.integers(946684800, 4102444800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def maybe(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | strategy


def several(strategy: st.SearchStrategy[object], most: int = 4) -> st.SearchStrategy[object]:
    return st.none() | st.lists(strategy, max_size=most).map(tuple)


identities = st.builds(
    Identity,
    maker=maybe_text,
    model=maybe_text,
    serial=maybe_text,
    uuid=maybe_text,
    macs=st.lists(texts, max_size=3).map(tuple),
    engine_id=maybe_text,
    hostname=maybe_text,
    address=maybe_text,
)
supplies = st.builds(
    SupplyReading,
    index=texts,
    type=st.sampled_from(SupplyType),
    level=levels,
    direction=st.sampled_from(Direction),
    color=maybe_text,
    description=maybe_text,
    raw_level=maybe(whole),
    raw_max=maybe(whole),
    unit=maybe_text,
    part_number=maybe_text,
    cartridge_serial=maybe_text,
    fullness=maybe(levels),
)
counters = st.builds(
    Counter, name=st.sampled_from(CounterName), value=st.integers(0, 2**62), unit=st.sampled_from(CounterUnit)
)
trays = st.builds(
    Tray,
    index=texts,
    state=st.sampled_from(TrayState),
    name=maybe_text,
    level=maybe(st.integers(0, 10000)),
    max=maybe(st.integers(0, 10000)),
    media=maybe_text,
)
faults = st.builds(
    Fault,
    cause=texts,
    severity=st.sampled_from(Severity),
    actor=maybe(st.sampled_from(Actor)),
    group=maybe_text,
    code=maybe_text,
    index=maybe_text,
    location=maybe_text,
    text=maybe_text,
    vendor_code=maybe_text,
    since=maybe(times),
    informative=st.booleans(),
)
fields = {
    "identity": identities,
    "silence": maybe_text,
    "kind": maybe(st.sampled_from(Kind)),
    "firmware": maybe_text,
    "location": maybe_text,
    "contact": maybe_text,
    "health": maybe(st.sampled_from(Health)),
    "activity": maybe(st.sampled_from(Activity)),
    "conditions": several(st.sampled_from(Condition)),
    "counters": several(counters),
    "supplies": several(supplies),
    "trays": several(trays),
    "faults": several(faults),
    "lamp_hours": several(st.integers(0, 100000)),
    "display": maybe_text,
    "boot_at": maybe(times),
    "sources": st.dictionaries(st.sampled_from(["kind", "supplies", "counters", "faults"]), texts, max_size=3),
}
readings = st.builds(
    Reading,
    key=texts,
    taken_at=times,
    reachable=st.booleans(),
    round=st.sampled_from(Round),
    partial=st.lists(texts, max_size=2).map(tuple),
    **fields,
)
states = st.builds(
    DeviceState,
    reachable=st.booleans(),
    heard_at=maybe(times),
    asked_at=maybe(times),
    ages=st.dictionaries(st.sampled_from(["kind", "supplies", "counters"]), times, max_size=3),
    **fields,
)
