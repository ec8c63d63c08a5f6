"""Texts of devices in the character set they say they use (prtLocalizationCharacterSet, IANA MIBenum)."""

from __future__ import annotations

import codecs
import re

from agent.normalise import charset_guess
from fleet.kit.text import TEXT_LIMIT, clean

MIBENUM = {
    3: "ascii", 4: "iso8859-1", 5: "iso8859-2", 6: "iso8859-3", 7: "iso8859-4", 8: "iso8859-5", 9: "iso8859-6",
    10: "iso8859-7", 11: "iso8859-8", 12: "iso8859-9", 13: "iso8859-10", 17: "shift_jis", 18: "euc_jp", 36: "euc_kr",
    37: "iso2022_kr", 38: "euc_kr", 39: "iso2022_jp", 40: "iso2022_jp_2", 57: "gb2312", 106: "utf-8",
    109: "iso8859-13", 110: "iso8859-14", 111: "iso8859-15", 112: "iso8859-16", 113: "gbk", 114: "gb18030",
    1000: "utf-16-be", 1013: "utf-16-be", 1014: "utf-16-le", 1015: "utf-16", 1017: "utf-32", 1018: "utf-32-be",
    1019: "utf-32-le", 2004: "hp-roman8", 2009: "cp850", 2010: "cp852", 2011: "cp437", 2013: "cp862", 2024: "cp932",
    2025: "gb2312", 2026: "big5", 2027: "mac-roman", 2046: "cp855", 2047: "cp857", 2048: "cp860", 2049: "cp861",
    2050: "cp863", 2051: "cp864", 2052: "cp865", 2054: "cp869", 2084: "koi8-r", 2085: "hz", 2086: "cp866",
    2088: "koi8-u", 2089: "cp858", 2101: "big5hkscs", 2109: "cp874", 2250: "cp1250", 2251: "cp1251", 2252: "cp1252",
    2253: "cp1253", 2254: "cp1254", 2255: "cp1255", 2256: "cp1256", 2257: "cp1257", 2258: "cp1258", 2259: "tis-620",
}  # fmt: skip

_WIDER = {
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "cp950",
    "iso8859-1": "cp1252", "iso8859-2": "cp1250", "iso8859-5": "cp1251", "iso8859-7": "cp1253", "iso8859-8": "cp1255",
    "iso8859-9": "cp1254", "iso8859-13": "cp1257", "tis-620": "cp874",
}  # fmt: skip
"""Who says the first often writes the second, which holds the same characters and more."""

_ESCAPED = {"iso2022_jp", "iso2022_jp_2", "iso2022_kr", "hz"}
_PLAIN = re.compile(rb"[\x20-\x7e\r\n\t]*\0*")
_WORDS = re.compile(rb"(?=.*[A-Za-z]{3})[\w .,:;/()%!\-\r\n\t]*\0*", re.DOTALL)
"""Chinese in UTF-16 may be made of printable octets too ("N-e0"), but hardly ever of words."""
_C1 = re.compile("[\x80-\x9f]")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decode(data: bytes, charset: int | None = None, limit: int = TEXT_LIMIT) -> str | None:
    """`data` as clean text; None where nothing readable is left.

    A byte order mark is believed first, then sets of wide characters and of escapes, which look like UTF-8 or ASCII.
    Valid UTF-8 is UTF-8 whatever the device says: most use it. Then its own set, if every byte fits; then a guess.
    """
    own = MIBENUM.get(charset or 0)
    for name in filter(None, (_marked(data), _wide(data, own), "utf-8", own, _WIDER.get(own or ""))):
        if (text := _strictly(data, name)) is not None and not (name == own and _C1.search(text)):
            return clean(text, limit) or None
    return clean(_strictly(data, charset_guess.guess(data)) or data.decode("latin-1"), limit) or None


def _marked(data: bytes) -> str | None:
    """The set a byte order mark names."""
    return next((name for mark, name in _MARKS if data.startswith(mark)), None)


def _wide(data: bytes, own: str | None) -> str | None:
    """The device's own set where its texts look like UTF-8 and are none, or the one that the NULs between letters tell.
    Words in plain ASCII from a device that claims a wide set are ASCII after all."""
    if own in _ESCAPED:
        return own
    if _PLAIN.fullmatch(data) and (len(data) % 2 or _WORDS.fullmatch(data)):
        return None
    if own and own != "utf-16" and own.startswith(("utf-16", "utf-32")):
        return own
    return charset_guess.by_nuls(data) or ("utf-16-be" if own == "utf-16" else None)


def _strictly(data: bytes, name: str) -> str | None:
    """The text if every octet of `data` fits `name`."""
    width = 2 if name.startswith("utf-16") else 4 if name.startswith("utf-32") else 1
    # Some devices count the closing NUL in, and some cut a wide character in half.
    octets = data[: len(data) // width * width] if width > 1 else data.rstrip(b"\0")
    try:
        return octets.decode(name).removeprefix("\ufeff")
    except (UnicodeError, LookupError):
        return None
