"""A mail server that keeps what it gets: each mail is one .eml file, safely on disk before it says yes."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST_MAIL = 10 * 2**20


class Keeper:
    """Takes every mail into one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        try:
            name = await asyncio.to_thread(self._keep, content)
        except OSError as error:
            return f"452 4.3.1 the mail could not be kept: {error.strerror}"
        return f"250 2.0.0 kept as {name}"

    def _keep(self, content: bytes) -> str:
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}.eml"
        # Readers look for *.eml: the mail gets that name when it is whole.
        fresh = self._folder / f".{name}.part"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(self._folder / name)
        return name


@asynccontextmanager
async def listening(folder: Path) -> AsyncIterator[int]:
    """A mail server on a free port of this machine; the port."""
    keeper = await asyncio.to_thread(Keeper, folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(keeper, enable_SMTPUTF8=True, data_size_limit=LARGEST_MAIL, hostname="localhost", loop=loop),
        "127.0.0.1",
        0,
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
