"""The SNMP tree of one device: system, interface, host resources (RFC 1213, RFC 2790), and what its kind adds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pagewarden.demo.office import printer_mib, vendor_oids
from pagewarden.demo.office.ber import Oid, Value, counter, gauge, name, number, oid, text, ticks
from pagewarden.demo.office.device import Activity, Device
from pagewarden.demo.office.models import Kind
from pagewarden.demo.office.snmp import View

_SYSTEM = oid("1.3.6.1.2.1.1")
_INTERFACE = oid("1.3.6.1.2.1.2.2.1")
_HR_DEVICE = oid("1.3.6.1.2.1.25.3.2.1")
_HR_PRINTER = oid("1.3.6.1.2.1.25.3.5.1")
_UPTIME = (*_SYSTEM, 3, 0)

_RUNNING, _WARNING, _DOWN = 2, 3, 5
_OTHER, _IDLE, _PRINTING = 1, 3, 4


def view(device: Device, real_now: datetime) -> View:
    """Everything the device tells over SNMP now."""
    values: dict[Oid, Value] = {}
    values.update(_system(device, real_now))
    values.update(_interfaces(device))
    if device.model.prints:
        values.update(_host_resources(device))
        values.update(printer_mib.values(device, real_now))
    elif device.model.kind is Kind.SCANNER:
        values[(*_HR_DEVICE, 3, 1)] = text(device.model.label)
        values[(*_HR_DEVICE, 5, 1)] = number(_RUNNING)
    values.update(vendor_oids.values(device))
    return View(values)


def with_uptime(picture: View, device: Device, real_now: datetime) -> View:
    """The same picture, a moment later."""
    picture.values[_UPTIME] = ticks(device.uptime_ticks(real_now))
    return picture


def _system(device: Device, real_now: datetime) -> Iterator[tuple[Oid, Value]]:
    yield (*_SYSTEM, 1, 0), text(device.sys_descr)
    yield (*_SYSTEM, 2, 0), name(device.model.sys_object_id)
    yield _UPTIME, ticks(device.uptime_ticks(real_now))
    yield (*_SYSTEM, 4, 0), text("it@example.com")
    yield (*_SYSTEM, 5, 0), text(device.host_name)
    yield (*_SYSTEM, 6, 0), text(device.place)
    yield (*_SYSTEM, 7, 0), number(72)


def _interfaces(device: Device) -> Iterator[tuple[Oid, Value]]:
    rows = {
        1: (number(1), number(2)),
        2: (text("lo0"), text("Ethernet")),
        3: (number(24), number(6)),
        4: (number(65536), number(1500)),
        5: (gauge(0), gauge(1_000_000_000)),
        6: (text(b"\0\0\0\0\0\0"), text(device.mac)),
        7: (number(1), number(1)),
        8: (number(1), number(1)),
    }
    yield oid("1.3.6.1.2.1.2.1.0"), number(2)
    for column, pair in rows.items():
        for row, value in enumerate(pair, 1):
            yield (*_INTERFACE, column, row), value


def _host_resources(device: Device) -> Iterator[tuple[Oid, Value]]:
    yield (*_HR_DEVICE, 1, 1), number(1)
    yield (*_HR_DEVICE, 2, 1), name("1.3.6.1.2.1.25.3.1.5")
    yield (*_HR_DEVICE, 3, 1), text(_described(device))
    yield (*_HR_DEVICE, 4, 1), name("0.0")
    status = _DOWN if device.activity is Activity.STOPPED else _WARNING if device.complaints else _RUNNING
    yield (*_HR_DEVICE, 5, 1), number(status)
    yield (*_HR_DEVICE, 6, 1), counter(0)
    printing = {Activity.IDLE: _IDLE, Activity.PRINTING: _PRINTING}.get(device.activity, _OTHER)
    yield (*_HR_PRINTER, 1, 1), number(printing)
    bits = 0
    for complaint in device.complaints:
        bits |= complaint.bits
    yield (*_HR_PRINTER, 2, 1), text(bytes((bits,)))


def _described(device: Device) -> str:
    """hrDeviceDescr: most makers put maker and model there, Kyocera the model alone."""
    return device.model.name if device.model.maker == "Kyocera" else device.model.label
