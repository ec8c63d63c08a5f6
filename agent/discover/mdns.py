"""mDNS / DNS-SD (RFC 6762, RFC 6763): what devices announce. A hint: addresses must lie in the configured networks.

Handlers are called more than once with Added for one name, so seeing a service again changes nothing. A goodbye is
not the end of a device: being gone is found out by asking, never by an announcement.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import Callable, Iterable, Mapping

from zeroconf import IPVersion, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from agent.discover.candidate import Candidate, Service
from agent.discover.territory import Territory, interface_addresses
from fleet.kit.clock import Clock
from fleet.kit.text import clean

log = logging.getLogger(__name__)

KINDS: Mapping[str, str] = {
    "_ipp._tcp.local.": "ipp",
    "_ipps._tcp.local.": "ipps",
    "_ipp-tls._tcp.local.": "ipps",
    "_uscan._tcp.local.": "escl",
    "_uscans._tcp.local.": "escls",
    "_pjlink._tcp.local.": "pjlink",
    "_printer._tcp.local.": "other",
    "_pdl-datastream._tcp.local.": "other",
    "_fax-ipp._tcp.local.": "other",
    "_scanner._tcp.local.": "other",
    "_privet._tcp.local.": "other",
    "_ipp-system._tcp.local.": "other",
    "_ipps-system._tcp.local.": "other",
    "_display._tcp.local.": "other",
}
"""Service types that only devices of ours announce. _http._tcp is left out: nearly everything announces it."""

MAX_SERVICES = 2000
MAX_FACTS = 40
FACT_LIMIT = 255
MAX_ADDRESSES = 8
FLUSH_SECONDS = 2.5
RESOLVE_MS = 3000
AT_ONCE = 16

Found = Callable[[Candidate], None]


class Listener:
    """Listens on the interfaces that touch the territory until closed; calls `found` for each device service."""

    def __init__(self, territory: Territory, found: Found, clock: Clock) -> None:
        self._territory, self._found, self._clock = territory, found, clock
        self._radios: list[AsyncZeroconf] = []
        self._browsers: list[AsyncServiceBrowser] = []
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._gate = asyncio.Semaphore(AT_ONCE)
        self.trouble: str | None = None

    async def start(self, interfaces: Iterable[str]) -> None:
        """Open one socket per interface. Without multicast the agent goes on; `trouble` says what is missing."""
        for interface in interfaces:
            try:
                radio = AsyncZeroconf(interfaces=[interface], ip_version=IPVersion.V4Only)
            except OSError as error:
                self.trouble = f"cannot listen to mDNS on {interface}: {error.strerror or error}"
                log.warning("%s; devices are still found by sweep and by address", self.trouble)
                continue
            self._radios.append(radio)
            self._browsers.append(AsyncServiceBrowser(radio.zeroconf, list(KINDS), handlers=[self._changed]))

    async def close(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        for browser in self._browsers:
            await browser.async_cancel()
        for radio in self._radios:
            await radio.async_close()
        self._radios, self._browsers, self._tasks = [], [], {}

    def _changed(self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if state_change is ServiceStateChange.Removed:
            return
        if name in self._tasks:
            self._again.add(name)
        elif len(self._tasks) < MAX_SERVICES:
            task = asyncio.create_task(self._resolve(zeroconf, service_type, name))
            self._tasks[name] = task
            task.add_done_callback(lambda done: self._resolved(done, zeroconf, service_type, name))

    def _resolved(self, task: asyncio.Task[None], zeroconf: Zeroconf, service_type: str, name: str) -> None:
        self._tasks.pop(name, None)
        if not task.cancelled() and (error := task.exception()):
            log.warning("an mDNS announcement could not be read: %s", error, extra={"service": clean(name)})
        if name in self._again and not task.cancelled():
            self._again.discard(name)
            self._changed(zeroconf, service_type, name, ServiceStateChange.Updated)

    async def _resolve(self, zeroconf: Zeroconf, service_type: str, name: str) -> None:
        async with self._gate:
            info = AsyncServiceInfo(service_type, name)
            if not await info.async_request(zeroconf, RESOLVE_MS):
                return
        if len(_allowed(info, self._territory)) > 1:
            # Two cables, or a device that has just moved: its former address leaves the cache a second after the
            # new one was announced (RFC 6762 section 10.2).
            await self._clock.sleep(FLUSH_SECONDS)
            info = AsyncServiceInfo(service_type, name)
            if not await info.async_request(zeroconf, RESOLVE_MS):
                return
        if candidate := candidate_of(info, self._territory, self._clock):
            self._found(candidate)


def candidate_of(info: AsyncServiceInfo, territory: Territory, clock: Clock) -> Candidate | None:
    """What was announced, if it lies inside the territory; None for placeholders (port 0) and print-server queues."""
    kind = KINDS.get(info.type.lower())
    facts = read_facts(info.properties)
    if kind is None or not info.port or is_queue(kind, info.name, facts):
        return None
    address = _preferred(_allowed(info, territory))
    if address is None:
        return None
    service = Service(
        kind=kind,
        port=info.port,
        path=service_path(kind, facts),
        uuid=uuid_of(facts),
        name=clean(info.name),
    )
    hostname = clean(info.server or "").rstrip(".") or None
    return Candidate(
        address=address, source="mdns", seen_at=clock.now(), services=(service,), hostname=hostname, facts=facts
    )


def _allowed(info: AsyncServiceInfo, territory: Territory) -> list[str]:
    return [a for a in info.parsed_addresses()[:MAX_ADDRESSES] if (net := territory.of(a)) and net.mdns]


def _preferred(addresses: Iterable[str]) -> str | None:
    """One way in is enough: IPv4 before IPv6, then the lowest, so that a device on two cables stays where it is."""
    return min(addresses, key=lambda text: (":" in text, ipaddress.ip_address(text)), default=None)


def read_facts(properties: Mapping[bytes, bytes | None]) -> dict[str, str]:
    """TXT keys in lower case (RFC 6763 section 6.4 says case does not matter), values as clean text."""
    facts: dict[str, str] = {}
    for key, value in list(properties.items())[:MAX_FACTS]:
        name = clean(key.decode("utf-8", "replace"), 32).lower()
        text = clean((value or b"").decode("utf-8", "replace"), FACT_LIMIT)
        if name and text:
            facts.setdefault(name, text)
    return facts


def is_queue(kind: str, name: str, facts: Mapping[str, str]) -> bool:
    """Whether this is a print server's queue: the pages printed through it are counted by the device behind it."""
    path = facts.get("rp", "").lstrip("/").lower()
    return kind in ("ipp", "ipps") and ("printer-type" in facts or path.startswith(("printers/", "classes/")))


def service_path(kind: str, facts: Mapping[str, str]) -> str | None:
    """The resource path with its slash: `rp` for IPP, `rs` for eSCL; None where the device names none."""
    path = facts.get("rp" if kind in ("ipp", "ipps") else "rs", "") if kind in ("ipp", "ipps", "escl", "escls") else ""
    # Some devices write a whole URI here; it is never followed.
    return f"/{path.strip('/')}" if path and "://" not in path and ".." not in path else None


def uuid_of(facts: Mapping[str, str]) -> str | None:
    text = facts.get("uuid", "").lower().removeprefix("urn:uuid:")
    return text if len(text) >= 32 else None


def interfaces_touching(territory: Territory) -> list[str]:
    """Addresses of this machine whose network overlaps a configured network that listens to mDNS."""
    wanted = [s.network for s in territory.networks if s.mdns]
    touching = []
    for address, bits in interface_addresses():
        own = ipaddress.ip_network(f"{address}/{bits}", strict=False)
        if any(own.version == net.version and own.overlaps(net) for net in wanted):
            touching.append(address)
    return touching
