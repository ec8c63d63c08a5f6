"""From what grafanalib emits (schema version 12, with faults) to the classic model of today.

grafanalib writes fields that Grafana dropped, data sources as texts, nulls where nothing belongs, thresholds in an old
form, and a bar gauge's settings where Grafana looks no more. Everything not known here is left out, so that a new
fault cannot slip through; the result is checked against the official schema in a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SCHEMA_VERSION = 39
"""Grafana 10.4 and newer read this, and file provisioning up to Grafana 13 still takes it."""
Plain = dict[str, Any]

_DASHBOARD = ("uid", "title", "description", "tags", "timezone", "editable", "graphTooltip", "time", "refresh", "links")
_PANEL = ("type", "id", "title", "description", "transparent", "gridPos", "links", "transformations")
_TARGET = ("refId", "expr", "legendFormat", "format", "instant")
_VARIABLE = ("name", "label", "type", "query", "hide", "includeAll", "multi", "refresh", "sort")
_FIELD = ("unit", "decimals", "min", "max", "mappings", "color", "custom", "noValue")


def normalised(raw: Mapping[str, Any]) -> Plain:
    """The dashboard in the classic model."""
    made = _kept(raw, _DASHBOARD)
    made |= {"schemaVersion": SCHEMA_VERSION, "version": 1, "annotations": {"list": []}}
    made["timepicker"] = {"refresh_intervals": ["30s", "1m", "5m", "15m", "1h"]}
    made["templating"] = {"list": [_variable(variable) for variable in raw["templating"]["list"]]}
    made["panels"] = [_panel(panel) for panel in raw["panels"]]
    return made


def _kept(raw: Mapping[str, Any], names: tuple[str, ...]) -> Plain:
    return {name: raw[name] for name in names if raw.get(name) not in (None, "")}


def _source(uid: str) -> Plain:
    return {"type": "prometheus", "uid": uid}


def _variable(raw: Mapping[str, Any]) -> Plain:
    made = _kept(raw, _VARIABLE) | {"datasource": _source(raw["datasource"]), "options": []}
    made["definition"] = raw["query"]
    made["current"] = {"selected": True, "text": ["All"], "value": ["$__all"]}
    # Devices may stand at no site: "all" must hold them too.
    made["allValue"] = ".*"
    return made


def _panel(raw: Mapping[str, Any]) -> Plain:
    made = _kept(raw, _PANEL) | {"datasource": _source(raw["datasource"])}
    made["targets"] = [_target(target) for target in raw["targets"]]
    options, defaults = (
        _bars(raw) if raw["type"] == "bargauge" else (dict(raw["options"]), raw["fieldConfig"]["defaults"])
    )
    made["options"] = options
    made["fieldConfig"] = {
        "defaults": _field(defaults, raw["fieldConfig"]["defaults"]["thresholds"]),
        "overrides": raw["fieldConfig"].get("overrides") or [],
    }
    return made


def _target(raw: Mapping[str, Any]) -> Plain:
    made = _kept(raw, _TARGET) | {"datasource": _source(raw["datasource"]), "editorMode": "code"}
    made["range"] = not made["instant"]
    return made


def _bars(raw: Mapping[str, Any]) -> tuple[Plain, Plain]:
    """A bar gauge's options and field defaults; grafanalib puts both into ``options.fieldOptions``."""
    old = raw["options"]["fieldOptions"]
    options = {
        "displayMode": raw["options"]["displayMode"],
        "orientation": raw["options"]["orientation"],
        "reduceOptions": {"calcs": old["calcs"], "fields": "", "values": False},
        "showUnfilled": True,
        "minVizHeight": 16,
        "valueMode": "color",
    }
    return options, old["defaults"]


def _field(raw: Mapping[str, Any], thresholds: Mapping[str, Any]) -> Plain:
    made = _kept(raw, _FIELD)
    made["thresholds"] = {"mode": thresholds["mode"], "steps": _steps(thresholds["steps"])}
    made.setdefault("color", {"mode": "thresholds"})
    if "custom" in made:
        made["custom"] = {name: value for name, value in made["custom"].items() if value is not None}
        if "displayMode" in made["custom"]:
            made["custom"]["cellOptions"] = {"type": made["custom"].pop("displayMode")}
    return made


def _steps(raw: list[Mapping[str, Any]]) -> list[Plain]:
    """In rising order; the first holds from minus infinity, which Grafana writes as null."""
    steps = [{"color": step["color"], "value": step["value"]} for step in raw] or [{"color": "green", "value": None}]
    return [{**steps[0], "value": None}, *sorted(steps[1:], key=lambda step: step["value"])]
