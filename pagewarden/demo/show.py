"""The course of one demo: open the office, start collector and agent, tell what to look at, end everything cleanly."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import click

from fleet.kit import logs
from pagewarden.demo import child, smtp_sink, stage
from pagewarden.demo.child import Child, ChildFailed
from pagewarden.demo.office.office import Office
from pagewarden.demo.office.ports import NoLoopback
from pagewarden.demo.stage import Secrets, Stage, StageError
from pagewarden.demo.summary import Summary

READY_SECONDS = 60.0
SUMMARY_SECONDS = 3.0


def run(*, devices: int, speed: float, port: int, data: Path) -> None:
    """Blocks until Ctrl-C. A FleetError says in a line why it cannot go on."""
    with stage.alone(data):
        place = stage.prepare(data, port)
        _log_to(place.logs / "office.log")
        try:
            office = Office.remembered(place.data, count=devices, speed=speed)
            asyncio.run(_until_told(_show(place, office, speed)))
        except (NoLoopback, ValueError) as error:
            raise StageError(str(error)) from error


async def _until_told(show: Coroutine[Any, Any, None]) -> None:
    """The show goes on until it fails or somebody presses Ctrl-C."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    playing, told = asyncio.create_task(show), asyncio.create_task(stop.wait())
    await asyncio.wait({playing, told}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if not playing.done():
        click.echo("\nstopping ...")
        playing.cancel()
    try:
        await playing
    except asyncio.CancelledError:
        click.echo("Everything is stopped. The same command goes on from here.")


async def _show(place: Stage, office: Office, speed: float) -> None:
    async with AsyncExitStack() as stack:
        click.echo(f"Opening an office with {len(office.devices)} devices ...")
        await stack.enter_async_context(office.open())
        smtp_port = await stack.enter_async_context(smtp_sink.listening(place.mail))
        await asyncio.to_thread(stage.write_collector, place, smtp_port=smtp_port, speed=speed)
        kept = await _initialised(place)
        collector = ("collector", "serve", "--config", str(place.collector_toml))
        agent = ("agent", "run", "--config", str(place.agent_toml))
        http = await stack.enter_async_context(aiohttp.ClientSession(base_url=place.url))
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_child("collector", collector, place).watch())
                await _serving(http)
                kept = await _enrolled(place, office, kept)
                group.create_task(_child("agent", agent, place).watch())
                await asyncio.to_thread(place.announce, kept)
                _welcome(place, kept, office)
                await Summary(http, kept.api_token, office, place.mail).tell(every=SUMMARY_SECONDS)
        except* ChildFailed as failed:
            raise failed.exceptions[0] from None


def _child(name: str, arguments: tuple[str, ...], place: Stage) -> Child:
    return Child(name, arguments, place.logs / f"{name}.log", tell=lambda line: click.echo(f"\n{line}", err=True))


async def _initialised(place: Stage) -> Secrets:
    """The collector's stores with a tenant, a site and an admin; made once."""
    kept = await asyncio.to_thread(place.secrets)
    if kept.api_token:
        return kept
    kept = await asyncio.to_thread(place.keep, kept)
    config = ("--config", str(place.collector_toml))
    people = ("--admin-email", stage.ADMIN, "--admin-password-file", str(place.password_file))
    where = ("--tenant", stage.TENANT, "--site", stage.SITE, "--timezone", stage.TIMEZONE, "--address", stage.ADDRESS)
    try:
        await child.run("collector init", "collector", "init", *config, *where, *people, "--json")
    except ChildFailed as error:
        # A demo that was ended in the middle of its first start: go on with what it made.
        if "set up already" not in str(error):
            raise
    token = json.loads(await child.run("collector api-token", "collector", "api-token", *config, "--json"))
    return await asyncio.to_thread(place.keep, kept, api_token=token["token"])


async def _enrolled(place: Stage, office: Office, kept: Secrets) -> Secrets:
    """The agent knows its collector and where the office is; enrolled once."""
    known = await asyncio.to_thread(stage.enrolment, place)
    await asyncio.to_thread(stage.write_agent, place, office, known)
    if "agent_id" not in known:
        config = ("--config", str(place.collector_toml))
        made = json.loads(await child.run("collector site-token", "collector", "site-token", *config, "--json"))
        await child.run("agent enrol", "agent", "enrol", place.url, made["token"], "--config", str(place.agent_toml))
        known = await asyncio.to_thread(stage.enrolment, place)
    return await asyncio.to_thread(place.keep, kept, agent_id=known["agent_id"])


async def _serving(http: aiohttp.ClientSession) -> None:
    """Returns when the collector takes readings."""
    until = asyncio.get_running_loop().time() + READY_SECONDS
    while not await _is_ready(http):
        if asyncio.get_running_loop().time() > until:
            raise ChildFailed(f"the collector does not answer after {READY_SECONDS:.0f} seconds")
        await asyncio.sleep(0.1)


async def _is_ready(http: aiohttp.ClientSession) -> bool:
    try:
        async with http.get("/readyz") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


def _welcome(place: Stage, kept: Secrets, office: Office) -> None:
    click.echo(
        f"""
Pagewarden watches an office of {len(office.devices)} devices. They are simulated; agent and collector are real.

  Open     {place.url}
  Sign in  {stage.ADMIN}  with  {kept.password}

  Within a minute: all devices on the first page, an order for a cartridge that runs low (Orders),
  and a ticket for a paper jam that nobody clears (Tickets). Every mail lies in {_short(place.mail)}.
  An hour of the office passes in {_passes(office.speed)}.

  Stop     Ctrl-C. The same command goes on where it was; delete {_short(place.data)} to begin anew.
"""
    )


def _short(path: Path) -> str:
    """As somebody in this folder would write it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _passes(speed: float) -> str:
    seconds = 3600 / speed
    return f"{seconds / 60:.0f} minutes" if seconds > 90 else "a minute" if seconds > 50 else f"{seconds:.1f} seconds"


def _log_to(path: Path) -> None:
    """What the office itself has to say goes to a file: the terminal belongs to the summary."""
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logs.KeyValueFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for chatty in ("asyncio", "mail.log", "zeroconf"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
