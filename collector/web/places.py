"""Places: in which time zone things are that carry none themselves."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from collector.store import agents, devices, sites
from collector.store.alerts import AlertRow
from collector.store.scope import Scope

MOST = 500


def alert_zones(conn: Connection, scope: Scope, rows: Iterable[AlertRow]) -> dict[str, str]:
    """Alert -> the time zone of the site its device or agent stands in."""
    of_site = {site.id: site.timezone for site in sites.list_sites(conn, scope, limit=MOST).items}
    found: dict[str, str] = {}
    for row in rows:
        subject = (
            devices.device(conn, scope, row.device_id)
            if row.device_id
            else agents.agent(conn, scope, row.agent_id or "")
        )
        if subject is not None and subject.site_id in of_site:
            found[row.id] = of_site[subject.site_id]
    return found


def tenant_zones(conn: Connection, scope: Scope) -> dict[str, str]:
    """Customer -> the time zone of its first site: a mail belongs to no single one."""
    rows = sites.list_sites(conn, scope, limit=MOST).items
    return {site.tenant_id: site.timezone for site in reversed(rows)}
