"""Words of supplies in the languages devices use: what a description says of type and colour.

One home for SNMP and IPP: both carry the same human descriptions.
"""

from __future__ import annotations

import re

from fleet.supply import SupplyType

COLORS: tuple[tuple[str, str], ...] = (
    (r"photo[- ]?black|fotoschwarz|noir photo|negro foto\w*|nero foto\w*", "photo-black"),
    (r"matte?[- ]?black|mattschwarz|noir mat|negro mate|nero opaco", "matte-black"),
    (r"light[- ]?light[- ]?black|light[- ]?gr[ae]y|hellgrau", "light-gray"),
    (r"light[- ]?cyan|hellcyan|cyan clair|cian claro", "light-cyan"),
    (r"light[- ]?magenta|hellmagenta|magenta clair|magenta claro", "light-magenta"),
    (r"light[- ]?black", "gray"),
    (r"dark[- ]?gr[ae]y|dunkelgrau", "dark-gray"),
    (r"tri-?colou?r|dreifarbig|trois couleurs|tricolore?", "tri-color"),
    (
        r"black(?!light)|schwarz|\bnoire?\b|\bnegr[ou]\b|\bnero\b|zwart|\bsvart|\bsort(?= (?:toner|patron|blæk))"
        r"|\bmusta\b|czarn[ya]|čern[áaý]|fekete|siyah|\bpreto\b|ч[её]рн|μαύρ|[黑黒]|ブラック|검[정은]|흑색|블랙|\bbk\b",
        "black",
    ),
    (
        r"cyan|\bcian(?!kék)|\bciano\b|ciánkék|turkuaz|camgöbeği|syaani|azurov|błękit|голуб|κυαν|青|シアン|시안|청록",
        "cyan",
    ),
    (r"magenta|purpurow|purpurov|purppura|bíborvörös|пурпур|洋红|品红|红色|洋紅|マゼン[タダ]|마젠타|자홍", "magenta"),
    (
        r"yellow|\bgelb|\bjaune|amarillo|giallo|\bgeel\b|\bgul\b|ż[oó]łt|žlut|sárga|keltai|sarı|amarelo|galben|ж[её]лт"
        r"|κίτριν|[黄黃]|イエロー|노[랑란]|옐로",
        "yellow",
    ),
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

_LETTER = re.compile(
    r"[(\[](bk|pbk|mbk|[kcmy])[)\]]|\b(?:toner|ink|drum|developer)[ _-](bk|[kcmy])\Z"
    r"|\A(bk|[kcmy])[ _-](?:toner|ink|drum)\b"
)
"""A colour's letter counts alone, in brackets, or beside the word for what has the colour."""

TYPES: tuple[tuple[str, SupplyType], ...] = (
    (
        r"waste|used toner|resttoner|alttoner|tonerafval|tonersamler|(?:toner|ink)[- ]?collect"
        r"|collection (?:unit|kit|box)|receptacle|\bscarto|residu|r[eé]siduel|résidu|resíduo|récupération"
        r"|отработ|odpad|废粉|廢粉|废墨|回收|廃|폐"
        r"|(?:maintenance|wartungs)[- ]?(?:box|tank)|維護箱|维护箱|メンテナンスボックス",
        SupplyType.WASTE,
    ),
    (
        r"maintenance|\bpm kit|service kit|wartungs|kit d.entretien|mantenimiento|manutenzione|维护|保养",
        SupplyType.MAINTENANCE_KIT,
    ),
    (r"transfer|\bitb\b|\bbelt\b|transport(?:band|einheit)|courroie|cinghia|転写|转印|전사", SupplyType.TRANSFER),
    (r"\bfus(?:er|ing|or|ore|ion)|fixier|定影|定着|정착|термоблок", SupplyType.FUSER),
    (r"developer|developing|entwickler|révélateur|revelador|载体|显影|現像|현상", SupplyType.DEVELOPER),
    (
        r"drum|imaging (?:unit|kit)|photoconduct|fotocond|\bopc\b|trommel|tambour|tamburo|tambor|bęben|барабан"
        r"|感光|硒鼓|ドラム|드럼|\bdr[- ]?\d",
        SupplyType.DRUM,
    ),
    (r"(?<!cont)roller|rolle\b|\broll\b|ローラ|롤러|辊", SupplyType.ROLLER),
    (r"document feeder|\badf|feeder kit|chargeur de documents", SupplyType.FEEDER_KIT),
    (r"stapl|heftklammer|\bgrapas?\b|agraf|graffett|punti metallici|订书|針|ステープル", SupplyType.STAPLES),
    (r"separat", SupplyType.SEPARATOR),
    (r"clean", SupplyType.CLEANER),
    (r"filter|滤", SupplyType.FILTER),
    (r"ribbon|色带", SupplyType.RIBBON),
    (r"\blamp\b|projector lamp|灯泡", SupplyType.LAMP),
    (r"\binks?\b|tinten?|tinta\b|encre|inchiostro|\binkt|bläck|blæk|чернил|墨(?!粉)|インク|잉크", SupplyType.INK),
    (r"toner|tóner|тонер|碳粉|墨粉|トナー|토너|cartridge", SupplyType.TONER),
)
_AND_COLORS = re.compile(r"(?:/|&|\band) ?colou?r\b")
_COLORS = tuple((re.compile(pattern), color) for pattern, color in COLORS)


def color_in(text: str | None) -> str | None:
    """The one colour a name or description tells, in our word; None where it tells none, or several."""
    lowered = (text or "").strip().lower()
    if lowered in _LETTERS:
        return _LETTERS[lowered]
    rest, found = lowered, {"several"} if _AND_COLORS.search(lowered) else set[str]()
    for pattern, color in _COLORS:
        rest, times = pattern.subn(" ", rest)
        found |= {color} if times else set()
    if not found and (letter := _LETTER.search(lowered)):
        return _LETTERS[next(filter(None, letter.groups()))]
    return next(iter(found)) if len(found) == 1 and "several" not in found else None


def type_in(text: str | None) -> SupplyType | None:
    """The type a description tells; None where it tells none."""
    lowered = (text or "").lower()
    return next((kind for pattern, kind in TYPES if re.search(pattern, lowered)), None)
