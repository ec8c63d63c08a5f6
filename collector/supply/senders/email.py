"""The order as a mail: what the vendor needs to send the right box to the right desk. English or Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderMail:
    """What the mail says. Texts of the device are already clean; they still never reach a header with a line break."""

    language: str
    number: int
    ordered_at: datetime
    timezone: str
    customer: str
    site: str
    address: str | None
    device: str
    model: str | None
    serial: str | None
    place: str | None
    description: str
    part_number: str | None
    suggested: tuple[str, ...] = ()
    quantity: int
    reason: str
    link: str


_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "subject": "Order {number}: {quantity} x {item} for {customer}, {site}",
        "greeting": "Hello,\n\nwe order the following:",
        "order": "Order",
        "date": "Date",
        "item": "Item",
        "part": "Part number",
        "quantity": "Quantity",
        "customer": "Customer",
        "deliver": "Deliver to",
        "device": "Device",
        "serial": "Serial number",
        "place": "Place",
        "reason": "Reason",
        "unknown": "not reported",
        "probably": "{unknown}; probably {codes} (from the catalogue, not from the device)",
        "one of": "{unknown}; one of {codes} (from the catalogue, not from the device)",
        "end": "Quote order {number} in your answer and on the parcel.",
        "colon": ": ",
    },
    "zh": {
        "subject": "订单 {number}：{customer} {site}，{item} × {quantity}",
        "greeting": "您好：\n\n现订购以下耗材：",
        "order": "订单号",
        "date": "日期",
        "item": "品名",
        "part": "部件号",
        "quantity": "数量",
        "customer": "客户",
        "deliver": "收货地址",
        "device": "设备",
        "serial": "序列号",
        "place": "位置",
        "reason": "原因",
        "unknown": "未上报",
        "probably": "{unknown}；可能是 {codes}（来自目录，并非设备上报）",
        "one of": "{unknown}；可能是以下之一：{codes}（来自目录，并非设备上报）",
        "end": "回复邮件和包裹上请注明订单号 {number}。",
        "colon": "：",
    },
}


def rendered(mail: OrderMail) -> tuple[str, str]:
    """(subject, body) as plain text."""
    words = _WORDS.get(mail.language, _WORDS["en"])
    facts = {"number": mail.number, "quantity": mail.quantity, "customer": mail.customer, "site": mail.site}
    item = mail.part_number or mail.description
    lines = [words["greeting"], "", *(f"{words[key]}{words['colon']}{value}" for key, value in _facts(mail, words))]
    lines += ["", words["end"].format(number=mail.number), "", mail.link, ""]
    return " ".join(words["subject"].format(item=item, **facts).split()), "\n".join(lines)


def _facts(mail: OrderMail, words: Mapping[str, str]) -> list[tuple[str, str]]:
    device = f"{mail.device} ({mail.model})" if mail.model and mail.model != mail.device else mail.device
    address = ", ".join(part for part in (mail.site, mail.address) if part)
    return [
        ("order", str(mail.number)),
        ("date", _local(mail.ordered_at, mail.timezone)),
        ("item", mail.description),
        ("part", mail.part_number or _guess(mail, words)),
        ("quantity", str(mail.quantity)),
        ("customer", mail.customer),
        ("deliver", address),
        ("device", device),
        ("serial", mail.serial or words["unknown"]),
        ("place", mail.place or words["unknown"]),
        ("reason", mail.reason),
    ]


def _guess(mail: OrderMail, words: Mapping[str, str]) -> str:
    """Not reported, and what the catalogue would put there, said to be that."""
    if not mail.suggested:
        return words["unknown"]
    kind = "probably" if len(mail.suggested) == 1 else "one of"
    return words[kind].format(unknown=words["unknown"], codes=", ".join(mail.suggested))


def _local(at: datetime, timezone: str) -> str:
    try:
        return at.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%d %H:%M")
    except (ZoneInfoNotFoundError, ValueError):
        return at.strftime("%Y-%m-%d %H:%M UTC")
