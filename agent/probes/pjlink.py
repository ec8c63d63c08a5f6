"""The PJLink probe: connect, ask, close. It asks only; it never switches a projector on or off."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence

from agent.pjlink import CLASS_1, CLASS_2, LONGEST_LINE, STATUS, PjlinkRaw, challenge, digest, reply, sorted_replies
from agent.probes.probe import Target
from fleet.errors import Garbled, Refused, Unreachable
from fleet.kit.clock import Clock, SystemClock
from fleet.kit.config import Secret
from fleet.reading import Round

LINE_SECONDS = 4.0
"""PJLink allows two seconds; busy projectors take more."""
TOTAL_SECONDS = 20.0
MOST_STRAY_LINES = 8


class PjlinkProbe:
    """Reads one projector over one connection: most serve a single client and hang up after 30 s."""

    name = "pjlink"

    def __init__(self, clock: Clock | None = None, *, seconds: float = TOTAL_SECONDS) -> None:
        self._clock = clock or SystemClock()
        self._seconds = seconds

    def wanted(self, target: Target) -> bool:
        return target.pjlink_port is not None

    async def close(self) -> None:
        """Nothing is kept open between rounds."""

    async def ask(self, target: Target, round_: Round) -> PjlinkRaw:
        """What the projector answers. One that falls silent half way gives a partial answer."""
        port = target.pjlink_port or 0
        lines: list[str] = []
        missing: str | None = None
        try:
            async with asyncio.timeout(self._seconds):
                await self._converse(target, port, round_, lines)
        except TimeoutError:
            missing = f"PJLink: no answer on port {port} in time"
        except (OSError, asyncio.IncompleteReadError) as error:
            missing = f"PJLink: the connection on port {port} broke: {_words(error)}"
        except Garbled as error:
            missing = str(error)
            if not lines:
                raise
        if missing and not lines:
            raise Unreachable(missing)
        replies, refused = sorted_replies(lines)
        return PjlinkRaw(
            taken_at=self._clock.now(),
            replies=replies,
            refused=refused,
            partial=(f"{missing}; asked no further",) if missing else (),
        )

    async def _converse(self, target: Target, port: int, round_: Round, lines: list[str]) -> None:
        """Greets, and asks every command; answers go into `lines` as they come."""
        reader, writer = await asyncio.open_connection(target.address, port, limit=LONGEST_LINE)
        try:
            prefix = _password(challenge(await _line(reader)), target.pjlink_password)
            talk = _Talk(reader, writer, lines)
            await talk.ask(STATUS if round_ is Round.STATUS else CLASS_1, "1", prefix)
            if round_ is Round.FULL and "2" in sorted_replies(lines)[0].get("CLSS", ""):
                await talk.ask(CLASS_2, "2")
        finally:
            writer.close()


class _Talk:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lines: list[str]) -> None:
        self._reader, self._writer, self._lines = reader, writer, lines

    async def ask(self, commands: Sequence[str], class_: str, prefix: str = "") -> None:
        for command in commands:
            self._writer.write(f"{prefix}%{class_}{command} ?\r".encode("ascii"))
            await self._writer.drain()
            self._lines.append(await self._answer(command))
            prefix = ""

    async def _answer(self, command: str) -> str:
        """The line that answers `command`; late answers to others are passed over, in bounds."""
        for _ in range(MOST_STRAY_LINES):
            line = await _line(self._reader)
            if line.strip().upper().startswith("PJLINK ERRA"):
                raise Refused("the projector refuses the password; set the right one for this network")
            if (pair := reply(line)) and pair[0] == command:
                return line
        raise Garbled(f"PJLink: {MOST_STRAY_LINES} lines, and none answers {command}")


def _password(random: str | None, password: Secret) -> str:
    """The digest to send first, or nothing. No password is sent that was not configured and asked for."""
    if random is None:
        return ""
    if not password:
        raise Refused("the projector asks for a password; set pjlink_password for this network")
    return digest(random, password.reveal())


def _words(error: OSError | EOFError) -> str:
    number = getattr(error, "errno", None)
    return os.strerror(number) if number else "the projector hung up"


async def _line(reader: asyncio.StreamReader) -> str:
    """One line, without its end. Lines end with CR."""
    try:
        async with asyncio.timeout(LINE_SECONDS):
            return (await reader.readuntil(b"\r")).decode("utf-8", "replace").strip("\r\n")
    except (asyncio.LimitOverrunError, ValueError) as error:
        raise Garbled(f"PJLink: a line of more than {LONGEST_LINE} bytes") from error
