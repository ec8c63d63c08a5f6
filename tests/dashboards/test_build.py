"""The dashboards: in the form Grafana reads, and every query answered by a real store filled by our collector."""

from __future__ import annotations

import asyncio
import json
import re
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
from click.testing import CliRunner
from jsonschema import Draft7Validator

from collector.sinks.prometheus import exposed, gather
from dashboards.build import DASHBOARDS, dashboard
from dashboards.cli import dashboards as command
from dashboards.normalise import SCHEMA_VERSION, normalised
from dashboards.panels import SOURCE
from fleet.errors import FleetError, SettingsError
from fleet.identity import Identity
from fleet.supply import Exact, LowOnly
from tests.collector.office import ALL, reading, toner
from tests.collector.two_customers import TwoCustomers
from tests.series_store import victoria  # noqa: F401 (a fixture)
from tests.shared_data import shared

CORE = {"stat", "timeseries", "table", "bargauge", "gauge", "text", "row", "piechart", "state-timeline", "barchart"}


def panels(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = dashboard(name)["panels"]
    return found


@pytest.mark.shared
@pytest.mark.parametrize("name", DASHBOARDS)
def test_a_dashboard_fits_the_official_schema(name: str) -> None:
    schema = json.loads(shared("schemas", "grafana-dashboard.jsonschema.json").read_text("utf-8"))
    errors = [
        f"{list(error.absolute_path)}: {error.message}"
        for error in Draft7Validator(schema).iter_errors(dashboard(name))
    ]
    assert errors == []


@pytest.mark.shared
def test_the_schema_would_refuse_what_grafanalib_writes() -> None:
    schema = json.loads(shared("schemas", "grafana-dashboard.jsonschema.json").read_text("utf-8"))
    raw = DASHBOARDS["fleet"]().to_json_data()
    assert not Draft7Validator(schema).is_valid(json.loads(json.dumps(raw, default=lambda part: part.to_json_data())))


@pytest.mark.parametrize("name", DASHBOARDS)
def test_only_core_panels_with_the_fixed_source_stand_side_by_side(name: str) -> None:
    made = dashboard(name)
    assert (made["schemaVersion"], made["uid"]) == (SCHEMA_VERSION, f"pagewarden-{name}")
    assert "${DS_" not in json.dumps(made)
    taken: set[tuple[int, int]] = set()
    for panel in made["panels"]:
        assert panel["type"] in CORE
        assert panel["datasource"] == {"type": "prometheus", "uid": SOURCE}
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & taken
        taken |= cells
    assert len({panel["id"] for panel in made["panels"]}) == len(made["panels"])


@pytest.mark.parametrize("name", DASHBOARDS)
def test_thresholds_begin_at_the_bottom_and_rise(name: str) -> None:
    for panel in panels(name):
        steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
        assert steps[0]["value"] is None
        values = [step["value"] for step in steps[1:]]
        assert values == sorted(values)
    (bars,) = [panel for panel in panels("fleet") if panel["type"] == "bargauge"]
    assert bars["fieldConfig"]["defaults"]["thresholds"]["steps"] == [
        {"color": "red", "value": None},
        {"color": "orange", "value": 0.1},
        {"color": "green", "value": 0.2},
    ]
    assert (bars["fieldConfig"]["defaults"]["unit"], bars["fieldConfig"]["defaults"]["max"]) == ("percentunit", 1)
    assert bars["options"]["reduceOptions"]["calcs"] == ["lastNotNull"]


def test_nothing_unknown_passes_the_normaliser() -> None:
    raw = json.loads(json.dumps(DASHBOARDS["fleet"]().to_json_data(), default=lambda part: part.to_json_data()))
    raw["panels"][0] |= {"newFault": 1, "span": None}
    raw["sharedCrosshair"] = True
    made = normalised(raw)
    assert "newFault" not in made["panels"][0]
    assert "sharedCrosshair" not in made


@pytest.mark.parametrize("name", DASHBOARDS)
def test_queries_never_ask_by_job_or_instance(name: str) -> None:
    for panel in panels(name):
        for target in panel["targets"]:
            assert not re.search(r"\b(job|instance)\b", target["expr"])


class Store:
    """Asks a real store in PromQL, as Grafana would."""

    def __init__(self, url: str) -> None:
        self.url = url

    def fill(self, text: bytes, **labels: str) -> None:
        extra = urllib.parse.urlencode([("extra_label", f"{name}={value}") for name, value in labels.items()])
        self._call(f"/api/v1/import/prometheus?{extra}", text)
        self._call("/internal/force_flush", b"")

    def empty(self) -> None:
        self._call("/api/v1/admin/tsdb/delete_series?match[]=" + urllib.parse.quote('{__name__!=""}'), b"")

    def ask(self, query: str) -> list[dict[str, Any]]:
        query = query.replace("$site", ".*")
        asked = urllib.parse.urlencode({"query": query, "nocache": "1"})
        found: list[dict[str, Any]] = json.loads(self._call(f"/api/v1/query?{asked}"))["data"]["result"]
        return found

    def wait_for(self, query: str, rows: int) -> None:
        """A store shows new series after some seconds."""
        for _ in range(150):
            if len(self.ask(query)) == rows:
                return
            time.sleep(0.1)
        raise AssertionError(f"{query}: {self.ask(query)}")

    def _call(self, path: str, body: bytes | None = None) -> bytes:
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data=body), timeout=20) as answer:
            text: bytes = answer.read()
            return text


