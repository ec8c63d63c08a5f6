"""`pagewarden agent capture`: record, read, veil, write."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import click

from agent.capture import pack
from agent.capture.live import Recording, record, veiled
from agent.capture.snmp import PRIVATE, lines
from agent.inspect import raws_of
from agent.inspect_live import address_of, network_for
from agent.normalise import normalise_all
from fleet.errors import SettingsError
from fleet.kit.clock import SystemClock
from fleet.reading import Round
from mibs.catalogue import Catalogue, load

SNMP_ALONE = ".snmprec"


async def run(
    host: str, output: Path, port: int | None, community: str | None, credentials: Path | None, *, private: bool
) -> list[str]:
    """Writes the recording; what a person should know of it, line by line."""
    if output.suffix.lower() not in (pack.SUFFIX, SNMP_ALONE):
        raise SettingsError(f"{output}: name a file that ends in {pack.SUFFIX}, or in {SNMP_ALONE} for SNMP alone")
    address, clock = await address_of(host), SystemClock()
    try:
        network = await asyncio.to_thread(network_for, address, port=port, community=community, credentials=credentials)
    except ValueError as error:
        raise SettingsError(f"{host}: {error}") from error
    recording = await record(address, network, clock, private=private, progress=_tell)
    parts = await asyncio.to_thread(clean, recording, address, await asyncio.to_thread(load))
    if output.suffix.lower() == SNMP_ALONE:
        if "snmp.snmprec" not in parts:
            raise SettingsError(f"{address} answers no SNMP: {recording.missing['SNMP']}; name a .zip for the rest")
        await asyncio.to_thread(output.write_bytes, parts["snmp.snmprec"])
    else:
        await asyncio.to_thread(pack.write, output, parts, recording.about)
    return _summary(output, recording, parts)


def _tell(what: str) -> None:
    click.echo(f"  asking: {what}", err=True)


def clean(recording: Recording, address: str, catalogue: Catalogue) -> dict[str, bytes]:
    """The parts as they may be shown. Reads them first, to know what is secret."""
    bare = {"snmp.snmprec": lines(recording.walked, None)} if recording.walked else {}
    raws, _ = raws_of(bare | dict(recording.parts), datetime.now(UTC))
    reading = normalise_all(
        raws, catalogue=catalogue, key="", address=address, round_=Round.FULL, taken_at=datetime.now(UTC)
    )
    return veiled(recording, reading, address)


def _summary(output: Path, recording: Recording, parts: dict[str, bytes]) -> list[str]:
    sizes = ", ".join(f"{name} {len(data):,} bytes" for name, data in parts.items())
    told = [f"{output}: {sizes}"]
    walked = recording.walked
    unknown = [n for n, v in (walked.rows.items() if walked else ()) if n[: len(PRIVATE)] == PRIVATE and _is_text(v)]
    if unknown:
        told.append(
            f"{len(unknown)} texts are the maker's own: look through them before you pass the file on,"
            " or leave them out with --without-private"
        )
    told += [f"not recorded: {name} ({why})" for name, why in recording.missing.items()]
    return [*told, *(f"note: {note}" for note in recording.notes)]


def _is_text(value: object) -> bool:
    return isinstance(value, bytes) and len(value) > 3 and all(32 <= octet < 127 for octet in value)
