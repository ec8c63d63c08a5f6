"""The PJLink probe against projectors: open, locked, old, slow, rude."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent import pjlink
from agent.pjlink import PjlinkRaw, challenge, reply, sorted_replies
from agent.probes.pjlink import PjlinkProbe
from agent.probes.probe import Target
from fleet.errors import Garbled, ProbeError, Refused, Unreachable
from fleet.kit.config import Secret
from fleet.reading import Round
from tests.agent.probes.peers import HOST, listening

ANSWERS = {
    "POWR": "1", "ERST": "000120", "LAMP": "974 1", "NAME": "Hall", "INF1": "EPSON", "INF2": "EB-1", "INFO": "",
    "CLSS": "2", "SNUM": "X3QR9700019", "SVER": "1.0", "FILT": "100", "RLMP": "ELPLP91", "RFIL": "ELPAF49",
}  # fmt: skip


class Projector:
    """Answers what it is asked, with habits that a test can change."""

    def __init__(self, answers: Mapping[str, str] = ANSWERS, *, password: str = "", lower: bool = False) -> None:
        self.answers, self.password, self.lower = dict(answers), password, lower
        self.heard: list[str] = []
        self.mute_after = 99
        self.before: Mapping[str, bytes] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"PJLINK 1 61fa922e\r" if self.password else b"PJLINK 0\r")
        locked = bool(self.password)
        try:
            while True:
                line = (await reader.readuntil(b"\r")).decode().strip()
                self.heard.append(line)
                if len(self.heard) > self.mute_after:
                    await asyncio.sleep(3600)
                if locked:
                    key = hashlib.md5(f"61fa922e{self.password}".encode()).hexdigest()
                    if not line.startswith(key):
                        writer.write(b"PJLINK ERRA\r")
                        continue
                    line, locked = line.removeprefix(key), False
                command = line[2:6]
                said = f"{line[:2]}{command}={self.answers.get(command, 'ERR1')}"
                writer.write(self.before.get(command, b"") + (said.lower() if self.lower else said).encode() + b"\r")
        except asyncio.IncompleteReadError:
            pass


async def asked_of(
    projector: Projector, *, password: str = "", round_: Round = Round.FULL, seconds: float = 5
) -> PjlinkRaw:
    async with listening(projector.serve) as port:
        probe = PjlinkProbe(seconds=seconds)
        target = Target(address=HOST, pjlink_port=port, pjlink_password=Secret(password))
        assert probe.wanted(target)
        raw = await probe.ask(target, round_)
        await probe.close()
        return raw


async def test_a_projector_of_class_2_tells_everything() -> None:
    projector = Projector()
    raw = await asked_of(projector)
    assert raw.replies == ANSWERS
    assert projector.heard[0] == "%1POWR ?"
    assert "%2SNUM ?" in projector.heard
    assert all(line.endswith(" ?") for line in projector.heard), "the probe asks, and sets nothing"


async def test_a_projector_of_class_1_is_not_asked_for_class_2() -> None:
    projector = Projector({**ANSWERS, "CLSS": "1", "LAMP": "ERR1"})
    raw = await asked_of(projector)
    assert not [line for line in projector.heard if line.startswith("%2")]
    assert raw.refused == {"LAMP": "ERR1"}


async def test_a_status_round_asks_three_things() -> None:
    projector = Projector()
    await asked_of(projector, round_=Round.STATUS)
    assert projector.heard == ["%1POWR ?", "%1ERST ?", "%1LAMP ?"]


async def test_the_password_opens_and_is_never_sent_itself() -> None:
    projector = Projector(password="lights-on")
    raw = await asked_of(projector, password="lights-on")
    assert raw.replies == ANSWERS
    assert projector.heard[0] == hashlib.md5(b"61fa922elights-on").hexdigest() + "%1POWR ?"
    assert not any("lights-on" in line for line in projector.heard)


@pytest.mark.parametrize(("password", "words"), [("", "set pjlink_password"), ("wrong", "refuses the password")])
async def test_a_locked_projector_says_what_is_missing(password: str, words: str) -> None:
    projector = Projector(password="lights-on")
    with pytest.raises(Refused, match=words):
        await asked_of(projector, password=password)
    assert len(projector.heard) <= 1, "one wrong try at most"


async def test_replies_in_lower_case_are_understood() -> None:
    assert (await asked_of(Projector(lower=True))).replies["POWR"] == "1"


async def test_late_replies_to_something_else_are_passed_over() -> None:
    projector = Projector()
    projector.before = {"LAMP": b"%1INPT=31\r%1AVMT=30\r"}
    assert (await asked_of(projector)).replies["LAMP"] == "974 1"


async def test_a_projector_that_falls_silent_gives_what_it_gave() -> None:
    projector = Projector()
    projector.mute_after = 2
    raw = await asked_of(projector, seconds=1)
    assert raw.replies == {"POWR": "1", "ERST": "000120"}
    assert "asked no further" in raw.partial[0]


@pytest.mark.parametrize(
    ("greeting", "error"),
    [
        (b"SSH-2.0-dropbear\r\n", Garbled),
        (b"PJLINK 1\r", Garbled),
        (b"PJLINK ERRA\r", Refused),
        (b"PJLINK 2 abc\r", Garbled),
        (b"x" * 5000 + b"\r", Garbled),
        (b"", Unreachable),
        (b"PJLINK 0\r", Unreachable),
        (b"PJLINK 0\r" + b"%1INPT=31\r" * 50, Garbled),
    ],
)
async def test_what_is_no_projector(greeting: bytes, error: type[ProbeError]) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await writer.drain()
        if b"INPT" in greeting:
            await reader.read()

    async with listening(serve) as port:
        with pytest.raises(error):
            await PjlinkProbe(seconds=2).ask(Target(address=HOST, pjlink_port=port), Round.FULL)


async def test_nobody_there() -> None:
    async with listening(Projector().serve) as port:
        pass
    with pytest.raises(Unreachable, match="Connection refused"):
        await PjlinkProbe(seconds=2).ask(Target(address=HOST, pjlink_port=port), Round.FULL)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_no_line_can_hurt(line: str) -> None:
    assert (found := reply(line)) is None or len(found[0]) == 4
    sorted_replies([line, line])
    try:
        challenge(line)
    except ProbeError:
        pass


def test_the_port_is_the_registered_one() -> None:
    assert pjlink.PORT == 4352
