"""What a test needs of this machine, asked for before anything is started."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest

PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
"""Where servers of the distribution lie, for people who are not root."""

PACKAGES = {
    "avahi-daemon": "avahi-daemon",
    "dbus-daemon": "dbus",
    "gcc": "gcc",
    "ip": "iproute2",
    "ippeveprinter": "cups-ipp-utils",
    "ipptool": "cups-ipp-utils",
    "ippfind": "cups-ipp-utils",
    "smtpd": "opensmtpd",
    "snmpd": "snmpd",
    "snmpget": "snmp",
    "snmpwalk": "snmp",
}
"""Program: the Debian package that brings it."""


def require(*programs: str) -> None:
    """Skip, naming the way out, where a program is missing; with CI set that is a failure instead."""
    missing = sorted({PACKAGES[program] for program in programs if shutil.which(program, path=PATH) is None})
    if missing:
        give_up("not installed: apt-get install --no-install-recommends " + " ".join(missing))


def require_root() -> None:
    if os.geteuid() != 0:
        give_up("needs root, for network namespaces")


def give_up(reason: str) -> NoReturn:
    """Skip for a reason that lies in this machine; in CI there is no such reason."""
    if os.environ.get("CI"):
        pytest.fail(f"CI must run this test, but: {reason}", pytrace=False)
    pytest.skip(reason)
