"""ippeveprinter (from CUPS) with a D-Bus and an Avahi of its own: an IPP Everywhere printer as DNS-SD announces it."""

from __future__ import annotations

import http.client
from collections.abc import Iterable
from pathlib import Path

from tests.peers.lan import Host
from tests.peers.needs import require

_DBUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={bus}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_type="method_call"/>
<allow send_type="signal"/><allow send_requested_reply="true" send_type="method_return"/>
<allow send_requested_reply="true" send_type="error"/><allow receive_type="method_call"/>
<allow receive_type="method_return"/><allow receive_type="error"/>
<allow receive_type="signal"/></policy></busconfig>
"""
_AVAHI = """[server]
host-name={host}
use-ipv6=no
allow-interfaces=eth0
[publish]
publish-workstation=no
publish-hinfo=no
"""


class IppPrinter:
    """A running ippeveprinter. `attributes` is a file of ATTR lines that replaces make and model."""

    port = 631

    def __init__(
        self, host: Host, make: str = "Acme", model: str = "Laser 9000", *, attributes: Path | None = None
    ) -> None:
        require("ippeveprinter", "ipptool", "avahi-daemon", "dbus-daemon")
        self.host = host
        start_mdns(host)
        self._write_print_command()
        described = (
            ["-a", str(attributes)]
            if attributes
            else ["-M", make, "-m", model, "-s", "30,20", "-2", "-f", "application/pdf,image/pwg-raster,image/urf"]
        )
        host.spawn(
            "ippeveprinter",
            *("ippeveprinter", "-v", "-p", str(self.port), "-d", str(host.folder), "-K", str(host.folder)),
            *("-c", str(host.folder / "print.sh"), "-l", "Floor 2", *described, f"{make} {model} ({host.name})"),
        )
        host.wait_until(lambda: host.listens_tcp(self.port), "ippeveprinter")

    @property
    def uri(self) -> str:
        return f"ipp://{self.host.address}:{self.port}/ipp/print"

    def _write_print_command(self) -> None:
        """The program that "prints" a job repeats the STATE: and ATTR: lines that `report` left for it."""
        command = self.host.folder / "print.sh"
        command.write_text(f"#!/bin/sh\ncat {self.host.folder}/report >&2\n")
        command.chmod(0o755)

    def set_levels(self, waste: int, black: int, cyan: int, magenta: int, yellow: int) -> None:
        """Percent of each supply; low and empty reasons follow. Not for printers described by an attribute file."""
        query = "&".join(f"supply{n}={level}" for n, level in enumerate((waste, black, cyan, magenta, yellow)))
        page = http.client.HTTPConnection(self.host.address, self.port)
        page.sock = self.host.connect(self.host.address, self.port)
        page.request("GET", f"/supplies?{query}")
        status = page.getresponse().status
        page.close()
        if status != 200:
            raise RuntimeError(f"ippeveprinter on {self.host.name} refused the levels: {status}")

    def report(self, states: Iterable[str] = (), attributes: Iterable[str] = ()) -> None:
        """Print one job that sets state reasons ("+media-jam", "-media-jam") and attributes ("marker-levels=42")."""
        lines = [*(f"STATE: {state}" for state in states), *(f"ATTR: {attribute}" for attribute in attributes)]
        (self.host.folder / "report").write_text("\n".join([*lines, ""]))
        document = self.host.folder / "job.pdf"
        document.write_text("%PDF-1.4\n%%EOF\n")
        options = ("-q", "-f", str(document), "-d", "filetype=application/pdf")
        self.host.run("ipptool", *options, self.uri, "print-job.test")


def start_mdns(host: Host) -> None:
    """A D-Bus and an Avahi for this host alone."""
    (host.folder / "dbus.conf").write_text(_DBUS.format(bus=host.folder / "bus"))
    (host.folder / "avahi.conf").write_text(_AVAHI.format(host=host.name))
    host.spawn("dbus", "dbus-daemon", f"--config-file={host.folder}/dbus.conf", "--nofork", "--nopidfile")
    host.wait_until((host.folder / "bus").exists, "dbus")
    host.spawn(
        "avahi",
        *("avahi-daemon", "-f", f"{host.folder}/avahi.conf", "--no-drop-root", "--no-chroot", "--no-rlimits"),
        mounts={"/run/avahi-daemon": host.folder / "avahi.run"},
    )
    host.wait_until((host.folder / "avahi.run" / "socket").exists, "avahi")
