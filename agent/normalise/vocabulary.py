"""Words of supplies in the languages devices use: what a description says of type, colour and part number.

One home for SNMP and IPP: both carry the same human descriptions.
"""

from __future__ import annotations

import re

from fleet.supply import SupplyType

COLORS: tuple[tuple[str, str], ...] = (
    (r"photo[- ]?black|fotoschwarz", "photo-black"),
    (r"matte?[- ]?black|mattschwarz", "matte-black"),
    (r"light[- ]?cyan", "light-cyan"),
    (r"light[- ]?magenta", "light-magenta"),
    (r"light[- ]?gr[ae]y", "light-gray"),
    (r"tri-?colou?r|dreifarbig", "tri-color"),
    (r"black|schwarz|noire?|negro|nero|zwart|svart|czarny|siyah|preto|黑|ブラック|\bbk\b", "black"),
    (r"cyan|cian|ciano|turkuaz|青|シアン", "cyan"),
    (r"magenta|洋红|品红|マゼンタ", "magenta"),
    (r"yellow|gelb|jaune|amarillo|giallo|geel|gul\b|ż[oó]łty|sarı|amarelo|黄|イエロー", "yellow"),
    (r"\bred\b|\brot\b", "red"),
    (r"\bgreen\b|gr[uü]n\b", "green"),
    (r"\bblue\b|\bblau\b", "blue"),
    (r"\bgr[ae]y\b|\bgrau\b", "gray"),
    (r"\borange\b", "orange"),
    (r"\bwhite\b|\bwei(?:ss|ß)\b", "white"),
    (r"gloss(?: enhancer|er)?", "gloss-enhancer"),
    (r"\bclear\b|transparent", "clear"),
)
_LETTERS = {
    "k": "black",
    "bk": "black",
    "c": "cyan",
    "m": "magenta",
    "y": "yellow",
    "pbk": "photo-black",
    "mbk": "matte-black",
}

TYPES: tuple[tuple[str, SupplyType], ...] = (
    (r"waste|used toner|resttoner|废粉|廢粉|回收|r[eé]siduel|maintenance (?:box|tank)", SupplyType.WASTE),
    (r"maintenance|\bpm kit|service kit|wartungs", SupplyType.MAINTENANCE_KIT),
    (r"transfer|\bitb\b|\bbelt\b|transport(?:band|einheit)", SupplyType.TRANSFER),
    (r"fus(?:er|ing)|fixier|定影", SupplyType.FUSER),
    (r"develop|entwickler|载体|显影", SupplyType.DEVELOPER),
    (r"drum|imaging (?:unit|kit)|photoconductor|\bopc\b|trommel|tambour|感光|硒鼓|\bdr[- ]?\d", SupplyType.DRUM),
    (r"roller|rolle\b|roll\b", SupplyType.ROLLER),
    (r"document feeder|adf|feeder kit", SupplyType.FEEDER_KIT),
    (r"stapl|heftklammer|订书", SupplyType.STAPLES),
    (r"separat", SupplyType.SEPARATOR),
    (r"clean", SupplyType.CLEANER),
    (r"filter|滤", SupplyType.FILTER),
    (r"ribbon|色带", SupplyType.RIBBON),
    (r"lamp|灯泡", SupplyType.LAMP),
    (r"\bink\b|tinte|encre|墨", SupplyType.INK),
    (r"toner|碳粉|墨粉|cartridge", SupplyType.TONER),
)

_PARTS = re.compile(
    r"\b(SJ(?:IC|MB)[\w/\-]{2,14}|C[EFBC]\d{3}[A-Z]{1,2}|Q\d{4}[A-Z]{1,2}|W\d{4}[A-Z]{1,3}|TK-?\d{3,5}[A-Z]{0,3}|TN-?\d{3,4}[A-Z]{0,3}"
    r"|DR-?\d{3,4}[A-Z]{0,3}"
    r"|LC-?\d{3,4}[A-Z]{0,4}|C-EXV ?\d{1,2}|MK-?\d{3,4}|WT-?\d{3,4}|1\d{2}R0\d{4}|0\d{2}R\d{5}|00\dR\d{5}"
    r"|T\d{3,4}[A-Z]\d?|\d{8}[A-Z]?(?=\b)"
    r"|TNP-?\d{2}[A-Z]?|MX-?\d{2}[A-Z]{2,4}|CT\d{6}|[5-8]\d[A-Z]\d[A-Z0-9]{3}|CLT-[A-Z]\d{3}[A-Z]|MLT-[A-Z]\d{3}[A-Z]|T-\d{4}[A-Z]?)\b"
)
_LABELLED = re.compile(r"\b(?:PN|P/N|part(?: number| no\.?)?)[\s:#]*([A-Z0-9][A-Z0-9\-]{3,20})", re.IGNORECASE)
_SERIAL = re.compile(r"(?:\bS/?N_?[\s:#]+|;SN)([A-Z0-9][A-Z0-9\-]{3,40})", re.IGNORECASE)
_NOTHING = {"unknown", "none", "null", "n/a"}


def color_in(text: str | None) -> str | None:
    """The colour a name or description tells, in our word; None where it tells none."""
    lowered = (text or "").strip().lower()
    if lowered in _LETTERS:
        return _LETTERS[lowered]
    for pattern, color in COLORS:
        if re.search(pattern, lowered):
            return color
    return None


def type_in(text: str | None) -> SupplyType | None:
    """The type a description tells; None where it tells none."""
    lowered = (text or "").lower()
    return next((kind for pattern, kind in TYPES if re.search(pattern, lowered)), None)


def part_number_in(text: str | None) -> str | None:
    """The order code in a description: a labelled one first, else one of a form that makers are known to use."""
    if not text:
        return None
    labelled = _LABELLED.search(text)
    if labelled and labelled[1].lower() not in _NOTHING:
        return labelled[1]
    without_serial = _SERIAL.sub("", text)
    found = _PARTS.search(without_serial)
    return found[1] if found else None


def cartridge_serial_in(text: str | None) -> str | None:
    """The serial number of the cartridge in a description."""
    found = _SERIAL.search(text or "")
    return found[1] if found and found[1].lower() not in _NOTHING else None
