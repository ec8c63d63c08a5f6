"""Agents, alerts and mails: who reports, what is raised, what has left the house."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from aiohttp import web
from sqlalchemy import Connection

from collector.store import agents, alerts, devices, outbox, sites
from collector.store.agents import AgentRow
from collector.store.alerts import AlertFilter, AlertRow
from collector.store.outbox import OutboxRow
from collector.store.page import Page
from collector.store.scope import Scope
from collector.web.access import Access, page
from collector.web.i18n import N_
from collector.web.labels import MAIL_KINDS, MAIL_STATES, SEVERITIES
from collector.web.listing import everything, piece
from collector.web.prose import because, cause_title
from collector.web.sentences import told
from collector.web.visit import Visit

ALERT_STATES = {"raised": N_("raised"), "cleared": N_("cleared"), "held": N_("held")}


@page("GET", "/agents")
async def agent_list(visit: Visit) -> web.StreamResponse:
    found: Page[AgentRow] = await piece(visit, agents.list_agents, sorts=("name", "heard"))
    rejected = await visit.ask(agents.rejected_counts, visit.scope)
    w, zones = visit.words, await visit.zones()
    late = timedelta(minutes=visit.settings.rules.silent_minutes)

    def state(agent: AgentRow) -> tuple[str, str]:
        if agent.revoked_at:
            return "unknown", w._("revoked")
        if agent.last_heard_at is None:
            return "unknown", w._("enrolled, not heard yet")
        when = w.ago(agent.last_heard_at, visit.now, zones.get(agent.site_id))
        if visit.now - agent.last_heard_at > late:
            return "silent", w._("silent, last heard %(when)s", when=when)
        return "ok", w._("heard %(when)s", when=when)

    rows = [
        {
            "row": agent,
            "state": state(agent),
            "waiting": w.number(agent.status.get("spooled")) if isinstance(agent.status.get("spooled"), int) else "–",
            "rejected": rejected.get(agent.id, 0),
        }
        for agent in found.items
    ]
    silent = sum(agent.revoked_at is None and state(agent)[0] == "silent" for agent in found.items)
    return await visit.render("agents.html", rows=rows, silent=silent, next=found.next)


@page("GET", "/alerts")
async def alert_list(visit: Visit) -> web.StreamResponse:
    show = visit.asked("show", ["raised", "cleared", "held", "all"]) or "raised"
    wanted = AlertFilter(
        search=visit.asked("q"), state="" if show == "all" else show, with_held=show in ("held", "all")
    )
    w = visit.words
    if visit.asked("format") == "csv":

        async def more(cursor: str | None) -> Page[AlertRow]:
            return await visit.ask(alerts.list_alerts, visit.scope, wanted, limit=500, cursor=cursor)

        header = [w._("What is wrong"), w._("Device"), w._("State"), w._("Raised"), w._("Cleared")]
        rows = await everything(more)
        return visit.csv(
            "alerts",
            header,
            (
                [cause_title(w, visit.catalogue, a.cause), a.subject_title, w._(ALERT_STATES[a.state]),
                 a.raised_at.isoformat() if a.raised_at else "", a.cleared_at.isoformat() if a.cleared_at else ""]
                for a in rows
            ),
        )  # fmt: skip
    found: Page[AlertRow] = await piece(visit, alerts.list_alerts, wanted, sorts=("raised", "seen"))
    zones = await visit.ask(_zones, visit.scope, found.items)
    return await visit.render(
        "alerts.html",
        show=show,
        shows=[("all", w._("all")), *((name, w._(word)) for name, word in ALERT_STATES.items())],
        next=found.next,
        wanted=wanted,
        rows=[
            {
                "row": alert,
                "css": SEVERITIES.get(alert.severity, "warn") if alert.state == "raised" else "plain",
                "title": cause_title(w, visit.catalogue, alert.cause),
                "state": w._(ALERT_STATES[alert.state]),
                "raised": w.moment(alert.raised_at or alert.first_seen_at, zones.get(alert.id)),
                "cleared": w.moment(alert.cleared_at, zones.get(alert.id)),
                "because": because(w, alert.evidence, zones.get(alert.id)),
            }
            for alert in found.items
        ],
    )


def _zones(conn: Connection, scope: Scope, rows: Sequence[AlertRow]) -> dict[str, str]:
    """Alert -> the time zone of the site its device or agent stands in."""
    of_site = {site.id: site.timezone for site in sites.list_sites(conn, scope, limit=500).items}
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


def _tenant_zones(conn: Connection, scope: Scope) -> dict[str, str]:
    """Customer -> the time zone of its first site: a mail belongs to no single one."""
    rows = sites.list_sites(conn, scope, limit=500).items
    return {site.tenant_id: site.timezone for site in reversed(rows)}


@page("GET", "/mails")
async def mail_list(visit: Visit) -> web.StreamResponse:
    state = visit.asked("state", list(MAIL_STATES))
    found: Page[OutboxRow] = await piece(visit, outbox.list_outbox, sorts=("created",), state=state)
    w, zones = visit.words, await visit.ask(_tenant_zones, visit.scope)
    counts = await visit.ask(outbox.outbox_counts, visit.scope)
    return await visit.render(
        "mails.html",
        state_asked=state,
        chips=[(name, css, w._(word), counts.get(name, 0)) for name, (css, word) in MAIL_STATES.items()],
        whole=sum(counts.values()),
        next=found.next,
        rows=[
            {
                "row": mail,
                "kind": w._(MAIL_KINDS.get(mail.kind, mail.kind)),
                "css": MAIL_STATES[mail.state][0],
                "state": w._(MAIL_STATES[mail.state][1]),
                "error": told(w, mail.error or ""),
                "order": mail.payload.get("order_id"),
                "created": w.moment(mail.created_at, zones.get(mail.tenant_id or "")),
                "sent": w.moment(mail.sent_at, zones.get(mail.tenant_id or "")),
            }
            for mail in found.items
        ],
    )


@page("POST", "/mails/{id}", Access.WORKER)
async def settle_mail(visit: Visit) -> web.StreamResponse:
    """A person decides about a mail of which nobody knows whether it left."""
    again = str((await visit.form()).get("do", "")) == "again"
    await visit.change(outbox.resolve, visit.scope, visit.request.match_info["id"], send_again=again, now=visit.now)
    raise web.HTTPSeeOther("/mails")
