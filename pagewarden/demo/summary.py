"""One line that says how far the story is, drawn again every few seconds on a terminal."""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path

import aiohttp

from pagewarden.demo.office.office import ZONE, Office

_COLLECTIONS = ("devices", "orders", "tickets")
_LONGEST_COUNT = 10_000


class Summary:
    """Counts what the collector's API lists, and the mails that arrived."""

    def __init__(self, http: aiohttp.ClientSession, token: str, office: Office, mail: Path) -> None:
        self._http, self._office, self._mail = http, office, mail
        self._headers = {"Authorization": f"Bearer {token}"}

    async def tell(self, *, every: float) -> None:
        """Until cancelled. Silent where standard output is no terminal."""
        while True:
            if sys.stdout.isatty():
                line = await self.line()
                width = shutil.get_terminal_size().columns - 1
                # CR and "erase to the end of the line": the line stays one line.
                sys.stdout.write(f"\r\x1b[K{line[:width]}")
                sys.stdout.flush()
            await asyncio.sleep(every)

    async def line(self) -> str:
        """Such as: In the office it is Mon 10:42. 24 of 24 devices found, 2 orders, 1 ticket, 3 mails."""
        counts = {name: await self._count(name) for name in _COLLECTIONS}
        mails = await asyncio.to_thread(lambda: len(list(self._mail.glob("*.eml"))))
        now = self._office.now.astimezone(ZONE)
        if None in counts.values():
            return f"In the office it is {now:%a %H:%M}. The collector is silent for the moment."
        return (
            f"In the office it is {now:%a %H:%M}. {counts['devices']} of {len(self._office.devices)} devices found, "
            f"{_many(counts['orders'], 'order')}, {_many(counts['tickets'], 'ticket')}, {_many(mails, 'mail')}."
        )

    async def _count(self, collection: str) -> int | None:
        """How many the collector lists; None when it does not answer."""
        found, cursor = 0, ""
        try:
            while found < _LONGEST_COUNT:
                query = {"limit": "200"} | ({"cursor": cursor} if cursor else {})
                async with self._http.get(f"/api/v1/{collection}", params=query, headers=self._headers) as answer:
                    answer.raise_for_status()
                    page = await answer.json()
                found += len(page["items"])
                if not (cursor := page["next"] or ""):
                    return found
        except (aiohttp.ClientError, KeyError, ValueError, TimeoutError):
            return None
        return found


def _many(count: int | None, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
