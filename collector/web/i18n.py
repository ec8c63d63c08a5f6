"""Words in the reader's language: gettext catalogues compiled in memory, dates and numbers by Babel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.dates import format_datetime, format_timedelta, get_timezone
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

LANGUAGES = {"en": "English", "zh": "简体中文"}
"""Our short name of a language -> its own name."""

LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN"}
TAGS = {"en": "en", "zh": "zh-Hans"}
UNKNOWN = "?"
"""Stands for a value nobody has told. A dash is for what has not happened or does not exist."""
CATALOGUES = {"zh": "zh_Hans"}


def N_(text: str) -> str:  # noqa: N802  the usual name of the marker
    """Marks a text for translation where it stands; it is translated where it is shown."""
    return text


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language. English is the language of the source and needs none."""
    if language not in CATALOGUES:
        return NullTranslations()
    path = files("collector.web") / "locale" / CATALOGUES[language] / "LC_MESSAGES" / "messages.po"
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(path.read_bytes())))
    compiled.seek(0)
    return GNUTranslations(compiled)


def chosen(asked: str | None, cookie: str | None, person: str | None, accepted: str) -> str:
    """The language of an answer: asked for in the address, chosen before, the person's, or what the browser accepts."""
    for wish in (asked, cookie, person):
        if wish in LANGUAGES:
            return str(wish)
    for wish in accepted.lower().split(","):
        short = wish.strip()[:2]
        if short in LANGUAGES:
            return short
    return "en"


def zone(name: str | None) -> ZoneInfo:
    """The time zone of a site; UTC when its name is not known here."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that is said to one reader."""

    language: str

    def _(self, text: str, /, **values: object) -> str:
        told = translations(self.language).gettext(text)
        return told % values if values else told

    def ngettext(self, one: str, many: str, n: int, /, **values: object) -> str:
        return translations(self.language).ngettext(one, many, n) % {"n": self.number(n), **values}

    @property
    def locale(self) -> Locale:
        return Locale.parse(LOCALES[self.language])

    def number(self, value: float | None) -> str:
        """A number with its separators; the sign of what is not known where there is none."""
        return UNKNOWN if value is None else format_decimal(value, locale=self.locale)

    def percent(self, value: float | None) -> str:
        return UNKNOWN if value is None else format_percent(round(value) / 100, locale=self.locale)

    def moment(self, at: datetime | None, timezone: str | None = None) -> str:
        """Day and minute in the site's time zone."""
        if at is None:
            return "–"
        form = "M月d日 HH:mm" if self.language == "zh" else "d MMM HH:mm"
        return format_datetime(at, form, tzinfo=get_timezone(zone(timezone).key), locale=self.locale)

    def full_moment(self, at: datetime | None, timezone: str | None = None) -> str:
        """Date, seconds and zone, for titles and exports."""
        return "–" if at is None else at.astimezone(zone(timezone)).strftime("%Y-%m-%d %H:%M:%S %Z")

    def cell(self, at: datetime | None, timezone: str | None = None) -> str:
        """A moment as spreadsheets read it, in the site's time zone, which a column beside it names."""
        return "" if at is None else at.astimezone(zone(timezone)).strftime("%Y-%m-%d %H:%M:%S")

    def ago(self, at: datetime | None, now: datetime, timezone: str | None = None) -> str:
        """Relative below a day, the date above."""
        if at is None:
            return self._("never")
        seconds = (now - at).total_seconds()
        if seconds < 5:
            return self._("just now")
        if seconds > 86_400:
            return self.moment(at, timezone)
        return format_timedelta(at - now, add_direction=True, threshold=1.2, format="short", locale=self.locale)

    def pair(self, name: str, value: str) -> str:
        """A name and what it is."""
        return self._("%(name)s: %(value)s", name=name, value=value)

    def listed(self, items: Sequence[str]) -> str:
        """Things one after the other: "A, B and C"."""
        return format_list(items, locale=self.locale)

    @property
    def translate(self) -> Callable[[str], str]:
        return self._
