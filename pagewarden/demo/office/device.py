"""One device of the office: its model, its life, and what it would say now."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pagewarden.demo.office.birth import host_name, place_of
from pagewarden.demo.office.complaints import CRITICAL, Complaint, complaints
from pagewarden.demo.office.life import DeviceLife, Row, SupplyLife, left
from pagewarden.demo.office.models import Model, Shows, SupplyModel


class Activity(StrEnum):
    IDLE = "idle"
    PRINTING = "printing"
    STOPPED = "stopped"
    ASLEEP = "asleep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A supply as the device states it: level and capacity in a unit of RFC 3805 (percent 19, impressions 7 ...)."""

    level: int
    capacity: int
    unit: int


_PERCENT, _IMPRESSIONS, _TENTHS_ML, _ITEMS = 19, 7, 15, 18
_SOME, _UNKNOWN = -3, -2
_ML_PER_PAGE = 0.017


def shown(supply: SupplyLife, kind: SupplyModel) -> Shown:
    """What it says of a supply. "Some left" stays -3 until the device knows better, which some never do."""
    share = left(supply, kind)
    match kind.shows:
        case Shows.PAGES:
            return Shown(level=int(share * kind.lasts), capacity=int(kind.lasts), unit=_IMPRESSIONS)
        case Shows.TENTHS_ML:
            full = int(kind.lasts * _ML_PER_PAGE * 10)
            return Shown(level=int(share * full), capacity=full, unit=_TENTHS_ML)
        case Shows.STEPS:
            steps = -int(-share * 100 // kind.step)
            return Shown(level=min(100, steps * kind.step), capacity=100, unit=_PERCENT)
        case Shows.SOME_LEFT:
            return Shown(level=_SOME, capacity=_UNKNOWN, unit=_ITEMS)
        case Shows.LOW_ONLY:
            return Shown(level=_SOME if share > 0 else 0, capacity=_UNKNOWN, unit=_ITEMS)
    return Shown(level=-int(-share * 100 // 1), capacity=100, unit=_PERCENT)


@dataclass(slots=True, kw_only=True)
class Device:
    """`refresh` brings it up to the moment; everything else reads."""

    model: Model
    life: DeviceLife
    complaints: tuple[Complaint, ...] = ()
    activity: Activity = Activity.IDLE
    busy: bool = False
    version: int = 0

    def refresh(self, now: datetime, real_now: datetime) -> None:
        """Looks at its own state: complaints appear as rows, and vanish with their cause."""
        self.complaints = complaints(self.life, self.model)
        self._reconcile(real_now)
        self.busy = self.life.busy_until is not None and now < self.life.busy_until
        if any(complaint.stops for complaint in self.complaints):
            self.activity = Activity.STOPPED
        elif self.busy:
            self.activity = Activity.PRINTING
        else:
            self.activity = Activity.ASLEEP if self.life.asleep else Activity.IDLE
        self.version += 1

    def _reconcile(self, real_now: datetime) -> None:
        life, wanted = self.life, {complaint.key: complaint for complaint in self.complaints}
        for key in life.rows.keys() - wanted.keys():
            del life.rows[key]
        for key in wanted.keys() - life.rows.keys():
            life.rows[key] = Row(index=life.next_row, raised_at=real_now)
            life.next_row += 1
            life.events_all += 1
            life.events_critical += wanted[key].severity == CRITICAL

    def uptime_ticks(self, real_now: datetime) -> int:
        """Hundredths of a second since it was switched on."""
        return max(0, int((real_now - self.life.booted_at).total_seconds() * 100))

    @property
    def place(self) -> str:
        return place_of(self.life.number)

    @property
    def host_name(self) -> str:
        return host_name(self.life.number)

    @property
    def mac(self) -> bytes:
        return bytes.fromhex(self.life.mac)

    @property
    def uuid(self) -> str:
        """Ends in the MAC address, as those of several makers do."""
        head = str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{self.model.label}/{self.life.mac}"))
        return f"{head[:24]}{self.life.mac}"

    @property
    def sys_descr(self) -> str:
        return self.model.sys_descr.format(serial=self.life.serial)

    @property
    def panel(self) -> str:
        """The text on its display."""
        if self.complaints and self.activity is not Activity.ASLEEP:
            return self.complaints[0].text
        if self.activity is Activity.ASLEEP:
            return self.model.sleep_text
        return "Printing" if self.activity is Activity.PRINTING else self.model.ready_text

    def supply_name(self, position: int) -> str:
        """Description of a supply; some carry part and serial number of the cartridge."""
        return self.model.supplies[position].name.format(cartridge=self.life.supplies[position].cartridge)
