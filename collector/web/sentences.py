"""Sentences the collector and its agents write into the store in English, said again in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from collector.web.i18n import N_, Words

SENTENCES = (
    N_("used up"),
    N_("low"),
    N_("the device says that it is low"),
    N_("the device says that it is full or nearly full"),
    N_("%(left)s%% left; order point %(limit)s%%"),
    N_("%(full)s%% full; order point %(limit)s%%"),
    N_("%(left)s%% left; it is time at %(limit)s%%"),
    N_("%(full)s%% full; it is time at %(limit)s%%"),
    N_("Mail to %(who)s"),
    N_("The device reports: %(text)s"),
    N_("The fault is back: %(text)s"),
    N_("The device no longer reports the fault"),
    N_("The device reports another cartridge"),
    N_("The device reports another cartridge; this order had not been sent"),
    N_("The device reports another cartridge that is low itself: not the one ordered here, which now stands for it"),
    N_("Nobody to order from: site %(site)s has no toner mail address, and there is no default"),
    N_("no answer to %(protocols)s at %(address)s for %(n)s rounds"),
    N_("no answer to %(protocols)s at %(address)s"),
    N_("no answer"),
    N_("another device stands at its former address, and it was not found elsewhere"),
    N_("same serial %(value)s"),
    N_("same uuid %(value)s"),
    N_("same mac %(value)s"),
    N_("same engine-id %(value)s"),
    N_("other serial: %(mine)s is not %(other)s"),
    N_("other mac: %(mine)s is not %(other)s"),
    N_("same address and model, no stronger evidence on both sides"),
    N_("the sender stopped between handing the message over and hearing back; look whether it arrived"),
)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((sentence, _pattern(sentence)) for sentence in SENTENCES)


def _pattern(sentence: str) -> re.Pattern[str]:
    """What the sentence looks like with its gaps filled."""
    parts = re.split(r"(%\(\w+\)s)", sentence)
    made = (f"(?P<{part[2:-2]}>.+)" if part.startswith("%(") else re.escape(part.replace("%%", "%")) for part in parts)
    return re.compile("".join(made), re.DOTALL)


def _gaps(words: Words, found: Mapping[str, str]) -> dict[str, str]:
    """What stands in the gaps. Names of protocols are joined as the reader's language joins them."""
    return {name: words.listed(text.split(" and ")) if name == "protocols" else text for name, text in found.items()}


def told(words: Words, text: str) -> str:
    """`text` in the reader's language where it is one of ours; a person's words stay as they are."""
    if words.language == "en":
        return text
    for sentence, pattern in _patterns():
        if found := pattern.fullmatch(text):
            said = words._(sentence)
            return said % _gaps(words, found.groupdict()) if "%" in sentence else said
    return text
