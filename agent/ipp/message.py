"""An IPP message as typed values (RFC 8010 section 3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, IntEnum
from typing import TypeAlias


class GroupTag(IntEnum):
    """Delimiter tags (RFC 8010 section 3.5.1; 6 and 7 RFC 3995; 10 PWG 5100.22)."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04
    UNSUPPORTED = 0x05
    SUBSCRIPTION = 0x06
    EVENT = 0x07
    RESOURCE = 0x08
    DOCUMENT = 0x09
    SYSTEM = 0x0A


class OutOfBand(Enum):
    """A value that says why there is none (RFC 8010 section 3.5.2, RFC 3380)."""

    UNSUPPORTED = "unsupported"
    UNKNOWN = "unknown"
    NO_VALUE = "no-value"
    NOT_SETTABLE = "not-settable"
    DELETE_ATTRIBUTE = "delete-attribute"
    ADMIN_DEFINE = "admin-define"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """`per` is "inch", "cm" or the bare number of the unit."""

    across: int
    down: int
    per: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    members: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)


Value: TypeAlias = int | bool | str | bytes | datetime | Range | Resolution | Collection | OutOfBand
"""Integer and enum are int; every kind of text is str; octetString is bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    tag: int
    attributes: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`code` is the operation of a request, the status of an answer. `partial` says what could not be read."""

    version: tuple[int, int]
    code: int
    request_id: int
    groups: tuple[Group, ...] = ()
    partial: tuple[str, ...] = ()

    @property
    def succeeded(self) -> bool:
        """RFC 8011 appendix B: below 0x0100, 0x0001 (attributes ignored or substituted) included."""
        return self.code < 0x0100

    def group(self, tag: int) -> Mapping[str, tuple[Value, ...]]:
        """The attributes of every group with this tag, the first of a name."""
        joined: dict[str, tuple[Value, ...]] = {}
        for group in self.groups:
            if group.tag == tag:
                joined = {**group.attributes, **joined}
        return joined

    def texts(self) -> Iterator[str]:
        """Every status message, for a person."""
        for value in self.group(GroupTag.OPERATION).get("status-message", ()):
            if isinstance(value, str):
                yield value
