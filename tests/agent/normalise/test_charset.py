"""Texts in the character sets devices use: what they claim, what they send, and what they claim wrongly."""

from __future__ import annotations

import unicodedata
from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agent.normalise.charset import MIBENUM, decode
from fleet.kit.text import clean

SAID = {
    "ascii": "Ready", "utf-8": "TRYB UŚPIENIA", "iso8859-1": "Gerät prüfen", "iso8859-2": "Włóż papier",
    "iso8859-5": "Спящий режим", "iso8859-7": "Έτοιμος", "iso8859-9": "Kağıt sıkıştı", "hp-roman8": "Fach 2 öffnen",
    "shift_jis": "用紙がありません", "euc_jp": "トナー残りわずか", "iso2022_jp": "紙づまり", "gb2312": "请等待",
    "gbk": "紙張卡住", "gb18030": "碳粉不足", "big5": "碳粉不足", "euc_kr": "용지 없음", "utf-16-be": "Prêt",
    "utf-16-le": "Готов", "utf-16": "缺纸", "cp850": "Gerät öffnen", "cp437": "Papier einfüllen", "koi8-r": "Нет",
    "cp1250": "Připraveno", "cp1251": "Нет бумаги", "cp1252": "Prêt – veille", "cp1253": "Έτοιμος",
    "cp1254": "Kağıt yok", "cp1257": "Paruoštas", "tis-620": "กระดาษหมด", "cp866": "Нет бумаги", "cp932": "①用紙切れ",
}  # fmt: skip


@pytest.mark.parametrize("number", sorted(MIBENUM))
def test_a_text_in_the_set_the_device_names(number: int) -> None:
    name = MIBENUM[number]
    text = SAID.get(name, "Plain text 123")
    assert decode(text.encode(name), number) == text
    assert decode(f"{text}\0".encode(name), number) == text


BLOCKS = ((0x20, 0x7F), (0xA1, 0x250), (0x384, 0x460), (0x5D0, 0x660), (0xE01, 0xE5C), (0x2010, 0x2030),
          (0x3041, 0x30FF), (0x4E00, 0x4E90), (0x7535, 0x7560), (0xAC00, 0xAC40))  # fmt: skip
LETTERS = "".join(chr(code) for first, last in BLOCKS for code in range(first, last))


@cache
def alphabet(name: str) -> str:
    """What of LETTERS the set holds, and comes back from it as it went."""
    return "".join(char for char in LETTERS if char.encode(name, "ignore").decode(name, "ignore") == char)


def texts(number: int) -> st.SearchStrategy[tuple[int, str]]:
    return st.tuples(st.just(number), st.text(alphabet(MIBENUM[number]), max_size=40).map(clean))


@given(st.sampled_from(sorted(MIBENUM)).flatmap(texts))
def test_every_set_there_and_back(asked: tuple[int, str]) -> None:
    """What is valid UTF-8, begins with a byte order mark, or is made of ASCII words is read as that: left out here."""
    number, said = asked
    name = MIBENUM[number]
    data = said.encode(name)
    wide = name.startswith(("utf-16", "utf-32"))
    assume(not data.isascii() or not wide or b"\0" in data)
    assume(wide or said.isascii() or name == "utf-8" or not valid_utf8(data))
    assume(wide or not data.startswith((b"\xff\xfe", b"\xfe\xff")))
    assume(not name.startswith("iso8859") or not set(data) & {*range(0x80, 0xA0)})
    assume(data.decode(name) == said)  # combining letters and escapes may join
    assert decode(data, number) == (said or None)


def valid_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@given(st.binary(max_size=400), st.one_of(st.none(), st.sampled_from(sorted(MIBENUM)), st.integers()))
def test_any_octets_in_any_set_are_clean_text(data: bytes, charset: int | None) -> None:
    text = decode(data, charset)
    assert text is None or (text == clean(text) and text)
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn") for char in text or "")


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("请等待".encode(), 4, "请等待"),
        ("请等待".encode("gb2312"), None, "请等待"),
        ("请等待".encode("gb2312"), 106, "请等待"),
        ("碳粉即将用尽".encode("gbk"), 3, "碳粉即将用尽"),
        ("Спящий режим".encode("cp1251"), 106, "Спящий режим"),
        ("Спящий режим".encode("koi8-r"), None, "Спящий режим"),
        ("トナーがありません".encode("cp932"), 106, "トナーがありません"),
        ("トナーがありません".encode("euc_jp"), None, "トナーがありません"),
        ("Gerät öffnen".encode("cp850"), 106, "Gerät öffnen"),
        ("Prêt – 5 €".encode("cp1252"), 4, "Prêt – 5 €"),
        ("Veuillez fermer le capot arrière".encode("latin-1"), None, "Veuillez fermer le capot arrière"),
        ("Bezig met initialiseren: één".encode("latin-1"), 106, "Bezig met initialiseren: één"),
        ("Åpne døren".encode("latin-1"), 106, "Åpne døren"),
        (b"Bereit\0", 1013, "Bereit"),
        (b"Bereit\0\0\0", 4, "Bereit"),
        ("Störung\0".encode("latin-1"), 2252, "Störung"),
        ("Bereit".encode("utf-16-be"), None, "Bereit"),
        ("Bereit\0".encode("utf-16-le"), 106, "Bereit"),
        ("Bereit".encode("utf-16-le"), 1015, "Bereit"),
        (b"\xef\xbb\xbfBereit", 4, "Bereit"),
        (b"\xff\xfe" + "就绪".encode("utf-16-le"), 17, "就绪"),
        (b"\xfe\xff" + "就绪".encode("utf-16-be"), None, "就绪"),
        ("就绪".encode("utf-16-be") + b"\x4e", 1013, "就绪"),
        ("中攰".encode("utf-16-be"), 1013, "中攰"),
        (b"Pret", 1013, "Pret"),
        (b"Ready to copy.", 1000, "Ready to copy."),
        (b"Ready\r\n\x07\x1b Tray 2", None, "Ready Tray 2"),
        (b"\0\0\0", 4, None),
        (b"", 106, None),
        (b"Ready", 99_999, "Ready"),
    ],
)  # fmt: skip
def test_what_devices_really_send(data: bytes, charset: int | None, text: str | None) -> None:
    assert decode(data, charset) == text
