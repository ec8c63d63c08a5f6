"""The words pages use for states, kinds, supplies and moves. One home, so that a thing has one name everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collector.store.supplies import SupplyRow
from collector.web import charts
from collector.web.i18n import N_, Words
from fleet.supply import Empty, Exact, LowOnly, Quantised, SomeLeft

STANDINGS: Mapping[str, tuple[str, str]] = {
    "stopped": ("error", N_("stopped")),
    "silent": ("silent", N_("silent")),
    "look": ("warn", N_("need a look")),
    "unknown": ("unknown", N_("not identified")),
    "asleep": ("asleep", N_("asleep")),
    "working": ("ok", N_("working")),
}
"""Standing -> (css state, word), worst first."""

STANDING_MEANINGS: Mapping[str, str] = {
    "stopped": N_("The device itself says that it cannot work, as with a jam, an open cover or a broken fan."),
    "silent": N_("It should answer and does not; its page says why, as far as it is known."),
    "look": N_("It still works, or lacks what anybody can put in: paper low, ink empty, a part near its end."),
    "unknown": N_("Something answers, but it does not say what it is or how it is."),
    "asleep": N_("It saves power and wakes by itself; nothing is wrong."),
    "working": N_("It answers and complains of nothing."),
}
"""What a standing means, in the words of alerts/standing.py."""

GONE = N_("The fault is gone: close the ticket or look why")

SEVERITIES: Mapping[str, str] = {"critical": "error", "warning": "warn", "other": "unknown"}

KINDS: Mapping[str, tuple[str, str]] = {
    "printer": ("printer", N_("Printer")),
    "mfp": ("mfp", N_("MFP")),
    "scanner": ("scanner", N_("Scanner")),
    "projector": ("projector", N_("Projector")),
    "label-printer": ("label-printer", N_("Label printer")),
    "other": ("printer", N_("Other device")),
}

COLOURS: Mapping[str, str] = {
    "black": N_("Black"), "cyan": N_("Cyan"), "magenta": N_("Magenta"), "yellow": N_("Yellow"),
    "photo-black": N_("Photo black"), "matte-black": N_("Matte black"), "light-cyan": N_("Light cyan"),
    "light-magenta": N_("Light magenta"), "gray": N_("Gray"), "light-gray": N_("Light gray"),
    "tri-color": N_("Tri-colour"),
    "red": N_("Red"), "green": N_("Green"), "blue": N_("Blue"), "orange": N_("Orange"), "white": N_("White"),
}  # fmt: skip
INKS = {"black": "k", "photo-black": "k", "matte-black": "k", "cyan": "c", "light-cyan": "c", "magenta": "m",
        "light-magenta": "m", "yellow": "y"}  # fmt: skip

SUPPLIES: Mapping[str, str] = {
    "toner": N_("toner"), "ink": N_("ink"), "drum": N_("drum unit"), "developer": N_("developer"),
    "fuser": N_("fuser unit"),
    "transfer": N_("transfer unit"), "waste": N_("waste box"), "cleaner": N_("cleaner"),
    "maintenance-kit": N_("maintenance kit"), "roller": N_("roller"), "feeder-kit": N_("feeder kit"),
    "staples": N_("staples"), "ribbon": N_("ribbon"), "filter": N_("filter"), "separator": N_("separator"),
    "lamp": N_("lamp"), "other": N_("supply"),
}  # fmt: skip

COUNTERS: Mapping[str, str] = {
    "total": N_("All pages"), "mono": N_("Black and white"), "color": N_("Colour"),
    "since_power_on": N_("Since switched on"), "print_total": N_("Printed"),
    "print_mono": N_("Printed, black and white"),
    "print_color": N_("Printed, colour"), "copy_total": N_("Copied"), "copy_mono": N_("Copied, black and white"),
    "copy_color": N_("Copied, colour"), "scan_total": N_("Scanned"), "fax_total": N_("Faxed"),
    "duplex": N_("Two-sided"),
}  # fmt: skip
UNITS: Mapping[str, str] = {
    "impressions": N_("pages"), "sheets": N_("sheets"), "hours": N_("hours"), "feet": N_("feet"),
    "meters": N_("metres"),
    "other": N_("units of the maker"),
}  # fmt: skip

ORDER_STATES: Mapping[str, str] = {
    "suggested": N_("suggested"), "held": N_("held"), "approved": N_("approved"), "placed": N_("placed"),
    "acknowledged": N_("acknowledged"), "shipped": N_("shipped"), "delivered": N_("delivered"),
    "installed": N_("installed"), "closed": N_("closed"), "cancelled": N_("cancelled"), "disputed": N_("disputed"),
}  # fmt: skip
ORDER_VERBS: Mapping[str, str] = {
    "held": N_("Hold the order"), "approved": N_("Approve the order"), "placed": N_("Place the order"),
    "acknowledged": N_("Mark as acknowledged"), "shipped": N_("Mark as shipped"), "delivered": N_("Mark as delivered"),
    "installed": N_("Mark as installed"), "closed": N_("Close the order"), "cancelled": N_("Cancel the order"),
    "disputed": N_("Dispute the delivery"),
}  # fmt: skip
ORDER_STEPS = ("suggested", "approved", "placed", "acknowledged", "shipped", "delivered", "installed")

TICKET_STATES: Mapping[str, str] = {
    "reported": N_("reported"), "accepted": N_("accepted"), "diagnosing": N_("being diagnosed"),
    "solved_remotely": N_("solved remotely"), "dispatched": N_("dispatched"), "on_site": N_("on site"),
    "repaired": N_("repaired"), "confirmed": N_("confirmed"), "archived": N_("archived"), "cancelled": N_("cancelled"),
}  # fmt: skip
TICKET_VERBS: Mapping[str, str] = {
    "accepted": N_("Accept the ticket"), "diagnosing": N_("Begin the diagnosis"),
    "solved_remotely": N_("Mark as solved remotely"), "dispatched": N_("Dispatch a technician"),
    "on_site": N_("Mark as on site"), "repaired": N_("Mark as repaired"),
    "confirmed": N_("Mark as confirmed by the customer"),
    "archived": N_("Archive the ticket"), "cancelled": N_("Cancel the ticket"),
}  # fmt: skip
TICKET_NEXT: Mapping[str, str] = {"solved_remotely": "confirmed", "dispatched": "on_site", "repaired": "confirmed"}
"""State -> the step that leads on, where the first possible one leads back."""
TICKET_STEPS = ("reported", "accepted", "diagnosing", "dispatched", "on_site", "repaired", "confirmed", "archived")

PARTS: Mapping[str, str] = {
    "pickup roller": N_("pickup roller"), "separation pad": N_("separation pad"), "ADF roller": N_("feeder roller"),
    "ADF separation pad": N_("feeder separation pad"), "paper tray": N_("paper tray"),
    "tray lift motor": N_("tray lift motor"), "finisher": N_("finisher"), "drum unit": N_("drum unit"),
    "developer": N_("developer"), "fuser unit": N_("fuser unit"), "fan": N_("fan"), "drive motor": N_("drive motor"),
    "lamp": N_("lamp"), "air filter": N_("air filter"), "cap station": N_("cap station"), "carriage": N_("carriage"),
    "controller board": N_("controller board"), "cutter": N_("cutter"), "density sensor": N_("density sensor"),
    "developer unit": N_("developer unit"), "document feeder": N_("document feeder"), "fax board": N_("fax board"),
    "feed roller": N_("feed roller"), "hard disk": N_("hard disk"), "high-voltage board": N_("high-voltage board"),
    "ink pump": N_("ink pump"), "laser unit": N_("laser unit"), "memory module": N_("memory module"),
    "power supply board": N_("power supply board"), "print head": N_("print head"),
    "scanner lamp": N_("scanner lamp"), "scanner unit": N_("scanner unit"), "thermistor": N_("thermistor"),
    "toner cartridge": N_("toner cartridge"), "toner supply motor": N_("toner supply motor"),
    "transfer belt": N_("transfer belt"), "transfer roller": N_("transfer roller"),
    "waste toner box": N_("waste toner box"),
}  # fmt: skip
"""Parts that rows of mibs/causes name."""

TICKET_FACTS: Mapping[str, str] = {
    "site": N_("Site"), "place": N_("Place"), "panel": N_("Panel"), "serial": N_("Serial number"),
    "address": N_("Address"), "model": N_("Model"), "pages": N_("All pages"), "pages_total": N_("All pages"),
    "text": N_("Message"), "location": N_("Place"), "code": N_("Code"), "vendor_code": N_("Code of the maker"),
}  # fmt: skip
"""What a ticket notes of its device when it is opened."""

MAIL_STATES: Mapping[str, tuple[str, str]] = {
    "waiting": ("unknown", N_("waiting")), "sending": ("unknown", N_("being sent")), "sent": ("ok", N_("sent")),
    "failed": ("error", N_("not sent")), "unsure": ("warn", N_("unsure")),
}  # fmt: skip
MAIL_KINDS: Mapping[str, str] = {"order-mail": N_("Order"), "alert-mail": N_("Alert")}

EVENTS: Mapping[str, str] = {
    "found": N_("Found for the first time"), "address-changed": N_("Moved to another address"),
    "mac-changed": N_("Another network card"), "serial-changed": N_("Another serial number"),
    "counter-fell": N_("A counter fell"), "supply-swapped": N_("New cartridge"), "restarted": N_("Restarted"),
    "clock-skewed": N_("The agent's clock is wrong"), "identity-conflict": N_("Another device shows the same evidence"),
    "contradiction-serial": N_("The device gives two serial numbers"),
    "contradiction-pages-total": N_("The device gives two page counts"),
}  # fmt: skip
DISPUTED: Mapping[str, str] = {
    "serial": N_("The device gives two serial numbers"), "pages-total": N_("The device gives two page counts"),
}  # fmt: skip
PROTOCOLS: Mapping[str, str] = {"snmp": "SNMP", "ipp": "IPP", "escl": "eSCL", "pjlink": "PJLink", "mdns": "DNS-SD"}
EVIDENCE: Mapping[str, str] = {
    "serial": N_("Serial number"), "uuid": N_("UUID"), "mac": N_("MAC address"), "engine-id": N_("SNMP engine"),
    "hostname": N_("Host name"), "address": N_("Address"),
}  # fmt: skip


FACTS: Mapping[str, str] = {
    **PROTOCOLS,
    "address": N_("address"), "maker": N_("maker"), "model": N_("model"), "known_by": N_("known by"),
    "reasons": N_("shared"), "episode": N_("filling"), "boot_at": N_("at"), "text": N_("message"), "code": N_("code"),
    "vendor_code": N_("code of the maker"), "group": N_("group"), "location": N_("place"),
    "last_heard": N_("last heard"),
}  # fmt: skip
"""Names of the facts that events and alerts carry."""
SPEAKING = ("reason", "silence", "text")
"""Facts that say themselves what they are."""


def ranked(found: Sequence[SupplyRow]) -> list[SupplyRow]:
    """What runs out first in a device's life comes first; inks in the order K C M Y."""
    types, inks = ("toner", "ink", "ribbon", "lamp", "waste", "drum"), ("k", "c", "m", "y")

    def place(supply: SupplyRow) -> tuple[int, int, str]:
        ink = INKS.get(supply.color or "")
        rank = types.index(supply.type) if supply.type in types else len(types)
        return rank, inks.index(ink) if ink else len(inks), supply.key

    return sorted(found, key=place)


