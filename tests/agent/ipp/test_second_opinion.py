"""pyipp reads the same answers, in a process of its own: what both understand, they understand alike."""

from __future__ import annotations

import base64
import json
import subprocess
import sys

from agent.ipp.codec import parse
from agent.ipp.message import GroupTag
from agent.ipp.request import FULL_ROUND, STATUS_ROUND, get_printer_attributes
from tests.agent.ipp.test_codec import ENDLESS
from tests.shared_data import shared

OPINION = """
import json, sys, base64
from pyipp.parser import parse
for line in sys.stdin:
    try:
        read = parse(base64.b64decode(line))
        out = {k: v for k, v in (read["printers"] or [{}])[0].items() if type(v) in (int, str, bool)}
    except Exception as error:
        out = {"error": type(error).__name__}
    print(json.dumps(out), flush=True)
"""


def opinions(bodies: list[bytes], seconds: float = 30) -> list[dict[str, object]]:
    """What pyipp makes of each body. TimeoutExpired when it does not come back."""
    lines = b"".join(base64.b64encode(body) + b"\n" for body in bodies)
    done = subprocess.run(
        [sys.executable, "-c", OPINION], input=lines, capture_output=True, timeout=seconds, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_single_values_agree_on_real_answers() -> None:
    paths = sorted(shared("corpus", "ipp").glob("*.ipp"))
    compared = 0
    for path, theirs in zip(paths, opinions([path.read_bytes() for path in paths]), strict=True):
        if "error" in theirs:
            continue
        ours = parse(path.read_bytes()).group(GroupTag.PRINTER)
        for name, value in theirs.items():
            own = ours[name]
            if len(own) == 1 and type(own[0]) is type(value):
                assert own[0] == value, (path.name, name)
                compared += 1
    assert compared > 800


def test_the_body_that_holds_it_up_returns_at_once_here() -> None:
    try:
        opinions([ENDLESS], seconds=5)
    except subprocess.TimeoutExpired:
        pass  # what is expected of it today; a release that mends it is welcome
    assert parse(b"\2\0" + ENDLESS[2:]).groups == ()


def test_the_request_is_what_rfc_8011_asks_for() -> None:
    body = get_printer_attributes("ipp://10.0.0.5:631/ipp/print", FULL_ROUND, version=(1, 1), request_id=77)
    read = parse(body)
    assert (read.version, read.code, read.request_id, read.partial) == ((1, 1), 0x000B, 77, ())
    (group,) = read.groups
    assert group.tag == GroupTag.OPERATION
    assert list(group.attributes) == [
        "attributes-charset",
        "attributes-natural-language",
        "printer-uri",
        "requested-attributes",
    ]
    assert group.attributes["printer-uri"] == ("ipp://10.0.0.5:631/ipp/print",)
    assert group.attributes["requested-attributes"] == FULL_ROUND


def test_a_status_round_asks_for_less() -> None:
    assert set(STATUS_ROUND) < set(FULL_ROUND)
    assert "printer-state-reasons" in STATUS_ROUND
    assert not any(name.startswith("marker-") for name in STATUS_ROUND)
