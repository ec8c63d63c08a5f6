"""What Prometheus asks: /metrics. The devices' numbers as they are known at the moment of asking, and our own apart.

Names are those of fleet/metric.py. Every sample carries the device's id; model, serial and the rest stand in
printer_info alone. A device that does not answer has printer_up 0 and its last sign of life, and no other number: an
old level is not a level now.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web
from prometheus_client import CollectorRegistry, disable_created_metrics
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from sqlalchemy import Connection

from collector.api.access import Refusal, admitted, bearer
from collector.keys import CLOCK, FACTS, SETTINGS
from collector.roles import Action
from collector.sinks import health
from collector.store.agents import AgentRow, list_agents
from collector.store.alerts import raised_alerts
from collector.store.db import Facts
from collector.store.devices import DeviceRow, all_devices, standing_counts
from collector.store.orders import open_order_counts
from collector.store.outbox import outbox_counts
from collector.store.page import MOST
from collector.store.scope import Scope
from collector.store.tickets import open_ticket_counts
from fleet import metric as names
from fleet.device import DeviceState

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Everything one answer is made of. `counts` are our own numbers: (metric, label, help) to value by label."""

    devices: list[tuple[DeviceRow, DeviceState]]
    agents: tuple[AgentRow, ...]
    counts: dict[tuple[str, str, str], dict[str, int]] = field(default_factory=dict)


def register(app: web.Application) -> None:
    """Adds /metrics, /healthz and /readyz."""
    disable_created_metrics()  # type: ignore[no-untyped-call]
    health.register(app)
    app.router.add_get("/metrics", get_metrics)


async def get_metrics(request: web.Request) -> web.Response:
    """What the token sees. Open to everybody only where the settings say so in words (decision 7)."""
    app = request.app
    try:
        secret = None if app[SETTINGS].metrics_open else bearer(request)
        text, kind = await asyncio.to_thread(
            _answer, app[FACTS], secret, app[CLOCK].now(), request.headers.get("Accept", "")
        )
    except Refusal as refusal:
        return refusal.response()
    return web.Response(body=text, headers={"Content-Type": kind, "Cache-Control": "no-store"})


def _answer(facts: Facts, secret: str | None, now: datetime, accept: str) -> tuple[bytes, str]:
    with facts.read() as conn:
        scope = Scope.everything() if secret is None else admitted(conn, secret, now, Action.SEE_DEVICES).scope
        known = gather(conn, scope)
    return exposed(known, accept)


def gather(conn: Connection, scope: Scope) -> Known:
    """What is known now of what this scope sees."""
    counts = {
        ("pagewarden_devices", "standing", "Devices by how they stand."): standing_counts(conn, scope),
        ("pagewarden_orders", "state", "Orders that still stand."): open_order_counts(conn, scope),
        ("pagewarden_tickets", "state", "Tickets that still need somebody."): open_ticket_counts(conn, scope),
        ("pagewarden_alerts", "severity", "Alerts that stand now."): _by_severity(conn, scope),
        ("pagewarden_outbox_messages", "state", "Messages by what became of them."): outbox_counts(conn, scope),
    }
    return Known(
        devices=[(row, row.state) for row in all_devices(conn, scope)],
        agents=tuple(_all_agents(conn, scope)),
        counts=counts,
    )


def _by_severity(conn: Connection, scope: Scope) -> dict[str, int]:
    found: dict[str, int] = {}
    for alert in raised_alerts(conn, scope):
        found[alert.severity] = found.get(alert.severity, 0) + 1
    return found


def _all_agents(conn: Connection, scope: Scope) -> Iterator[AgentRow]:
    page = list_agents(conn, scope, limit=MOST)
    yield from page.items
    while page.next:
        page = list_agents(conn, scope, limit=MOST, cursor=page.next)
        yield from page.items


def exposed(known: Known, accept: str = "") -> tuple[bytes, str]:
    """The text in the form the asker understands, and its content type."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Now(known))
    encode, kind = choose_encoder(accept)
    return encode(registry), kind


class _Now(Collector):
    def __init__(self, known: Known) -> None:
        self.known = known

    def collect(self) -> Iterable[Metric]:
        yield from _device_families(self.known.devices)
        yield _info(self.known.devices)
        yield _heard(self.known.devices)
        yield from _own(self.known)


def _device_families(devices: Iterable[tuple[DeviceRow, DeviceState]]) -> Iterable[Metric]:
    families = {name: _family(metric) for name, metric in names.METRICS.items()}
    for row, state in devices:
        found = names.values(state) if state.reachable else {names.series_name("printer_up"): 0.0}
        for series, value in found.items():
            name, labels = names.parsed(series)
            families[name].add_metric([row.id, *(labels[label] for label in names.METRICS[name].labels)], value)
    return families.values()


def _family(metric: names.Metric) -> GaugeMetricFamily | CounterMetricFamily:
    made = CounterMetricFamily if metric.kind == "counter" else GaugeMetricFamily
    return made(metric.name, metric.help, labels=["device", *metric.labels], unit=metric.unit)


def _info(devices: Iterable[tuple[DeviceRow, DeviceState]]) -> Metric:
    family = InfoMetricFamily("printer", "Who a device is; join by device.", labels=["device"])
    for row, state in devices:
        said = {
            "title": row.title,
            "kind": row.kind,
            "maker": row.maker,
            "model": row.model,
            "serial": row.serial,
            "firmware": state.firmware,
            "address": row.address,
            "location": row.location,
            "site": row.site_name,
            "site_id": row.site_id,
            "tenant_id": row.tenant_id,
        }
        family.add_metric([row.id], {name: value or "" for name, value in said.items()})
    return family


def _heard(devices: Iterable[tuple[DeviceRow, DeviceState]]) -> Metric:
    words = "When the device last answered, in seconds since 1970."
    family = GaugeMetricFamily("printer_heard_timestamp_seconds", words, labels=["device"])
    for row, _ in devices:
        if row.heard_at is not None:
            family.add_metric([row.id], row.heard_at.timestamp())
    return family


def _own(known: Known) -> Iterable[Metric]:
    for (name, label, words), counts in known.counts.items():
        family = GaugeMetricFamily(name, words, labels=[label])
        for value, count in sorted(counts.items()):
            family.add_metric([value], count)
        yield family
    words = "When the agent was last heard, in seconds since 1970."
    heard = GaugeMetricFamily("pagewarden_agent_heard_timestamp_seconds", words, labels=["agent", "name"])
    for agent in known.agents:
        if agent.last_heard_at is not None and agent.revoked_at is None:
            heard.add_metric([agent.id, agent.name], agent.last_heard_at.timestamp())
    yield heard
