"""net-snmp's agent on loopback: a real SNMP server of somebody else's making, for v1, v2c and v3."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers.needs import require

CONF = """
rocommunity public
createUser monitor SHA-256 "authpass123" AES "privpass123"
rouser monitor priv
sysName test-printer
sysLocation "Room 5"
override 1.3.6.1.2.1.1.1.0 octet_str "Acme LaserJet 9000"
"""


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def snmpd(folder: Path, more: str = "") -> Iterator[int]:
    """A running snmpd; gives its port on 127.0.0.1."""
    require("snmpd")
    port = free_udp_port()
    (folder / "snmpd.conf").write_text(CONF + more)
    command = [
        "snmpd",
        "-f",
        "-Lf",
        str(folder / "log"),
        "-C",
        "-c",
        str(folder / "snmpd.conf"),
        f"udp:127.0.0.1:{port}",
    ]
    env = {"SNMP_PERSISTENT_DIR": str(folder / "var"), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    process = subprocess.Popen(
        [shutil.which("snmpd") or "/usr/sbin/snmpd", *command[1:]], env=env, stdin=subprocess.DEVNULL
    )
    try:
        _await_udp(port, process)
        yield port
    finally:
        process.kill()
        process.wait()


def _await_udp(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError("snmpd ended at once")
        if f":{port:04X} " in Path("/proc/net/udp").read_text():
            return
        time.sleep(0.05)
    raise RuntimeError("snmpd does not listen")
