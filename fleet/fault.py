"""Faults: what the device complains of, in one vocabulary for all protocols."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Severity(StrEnum):
    """prtAlertSeverityLevel (RFC 3805): codes 4 and 5 are both warning."""

    CRITICAL = "critical"
    WARNING = "warning"
    OTHER = "other"


class Actor(StrEnum):
    """Who can help (prtAlertTrainingLevel): anybody, a trained user, a field technician, nobody needs to."""

    USER = "user"
    KEY_OPERATOR = "key-operator"
    TECHNICIAN = "technician"
    MANAGEMENT = "management"
    NOBODY = "nobody"


class Health(StrEnum):
    OK = "ok"
    WARNING = "warning"
    ERROR = "error"
    UNKNOWN = "unknown"


class Activity(StrEnum):
    IDLE = "idle"
    PRINTING = "printing"
    WARMUP = "warmup"
    STOPPED = "stopped"
    OFF = "off"
    ASLEEP = "asleep"
    OTHER = "other"


class Condition(StrEnum):
    """hrPrinterDetectedErrorState (RFC 2790), bit 0 first."""

    LOW_PAPER = "low-paper"
    NO_PAPER = "no-paper"
    LOW_TONER = "low-toner"
    NO_TONER = "no-toner"
    DOOR_OPEN = "door-open"
    JAMMED = "jammed"
    OFFLINE = "offline"
    SERVICE_REQUESTED = "service-requested"
    INPUT_TRAY_MISSING = "input-tray-missing"
    OUTPUT_TRAY_MISSING = "output-tray-missing"
    MARKER_SUPPLY_MISSING = "marker-supply-missing"
    OUTPUT_NEAR_FULL = "output-near-full"
    OUTPUT_FULL = "output-full"
    INPUT_TRAY_EMPTY = "input-tray-empty"
    OVERDUE_MAINTENANCE = "overdue-maintenance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One complaint of one device.

    `cause` is a key of mibs/causes; "unrecognised" keeps what the catalogue does not know, with its raw group, code
    and text. `informative` marks rows that say nothing is wrong (Ready, Sleep, power-up).
    """

    cause: str
    severity: Severity
    actor: Actor | None = None
    group: str | None = None
    code: str | None = None
    index: str | None = None
    location: str | None = None
    text: str | None = None
    vendor_code: str | None = None
    since: datetime | None = None
    informative: bool = False
