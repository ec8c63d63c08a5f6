"""Numbers over time: only what a reading says, under names that stores agree on."""

from __future__ import annotations

import math
import re

from hypothesis import given

from fleet.metric import METRICS, parsed, series_name, values
from fleet.reading import Reading
from fleet.supply import Direction, level_percent
from tests.fleet.words import readings


@given(readings)
def test_every_series_belongs_to_a_metric_of_the_table(reading: Reading) -> None:
    for series, value in values(reading).items():
        metric, labels = parsed(series)
        assert set(labels) == set(METRICS[metric].labels)
        assert series_name(metric, **labels) == series
        assert math.isfinite(value)
        assert not metric.endswith("_ratio") or 0 <= value <= 1


@given(readings)
def test_a_level_without_a_number_gives_no_ratio_but_says_why(reading: Reading) -> None:
    series = [parsed(name)[0] for name in values(reading)]
    supplies = reading.supplies or ()
    assert series.count("printer_supply_level_state") == len(supplies)
    consumed = [s for s in supplies if s.direction is Direction.CONSUMED]
    assert series.count("printer_supply_level_ratio") == sum(level_percent(s.level) is not None for s in consumed)


def test_names_follow_the_rules_of_the_house() -> None:
    for name, metric in METRICS.items():
        assert re.fullmatch(r"(printer|projector)_[a-z_]+", name)
        assert name.endswith("_total") == (metric.kind == "counter")
        assert (metric.unit == "ratio") == name.endswith("_ratio")
