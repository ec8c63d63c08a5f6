"""Serve: a collector that listens, from its socket to its clean end."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from aiohttp import web

from collector.app import build_app
from collector.settings import CollectorSettings
from collector.store.restore import claim
from fleet.errors import FleetError
from fleet.kit.clock import Clock

SHUTDOWN_SECONDS = 5.0


class CannotListen(FleetError):
    """The address cannot be listened on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """A collector at work. `url` is where it listens."""

    app: web.Application
    url: str
    port: int


@asynccontextmanager
async def serving(settings: CollectorSettings, clock: Clock | None = None) -> AsyncIterator[Serving]:
    """Listens while the block runs. Port 0 takes any free one. CannotListen says why not."""
    listener = listening(settings)
    try:
        port = int(listener.getsockname()[1])
        settings = replace(settings, listen=f"{_shown(settings.host)}:{port}")
        with await asyncio.to_thread(claim, settings.data_dir):
            app = await asyncio.to_thread(build_app, settings, clock)
            runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
            await runner.setup()
            try:
                await web.SockSite(runner, listener).start()
                yield Serving(app=app, url=f"http://{settings.listen}", port=port)
            finally:
                await runner.cleanup()
    finally:
        listener.close()


def listening(settings: CollectorSettings) -> socket.socket:
    """The bound socket."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise CannotListen(_why(error, settings)) from error
    listener.setblocking(False)
    return listener


def _why(error: OSError, settings: CollectorSettings) -> str:
    if error.errno == errno.EADDRINUSE:
        text = "another program listens there already"
        return f"cannot listen on {settings.listen}: {text}; stop it, or choose another port with --listen HOST:PORT"
    if error.errno == errno.EACCES:
        return f"cannot listen on {settings.listen}: ports below 1024 need rights; choose one above with --listen"
    return (
        f"cannot listen on {settings.listen}: {error.strerror or error}; give an address of this machine with --listen"
    )


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
