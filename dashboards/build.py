"""Writes everything a Grafana and a Prometheus need to show a collector: dashboards, provisioning, what to scrape."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from grafanalib import core as g
from grafanalib._gen import DashboardEncoder

from dashboards.fleet import fleet
from dashboards.normalise import normalised
from dashboards.panels import SOURCE

DASHBOARDS: Mapping[str, Callable[[], g.Dashboard]] = {"fleet": fleet}

_FOLDER = """\
apiVersion: 1
providers:
  - name: pagewarden
    folder: Pagewarden
    type: file
    options:
      path: /etc/grafana/pagewarden
"""
_SOURCE = """\
apiVersion: 1
datasources:
  - name: Pagewarden
    uid: {source}
    type: prometheus
    access: proxy
    url: {prometheus}
"""
_SCRAPE = """\
# A token that only reads: pagewarden collector api-token --name prometheus > /etc/prometheus/pagewarden.token
scrape_configs:
  - job_name: pagewarden
    scrape_interval: 1m
    scheme: {scheme}
    authorization:
      credentials_file: /etc/prometheus/pagewarden.token
    static_configs:
      - targets: ["{target}"]
"""


def dashboard(name: str) -> dict[str, Any]:
    """One dashboard in the classic model."""
    raw = json.loads(json.dumps(DASHBOARDS[name]().to_json_data(), cls=DashboardEncoder))
    return normalised(raw)


def build(out: Path, *, collector: str, prometheus: str) -> list[Path]:
    """Writes all files below `out`. `collector` is where /metrics is, `prometheus` where Grafana asks."""
    scheme, _, target = collector.rstrip("/").rpartition("://")
    texts = {f"grafana/dashboards/{name}.json": _json(dashboard(name)) for name in DASHBOARDS}
    texts |= {
        "grafana/provisioning/dashboards/pagewarden.yaml": _FOLDER,
        "grafana/provisioning/datasources/pagewarden.yaml": _SOURCE.format(source=SOURCE, prometheus=prometheus),
        "prometheus/prometheus.yml": _SCRAPE.format(scheme=scheme or "http", target=target),
    }
    for name, text in texts.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return [out / name for name in texts]


def _json(plain: dict[str, Any]) -> str:
    return json.dumps(plain, indent=2, ensure_ascii=False) + "\n"
