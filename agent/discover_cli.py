"""`pagewarden discover`: look for devices once, and say what each of them is."""

from __future__ import annotations

import ipaddress
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from agent.discover.candidate import Progress, Tell
    from agent.discover.once import Sight
    from agent.discover.territory import Territory
    from agent.settings import AgentSettings, NetworkSettings


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("networks", metavar="[NETWORK]...", nargs=-1)
@click.option("--seconds", default=5.0, show_default=True, help="Listen to announcements for at least this long.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line per device.")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Settings file of an agent.")
@click.option("--community", help="SNMP community to ask with instead of the configured ways.")
@click.option("--snmp-port", type=int, help="UDP port of SNMP instead of 161.")
def discover(
    networks: tuple[str, ...],
    seconds: float,
    as_json: bool,
    config: Path | None,
    community: str | None,
    snmp_port: int | None,
) -> None:
    """Look for devices once, and say what each of them is.

    NETWORK is an address or a network such as 192.168.1.0/24; without any, the configured networks or the one this
    machine is in. Nothing outside is contacted, nothing is changed on any device.

    \b
    Examples:
      pagewarden discover
      pagewarden discover 192.168.1.0/24 --json
    """
    import asyncio

    from agent.app import territory_of
    from agent.discover.territory import Territory, cost

    settings = _settings(config)
    territory = Territory(_asked(networks, settings)) if networks else territory_of(settings)
    territory = Territory(_changed(network, community, snmp_port) for network in territory.networks)
    spent = cost(territory, listening_seconds=seconds)
    click.echo(f"searching {', '.join(n.cidr for n in territory.networks)}: {spent}", err=True)
    for text in spent.warnings:
        click.echo(f"warning: {text}", err=True)
    found = asyncio.run(_pass(territory, settings, seconds, _teller()))
    for sight in found:
        click.echo(json.dumps(sight.plain(), ensure_ascii=False) if as_json else _row(sight))
    click.echo(f"{len(found)} {'device' if len(found) == 1 else 'devices'} found", err=True)


async def _pass(territory: Territory, settings: AgentSettings, seconds: float, tell: Tell) -> list[Sight]:
    """Search, then ask everything that was found."""
    import asyncio

    from agent.app import installed_normalise, installed_probes, installed_sweeper
    from agent.discover.once import Sight, gather, grouped
    from agent.poll import Asker, is_device
    from fleet.kit.clock import SystemClock
    from fleet.reading import Round

    clock, sweeper = SystemClock(), installed_sweeper()
    probes, normalise = await asyncio.to_thread(lambda: (installed_probes(), installed_normalise()))
    sightings, troubles = await gather(territory, sweeper, clock, seconds=seconds, tell=tell)
    for text in troubles:
        click.echo(f"note: {text}", err=True)
    asker = Asker(probes, normalise, territory, sightings, clock, settings.rounds)
    gate, sights = asyncio.Semaphore(settings.rounds.concurrency), list[Sight]()

    async def ask(address: str) -> None:
        async with gate:
            for spot, services in sightings.spots(address).items():
                left_out = sightings.leaves_out(spot, services)
                answers = await asker.ask(spot, services, Round.FULL, left_out)
                reading = asker.read(answers, spot, Round.FULL) if answers.raws else None
                if reading and is_device(reading, answers.ways):
                    identity = replace(reading.identity, address=address)
                    kind = str(reading.kind) if reading.kind else None
                    sources = sightings.sources(address)
                    sights.append(
                        Sight(identity=identity, spots=(spot,), ways=answers.ways, sources=sources, kind=kind)
                    )

    try:
        async with asyncio.TaskGroup() as group:
            for address in sightings:
                group.create_task(ask(address))
    finally:
        for part in (*probes.values(), sweeper):
            if close := getattr(part, "close", None):
                await close()
    return sorted(grouped(sights), key=lambda sight: ipaddress.ip_address(sight.spots[0].address).packed)


def _settings(config: Path | None) -> AgentSettings:
    from agent.settings import AgentSettings, default_config, load

    path = config or default_config()
    return load(path.absolute()) if config or path.exists() else AgentSettings()


def _asked(networks: tuple[str, ...], settings: AgentSettings) -> list[NetworkSettings]:
    """The networks named on the command line, asked as the settings say where they say something of them."""
    from agent.settings import NetworkSettings, parsed_network
    from fleet.errors import SettingsError

    asked = []
    for text in networks:
        try:
            net = parsed_network(text)
            base = next((n for n in settings.networks if n.network.overlaps(net)), None)
            changes: dict[str, Any] = {"cidr": str(net), "addresses": (), "allow_loopback": True}
            if net.num_addresses == 1:
                changes["addresses"] = (str(net.network_address),)
            asked.append(replace(base, **changes) if base else NetworkSettings(**changes))
        except (ValueError, TypeError) as error:
            raise SettingsError(f"NETWORK: {error}") from error
    return asked


def _changed(network: NetworkSettings, community: str | None, port: int | None) -> NetworkSettings:
    from agent.probes.probe import SnmpCredential
    from fleet.kit.config import Secret

    if community is not None:
        ways = tuple(SnmpCredential(version=version, community=Secret(community)) for version in ("2c", "1"))
        network = replace(network, snmp=ways)
    return replace(network, snmp_port=port) if port is not None else network


def _teller() -> Tell:
    """Progress on standard error: one line that changes on a terminal, one line per finished step elsewhere."""

    def tell(progress: Progress) -> None:
        text = f"{progress.step}: {progress.done}/{progress.total}, {progress.found} answered"
        if sys.stderr.isatty():
            click.echo(f"\r\x1b[K{text}", err=True, nl=progress.done == progress.total)
        elif progress.done == progress.total:
            click.echo(text, err=True)

    return tell


def _row(sight: Sight) -> str:
    name = " ".join(text for text in (sight.identity.maker, sight.identity.model) if text) or "(says no name)"
    where = ", ".join(dict.fromkeys(spot.address for spot in sight.spots))
    return (
        f"{where:16} {sight.kind or '':14} {name:40} {sight.identity.serial or '':20} {' '.join(sight.ways)}".rstrip()
    )
