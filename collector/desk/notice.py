"""Notice: the mail that tells a person of a raised alert, through the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from collector.mailtext import fact, item, joined, moment, named, one_line, paragraph
from collector.settings import CollectorSettings
from collector.store.agents import AgentRow
from collector.store.alerts import alert
from collector.store.devices import DeviceRow
from collector.store.outbox import enqueue
from collector.store.scope import Scope
from collector.store.sites import SiteRow, site_row
from collector.store.tickets import TicketFilter, TicketRow, list_tickets, ticket
from collector.supply.suggest import codes_of_part
from collector.web.i18n import Words
from collector.web.labels import PARTS, TICKET_STATES
from fleet.alert import Observation
from fleet.fault import Actor
from mibs.cause import Cause

INTERNAL = Scope.everything()
FORMER = 3
"""So many earlier tickets of the device stand in the mail."""
RAW = ("code", "vendor_code", "group", "location")
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "fault": "{title}: {device}, {site}",
        "silent": "Agent {agent} at {site} is silent",
        "what": "Fault",
        "since": "Since",
        "device": "Device",
        "serial": "Serial number",
        "address": "Network address",
        "site": "Site",
        "place": "Place",
        "pages": "Counter",
        "count": "{pages} pages",
        "says": "The device reports",
        "ticket": "Ticket",
        "office": "For the people in the office",
        "desk": "For the service desk",
        "part": "Likely part: {part}",
        "coded": "Likely part: {part}, probably {codes} (from the catalogue, not from the device)",
        "before": "Earlier tickets of this device",
        "never": "None.",
        "raw": "Raw codes",
        "open ticket": "Open ticket {ticket}:",
        "open device": "Open the page of the device:",
        "open agents": "All agents, and when each was last heard:",
        "heard": "Last heard",
        "silence": "Nothing is known of its devices until it talks again. See that its machine runs and reaches {url}.",
        "unknown": "not reported",
        "colon": ": ",
        "comma": ", ",
    },
    "zh": {
        "fault": "{title}：{site} {device}",
        "silent": "{site} 的采集代理 {agent} 失联",
        "what": "故障",
        "since": "开始时间",
        "device": "设备",
        "serial": "序列号",
        "address": "网络地址",
        "site": "地点",
        "place": "位置",
        "pages": "计数器",
        "count": "{pages} 页",
        "says": "设备上报",
        "ticket": "工单",
        "office": "现场人员可先处理",
        "desk": "服务台处理",
        "part": "可能需要的备件：{part}",
        "coded": "可能需要的备件：{part}，可能是 {codes}（来自目录，并非设备上报）",
        "before": "该设备以往的工单",
        "never": "无。",
        "raw": "原始代码",
        "open ticket": "打开工单 {ticket}：",
        "open device": "打开设备页面：",
        "open agents": "所有采集代理及其最后一次联系：",
        "heard": "最后一次联系",
        "silence": "恢复联系之前无法得知其设备的状态。请检查该机器是否运行，并能访问 {url}。",
        "unknown": "未上报",
        "colon": "：",
        "comma": "，",
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
    known = ticket(conn, INTERNAL, ticket_id) if ticket_id else None
    raised = alert(conn, INTERNAL, key)
    since = moment(raised.first_seen_at if raised else now, site.timezone if site else None)
    facts = _facts(device, seen, cause.title[language], since, words, language)
    ticketed = [("ticket", f"T-{known.number}")] if known else []
    lines = [fact(words[name], value, words["colon"]) for name, value in ticketed + facts]
    lines += _advice(device, cause, site, words, language)
    lines += ["", words["before"] + words["colon"].rstrip(), *_former(conn, device, known, site, words, language)]
    if raw := [f"{name} {seen.evidence[name]}" for name in RAW if name in seen.evidence]:
        lines += ["", fact(words["raw"], words["comma"].join(raw), words["colon"])]
    subject = words["fault"].format(title=cause.title[language], device=device.title, site=device.site_name)
    if known:
        subject = f"T-{known.number} {subject}"
        lines += ["", words["open ticket"].format(ticket=f"T-{known.number}"), f"{settings.url}/tickets/{known.id}"]
    else:
        lines += ["", words["open device"], f"{settings.url}/devices/{device.id}"]
    _send(conn, settings, site, subject, lines, key, now, device.tenant_id)


def _facts(
    device: DeviceRow, seen: Observation, title: str, since: str, words: Mapping[str, str], language: str
) -> list[tuple[str, str]]:
    pages = device.pages_total
    who = named(device.maker, device.model)
    return [
        ("what", title),
        ("since", since),
        ("device", joined((who, device.title if device.title != device.model else ""), "; ") or device.title),
        ("serial", device.serial or words["unknown"]),
        ("address", device.address or words["unknown"]),
        ("site", device.site_name),
        ("place", device.location or words["unknown"]),
        (
            "pages",
            words["count"].format(pages=Words(language).number(pages)) if pages is not None else words["unknown"],
        ),
        ("says", seen.text),
    ]


def _advice(
    device: DeviceRow, cause: Cause, site: SiteRow | None, words: Mapping[str, str], language: str
) -> list[str]:
    """The steps under the name of who can take them, and what a technician would bring."""
    colon, steps = words["colon"].rstrip(), [item(step) for step in cause.steps.get(language, ())]
    parts = [item(_part(device, part, site.timezone if site else "", words, language)) for part in cause.parts]
    if cause.actor not in (Actor.USER, Actor.KEY_OPERATOR):
        steps, parts = [], [*steps, *parts]
    lines = ["", words["office"] + colon, *steps] if steps else []
    return [*lines, "", words["desk"] + colon, *parts] if parts else lines


def _part(device: DeviceRow, part: str, timezone: str, words: Mapping[str, str], language: str) -> str:
    name, codes = Words(language)._(PARTS.get(part, part)), codes_of_part(device, part, timezone)
    return words["coded" if codes else "part"].format(part=name, codes=words["comma"].join(codes))


def _former(
    conn: Connection,
    device: DeviceRow,
    known: TicketRow | None,
    site: SiteRow | None,
    words: Mapping[str, str],
    language: str,
) -> list[str]:
    """What happened before on this device, newest first."""
    found = list_tickets(conn, INTERNAL, TicketFilter(device_id=device.id), limit=FORMER + 1).items
    former = [one for one in found if known is None or one.id != known.id][:FORMER]
    speech, timezone = Words(language), site.timezone if site else None
    return [
        item(
            words["comma"].join(
                (
                    f"T-{one.number} {one.facts.get('title', {}).get(language) or one.title}",
                    moment(one.created_at, timezone),
                    speech._(TICKET_STATES[one.state]),
                )
            )
        )
        for one in former
    ] or [words["never"]]


def agent_silent(
    conn: Connection, settings: CollectorSettings, agent: AgentRow, seen: Observation, *, key: str, now: datetime
) -> None:
    """Tells the site once that its agent is silent, instead of once per device."""
    site = site_row(conn, INTERNAL, agent.site_id)
    _, words = _language(site, settings)
    subject = words["silent"].format(agent=agent.name, site=agent.site_name)
    heard = moment(agent.last_heard_at, site.timezone if site else None) if agent.last_heard_at else words["unknown"]
    lines = [fact(words["heard"], heard, words["colon"]), "", paragraph(words["silence"].format(url=settings.url))]
    lines += ["", words["open agents"], f"{settings.url}/agents"]
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
    body = "\n".join([*lines, ""])
    payload = {"sender": settings.mail.sender, "to": to, "subject": one_line(subject), "body": body}
    payload |= {"reply_to": settings.mail.reply_to} if settings.mail.reply_to else {}
    enqueue(conn, "alert-mail", f"alert/{key}", payload, now, tenant_id)
