from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientResponse, DummyCookieJar, web
from aiohttp.test_utils import TestClient

from tests.collector.web.gallery import Gallery
from tests.collector.web.markup import Markup


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    response: ClientResponse

    @property
    def page(self) -> Markup:
        return Markup(self.text)

    @property
    def to(self) -> str:
        return self.response.headers.get("Location", "")


class Visitor:
    """Somebody with a browser that keeps no cookies but those it is given."""

    def __init__(self, client: TestClient[Any, Any], gallery: Gallery) -> None:
        self.client, self.gallery = client, gallery

    def _headers(self, who: str, lang: str, headers: dict[str, str] | None) -> dict[str, str]:
        cookies = {"pagewarden": self.gallery.people[who].key} if who else {}
        cookies |= {"lang": lang} if lang else {}
        sent = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return ({"Cookie": sent} if sent else {}) | (headers or {})

    async def get(self, path: str, who: str = "owner", lang: str = "", headers: dict[str, str] | None = None) -> Answer:
        got = await self.client.get(path, headers=self._headers(who, lang, headers), allow_redirects=False)
        return Answer(got.status, await got.text(), got)

    async def post(
        self,
        path: str,
        data: dict[str, str],
        who: str = "owner",
        *,
        csrf: str | None = "",
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """`csrf`: the right one when empty, none at all when None."""
        if csrf == "" and who:
            csrf = self.gallery.people[who].csrf
        data = data | ({"csrf": csrf} if csrf else {})
        got = await self.client.post(path, data=data, headers=self._headers(who, "", headers), allow_redirects=False)
        return Answer(got.status, await got.text(), got)

    async def page(self, path: str, who: str = "owner", lang: str = "") -> Markup:
        answer = await self.get(path, who, lang)
        assert answer.status == 200, answer.text
        return answer.page


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    """Made once, for tests that only look."""
    return Gallery(tmp_path_factory.mktemp("gallery"))


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    """Made once, for tests that change things; each changes its own."""
    return Gallery(tmp_path_factory.mktemp("workshop"))


Opening = Callable[[Gallery, web.Application], Awaitable[Visitor]]


@pytest.fixture
def opening(aiohttp_client: Any) -> Opening:
    async def opened(gallery: Gallery, app: web.Application) -> Visitor:
        return Visitor(await aiohttp_client(app, cookie_jar=DummyCookieJar()), gallery)

    return opened


@pytest.fixture
async def visitor(gallery: Gallery, opening: Opening) -> Visitor:
    return await opening(gallery, await asyncio.to_thread(gallery.app))


@pytest.fixture
async def worker(workshop: Gallery, opening: Opening) -> Visitor:
    """A visitor who may break things."""
    return await opening(workshop, await asyncio.to_thread(workshop.app))
