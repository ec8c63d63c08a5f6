"""The agent's commands: exit codes, files they write, and what they say when something is wrong."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import stat
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from agent.cli import agent
from agent.settings import load, sample
from agent.spool import Spool
from agent.state import claim
from fleet.errors import SettingsError, ShipError
from fleet.kit.clock import SystemClock
from tests.agent.readings import reading

ROOT = Path(__file__).resolve().parents[2]


def call(*arguments: str) -> Result:
    return CliRunner().invoke(agent, arguments)


class Collector(ThreadingHTTPServer):
    """Answers every request as told, and keeps what it was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.answer = 201, json.dumps({"agent_id": "a-1", "agent_key": "pwa_k3y"})
        self.bodies: list[dict[str, Any]] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        self.server.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        body = self.server.answer.encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def test_enrolling_writes_settings_that_load_and_a_key_file_of_its_own(tmp_path: Path, collector: Collector) -> None:
    config, state = tmp_path / "etc" / "agent.toml", tmp_path / "state"
    done = call("enrol", collector.url, "t0ken", "--config", str(config), "--state", str(state), "--name", "Hall")
    assert done.exit_code == 0, done.output
    assert collector.bodies[0]["token"] == "t0ken"
    assert set(collector.bodies[0]) == {"token", "name", "version"}
    settings = load(config)
    assert (settings.agent_id, settings.agent_key.reveal(), settings.name) == ("a-1", "pwa_k3y", "Hall")
    assert settings.collector_url == collector.url
    assert settings.state_dir == state
    assert stat.S_IMODE((state / "agent.key").stat().st_mode) == 0o600
    assert "pwa_k3y" not in config.read_text()
    assert "pwa_k3y" not in done.output


def test_enrolling_again_keeps_the_other_settings(tmp_path: Path, collector: Collector) -> None:
    config = tmp_path / "agent.toml"
    config.write_text("name = 'Hall'\nstate_dir = 'state'\n\n[[networks]]\ncidr = '10.0.0.0/24'\n")
    for number in (1, 2):
        collector.answer = json.dumps({"agent_id": f"a-{number}", "agent_key": f"key-{number}"})
        assert call("enrol", collector.url, "t", "--config", str(config)).exit_code == 0
    settings = load(config)
    assert (settings.name, settings.agent_id, settings.agent_key.reveal()) == ("Hall", "a-2", "key-2")
    assert settings.networks[0].cidr == "10.0.0.0/24"
    assert settings.state_dir == tmp_path / "state"


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [
        (401, '{"detail": "this token was used"}', "this token was used"),
        (404, "<html>", "is this a Pagewarden collector"),
        (201, "[]", "is this a Pagewarden collector"),
        (201, '{"agent_id": 5}', "is this a Pagewarden collector"),
        (500, "", "answers 500"),
    ],
)
def test_a_failed_enrolment_writes_nothing_and_says_why(
    tmp_path: Path, collector: Collector, status: int, answer: str, said: str
) -> None:
    collector.status, collector.answer = status, answer
    config = tmp_path / "agent.toml"
    done = call("enrol", collector.url, "t", "--config", str(config), "--state", str(tmp_path / "state"))
    assert isinstance(done.exception, ShipError)
    assert said in str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_enrolling_with_nobody_there(tmp_path: Path, unused_tcp_port: int) -> None:
    done = call("enrol", f"http://127.0.0.1:{unused_tcp_port}", "t", "--config", str(tmp_path / "a.toml"))
    assert isinstance(done.exception, ShipError)
    assert "cannot be reached" in str(done.exception)


def test_a_url_without_scheme_is_wrong_usage(tmp_path: Path) -> None:
    assert call("enrol", "fleet.example.com", "t", "--config", str(tmp_path / "a.toml")).exit_code == 2


def test_check_config_shows_everything_but_secrets(tmp_path: Path) -> None:
    config = tmp_path / "agent.toml"
    config.write_text(
        "agent_key = 's3cret'\n[[networks]]\ncidr = '10.0.0.0/24'\n[[networks.snmp]]\ncommunity = 's3cret'\n"
    )
    for extra in ([], ["--json"]):
        done = call("check-config", "--config", str(config), *extra)
        assert done.exit_code == 0
        assert "s3cret" not in done.output
        assert "10.0.0.0/24" in done.output
    said = json.loads(call("check-config", "--config", str(config), "--json").output)
    assert said["settings"]["rounds"]["status_seconds"] == 60.0
    assert any("not enrolled" in note for note in said["warnings"])


def test_check_config_prints_the_sample() -> None:
    assert call("check-config", "--sample").output == sample()


