"""`pagewarden demo`: a simulated office, and the real agent and collector that watch it."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("--devices", default=24, show_default=True, type=click.IntRange(1, 5000), help="How many devices.")
@click.option(
    "--speed",
    default=60.0,
    show_default=True,
    type=click.FloatRange(1, 14_400),
    help="How fast the office's time runs: 60 makes a minute of ours an hour of theirs.",
)
@click.option(
    "--port",
    default=8060,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Where the pages are, on this machine alone; 0 takes any free port.",
)
@click.option(
    "--data",
    default="demo-data",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder that keeps everything; started again with the same one, the demo goes on where it was.",
)
def demo(devices: int, speed: float, port: int, data: Path) -> None:
    """The whole story on this machine: a simulated office, a real agent, a real collector.

    Devices on loopback addresses speak SNMP, IPP, eSCL and PJLink and have lives of their own; agent and collector
    are the production programs. DATA/demo.json says where everything is, every mail lies in DATA/mail.

    \b
    Examples:
      pagewarden demo                          24 devices, an hour of theirs in each minute
      pagewarden demo --speed 600 --port 0     faster, at any free port
      pagewarden demo --devices 200 --data /tmp/big-office
    """
    from pagewarden.demo.show import run

    run(devices=devices, speed=speed, port=port, data=data)
