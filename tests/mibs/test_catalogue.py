"""The rows of mibs/: the real ones are sound, and a wrong one is named by file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import mibs
from fleet.errors import SettingsError
from fleet.fault import Condition, Severity
from mibs.alert_names import GROUP_NAMES, NAMES
from mibs.catalogue import Catalogue, load, read
from mibs.match import match_text

NEEDED = ("media-jam", "door-open", "media-empty", "toner-low", "toner-empty", "waste-full", "drum-over", "lamp-failed",
          "supply-low", "device-silent", "agent-silent", "unrecognised")  # fmt: skip


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """A copy of the real rows, to be spoiled."""
    source = Path(mibs.__file__).parent
    for folder in ("causes", "vendors", "standards", "supplies"):
        shutil.copytree(source / folder, tmp_path / folder)
    return tmp_path


def test_every_cause_speaks_both_languages() -> None:
    for cause in load().causes.values():
        assert all(cause.title[language] for language in ("en", "zh")), cause.key
        assert len(cause.steps["en"]) == len(cause.steps["zh"]), cause.key
        assert cause.informative or cause.steps["en"], cause.key
    assert {*NEEDED} <= load().causes.keys()


def test_every_error_bit_has_a_cause() -> None:
    assert all(load().cause_for_condition(condition) != "unrecognised" for condition in Condition)


@pytest.mark.parametrize(
    ("keyword", "cause", "severity"),
    [
        ("media-jam", "media-jam", None),
        ("media-jam-error", "media-jam", Severity.CRITICAL),
        ("marker-waste-almost-full-warnin", "waste-almost-full", Severity.WARNING),
        ("zorgle-warning", "unrecognised", Severity.WARNING),
        ("none", "ready", None),
    ],
)
def test_state_reasons_find_their_cause(keyword: str, cause: str, severity: Severity | None) -> None:
    assert load().cause_for_reason(keyword) == (cause, severity)


def test_group_and_code_find_their_cause() -> None:
    catalogue: Catalogue = load()
    assert catalogue.cause_for_alert(13, 8) == "media-jam"
    assert catalogue.cause_for_alert(11, 1101) == "toner-empty"
    assert catalogue.cause_for_alert(8, 808) == "media-empty"
    assert catalogue.cause_for_alert(99, 99) == "unrecognised"


@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        ("vendors/hp.toml", 'colour = "red"\n', r"hp\.toml, line 1.*colour: unknown key"),
        ("vendors/zorgle.toml", 'name = "Z"\nenterprises = [11]\n', r"zorgle\.toml, line 2.*claimed by hp"),
        (
            "vendors/zorgle.toml",
            'name = "Z"\n[oids]\nserial = ["1.2.x"]\n',
            r"zorgle\.toml, line 3.*1\.2\.x: not an object name",
        ),
        ("causes/zorgle.toml", "[zorgle]\nseverity = \n", r"zorgle\.toml, line 2: is not TOML"),
        ("causes/zorgle.toml", '[media-jam]\nseverity="other"\n', r"zorgle\.toml, line 1|paper\.toml, line"),
    ],
)
def test_a_wrong_row_is_named(rows: Path, file: str, line: str, said: str) -> None:
    path = rows / file
    path.write_text(line + (path.read_text("utf-8") if path.exists() else ""), "utf-8")
    with pytest.raises(SettingsError, match=said):
        read(rows)


@pytest.mark.parametrize(
    "text",
    [
        "Cisco IOS Software, C2960",
        "HP J4121A ProCurve Switch 4000M",
        "Linux nas 5.10",
        "APC Metered Rack PDU",
        "RouterOS RB1100AHx2",
    ],
)
def test_other_things_on_the_network_are_not_printers(text: str) -> None:
    assert match_text(load(), text) is None


def test_every_alert_code_claimed_is_registered() -> None:
    for claim in load().by_alert:
        group, colon, rest = claim.partition(":")
        code, _, _ = (rest if colon else group).partition(":")
        assert int(code) in NAMES, claim
        assert not colon or int(group) in GROUP_NAMES, claim


def test_every_quirk_named_in_a_row_exists() -> None:
    from agent.normalise.quirks import QUIRKS

    named = {quirk for vendor in load().vendors for quirk in vendor.quirks}
    assert named == set(QUIRKS)


def test_every_cause_has_steps_or_is_informative() -> None:
    for cause in load().causes.values():
        for language in ("en", "zh"):
            assert cause.title[language]
            assert cause.informative or cause.steps[language], cause.key
