"""The catalogue of causes: everything that is registered has one, and every row says what it must."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mibs
from fleet.errors import SettingsError
from fleet.fault import Actor, Condition, Severity
from mibs.alert_names import GROUP_NAMES, NAMES, keyword_of
from mibs.catalogue import UNRECOGNISED, load, read
from mibs.sayings import REMEMBERED, Saying, Sayings
from tests.mibs.registered import KEYWORDS

NOTHING_WRONG = {
    *(4, 6, 7, *range(19, 22), *range(23, 29)), 502, 503, 505, 506, 507, *range(802, 807), 1001, 1005, 1501,
    *range(1503, 1507), 1801, 5210, 6104, 6105,
    *(device * 100 + code for device in range(302, 319) for code in (4, 6, 7, *range(19, 22), *range(23, 29))),
}  # fmt: skip
"""Codes of changes, of rest and of things that are over."""
SAYS_NOTHING = {1, 2}


@pytest.mark.parametrize("code", sorted(NAMES.keys() - SAYS_NOTHING), ids=lambda code: f"{NAMES[code]}({code})")
def test_every_registered_code_has_a_cause(code: int) -> None:
    cause = load().cause(load().cause_for_alert(None, code))
    assert cause.key != UNRECOGNISED, f"{NAMES[code]}({code}) is in no row of mibs/causes"
    assert cause.informative is (code in NOTHING_WRONG), f"{NAMES[code]}({code}) is {cause.key}"


@pytest.mark.parametrize("group", sorted(GROUP_NAMES), ids=lambda group: f"{GROUP_NAMES[group]}({group})")
def test_every_group_gives_the_common_codes_a_cause(group: int) -> None:
    for code in range(3, 39):
        cause = load().cause(load().cause_for_alert(group, code))
        assert cause.key != UNRECOGNISED, f"{NAMES[code]}({code})"


@pytest.mark.parametrize(
    ("group", "code", "cause"),
    [
        (52, 8, "adf-jam"), (30, 8, "finisher-jam"), (13, 8, "media-jam"), (9, 15, "output-full"),
        (11, 15, "waste-full"), (9, 14, "output-near-full"), (8, 33, "input-tray-failed"), (30, 33, "finisher-failed"),
        (10, 38, "fuser-over-temp"),
        (3, 31, "storage-failed"), (61, 30, "fax-failed"), (51, 30, "scanner-failed"), (None, 30213, "staples-empty"),
        (None, 30212, "staples-low"), (None, 31108, "cutter-jam"), (None, 30815, "punch-waste-full"),
        (6, 9, "unit-missing"),
        (None, 31003, "finisher-open"), (11, 1129, "waste-box-missing"), (8, 814, "media-misfeed"),
    ],
)  # fmt: skip
def test_a_code_means_what_its_group_is(group: int | None, code: int, cause: str) -> None:
    assert load().cause_for_alert(group, code) == cause


def test_every_error_bit_has_a_cause() -> None:
    assert {condition for condition in Condition if load().cause_for_condition(condition) == UNRECOGNISED} == set()


@pytest.mark.parametrize("suffix", ["", "-report", "-warning", "-error"])
def test_every_registered_keyword_has_a_cause_with_any_suffix(suffix: str) -> None:
    assert [word for word in KEYWORDS if load().cause_for_reason(word + suffix)[0] == UNRECOGNISED] == []


def test_registered_keywords_and_codes_of_one_name_have_one_cause() -> None:
    """PWG 5100.9 made keywords of the names of alert codes; both must lead to one ticket."""
    apart = {
        name
        for code, name in NAMES.items()
        if keyword_of(name) in KEYWORDS
        and load().cause_for_reason(keyword_of(name))[0] != load().cause_for_alert(None, code)
    }
    # A tray that was just changed is no news to SNMP; as a standing reason it waits for somebody to confirm its size.
    # "power-down" is a printer at rest (PWG 5100.22), powerDown one that is being switched off.
    assert apart == {"other", "powerDown", "inputMediaSizeChange", "inputMediaTypeChange"}


@pytest.mark.parametrize(
    ("word", "cause"),
    [
        ("stapler-interlock-open-warning", "finisher-open"), ("printer-nms-reset", "ready"),
        ("input-media-tray-feed-error", "media-misfeed"), ("input-media-tray-feed-error-error", "media-misfeed"),
        ("MARKER-SUPPLY-LOW-WARNING", "toner-low"), ("separation-cutter-unrecoverable-failure", "finisher-failed"),
        ("marker-waste-toner-receptacle-ful", "waste-full"), ("fan-failure-error", "fan-failed"),
    ],
)  # fmt: skip
def test_keywords_find_their_cause(word: str, cause: str) -> None:
    assert load().cause_for_reason(word)[0] == cause


ESCL = """Idle Processing Testing Stopped Down ScannerAdfProcessing ScannerAdfEmpty ScannerAdfJam ScannerAdfLoaded
ScannerAdfMispick ScannerAdfHatchOpen ScannerAdfDuplexPageTooShort ScannerAdfDuplexPageTooLong
ScannerAdfMultipickDetected ScannerAdfInputTrayFailed ScannerAdfInputTrayOverloaded"""
AT_WORK = {"Idle", "Processing", "Testing", "ScannerAdfProcessing", "ScannerAdfEmpty", "ScannerAdfLoaded"}


@pytest.mark.parametrize("word", ESCL.split())
def test_every_escl_state_has_a_cause(word: str) -> None:
    cause = load().cause(load().by_escl.get(word, ""))
    assert cause.key != UNRECOGNISED
    assert cause.informative is (word in AT_WORK)


def test_every_part_of_erst_and_the_failure_of_pjlink_have_a_cause() -> None:
    assert {"fan", "lamp", "temperature", "cover", "filter", "other", "ERR4"} <= load().by_pjlink.keys()


WSD = """
AttentionRequired Calibrating CoverOpen InterlockOpen InternalStorageFull LampError LampWarming MediaJam
MultipleFeedError DoorOpen MarkerFailure MarkerSupplyLow MarkerSupplyEmpty MediaEmpty MediaLow MediaNeeded
OutputAreaAlmostFull OutputAreaFull Paused Standby PowerDown
"""


@pytest.mark.parametrize("word", WSD.split())
def test_the_state_reasons_of_ws_scan_and_ws_print_are_keywords_too(word: str) -> None:
    assert load().cause_for_reason(keyword_of(word))[0] != UNRECOGNISED


# What a row must say


def test_every_cause_speaks_both_languages() -> None:
    for cause in load().causes.values():
        assert all(cause.title[language] for language in ("en", "zh")), cause.key
        assert len(cause.steps["en"]) == len(cause.steps["zh"]), cause.key
        assert cause.informative or cause.steps["en"], cause.key
        assert not any("，" in step or "。" in step for step in cause.steps["en"]), cause.key
        assert all(any("\u4e00" <= char <= "\u9fff" for char in step) for step in cause.steps["zh"]), cause.key


def test_what_needs_nobody_opens_no_ticket() -> None:
    for cause in load().causes.values():
        if cause.informative:
            assert not cause.ticket, cause.key
            assert cause.severity is not Severity.CRITICAL, cause.key


def test_a_ticket_for_a_technician_names_what_he_may_need() -> None:
    bare = {c.key for c in load().causes.values() if c.ticket and c.actor is Actor.TECHNICIAN and not c.parts}
    assert bare <= {"sensor-failed", "unit-failed", "unit-life-over", "service-requested", "maintenance-overdue",
                    "projector-error"}  # fmt: skip


# What makers say


def _sayings() -> list[tuple[Saying, str]]:
    return [(saying, example) for saying in load().sayings for example in saying.examples or ("",)]


@pytest.mark.parametrize(("saying", "example"), _sayings(), ids=lambda part: part if isinstance(part, str) else "")
def test_every_saying_finds_its_example_first(saying: Saying, example: str) -> None:
    said = load().said_in(example, saying.vendor)
    assert said is not None, example
    assert said.saying is saying, f"{example}: {said.saying.pattern.pattern}"


def test_every_maker_with_codes_of_its_own_has_rows() -> None:
    makers = {saying.vendor for saying in load().sayings}
    assert {"xerox", "ricoh", "konica_minolta", "kyocera", "sharp", "canon", "epson", "hp", "lexmark", "brother",
            "samsung", "toshiba", None} <= makers  # fmt: skip


HARMLESS = (
    "bizhub C250i", "bizhub C3350", "ineo+ 3110", "ECOSYS P2040dn", "TASKalfa 2552ci", "IM C5500", "MP C3004",
    "SC-F6000", "SC 3000 pages", "WF-C5790", "ET-M1170", "EW-052A", "MX-2651", "AR-M207", "LBP6030",
    "iR-ADV C5535", "E-STUDIO2505AC", "HP LaserJet 4250", "HP Color LaserJet M553", "HP OfficeJet 8600",
    "CS725de", "MS610dn", "MX711", "HL-L8260CDW", "MFC-J5320DW", "DCP-9020CDW", "SL-M4080FX", "M2070FW",
    "Phaser 6180", "WorkCentre 7845", "C7580", "VersaLink C405", "TN-3480", "TK-1150", "C-EXV 49", "CF410A",
    "W-9014MC", "1300 pages", "13 pages", "412 pages left", "49 %", "79%", "50.5 %", "200.5",
    "2026-03-04 09:12", "10.0.0.31", "192.168.13.20", "Tray 2: A4 Plain", "Black Cartridge HP CF410A",
    "123-456", "FS-1030D", "J4580", "E120", "E260dn", "C4180", "C610",
)  # fmt: skip
"""Models, order codes, counts, addresses: none of them is a fault."""


@pytest.mark.parametrize("text", HARMLESS)
def test_models_counts_and_addresses_are_no_faults(text: str) -> None:
    for vendor in {saying.vendor for saying in load().sayings}:
        said = load().said_in(text, vendor)
        if said and said.saying.cause != UNRECOGNISED and text not in OWN_CODES.get(vendor or "", ()):
            pytest.fail(f"{text} of {vendor} is taken for {said.saying.cause}: {said.saying.pattern.pattern}")


OWN_CODES = {
    "canon": ("E120",), "toshiba": ("E120", "C610"), "konica_minolta": ("C4180", "C7580", "J4580"),
    "kyocera": ("C4180", "C7580", "J4580"),
    "hp": ("10.0.0.31",),
}  # fmt: skip
"""What looks like a model of another maker is this maker's own code."""


