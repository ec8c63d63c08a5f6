"""Settings of the collector: one TOML file, every key with a default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from fleet.errors import SettingsError
from fleet.kit import config
from fleet.kit.config import Secret
from fleet.supply import SupplyType

TLS_MODES = ("none", "starttls", "tls")
LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """The mail server. An empty host: nothing is sent, messages wait in the outbox."""

    host: str = ""
    port: int = 25
    tls: str = "none"
    user: str = ""
    password: Secret = Secret("")
    timeout_seconds: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """Who mails whom. `toner` and `alert` are used for sites that name no address of their own. `reply_to`: a person
    who hears what vendors answer to orders, and technicians to alerts; empty: answers go to the sender."""

    sender: str = "pagewarden@localhost"
    reply_to: str = ""
    toner: str = ""
    alert: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSettings:
    """When something matters. `hold_factor` scales every waiting time but silent_minutes and asleep_days, since
    heartbeats and people keep their own time; where devices live faster it is less than 1. `asleep_days`: so long a
    device that went to sleep may say nothing; a weekend with a holiday on it fits in. `new_devices_per_hour`: so many
    may one agent find after its first day; more are set aside: something may change its identity each time."""

    order_at_percent: float = 15.0
    order_at: dict[str, float] = field(default_factory=dict)
    hold_factor: float = 1.0
    silent_minutes: float = 15.0
    asleep_days: float = 4.0
    new_devices_per_hour: int = 30
    settle_minutes: float = 5.0
    quiet_minutes: float = 60.0
    swap_minutes: float = 10.0
    supply_hold_minutes: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionSettings:
    """How long what is kept, in days. Orders, tickets, alerts that were told, and daily points stay. `rejected_most`:
    how many readings set aside are kept of each agent, whatever their age."""

    samples_days: int = 760
    rejected_days: int = 30
    rejected_most: int = 10_000
    batches_days: int = 30
    untold_alerts_days: int = 30
    sent_mail_days: int = 365
    events_days: int = 760
    evidence_days: int = 760
    audit_days: int = 1095


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectorSettings:
    """`database` is an SQLAlchemy URL; empty means SQLite in data_dir. `metrics_open`: /metrics shows every customer's
    devices to whoever can reach this port, without a token; for a network where that is nobody else. `rows_dir`: a
    folder of your own rows on devices, read beside those of the program (docs/teach.md)."""

    data_dir: Path = Path("collector-data")
    listen: str = "127.0.0.1:8060"
    public_url: str = ""
    database: Secret = Secret("")
    metrics_open: bool = False
    rows_dir: Path | None = None
    smtp: SmtpSettings = field(default_factory=SmtpSettings)
    mail: MailSettings = field(default_factory=MailSettings)
    rules: RuleSettings = field(default_factory=RuleSettings)
    retention: RetentionSettings = field(default_factory=RetentionSettings)

    @property
    def host(self) -> str:
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        return int(self.listen.rpartition(":")[2])

    @property
    def url(self) -> str:
        """Where people find the pages."""
        return self.public_url.rstrip("/") or f"http://{self.listen}"


HELP: Mapping[str, str] = {
    "data_dir": "folder of the databases and of what the collector keeps beside them",
    "listen": "address and port; loopback, with a TLS proxy before it, unless the network is trusted",
    "public_url": "where people and agents find it, such as https://fleet.example.com; empty: http:// and `listen`",
    "database": "SQLAlchemy URL of the facts; empty: SQLite in `data_dir`",
    "metrics_open": "true: /metrics needs no token",
    "rows_dir": "folder of your own rows on devices",
    "smtp.host": "mail server; empty: nothing is sent, mails wait",
    "smtp.port": "usually 25, 587 (starttls) or 465 (tls)",
    "smtp.tls": "none, starttls, or tls from the first byte",
    "smtp.user": "empty: no sign-in at the mail server",
    "smtp.password": "of that user; rather `password_file`",
    "smtp.timeout_seconds": "how long one step of sending may take",
    "mail.sender": "From: of every mail",
    "mail.reply_to": "who hears the answers of vendors and technicians; empty: the sender",
    "mail.toner": "who gets orders of sites that name nobody",
    "mail.alert": "who is told of faults at sites that name nobody",
    "mail.language": "en or zh, for sites that name none",
    "rules.order_at_percent": "a supply at or below so many percent is ordered",
    "rules.order_at": "the same by type of supply, such as `drum = 10`: toner, ink, drum, developer, fuser, transfer, "
    "waste, maintenance-kit, roller, staples, ribbon, filter, lamp ...; waste counts by the room that is left",
    "rules.hold_factor": "scales all waiting times; 0.5 is twice as fast",
    "rules.silent_minutes": "an agent or device not heard for so long is silent",
    "rules.asleep_days": "so long a device that went to sleep may say nothing",
    "rules.new_devices_per_hour": "more new devices of one agent are set aside",
    "rules.settle_minutes": "a condition must be gone for so long to be over",
    "rules.quiet_minutes": "after it is over, so long the same condition raises nothing new",
    "rules.swap_minutes": "a level must stay risen for so long to be another cartridge",
    "rules.supply_hold_minutes": "a supply must be low for so long to be ordered",
    "retention.samples_days": "numbers over time; one value a day stays for ever",
    "retention.rejected_days": "readings that were set aside",
    "retention.rejected_most": "of those, so many of each agent",
    "retention.batches_days": "receipts, by which repeated batches are known",
    "retention.untold_alerts_days": "alerts that passed before anybody was told",
    "retention.sent_mail_days": "mails that were sent",
    "retention.events_days": "what happened to devices and agents",
    "retention.evidence_days": "addresses and names by which devices were once known",
    "retention.audit_days": "who did what",
}
"""What each key means. A test holds it complete; docs/configuration.md is made from it."""


def load(path: Path | None) -> CollectorSettings:
    """The settings in the file, or the defaults; checked. SettingsError names the path of what is wrong."""
    settings = config.load(path, CollectorSettings) if path else CollectorSettings()
    check(settings, str(path or "settings"))
    return settings


def check(settings: CollectorSettings, file: str = "settings") -> None:
    """What the types cannot say."""
    host, _, port = settings.listen.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise SettingsError(f"{file}: $.listen: expected host:port, not {settings.listen!r}")
    if settings.public_url and urlsplit(settings.public_url).scheme not in ("http", "https"):
        raise SettingsError(f"{file}: $.public_url: expected http://... or https://..., not {settings.public_url!r}")
    if settings.smtp.tls not in TLS_MODES:
        raise SettingsError(f"{file}: $.smtp.tls: expected one of {', '.join(TLS_MODES)}, not {settings.smtp.tls!r}")
    if settings.mail.language not in LANGUAGES:
        raise SettingsError(f"{file}: $.mail.language: expected en or zh, not {settings.mail.language!r}")
    for name in ("sender", "reply_to", "toner", "alert"):
        check_address(getattr(settings.mail, name), f"{file}: $.mail.{name}")
    for name, percent in {"": settings.rules.order_at_percent, **settings.rules.order_at}.items():
        where = f"$.rules.order_at.{name}" if name else "$.rules.order_at_percent"
        if not 0 <= percent <= 100:
            raise SettingsError(f"{file}: {where}: a percentage is between 0 and 100, not {percent}")
        if name and name not in set(SupplyType):
            raise SettingsError(f"{file}: {where}: no type of supply; known are {', '.join(SupplyType)}")
    if settings.rules.silent_minutes <= 0:
        raise SettingsError(f"{file}: $.rules.silent_minutes: expected more than 0")
    if settings.rules.asleep_days < 0:
        raise SettingsError(f"{file}: $.rules.asleep_days: cannot be negative")
    if settings.rules.hold_factor < 0:
        raise SettingsError(f"{file}: $.rules.hold_factor: cannot be negative")


def check_address(address: str, where: str) -> None:
    """SettingsError unless this is empty or one plain mail address."""
    local, at, domain = address.rpartition("@")
    if address and (not at or not local or not domain or any(c.isspace() or c in ",;<>" for c in address)):
        raise SettingsError(f"{where}: expected one mail address, not {address!r}")
