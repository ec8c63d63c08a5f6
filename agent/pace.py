"""When a device is asked next: pure rules over what happened so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from agent.settings import RoundsSettings
from fleet.reading import Round

NEVER = float("-inf")
STATUS_WAYS = ("snmp", "ipp", "pjlink", "escl")
"""Who is asked in a status round, the first that answers: SNMP wakes nobody, IPP says most of the others."""
WAY_TIRES_AFTER, WAY_RETRY = 3, 8
"""A way in that stayed silent for three full rounds, while others answered, is tried only in every eighth."""


@dataclass(slots=True)
class Pace:
    """The rhythm of one device. Times are seconds of the monotonic clock."""

    due: float
    last_full: float = NEVER
    last_told_silent: float = NEVER
    misses: int = 0
    asleep: bool = False
    busy: bool = False
    wake_at: float | None = None
    fulls: int = 0
    way_misses: dict[str, int] = field(default_factory=dict)
    complaining: frozenset[str] | None = None
    """Ways that told of trouble no other way tells of; None until all of them were heard at once."""

    def round_at(self, now: float, settings: RoundsSettings) -> Round:
        """Everything where it is time for it, or where it is not sure who will answer."""
        interval = settings.full_seconds * (settings.asleep_factor if self.asleep else 1)
        # Half a beat early is early enough: otherwise a full round slips by one status beat each time.
        due = now >= self.last_full + interval - settings.status_seconds / 2
        return Round.FULL if due or self.is_silent(settings) else Round.STATUS

    def is_silent(self, settings: RoundsSettings) -> bool:
        return self.misses >= settings.silent_after

    def leaves_out(
        self, probes: Iterable[str], ways: Iterable[str], round_: Round, settings: RoundsSettings
    ) -> set[str]:
        """Probes not worth asking now. A status round asks the best way alone, and those without which it would not
        hear whether known trouble is over."""
        ways = set(ways)
        if round_ is Round.STATUS and ways:
            best = next((way for way in STATUS_WAYS if way in ways), None)
            if best is None or self.complaining is None:
                return set(probes) - ways
            return set(probes) - {best} - (self.complaining & ways)
        if self.fulls % WAY_RETRY == 0 or self.is_silent(settings):
            return set()
        return {name for name, misses in self.way_misses.items() if misses >= WAY_TIRES_AFTER}

    def answered(
        self,
        now: float,
        round_: Round,
        *,
        asleep: bool,
        ways: Iterable[str] = (),
        quiet: Iterable[str] = (),
        complaining: frozenset[str] | None = None,
    ) -> None:
        """Some probes (`ways`) were answered, others (`quiet`) were not. `complaining`: who told of trouble that SNMP
        did not tell of, None where that was not looked at."""
        self.complaining = self.complaining if complaining is None else complaining
        self.misses, self.asleep, self.last_told_silent = 0, asleep, NEVER
        if round_ is Round.FULL:
            self.last_full = now
            self.fulls += 1
            self.way_misses |= {name: self.way_misses.get(name, 0) + 1 for name in quiet}
            self.way_misses |= dict.fromkeys(ways, 0)

    def read_in_full(self) -> None:
        """Ask everything in the next round, whenever the last time was."""
        self.last_full = NEVER

    def missed(self) -> None:
        self.misses += 1

    def tells_silence(self, now: float, settings: RoundsSettings) -> bool:
        """Whether silence is worth a reading: when it begins to count, and then on the beat of full rounds."""
        return self.is_silent(settings) and now >= self.last_told_silent + settings.full_seconds

    def interval(self, settings: RoundsSettings) -> float:
        """Seconds to the next look, without jitter: twice as long after each miss from the third on, up to the cap."""
        if self.misses < settings.silent_after:
            return settings.status_seconds * (settings.asleep_factor if self.asleep and not self.misses else 1)
        doubled = settings.status_seconds * 2.0 ** min(self.misses - settings.silent_after + 1, 30)
        return max(settings.status_seconds, min(settings.backoff_cap_seconds, doubled))