AT_EASE = """
Sleep; Sleep Mode; Deep Sleep; Energy saving; Power save; Energiesparmodus; Ruhezustand; En veille;
Modo de reposo; Modalità riposo; Slaapstand; Viloläge; Uyku Modu; TRYB UŚPIENIA; Oczekiwanie;
Спящий режим; 休眠; 待机中; 节能模式; スリープ中; 절전 모드; Ready; Ready to print; Idle; Bereit;
Druckbereit; Prêt; Lista; Preparado; Pronto; Pronta per stampare; Gereed; Klar; Redo; Valmis;
Gotowa; Připraveno; Kész; Hazır; Готов; Готова к печати; 就绪; 准备就绪; 可以打印; 印刷できます;
印刷可能; 準備完了; 준비; Warming up; Please wait; Aufwärmphase; Bitte warten; Préchauffage;
Veuillez patienter; Calentando; Attendere; Proszę czekać; Прогрев; Подождите; 预热中; 请等待;
请稍候; お待ちください; ウォームアップ中; Processing...; Ready Tray 1 A4
"""
TROUBLE = """
Not ready; Printer not ready; NOT READY: spare roller; Nicht bereit; Pas prêt; N'est pas prêt;
No está lista; Non pronto; Non pronta; Não está pronta; Niet gereed; Ikke klar; Inte redo;
Ei valmis; Nie gotowa; Není připravena; Не готов; Принтер не готов; Hazır değil; 未就绪; 未准备好;
没有准备好; 無法就绪; 準備ができていません; Ready: Replace belt; Ready, toner low; Sleep error 3;
Bereit - Papier nachlegen; Ready Load paper; Standby: fuser error; Please wait, door open;
请稍候 更换硒鼓
"""


