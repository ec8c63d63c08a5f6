"""Texts of devices in the character set they say they use (prtLocalizationCharacterSet, IANA MIBenum)."""

from __future__ import annotations

import codecs

from fleet.kit.text import TEXT_LIMIT, clean

_MIBENUM = {
    3: "ascii", 4: "latin-1", 5: "iso8859-2", 6: "iso8859-3", 7: "iso8859-4", 8: "iso8859-5", 9: "iso8859-6",
    10: "iso8859-7", 11: "iso8859-8", 12: "iso8859-9", 17: "shift_jis", 18: "euc_jp", 38: "euc_kr", 106: "utf-8",
    113: "gbk", 114: "gb18030", 1000: "utf-16-be", 1013: "utf-16-be", 1014: "utf-16-le", 1015: "utf-16",
    2004: "hp-roman8", 2009: "cp850", 2010: "cp852", 2024: "shift_jis", 2025: "gb2312", 2026: "big5",
    2250: "cp1250", 2251: "cp1251", 2252: "cp1252",
}  # fmt: skip


def decode(data: bytes, charset: int | None = None, limit: int = TEXT_LIMIT) -> str | None:
    """`data` as clean text. Plain UTF-8 first (most devices use it whatever they say), then the device's own set,
    then Latin-1. None where nothing readable is left."""
    data = data[: limit * 4].rstrip(b"\0")
    for name in ("utf-8", _MIBENUM.get(charset or 0), "latin-1"):
        if name is None:
            continue
        if name.startswith("utf-16") and len(data) % 2:
            data += b"\0"
        try:
            codecs.lookup(name)
            return clean(data.decode(name), limit) or None
        except (UnicodeDecodeError, LookupError):
            continue
    return None
