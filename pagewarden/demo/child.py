"""Programs the demo starts: the production code, in processes of its own, watched and ended with the demo."""

from __future__ import annotations

import asyncio
import ctypes
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from fleet.errors import FleetError

RESTARTS = 3
RESTART_PAUSE_SECONDS = 1.0
STOP_SECONDS = 3.0
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class ChildFailed(FleetError):
    """A program of the demo does not run; the text says which, and where its log is."""


def command(*arguments: str) -> list[str]:
    """The same program that runs now, with other arguments."""
    return [sys.executable, "-m", "pagewarden", *arguments]


def _die_with_parent() -> None:
    # Linux only: when the demo is killed hard, its programs must not go on in the dark.
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


async def run(what: str, *arguments: str) -> str:
    """One command to its end; what it wrote. ChildFailed with its own words when it says no."""
    process = await asyncio.create_subprocess_exec(
        *command(*arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        out, err = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode != 0:
        said = err.decode("utf-8", "replace").strip().splitlines() or [f"it ended with code {process.returncode}"]
        raise ChildFailed(f"{what}: {said[-1].removeprefix('pagewarden: ')}")
    return out.decode()


class Child:
    """One program that is to run as long as the demo. Its output goes to a log file."""

    def __init__(self, name: str, arguments: tuple[str, ...], log: Path, *, tell: Callable[[str], None]) -> None:
        self.name, self.log = name, log
        self._arguments, self._tell = arguments, tell
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def watch(self) -> None:
        """Runs it, and again when it dies; gives up with ChildFailed after a few times."""
        for again in range(RESTARTS + 1):
            code = await self._run_once()
            if again < RESTARTS:
                self._tell(f"{self.name} ended with code {code}; it is started again (log: {self.log})")
                await asyncio.sleep(RESTART_PAUSE_SECONDS)
        raise ChildFailed(f"{self.name} ended {RESTARTS + 1} times and is given up; its log is {self.log}")

    async def _run_once(self) -> int:
        output = await asyncio.to_thread(self.log.open, "ab")
        try:
            # A session of its own: Ctrl-C in the terminal goes to the demo alone, which ends its programs in order.
            self._process = await asyncio.create_subprocess_exec(
                *command(*self._arguments),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )
        finally:
            output.close()
        try:
            return await self._process.wait()
        except asyncio.CancelledError:
            await self._stop(self._process)
            raise

    async def _stop(self, process: asyncio.subprocess.Process) -> None:
        if process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
