"""Own rows over those of the program: they extend and add, and a wrong one is named by its real path and line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.counter import CounterName
from fleet.errors import SettingsError
from mibs.catalogue import load as built_in
from mibs.match import vendor_in
from mibs.overlay import load, read

ACME = 'name = "Acme"\nenterprises = [99999]\nwords = ["acme"]\nseries = ["zorg\\\\d"]\n'


def put(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_no_folder_is_the_catalogue_of_the_program() -> None:
    assert load(None) is built_in()


def test_an_empty_folder_changes_nothing(tmp_path: Path) -> None:
    assert load(tmp_path).vendors == built_in().vendors
    assert load(tmp_path).supplies == built_in().supplies


def test_a_new_maker_is_known_and_looked_at_first(tmp_path: Path) -> None:
    put(tmp_path, "vendors/acme.toml", ACME)
    found = load(tmp_path)
    assert found.vendors[0].name == "Acme"
    assert found.vendors[1:] == built_in().vendors
    by_number = found.vendor_of_enterprise(99999)
    assert by_number is not None
    assert by_number.key == "acme"
    assert vendor_in(found, "zorg7 x") == by_number


def test_a_row_of_a_known_maker_extends_it_the_own_first(tmp_path: Path) -> None:
    put(tmp_path, "vendors/kyocera.toml", '[counters]\nprint_total = ["1.3.6.1.4.1.1347.9.1"]\n')
    before = next(v for v in built_in().vendors if v.key == "kyocera")
    after = next(v for v in load(tmp_path).vendors if v.key == "kyocera")
    own = (1, 3, 6, 1, 4, 1, 1347, 9, 1)
    assert after.counters[CounterName.PRINT_TOTAL] == (own, *before.counters[CounterName.PRINT_TOTAL])
    assert (after.oids, after.words, after.name) == (before.oids, before.words, before.name)
    assert [v.key for v in load(tmp_path).vendors] == [v.key for v in built_in().vendors]


def test_own_supplies_and_causes_join_the_others(tmp_path: Path) -> None:
    put(tmp_path, "supplies/acme.toml", 'maker = "Acme"\n[[family]]\nname = "Z"\nfits = ["Zorg 1"]\ntype = "toner"\n'
        'color = "black"\nparts = [{ code = "ZX-100", yield = 4000 }]\n')  # fmt: skip
    put(tmp_path, "vendors/acme.toml", ACME)
    put(tmp_path, "causes/codes/acme.toml", '[[say]]\ncode = "Z99"\ncause = "media-jam"\n')
    found = load(tmp_path)
    part = found.supplies.part("zx100")
    assert part is not None
    assert part.rated_yield == 4000
    said = found.said_in("Error Z99", "acme")
    assert said is not None
    assert (said.saying.cause, said.code) == ("media-jam", "Z99")
    assert built_in().supplies.part("zx100") is None


@pytest.mark.parametrize(
    ("file", "text", "line", "said"),
    [
        ("vendors/acme.toml", ACME + 'colour = "red"\n', 5, "colour: unknown key"),
        ("vendors/acme.toml", '# enterprises: 1347\nname = "Z"\nenterprises = [1347]\n', 3, "claimed by kyocera"),
        ("vendors/kyocera.toml", "\nenterprises = [11]\n", 2, "claimed by hp"),
        ("vendors/acme.toml", ACME + "[oids]\nserial = 7\n", 6, "serial: expected a list, as in serial = [...], not 7"),
        ("vendors/acme.toml", ACME + '[oids]\nserial = ["1.2.x"]\n', 6, "not an object name"),
        ("vendors/acme.toml", 'words = "acme"\n', 1, "words: expected a list"),
        ("vendors/acme.toml", 'words = ["acme"]\n', 1, "needs a name"),
        ("vendors/acme.toml", ACME + 'enterprises = ["x"]\n', 5, "is not TOML: Cannot overwrite a value"),
        ("vendors/acme.toml", ACME + 'kind = "toaster"\n', 5, "toaster: no kind of device"),
        ("vendors/acme.toml", ACME + 'quirks = ["magic"]\n', 5, "magic: unknown key"),
        ("vendors/acme.toml", ACME + '[sums]\ntotal = ["pages"]\n', 6, "pages: unknown key"),
        ("vendors/acme.toml", ACME + '[counters]\npages = ["1.3.6.1"]\n', 6, "pages: unknown key"),
        ("vendors/acme.toml", ACME + 'model_in = ["(x"]\n', 5, "not a regular expression"),
        ("vendors/acme.toml", ACME + "\nname\n", 6, "is not TOML"),
        ("vendors/acme.toml", "labelled = [1]\n", 1, "labelled: expected a table"),
        ("supplies/brother.toml", '[[family]]\nname = "Z"\nparts = [{ code = "TN-2420" }]\n', 3, "no such type"),
        ("supplies/acme.toml", 'maker = "Acme"\n[[family]]\nname = "Z"\nfits = ["Z"]\ntype = "toner"\n'
         'parts = [{ code = "A1", yield = "many" }]\n', 6, "yield: expected a whole number, not 'many'"),
        ("causes/acme.toml", '[media-jam]\nseverity = "warning"\nactor = "user"\n', 1, "media-jam"),
        ("causes/paper.toml", '[media-jam]\nseverity = "loud"\n', 1, "severity and actor must be known words"),
        ("causes/codes/acme.toml", '[[say]]\ncode = "Z1"\ncause = "zorgle"\n', 1, "no maker 'acme'"),
        ("causes/codes/hp.toml", '[[say]]\ncode = "Z1"\ncause = "zorgle"\n', 3, "zorgle: no such cause"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_named_by_its_real_path_and_line(
    tmp_path: Path, file: str, text: str, line: int, said: str
) -> None:
    path = put(tmp_path, file, text)
    with pytest.raises(SettingsError, match=re.escape(said)) as caught:
        load(tmp_path)
    assert str(caught.value).startswith(f"{path}, line {line}: ")


def test_what_is_not_utf8_is_named_by_its_line(tmp_path: Path) -> None:
    path = put(tmp_path, "vendors/acme.toml", "")
    path.write_bytes(ACME.encode() + b'brands = "\xff"\n')
    with pytest.raises(SettingsError, match=r"acme\.toml, line 5: is not UTF-8"):
        load(tmp_path)


def test_a_mark_of_an_editor_and_windows_lines_do_no_harm(tmp_path: Path) -> None:
    path = put(tmp_path, "vendors/acme.toml", "")
    path.write_bytes(b"\xef\xbb\xbf" + ACME.replace("\n", "\r\n").encode())
    assert load(tmp_path).vendors[0].name == "Acme"


@pytest.mark.parametrize("name", ["acme.toml", "vendor/acme.toml"])
def test_rows_where_nobody_reads_them_are_told_of(tmp_path: Path, name: str) -> None:
    put(tmp_path, name, ACME)
    with pytest.raises(SettingsError, match="vendors, supplies"):
        load(tmp_path)


def test_captures_and_hidden_folders_may_lie_beside_the_rows(tmp_path: Path) -> None:
    put(tmp_path, "captures/laser.txt", "x")
    put(tmp_path, ".git/config.toml", "x")
    assert load(tmp_path).vendors == built_in().vendors


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nowhere: there is no such folder"):
        load(tmp_path / "nowhere")


VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(-9, 9), st.floats(0, 9), st.sampled_from(["a", "", "(", "1.3.6.1", "toner"])),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["*", "code", "name", "cause"]), inner),
    max_leaves=4,
)
KEYS = ("name", "words", "enterprises", "oids", "counters", "sums", "labelled", "kinds", "kind", "quirks", "maker",
        "family", "form", "say", "not_at_ease", "media-jam", "phrase", "code", "serial", "walk", "brands")  # fmt: skip


def as_toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(as_toml, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}" = {as_toml(item)}' for key, item in value.items()) + "}"
    return f"'{value}'" if isinstance(value, str) else repr(value)


@settings(max_examples=50, deadline=None)
@given(
    room=st.sampled_from(["vendors/hp", "vendors/acme", "supplies/hp", "supplies/acme", "supplies/origin",
                          "supplies/labels", "causes/acme", "causes/paper", "causes/codes/hp"]),
    rows=st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=3),
)  # fmt: skip
def test_whatever_the_rows_hold_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, room: str, rows: dict[str, object]
) -> None:
    root = tmp_path_factory.mktemp("rows")
    path = put(root, f"{room}.toml", "".join(f'"{key}" = {as_toml(value)}\n' for key, value in rows.items()))
    told = ""
    try:
        read(root)
    except SettingsError as error:
        told = str(error)
    assert told == "" or told.startswith(f"{path}, line ")
