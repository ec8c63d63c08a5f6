"""InfluxDB and what takes its line protocol (VictoriaMetrics, Telegraf): each poll of a device as lines.

The names come out the same as at /metrics: measurement ``printer_supply`` and field ``level_ratio`` are
``printer_supply_level_ratio`` there. Only numbers are fields; the device and the series' labels are tags.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from collector.store.samples import Seen
from fleet.errors import DeliveryError
from fleet.kit.config import Secret
from fleet.metric import parsed

MEASUREMENTS = ("printer_supply", "printer_tray", "projector_lamp", "printer")
"""The first one that a metric's name begins with is its measurement, the rest is the field."""
MOST_AT_ONCE = 5000
"""Lines in one request."""
LATER = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True, kw_only=True)
class InfluxSettings:
    """`bucket`, `org` and `token` mean nothing to VictoriaMetrics, but the client wants them."""

    url: str
    bucket: str = "pagewarden"
    org: str = "pagewarden"
    token: Secret = Secret("")
    timeout_seconds: float = 10.0


class Influx:
    """Writes in the synchronous mode: a line is taken, or the caller hears of it."""

    def __init__(self, settings: InfluxSettings) -> None:
        self.settings = settings
        self._client: Any = None
        self._one = asyncio.Lock()

    async def write(self, seen: Sequence[Seen]) -> None:
        async with self._one:
            await asyncio.to_thread(self._write, seen)

    def _write(self, seen: Sequence[Seen]) -> None:
        lines = [line for one in seen for line in lines_of(one)]
        for start in range(0, len(lines), MOST_AT_ONCE):
            self._send(lines[start : start + MOST_AT_ONCE])

    def _send(self, lines: list[str]) -> None:
        # Imported here: 750 modules that nobody needs who has no such store.
        from influxdb_client.client.write_api import SYNCHRONOUS
        from influxdb_client.rest import ApiException
        from urllib3.exceptions import HTTPError

        where = f"the series store at {self.settings.url}"
        try:
            with self._connected().write_api(write_options=SYNCHRONOUS) as api:
                api.write(bucket=self.settings.bucket, record=lines, write_precision="ms")
        except ApiException as error:
            later = error.status in LATER or (error.status or 0) >= 500
            raise DeliveryError(f"{where} answered {error.status}: {_short(error)}", retryable=later) from error
        except (HTTPError, OSError) as error:
            raise DeliveryError(f"{where} cannot be reached: {_short(error)}", retryable=True) from error

    def _connected(self) -> Any:
        from influxdb_client import InfluxDBClient
        from urllib3 import Retry

        if self._client is None:
            self._client = InfluxDBClient(
                url=self.settings.url,
                token=self.settings.token.reveal() or "none",
                org=self.settings.org,
                timeout=int(self.settings.timeout_seconds * 1000),
                enable_gzip=True,
                # Repeating is the outbox's work; redirects would carry the token elsewhere.
                retries=Retry(total=0, redirect=0),
            )
        return self._client

    async def close(self) -> None:
        async with self._one:
            if self._client is not None:
                await asyncio.to_thread(self._client.close)
                self._client = None


def _short(error: Exception) -> str:
    body = getattr(error, "body", None) or str(error)
    return " ".join(str(body).split())[:200]


def lines_of(seen: Seen) -> Iterator[str]:
    """The lines of one poll: what shares measurement and labels shares a line."""
    from influxdb_client import Point

    points: dict[tuple[str, ...], Any] = {}
    for series, value in seen.values.items():
        metric, labels = parsed(series)
        measurement, field = split(metric)
        key = (measurement, *(f"{name}={labels[name]}" for name in sorted(labels)))
        if key not in points:
            points[key] = Point(measurement).tag("device", seen.device_id).time(seen.at, "ms")
            for name, text in labels.items():
                points[key].tag(name, text)
        points[key].field(field, float(value))
    for point in points.values():
        yield point.to_line_protocol()


def split(metric: str) -> tuple[str, str]:
    """(measurement, field) of a metric's name."""
    measurement = next(start for start in MEASUREMENTS if metric.startswith(f"{start}_"))
    return measurement, metric.removeprefix(f"{measurement}_")