@pytest.mark.parametrize("command", [("agent", "check-config"), ("agent", "run"), ("discover",)])
def test_a_wrong_key_ends_with_2_and_is_named(tmp_path: Path, command: tuple[str, ...]) -> None:
    config = tmp_path / "agent.toml"
    config.write_text("[rounds]\nstatus_secs = 5\n")
    done = pagewarden(*command, "--config", str(config))
    assert done.returncode == 2
    assert "agent.toml" in done.stderr
    assert "status_secs" in done.stderr
    assert "rounds" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_ca_file_that_is_none_ends_the_start_with_2_and_one_line(tmp_path: Path) -> None:
    config, ca_file = tmp_path / "agent.toml", tmp_path / "ca.pem"
    ca_file.write_text("no certificate")
    config.write_text(
        f"collector_url = 'https://127.0.0.1:9'\nagent_key = 'k'\nca_file = 'ca.pem'\nstate_dir = '{tmp_path}'\n"
        "[[networks]]\ncidr = '127.9.9.9/32'\nallow_loopback = true\n"
    )
    done = pagewarden("agent", "run", "--config", str(config))
    assert done.returncode == 2
    assert f"ca_file {ca_file} cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def pagewarden(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pagewarden", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_a_missing_settings_file_is_named(tmp_path: Path) -> None:
    done = call("check-config", "--config", str(tmp_path / "nowhere.toml"))
    assert isinstance(done.exception, SettingsError)
    assert "nowhere.toml: cannot be read" in str(done.exception)


def spooled(config: Path, folder: Path) -> None:
    config.write_text(f"state_dir = '{folder}'\n[[networks]]\ncidr = '10.0.0.0/24'\n")

    async def fill() -> None:
        spool = Spool(folder, SystemClock(), max_bytes=2**20, batch_bytes=4096)
        await spool.put([reading(number, pages=number) for number in range(30)])
        await spool.close()

    asyncio.run(fill())


def test_the_outbox_shows_exactly_what_leaves(tmp_path: Path) -> None:
    config, folder = tmp_path / "agent.toml", tmp_path / "state"
    spooled(config, folder)
    said = json.loads(call("outbox", "--json", "--config", str(config)).output)
    assert said["waiting"] == 30
    assert [row["display"] for row in said["readings"]] == [str(number) for number in range(30)]
    assert said["fields"]["identity.serial"] == 30
    assert "counters[].value" in said["fields"]
    few = json.loads(call("outbox", "--json", "--limit", "3", "--config", str(config)).output)
    assert [row["display"] for row in few["readings"]] == ["0", "1", "2"]
    assert "identity.serial" in call("outbox", "--config", str(config)).output


def test_status_without_an_agent_ends_with_1_and_shows_the_spool(tmp_path: Path) -> None:
    config, folder = tmp_path / "agent.toml", tmp_path / "state"
    spooled(config, folder)
    done = call("status", "--json", "--config", str(config))
    assert done.exit_code == 1
    said = json.loads(done.output)
    assert (said["running"], said["spool"]["waiting"]) == (False, 30)
    assert "not running" in call("status", "--config", str(config)).output
    with contextlib.closing(claim(folder)):
        assert json.loads(call("status", "--json", "--config", str(config)).output)["running"]


def test_two_agents_do_not_share_a_folder(tmp_path: Path) -> None:
    with contextlib.closing(claim(tmp_path)), pytest.raises(SettingsError, match="another agent is running"):
        claim(tmp_path)
    claim(tmp_path).close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_running_agent_reports_itself_and_ends_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    config = tmp_path / "agent.toml"
    config.write_text(
        "state_dir = 'state'\nheartbeat_seconds = 0.2\n"
        "[[networks]]\ncidr = '127.77.201.0/30'\nallow_loopback = true\nmdns = false\nsnmp_port = 9\n"
    )
    command = [sys.executable, "-m", "pagewarden", "agent", "run", "--config", str(config)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        while "not enrolled" not in (line := process.stderr.readline()):
            assert line, "the agent ended by itself"
        said = status_of(config)
        process.send_signal(number)
        rest = process.stderr.read()
    assert process.returncode == 0, rest
    assert "Traceback" not in rest
    assert said["networks"] == ["127.77.201.0/30"]
    assert said["running"]


def status_of(config: Path) -> dict[str, Any]:
    """The status, once the agent has written it for the first time."""
    for _ in range(300):
        said: dict[str, Any] = json.loads(call("status", "--json", "--config", str(config)).output)
        if "networks" in said:
            return said
        threading.Event().wait(0.05)
    raise AssertionError("no status after 15 seconds")


@pytest.mark.parametrize("name", sorted(agent.commands))
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    said = call(name, "--help").output
    assert f"pagewarden agent {name}" in said


def test_settings_of_the_sample_are_toml() -> None:
    assert tomllib.loads(sample()) == {}
