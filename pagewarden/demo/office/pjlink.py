"""PJLink (JBMIA, class 1 and 2) of one projector: questions only; power is never switched from here."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from contextlib import suppress

from pagewarden.demo.office.device import Device
from pagewarden.demo.office.life import Trouble, left
from pagewarden.demo.office.models import Wears
from pagewarden.demo.office.vendor_oids import is_lit

PASSWORD = "lights-on"  # noqa: S105 - of simulated projectors
_IDLE_SECONDS = 30
_UNDEFINED, _PARAMETER, _NOT_NOW = "ERR1", "ERR2", "ERR3"


async def serve(device: Device, address: str, port: int, *, password: str | None) -> asyncio.Server:
    """A projector listening; it hangs up after 30 idle seconds."""

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, EOFError, TimeoutError, asyncio.LimitOverrunError):
            await _talk(device, reader, writer, password)
        writer.close()

    return await asyncio.start_server(client, address, port, limit=256)


async def _talk(
    device: Device, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, password: str | None
) -> None:
    challenge = secrets.token_hex(4)
    writer.write(f"PJLINK 1 {challenge}\r".encode() if password else b"PJLINK 0\r")
    proof = hashlib.md5(f"{challenge}{password}".encode(), usedforsecurity=False).hexdigest() if password else ""
    known = not password
    while True:
        async with asyncio.timeout(_IDLE_SECONDS):
            await writer.drain()
            line = (await reader.readuntil(b"\r")).decode("ascii", "replace").strip()
        if not known:
            if not line.startswith(proof):
                writer.write(b"PJLINK ERRA\r")
                return
            known = True
        writer.write(f"{answer(device, line.removeprefix(proof))}\r".encode())


def answer(device: Device, line: str) -> str:
    """The answer to one line such as ``%1POWR ?``."""
    if len(line) < 7 or line[0] != "%" or line[1] not in "12" or line[6] != " ":
        return f"{line[:6]}={_UNDEFINED}"
    head, question, kind = line[:6], line[7:], line[2:6].upper()
    if int(line[1]) > device.model.pjlink_class:
        return f"{head}={_UNDEFINED}"
    facts = _class_2(device) if line[1] == "2" else _class_1(device)
    if kind not in facts:
        return f"{head}={_UNDEFINED}"
    return f"{head}={facts[kind] if question == '?' else _PARAMETER}"


def _class_1(device: Device) -> dict[str, str]:
    lit = is_lit(device)
    return {
        "POWR": "1" if lit else "0",
        "INPT": "31" if lit else _NOT_NOW,
        "INST": "11 21 31 32",
        "AVMT": "30" if lit else _NOT_NOW,
        "ERST": _errors(device),
        "LAMP": f"{int(_hours(device, 0))} {int(lit)}",
        "NAME": device.place,
        "INF1": device.model.maker.upper(),
        "INF2": device.model.name,
        "INFO": device.model.firmware,
        "CLSS": str(device.model.pjlink_class),
    }


def _class_2(device: Device) -> dict[str, str]:
    parts = {kind.type: kind.part for kind in device.model.supplies}
    return {
        "SNUM": device.life.serial,
        "SVER": device.model.firmware,
        "FILT": str(int(_hours(device, 1))),
        "RLMP": parts.get(0, ""),
        "RFIL": parts.get(1, ""),
        "RRES": "1920x1080",
        "IRES": "1920x1080" if is_lit(device) else "-",
        "FREZ": "0" if is_lit(device) else _NOT_NOW,
    }


def _hours(device: Device, type_: int) -> float:
    found = zip(device.life.supplies, device.model.supplies, strict=True)
    return next((supply.used for supply, kind in found if kind.type == type_ and kind.wears is Wears.HOURS), 0.0)


def _errors(device: Device) -> str:
    """Fan, lamp, temperature, cover, filter, other: 0 nothing, 1 warning, 2 error."""
    ends = {
        kind.type: left(supply, kind) for supply, kind in zip(device.life.supplies, device.model.supplies, strict=True)
    }
    fan = "2" if Trouble.FAN in device.life.troubles else "0"
    lamp, filter_ = ("1" if ends.get(type_, 1.0) <= 0.05 else "0" for type_ in (0, 1))
    return f"{fan}{lamp}00{filter_}0"
