"""`pagewarden inspect`: everything that can be told about one device."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
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
def inspect(source: str, as_json: bool, port: int | None, community: str | None, credentials: Path | None) -> None:
    """Everything that can be told about one device or one recorded answer.

    SOURCE is a host, or a capture file: .snmprec (a recorded SNMP walk), .ipp (the body of one IPP answer), .xml (eSCL
    ScannerCapabilities or ScannerStatus), .json (a list of DNS-SD services), .txt (a PJLink transcript), .zip (a
    recording of 'pagewarden agent capture'). The device is only read, never changed.

    \b
    Examples:
      pagewarden inspect 192.168.1.50
      pagewarden inspect 192.168.1.50 --community office --json
      pagewarden inspect recorded/laserjet.snmprec
    """
    import asyncio

    from agent.inspect import SUFFIXES, inspect_capture, record
    from mibs.catalogue import load

    catalogue, path = load(), Path(source)
    if path.suffix.lower() in SUFFIXES or path.is_file():
        reading, name = inspect_capture(path, catalogue), path.stem
    else:
        reading = asyncio.run(_live(source, port, community, credentials, catalogue))
        name = reading.identity.hostname or source
    if as_json:
        for text in reading.partial:
            click.echo(f"note: {text}", err=True)
        click.echo(json.dumps(record(reading, name), ensure_ascii=False, indent=1))
        return
    from agent.inspect_text import lines

    for line in lines(reading, catalogue):
        click.echo(line)


async def _live(
    host: str, port: int | None, community: str | None, credentials: Path | None, catalogue: Catalogue
) -> Reading:
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
    probes = await asyncio.to_thread(installed_probes)
    try:
        reading, answers = await inspect_host(address, network, probes, catalogue, SystemClock())
    finally:
        for probe in probes.values():
            await probe.close()
    # Silence at a port that was only guessed is no news; without SNMP, or with a door shut, much is missing.
    worth = [(n, e) for n, e in answers.failures.items() if n == "snmp" or isinstance(e, Refused)]
    missing = tuple(f"{SPOKEN.get(name, name)}: {error}"[:200] for name, error in worth)
    return replace(reading, partial=(*reading.partial, *missing))
