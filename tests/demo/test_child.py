"""Programs of the demo that die are started again, and given up after a few times."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from pagewarden.demo import child
from pagewarden.demo.child import Child, ChildFailed
from pagewarden.demo.stage import StageError, alone


async def test_a_program_that_keeps_dying_is_given_up_with_its_log_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "RESTART_PAUSE_SECONDS", 0)
    told: list[str] = []
    log = tmp_path / "agent.log"
    watched = Child("agent", ("nonsense",), log, tell=told.append)
    with pytest.raises(ChildFailed, match=str(log)):
        await watched.watch()
    assert len(told) == child.RESTARTS
    assert "No such command 'nonsense'" in await asyncio.to_thread(log.read_text)


async def test_a_cancelled_program_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # "sleep" stands for a program that works until it is told to stop.
    monkeypatch.setattr(child, "command", lambda *arguments: ["sleep", *arguments])
    watched = Child("sleeper", ("60",), tmp_path / "log", tell=lambda _: None)
    watching = asyncio.create_task(watched.watch())
    while watched.pid is None:
        await asyncio.sleep(0.01)
    watching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watching
    with pytest.raises(ProcessLookupError):
        os.kill(watched.pid, 0)


async def test_a_command_that_says_no_is_quoted() -> None:
    with pytest.raises(ChildFailed, match=r"^start: .*No such command 'nonsense'"):
        await child.run("start", "nonsense")


def test_one_folder_has_one_demo(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(StageError, match=r"another demo is running in .*--data"), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass
