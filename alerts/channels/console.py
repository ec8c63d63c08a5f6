"""Console: messages go to the log. For tries without a mail server."""

from __future__ import annotations

import logging

from alerts.channels.channel import HandingOver, Message

log = logging.getLogger(__name__)


class Console:
    async def send(self, message: Message, handing_over: HandingOver) -> None:
        if await handing_over():
            log.info("message to %s: %s\n%s", message.to, message.subject, message.body)
