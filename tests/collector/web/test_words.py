"""Everything that is said can be said in Chinese too, and says the same."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from alerts.rules import supply_low
from collector.desk import intake
from collector.supply import reorder
from collector.web import i18n, labels
from collector.web.i18n import Words, chosen
from collector.web.sentences import SENTENCES, told
from fleet.fault import Activity
from fleet.order import MOVES as ORDER_MOVES
from fleet.order import OrderState
from fleet.reading import Kind
from fleet.supply import SupplyType
from fleet.ticket import TicketState
from mibs.catalogue import load

ROOM = Path(i18n.__file__).parent
ENGLISH, CHINESE = Words("en"), Words("zh")
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
NOW = datetime(2026, 3, 28, 9, 25, tzinfo=UTC)


def texts(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


@pytest.fixture(scope="module")
def said() -> dict[tuple[str, ...], Message]:
    """What the code and the templates say."""
    methods, options = parse_mapping_cfg(io.StringIO((ROOM / "babel.cfg").read_text()))
    found = Catalog()
    for _, _, text, _, _ in extract_from_dir(str(ROOM), methods, options, keywords=KEYWORDS):
        found.add(text)
    return {texts(message): message for message in found if message.id}


@pytest.fixture(scope="module")
def known() -> Catalog:
    path = ROOM / "locale" / "zh_Hans" / "LC_MESSAGES" / "messages.po"
    return read_po(io.BytesIO(path.read_bytes()), locale="zh_Hans")


def test_the_catalogue_has_what_is_said_and_nothing_else(said: object, known: Catalog) -> None:
    assert isinstance(said, dict)
    have = {texts(message) for message in known if message.id}
    assert len(said) > 200
    assert set(said) - have == set(), "not translated"
    assert have - set(said) == set(), "nobody says this any more"
    assert not known.obsolete


def test_every_text_is_translated_with_the_same_gaps(known: Catalog) -> None:
    for message in known:
        if not message.id:
            continue
        translated = (message.string,) if isinstance(message.string, str) else message.string
        assert all(translated), message.id
        assert not message.fuzzy, message.id
        wanted = set(re.findall(r"%\((\w+)\)s", " ".join(texts(message))))
        for text in translated:
            assert set(re.findall(r"%\((\w+)\)s", text)) == wanted, message.id
            assert text.count("%%") == texts(message)[0].count("%%"), message.id


def test_chinese_has_its_own_punctuation(known: Catalog) -> None:
    for message in known:
        text = " ".join(message.string) if isinstance(message.string, tuple) else message.string
        assert not re.search(r"[一-鿿][,;:?!]|[,;:?!][一-鿿]", text or ""), text


@pytest.mark.parametrize(
    ("table", "members"),
    [
        (labels.KINDS, Kind),
        (labels.SUPPLIES, SupplyType),
        (labels.ORDER_STATES, OrderState),
        (labels.TICKET_STATES, TicketState),
    ],
)
def test_every_thing_has_a_word(table: dict[str, object], members: type) -> None:
    assert set(table) == {str(member) for member in members}  # type: ignore[attr-defined]


def test_every_move_has_a_button() -> None:
    reached = {after for moves in ORDER_MOVES.values() for after in moves}
    assert set(labels.ORDER_VERBS) == reached
    assert Activity.ASLEEP in labels.STANDINGS


def test_every_part_of_the_catalogue_has_a_name() -> None:
    parts = {part for cause in load().causes.values() for part in cause.parts}
    assert parts <= set(labels.PARTS)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("4% left; order point 15%", "剩余 4%，订购点 15%"),
        ("4% left; it is time at 15%", "剩余 4%，达到订购点 15%"),
        ("Mail to vendor@supplies.example", "已发邮件至 vendor@supplies.example"),
        ("The device reports: Paper jam (100%s)", "设备上报：Paper jam (100%s)"),
        ("no answer to SNMP and IPP at 10.0.0.5 for 3 rounds", "10.0.0.5 连续 3 轮未应答 SNMP和IPP"),
        ("used up", "已用尽"),
        ("somebody's own words", "somebody's own words"),
        ("", ""),
    ],
)
def test_the_collector_s_sentences_are_known_again(english: str, chinese: str) -> None:
    assert told(CHINESE, english) == chinese
    assert told(ENGLISH, english) == english


def literals(module: object) -> Iterator[str]:
    """The sentences written in a module, gaps as an X: strings and f-strings that are no docstrings."""
    tree = ast.parse(Path(str(module.__file__)).read_text())  # type: ignore[attr-defined]
    loose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not {id(node)} & (loose | inside):
            yield node.value


def test_no_sentence_of_the_collector_is_left_out() -> None:
    """Whatever sentence is added where reasons are written must be added to the list too."""
    written = {text for module in (supply_low, intake, reorder) for text in literals(module)}
    sentences = {text for text in written if re.match(r"(the |The |Nobody|Mail to|\w+% |X% )", text) and " " in text}
    assert len(sentences) >= 8
    for text in sentences:
        assert told(CHINESE, text) != text, text


def test_no_sentence_hides_another() -> None:
    for sentence in SENTENCES:
        filled = sentence.replace("%%", "%")
        filled = re.sub(r"%\(\w+\)s", "7", filled)
        expected = CHINESE._(sentence)
        expected = re.sub(r"%\(\w+\)s", "7", expected).replace("%%", "%")
        assert told(CHINESE, filled) == expected


@pytest.mark.parametrize(
    ("before", "english", "chinese"),
    [
        (timedelta(seconds=1), "just now", "刚刚"),
        (timedelta(minutes=5), "5 min ago", "5分钟前"),
        (timedelta(hours=3), "3 hr ago", "3小时前"),
        (timedelta(days=3), "25 Mar 10:25", "3月25日 10:25"),
    ],
)
def test_times_are_said_as_people_say_them(before: timedelta, english: str, chinese: str) -> None:
    zone = "Europe/Berlin"
    assert ENGLISH.ago(NOW - before, NOW, zone) == english
    assert CHINESE.ago(NOW - before, NOW, zone) == chinese


def test_a_zone_nobody_knows_is_utc() -> None:
    assert ENGLISH.moment(NOW, "Mars/Olympus") == "28 Mar 09:25"
    assert ENGLISH.moment(None) == "–"
    assert ENGLISH.number(None) == ENGLISH.percent(None) == "?"
    assert ENGLISH.number(1_234_567) == "1,234,567"


def test_what_is_chosen_counts_most() -> None:
    assert chosen("zh", "en", "en", "en") == "zh"
    assert chosen(None, None, None, "zh-TW,en") == "zh"
    assert chosen("x", "x", "x", "") == "en"
