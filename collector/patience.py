"""Patience: each wrong password makes the next answer slower, for who tries it and a little for everybody else.

An attempt takes its turn before its password is looked at, so many at once stand in line one behind the other. The
strict line is that of one source on one account: a stranger fills his own and not the owner's. The numbers live in a
fixed count of boxes under a secret hash: a flood of made-up names cannot push a real one out, it only shares its
box.
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
QUIET = 60.0
"""Who let his own line rest so long is looked at, however many others try the same account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """`free` wrong attempts cost nothing; from there a wait that doubles from `first` to `longest` seconds. A line that
    `yields` slows but does not refuse who is new or was quiet."""

    kind: str
    free: int
    first: float
    longest: float
    yields: bool = False

    def after(self, wrong: int) -> float:
        return 0.0 if wrong < self.free else min(self.longest, self.first * 2.0 ** min(wrong - self.free, 30))


STRANGER = Pace(kind="stranger", free=2, first=1.0, longest=8.0)
"""One source on one account."""
SOURCE = Pace(kind="source", free=20, first=0.5, longest=1.0)
"""Gentle, since a whole office or a proxy may be one source: in the end one attempt a second, on all accounts
together."""
ACCOUNT = Pace(kind="account", free=20, first=0.5, longest=1.0, yields=True)
"""All sources on one account: in the end one attempt a second, and what the sources may on their own."""
BROWSER = Pace(kind="browser", free=2, first=1.0, longest=8.0)
"""One browser that signed in to this account before. Nobody else can stand in its line."""
SESSION = Pace(kind="session", free=2, first=1.0, longest=8.0)
"""Somebody signed in who is asked for his password again."""

Lines = tuple[tuple[Pace, str], ...]
"""Where an attempt stands at once. The first line is its very own."""


def stranger(account: str, source: str) -> Lines:
    return (STRANGER, f"{account}\0{source}"), (SOURCE, source), (ACCOUNT, account)


def known_browser(account: str, browser: str) -> Lines:
    return ((BROWSER, f"{account}\0{browser}"),)


def signed_in(session: str) -> Lines:
    return ((SESSION, session),)


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

    def turn(self, lines: Lines, now: float) -> float:
        """The seconds this attempt has to wait before its password is looked at. It counts as a wrong one until
        `forgive`. Crowded where the line is too long; such an attempt counts for nothing."""
        boxes = [(pace, self._box(pace, name, now)) for pace, name in lines]
        wait = _wait(boxes, now)
        for pace, box in boxes:
            box.wrong += 1
            # Each line by itself: who waits for his account holds up nobody beside him.
            box.free_at = max(now, box.free_at) + pace.after(box.wrong)
            if pace.yields:  # who was let past makes it no longer
                box.free_at = min(box.free_at, now + LONGEST_WAIT + pace.longest)
        return wait

    def forgive(self, lines: Lines) -> None:
        """The password was right. Its own line starts anew; the others get this one attempt back, so that one good
        sign-in does not wipe out what others tried."""
        (own, name), *others = lines
        self._boxes.pop((own, self._number(name)), None)
        for pace, name in others:
            box = self._boxes.get((pace, self._number(name)))
            if box and box.wrong:
                box.wrong -= 1

    def _box(self, pace: Pace, name: str, now: float) -> _Box:
        key = (pace, self._number(name))
        box = self._boxes.get(key)
        if box is None or now - box.free_at > FORGOTTEN_AFTER:
            box = self._boxes[key] = _Box(free_at=now)
        return box

    def _number(self, name: str) -> int:
        digest = hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8, key=self._salt).digest()
        return int.from_bytes(digest) % BOXES


def _wait(boxes: Sequence[tuple[Pace, _Box]], now: float) -> float:
    """How long these lines are. Crowded where one of them is too long."""
    pace, own = boxes[0]
    goes_past_at = now if own.wrong < pace.free else own.free_at + QUIET
    firm = max(box.free_at - now for pace, box in boxes if not pace.yields)
    soft = max((box.free_at - now for pace, box in boxes if pace.yields), default=0.0)
    if firm > LONGEST_WAIT:
        raise Crowded(firm)
    if soft > LONGEST_WAIT and goes_past_at > now:
        raise Crowded(goes_past_at - now)
    return max(0.0, firm, min(soft, LONGEST_WAIT))


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
