"""Panels: few kinds, each a function, so that all dashboards look alike. Authored with grafanalib, see build.py.

Queries join a device's numbers with printer_info by device alone, and take the maximum over whatever scraped it, so
that two collectors or two jobs that tell of one device make no error and no double.
"""

from __future__ import annotations

from collections.abc import Sequence

from grafanalib import core as g

SOURCE = "pagewarden-prometheus"
"""The uid of the data source: fixed, because ${DS_X} is replaced by the import dialog alone."""
GREEN, AMBER, RED = "green", "orange", "red"
Steps = Sequence[tuple[str, float]]
"""Colour from this value on; the first one holds from the beginning."""


def known(*labels: str) -> str:
    """Who the devices of the chosen sites are, with these labels."""
    return f'max by ({", ".join(("device", *labels))}) (printer_info{{site=~"$site"}})'


def of_sites(numbers: str, *labels: str, by: Sequence[str] = ()) -> str:
    """`numbers` of the devices of the chosen sites, one per device (and `by`), with labels from printer_info."""
    own = f"max by ({', '.join(('device', *by))}) ({numbers})"
    return f"{own} * on (device) group_left ({', '.join(labels)}) {known(*labels)}"


def place(x: int, y: int, width: int, height: int) -> g.GridPos:
    return g.GridPos(h=height, w=width, x=x, y=y)


def _target(query: str, legend: str = "", *, table: bool = False) -> g.Target:
    return g.Target(
        expr=query,
        refId="A",
        legendFormat=legend,
        datasource=SOURCE,
        instant=table,
        format="table" if table else "time_series",
    )


def _thresholds(steps: Steps) -> list[g.Threshold]:
    return [g.Threshold(color, position, float(value)) for position, (color, value) in enumerate(steps)]


def number(title: str, query: str, where: g.GridPos, *, steps: Steps = ((GREEN, 0),), about: str = "") -> g.Stat:
    """One number, coloured by its steps."""
    return g.Stat(
        title=title,
        description=about,
        dataSource=SOURCE,
        targets=[_target(query)],
        gridPos=where,
        thresholds=_thresholds(steps),
        reduceCalc="lastNotNull",
        format="short",
        graphMode="none",
    )


def lines(
    title: str, query: str, legend: str, where: g.GridPos, *, unit: str = "short", about: str = ""
) -> g.TimeSeries:
    """Values over time, one line each."""
    return g.TimeSeries(
        title=title,
        description=about,
        dataSource=SOURCE,
        targets=[_target(query, legend)],
        gridPos=where,
        unit=unit,
        valueMin=0,
        fillOpacity=10,
        showPoints="never",
        stacking={"group": "A", "mode": "none"},
        tooltipMode="multi",
    )


def levels(title: str, query: str, legend: str, where: g.GridPos, *, steps: Steps, about: str = "") -> g.BarGauge:
    """Bars from nothing to full."""
    return g.BarGauge(
        title=title,
        description=about,
        dataSource=SOURCE,
        targets=[_target(query, legend, table=False)],
        gridPos=where,
        thresholds=_thresholds(steps),
        calc="lastNotNull",
        displayMode="basic",
        format="percentunit",
        min=0,
        max=1,
    )


def table(
    title: str, query: str, where: g.GridPos, *, columns: dict[str, str], unit: str = "short", about: str = ""
) -> g.Table:
    """Rows of what is so now. `columns`: label (or Value) to heading, in order; the rest is left out."""
    order = {name: position for position, name in enumerate(columns)}
    keep = {"id": "filterFieldsByName", "options": {"include": {"names": list(columns)}}}
    named = {"id": "organize", "options": {"indexByName": order, "renameByName": columns}}
    return g.Table(
        title=title,
        description=about,
        dataSource=SOURCE,
        targets=[_target(query, table=True)],
        gridPos=where,
        transformations=[keep, named],
        unit=unit,
        filterable=True,
    )


def site_choice() -> g.Template:
    """The choice of sites at the head of a dashboard."""
    return g.Template(
        name="site",
        label="Site",
        dataSource=SOURCE,
        query="label_values(printer_info, site)",
        includeAll=True,
        multi=True,
        default="All",
        refresh=g.REFRESH_ON_TIME_RANGE_CHANGE,
    )