def slot_title(words: Words, key: str) -> str:
    """The supply an alert names by its key: "toner-black" is black toner."""
    kind = max((name for name in SUPPLIES if key == name or key.startswith(f"{name}-")), key=len, default="")
    colour = COLOURS.get(key.removeprefix(kind).strip("-"), "")
    return _joined(words, words._(SUPPLIES[kind]), words._(colour) if colour else "") if kind else key


def _joined(words: Words, kind: str, colour: str) -> str:
    if not colour:
        return kind[:1].upper() + kind[1:]
    return f"{colour}{kind}" if words.language == "zh" else f"{colour} {kind}"


def supply_title(words: Words, supply: SupplyRow) -> str:
    """ "Black toner", in the reader's language."""
    kind = words._(SUPPLIES.get(supply.type, SUPPLIES["other"]))
    if supply.type == "other" and supply.description:
        return supply.description
    return _joined(words, kind, words._(COLOURS.get(supply.color, supply.color)) if supply.color else "")


def letter(supply: SupplyRow) -> str:
    """The letter beside a supply: K C M Y, W for waste, else the first of its type."""
    ink = INKS.get(supply.color or "")
    if ink and supply.type in ("toner", "ink", "ribbon"):
        return ink.upper()
    return {"waste": "W", "lamp": "L"}.get(supply.type, supply.type[:1].upper())


