"""CPU time of this process, all its threads, user and system."""

from __future__ import annotations

import resource
from types import TracebackType


class CpuTime:
    """``with CpuTime() as time: ...``; then ``time.seconds``. Entered again, it adds up."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __enter__(self) -> CpuTime:
        self._start = _now()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.seconds += _now() - self._start


def _now() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
