"""The people of the office: when they are there, and how much they print."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from random import Random

_HOURS = {7: 0.1, 8: 0.6, 9: 1.0, 10: 1.0, 11: 0.9, 12: 0.4, 13: 0.6, 14: 1.0, 15: 1.0, 16: 0.8, 17: 0.4, 18: 0.1}
_DAYS = (1.0, 1.0, 0.95, 1.0, 0.8, 0.0, 0.0)
PAGES_PER_JOB = 6.0


def bustle(local: datetime) -> float:
    """How busy the office is, 0 (nobody there) to 1, at this local time."""
    return _HOURS.get(local.hour, 0.0) * _DAYS[local.weekday()]


def poisson(rng: Random, mean: float) -> int:
    """How many things happen when `mean` are expected."""
    if mean > 30:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def job_pages(rng: Random) -> int:
    """Most jobs are a page or two, a few are a stack."""
    return 1 + int(rng.expovariate(1 / (PAGES_PER_JOB - 0.5)))


def delivery(rng: Random, now: datetime) -> datetime:
    """When a cartridge that is asked for now stands beside the machine: in two to four working days."""
    day, left = now, rng.randint(2, 4)
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day
