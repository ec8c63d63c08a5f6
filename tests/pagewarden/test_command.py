"""The command itself: help, light loading, exit codes, and `up` from nothing to the first device."""

from __future__ import annotations

import json
import re
import signal
import stat
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from pagewarden.cli import COMMANDS
from tests.peers.snmpd import snmpd

PAGEWARDEN = [sys.executable, "-m", "pagewarden"]
PRINTER = """
override 1.3.6.1.2.1.1.2.0 object_id 1.3.6.1.4.1.11.2.3.9.1
override 1.3.6.1.2.1.25.3.2.1.2.1 object_id 1.3.6.1.2.1.25.3.1.5
override 1.3.6.1.2.1.25.3.2.1.3.1 octet_str "HP LaserJet 4250"
override 1.3.6.1.2.1.25.3.2.1.5.1 integer 2
override 1.3.6.1.2.1.25.3.5.1.1.1 integer 3
override 1.3.6.1.2.1.43.5.1.1.17.1 octet_str "CNBX812345"
override 1.3.6.1.2.1.43.10.2.1.4.1.1 counter 4711
"""


def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PAGEWARDEN, *arguments], input=stdin, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    told = run(name, "--help")
    assert told.returncode == 0, told.stderr
    assert "Usage:" in told.stdout


def test_help_loads_no_command() -> None:
    code = (
        "import sys; from pagewarden.cli import cli; cli(['--help'], standalone_mode=False); print(sorted(sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "collector" in told.stdout
    assert not re.search(r"'(collector|agent|sqlalchemy|aiohttp)[.']", told.stdout)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nonsense"], 2, "No such command"),
        (["collector", "serve", "--data", "/nowhere/at/all"], 2, "pagewarden collector init"),
        (["inspect", "/no/such/file.snmprec"], None, "/no/such/file.snmprec"),
    ],
)
def test_wrong_use_is_told_in_words(arguments: list[str], code: int | None, said: str) -> None:
    told = run(*arguments)
    assert told.returncode == code if code is not None else told.returncode in (1, 2)
    assert said in told.stderr
    assert "Traceback" not in told.stderr


def test_identify_reads_lines_and_names_the_bad_one() -> None:
    lines = '{"name": "a", "sysDescr": "Lexmark T640 version NS.NP.N219"}\nnot json\n'
    lines += '{"name": "b", "sysDescr": "Cisco IOS"}\n'
    told = run("identify", stdin=lines)
    first, second = (json.loads(line) for line in told.stdout.splitlines())
    assert (first["manufacturer"], first["model"], first["kind"]) == ("Lexmark", "T640", "printer")
    assert (second["kind"], second["model"]) == ("other", None)
    assert told.returncode == 1
    assert "line 2" in told.stderr


def test_up_goes_from_nothing_to_the_first_device(tmp_path: Path) -> None:
    with snmpd(tmp_path, PRINTER) as port:
        config = tmp_path / "office.toml"
        config.write_text(
            f'[[agent.networks]]\ncidr = "127.0.0.1/32"\nallow_loopback = true\nsnmp_port = {port}\nmdns = false\n'
            'ipp_ports = []\nescl_ports = []\npjlink_port = 0\naddresses = ["127.0.0.1"]\n'
        )
        command = [*PAGEWARDEN, "up", "--config", str(config), "--data", str(tmp_path / "data"), "--port", "0"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            url, password = _told(process)
            assert "LaserJet 4250" in _until(
                lambda: _metrics(url, tmp_path / "data" / "prometheus.token"), "LaserJet 4250"
            )
            assert password
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=20)
        finally:
            process.kill()
        assert process.returncode == 0, err
        assert "Traceback" not in err
    again = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        _, password = _told(again)
        assert password is None
    finally:
        again.send_signal(signal.SIGTERM)
        again.communicate(timeout=20)


def _told(process: subprocess.Popen[str]) -> tuple[str, str | None]:
    """The address and the password that `up` prints."""
    assert process.stdout
    text = ""
    for line in process.stdout:
        text += line
        if "Stop" in line:
            break
    found = re.search(r"http://[\d.:]+", text)
    assert found, text + (process.stderr.read() if process.stderr else "")
    password = re.search(r"with\s+(\S+)\s+\(shown", text)
    return found[0], password[1] if password else None


def _metrics(url: str, token: Path) -> str:
    """As Prometheus asks: with the token `up` keeps for it, which nobody else may read."""
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    headers = {"Authorization": f"Bearer {token.read_text().strip()}"}
    with urllib.request.urlopen(urllib.request.Request(f"{url}/metrics", headers=headers), timeout=5) as answer:
        return str(answer.read().decode())


def _until(look: object, said: str) -> str:
    text = ""
    for _ in range(150):
        text = look()  # type: ignore[operator]
        if said in text:
            return text
        time.sleep(0.2)
    return text
