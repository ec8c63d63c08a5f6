"""The order as a mail: what the vendor needs to send the right box to the right desk. English or Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from collector.mailtext import fact, joined, moment, named, one_line, paragraph
from collector.store.supplies import SupplyRow
from collector.web.i18n import Words
from collector.web.labels import percent_words, supply_title
from collector.web.sentences import told
from fleet.supply import Empty, Quantised


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderMail:
    """What the mail says. Texts of the device are already clean; they still never begin a line or a header of it.
    `supply`: the slot as it is now; `answer_to`: who hears what the vendor has to say, where that is not the sender."""

    language: str
    number: int
    ordered_at: datetime
    timezone: str
    customer: str
    site: str
    address: str | None
    device: str
    maker: str | None
    model: str | None
    serial: str | None
    place: str | None
    supply: SupplyRow | None
    description: str
    part_number: str | None
    suggested: tuple[str, ...] = ()
    quantity: int
    reason: str
    answer_to: str
    link: str


_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "subject": "Order {number} ({urgency}): {quantity} x {item} for {customer}, {site}",
        "first": "{urgency}: {item} at {customer}, {site}.",
        "greeting": "Hello, we order the following:",
        "order": "Order",
        "date": "Date",
        "item": "Item",
        "part": "Part number",
        "quantity": "Quantity",
        "customer": "Customer",
        "deliver": "Deliver to",
        "device": "Device",
        "serial": "Serial number of the device",
        "place": "Place of the device",
        "reason": "Reason",
        "inside": "Cartridge in the machine now",
        "inside serial": "S/N {serial} (not to be ordered)",
        "unknown": "not reported",
        "probably": "{unknown}; probably {codes} (from the catalogue, not from the device)",
        "one of": "{unknown}; one of {codes} (from the catalogue, not from the device)",
        "nowhere": "street and town are missing: ask {answer_to} before you send, who then adds them to the site "
        "{site} in Pagewarden",
        "answer": "Is it on its way, or can it not be delivered? Answer to {answer_to} and name {number}: accepted, "
        "sent (with the tracking number), delivered, or not deliverable. Put {number} on the parcel as well.",
        "sign in": "Who has an account sees the order and its state here:",
        "used up": "used up",
        "low": "low, {left} left",
        "full": "{full} full",
        "just low": "low, amount not reported",
        "just full": "full or nearly full",
        "colon": ": ",
    },
    "zh": {
        "subject": "订单 {number}（{urgency}）：{customer} {site}，{item} × {quantity}",
        "first": "{urgency}：{customer} {site} 的{item}。",
        "greeting": "您好，现订购以下耗材：",
        "order": "订单号",
        "date": "日期",
        "item": "品名",
        "part": "部件号",
        "quantity": "数量",
        "customer": "客户",
        "deliver": "收货地址",
        "device": "设备",
        "serial": "设备序列号",
        "place": "设备位置",
        "reason": "原因",
        "inside": "机内现有耗材",
        "inside serial": "序列号 {serial}（并非订购内容）",
        "unknown": "未上报",
        "probably": "{unknown}；可能是 {codes}（来自目录，并非设备上报）",
        "one of": "{unknown}；可能是以下之一：{codes}（来自目录，并非设备上报）",
        "nowhere": "缺少街道和城市：发货前请向 {answer_to} 询问，并由其在 Pagewarden 的地点“{site}”中补充",
        "answer": "已受理、已发货（请附运单号）、已送达或无法供货时，请回复 {answer_to}，并注明订单号 {number}。"
        "包裹上也请注明该订单号。",
        "sign in": "有账号的人员可在此查看订单及其状态：",
        "used up": "已用完",
        "low": "余量不足，剩余 {left}",
        "full": "已满 {full}",
        "just low": "余量不足，具体余量未上报",
        "just full": "已满或将满",
        "colon": "：",
    },
}


def rendered(mail: OrderMail) -> tuple[str, str]:
    """(subject, body) as plain text."""
    words = _WORDS.get(mail.language, _WORDS["en"])
    speech = Words(mail.language if mail.language in _WORDS else "en")
    number, urgency, item = f"O-{mail.number}", _urgency(mail.supply, words, speech), _item(mail, speech)
    about = {"customer": mail.customer, "site": mail.site, "number": number, "answer_to": mail.answer_to}
    code = joined((item, mail.part_number), " ")
    subject = words["subject"].format(item=code, quantity=mail.quantity, urgency=urgency, **about)
    first = words["first"].format(item=item, urgency=urgency[:1].upper() + urgency[1:], **about)
    lines = [paragraph(first), "", words["greeting"], ""]
    lines += [fact(words[key], value, words["colon"]) for key, value in _facts(mail, words, speech, item) if value]
    lines += ["", paragraph(words["answer"].format(**about)), "", words["sign in"], mail.link, ""]
    return one_line(subject), "\n".join(lines)


def _facts(mail: OrderMail, words: Mapping[str, str], speech: Words, item: str) -> list[tuple[str, str]]:
    about = joined((named(mail.maker, mail.model), mail.device if mail.device != mail.model else ""), "; ")
    nowhere = words["nowhere"].format(answer_to=mail.answer_to, site=mail.site)
    inside = mail.supply.cartridge_serial if mail.supply else None
    return [
        ("order", f"O-{mail.number}"),
        ("date", moment(mail.ordered_at, mail.timezone)),
        ("item", item),
        ("part", mail.part_number or _guess(mail, words)),
        ("quantity", str(mail.quantity)),
        ("customer", mail.customer),
        ("deliver", f"{mail.site}; {mail.address or nowhere}"),
        ("device", about or mail.device),
        ("serial", mail.serial or words["unknown"]),
        ("place", mail.place or words["unknown"]),
        ("reason", told(speech, mail.reason)),
        ("inside", words["inside serial"].format(serial=inside) if inside else ""),
    ]


def _item(mail: OrderMail, speech: Words) -> str:
    """Type and colour; the device's own text only where it says no more than that it is some supply."""
    return supply_title(speech, mail.supply) if mail.supply else mail.description


def _urgency(supply: SupplyRow | None, words: Mapping[str, str], speech: Words) -> str:
    """What was last known of it, and no more than that: nobody knows by when it is needed."""
    if supply is None:
        return words["just low"]
    if supply.direction == "filled":
        full = supply.fullness_percent
        return words["full"].format(full=speech.percent(full)) if full is not None else words["just full"]
    if isinstance(supply.level, Empty):
        return words["used up"]
    if supply.percent is None:
        return words["just low"]
    step = supply.level.step if isinstance(supply.level, Quantised) else 0
    return words["low"].format(left=percent_words(speech, supply.percent, step))


def _guess(mail: OrderMail, words: Mapping[str, str]) -> str:
    """Not reported, and what the catalogue would put there, said to be that."""
    if not mail.suggested:
        return words["unknown"]
    kind = "probably" if len(mail.suggested) == 1 else "one of"
    return words[kind].format(unknown=words["unknown"], codes=", ".join(mail.suggested))
