"""The eSCL probe: GET of ScannerCapabilities and ScannerStatus, and never anything that scans."""

from __future__ import annotations

from agent.escl import LARGEST, Capabilities, EsclRaw, Status, capabilities, status
from agent.probes.probe import HttpService, Target
from agent.transport import HttpAnswer, HttpClient
from fleet.errors import ProbeError, Unsupported
from fleet.kit.clock import Clock, SystemClock
from fleet.reading import Round

ROOT = "/eSCL"


class EsclProbe:
    """Reads one scanner. What it can do does not change from round to round: a status round asks only how it is."""

    name = "escl"

    def __init__(self, http: HttpClient | None = None, clock: Clock | None = None) -> None:
        self._http = http or HttpClient()
        self._clock = clock or SystemClock()

    def wanted(self, target: Target) -> bool:
        return bool(target.escl)

    async def close(self) -> None:
        await self._http.close()

    async def ask(self, target: Target, round_: Round) -> EsclRaw:
        """The answer of the first service that has one."""
        failure: ProbeError = Unsupported("no eSCL service is known here")
        for service in target.escl:
            try:
                return await self._ask_service(target.address, service, round_)
            except ProbeError as error:
                failure = error
        raise failure

    async def _ask_service(self, address: str, service: HttpService, round_: Round) -> EsclRaw:
        partial, about = list[str](), None
        state, fingerprint = await self._status(address, service)
        if round_ is Round.FULL:
            try:
                about = await self._capabilities(address, service)
            except ProbeError as error:
                partial.append(f"eSCL: no ScannerCapabilities: {error}"[:200])
        return EsclRaw(
            taken_at=self._clock.now(),
            capabilities=about,
            status=state,
            fingerprint=fingerprint,
            partial=tuple(partial),
        )

    async def _status(self, address: str, service: HttpService) -> tuple[Status, str | None]:
        answer = await self._get(address, service, "ScannerStatus")
        if answer.status == 503:
            return Status(busy=True), answer.fingerprint  # busy, not broken
        _check(answer, "ScannerStatus")
        return status(answer.body), answer.fingerprint

    async def _capabilities(self, address: str, service: HttpService) -> Capabilities:
        answer = await self._get(address, service, "ScannerCapabilities")
        _check(answer, "ScannerCapabilities")
        return capabilities(answer.body)

    async def _get(self, address: str, service: HttpService, document: str) -> HttpAnswer:
        path = f"{(service.path or ROOT).rstrip('/')}/{document}"
        return await self._http.get(address, service.port, path, tls=service.tls, limit=LARGEST)


def _check(answer: HttpAnswer, document: str) -> None:
    if answer.status != 200:
        raise Unsupported(f"no {document} here: HTTP {answer.status}")
