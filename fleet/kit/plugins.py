"""Plug points: our own parts are listed in a dict in each folder; other people's come through entry points."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import Any, TypeVar

from fleet.errors import SettingsError

T = TypeVar("T")


def joined(own: Mapping[str, T], group: str) -> dict[str, T]:
    """Our parts and those installed under the entry-point `group`. One name has one owner."""
    parts: dict[str, T] = dict(own)
    for point in entry_points(group=group):
        if point.name in parts:
            raise SettingsError(f"two owners of {group} {point.name!r}: remove the package that brings {point.value}")
        loaded: Any = point.load()
        parts[point.name] = loaded
    return parts
