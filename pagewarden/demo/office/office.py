"""The office: all devices at their addresses, and a clock that runs `speed` times as fast as ours."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import zeroconf

from pagewarden.demo.office import birth, memory, pjlink, ports
from pagewarden.demo.office.device import Device
from pagewarden.demo.office.life import advance
from pagewarden.demo.office.mdns import Announcer
from pagewarden.demo.office.memory import Memory
from pagewarden.demo.office.models import Speaks
from pagewarden.demo.office.snmpv3 import User
from pagewarden.demo.office.stand import Stand

log = logging.getLogger(__name__)

ZONE = ZoneInfo("Europe/Berlin")
TICK_SECONDS = 0.5
SAVE_SECONDS = 5.0
FASTEST = 14_400
"""Four hours a second; a faster office would not come to answer questions."""
_LONGEST_TICK = timedelta(seconds=FASTEST * TICK_SECONDS)
PORTS_FILE = "office-ports.json"
MEMORY_FILE = "office.json"


class Office:
    """Make it with `Office.remembered`, then `async with office.open()`: devices answer while their time runs."""

    def __init__(self, data: Path, kept: Memory, *, count: int, speed: float) -> None:
        self.data, self.speed, self._kept = data, speed, kept
        self.user = User()
        self.ports = ports.USUAL
        self.devices = [Device(model=birth.model_of(life.number), life=life) for life in kept.devices[:count]]
        self.stands: list[Stand] = []
        self._told: dict[str, Any] = {}
        self._announcer: Announcer | None = None

    @classmethod
    def remembered(cls, data: Path, *, count: int, speed: float) -> Office:
        """The office as it was left in `data`, or on its first morning. ValueError for a damaged memory."""
        real_now = datetime.now(UTC)
        kept = memory.load(data / MEMORY_FILE)
        if kept is None:
            morning = birth.first_morning(real_now, ZONE)
            kept = Memory(began_at=morning, now=morning)
        for number in range(len(kept.devices), count):
            kept.devices.append(birth.born(number, real_now))
        return cls(data, kept, count=count, speed=speed)

    @property
    def now(self) -> datetime:
        """The time in the office."""
        return self._kept.now

    @property
    def networks(self) -> tuple[str, ...]:
        return birth.networks(len(self.devices))

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Office]:
        """Starts every device, writes office-ports.json, and lets time run until the end."""
        count = len(self.devices)
        later = [birth.spare_address(scene.number, count) for scene in birth.SCENES if scene.number < count]
        places = dict.fromkeys([*(device.life.address for device in self.devices), *later])
        self.ports = await asyncio.to_thread(ports.choose, places, wanted=self._kept.ports or ports.USUAL)
        self._kept.ports = self.ports
        self._refresh()
        try:
            await self._open_stands()
            await asyncio.to_thread(self._write_ports)
            tasks = [asyncio.create_task(self._run()), *(asyncio.create_task(self._announce(d)) for d in self.devices)]
            try:
                yield self
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await self.save()
        finally:
            await self._close_stands()

    async def save(self) -> None:
        await asyncio.to_thread(memory.write_atomically, self.data / MEMORY_FILE, memory.dumped(self._kept))

    def pass_time(self, real_seconds: float, real_now: datetime) -> list[tuple[Device, str]]:
        """Lets `real_seconds` times `speed` pass in the office; says what happened where."""
        start = self._kept.now
        end = start + min(timedelta(seconds=real_seconds * self.speed), _LONGEST_TICK)
        happened: list[tuple[Device, str]] = []
        for device in self.devices:
            happened += [(device, words) for words in advance(device.life, device.model, start, end, ZONE)]
        self._kept.now = end
        happened += self._play(end, real_now)
        self._refresh(real_now)
        return happened

    def _play(self, now: datetime, real_now: datetime) -> list[tuple[Device, str]]:
        """The scenes of the first day that are due by now."""
        happened: list[tuple[Device, str]] = []
        since = (now - self._kept.began_at).total_seconds() / 60
        while self._kept.scenes < len(birth.SCENES) and birth.SCENES[self._kept.scenes].minutes <= since:
            scene = birth.SCENES[self._kept.scenes]
            self._kept.scenes += 1
            if scene.number < len(self.devices):
                device = self.devices[scene.number]
                spare = birth.spare_address(scene.number, len(self.devices))
                told = birth.play(scene, device.life, device.model, now, real_now, spare=spare)
                happened += [(device, words) for words in told]
        return happened

    def _refresh(self, real_now: datetime | None = None) -> None:
        for device in self.devices:
            device.refresh(self._kept.now, real_now or datetime.now(UTC))

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        last = saved = loop.time()
        while True:
            await asyncio.sleep(TICK_SECONDS)
            now = loop.time()
            for device, words in self.pass_time(now - last, datetime.now(UTC)):
                log.info("%s, %s: %s", device.place, device.model.label, words)
            last = now
            await self._follow()
            if now - saved >= SAVE_SECONDS:
                await self.save()
                saved = loop.time()

    async def _follow(self) -> None:
        """Devices that have another address now answer there, and only there; the list of the office stays true."""
        for stand in self.stands:
            if stand.address != stand.device.life.address:
                await stand.move()
                await self._announce(stand.device)
        if self.described() != self._told:
            await asyncio.to_thread(self._write_ports)

    async def _open_stands(self) -> None:
        for device in self.devices:
            stand = Stand(device, self.ports, self.data / "certificates", user=self.user)
            await stand.open()
            self.stands.append(stand)

    async def _announce(self, device: Device) -> None:
        if Speaks.MDNS not in device.model.speaks:
            return
        try:
            self._announcer = self._announcer or Announcer()
            await self._announcer.announce(device, ipp=self.ports.ipp, ipps=self.ports.ipps, escl=self.ports.escl)
        except (OSError, zeroconf.Error) as error:
            # No multicast on this loopback interface: the device is still found by its open ports.
            log.warning("no announcements by mDNS here: %s", error)

    async def _close_stands(self) -> None:
        if self._announcer is not None:
            await self._announcer.close()
        await asyncio.gather(*(stand.close() for stand in self.stands), return_exceptions=True)
        self.stands.clear()

    def _write_ports(self) -> None:
        self._told = self.described()
        memory.write_atomically(self.data / PORTS_FILE, memory.to_json(self._told))

    def described(self) -> dict[str, Any]:
        """Where everything is: for the demo's agent and for tests."""
        return {
            "process": os.getpid(),
            "networks": list(self.networks),
            "ports": asdict(self.ports),
            "snmp_v3": asdict(self.user),
            "pjlink_password": pjlink.PASSWORD,
            "devices": [
                {
                    "address": device.life.address,
                    "maker": device.model.maker,
                    "model": device.model.name,
                    "kind": device.model.kind.value,
                    "serial": device.life.serial,
                    "mac": device.life.mac,
                    "place": device.place,
                    "speaks": sorted(device.model.speaks),
                }
                for device in self.devices
            ],
        }
