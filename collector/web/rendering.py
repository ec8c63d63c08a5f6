"""Templates: one environment per language, icons and patterns put once into each page."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from collector.web import charts
from collector.web.i18n import LANGUAGES, Words, translations

_TURNING = dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""The bidirectional controls of Unicode (UAX 9 section 2)."""
_USED = re.compile(r'href="#i-([a-z0-9-]+)"')


@cache
def symbols() -> dict[str, str]:
    """Icon name -> its symbol element."""
    sprite = (files("collector.web") / "static" / "icons.svg").read_text("utf-8")
    return {name: body for body, name in re.findall(r'(<symbol id="i-([\w-]+)".*?</symbol>)', sprite, re.DOTALL)}


@cache
def versioned(name: str) -> str:
    """The address of a static file; it changes with the contents, so that it may be kept for ever."""
    digest = sha256((files("collector.web") / "static" / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def unturned(value: object) -> object:
    """A text without the characters that turn the direction of what stands around it."""
    return value.translate(_TURNING) if isinstance(value, str) else value


@cache
def environment(language: str) -> Environment:
    env = Environment(
        loader=PackageLoader("collector.web", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=unturned,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    env.globals["charts"] = charts
    env.globals["static"] = versioned
    return env


def prepare(now: datetime) -> None:
    """Reads everything pages are made of, so that no request has to. Blocks."""
    symbols()
    for name in ("pagewarden.css", "favicon.svg"):
        versioned(name)
    for language in LANGUAGES:
        env, words = environment(language), Words(language)
        for template in env.list_templates():
            env.get_template(template)
        words.moment(now)
        words.percent(1)
        words.ago(now - timedelta(hours=1), now)


def finished(html: str) -> str:
    """The page with the symbols and patterns it uses, once, at its end."""
    known = symbols()
    used = [known[name] for name in dict.fromkeys(_USED.findall(html)) if name in known]
    sprite = f'<svg class="sprite" aria-hidden="true"><defs>{charts.PATTERNS}</defs>{"".join(used)}</svg>'
    return html.replace("</body>", f"{sprite}</body>")
