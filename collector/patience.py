"""Patience: each wrong password makes the next answer slower, for its account and for where it came from.

An attempt takes its turn before its password is looked at, so many at once stand in line one behind the other. The
numbers live in a fixed count of boxes under a secret hash: a flood of made-up names cannot push a real one out, it can
only share its box.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

BOXES = 8_192
"""Of each kind. Two names that share a box are slow together; nothing else happens to them."""
FORGOTTEN_AFTER = 15 * 60.0
LONGEST_WAIT = 8.0
"""Who would wait longer is sent away, without a look at the password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """`free` wrong attempts cost nothing; from there a wait that doubles from `first` to `longest` seconds."""

    free: int
    first: float
    longest: float

    def after(self, wrong: int) -> float:
        return 0.0 if wrong < self.free else min(self.longest, self.first * 2.0 ** min(wrong - self.free, 30))


ACCOUNT = Pace(free=2, first=1.0, longest=8.0)
SOURCE = Pace(free=20, first=0.5, longest=1.0)
"""Gentle, since a whole office or a proxy may be one source: in the end one attempt a second, on all accounts
together."""


@dataclass(slots=True)
class _Box:
    wrong: int = 0
    free_at: float = float("-inf")


class Crowded(Exception):
    """Too many attempts stand in line. `seconds`: when to come again."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"come again in {seconds:.0f} seconds")
        self.seconds = seconds


class Patience:
    """Made for one event loop: nothing here waits, so nobody comes in between."""

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(16)
        self._boxes: dict[tuple[Pace, int], _Box] = {}

    def turn(self, account: str, source: str, now: float) -> float:
        """The seconds this attempt has to wait before its password is looked at. It counts as a wrong one until
        `forgive`. Crowded where the line is too long; such an attempt counts for nothing."""
        boxes = self._both(account, source, now)
        begins = max(now, *(box.free_at for _, box in boxes))
        if begins - now > LONGEST_WAIT:
            raise Crowded(begins - now)
        for pace, box in boxes:
            box.wrong += 1
            # Each line by itself: who waits for his account holds up nobody beside him.
            box.free_at = max(now, box.free_at) + pace.after(box.wrong)
        return begins - now

    def forgive(self, account: str, source: str) -> None:
        """The password was right. The account starts anew; the source gets its one attempt back, so that one good
        account does not wipe out what was tried on others."""
        self._boxes.pop((ACCOUNT, self._number(account)), None)
        box = self._boxes.get((SOURCE, self._number(source)))
        if box and box.wrong:
            box.wrong -= 1

    def _both(self, account: str, source: str, now: float) -> Sequence[tuple[Pace, _Box]]:
        found = []
        for pace, name in ((ACCOUNT, account), (SOURCE, source)):
            key = (pace, self._number(name))
            box = self._boxes.get(key)
            if box is None or now - box.free_at > FORGOTTEN_AFTER:
                box = self._boxes[key] = _Box(free_at=now)
            found.append((pace, box))
        return found

    def _number(self, name: str) -> int:
        digest = hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8, key=self._salt).digest()
        return int.from_bytes(digest) % BOXES


def source_of(remote: str | None, forwarded: Sequence[str]) -> str:
    """Where a request comes from. A proxy on this machine says so in the last entry of X-Forwarded-For, the only one
    it wrote itself; from elsewhere that header is the asker's own word. An IPv6 network of 64 bits is one source, since
    a host has all of its addresses."""
    address = _address(remote)
    if address is not None and address.is_loopback and forwarded:
        address = _address(forwarded[-1].rpartition(",")[2].strip()) or address
    if address is None:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(address), 64), strict=False))
    return str(address)


def _address(text: str | None) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text or "")
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
