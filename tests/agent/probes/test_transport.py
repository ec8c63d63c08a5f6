"""HTTP to devices that do not behave: everything ends in time, in size, and as a ProbeError."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from pathlib import Path

import pytest

from agent.transport import HttpAnswer, HttpClient
from fleet.errors import Garbled, ProbeError, Refused, Unreachable, Unsupported
from tests.agent.probes.peers import HOST, Answer, certificate, dripping, endless, http, listening, web


async def got(answer: Answer, *, seconds: float = 5, limit: int = 10_000, path: str = "/x") -> HttpAnswer:
    """What a client with these bounds makes of a server's answer."""
    client = HttpClient(seconds=seconds, limit=limit)
    try:
        async with web(answer) as server:
            return await client.get(HOST, server.port, path, tls=False)
    finally:
        await client.close()


async def test_a_plain_answer() -> None:
    answer = await got(lambda _: http(b"hello", more="X-Odd: a\x07b\r\n"))
    assert (answer.status, answer.body, answer.fingerprint) == (200, b"hello", None)
    assert answer.headers["content-type"] == "application/ipp"


OK = b"HTTP/1.1 200 OK\r\n"
GZIP = "Content-Encoding: gzip\r\n"


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (lambda _: http(b"x" * 10_001), Garbled, "more than 10,000 bytes"),
        (lambda _: endless(OK + b"\r\n", b"x" * 5000), Garbled, "more than 10,000 bytes"),
        (lambda _: endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"5\r\nabcde\r\n"), Garbled, "more than"),
        (lambda _: http(gzip.compress(bytes(50_000_000)), more=GZIP), Garbled, "more than 10,000"),
        (lambda _: http(gzip.compress(bytes(3_000_000)), more=GZIP), Garbled, "unpacks to more"),
        (lambda _: http(b"\1\2\3", more="Content-Encoding: br\r\n"), Garbled, "packed as 'br'"),
        (lambda _: http(b"no gzip at all", more=GZIP), Garbled, "not a proper answer"),
        (lambda _: b"220 mail.example ESMTP\r\n", Garbled, "not a proper answer"),
        (lambda _: b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", ProbeError, None),
        (lambda _: b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", ProbeError, None),
        (lambda _: b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000, ProbeError, None),
        (lambda _: endless(OK, b"X-More: y\r\n" * 100), ProbeError, None),
        (lambda _: b"", Unreachable, "broke"),
        (lambda _: http(b"", status="401 Unauthorized"), Refused, "refuses us"),
        (lambda _: http(b"\xff\xfe", status="403 Forbidden", kind="text/html; charset=utf-8"), Refused, "refuses us"),
    ],
)  # fmt: skip
async def test_bad_answers_become_probe_errors(answer: Answer, error: type[ProbeError], words: str | None) -> None:
    with pytest.raises(error, match=words):
        await got(answer)


@pytest.mark.parametrize("to", ["http://127.0.0.1:1/other", "//169.254.169.254/latest", "/elsewhere"])
@pytest.mark.parametrize("status", ["301 Moved", "307 Temporary Redirect"])
async def test_redirects_are_not_followed(to: str, status: str) -> None:
    asked: list[str] = []

    def answer(request: object) -> bytes:
        asked.append(str(request))
        return http(b"", status=status, more=f"Location: {to}\r\n")

    with pytest.raises(Unsupported, match="not followed"):
        await got(answer)
    assert len(asked) == 1


async def test_a_packed_answer_within_bounds_is_unpacked() -> None:
    body = b"scanner " * 200
    assert (await got(lambda _: http(gzip.compress(body), more=GZIP))).body == body
    assert (await got(lambda _: http(zlib.compress(body), more="Content-Encoding: deflate\r\n"))).body == body


async def test_one_deadline_covers_the_whole_answer() -> None:
    """Octets keep coming, so a time-out per read would never end it."""
    with pytest.raises(Unreachable, match="no complete answer"):
        await got(lambda _: dripping(http(b"x" * 5_000)), seconds=0.5)


async def test_a_server_that_says_nothing() -> None:
    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(3600)

    client = HttpClient(seconds=0.3)
    async with listening(mute) as port:
        with pytest.raises(Unreachable):
            await client.get(HOST, port, "/", tls=False)
    with pytest.raises(Unreachable, match="Connection refused"):
        await client.get(HOST, port, "/", tls=False)
    await client.close()


@pytest.mark.parametrize("address", ["printer.example", "127.0.0.1:80@evil.example", "", "127.0.0.1/x", "127.1"])
async def test_only_addresses_are_asked(address: str) -> None:
    with pytest.raises(Unreachable, match="no IP address"):
        await HttpClient().get(address, 80, "/", tls=False)


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("//evil.example/x", "/evil.example/x"),
        ("@evil.example/", "/@evil.example/"),
        ("/a?b=c#d", "/a"),
        ("/a\r\nHost: evil", "/a%20Host:%20evil"),
    ],
)
async def test_a_path_from_a_device_names_no_other_place(path: str, seen: str) -> None:
    client = HttpClient()
    async with web(lambda _: http(b"")) as server:
        await client.get(HOST, server.port, path, tls=False)
        assert server.paths == [seen]
        assert f"\r\nHost: {HOST}:{server.port}\r\n" in server.asked[0].head
    await client.close()


async def test_a_certificate_is_recorded_and_not_judged(tmp_path: Path) -> None:
    context, fingerprint = certificate(tmp_path)
    client = HttpClient(seconds=1)
    async with web(lambda _: http(b"safe"), tls=context) as server:
        answer = await client.get(HOST, server.port, "/", tls=True)
        assert (answer.body, answer.fingerprint) == (b"safe", fingerprint)
    async with web(lambda _: http(b"plain")) as server:
        with pytest.raises(ProbeError):
            await client.get(HOST, server.port, "/", tls=True)
    await client.close()
