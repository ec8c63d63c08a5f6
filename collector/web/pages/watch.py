"""Agents, alerts and mails: who reports, what is raised, what has left the house."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from aiohttp import web
from sqlalchemy import Connection

from collector.roles import Action
from collector.store import agents, alerts, outbox
from collector.store.agents import AgentRow
from collector.store.alerts import AlertFilter, AlertRow
from collector.store.outbox import OutboxRow
from collector.store.page import Page
from collector.web.access import page
from collector.web.i18n import N_
from collector.web.labels import MAIL_KINDS, MAIL_STATES, SEVERITIES
from collector.web.listing import everything, piece, wish
from collector.web.places import alert_zones, tenant_zones
from collector.web.prose import cause_title, words_and_codes
from collector.web.sentences import told
from collector.web.session import local_path
from collector.web.visit import Visit

ALERT_STATES = {"raised": N_("raised"), "cleared": N_("cleared"), "held": N_("held")}
"""Held is what has not lasted long enough to be told to anybody."""
AGENT_COLUMNS = ("name", "heard")
ALERT_COLUMNS = ("raised", "seen")
MAIL_COLUMNS = ("kind", "state", "created", "sent")


@page("GET", "/agents", Action.SEE_AGENTS)
async def agent_list(visit: Visit) -> web.StreamResponse:
    w, zones = visit.words, await visit.zones()
    rejected = await visit.ask(agents.rejected_counts, visit.scope)
    if visit.asked("format") == "csv":
        return await _export_agents(visit, zones, rejected)
    found: Page[AgentRow] = await piece(visit, agents.list_agents, sorts=AGENT_COLUMNS)
    rows = [
        {
            "row": agent,
            "state": _agent_state(visit, agent, zones),
            "waiting": w.number(_waiting(agent)),
            "rejected": w.number(rejected.get(agent.id, 0)),
        }
        for agent in found.items
    ]
    silent = sum(_agent_state(visit, agent, zones)[0] == "silent" for agent in found.items)
    return await visit.render(
        "agents.html", rows=rows, silent=silent, sort=wish(visit, AGENT_COLUMNS, "name"), next=found.next
    )


def _agent_state(visit: Visit, agent: AgentRow, zones: Mapping[str, str]) -> tuple[str, str]:
    """Its look and its words."""
    w = visit.words
    if agent.revoked_at:
        return "unknown", w._("revoked")
    if agent.last_heard_at is None:
        return "unknown", w._("enrolled, not heard yet")
    when = w.ago(agent.last_heard_at, visit.now, zones.get(agent.site_id))
    if visit.now - agent.last_heard_at > timedelta(minutes=visit.settings.rules.silent_minutes):
        return "silent", w._("silent, last heard %(when)s", when=when)
    return "ok", w._("heard %(when)s", when=when)


def _waiting(agent: AgentRow) -> int | None:
    """How many readings its spool holds, when it says so."""
    spooled = agent.status.get("spooled")
    return spooled if isinstance(spooled, int) else None


async def _export_agents(visit: Visit, zones: Mapping[str, str], rejected: Mapping[str, int]) -> web.Response:
    async def more(cursor: str | None) -> Page[AgentRow]:
        sort = wish(visit, AGENT_COLUMNS, "name")
        return await visit.ask(agents.list_agents, visit.scope, sort=sort, limit=500, cursor=cursor)

    w = visit.words
    header = [w._("Agent"), w._("Site"), w._("State"), w._("Devices"), w._("Waiting"), w._("Set aside"),
              w._("Version"), w._("Heard"), w._("Time zone")]  # fmt: skip
    return visit.csv(
        "agents",
        header,
        (
            [a.name, a.site_name, _agent_state(visit, a, zones)[1], a.devices, _waiting(a), rejected.get(a.id, 0),
             a.version, w.cell(a.last_heard_at, zones.get(a.site_id)), zones.get(a.site_id, "UTC")]
            for a in await everything(more)
        ),
    )  # fmt: skip


@page("GET", "/alerts", Action.SEE_ALERTS)
async def alert_list(visit: Visit) -> web.StreamResponse:
    show = visit.asked("show", ["raised", "cleared", "held", "all"]) or "raised"
    wanted = AlertFilter(
        search=visit.asked("q"), state="" if show == "all" else show, with_held=show in ("held", "all")
    )
    w = visit.words
    if visit.asked("format") == "csv":

        async def more(cursor: str | None) -> Page[AlertRow]:
            sort = wish(visit, ALERT_COLUMNS, "-raised")
            return await visit.ask(alerts.list_alerts, visit.scope, wanted, sort=sort, limit=500, cursor=cursor)

        header = [w._("What is wrong"), w._("Device"), w._("State"), w._("Raised"), w._("Cleared"),
                  w._("Time zone")]  # fmt: skip
        of = await visit.ask(tenant_zones, visit.scope)
        rows = await everything(more)
        return visit.csv(
            "alerts",
            header,
            (
                [cause_title(w, visit.catalogue, a.cause), a.subject_title, w._(ALERT_STATES[a.state]),
                 w.cell(a.raised_at, of.get(a.tenant_id)), w.cell(a.cleared_at, of.get(a.tenant_id)),
                 of.get(a.tenant_id, "UTC")]
                for a in rows
            ),
        )  # fmt: skip
    found: Page[AlertRow] = await piece(visit, alerts.list_alerts, wanted, sorts=ALERT_COLUMNS)
    zones = await visit.ask(alert_zones, visit.scope, found.items)
    return await visit.render(
        "alerts.html",
        show=show,
        shows=[*((name, w._(word)) for name, word in ALERT_STATES.items()), ("all", w._("all"))],
        sort=wish(visit, ALERT_COLUMNS, "-raised"),
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
                "because": words_and_codes(w, alert.evidence, zones.get(alert.id)),
            }
            for alert in found.items
        ],
    )


@page("GET", "/mails", Action.SEE_MAILS)
async def mail_list(visit: Visit) -> web.StreamResponse:
    state = visit.asked("state", list(MAIL_STATES))
    if visit.asked("format") == "csv":
        return await _export_mails(visit, state)
    found: Page[OutboxRow] = await piece(visit, outbox.list_outbox, sorts=MAIL_COLUMNS, state=state)
    w, zones = visit.words, await visit.ask(tenant_zones, visit.scope)
    counts = await visit.ask(outbox.outbox_counts, visit.scope)
    return await visit.render(
        "mails.html",
        state_asked=state,
        chips=[(name, css, w._(word), counts.get(name, 0)) for name, (css, word) in MAIL_STATES.items()],
        whole=sum(counts.values()),
        sort=wish(visit, MAIL_COLUMNS, "-created"),
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


async def _export_mails(visit: Visit, state: str) -> web.Response:
    async def more(cursor: str | None) -> Page[OutboxRow]:
        sort = wish(visit, MAIL_COLUMNS, "-created")
        return await visit.ask(outbox.list_outbox, visit.scope, state=state, sort=sort, limit=500, cursor=cursor)

    w = visit.words
    header = [w._("Subject"), w._("Kind"), w._("State"), w._("To"), w._("Written"), w._("Sent"), w._("Trouble"),
              w._("Time zone")]  # fmt: skip
    zones = await visit.ask(tenant_zones, visit.scope)
    return visit.csv(
        "mails",
        header,
        (
            [m.payload.get("subject"), w._(MAIL_KINDS.get(m.kind, m.kind)), w._(MAIL_STATES[m.state][1]),
             m.payload.get("to"), w.cell(m.created_at, zones.get(m.tenant_id or "")),
             w.cell(m.sent_at, zones.get(m.tenant_id or "")), told(w, m.error or ""),
             zones.get(m.tenant_id or "", "UTC")]
            for m in await everything(more)
        ),
    )  # fmt: skip


@page("POST", "/mails/{id}", Action.SETTLE_MAILS)
async def settle_mail(visit: Visit) -> web.StreamResponse:
    """A person decides about a mail of which nobody knows whether it left."""
    form = await visit.form()
    decided, seen = str(form.get("do", "")), str(form.get("seen", ""))
    if decided not in ("again", "sent") or not (seen.isascii() and seen.isdecimal() and len(seen) < 10):
        raise web.HTTPBadRequest
    settled = await visit.change(_settle, visit, visit.request.match_info["id"], decided == "again", int(seen))
    if settled is None:
        raise web.HTTPNotFound
    if not settled:
        return await visit.render("problem.html", status=409, code=409, why="decided")
    raise web.HTTPSeeOther(local_path(str(form.get("next", "/mails"))))


def _settle(conn: Connection, visit: Visit, ident: str, again: bool, seen: int) -> bool | None:
    """Whether this word counted; None where there is no such mail to be seen."""
    if outbox.message(conn, visit.scope, ident) is None:
        return None
    who = visit.person.email
    return outbox.resolve(conn, visit.scope, ident, send_again=again, seen_attempts=seen, now=visit.now, actor=who)
