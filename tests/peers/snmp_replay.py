"""snmpsim replaying the recorded walk of a real device, in a virtual environment of its own."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.peers.lan import Host

# pysmi is needed and not asked for by snmpsim 1.2; SNMPv3 privacy needs cryptography.
_PACKAGES = ("snmpsim==1.2.2", "pysmi", "cryptography")


class SnmpReplay:
    """A running snmpsim that answers SNMP v1 and v2c with the values of one .snmprec file."""

    def __init__(self, host: Host, recording: Path, community: str = "public") -> None:
        self.host = host
        data = host.folder / "recordings"
        data.mkdir()
        shutil.copy(recording, data / f"{community}.snmprec")
        host.spawn(
            "snmpsim",
            *(str(snmpsim()), f"--data-dir={data}", f"--cache-dir={data}/cache", "--log-level=error"),
            *("--agent-udpv4-endpoint=0.0.0.0:161", "--process-user=root", "--process-group=root"),
        )

    def wait(self) -> None:
        """Until it answers. Starting takes a second, so start several first."""
        self.host.wait_until(lambda: self.host.listens_udp(161), "snmpsim", 40)


def snmpsim() -> Path:
    """The responder; installed once per version of Python into the cache folder."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pagewarden"
    folder = cache / f"snmpsim-{sys.version_info.major}.{sys.version_info.minor}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "snmpsim.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            _install(folder)
    return folder / "bin" / "snmpsim-command-responder"


def _install(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for command in (
        [sys.executable, "-m", "venv", str(folder)],
        [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", *_PACKAGES],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    (folder / "complete").touch()
