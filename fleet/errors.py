"""Everything that can go wrong, in one tree.

    FleetError
    ├── SettingsError          a setting is wrong; names the path
    ├── ProbeError             a device could not be read
    │   ├── Unreachable        nothing answered
    │   ├── Refused            something answered and said no (credentials, access)
    │   ├── Garbled            the answer makes no sense
    │   └── Unsupported        the device does not speak this
    ├── SpoolError             the agent's spool cannot be written or read
    ├── ShipError              a batch did not reach the collector
    ├── IngestError            a batch cannot be accepted
    ├── IllegalMove            a life cycle does not allow this step
    └── DeliveryError          a mail, webhook or order did not leave

Each says whether trying the same thing again can help (`retryable`), and its text tells the reader what to do next.
"""

from __future__ import annotations


class FleetError(Exception):
    """Base of all errors of the product."""

    retryable: bool = False


class SettingsError(FleetError):
    """A setting is missing or wrong. The text names file and path, e.g. ``agent.toml: networks[0].cidr``."""


class ProbeError(FleetError):
    """A device could not be read over one protocol."""


class Unreachable(ProbeError):
    """Nothing answered in time."""

    retryable = True


class Refused(ProbeError):
    """Something answered and refused: wrong credentials, access list, HTTP 401 or 403."""


class Garbled(ProbeError):
    """The answer breaks the protocol's own rules."""


class Unsupported(ProbeError):
    """The device answers, but does not offer what was asked."""


class SpoolError(FleetError):
    """The agent's spool cannot be used: disk full, read-only, damaged."""

    retryable = True


class ShipError(FleetError):
    """A batch did not reach the collector, or was not taken."""

    def __init__(self, text: str, *, retryable: bool = True, retry_after_seconds: float | None = None) -> None:
        super().__init__(text)
        self.retryable = retryable
        self.retry_after_seconds = retry_after_seconds


class IngestError(FleetError):
    """A whole batch cannot be accepted; single bad readings are set aside instead."""


class IllegalMove(FleetError):
    """A life cycle has no such step from here."""


class DeliveryError(FleetError):
    """A message did not leave the house. `retryable` tells later from never."""

    def __init__(self, text: str, *, retryable: bool) -> None:
        super().__init__(text)
        self.retryable = retryable
