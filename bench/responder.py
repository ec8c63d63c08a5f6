"""The simulated printers of a benchmark: snmp_responder.c, compiled here and run beside the measured program.

It answers for thousands of addresses at 4 us of CPU time per request, so that what is measured is the asking side.
"""

from __future__ import annotations

import ipaddress
import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import fleet

_HERE = Path(__file__).parent
BUILD = _HERE / "build"
_BASE = ipaddress.IPv4Address("127.1.0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """`files[n % len(files)]` is what `addresses[n]` plays."""

    addresses: list[str]
    port: int
    files: list[Path]

    def counts(self, *, reset: bool = False) -> dict[str, int]:
        """What the responder has seen: get, getnext, getbulk, bytes_in, ..."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.settimeout(2)
            udp.sendto(b"reset" if reset else b"", ("127.0.0.1", self.port + 1))
            answer: dict[str, int] = json.loads(udp.recv(4096))
            return answer


@contextmanager
def running(count: int, *options: str) -> Iterator[Fleet]:
    """`count` devices on loopback addresses until the block is left."""
    files, port = fleet.write(BUILD / "fleet"), _free_ports()
    command = [str(_compiled()), "--port", str(port), "--base", str(_BASE), "--count", str(count), *options]
    process = subprocess.Popen([*command, *map(str, files)], stderr=subprocess.PIPE)
    try:
        assert process.stderr is not None
        if b"ready" not in (said := process.stderr.readline()):
            raise RuntimeError(f"the responder did not start: {said.decode()}")
        yield Fleet(addresses=[str(_BASE + number) for number in range(count)], port=port, files=files)
    finally:
        process.terminate()
        process.communicate()


def _compiled() -> Path:
    program, source = BUILD / "snmp_responder", _HERE / "snmp_responder.c"
    if program.exists() and program.stat().st_mtime > source.stat().st_mtime:
        return program
    if shutil.which("gcc") is None:
        raise SystemExit("bench: gcc is missing: sudo apt-get install --no-install-recommends gcc libc6-dev")
    BUILD.mkdir(exist_ok=True)
    subprocess.run(["gcc", "-O2", "-w", "-o", str(program), str(source)], check=True)
    return program


def _free_ports() -> int:
    """A free UDP port whose successor is free too."""
    while True:
        with socket.socket(type=socket.SOCK_DGRAM) as first, socket.socket(type=socket.SOCK_DGRAM) as second:
            first.bind(("", 0))
            port: int = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port
