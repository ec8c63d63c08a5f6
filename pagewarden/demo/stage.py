"""The stage: folders, secrets and settings files the demo's programs run with."""

from __future__ import annotations

import fcntl
import json
import secrets
import socket
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from fleet.errors import FleetError
from pagewarden.demo.office.memory import write_atomically
from pagewarden.demo.office.office import Office
from pagewarden.demo.office.pjlink import PASSWORD

ADMIN = "admin@example.com"
TENANT, SITE, TIMEZONE = "Harbour & Sons", "Harbour office", "Europe/Berlin"
ADDRESS = "Hafenstrasse 12, 20457 Hamburg, Germany; contact Jana Petersen, phone +49 40 66969 012"
"""Invented; the number lies in the block that is given to nobody."""
TONER_MAIL, ALERT_MAIL = "toner-desk@example.com", "it@harbour.example.com"


class StageError(FleetError):
    """The demo cannot run here as asked; the text says what to do instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What is made once and kept, so that a second start goes on with the same people and programs."""

    password: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    api_token: str = ""
    agent_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where everything of one demo lies."""

    data: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def mail(self) -> Path:
        return self.data / "mail"

    @property
    def logs(self) -> Path:
        return self.data / "log"

    @property
    def collector_toml(self) -> Path:
        return self.data / "collector.toml"

    @property
    def agent_toml(self) -> Path:
        return self.data / "agent.toml"

    @property
    def password_file(self) -> Path:
        return self.data / "admin-password"

    def secrets(self) -> Secrets:
        """Those kept from an earlier start, or new ones."""
        try:
            return Secrets(**json.loads((self.data / "secrets.json").read_text("utf-8")))
        except FileNotFoundError:
            return Secrets()
        except (ValueError, TypeError) as error:
            raise StageError(f"{self.data / 'secrets.json'} is damaged; remove {self.data} to begin anew") from error

    def keep(self, kept: Secrets, **changes: str) -> Secrets:
        """`kept` with `changes`, on disk."""
        kept = replace(kept, **changes)
        write_atomically(self.data / "secrets.json", json.dumps(asdict(kept)))
        write_atomically(self.password_file, kept.password + "\n")
        return kept

    def announce(self, kept: Secrets) -> None:
        """Writes demo.json: scripts follow the demo by it."""
        facts = {
            "url": self.url,
            "api_token": kept.api_token,
            "smtp_dir": str(self.mail.absolute()),
            "agent_id": kept.agent_id,
            "login": {"email": ADMIN, "password": kept.password},
        }
        write_atomically(self.data / "demo.json", json.dumps(facts, indent=2) + "\n")


def prepare(data: Path, port: int) -> Stage:
    """The folders, and a port that is free. StageError says what is in the way."""
    stage = Stage(data=data.absolute(), port=free_port(port))
    for folder in (stage.mail, stage.logs):
        _make(folder)
    (stage.data / "demo.json").unlink(missing_ok=True)
    return stage


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StageError(f"{folder} cannot be used: {error.strerror}; name another folder by --data") from error


def free_port(port: int) -> int:
    """`port`, or any free one for 0. StageError when somebody else has it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise StageError(
                f"port {port} of this machine is in use ({error.strerror}); "
                "name another one by --port N, or take any free one by --port 0"
            ) from error
        chosen: int = probe.getsockname()[1]
        return chosen


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Nobody else runs a demo in this folder meanwhile."""
    _make(data)
    with (data / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StageError(f"another demo is running in {data}; end it, or name another folder by --data") from error
        yield


def write_collector(stage: Stage, *, smtp_port: int, speed: float) -> None:
    """The collector's settings. Its patience is as short as the office's time is fast."""
    write_atomically(
        stage.collector_toml,
        _toml(
            {
                "data_dir": str(stage.data / "collector"),
                "listen": f"127.0.0.1:{stage.port}",
                "public_url": stage.url,
                "metrics_open": True,  # all invented, and heard on this machine alone
            },
            {
                "smtp": {"host": "127.0.0.1", "port": smtp_port},
                "mail": {
                    "sender": "pagewarden@example.com",
                    "reply_to": ADMIN,
                    "toner": TONER_MAIL,
                    "alert": ALERT_MAIL,
                },
                "rules": {"hold_factor": round(1 / min(max(speed, 1.0), 120.0), 5)},
            },
        ),
    )


def enrolment(stage: Stage) -> dict[str, Any]:
    """What enrolling wrote into the agent's settings, empty before."""
    try:
        known = tomllib.loads(stage.agent_toml.read_text("utf-8"))
    except (FileNotFoundError, tomllib.TOMLDecodeError):
        return {}
    return {key: known[key] for key in ("agent_id", "agent_key", "agent_key_file") if key in known}


def write_agent(stage: Stage, office: Office, enrolled: dict[str, Any]) -> None:
    """The agent's settings: where the office is and how to get in. Rounds are as quick as a demo wants them."""
    v3, ports = office.user, office.ports
    credentials: list[dict[str, Any]] = [
        {
            "version": "3",
            "user": v3.name,
            "auth_protocol": v3.auth_protocol,
            "auth_key": v3.auth_key,
            "priv_protocol": v3.priv_protocol,
            "priv_key": v3.priv_key,
        },
        {"version": "2c", "community": "public"},
        {"version": "1", "community": "public"},
    ]
    network = {
        "snmp_port": ports.snmp,
        "ipp_ports": [ports.ipp, ports.ipps],
        "escl_ports": [ports.escl],
        "pjlink_port": ports.pjlink,
        "pjlink_password": PASSWORD,
        "allow_loopback": True,
    }
    body = _toml(
        {
            "collector_url": stage.url,
            **enrolled,
            "state_dir": str(stage.data / "agent"),
            "name": "Harbour office",
            "heartbeat_seconds": 5,
        },
        {
            "rounds": {
                "status_seconds": 4,
                "full_seconds": 15,
                "discovery_seconds": 30,
                "backoff_cap_seconds": 30,
                "asleep_factor": 1.5,
            }
        },
    )
    for cidr in office.networks:
        body += _section("[networks]", {"cidr": cidr, **network})
        body += "".join(_section("[networks.snmp]", credential) for credential in credentials)
    write_atomically(stage.agent_toml, body)


def _toml(top: dict[str, Any], sections: dict[str, dict[str, Any]]) -> str:
    return _lines(top) + "".join(_section(name, values) for name, values in sections.items())


def _section(name: str, values: dict[str, Any]) -> str:
    return f"\n[{name}]\n{_lines(values)}"


def _lines(values: dict[str, Any]) -> str:
    # Texts, numbers, truth values and lists of them look the same in JSON and TOML.
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
