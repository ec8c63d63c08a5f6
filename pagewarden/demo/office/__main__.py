"""`python -m pagewarden.demo.office`: the simulated devices alone, until Ctrl-C."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from pathlib import Path

import click

from pagewarden.demo.office.office import FASTEST, Office
from pagewarden.demo.office.ports import NoLoopback


@click.command()
@click.option("--devices", default=24, show_default=True, type=click.IntRange(1, 5000), help="How many devices.")
@click.option("--speed", default=60.0, show_default=True, type=click.FloatRange(0, FASTEST), help="Times real time.")
@click.option("--data", default="demo-data", show_default=True, type=click.Path(path_type=Path, file_okay=False))
def main(devices: int, speed: float, data: Path) -> None:
    """Simulated office devices on 127.77.x.y; where they are stands in DATA/office-ports.json."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        asyncio.run(_run(devices, speed, data))
    except (NoLoopback, ValueError, OSError) as error:
        click.echo(f"office: {error}", err=True)
        sys.exit(1)


async def _run(devices: int, speed: float, data: Path) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with Office.remembered(data, count=devices, speed=speed).open() as office:
        click.echo(f"{len(office.devices)} devices in {', '.join(office.networks)}; SNMP port {office.ports.snmp}")
        await stop.wait()


if __name__ == "__main__":
    main()
