"""Notice: the mail that tells a person of a raised alert, through the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from collector.settings import CollectorSettings
from collector.store.agents import AgentRow
from collector.store.devices import DeviceRow
from collector.store.outbox import enqueue
from collector.store.scope import Scope
from collector.store.sites import SiteRow, site_row
from collector.store.tickets import ticket
from fleet.alert import Observation
from mibs.cause import Cause

INTERNAL = Scope.everything()
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "fault": "{title}: {device}, {site}",
        "silent": "Agent {agent} at {site} is silent",
        "device": "Device",
        "serial": "Serial number",
        "site": "Site",
        "place": "Place",
        "says": "The device reports",
        "code": "Code",
        "ticket": "Ticket",
        "steps": "First steps",
        "heard": "Last heard",
        "silence": "Nothing is known of its devices until it talks again. See that its machine runs and reaches {url}.",
        "unknown": "not reported",
        "colon": ": ",
    },
    "zh": {
        "fault": "{title}：{site} {device}",
        "silent": "{site} 的采集代理 {agent} 失联",
        "device": "设备",
        "serial": "序列号",
        "site": "地点",
        "place": "位置",
        "says": "设备上报",
        "code": "代码",
        "ticket": "工单",
        "steps": "初步处理",
        "heard": "最后一次联系",
        "silence": "恢复联系之前无法得知其设备的状态。请检查该机器是否运行，并能访问 {url}。",
        "unknown": "未上报",
        "colon": "：",
    },
}


def device_fault(
    conn: Connection,
    settings: CollectorSettings,
    device: DeviceRow,
    seen: Observation,
    cause: Cause,
    ticket_id: str | None,
    *,
    key: str,
    now: datetime,
) -> None:
    """Tells the site of a fault; nobody named there and no default means that the page alone shows it."""
    site = site_row(conn, INTERNAL, device.site_id)
    language, words = _language(site, settings)
    title = cause.title[language]
    known = ticket(conn, INTERNAL, ticket_id) if ticket_id else None
    facts = [
        ("device", device.title),
        ("serial", device.serial or words["unknown"]),
        ("site", device.site_name),
        ("place", device.location or words["unknown"]),
        ("says", seen.text),
    ]
    facts += [("code", seen.evidence["code"])] if "code" in seen.evidence else []
    facts += [("ticket", f"{known.number}  {settings.url}/tickets/{known.id}")] if known else []
    lines = [f"{words[name]}{words['colon']}{value}" for name, value in facts]
    if cause.steps.get(language):
        lines += ["", words["steps"] + words["colon"].rstrip(), *(f"- {step}" for step in cause.steps[language])]
    subject = words["fault"].format(title=title, device=device.title, site=device.site_name)
    _send(conn, settings, site, subject, lines, key, now, device.tenant_id)


def agent_silent(
    conn: Connection, settings: CollectorSettings, agent: AgentRow, seen: Observation, *, key: str, now: datetime
) -> None:
    """Tells the site once that its agent is silent, instead of once per device."""
    site = site_row(conn, INTERNAL, agent.site_id)
    _, words = _language(site, settings)
    subject = words["silent"].format(agent=agent.name, site=agent.site_name)
    heard = f"{words['heard']}{words['colon']}{seen.evidence.get('last_heard', words['unknown'])}"
    lines = [heard, "", words["silence"].format(url=settings.url)]
    _send(conn, settings, site, subject, lines, key, now, agent.tenant_id)


def _language(site: SiteRow | None, settings: CollectorSettings) -> tuple[str, Mapping[str, str]]:
    language = (site.language if site else None) or settings.mail.language
    return (language, _WORDS[language]) if language in _WORDS else ("en", _WORDS["en"])


def _send(
    conn: Connection,
    settings: CollectorSettings,
    site: SiteRow | None,
    subject: str,
    lines: list[str],
    key: str,
    now: datetime,
    tenant_id: str,
) -> None:
    to = (site.alert_mail if site else None) or settings.mail.alert
    if not to:
        return
    body = "\n".join([*lines, "", settings.url, ""])
    payload = {"sender": settings.mail.sender, "to": to, "subject": " ".join(subject.split()), "body": body}
    enqueue(conn, "alert-mail", f"alert/{key}", payload, now, tenant_id)
