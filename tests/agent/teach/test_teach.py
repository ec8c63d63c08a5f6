"""What own rows change, what nobody reads yet, and whether all captures still read as expected: by the commands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.agent.teach.recorded import LINES, ROW, capture, row


def told(*arguments: object) -> tuple[int, str, str]:
    """Exit code, output and errors of the real command."""
    done = subprocess.run(
        [sys.executable, "-m", "pagewarden", *map(str, arguments)], capture_output=True, text=True, timeout=60
    )
    return done.returncode, done.stdout, done.stderr


def said(*arguments: object) -> Any:
    code, out, errors = told(*arguments)
    assert code == 0, errors
    return json.loads(out)


def test_inspect_says_what_the_rows_change(tmp_path: Path) -> None:
    row(tmp_path / "rows")
    code, out, _ = told("inspect", capture(tmp_path), "--rows", tmp_path / "rows")
    assert code == 0
    assert out.endswith(f"changed by the rows in {tmp_path}/rows:\n  firmware: not reported -> ACVD0Y0-0100\n")


def test_the_same_as_json(tmp_path: Path) -> None:
    row(tmp_path / "rows")
    found = said("inspect", capture(tmp_path), "--rows", tmp_path / "rows", "--json")
    assert found["changes"] == [{"field": "firmware", "before": None, "after": "ACVD0Y0-0100"}]
    assert found["firmware"] == "ACVD0Y0-0100"
    assert found["unchanged"]["model"] == "bizhub C3320i"
    assert "firmware" not in found["unchanged"]


def test_rows_that_change_nothing_say_so(tmp_path: Path) -> None:
    row(tmp_path / "rows", '[oids]\nfirmware = ["1.3.6.1.4.1.18334.77"]\n')
    _, out, _ = told("inspect", capture(tmp_path), "--rows", tmp_path / "rows")
    assert out.splitlines()[-1] == f"the rows in {tmp_path}/rows change nothing in this reading"


def test_a_part_number_and_a_cause_show_among_the_changes(tmp_path: Path) -> None:
    lines = LINES + (
        "1.3.6.1.2.1.43.11.1.1.4.1.1|2|3\n1.3.6.1.2.1.43.11.1.1.5.1.1|2|3\n"
        "1.3.6.1.2.1.43.11.1.1.6.1.1|4|Toner (Black)\n"
        "1.3.6.1.2.1.43.11.1.1.7.1.1|2|19\n1.3.6.1.2.1.43.11.1.1.8.1.1|2|100\n1.3.6.1.2.1.43.11.1.1.9.1.1|2|40\n"
        "1.3.6.1.2.1.43.5.1.1.1.1|65|1\n"
        "1.3.6.1.2.1.43.18.1.1.2.1.1|2|3\n1.3.6.1.2.1.43.18.1.1.7.1.1|2|2\n"
        "1.3.6.1.2.1.43.18.1.1.8.1.1|4|Zorg trouble Z99\n"
    )
    path = capture(tmp_path, lines=lines)
    rows = tmp_path / "rows"
    row(rows, '[[say]]\ncode = "Z99"\ncause = "fan-failed"\n', "causes/codes/konica_minolta.toml")
    row(rows, '[[family]]\nname = "Z"\nfits = ["C3320i"]\ntype = "toner"\ncolor = "black"\n'
        'parts = [{ code = "ZZ-1" }]\n',
        "supplies/konica_minolta.toml")  # fmt: skip
    changes = {c["field"]: c["after"] for c in said("inspect", path, "--rows", rows, "--json")["changes"]}
    assert "ZZ-1" in (changes.get("supplies.1.1.suggested") or "")
    assert [value for field, value in changes.items() if field.endswith(".cause")] == ["fan-failed"]


def test_a_wrong_row_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    path = row(tmp_path / "rows", "[oids]\nfirmwear = []\n")
    code, out, errors = told("inspect", capture(tmp_path), "--rows", tmp_path / "rows")
    assert (code, out) == (2, "")
    assert errors.startswith(f"pagewarden: {path}, line 2: firmwear: unknown key")
    assert errors.count("\n") == 1


def test_objects_that_nobody_reads_are_listed(tmp_path: Path) -> None:
    found = said("inspect", capture(tmp_path), "--objects", "--json")
    assert [(one["name"], one["value"]) for one in found["objects"]] == [
        ("1.3.6.1.4.1.18334.1.1.1.5.5.1.1.3.1", "ACVD0Y0-0100"),
        ("1.3.6.1.4.1.18334.1.1.1.5.7.2.1.1.0", "1234567"),
        ("1.3.6.1.4.1.18334.1.1.1.9.2.0", "打印"),
    ]


@pytest.mark.parametrize("text", ["1,234,567", "1234567", "1 234 567", "34567", "1.3.6.1.4.1.18334.1.1.1.5.7"])
def test_the_number_on_the_panel_is_found(tmp_path: Path, text: str) -> None:
    found = said("inspect", capture(tmp_path), "--objects", text, "--json")["objects"]
    assert [one["value"] for one in found] == ["1234567"]


def test_what_is_read_already_is_told_with_its_reader(tmp_path: Path) -> None:
    _, out, _ = told("inspect", capture(tmp_path), "--objects", "12345")
    assert "1.3.6.1.2.1.43.10.2.1.4.1.1" in out
    assert "12345   (read already, by a standard table)" in out


def test_a_row_takes_its_objects_off_the_list(tmp_path: Path) -> None:
    row(tmp_path / "rows")
    found = said("inspect", capture(tmp_path), "--rows", tmp_path / "rows", "--objects", "--json")
    assert "ACVD0Y0-0100" not in [one["value"] for one in found["objects"]]


def test_the_list_is_bounded_unless_all_is_asked_for(tmp_path: Path) -> None:
    many = LINES + "".join(f"1.3.6.1.4.1.18334.9.{n}.0|2|{n}\n" for n in range(500))
    path = capture(tmp_path, lines=many)
    first = said("inspect", path, "--objects", "--json")
    assert (len(first["objects"]), first["objects_more"]) == (50, 453)
    assert len(said("inspect", path, "--objects", "--all", "--json")["objects"]) == 503


def test_objects_of_a_live_device_are_asked_for_in_a_recording() -> None:
    code, _, errors = told("inspect", "127.0.0.1", "--objects")
    assert code == 2
    assert "pagewarden agent capture" in errors


def test_check_rows_writes_then_agrees_then_differs(tmp_path: Path) -> None:
    capture(tmp_path / "rows" / "captures")
    row(tmp_path / "rows")
    assert told("agent", "check-rows", tmp_path / "rows")[0] == 1
    assert told("agent", "check-rows", tmp_path / "rows", "--write")[:2] == (0, "c3320i.snmprec: written\n")
    assert told("agent", "check-rows", tmp_path / "rows")[:2] == (0, "c3320i.snmprec: as expected\n")
    row(tmp_path / "rows", ROW.replace("3.1", "9.9"))
    code, out, _ = told("agent", "check-rows", tmp_path / "rows")
    assert code == 1
    assert out == "c3320i.snmprec: differs\n  firmware: ACVD0Y0-0100 -> not reported\n"


def test_check_rows_of_wrong_rows_is_exit_code_2(tmp_path: Path) -> None:
    path = row(tmp_path / "rows", "[oids]\nserial = 7\n")
    code, _, errors = told("agent", "check-rows", tmp_path / "rows", capture(tmp_path / "caps").parent)
    assert code == 2
    assert errors.startswith(f"pagewarden: {path}, line 2: serial: expected a list")


def test_a_capture_that_cannot_be_read_is_a_difference(tmp_path: Path) -> None:
    row(tmp_path / "rows")
    capture(tmp_path / "caps", "bad.zip", "no zip")
    code, out, _ = told("agent", "check-rows", tmp_path / "rows", tmp_path / "caps")
    assert code == 1
    assert "bad.zip: not a readable zip" in out


def test_two_captures_of_one_name_are_refused(tmp_path: Path) -> None:
    row(tmp_path / "rows")
    capture(tmp_path / "caps", "a.snmprec")
    capture(tmp_path / "caps", "a.txt")
    code, _, errors = told("agent", "check-rows", tmp_path / "rows", tmp_path / "caps")
    assert code == 2
    assert "a.snmprec and a.txt would share a.json" in errors


@pytest.mark.parametrize(
    "command", [("agent", "run"), ("agent", "check-config"), ("collector", "serve", "--port", "0")]
)
def test_wrong_rows_at_the_start_are_one_line_and_exit_code_2(tmp_path: Path, command: tuple[str, ...]) -> None:
    path = row(tmp_path / "rows", "name = 1\n")
    config = tmp_path / "settings.toml"
    place = "data_dir" if command[0] == "collector" else "state_dir"
    network = "" if command[0] == "collector" else '[[networks]]\ncidr = "127.9.9.1/32"\nallow_loopback = true\n'
    config.write_text(f'rows_dir = "{tmp_path}/rows"\n{place} = "{tmp_path}/data"\n{network}')
    if command[0] == "collector":
        (tmp_path / "password").write_text("correct horse battery")
        first = ("--tenant", "A", "--site", "B", "--admin-email", "a@example.com")
        made = told("collector", "init", "--data", tmp_path / "data", *first, "--admin-password-file",
                    tmp_path / "password")  # fmt: skip
        assert made[0] == 0, made
    code, out, errors = told(*command, "--config", config)
    assert (code, out) == (2, "")
    assert errors == f"pagewarden: {path}, line 1: name: expected a text, not 1\n"
