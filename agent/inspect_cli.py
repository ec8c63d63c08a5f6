"""`pagewarden inspect`: everything that can be told about one device."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from agent.probes.probe import Raw
    from fleet.reading import Reading
    from mibs.catalogue import Catalogue


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("source")
@click.option("--json", "as_json", is_flag=True, help="One JSON object; null where the device does not say.")
@click.option("--port", type=click.IntRange(1, 65535), help="Ask every protocol at this port instead of its usual one.")
@click.option("--community", help="SNMP community to ask with instead of 'public'.")
@click.option(
    "--credentials",
    type=click.Path(path_type=Path, dir_okay=False),
    help="TOML file with [[snmp]] tables (version, user, auth_protocol, auth_key, ...) and pjlink_password.",
)
@click.option(
    "--rows",
    type=click.Path(path_type=Path, file_okay=False),
    help="Read with the rows of this folder too (vendors/, supplies/, causes/), and say what they change.",
)
@click.option(
    "--objects",
    "sought",
    is_flag=False,
    flag_value="",
    metavar="[TEXT]",
    help="List what a recording holds that nobody reads yet; with TEXT only what says so, or is named so.",
)
@click.option("--all", "everything", is_flag=True, help="With --objects: all of them.")
def inspect(
    source: str,
    as_json: bool,
    port: int | None,
    community: str | None,
    credentials: Path | None,
    rows: Path | None,
    sought: str | None,
    everything: bool,
) -> None:
    """Everything that can be told about one device or one recorded answer.

    SOURCE is a host, or a capture file: .snmprec (a recorded SNMP walk), .ipp (the body of one IPP answer), .xml (eSCL
    ScannerCapabilities or ScannerStatus), .json (a list of DNS-SD services), .txt (a PJLink transcript), .zip (a
    recording of 'pagewarden agent capture'). The device is only read, never changed.

    \b
    Examples:
      pagewarden inspect 192.168.1.50
      pagewarden inspect 192.168.1.50 --community office --json
      pagewarden inspect recorded/laserjet.snmprec
      pagewarden inspect laser.zip --objects 12345
      pagewarden inspect laser.zip --rows my-rows
    """
    import asyncio

    from agent.inspect import SUFFIXES, read_capture, reading_of, record
    from agent.inspect_text import lines
    from agent.teach.show import Lesson
    from mibs.overlay import load

    catalogue, path = load(rows), Path(source)
    is_capture = path.suffix.lower() in SUFFIXES or path.is_file()
    if sought is not None and not is_capture:
        raise click.UsageError("--objects needs a recording; make one with: pagewarden agent capture HOST -o FILE.zip")
    if is_capture:
        raws: Sequence[Raw] = read_capture(path)
        reading, name = reading_of(raws, catalogue, path.stem), path.stem
    else:
        reading, raws = asyncio.run(_live(source, port, community, credentials, catalogue))
        name = reading.identity.hostname or source
    lesson = Lesson(raws=raws, catalogue=catalogue, rows=rows, sought=sought, everything=everything)
    if as_json:
        for text in reading.partial:
            click.echo(f"note: {text}", err=True)
        click.echo(json.dumps(record(reading, name) | lesson.record(), ensure_ascii=False, indent=1))
        return
    for line in (*(lines(reading, catalogue) if sought is None else ()), *lesson.lines()):
        click.echo(line)


async def _live(
    host: str, port: int | None, community: str | None, credentials: Path | None, catalogue: Catalogue
) -> tuple[Reading, Sequence[Raw]]:
    import asyncio
    from dataclasses import replace

    from agent.app import installed_probes
    from agent.inspect_live import address_of, inspect_host, network_for
    from agent.poll import SPOKEN
    from fleet.errors import Refused, SettingsError
    from fleet.kit.clock import SystemClock

    address = await address_of(host)
    try:
        network = await asyncio.to_thread(network_for, address, port=port, community=community, credentials=credentials)
    except ValueError as error:
        raise SettingsError(f"{host}: {error}") from error
    if sys.stderr.isatty():
        click.echo(f"asking {address} over SNMP, IPP, eSCL and PJLink; a silent host takes 15 s ...", err=True)
    probes = await asyncio.to_thread(installed_probes, catalogue)
    try:
        reading, answers = await inspect_host(address, network, probes, catalogue, SystemClock())
    finally:
        for probe in probes.values():
            await probe.close()
    # Silence at a port that was only guessed is no news; without SNMP, or with a door shut, much is missing.
    worth = [(n, e) for n, e in answers.failures.items() if n == "snmp" or isinstance(e, Refused)]
    missing = tuple(f"{SPOKEN.get(name, name)}: {error}"[:200] for name, error in worth)
    return replace(reading, partial=(*reading.partial, *missing)), answers.raws
