"""Enrolment: a one-time token becomes an agent id and a key, kept in a file only its owner can read."""

from __future__ import annotations

import asyncio
import json
import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from agent.settings import sample
from agent.state import version
from fleet.errors import SettingsError, ShipError
from fleet.kit.text import clean

SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    agent_id: str
    agent_key: str


async def enrol(url: str, token: str, *, name: str, ca_file: Path | None = None) -> Enrolled:
    """Ask the collector at `url` to take this agent. ShipError says why it did not."""
    where = f"{url.rstrip('/')}/agent/v1/enrol"
    context: ssl.SSLContext | bool = await asyncio.to_thread(_trusting, ca_file) if ca_file else True
    body = {"token": token, "name": name, "version": await asyncio.to_thread(version)}
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(where, json=body, ssl=context, allow_redirects=False) as response,
        ):
            status, raw = response.status, await response.content.read(65536)
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        why = "no answer in time" if isinstance(error, TimeoutError) else clean(str(error))
        raise ShipError(f"the collector {where} cannot be reached: {why}") from error
    return _understood(status, raw, where)


def _trusting(ca_file: Path) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(f"ca_file {ca_file} cannot be used: {error}") from error


def _understood(status: int, raw: bytes, where: str) -> Enrolled:
    try:
        answer = json.loads(raw)
    except ValueError:
        answer = {}
    if not isinstance(answer, dict):
        answer = {}
    if status == 201 and all(isinstance(answer.get(part), str) for part in ("agent_id", "agent_key")):
        return Enrolled(agent_id=clean(answer["agent_id"], 100), agent_key=clean(answer["agent_key"], 1000))
    reason = clean(str(answer.get("detail") or answer.get("title") or f"HTTP {status}"))
    if status in (401, 403, 422):
        raise ShipError(f"the collector does not take this agent: {reason}", retryable=False)
    raise ShipError(f"{where} answers {status} ({reason}): is this a Pagewarden collector?")


def keep(
    enrolled: Enrolled, *, url: str, config: Path, state: Path, name: str | None = None, ca_file: Path | None = None
) -> Path:
    """Write the key file (mode 0600) and the settings; the path of the key file."""
    key_file = state / "agent.key"
    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        config.parent.mkdir(parents=True, exist_ok=True)
        put_whole(key_file, f"{enrolled.agent_key}\n", 0o600)
        existing = config.read_text("utf-8") if config.exists() else sample()
        values = {
            "collector_url": url,
            "agent_id": enrolled.agent_id,
            "agent_key_file": str(key_file),
            "state_dir": str(state),
        }
        if name is not None:
            values["name"] = name
        if ca_file is not None:
            values["ca_file"] = str(ca_file.absolute())
        put_whole(config, with_values(existing, values), config.stat().st_mode & 0o777 if config.exists() else 0o600)
    except OSError as error:
        raise SettingsError(f"{error.filename}: cannot be written: {error.strerror}") from error
    return key_file


def with_values(text: str, values: Mapping[str, str]) -> str:
    """A settings file with top-level `values` set: lines that hold or sample them are replaced, others are added."""
    first_table = re.search(r"^#?\[", text, re.MULTILINE)
    head, tail = (text[: first_table.start()], text[first_table.start() :]) if first_table else (text, "")
    # A key given here replaces its other spelling too (agent_key for agent_key_file).
    for name in values:
        if name.endswith("_file"):
            head = re.sub(rf"^{name.removesuffix('_file')}\s*=.*\n?", "", head, flags=re.MULTILINE)
    added = ""
    for name, value in values.items():
        line = f"{name} = {json.dumps(value)}"
        # An active line first; the sample's commented one only where there is no other.
        for pattern in (rf"^{name}\s*=.*$", rf"^#{name.removesuffix('_file')}\s*=.*$"):
            found = re.search(pattern, head, re.MULTILINE)
            if found:
                head = head[: found.start()] + line + head[found.end() :]
                break
        else:
            added += f"{line}\n"
    return f"{added}{head}{tail}"


def put_whole(path: Path, text: str, mode: int) -> None:
    """The whole file or none of it, readable by its owner from the first byte."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
