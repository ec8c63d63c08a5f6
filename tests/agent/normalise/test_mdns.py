"""DNS-SD announcements to readings."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.announced import parse
from agent.normalise.mdns import normalise
from fleet.errors import Garbled
from fleet.reading import Kind, Reading
from mibs.catalogue import load

NOW = datetime(2026, 3, 4, 9, 12, tzinfo=UTC)


def service(type_: str, **txt: Any) -> dict[str, Any]:
    return {"type": type_, "instance": "x", "domain": "local", "host": "dev.local", "port": 631, "txt": txt}


def reading(*services: dict[str, Any]) -> Reading:
    return normalise(parse(json.dumps(services).encode(), taken_at=NOW), load())


@pytest.mark.parametrize(
    ("services", "kind"),
    [
        ([service("_ipp._tcp", ty="HP LaserJet M605")], Kind.PRINTER),
        ([service("_ipp._tcp", ty="HP X", Scan="T")], Kind.MFP),
        ([service("_ipp._tcp", ty="HP X"), service("_uscan._tcp", **{"is": "adf"})], Kind.MFP),
        ([service("_uscan._tcp", ty="HP ScanJet 5", **{"is": "platen,adf"})], Kind.SCANNER),
        ([service("_uscan._tcp.local.", ty="Nobody Y", **{"is": "adf"})], Kind.SCANNER),
        ([service("_pjlink._tcp")], Kind.PROJECTOR),
        ([], None),
    ],
)
def test_kinds(services: list[dict[str, Any]], kind: Kind | None) -> None:
    assert reading(*services).kind is kind


def test_keys_are_told_apart_whatever_their_case() -> None:
    found = reading(
        service(
            "_ipp._tcp", USB_MFG="Brother", usb_mdl="MFC-J1 series[en]", UUID="x", NOTE="Hall", Mac="B4-22-00-41-5B-AA"
        )
    )
    assert (found.identity.maker, found.identity.model, found.location) == ("Brother", "MFC-J1", "Hall")
    assert (found.identity.macs, found.identity.hostname) == (("b4:22:00:41:5b:aa",), "dev.local")


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b'[{"txt": {}}]', b"\xff", b"[" * 100_000])
def test_what_is_no_list_of_services_is_garbled(data: bytes) -> None:
    with pytest.raises(Garbled):
        parse(data, taken_at=NOW)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries({"type": JSON, "txt": JSON, "host": JSON, "port": JSON, "instance": JSON}), max_size=3
    )
)
def test_no_services_can_hurt(services: list[dict[str, Any]]) -> None:
    assert reading(*services).reachable
