"""The collector's commands, as a person types them."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest

from collector.people import session_of, sign_in
from collector.store.audit import list_audit
from collector.store.db import Facts
from tests.collector.office import ALL

PASSWORD = "correct horse battery"


def run(*args: str, code: int = 0, stdin: str = "") -> str:
    command = [sys.executable, "-m", "pagewarden", "collector", *args]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, input=stdin)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout if code == 0 else done.stderr


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "password").write_text(PASSWORD + "\n")
    init(tmp_path / "data", tmp_path / "password")
    return tmp_path / "data"


def init(data: Path, password: Path, *more: str, code: int = 0) -> str:
    who = ("--tenant", "Acme", "--site", "Head office", "--admin-email", "boss@dealer.example")
    return run("init", "--data", str(data), *who, "--admin-password-file", str(password), "--json", *more, code=code)


def test_from_nothing_to_tokens_and_a_backup(data: Path, tmp_path: Path) -> None:
    token = json.loads(run("site-token", "--data", str(data), "--json"))
    assert token["token"].startswith("pagewarden_site_")
    api = json.loads(run("api-token", "--data", str(data), "--name", "grafana", "--json"))
    assert api["token"].startswith("pagewarden_api_")
    files = run("backup", "--data", str(data), str(tmp_path / "copy")).split()
    assert [Path(file).name for file in files] == ["facts.db", "samples.db"]
    assert "version" in run("migrate", "--data", str(data))


def person(data: Path, command: str, *more: str, code: int = 0) -> str:
    return run("person", command, "--data", str(data), *more, code=code)


def test_a_lost_password_is_given_anew_on_the_command_line(data: Path, tmp_path: Path) -> None:
    facts = Facts.at(data / "facts.db")
    signed = asyncio.run(sign_in(facts, "boss@dealer.example", PASSWORD, datetime.now(UTC)))
    assert signed is not None
    (tmp_path / "new").write_text("staple battery horse\n")
    given = ("--email", "Boss@dealer.example", "--password-file", str(tmp_path / "new"), "--json")
    assert json.loads(person(data, "password", *given))["sessions_ended"] == 1
    now = datetime.now(UTC)
    assert asyncio.run(session_of(facts, signed.key, now)) is None
    assert asyncio.run(sign_in(facts, "boss@dealer.example", PASSWORD, now)) is None
    assert asyncio.run(sign_in(facts, "boss@dealer.example", "staple battery horse", now)) is not None
    with facts.read() as conn:
        (row,) = [row for row in list_audit(conn, ALL).items if row.did == "password reset"]
    assert (row.actor, row.object, row.facts["email"]) == ("command line", signed.person.id, "boss@dealer.example")
    assert abs((row.at - now).total_seconds()) < 60
    facts.close()
    nobody = person(data, "password", "--email", "x@y.example", "--password-file", str(tmp_path / "new"), code=2)
    assert "boss@dealer.example" in nobody
    (tmp_path / "new").write_text("short")
    assert "at least 12" in person(data, "password", *given, code=2)


def test_people_are_added_listed_and_shut_out(data: Path, tmp_path: Path) -> None:
    password = ("--password-file", str(tmp_path / "password"))
    tech = ("--email", "T@dealer.example", "--role", "technician", *password)
    assert "Acme" in person(data, "add", *tech, code=2)
    assert "Acme" in person(data, "add", *tech, "--tenant", "Moon", code=2)
    assert "all customers" in person(data, "add", *tech[:2], "--role", "admin", "--tenant", "Acme", *password, code=2)
    made = json.loads(person(data, "add", *tech, "--tenant", "Acme", "--json"))
    assert "already" in person(data, "add", *tech, "--tenant", "Acme", code=2)
    listed = [json.loads(line) for line in person(data, "list", "--json").splitlines()]
    assert [(one["email"], one["role"], one["tenants"], one["disabled"]) for one in listed] == [
        ("boss@dealer.example", "owner", None, False),
        ("t@dealer.example", "technician", made["tenants"], False),
    ]
    facts, now = Facts.at(data / "facts.db"), datetime.now(UTC)
    signed = asyncio.run(sign_in(facts, "t@dealer.example", PASSWORD, now))
    assert signed is not None
    person(data, "disable", "--email", "t@dealer.example")
    assert asyncio.run(session_of(facts, signed.key, now)) is None
    assert asyncio.run(sign_in(facts, "t@dealer.example", PASSWORD, now)) is None
    person(data, "disable", "--email", "t@dealer.example", "--again")
    assert asyncio.run(session_of(facts, signed.key, now)) is None
    assert asyncio.run(sign_in(facts, "t@dealer.example", PASSWORD, now)) is not None
    facts.close()


def test_setting_up_twice_is_told(data: Path, tmp_path: Path) -> None:
    told = init(data, tmp_path / "password", code=1)
    assert "set up already" in told
    assert "Acme" in told
    assert "customer add" in told


def test_the_password_is_asked_for(tmp_path: Path) -> None:
    who = ("--tenant", "A", "--site", "S", "--admin-email", "a@b.example", "--data", str(tmp_path / "data"), "--json")
    made = json.loads(run("init", *who, stdin=f"{PASSWORD}\n{PASSWORD}\n"))
    assert made["admin"] == "a@b.example"


def test_a_password_too_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("short")
    assert "at least 12" in init(tmp_path / "data", tmp_path / "password", code=2)


@pytest.mark.parametrize("command", ["serve", "site-token", "api-token", "migrate"])
def test_without_a_collector_the_way_out_is_named(tmp_path: Path, command: str) -> None:
    assert "pagewarden collector init" in run(command, "--data", str(tmp_path / "nothing"), code=2)


def test_a_wrong_key_is_named_with_its_path(tmp_path: Path) -> None:
    config = tmp_path / "collector.toml"
    config.write_text("[rules]\norder_at_percents = 10\n")
    told = run("check-config", "--config", str(config), code=2)
    assert "order_at_percents" in told
    assert "order_at_percent" in told
    assert str(config) in told
    config.write_text('listen = "everywhere"\n')
    assert "$.listen" in run("check-config", "--config", str(config), code=2)


def test_check_config_hides_secrets(tmp_path: Path) -> None:
    config = tmp_path / "collector.toml"
    (tmp_path / "secret").write_text("hunter2hunter2\n")
    config.write_text(f'[smtp]\nhost = "mail.example"\nuser = "me"\npassword_file = "{tmp_path}/secret"\n')
    told = run("check-config", "--config", str(config))
    assert "hunter2" not in told
    assert json.loads(told)["smtp"]["password"] == "***"


def test_a_wrong_site_lists_the_right_ones(data: Path) -> None:
    assert "Head office" in run("site-token", "--data", str(data), "--site", "Moon", code=2)


def test_serve_listens_on_loopback_and_ends_cleanly(data: Path) -> None:
    command = [sys.executable, "-m", "pagewarden", "collector", "serve", "--data", str(data), "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        found = re.fullmatch(r"Pagewarden listens on (http://127\.0\.0\.1:\d+)\n", line)
        assert found, line
        request = urllib.request.Request(f"{found[1]}/agent/v1/enrol", b"{}", method="POST")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=10)
        assert refused.value.code == 422
        server.send_signal(signal.SIGINT)
        _, errors = server.communicate(timeout=30)
    finally:
        server.kill()
    assert server.returncode == 0
    assert "Traceback" not in errors


def test_a_port_in_use_is_told(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = run("serve", "--data", str(data), "--listen", f"127.0.0.1:{port}", code=1)
    assert f"127.0.0.1:{port}" in told
    assert "--listen" in told


@pytest.mark.parametrize(
    "command",
    [
        "",
        "init",
        "serve",
        "site-token",
        "api-token",
        "check-config",
        "migrate",
        "backup",
        "person",
        "person add",
        "person list",
        "person password",
        "person disable",
        "customer",
        "customer add",
        "customer list",
        "site",
        "site add",
        "site list",
        "site set",
    ],
)
def test_help_has_an_example(command: str) -> None:
    told = run(*command.split(), "--help")
    assert "pagewarden collector" in told
    assert "Example" in told


def test_the_data_folder_is_nobody_else_s(data: Path) -> None:
    assert os.stat(data).st_mode & 0o077 == 0
