"""Texts of devices in the character set they say they use (prtLocalizationCharacterSet, IANA MIBenum)."""

from __future__ import annotations

import re

from fleet.kit.text import TEXT_LIMIT, clean

_MIBENUM = {
    3: "ascii", 4: "latin-1", 5: "iso8859-2", 6: "iso8859-3", 7: "iso8859-4", 8: "iso8859-5", 9: "iso8859-6",
    10: "iso8859-7", 11: "iso8859-8", 12: "iso8859-9", 13: "iso8859-10", 17: "shift_jis", 18: "euc_jp", 36: "euc_kr",
    38: "euc_kr", 39: "iso2022_jp", 57: "gb2312", 106: "utf-8", 109: "iso8859-13", 111: "iso8859-15", 113: "gbk",
    114: "gb18030", 1000: "utf-16-be", 1013: "utf-16-be", 1014: "utf-16-le", 1015: "utf-16",
    2004: "hp-roman8", 2009: "cp850", 2010: "cp852", 2011: "cp437", 2024: "cp932", 2025: "gb2312", 2026: "big5",
    2084: "koi8-r", 2086: "cp866", 2250: "cp1250", 2251: "cp1251", 2252: "cp1252", 2253: "cp1253", 2254: "cp1254",
    2255: "cp1255", 2256: "cp1256", 2257: "cp1257", 2259: "tis-620",
}  # fmt: skip

_LIKE_UTF8 = {"utf-16-be", "utf-16-le", "utf-16", "iso2022_jp"}
_PLAIN = re.compile(rb"[\x20-\x7e\r\n\t]*\0*")


def decode(data: bytes, charset: int | None = None, limit: int = TEXT_LIMIT) -> str | None:
    """`data` as clean text; None where nothing readable is left.

    Plain UTF-8 first (most devices use it whatever they say), then the device's own set, then Latin-1. Sets of wide
    characters and of escapes look like UTF-8 and come before it, unless the text is plain ASCII after all.
    """
    own = _MIBENUM.get(charset or 0)
    wide = own in _LIKE_UTF8 and not _PLAIN.fullmatch(data)
    for name in filter(None, (own if wide else None, "utf-8", own, "latin-1")):
        # Some devices count the closing NUL in, and some cut a wide character in half.
        octets = data[: len(data) // 2 * 2] if name.startswith("utf-16") else data.rstrip(b"\0")
        try:
            return clean(octets.decode(name), limit) or None
        except (UnicodeDecodeError, LookupError):
            continue
    return None
