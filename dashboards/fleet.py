"""The fleet at a glance: who answers, what runs out, what is open, how much is printed."""

from __future__ import annotations

from grafanalib import core as g

from dashboards.panels import AMBER, GREEN, RED, known, levels, lines, number, of_sites, place, site_choice, table


def fleet() -> g.Dashboard:
    return g.Dashboard(
        title="Pagewarden: fleet",
        uid="pagewarden-fleet",
        description="Who answers, what runs out, what is open, how much is printed.",
        tags=["pagewarden"],
        timezone="browser",
        refresh="1m",
        time=g.Time("now-24h", "now"),
        templating=g.Templating(list=[site_choice()]),
        panels=[*_numbers(), *_supplies(), *_silent(), *_printed()],
    ).auto_panel_ids()


def _numbers() -> list[g.Panel]:
    some = ((GREEN, 0), (AMBER, 1))
    up = of_sites("printer_up")
    return [
        number("Devices", f"count({known()}) or vector(0)", place(0, 0, 4, 4)),
        number("Do not answer", f"count(({up}) == 0) or vector(0)", place(4, 0, 4, 4), steps=((GREEN, 0), (RED, 1))),
        number("Complaints", f"sum({of_sites('printer_faults')}) or vector(0)", place(8, 0, 4, 4), steps=some),
        number("Alerts", "sum(max by (severity) (pagewarden_alerts)) or vector(0)", place(12, 0, 4, 4), steps=some),
        number("Open orders", "sum(max by (state) (pagewarden_orders)) or vector(0)", place(16, 0, 4, 4)),
        number("Open tickets", "sum(max by (state) (pagewarden_tickets)) or vector(0)", place(20, 0, 4, 4)),
    ]


def _supplies() -> list[g.Panel]:
    level = of_sites("printer_supply_level_ratio", "title", by=("supply",))
    return [
        levels(
            "Lowest supplies",
            f"bottomk(12, {level})",
            "{{title}} {{supply}}",
            place(0, 4, 12, 10),
            steps=((RED, 0), (AMBER, 0.1), (GREEN, 0.2)),
            about="Only supplies whose device gives a number; the others stand in the table beside it.",
        ),
        table(
            "Low or empty without a number",
            f"{of_sites('printer_supply_level_state', 'title', 'site', by=('supply',))} == 2",
            place(12, 4, 12, 10),
            columns={"title": "Device", "site": "Site", "supply": "Supply"},
            about="The device says low, and not how much is left.",
        ),
    ]


def _silent() -> list[g.Panel]:
    since = of_sites("time() - printer_heard_timestamp_seconds", "title", "site", "address")
    return [
        table(
            "Devices that do not answer",
            f"({since}) and on (device) (max by (device) (printer_up) == 0)",
            place(0, 14, 24, 8),
            columns={"title": "Device", "site": "Site", "address": "Address", "Value": "Silent for"},
            unit="s",
        )
    ]


def _printed() -> list[g.Panel]:
    pages = of_sites('increase(printer_pages_total{counter="total"}[1h])', "site")
    return [
        lines("Pages in the last hour", f"sum by (site) ({pages})", "{{site}}", place(0, 22, 12, 8)),
        lines(
            "Devices by standing",
            "max by (standing) (pagewarden_devices)",
            "{{standing}}",
            place(12, 22, 12, 8),
            about="Of all sites this collector knows.",
        ),
    ]