def _colour(supply: SupplyRow) -> str:
    if supply.type in ("waste", "lamp"):
        return supply.type
    if supply.type in ("toner", "ink", "ribbon"):
        return INKS.get(supply.color or "", "part")
    return "part"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A level as pages show it: its drawing, its words, and what stands small below them."""

    drawing: charts.Level
    amount: str
    under: str = ""


def percent_words(words: Words, percent: float, step: int = 0) -> str:
    """A level in percent; with `step` the span in which the truth lies."""
    if not step or percent >= 100:
        return words.percent(percent)
    if percent < 1:
        return words._("under %(top)s", top=words.percent(step))
    return f"{words.number(round(percent))}–{words.percent(min(100, percent + step))}"


def amount_of(words: Words, supply: SupplyRow) -> Amount:
    """What is honestly known of a supply. A receptacle shows how full it is, and only on evidence."""
    title, colour = supply_title(words, supply), _colour(supply)

    def made(kind: str, amount: str, under: str = "", **numbers: float) -> Amount:
        said = f"{amount}, {under}" if under else amount
        told = words.pair(title, said)
        step = int(numbers.pop("step", 0))
        return Amount(
            drawing=charts.Level(kind=kind, colour=colour, words=told, step=step, **numbers), amount=amount, under=under
        )

    if supply.direction == "filled":
        if supply.fullness_percent is not None:
            full = supply.fullness_percent
            return made("fills", words.percent(full), words._("full, not left"), low=full, high=full)
        return made("unknown", "?", words._("how full cannot be told"))
    match supply.level:
        case Exact(percent=percent):
            return made("exact", words.percent(percent), low=percent, high=percent)
        case Quantised(percent=percent, step=step):
            under = words._("in steps of %(step)s", step=words.number(step))
            span, high = percent_words(words, percent, step), min(100, percent + step)
            return made("step", span, under, low=percent, high=high, step=step)
        case SomeLeft():
            return made("some", words._("some left"), words._("amount not reported"))
        case LowOnly():
            return made("low", words._("low"), words._("amount not reported"))
        case Empty():
            return made("empty", words._("empty"))
        case _:
            return made("unknown", "?", words._("not reported"))


ROLES = {
    "owner": N_("owner"),
    "admin": N_("administrator"),
    "dispatcher": N_("dispatcher"),
    "technician": N_("technician"),
    "viewer": N_("viewer"),
    "vendor": N_("vendor"),
}
