"""Which character set bytes are in where a device names none, or one they do not fit. Told by what only that set does;
in doubt Western European, which shows at least the ASCII letters right."""

from __future__ import annotations

import re

_HIGH = re.compile(rb"[\x80-\xff]+")
_PAIRS = re.compile(rb"(?:[\xa1-\xf7][\xa1-\xfe])+")
_KANA_SJIS = re.compile(rb"(?:\x82[\x9f-\xf1]|\x83[\x40-\x96])")
_DOS_GERMAN = frozenset(b"\x81\x84\x8e\x94\x99\x9a\xe1")
_NEVER_RUSSIAN = frozenset(range(0xA1, 0xC0)) - {0xA8, 0xB8}
"""Octets between which no Cyrillic letter of windows-1251 and KOI8-R lies."""


def guess(data: bytes) -> str:
    """The most likely set of `data`, which is neither ASCII nor UTF-8."""
    runs = _HIGH.findall(data)
    high = b"".join(runs)
    if not high:
        return "latin-1"
    if len(_KANA_SJIS.findall(data)) >= 2 and _fits(data, "cp932"):
        return "cp932"
    if len(high) >= 4 and all(_PAIRS.fullmatch(run) for run in runs) and _NEVER_RUSSIAN & set(high):
        return "euc_jp" if _kana(high) and _fits(data, "euc_jp") else "gb18030"
    if max(map(len, runs)) >= 3 and not _NEVER_RUSSIAN & set(high) and min(high) >= 0xA8:
        return "koi8-r" if 2 * sum(octet < 0xE0 for octet in high) > len(high) else "cp1251"
    if set(high) <= _DOS_GERMAN:
        return "cp850"
    return "cp1252" if _fits(data, "cp1252") else "latin-1"


def by_nuls(data: bytes) -> str | None:
    """UTF-16 without a mark: every other octet of Western text in it is NUL."""
    pairs = len(data) // 2
    even, odd = data[: 2 * pairs : 2].rstrip(b"\0"), data[1 : 2 * pairs : 2].rstrip(b"\0")
    if max(len(even), len(odd)) < 2:
        return None
    if not even.strip(b"\0"):
        return "utf-16-be" if 0 not in odd else None
    return "utf-16-le" if not odd.strip(b"\0") and 0 not in even else None


def _kana(pairs: bytes) -> bool:
    """Hiragana and katakana of EUC-JP stand in rows 4 and 5."""
    leads = pairs[::2]
    return sum(lead in (0xA4, 0xA5) for lead in leads) * 3 > len(leads)


def _fits(data: bytes, name: str) -> bool:
    try:
        data.rstrip(b"\0").decode(name)
    except UnicodeDecodeError:
        return False
    return True