@pytest.fixture
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Two devices at two sites, one silent, one with a level that is only low; scraped by two jobs at once."""
    made = Store(request.getfixturevalue("victoria"))

    def fill() -> None:
        made.empty()
        customers = TwoCustomers(tmp_path)
        shop = customers.office
        supplies = (toner(Exact(percent=4)), toner(LowOnly(), color="magenta"))
        shop.say(reading(shop.clock.on(5), supplies=supplies, identity=Identity(serial="SN0098765")))
        shop.agent_id = customers.acme.id
        shop.say(reading(shop.clock.on(5), reachable=False, silence="no answer"))
        with shop.facts.read() as conn:
            text, _ = exposed(gather(conn, ALL))
        for job in ("one", "two"):
            made.fill(text, job=job, instance=f"{job}:8060")
        made.wait_for("printer_info", 4)

    await asyncio.to_thread(fill)
    return made


@pytest.mark.shared
async def test_every_query_is_answered_by_a_real_store(store: Store) -> None:
    found = {
        panel["title"]: await asyncio.to_thread(store.ask, panel["targets"][0]["expr"]) for panel in panels("fleet")
    }
    numbers = {title: [float(row["value"][1]) for row in rows] for title, rows in found.items()}
    assert numbers["Devices"] == [2]
    assert numbers["Do not answer"] == [1]
    assert numbers["Complaints"] == [0]
    assert numbers["Alerts"][0] >= 2
    assert numbers["Open orders"][0] >= 2
    assert numbers["Open tickets"] == [2]
    assert [row["metric"]["supply"] for row in found["Lowest supplies"]] == ["toner-black"]
    assert numbers["Lowest supplies"] == [0.04]
    assert found["Lowest supplies"][0]["metric"]["title"] == "LaserThing 4000"
    assert [row["metric"]["supply"] for row in found["Low or empty without a number"]] == ["toner-magenta"]
    (silent,) = found["Devices that do not answer"]
    assert (silent["metric"]["address"], silent["metric"]["site"]) == ("10.0.0.5", "Head office")
    assert sum(numbers["Devices by standing"]) == 2
    # One moment alone says nothing of what was printed in an hour; that the store understands the query is enough.
    assert found["Pages in the last hour"] in ([], [{"metric": {"site": "Head office"}, "value": [ANY, "0"]}])


def test_the_command_writes_all_files(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        command, ["build", "--out", str(tmp_path / "m"), "--collector", "https://f.example", "--json"]
    )
    assert done.exit_code == 0, done.output
    names = {str(Path(name).relative_to(tmp_path / "m")) for name in json.loads(done.stdout)}
    assert names == {
        "grafana/dashboards/fleet.json",
        "grafana/provisioning/dashboards/pagewarden.yaml",
        "grafana/provisioning/datasources/pagewarden.yaml",
        "prometheus/prometheus.yml",
    }
    assert json.loads((tmp_path / "m/grafana/dashboards/fleet.json").read_text("utf-8")) == dashboard("fleet")
    scrape = (tmp_path / "m/prometheus/prometheus.yml").read_text("utf-8")
    assert 'targets: ["f.example"]' in scrape
    assert "scheme: https" in scrape


def test_a_wrong_address_or_folder_is_named(tmp_path: Path) -> None:
    wrong = CliRunner().invoke(command, ["build", "--out", str(tmp_path), "--collector", 'x"]\n'])
    assert isinstance(wrong.exception, SettingsError)
    assert "--collector" in str(wrong.exception)
    (tmp_path / "grafana").write_text("in the way")
    blocked = CliRunner().invoke(command, ["build", "--out", str(tmp_path)])
    assert isinstance(blocked.exception, FleetError)
    assert "--out" in str(blocked.exception)