@pytest.mark.parametrize("text", [text.strip() for text in AT_EASE.split(";")])
def test_a_device_at_ease_has_no_fault(text: str) -> None:
    said = load().said_in(text, None)
    assert said is not None
    assert load().cause(said.saying.cause).informative


@pytest.mark.parametrize("text", [text.strip() for text in TROUBLE.split(";")])
@pytest.mark.parametrize("vendor", [None, "brother", "hp"])
def test_words_of_rest_in_a_complaint_hide_nothing(text: str, vendor: str | None) -> None:
    said = load().said_in(text, vendor)
    assert said is None or not load().cause(said.saying.cause).informative


@pytest.mark.parametrize(
    ("text", "vendor", "cause", "code"),
    [
        ("SC542", "ricoh", "fuser-failed", "SC542"),
        ("SC542", None, None, None),
        ("Functional Problem SC 559-00", "ricoh", "fuser-failed", "SC 559-00"),
        ("bizhub C-2557 installed", "konica_minolta", None, None),
        ("Call service C6000:0123456", "kyocera", "fuser-failed", "C6000"),
        ("请联系维修 C6000", "kyocera", "fuser-failed", "C6000"),
        ("HP LaserJet 49.4C02", "hp", None, None),
        ("13.A3.D3 Jam in tray 3", "hp", "media-jam", "13.A3.D3"),
        ("093-912 Replace toner", "xerox", "toner-empty", "093-912"),
        ("127-999 something", "xerox", UNRECOGNISED, "127-999"),
        ("Cyan patron mycket låg, 412 återstående sidor ca", "lexmark", "toner-low", None),
        ("Mało toneru (Y)", None, "toner-low", None),
        ("TROMMEL ERSETZ.", "brother", "drum-over", None),
        ("", "hp", None, None),
    ],
)
def test_codes_and_words_of_makers(text: str, vendor: str | None, cause: str | None, code: str | None) -> None:
    said = load().said_in(text, vendor)
    assert ((said.saying.cause, said.code) if said else (None, None)) == (cause, code)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('code = "A("\ncause = "media-jam"', r"codes/any\.toml, line \d+: A\(: not a regular expression"),
        ('code = "A1"\ncause = "zorgle"', "zorgle: no such cause"),
        ('code = "A1"\ntext = "b"\ncause = "media-jam"', "needs either code or text"),
        ('code = "A1"\ncause = "media-jam"\nactor = "dog"', "must be known words"),
        ('code = "A1"\ncause = "media-jam"\ncolour = "red"', "colour: unknown key"),
    ],
)
def test_a_wrong_saying_is_named(tmp_path: Path, row: str, said: str) -> None:
    for folder in ("causes", "vendors", "standards", "supplies"):
        shutil.copytree(Path(mibs.__file__).parent / folder, tmp_path / folder)
    path = tmp_path / "causes" / "codes" / "any.toml"
    path.write_text(f"{path.read_text('utf-8')}\n[[say]]\n{row}\n", "utf-8")
    with pytest.raises(SettingsError, match=said):
        read(tmp_path)


