"""One device on the network: its servers at its address, and how it moves to another."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from pagewarden.demo.office import certificate, escl, ipp, pjlink, tree
from pagewarden.demo.office.device import Device
from pagewarden.demo.office.memory import Ports
from pagewarden.demo.office.models import Speaks
from pagewarden.demo.office.snmp import Responder, View
from pagewarden.demo.office.snmpv3 import ResponderV3, User

_WEB_LOG = logging.getLogger("pagewarden.demo.office.web")
_WEB_LOG.setLevel(logging.CRITICAL)
# Clients that hang up in the middle are everyday business for a printer.

_VERSIONS = {Speaks.SNMP_V1: 0, Speaks.SNMP_V2C: 1}


class Stand:
    """Where a device stands: `open` starts what it speaks at its present address, `close` ends it."""

    def __init__(self, device: Device, ports: Ports, certificates: Path, *, user: User) -> None:
        self.device, self._ports, self._certificates, self._user = device, ports, certificates, user
        self.address = device.life.address
        self._stack = AsyncExitStack()
        self._picture: tuple[int, View] | None = None

    async def open(self) -> None:
        self.address = self.device.life.address
        speaks = self.device.model.speaks
        try:
            await self._open_snmp(speaks)
            await self._open_web(speaks)
            if Speaks.PJLINK in speaks:
                await self._open_pjlink()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        await self._stack.aclose()
        self._stack = AsyncExitStack()

    async def move(self) -> None:
        """The servers follow the device to the address it has now."""
        await self.close()
        await self.open()

    def view(self) -> View:
        """Its SNMP tree; drawn anew only when something happened."""
        now = datetime.now(UTC)
        if self._picture is None or self._picture[0] != self.device.version:
            self._picture = (self.device.version, tree.view(self.device, now))
        return tree.with_uptime(self._picture[1], self.device, now)

    async def _open_snmp(self, speaks: frozenset[Speaks]) -> None:
        versions = frozenset(version for way, version in _VERSIONS.items() if way in speaks)
        if versions:
            transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: Responder(self.view, versions), local_addr=(self.address, self._ports.snmp)
            )
            self._stack.callback(transport.close)
        if Speaks.SNMP_V3 in speaks:
            responder = ResponderV3(self.view, self.address, self._ports.snmp, mac=self.device.mac, user=self._user)
            self._stack.callback(responder.close)

    async def _open_web(self, speaks: frozenset[Speaks]) -> None:
        if Speaks.IPP in speaks:
            await self._serve(ipp.application(self.device, port=self._ports.ipp), self._ports.ipp)
        if Speaks.IPPS in speaks:
            context = await asyncio.to_thread(
                certificate.server_context,
                self._certificates / f"{self.device.life.mac}.pem",
                host=self.device.host_name,
                address=self.address,
            )
            await self._serve(ipp.application(self.device, port=self._ports.ipps), self._ports.ipps, context)
        if Speaks.ESCL in speaks:
            await self._serve(escl.application(self.device), self._ports.escl)

    async def _serve(self, app: web.Application, port: int, context: object | None = None) -> None:
        runner = web.AppRunner(app, access_log=None, logger=_WEB_LOG, shutdown_timeout=0.5)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, self.address, port, ssl_context=context).start()  # type: ignore[arg-type]

    async def _open_pjlink(self) -> None:
        password = pjlink.PASSWORD if self.device.model.pjlink_class == 2 else None
        server = await pjlink.serve(self.device, self.address, self._ports.pjlink, password=password)
        self._stack.callback(_closer(server))


def _closer(server: asyncio.Server) -> Callable[[], None]:
    def close() -> None:
        server.close()

    return close
