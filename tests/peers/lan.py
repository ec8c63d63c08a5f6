"""A customer's LAN on one machine: hosts in network namespaces, joined by a bridge in a namespace of its own.

Multicast and broadcast work between the hosts, nothing touches the machine's own network, and leaving the `with` block
removes everything. Needs root and iproute2; standard library only.

    with Lan() as lan:
        agent, printer = lan.host("agent"), lan.host("printer")
        agent.run("ping", "-c1", printer.address)
"""

from __future__ import annotations

import ipaddress
import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from tests.peers import netns
from tests.peers.needs import give_up, require, require_root

_numbers = itertools.count(1)
_FOLDER = "pagewarden-lan."


def ip(*arguments: str, check: bool = True) -> str:
    """What iproute2 printed."""
    done = subprocess.run(["ip", *arguments], check=False, capture_output=True, text=True)
    if check and done.returncode:
        raise RuntimeError(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


def wait_for(condition: Callable[[], object], what: str, seconds: float = 15.0, *, every: float = 0.02) -> None:
    """Until the condition holds; the error says what did not happen."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds:g} s")
        time.sleep(every)


class Lan:
    """Hosts on one switch. The folder holds their configuration, their logs and what they write."""

    def __init__(self, network: str = "10.77.0.0/24") -> None:
        require_root()
        require("ip")
        self.network = ipaddress.ip_network(network)
        self.prefix = f"pw{os.getpid()}.{next(_numbers)}-"
        self.hosts: dict[str, Host] = {}

    def __enter__(self) -> Lan:
        remove_leftovers()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{_FOLDER}{os.getpid()}."))
        self.folder.chmod(0o755)  # servers that give up root must reach their files
        (self.folder / "hosts").write_text("127.0.0.1 localhost\n")
        # No host may ask this machine's resolver: where it is out of reach, each look-up would take many seconds.
        (self.folder / "resolv.conf").write_text("nameserver 127.0.0.1\n")
        try:
            ip("netns", "add", self.switch)
        except RuntimeError as error:  # root of a container without CAP_SYS_ADMIN
            shutil.rmtree(self.folder)
            give_up(f"network namespaces are not to be had here: {error}")
        ip("-n", self.switch, "link", "add", "br0", "type", "bridge", "mcast_snooping", "0")
        ip("-n", self.switch, "link", "set", "br0", "up")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for host in self.hosts.values():
            host.stop()
        for namespace in (*(host.namespace for host in self.hosts.values()), self.switch):
            remove_namespace(namespace)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def switch(self) -> str:
        return f"{self.prefix}switch"

    def host(self, name: str) -> Host:
        """A new host, plugged in, with the next free address from .11 on."""
        if name in self.hosts:
            raise ValueError(f"there is a host {name} already")
        host = self.hosts[name] = Host(self, name, len(self.hosts) + 1)
        return host

    def write_names(self) -> None:
        rows = [f"{host.address} {host.name}" for host in self.hosts.values()]
        (self.folder / "hosts").write_text("\n".join(["127.0.0.1 localhost", *rows, ""]))


class Host:
    """One machine on the LAN."""

    def __init__(self, lan: Lan, name: str, number: int) -> None:
        self.lan, self.name, self.port = lan, name, f"port{number}"
        self.namespace = f"{lan.prefix}{name}"
        self.address = str(lan.network.network_address + 10 + number)
        self.mac = f"02:70:77:00:{number >> 8:02x}:{number & 255:02x}"
        self.folder = lan.folder / name
        self.folder.mkdir()
        self.jobs: dict[str, subprocess.Popen[bytes]] = {}
        self._plug_in()
        self.lan.hosts[name] = self
        lan.write_names()

    def _plug_in(self) -> None:
        ip("netns", "add", self.namespace)
        ip(
            *("link", "add", "eth0", "netns", self.namespace, "address", self.mac),
            *("type", "veth", "peer", "name", self.port, "netns", self.lan.switch),
        )
        ip("-n", self.lan.switch, "link", "set", self.port, "master", "br0", "up")
        ip("-n", self.namespace, "link", "set", "lo", "up")
        ip("-n", self.namespace, "link", "set", "eth0", "up")
        self._take(self.address)

    def _take(self, address: str) -> None:
        ip(
            *("-n", self.namespace, "addr", "add"),
            *(f"{address}/{self.lan.network.prefixlen}", "brd", "+", "dev", "eth0"),
        )
        # With a default route, multicast and 255.255.255.255 leave without extra socket options.
        ip("-n", self.namespace, "route", "replace", "default", "dev", "eth0")

    def readdress(self, address: str) -> None:
        """As when DHCP gives another address."""
        ip("-n", self.namespace, "addr", "flush", "dev", "eth0", "scope", "global")
        self._take(address)
        self.address = address
        self.lan.write_names()

    def unplug(self) -> None:
        """Pull the cable: no goodbye of any protocol."""
        ip("-n", self.lan.switch, "link", "set", self.port, "down")

    def plug(self) -> None:
        ip("-n", self.lan.switch, "link", "set", self.port, "up")

    def connect(self, address: str, port: int, timeout: float = 5) -> socket.socket:
        """A TCP connection as this host makes it."""
        return netns.connect(self.namespace, address, port, timeout)

    def run(self, *command: str, timeout: float = 60, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a program on this host to its end."""
        done = subprocess.run(
            self._command(command, {}), capture_output=True, text=True, errors="replace", timeout=timeout, check=False
        )
        if check and done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def spawn(
        self,
        job: str,
        *command: str,
        env: Mapping[str, str] | None = None,
        mounts: Mapping[str, Path] | None = None,
        cwd: Path | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a program in the background; its output goes to <job>.log. Its process id is the program's own.

        `mounts` puts folders of ours over fixed paths a server insists on, for this program alone.
        """
        with (self.folder / f"{job}.log").open("ab") as log:
            self.jobs[job] = subprocess.Popen(
                self._command(command, mounts or {}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, **(env or {})},
                cwd=cwd,
            )
        return self.jobs[job]

    def _command(self, command: tuple[str, ...], mounts: Mapping[str, Path]) -> list[str]:
        """The command on its own network, with its own host name, name files, D-Bus and mounts."""
        binds = {"/etc/hosts": self.lan.folder / "hosts", "/etc/resolv.conf": self.lan.folder / "resolv.conf", **mounts}
        script = ['hostname "$0"']
        for target, source in binds.items():
            if target in mounts:
                source.mkdir(exist_ok=True)
                script.append(f"mkdir -p {target}")
            script.append(f"mount --bind {source} {target}")
        return [
            *("ip", "netns", "exec", self.namespace, "unshare", "--uts", "--mount"),
            *("env", f"DBUS_SYSTEM_BUS_ADDRESS=unix:path={self.folder}/bus", "LC_ALL=C.UTF-8"),
            *("sh", "-e", "-c", "; ".join([*script, 'exec "$@"']), self.name, *command),
        ]

    def log(self, job: str) -> str:
        return (self.folder / f"{job}.log").read_text(errors="replace")

    def wait_until(
        self, ready: Callable[[], object], job: str, seconds: float = 15.0, what: str = "to be ready"
    ) -> None:
        """Until a started program is as wanted; if it ends before, or never is, the error shows its log."""

        def ready_or_dead() -> bool:
            if self.jobs[job].poll() is not None:
                raise RuntimeError(f"{job} on {self.name} ended by itself:\n{self.log(job)[-2000:]}")
            return bool(ready())

        try:
            wait_for(ready_or_dead, f"waited for {job} on {self.name}: {what}", seconds, every=0.05)
        except TimeoutError as error:
            raise TimeoutError(f"{error}\n{self.log(job)[-2000:]}") from None

    def listens_tcp(self, port: int) -> bool:
        return f":{port:04X} " in self._sockets("tcp", state="0A")

    def listens_udp(self, port: int) -> bool:
        return f":{port:04X} " in self._sockets("udp", state="07")

    def _sockets(self, protocol: str, state: str) -> str:
        """Local ends of this host's sockets in a state, from both families."""
        rows: list[list[str]] = []
        for name in (protocol, f"{protocol}6"):
            table = netns.inside(self.namespace, Path(f"/proc/thread-self/net/{name}").read_text)
            rows += [line.split() for line in table.splitlines()[1:]]
        return " ".join(row[1] for row in rows if row[3] == state) + " "

    def kill(self, job: str) -> None:
        """kill -9, and wait until it is gone."""
        process = self.jobs.pop(job)
        process.kill()
        process.wait()

    def stop(self) -> None:
        """End everything that runs here, politely first."""
        end_processes(self.namespace)
        for process in self.jobs.values():
            process.kill()  # one that had not entered the namespace yet was not seen there
            process.wait(5)
        self.jobs.clear()


def end_processes(namespace: str) -> None:
    for number, patience in ((signal.SIGTERM, 2.0), (signal.SIGKILL, 5.0)):
        end = time.monotonic() + patience
        running = _send(namespace, number)
        while running and time.monotonic() < end:
            time.sleep(0.02)
            running = _send(namespace, 0)
        if not running:
            return


def _send(namespace: str, number: int) -> list[int]:
    """Signal everything in the namespace; who is still there and not a zombie."""
    alive = []
    for pid in map(int, ip("netns", "pids", namespace, check=False).split()):
        try:
            os.kill(pid, number)
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (ProcessLookupError, FileNotFoundError):
            continue
        if state != "Z":
            alive.append(pid)
    return alive


def remove_namespace(namespace: str) -> None:
    end_processes(namespace)
    ip("netns", "del", namespace, check=False)


def remove_leftovers() -> None:
    """What runs left behind that were killed themselves."""
    for line in ip("netns", "list").splitlines():
        name = line.split()[0]
        owner = name.removeprefix("pw").partition(".")[0]
        if name.startswith("pw") and owner.isdigit() and not Path("/proc", owner).exists():
            remove_namespace(name)
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*"):
        if not Path("/proc", folder.name.removeprefix(_FOLDER).partition(".")[0]).exists():
            shutil.rmtree(folder, ignore_errors=True)
