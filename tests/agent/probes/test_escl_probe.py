"""The eSCL probe: reads, never scans, and takes no XML that could hurt."""

from __future__ import annotations

import pytest

from agent.escl import EsclRaw, Status, capabilities, status
from agent.probes.escl import EsclProbe
from agent.probes.probe import HttpService, Target
from agent.transport import HttpClient
from fleet.errors import Garbled, ProbeError, Refused, Unsupported
from fleet.reading import Round
from tests.agent.probes.peers import HOST, Answer, Asked, http, web
from tests.shared_data import shared

SPACES = 'xmlns:s="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:p="http://www.pwg.org/schemas/2010/12/sm"'
CAPABILITIES = f"""<s:ScannerCapabilities {SPACES}><p:Version>2.6</p:Version><p:MakeAndModel>EPSON DS-790WN
</p:MakeAndModel><p:SerialNumber>X6HA013158</p:SerialNumber><s:Adf><s:AdfDuplexInputCaps/></s:Adf></s:ScannerCapabilities>"""
STATUS = (
    f"""<s:ScannerStatus {SPACES}><p:State>Idle</p:State><s:AdfState>ScannerAdfJam</s:AdfState></s:ScannerStatus>"""
)


def scanner(asked: Asked) -> bytes:
    documents = {"/eSCL/ScannerStatus": STATUS, "/eSCL/ScannerCapabilities": CAPABILITIES}
    found = documents.get(asked.path)
    return http(found.encode(), kind="text/xml") if found else http(b"", status="404 Not Found")


async def asked_of(
    answer: Answer, *, path: str | None = None, round_: Round = Round.FULL
) -> tuple[EsclRaw, list[Asked]]:
    probe = EsclProbe(HttpClient(seconds=3))
    try:
        async with web(answer) as server:
            target = Target(address=HOST, escl=(HttpService(port=server.port, path=path),))
            assert probe.wanted(target)
            return await probe.ask(target, round_), server.asked
    finally:
        await probe.close()


@pytest.mark.parametrize("path", [None, "/eSCL", "/eSCL/"])
async def test_a_scanner_is_read_and_only_read(path: str | None) -> None:
    raw, asked = await asked_of(scanner, path=path)
    assert raw.capabilities
    assert (raw.capabilities.make_and_model, raw.capabilities.serial) == ("EPSON DS-790WN", "X6HA013158")
    assert (raw.capabilities.platen, raw.capabilities.feeder, raw.capabilities.duplex) == (False, True, True)
    assert raw.status == Status(state="Idle", feeder="ScannerAdfJam")
    assert [(request.method, request.body) for request in asked] == [("GET", b"")] * 2


async def test_a_status_round_asks_for_the_status_alone() -> None:
    raw, asked = await asked_of(scanner, round_=Round.STATUS)
    assert (raw.capabilities, [request.path for request in asked]) == (None, ["/eSCL/ScannerStatus"])


async def test_busy_is_not_broken() -> None:
    raw, _ = await asked_of(lambda _: http(b"", status="503 Busy", more="Retry-After: 5\r\n"), round_=Round.STATUS)
    assert raw.status == Status(busy=True)


async def test_a_scanner_without_capabilities_still_has_a_state() -> None:
    raw, _ = await asked_of(lambda a: scanner(a) if a.path.endswith("Status") else http(b"<oops", kind="text/xml"))
    assert raw.status == Status(state="Idle", feeder="ScannerAdfJam")
    assert raw.capabilities is None
    assert "no ScannerCapabilities" in raw.partial[0]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (http(b"", status="404 Not Found"), Unsupported),
        (http(b"", status="401 Unauthorized"), Refused),
        (http(b"x" * 300_000, kind="text/xml"), Garbled),
        (http(CAPABILITIES.encode(), kind="text/xml"), Garbled),
    ],
)
async def test_what_is_no_scanner_says_so(body: bytes, error: type[ProbeError]) -> None:
    with pytest.raises(error):
        await asked_of(lambda _: body)


BOMB = "<!DOCTYPE b [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(8)
)


@pytest.mark.parametrize(
    "text",
    [
        f"{BOMB}]><s:ScannerStatus {SPACES}><p:State>&i;</p:State></s:ScannerStatus>",
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        f"<s:ScannerStatus {SPACES}><p:State>&e;</p:State></s:ScannerStatus>",
        f'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><s:ScannerStatus {SPACES}/>',
        "<a>" * 80_000,
        "",
        "\0",
        '<?xml version="1.0" encoding="utf-99"?><a/>',
        "<ScannerStatus/>",
        f"<s:ScannerStatus {SPACES}><p:State>",
    ],
)
def test_xml_that_is_bad_or_dangerous_is_garbled(text: str) -> None:
    with pytest.raises(Garbled):
        status(text.encode())


def test_names_are_told_by_namespace_not_by_prefix() -> None:
    other = STATUS.replace("<p:", "<q:").replace("</p:", "</q:").replace("xmlns:p=", "xmlns:q=")
    assert status(other.encode()) == status(STATUS.encode())
    assert status(f"<s:ScannerStatus {SPACES}><State>Idle</State></s:ScannerStatus>".encode()) == Status()


def test_texts_are_cleaned() -> None:
    read = capabilities(CAPABILITIES.replace("EPSON", "EP\u202eSON &#10; &lt;b&gt;").encode())
    assert read.make_and_model == "EPSON <b> DS-790WN"


def test_recorded_states_are_read() -> None:
    found = {path.stem: status(path.read_bytes()) for path in shared("corpus", "escl").glob("extra_status_*.xml")}
    assert found == {
        "extra_status_hp_m426fdn": Status(state="Idle", feeder="ScannerAdfEmpty"),
        "extra_status_kyocera_m2040dn": Status(state="Processing", feeder="ScannerAdfProcessing"),
    }
