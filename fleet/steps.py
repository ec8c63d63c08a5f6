"""Steps: how finely a kind of supply is measured, learned from the levels that devices have shown.

A device that only ever says 100, 90, 80 ... measures in tenths, and its 80 may be anything up to 90. One that measures
finer would have to fall on a multiple of ten each time by accident. So falls are counted, and a step is believed once
the next finer step that devices use explains them with less than one chance in `DOUBT`. A single value between two
steps is proof against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from fleet.supply import Exact, Quantised, SupplyReading

STEPS = (50, 25, 20, 10, 5)
"""Steps that devices are known to use, in percent, the coarsest first."""
DOUBT = 1_000
FINE = 1
_NEXT_FINER = {step: next(finer for finer in (*STEPS, FINE) if finer < step and step % finer == 0) for step in STEPS}


def step_of(landings: Mapping[float, int]) -> int:
    """The step in percent that `landings` (level fallen to -> how often) speak for; 1 where they speak for none.

    100 and 0 say nothing: every step ends there.
    """
    said = {level: times for level, times in landings.items() if 0 < level < 100 and times > 0}
    for step, finer in _NEXT_FINER.items():
        if all(level % step == 0 for level in said) and (step / finer) ** sum(said.values()) >= DOUBT:
            return step
    return FINE


def in_steps(supply: SupplyReading, step: int) -> SupplyReading:
    """The supply with its level as one of steps, where it is a number and the step is coarse."""
    if step <= FINE or not isinstance(supply.level, Exact) or supply.level.percent % step:
        return supply
    return replace(supply, level=Quantised(percent=supply.level.percent, step=step))
