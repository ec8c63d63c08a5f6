"""Channel: one way to reach somebody outside the house."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from fleet.errors import DeliveryError


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message in plain text. `key` is its idempotency key: the same key is the same message. `reply_to`: who hears
    the answer, where that is not the sender."""

    key: str
    sender: str
    to: str
    subject: str
    body: str
    reply_to: str = ""

    @property
    def message_id(self) -> str:
        """Stable over repetitions, so that a receiver can see that two are one."""
        domain = self.sender.rpartition("@")[2] or "pagewarden.invalid"
        return f"<{hashlib.sha256(self.key.encode()).hexdigest()[:32]}@{domain}>"


class Unsure(DeliveryError):
    """The message was handed over and the answer never came. It may have arrived; sending again might double it."""

    def __init__(self, text: str) -> None:
        super().__init__(text, retryable=False)


HandingOver = Callable[[], Awaitable[bool]]
"""Called right before the message leaves our hands; False means: do not."""


class Channel(Protocol):
    """`send` returns when the other side has taken the message. DeliveryError says whether trying again can help;
    Unsure that nobody knows."""

    async def send(self, message: Message, handing_over: HandingOver) -> None: ...
