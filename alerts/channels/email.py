"""Email: over SMTP, one message a session.

connect, STARTTLS, AUTH, MAIL, RCPT   nothing has left yet: any trouble means later, or never
── handing over ──                    from here the server may have it
DATA ... 250                          taken; 4xx or 5xx: not taken; silence: unsure
"""

from __future__ import annotations

import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime

import aiosmtplib
from aiosmtplib.errors import SMTPException, SMTPResponseException

from alerts.channels.channel import HandingOver, Message, Unsure
from fleet.errors import DeliveryError
from fleet.kit.clock import Clock
from fleet.kit.config import Secret

_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\\ud800-\udfff]{1,64}@[^\s@<>,;:\"()\\\ud800-\udfff]{1,255}")
"""One bare address. What the library makes of anything else depends on its version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """`tls`: none, starttls, or tls from the first byte."""

    host: str
    port: int
    tls: str = "none"
    user: str = ""
    password: Secret = Secret("")
    timeout_seconds: float = 30.0


class Email:
    def __init__(self, server: MailServer, clock: Clock) -> None:
        self.server = server
        self.clock = clock
        self.context = ssl.create_default_context() if server.tls != "none" else None

    async def send(self, message: Message, handing_over: HandingOver) -> None:
        content = written(message, format_datetime(self.clock.now()))
        async with self._session() as session:
            try:
                await session.mail(message.sender)
                await session.rcpt(message.to)
            except (SMTPException, OSError, UnicodeError, ValueError) as error:
                raise _refused(error, self._where) from error
            if not await handing_over():
                return
            await self._hand_over(session, content)

    async def _hand_over(self, session: aiosmtplib.SMTP, content: bytes) -> None:
        try:
            await session.data(content)
        except SMTPResponseException as error:
            raise _refused(error, self._where) from error
        except (SMTPException, OSError, TimeoutError) as error:
            raise Unsure(f"{self._where} did not answer after the message was handed over: {error}") from error

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[aiosmtplib.SMTP]:
        server = self.server
        session = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls == "tls",
            start_tls=server.tls == "starttls",
            username=server.user or None,
            password=server.password.reveal() if server.user else None,
            timeout=server.timeout_seconds,
            tls_context=self.context,
        )
        try:
            await session.connect()
        except (SMTPException, OSError, ValueError) as error:
            raise _refused(error, self._where) from error
        try:
            yield session
        finally:
            session.close()

    @property
    def _where(self) -> str:
        return f"mail server {self.server.host}:{self.server.port}"


def written(message: Message, date: str) -> bytes:
    """The message as bytes. DeliveryError, never to be tried again, when a header cannot be written."""
    mail = EmailMessage(policy=SMTP_POLICY)
    if not _ADDRESS.fullmatch(message.to):
        raise DeliveryError(f"{message.to[:100]!r} is no mail address: name one such as a@b.example", retryable=False)
    try:
        mail["From"], mail["To"], mail["Subject"] = message.sender, message.to, message.subject
        if message.reply_to:
            mail["Reply-To"] = message.reply_to
        mail["Date"], mail["Message-ID"] = date, message.message_id
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation notes in answer
        mail.set_content(message.body)
        return mail.as_bytes()
    except Exception as error:
        # The library's own parser of addresses stumbles in many ways: AttributeError, TypeError, IndexError, ...
        raise DeliveryError(f"the message cannot be written as a mail: {error}", retryable=False) from error


def _refused(error: Exception, where: str) -> DeliveryError:
    """Nothing left the house. A 5xx will not change by itself; a wrong password waits until a person puts it right."""
    code = error.code if isinstance(error, SMTPResponseException) else 0
    never = 500 <= code < 600 and not isinstance(error, aiosmtplib.SMTPAuthenticationError)
    never |= isinstance(error, UnicodeError)
    return DeliveryError(f"{where}: {error}", retryable=not never)
