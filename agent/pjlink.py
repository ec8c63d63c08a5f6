"""PJLink (JBMIA, class 1 and 2): its lines, and what the probe hands to the normaliser."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from agent.probes.probe import Raw
from fleet.errors import Garbled, Refused
from fleet.kit.text import clean

PORT = 4352
LONGEST_LINE = 1024
CLASS_1 = ("POWR", "ERST", "LAMP", "NAME", "INF1", "INF2", "INFO", "CLSS")
CLASS_2 = ("SNUM", "SVER", "FILT", "RLMP", "RFIL")
STATUS = ("POWR", "ERST", "LAMP")
ERRORS: Mapping[str, str] = {
    "ERR1": "not known to this projector",
    "ERR2": "parameter refused",
    "ERR3": "not available now",
    "ERR4": "projector failure",
}

_REPLY = re.compile(r"%([12])([A-Za-z0-9]{4})=(.*)\Z", re.DOTALL)
_GREETING = re.compile(r"PJLINK (0|1|ERRA)(?: ([0-9A-Fa-f]{1,64}))?\s*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PjlinkRaw(Raw):
    """What each command was answered. Commands that got an error instead stand in `refused`, with the error."""

    protocol: str = "pjlink"
    replies: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)


def reply(line: str) -> tuple[str, str] | None:
    """(command, parameter) of a reply line, whatever case the projector writes in; None for any other line."""
    found = _REPLY.match(line.strip("\r\n\0 "))
    return (found[2].upper(), clean(found[3])) if found else None


def challenge(line: str) -> str | None:
    """The random number of a greeting that asks for the password; None where none is asked for."""
    found = _GREETING.match(line.strip("\r\n\0 "))
    if not found:
        raise Garbled(f"no PJLink greeting: {clean(line, 60)!r}")
    if found[1].upper() == "ERRA":
        raise Refused("the projector refuses the password before it is asked for")
    if found[1] == "1" and not found[2]:
        raise Garbled("a PJLink greeting that asks for a password and gives no random number")
    return found[2] if found[1] == "1" else None


def digest(random: str, password: str) -> str:
    """What goes in front of the first command. MD5 is the protocol's choice."""
    return hashlib.md5(f"{random}{password}".encode(), usedforsecurity=False).hexdigest()


def sorted_replies(lines: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """(replies, refused) of reply lines; the first of a command counts."""
    replies, refused = dict[str, str](), dict[str, str]()
    for line in lines:
        if not (pair := reply(line)):
            continue
        command, value = pair
        if value.upper() in ERRORS:
            refused.setdefault(command, value.upper())
        else:
            replies.setdefault(command, value)
    return replies, refused