def test_codes_of_a_maker_nobody_knows_are_refused(tmp_path: Path) -> None:
    for folder in ("causes", "vendors", "standards", "supplies"):
        shutil.copytree(Path(mibs.__file__).parent / folder, tmp_path / folder)
    (tmp_path / "causes" / "codes" / "zorgle.toml").write_text("", "utf-8")
    with pytest.raises(SettingsError, match=r"codes/zorgle\.toml.*no maker 'zorgle'"):
        read(tmp_path)


def test_two_rows_for_one_code_of_every_finisher_are_refused(tmp_path: Path) -> None:
    for folder in ("causes", "vendors", "standards", "supplies"):
        shutil.copytree(Path(mibs.__file__).parent / folder, tmp_path / folder)
    path = tmp_path / "causes" / "finishing.toml"
    path.write_text(path.read_text("utf-8").replace('"30:8",', '"30:8", "finisher:9",', 1), "utf-8")
    with pytest.raises(SettingsError, match=r"finishing\.toml, line \d+: finisher:9: .*claimed by finisher"):
        read(tmp_path)


@given(st.text(max_size=300), st.sampled_from([None, "hp", "ricoh", "xerox", "brother", "nobody"]))
def test_any_text_has_one_meaning_or_none(text: str, vendor: str | None) -> None:
    first = load().said_in(text, vendor)
    assert load().said_in(text, vendor) == first
    assert first is None or first.saying.vendor in (vendor, None)


def test_no_more_texts_are_remembered_than_are_useful() -> None:
    sayings = Sayings(load().sayings)
    for number in range(REMEMBERED + 50):
        assert sayings.said_in(f"Zorgle {number}", "hp") is None
    assert sayings.remembered == REMEMBERED
    assert sayings.said_in("Paper jam in tray 2", "hp") is not None
