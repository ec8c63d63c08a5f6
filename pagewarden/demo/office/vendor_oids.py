"""What makers say beside the standard: serial numbers, firmware, counters by kind, lamp hours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from pagewarden.demo.office.ber import Oid, Value, counter, number, oid, text
from pagewarden.demo.office.device import Activity, Device
from pagewarden.demo.office.life import left
from pagewarden.demo.office.models import Kind, Wears

_ENTERPRISES = "1.3.6.1.4.1."
Pairs = Iterator[tuple[str, Value]]


def values(device: Device) -> Iterator[tuple[Oid, Value]]:
    """The maker's own objects."""
    teller = _TELLERS.get(device.model.maker)
    for dotted, value in teller(device) if teller else ():
        yield oid(_ENTERPRISES + dotted), value


def _pml(value: str) -> Value:
    """HP's PML strings begin with two bytes of their own: 01 15."""
    return text(b"\x01\x15" + value.encode())


def _hp(device: Device) -> Pairs:
    life, model = device.life, device.model
    yield "11.2.3.9.1.1.7.0", text(f"MFG:HP;CMD:PJL,PCL,POSTSCRIPT;MDL:{model.label};CLS:PRINTER;SN:{life.serial};")
    yield "11.2.3.9.4.2.1.1.3.3.0", _pml(life.serial)
    yield "11.2.3.9.4.2.1.1.3.5.0", _pml(model.firmware[:8])
    yield "11.2.3.9.4.2.1.1.3.6.0", _pml(model.firmware)
    yield "11.2.3.9.4.2.1.4.1.2.5.0", number(life.total)
    yield "11.2.3.9.4.2.1.4.1.2.6.0", number(life.mono)
    if model.color:
        yield "11.2.3.9.4.2.1.4.1.2.7.0", number(life.color)
    yield "11.2.3.9.4.2.1.4.1.2.22.0", number(life.duplex)


def _kyocera(device: Device) -> Pairs:
    life, model = device.life, device.model
    yield "1347.43.5.1.1.1.1", text(model.name)
    yield "1347.43.5.1.1.28.1", text(life.serial)
    yield "1347.43.5.4.1.5.1.1", text(model.firmware)
    yield "1347.40.10.1.1.5.1", text(device.host_name)
    yield "1347.43.10.1.1.12.1.1", counter(life.total)
    yield "1347.42.3.1.1.1.1.1", counter(life.total - life.copies)
    if model.kind is Kind.MFP:
        yield "1347.42.3.1.1.1.1.2", counter(life.copies)
        yield "1347.46.10.1.1.5.3", counter(life.scans)


def _ricoh(device: Device) -> Pairs:
    life, model = device.life, device.model
    yield "367.3.2.1.1.1.1.0", text(model.name)
    yield "367.3.2.1.1.1.2.0", text(model.firmware)
    yield "367.3.2.1.2.1.4.0", text(life.serial)
    rows = {10: life.total, 400: life.total - life.copies}
    if model.kind is Kind.MFP:
        rows |= {200: life.copies, 870: life.scans}
    for row, (kind, value) in enumerate(rows.items(), 1):
        yield f"367.3.2.1.2.19.5.1.2.{row}", number(kind)
        yield f"367.3.2.1.2.19.5.1.9.{row}", counter(value)
    for row, (supply, kind_) in enumerate(zip(life.supplies, model.supplies, strict=True), 1):
        if kind_.color:
            share = left(supply, kind_)
            yield f"367.3.2.1.2.24.1.1.3.{row}", text(kind_.name)
            yield f"367.3.2.1.2.24.1.1.5.{row}", number(-100 if share == 0 else max(1, round(share * 100)))


def _konica(device: Device) -> Pairs:
    life = device.life
    yield "18334.1.1.1.1.6.2.1.0", text(device.model.name)
    yield "18334.1.1.1.5.5.1.1.2.1", text("Controller")
    yield "18334.1.1.1.5.5.1.1.3.1", text(device.model.firmware)
    yield "18334.1.1.1.5.7.2.1.1.0", counter(life.total)
    yield "18334.1.1.1.5.7.2.1.3.0", counter(life.duplex)
    yield "18334.1.1.1.5.7.2.1.5.0", counter(life.scans)


