"""Agent and collector, started as people start them: by the command line, each on a machine of its own."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.peers.lan import Host
from tests.peers.mail_server import MailServer

ROOT = Path(__file__).parents[2]
PAGEWARDEN = (sys.executable, "-m", "pagewarden")
TONER_MAIL, ALERT_MAIL = "toner@vendor.example", "desk@dealer.example"

_COLLECTOR = """
data_dir = "{folder}/data"
listen = "{address}:8060"

[smtp]
host = "{smtp}"

[mail]
sender = "fleet@dealer.example"

[rules]
hold_factor = {hold_factor}
"""


def call(host: Host, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """One pagewarden command on a host, to its end."""
    return host.run("env", f"PYTHONPATH={ROOT}", *PAGEWARDEN, *arguments, check=check)


class Collector:
    """`hold_factor` 0.02: a fault that must last five minutes has to last six seconds."""

    def __init__(self, host: Host, mail: MailServer | None = None, *, hold_factor: float = 0.02) -> None:
        self.host, self.hold_factor = host, hold_factor
        self.config = host.folder / "collector.toml"
        text = _COLLECTOR.format(
            folder=host.folder,
            address=host.address,
            smtp=mail.host.address if mail else "",
            hold_factor=hold_factor,
        )
        self.config.write_text(text)
        self._init()
        self.token = self._made("api-token")
        self.start()

    def _init(self) -> None:
        password = self.host.folder / "password"
        password.write_text("a long enough password\n")
        options = {
            "config": self.config,
            "tenant": "Acme",
            "site": "Head office",
            "toner-mail": TONER_MAIL,
            "alert-mail": ALERT_MAIL,
            "admin-email": "owner@dealer.example",
            "admin-password-file": password,
        }
        call(self.host, "collector", "init", *(f"--{name}={value}" for name, value in options.items()))

    def _made(self, command: str) -> str:
        answer = call(self.host, "collector", command, f"--config={self.config}", "--json")
        token: str = json.loads(answer.stdout)["token"]
        return token

    def site_token(self) -> str:
        return self._made("site-token")

    @property
    def url(self) -> str:
        return f"http://{self.host.address}:8060"

    @property
    def data(self) -> Path:
        return self.host.folder / "data"

    def start(self, *, wait: bool = True) -> None:
        self.host.spawn("collector", *PAGEWARDEN, "collector", "serve", f"--config={self.config}", env=_ENV)
        if wait:
            self.wait()

    def wait(self) -> None:
        self.host.wait_until(self.answers, "collector", 30)

    def kill(self) -> None:
        self.host.kill("collector")

    def answers(self) -> bool:
        try:
            return self.ask("/healthz")[0] == 200
        except OSError:
            return False

    def ask(self, path: str) -> tuple[int, bytes]:
        """GET with the API token."""
        connection = http.client.HTTPConnection(self.host.address, 8060)
        connection.sock = self.host.connect(self.host.address, 8060)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {self.token}"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def one(self, path: str) -> Any:
        status, body = self.ask(f"/api/v1/{path}")
        if status != 200:
            raise AssertionError(f"GET {path}: {status} {body.decode()}")
        return json.loads(body)

    def all(self, collection: str) -> list[dict[str, Any]]:
        """Every item, page by page."""
        items: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            page = self.one(f"{collection}?limit=200&cursor={cursor}" if cursor else f"{collection}?limit=200")
            items += page["items"]
            cursor = page["next"]
        return items


_AGENT = """
name = "head-office"
state_dir = "{folder}/agent"
heartbeat_seconds = 2
linger_seconds = 0.2

[rounds]
status_seconds = {status_seconds}
full_seconds = 2
discovery_seconds = 4
deadline_seconds = 4
backoff_cap_seconds = 3
"""


class Agent:
    """`networks` are [[networks]] sections. `through` is where it reaches the collector, if not directly."""

    def __init__(
        self, host: Host, collector: Collector, networks: str, *, through: str = "", status_seconds: float = 1
    ) -> None:
        self.host = host
        self.config = host.folder / "agent.toml"
        self.config.write_text(_AGENT.format(folder=host.folder, status_seconds=status_seconds))
        call(host, "agent", "enrol", through or collector.url, collector.site_token(), f"--config={self.config}")
        with self.config.open("a") as config:
            config.write(networks)
        self.start()

    @property
    def key(self) -> str:
        return (self.host.folder / "agent" / "agent.key").read_text().strip()

    @property
    def spool(self) -> Path:
        return self.host.folder / "agent" / "spool.sqlite"

    def start(self, *before: str) -> None:
        """`before` is a command that ends by running what follows it."""
        self.host.spawn("agent", *before, *PAGEWARDEN, "agent", "run", f"--config={self.config}", env=_ENV)

    def kill(self) -> None:
        self.host.kill("agent")

    def log(self) -> str:
        return self.host.log("agent")


_ENV = {"PYTHONPATH": str(ROOT)}
