"""`pagewarden demo` as a person starts it: found devices, an order mail, a ticket, a clean end, and on again."""

from __future__ import annotations

import email
import email.policy
import html
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

WITHIN_SECONDS = 60.0


class Demo:
    """The command at work in `data`."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data, self.log = data, data.with_suffix(".log")
        self.started = time.monotonic()
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pagewarden", "demo", "--port", "0", "--data", str(data), *options],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )

    @property
    def facts(self) -> dict[str, Any]:
        return json.loads((self.data / "demo.json").read_text("utf-8"))

    def get(self, path: str) -> Any:
        request = urllib.request.Request(
            f"{self.facts['url']}{path}", headers={"Authorization": f"Bearer {self.facts['api_token']}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def items(self, collection: str) -> list[dict[str, Any]]:
        return self.get(f"/api/v1/{collection}?limit=200")["items"]

    def subjects_on_the_page(self) -> list[str]:
        """The subjects that the page of mails shows to whoever signs in as the demo says."""
        jar = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        login = self.facts["login"]
        form = urllib.parse.urlencode({"email": login["email"], "password": login["password"]}).encode()
        with jar.open(urllib.request.Request(f"{self.facts['url']}/login", data=form), timeout=20):
            pass
        with jar.open(f"{self.facts['url']}/mails", timeout=10) as page:
            text = html.unescape(page.read().decode())
        return [subject for subject in sent_subjects(self.mails()) if subject in text]

    def mails(self) -> list[Path]:
        return sorted(Path(self.facts["smtp_dir"]).glob("*.eml"))

    def wait(self, what: str, condition: Callable[[], bool], seconds: float = WITHIN_SECONDS) -> None:
        """Until `condition` holds, counted from the start of the command."""
        while not condition():
            assert self.process.poll() is None, f"the demo ended:\n{self.told()}"
            assert time.monotonic() - self.started < seconds, f"not within {seconds} s: {what}\n{self.told()}"
            time.sleep(0.25)

    def told(self) -> str:
        logs = [self.log, *sorted((self.data / "log").glob("*.log"))]
        return "\n".join(f"== {log.name}\n{log.read_text('utf-8', 'replace')[-3000:]}" for log in logs)

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(10)

    def serves(self) -> bool:
        if not (self.data / "demo.json").exists():
            return False
        try:
            with urllib.request.urlopen(f"{self.facts['url']}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except urllib.error.URLError:
            return False  # demo.json is that of the start before


def is_whole(device: dict[str, Any]) -> bool:
    """Whether all that the page shows of a device is there: how it stands, and what it has to count and to use up."""
    told = bool(device["counters"]) or bool(device["lamp_hours"]) or device["kind"] in ("projector", "scanner")
    used = bool(device["supplies"]) or device["kind"] in ("projector", "scanner")
    return device["standing"] != "unknown" and told and used


def ways_of(devices: list[dict[str, Any]]) -> set[str]:
    """The protocols by which something is known."""
    return {source for device in devices for source in device["sources"].values()}


def sent_subjects(mails: list[Path]) -> set[str]:
    parsed = [email.message_from_bytes(mail.read_bytes(), policy=email.policy.default) for mail in mails]
    return {str(mail["Subject"]) for mail in parsed}


def test_the_whole_story_within_a_minute_and_on_again(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    demo = Demo(data)
    try:
        demo.wait("demo.json", demo.serves)
        office = json.loads((data / "office-ports.json").read_text("utf-8"))["devices"]
        demo.wait("24 devices", lambda: len(demo.items("devices")) >= 24)
        demo.wait("an order mail", lambda: bool(demo.mails()) and bool(demo.items("orders")))
        demo.wait("a ticket", lambda: bool(demo.items("tickets")))
        demo.wait("all of each device", lambda: all(map(is_whole, demo.items("devices"))))
        devices = demo.items("devices")
        assert len(devices) == 24
        assert len({device["maker"] for device in devices}) >= 8
        assert {device["kind"] for device in devices} >= {"printer", "mfp", "scanner", "label-printer", "projector"}
        assert ways_of(devices) >= {"snmp", "ipp", "pjlink"}
        spoken = {protocol for device in office for protocol in device["speaks"]}
        assert spoken >= {"snmp-v1", "snmp-v2c", "snmp-v3", "ipp", "ipps", "escl", "pjlink"}
        levels = [supply["level"]["is"] for device in devices for supply in device["supplies"] or ()]
        assert levels.count("exact") > 30
        assert {device["serial"] for device in office} >= {d["serial"] for d in devices if d["serial"]}
        assert any(b"toner-desk@example.com" in mail.read_bytes() for mail in demo.mails())
        assert sent_subjects(demo.mails()) & set(demo.subjects_on_the_page())
        before = {d["id"] for d in devices}
        orders, tickets = (len(demo.items(name)) for name in ("orders", "tickets"))
    finally:
        code = demo.stop()
    assert code == 0, demo.told()
    assert "Traceback" not in demo.log.read_text()

    again = Demo(data)
    try:
        again.wait("a second start", again.serves, seconds=20)
        assert {d["id"] for d in again.items("devices")} == before
        assert len(again.items("orders")) >= orders
        assert len(again.items("tickets")) >= tickets
        busy = Demo(data)
        assert busy.process.wait(15) == 1
        assert "another demo is running" in busy.log.read_text()
    finally:
        code = again.stop(signal.SIGTERM)
    assert code == 0, again.told()


def test_a_port_in_use_is_named_with_the_way_out(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "pagewarden", "demo", "--port", str(port), "--data", str(tmp_path / "d")]
        told = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert told.returncode == 1
    assert str(port) in told.stderr
    assert "--port 0" in told.stderr
    assert len(told.stderr.strip().splitlines()) == 1


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    command = [sys.executable, "-m", "pagewarden", "demo", "--port", "0", "--data", str(tmp_path / "file" / "d")]
    told = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert told.returncode == 1
    assert str(tmp_path / "file" / "d") in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("option", [("--devices", "0"), ("--speed", "0"), ("--port", "70000")])
def test_wrong_options_are_wrong_usage(option: tuple[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pagewarden", "demo", "--data", str(tmp_path / "d"), *option]
    told = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert told.returncode == 2
    assert option[0] in told.stderr
