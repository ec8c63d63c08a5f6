"""Announcements by mDNS (RFC 6762, RFC 6763) on the loopback interface, for devices that are found no other way."""

from __future__ import annotations

import asyncio
import socket

from zeroconf import IPVersion
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from pagewarden.demo.office.device import Device
from pagewarden.demo.office.models import Speaks


class Announcer:
    """Says who is there; goodbye packets at the end."""

    def __init__(self) -> None:
        self._zeroconf = AsyncZeroconf(interfaces=["127.0.0.1"], ip_version=IPVersion.V4Only)
        self._infos: dict[int, list[AsyncServiceInfo]] = {}

    async def announce(self, device: Device, *, ipp: int, ipps: int, escl: int) -> None:
        """Registers the device's services; a device that is known already is taken back first."""
        await self.withdraw(device)
        self._infos[device.life.number] = _infos(device, ipp=ipp, ipps=ipps, escl=escl)
        # Registering first asks whether the name is taken (RFC 6762 8.1), which takes most of a second: all at once.
        # It may be: by a second office on this machine.
        infos = self._infos[device.life.number]
        register = self._zeroconf.async_register_service
        await asyncio.gather(*(register(info, allow_name_change=True) for info in infos))

    async def withdraw(self, device: Device) -> None:
        for info in self._infos.pop(device.life.number, []):
            await self._zeroconf.async_unregister_service(info)

    async def close(self) -> None:
        await self._zeroconf.async_close()


def _infos(device: Device, *, ipp: int, ipps: int, escl: int) -> list[AsyncServiceInfo]:
    model = device.model
    common = {"ty": model.label, "note": device.place, "UUID": device.uuid, "txtvers": "1"}
    print_ = common | {
        "rp": "ipp/print",
        "product": f"({model.label})",
        "usb_MFG": model.maker,
        "usb_MDL": model.name,
        "pdl": "application/pdf,image/urf",
        "Color": "T" if model.color else "F",
        "priority": "10",
    }
    wanted = {
        Speaks.IPP: ("_ipp._tcp.local.", ipp, print_),
        Speaks.IPPS: ("_ipps._tcp.local.", ipps, print_ | {"TLS": "1.2"}),
        Speaks.ESCL: ("_uscan._tcp.local.", escl, common | {"rs": "eSCL", "vers": "2.63", "is": "platen,adf"}),
    }
    return [
        AsyncServiceInfo(
            type_,
            f"{model.label} ({device.place}).{type_}",
            port=port,
            addresses=[socket.inet_aton(device.life.address)],
            properties=facts,
            server=f"{device.host_name}.local.",
        )
        for way, (type_, port, facts) in wanted.items()
        if way in model.speaks
    ]