def _canon(device: Device) -> Pairs:
    life, model = device.life, device.model
    yield "1602.1.1.1.1.0", text(model.label)
    yield "1602.1.1.1.4.0", text(model.firmware)
    yield "1602.1.2.1.8.1.3.1.1", text(life.serial)
    rows = {101: life.copies, 301: life.total - life.copies, 501: life.scans}
    for kind, value in rows.items():
        if model.kind is Kind.MFP or kind == 301:
            yield f"1602.1.11.1.3.1.4.{kind}", counter(value)


def _xerox(device: Device) -> Pairs:
    life, model = device.life, device.model
    yield "253.8.51.1.2.1.20.1", text(f"MFG:Xerox;CMD:PCL,PS;MDL:{model.name};CLS:PRINTER;SN:{life.serial};")
    yield "253.8.53.13.2.1.6.1.20.1", counter(life.total)
    yield "253.8.53.13.2.1.6.1.20.33", counter(life.color)
    yield "253.8.53.13.2.1.6.1.20.34", counter(life.mono)


def _brother(device: Device) -> Pairs:
    life, model = device.life, device.model
    yield "2435.2.3.9.1.1.7.0", text(f"MFG:Brother;CMD:PJL,HBP,URF;MDL:{model.name};CLS:PRINTER;")
    yield "2435.2.3.9.4.2.1.5.5.1.0", text(life.serial)
    yield "2435.2.3.9.4.2.1.5.5.17.0", text(model.firmware)
    yield "2435.2.3.9.4.2.1.5.4.5.2.0", text(device.panel)
    counts = {0x00: life.total, 0x01: life.mono, 0x06: life.duplex} | ({0x02: life.color} if model.color else {})
    yield "2435.2.3.9.4.2.1.5.5.10.0", text(_records(counts))
    care = {}
    for supply, kind in zip(life.supplies, model.supplies, strict=True):
        if kind.type == 9:
            care[0x41] = int(left(supply, kind) * 10000)
    yield "2435.2.3.9.4.2.1.5.5.8.0", text(_records(care))


def _records(counts: Mapping[int, int]) -> bytes:
    """Brother's tag, 01, length, value records, closed by FF."""
    return b"".join(bytes((tag, 1, 4)) + value.to_bytes(4, "big") for tag, value in counts.items()) + b"\xff"


def _epson(device: Device) -> Pairs:
    life, model = device.life, device.model
    if model.kind is Kind.PROJECTOR:
        yield "1248.4.1.1.1.1.0", number(int(_lamp_hours(device)))
        return
    yield "1248.1.2.2.1.1.1.2.1", text(model.name)
    yield "1248.1.2.2.1.1.1.5.1", text(life.serial)
    yield "1248.1.2.2.2.1.1.2.1.1", text(model.firmware)
    if model.scans:
        yield "1248.1.1.3.1.1.1.0", text(model.name)


def _lexmark(device: Device) -> Pairs:
    life, model = device.life, device.model
    descr = f"MANUFACTURER:Lexmark International;COMMAND SET:PJL,PCL;MODEL:Lexmark {model.name};SN:{life.serial};"
    yield "641.2.1.2.1.3.1", text(descr)
    yield "641.6.4.2.2.1.6.1.1", counter(life.total)


def _zebra(device: Device) -> Pairs:
    yield "10642.1.1.0", text(f"{device.model.name}-300dpi")
    yield "10642.1.2.0", text(device.model.firmware)
    yield "10642.1.4.0", text(device.host_name)
    yield "10642.1.9.0", text(device.life.serial)


def _lamp_hours(device: Device) -> float:
    return sum(
        supply.used
        for supply, kind in zip(device.life.supplies, device.model.supplies, strict=True)
        if kind.wears is Wears.HOURS and kind.type == 0
    )


def is_lit(device: Device) -> bool:
    """Whether a projector's lamp is on."""
    return device.busy and device.activity is not Activity.STOPPED


_TELLERS: Mapping[str, Callable[[Device], Pairs]] = {
    "HP": _hp,
    "Kyocera": _kyocera,
    "Ricoh": _ricoh,
    "Konica Minolta": _konica,
    "Canon": _canon,
    "Xerox": _xerox,
    "Brother": _brother,
    "Epson": _epson,
    "Lexmark": _lexmark,
    "Zebra": _zebra,
}
