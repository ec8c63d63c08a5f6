"""A collector with everything to show, at work in a thread, and a Chromium to look at it."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from collector.serve import serving
from fleet.kit.clock import Clock
from tests.collector.office import HandClock
from tests.collector.web.gallery import Gallery

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ("--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync")


class StillClock(HandClock):
    """Shows one moment for ever, but waits as long as it is asked to."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(frozen=True)
class Site:
    url: str
    gallery: Gallery


@contextmanager
def open_site(gallery: Gallery) -> Iterator[Site]:
    """The collector over the gallery's stores, in a thread with a loop of its own."""
    started: Any = threading.Event()
    state: dict[str, Any] = {}
    settings = replace(gallery.office.settings, listen="127.0.0.1:0")
    clock: Clock = StillClock(gallery.clock.at)

    async def serve() -> None:
        state["loop"], state["done"] = asyncio.get_running_loop(), asyncio.Event()
        async with serving(settings, clock) as at:
            state["url"] = at.url
            started.set()
            await state["done"].wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), name="collector")
    thread.start()
    try:
        assert started.wait(30), "the collector did not start"
        yield Site(state["url"], gallery)
    finally:
        state["loop"].call_soon_threadsafe(state["done"].set)
        thread.join(15)


# Module scope: while Playwright's synchronous interface is open no other test can run an event loop in this thread.
@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(Gallery(tmp_path_factory.mktemp("gallery"))) as opened:
        yield opened


@pytest.fixture(scope="module")
def chromium(site: Site) -> Iterator[Browser]:
    with started_chromium() as browser:
        yield browser


@contextmanager
def started_chromium() -> Iterator[Browser]:
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        reason = "no Chromium on this machine: install the package chromium"
        if os.environ.get("CI"):
            raise RuntimeError(reason)
        pytest.skip(reason)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=path, args=[*sandbox, *QUIET])
        yield browser
        browser.close()


SCREENS = Path(__file__).parents[1] / "screens" / "out"
