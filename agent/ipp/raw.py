"""What the IPP probe hands to the normaliser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.ipp.message import Value
from agent.probes.probe import Raw


@dataclass(frozen=True, slots=True, kw_only=True)
class IppRaw(Raw):
    """The printer attributes of one answer. `fingerprint` is the certificate's SHA-256, where TLS was spoken."""

    protocol: str = "ipp"
    attributes: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    version: tuple[int, int] = (1, 1)
    path: str | None = None
    fingerprint: str | None = None

    def texts(self, name: str) -> tuple[str, ...]:
        """The text values of an attribute; octet strings count as text (printer-alert, printer-supply)."""
        found = (v.decode("utf-8", "replace") if isinstance(v, bytes) else v for v in self.attributes.get(name, ()))
        return tuple(value for value in found if isinstance(value, str))

    def text(self, *names: str) -> str | None:
        """The first text among `names` that is not blank."""
        return next((text for name in names for text in self.texts(name) if text.strip(" \0")), None)

    def numbers(self, name: str) -> tuple[int, ...]:
        return tuple(value for value in self.attributes.get(name, ()) if type(value) is int)

    def number(self, name: str) -> int | None:
        return next(iter(self.numbers(name)), None)
