"""Words of supplies in the languages devices use: what a description says of type and colour.

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
