"""Agents, as the dealer handles them: tokens to enrol with, and taking one out of service."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from collector.store import agents as store
from collector.store.audit import note
from collector.store.scope import Scope
from collector.store.sites import site_row
from fleet.errors import SettingsError

LONGEST_LIFE = timedelta(days=7)
USUAL_LIFE = timedelta(hours=24)


def site_token(
    conn: Connection, scope: Scope, site_id: str, *, actor: str, now: datetime, life: timedelta = USUAL_LIFE
) -> str | None:
    """A token by which one agent may enrol at this site; None where the site is not to be seen."""
    if not timedelta(0) < life <= LONGEST_LIFE:
        raise SettingsError(f"a site token lives at most {LONGEST_LIFE.days} days")
    site = site_row(conn, scope, site_id)
    if site is None:
        return None
    token = store.add_site_token(conn, site_id, now, now + life)
    note(conn, now, actor, "site-token made", site_id, tenant_id=site.tenant_id)
    return token


def revoke(conn: Connection, scope: Scope, agent_id: str, *, actor: str, now: datetime) -> bool:
    """The agent's key opens nothing from now on. False where there is no such agent in service."""
    agent = store.agent(conn, scope, agent_id)
    if agent is None or not store.revoke_agent(conn, scope, agent_id, now):
        return False
    note(conn, now, actor, "agent revoked", agent_id, tenant_id=agent.tenant_id)
    return True
