"""The IPP probe: Get-Printer-Attributes over IPP or IPPS, at the announced path or the usual ones."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from agent.ipp.codec import parse
from agent.ipp.message import GroupTag, Message
from agent.ipp.raw import IppRaw
from agent.ipp.request import EVERYTHING, FULL_ROUND, STATUS_ROUND, get_printer_attributes
from agent.probes.probe import HttpService, Target
from agent.transport import HttpAnswer, HttpClient
from fleet.errors import Garbled, ProbeError, Refused, Unreachable, Unsupported
from fleet.kit.clock import Clock, SystemClock
from fleet.kit.text import clean
from fleet.reading import Round

log = logging.getLogger(__name__)

PATHS = ("/ipp/print", "/ipp/printer", "/ipp", "/")
VERSIONS = ((2, 0), (1, 1), (1, 0))
MOST_KNOWN = 10_000

# Status codes (RFC 8011 appendix B)
BAD_REQUEST = 0x0400
REFUSED = frozenset({0x0401, 0x0402, 0x0403})
NOT_HERE = frozenset({0x0404, 0x0406, 0x040C})
VALUE_TOO_LONG = 0x0409
VERSION_NOT_SUPPORTED = 0x0503
BUSY = frozenset({0x0502, 0x0505, 0x0507})
UPGRADE_REQUIRED = 426


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """A way of asking: where, in which version of IPP, and whether by names or for everything."""

    service: HttpService
    version: tuple[int, int] = (2, 0)
    by_name: bool = True

    def wanted(self, round_: Round) -> tuple[str, ...]:
        if not self.by_name:
            return EVERYTHING
        return FULL_ROUND if round_ is Round.FULL else STATUS_ROUND


class _NotHere(Exception):
    """Nothing to be had at this path; the next may have it."""


class _WrongWay(Exception):
    """The printer is here, and wants to be asked otherwise: in another version, or (`tls`) encrypted."""

    def __init__(self, *, tls: bool = False) -> None:
        super().__init__()
        self.tls = tls


class IppProbe:
    """Reads one printer by IPP. Remembers per place which way of asking it understood."""

    name = "ipp"

    def __init__(self, http: HttpClient | None = None, clock: Clock | None = None) -> None:
        self._http = http or HttpClient()
        self._clock = clock or SystemClock()
        self._known: dict[tuple[str, HttpService], _Way] = {}
        self._pins: dict[tuple[str, int], str] = {}
        self._ids = count(1)

    def wanted(self, target: Target) -> bool:
        return bool(target.ipp)

    async def close(self) -> None:
        await self._http.close()

    async def ask(self, target: Target, round_: Round) -> IppRaw:
        """The attributes, from the first service that has them."""
        failure: ProbeError = Unsupported("no IPP service is known here")
        for service in target.ipp:
            try:
                return await self._ask_service(target.address, service, round_)
            except ProbeError as error:
                failure = error
        raise failure

    async def _ask_service(self, address: str, service: HttpService, round_: Round) -> IppRaw:
        place = (address, service)
        if way := self._known.get(place):
            try:
                return await self._ask_way(address, way, round_)
            except (_NotHere, _WrongWay, Unsupported):
                del self._known[place]  # another device, or new firmware: look again
        for path in _paths(service):
            try:
                way, raw = await self._find_version(address, replace(service, path=path), round_)
            except _NotHere:
                continue
            if len(self._known) < MOST_KNOWN:
                self._known[place] = way
            return raw
        raise Unsupported(f"no IPP printer at port {service.port}; tried {', '.join(_paths(service))}")

    async def _find_version(self, address: str, service: HttpService, round_: Round) -> tuple[_Way, IppRaw]:
        """The newest version the printer takes; careless ones call an unknown version a bad request."""
        for way in _ways(service):
            try:
                return way, await self._ask_way(address, way, round_)
            except _WrongWay as error:
                if error.tls and not service.tls:
                    return await self._find_version(address, replace(service, tls=True), round_)
        raise Unsupported(f"no version of IPP from 1.0 to 2.0 is understood at port {service.port}{service.path}")

    async def _ask_way(self, address: str, way: _Way, round_: Round) -> IppRaw:
        service, number = way.service, next(self._ids) % 0x7FFFFFFF or 1
        path = service.path or PATHS[0]
        body = get_printer_attributes(
            _printer_uri(address, service), way.wanted(round_), version=way.version, request_id=number
        )
        answer = await self._http.post(
            address, service.port, path, tls=service.tls, body=body, content_type="application/ipp"
        )
        message = self._understood(answer, path)
        if message.request_id not in (number, 0):
            raise Garbled(f"the answer belongs to request {message.request_id}, not to {number}")
        attributes = message.group(GroupTag.PRINTER)
        if not attributes:
            raise Unsupported(f"the printer at {path} gives no attributes")
        self._notice(address, service.port, answer.fingerprint)
        return IppRaw(
            taken_at=self._clock.now(),
            partial=tuple(f"IPP: {note}" for note in message.partial),
            attributes=attributes,
            version=message.version,
            path=path,
            fingerprint=answer.fingerprint,
        )

    def _understood(self, answer: HttpAnswer, path: str) -> Message:
        """The message of a good answer; every other one becomes the error that says what to do about it."""
        if answer.status == UPGRADE_REQUIRED:
            raise _WrongWay(tls=True)
        if answer.status in (404, 405, 410, 501):
            raise _NotHere
        if answer.status == 503:
            raise Unreachable("IPP: the device is busy (HTTP 503)")
        if answer.status != 200:
            raise Unsupported(f"no IPP at {path}: HTTP {answer.status}")
        if answer.headers.get("content-type", "").startswith("text/html"):
            raise _NotHere
        message = parse(answer.body)
        if message.succeeded:
            return message
        said = clean("; ".join(message.texts()), 120)
        if message.code in (VERSION_NOT_SUPPORTED, BAD_REQUEST, VALUE_TOO_LONG):
            raise _WrongWay
        if message.code in NOT_HERE:
            raise _NotHere
        if message.code in REFUSED:
            raise Refused(f"IPP refuses us (status 0x{message.code:04x}) {said}; allow it on the device's own page")
        if message.code in BUSY:
            raise Unreachable(f"IPP: the device is busy (status 0x{message.code:04x}) {said}")
        raise Unsupported(f"IPP status 0x{message.code:04x} {said}")

    def _notice(self, address: str, port: int, fingerprint: str | None) -> None:
        """Pin on first use: a certificate that changes is worth a line, and no more: devices renew their own."""
        if fingerprint is None:
            return
        before = self._pins.get((address, port))
        if before and before != fingerprint:
            log.warning("the certificate has changed", extra={"at": address, "port": port, "sha256": fingerprint})
        if before or len(self._pins) < MOST_KNOWN:
            self._pins[(address, port)] = fingerprint


def _paths(service: HttpService) -> tuple[str, ...]:
    return (service.path,) if service.path else PATHS


def _ways(service: HttpService) -> Iterator[_Way]:
    yield from (_Way(service=service, version=version) for version in VERSIONS)
    yield _Way(service=service, version=(1, 1), by_name=False)


def _printer_uri(address: str, service: HttpService) -> str:
    host = f"[{address}]" if ":" in address else address
    return f"{'ipps' if service.tls else 'ipp'}://{host}:{service.port}{service.path}"
