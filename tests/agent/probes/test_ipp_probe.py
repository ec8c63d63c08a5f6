"""The IPP probe against printers with habits: old versions, other paths, TLS only, refusals, nonsense."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agent.ipp.codec import parse
from agent.ipp.message import Message
from agent.ipp.raw import IppRaw
from agent.probes.ipp import PATHS, IppProbe
from agent.probes.probe import HttpService, Target
from agent.transport import HttpClient
from fleet.errors import Garbled, ProbeError, Refused, Unreachable, Unsupported
from fleet.reading import Round
from tests.agent.ipp.answers import keyword, message, one_printer, operation, printer
from tests.agent.probes.peers import HOST, Asked, Web, certificate, http, one_port_for, web

Printer = Callable[[Asked, Message], bytes]


def numbered(body: bytes, request: Message) -> bytes:
    """The answer with the number of the request it belongs to."""
    return body[:4] + request.request_id.to_bytes(4, "big") + body[8:]


def good(_: Asked, request: Message) -> bytes:
    return http(numbered(one_printer(), request))


def refusing(code: int, words: str = "") -> Printer:
    return lambda _, request: http(numbered(message(operation(words), code=code), request))


@asynccontextmanager
async def standing(make: Printer, **options: object) -> AsyncIterator[Web]:
    async with web(lambda asked: make(asked, parse(asked.body)), **options) as server:  # type: ignore[arg-type]
        yield server


@asynccontextmanager
async def probing() -> AsyncIterator[IppProbe]:
    probe = IppProbe(HttpClient(seconds=3))
    try:
        yield probe
    finally:
        await probe.close()


async def asked_of(make: Printer, *, path: str | None = None, tls: bool = False) -> IppRaw:
    """What the probe brings home from one printer."""
    async with standing(make) as server, probing() as probe:
        target = Target(address=HOST, ipp=(HttpService(port=server.port, path=path, tls=tls),))
        return await probe.ask(target, Round.FULL)


async def test_a_printer_is_asked_by_name_in_version_2() -> None:
    async with standing(good) as server, probing() as probe:
        target = Target(address=HOST, ipp=(HttpService(port=server.port, path="/ipp/print/one"),))
        raw = await probe.ask(target, Round.FULL)
        await probe.ask(target, Round.STATUS)
        first, second = (parse(asked.body) for asked in server.asked)
    assert raw.text("printer-make-and-model") == "HP LaserJet 400 MFP M425dn"
    assert raw.number("printer-state") == 3
    assert server.paths == ["/ipp/print/one"] * 2
    assert first.version == (2, 0)
    assert first.groups[0].attributes["printer-uri"] == (f"ipp://{HOST}:{server.port}/ipp/print/one",)
    wanted = [message.groups[0].attributes["requested-attributes"] for message in (first, second)]
    assert "marker-levels" in wanted[0]
    assert "marker-levels" not in wanted[1]
    assert first.request_id != second.request_id


@pytest.mark.parametrize("says", [0x0503, 0x0400])
async def test_an_old_printer_is_asked_in_its_version_and_from_then_on_at_once(says: int) -> None:
    def old(asked: Asked, request: Message) -> bytes:
        return good(asked, request) if request.version == (1, 0) else refusing(says)(asked, request)

    async with standing(old) as server, probing() as probe:
        target = Target(address=HOST, ipp=(HttpService(port=server.port, path="/ipp"),))
        await probe.ask(target, Round.FULL)
        await probe.ask(target, Round.FULL)
        versions = [parse(asked.body).version for asked in server.asked]
    assert versions == [(2, 0), (1, 1), (1, 0), (1, 0)]


async def test_a_printer_that_chokes_on_many_names_is_asked_for_everything() -> None:
    def simple(asked: Asked, request: Message) -> bytes:
        by_name = len(request.groups[0].attributes["requested-attributes"]) > 1
        return refusing(0x0400)(asked, request) if by_name else good(asked, request)

    assert (await asked_of(simple, path="/ipp/print")).number("printer-state") == 3


@pytest.mark.parametrize("missing", [
    lambda *_: http(b"<html>no</html>", status="404 Not Found", kind="text/html"),
    lambda *_: http(b"<html>welcome</html>", kind="text/html"),
    refusing(0x0406),
])  # fmt: skip
async def test_the_usual_paths_are_tried_in_order(missing: Printer) -> None:
    async with standing(lambda a, r: good(a, r) if a.path == "/ipp" else missing(a, r)) as server, probing() as probe:
        target = Target(address=HOST, ipp=(HttpService(port=server.port),))
        assert (await probe.ask(target, Round.FULL)).path == "/ipp"
        await probe.ask(target, Round.FULL)
    assert server.paths == ["/ipp/print", "/ipp/printer", "/ipp", "/ipp"]


async def test_no_printer_at_any_path() -> None:
    with pytest.raises(Unsupported, match=f"tried {', '.join(PATHS)}"):
        await asked_of(lambda *_: http(b"", status="404 Not Found"))


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (refusing(0x0403, "not you"), Refused, "not you"),
        (refusing(0x0402), Refused, "refuses us"),
        (refusing(0x0507), Unreachable, "busy"),
        (refusing(0x0501), Unsupported, "0x0501"),
        (lambda *_: http(b"", status="503 Service Unavailable"), Unreachable, "busy"),
        (lambda *_: http(b"", status="500 Oops"), Unsupported, "HTTP 500"),
        (lambda *_: http(b"not ipp at all"), Garbled, "not an IPP answer"),
        (lambda *_: http(b""), Garbled, "not an IPP answer"),
        (lambda *_: http(one_printer()), Garbled, "belongs to request 1"),
        (lambda _, r: http(numbered(message(operation()), r)), Unsupported, "gives no attributes"),
        (lambda _, r: http(numbered(message(operation(), printer()), r)), Unsupported, "gives no attributes"),
    ],
)
async def test_what_is_no_answer_says_why(make: Printer, error: type[ProbeError], words: str) -> None:
    async with standing(make) as server, probing() as probe:
        probe._ids = iter(range(41, 99))  # type: ignore[assignment]
        target = Target(address=HOST, ipp=(HttpService(port=server.port, path="/ipp/print"),))
        with pytest.raises(error, match=words):
            await probe.ask(target, Round.FULL)


async def test_an_answer_that_is_cut_off_is_read_as_far_as_it_goes() -> None:
    raw = await asked_of(lambda _, r: http(numbered(one_printer(more=keyword("printer-kind", "document"))[:-30], r)))
    assert raw.number("printer-state") == 3
    assert raw.partial
    assert raw.partial[0].startswith("IPP: the answer is cut off")


async def test_a_printer_that_wants_encryption_is_asked_again_with_it(tmp_path: Path) -> None:
    """HTTP 426 (RFC 8010 section 8.2): the same port speaks TLS too."""
    context, fingerprint = certificate(tmp_path)
    upgrade = http(b"", status="426 Upgrade Required", more="Upgrade: TLS/1.2\r\n")
    async with (
        standing(good, tls=context) as safe,
        standing(lambda *_: upgrade) as plain,
        one_port_for(plain.port, safe.port) as port,
        probing() as probe,
    ):
        target = Target(address=HOST, ipp=(HttpService(port=port, path="/ipp/print"),))
        raw = await probe.ask(target, Round.FULL)
        await probe.ask(target, Round.STATUS)
    assert raw.fingerprint == fingerprint
    assert (len(plain.asked), len(safe.asked)) == (1, 2), "the second round knows"
    assert parse(safe.asked[0].body).groups[0].attributes["printer-uri"] == (f"ipps://{HOST}:{port}/ipp/print",)


async def test_a_certificate_that_changes_is_noted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    (first, one), (second, two) = certificate(tmp_path, "one"), certificate(tmp_path, "two")
    async with standing(good, tls=first) as server, probing() as probe:
        target = Target(address=HOST, ipp=(HttpService(port=server.port, path="/ipp/print", tls=True),))
        assert (await probe.ask(target, Round.FULL)).fingerprint == one
        assert not caplog.records
        probe._pins[(HOST, server.port)] = two  # what another certificate would have left
        await probe.ask(target, Round.FULL)
    assert [record.getMessage() for record in caplog.records] == ["the certificate has changed"]
    assert second is not first


async def test_a_printer_that_moves_its_service_is_found_again() -> None:
    home = ["/ipp/print"]

    def moving(asked: Asked, request: Message) -> bytes:
        return good(asked, request) if asked.path == home[0] else http(b"", status="404 Not Found")

    async with standing(moving) as server, probing() as probe:
        target = Target(address=HOST, ipp=(HttpService(port=server.port),))
        assert (await probe.ask(target, Round.FULL)).path == "/ipp/print"
        home[0] = "/ipp"
        assert (await probe.ask(target, Round.STATUS)).path == "/ipp"


async def test_nothing_is_asked_where_no_service_is_known() -> None:
    async with probing() as probe:
        assert not probe.wanted(Target(address=HOST))
        with pytest.raises(Unsupported):
            await probe.ask(Target(address=HOST), Round.FULL)
