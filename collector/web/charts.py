"""Charts and supply glyphs as SVG text. Standard library only; every word comes from the caller, in his language.

Colours, dashes and fonts come from classes in pagewarden.css, so one drawing serves light, dark and print.
Every drawing says what it shows in <title> and <desc>; shape or pattern carries what colour carries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import count

_ids = count(1)
BROAD, NARROW = 640, 358
"""Charts come in two widths, for the desk and the phone, so that their letters keep their size."""

PATTERNS = """
<pattern id="w-c" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0v6" stroke="currentColor" stroke-width="3"/></pattern>
<pattern id="w-m" width="6" height="6" patternUnits="userSpaceOnUse"><circle cx="1.5" cy="1.5" r="1.3" fill="currentColor"/><circle cx="4.5" cy="4.5" r="1.3" fill="currentColor"/></pattern>
<pattern id="w-y" width="6" height="5" patternUnits="userSpaceOnUse"><path d="M0 1h6" stroke="currentColor" stroke-width="1.8"/></pattern>
<pattern id="w-waste" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0v7M0 0h7" stroke="currentColor" stroke-width="2"/></pattern>
<pattern id="w-wait" class="wait" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0v6" stroke="currentColor" stroke-width="2"/></pattern>
<linearGradient id="fade" x1="0" x2="1" y1="0" y2="0"><stop offset="0" stop-color="#fff"/><stop offset=".35" stop-color="#fff"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></linearGradient>
<mask id="fading" maskContentUnits="objectBoundingBox"><rect width="1" height="1" fill="url(#fade)"/></mask>
<clipPath id="tube-clip"><rect x="0" y="0" width="9" height="18" rx="2"/></clipPath>
"""
"""Put these once per page, inside <svg class="sprite"><defs>."""

WOVEN = {"c", "m", "y", "waste"}


def named(title: str, desc: str = "") -> tuple[str, str]:
    """Attributes and child elements that give a drawing its name."""
    key = f"g{next(_ids)}"
    refs = f"{key}t {key}d" if desc else f"{key}t"
    inside = f'<title id="{key}t">{escape(title)}</title>'
    if desc:
        inside += f'<desc id="{key}d">{escape(desc)}</desc>'
    return f'role="img" aria-labelledby="{refs}"', inside


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What a device said about one supply; `low`..`high` is the honest range in percent. `words` says it in full."""

    kind: str  # exact | step | some | low | unknown | empty | fills
    colour: str  # c m y k waste part lamp
    words: str
    low: float = 0
    high: float = 0
    step: int = 0


def _woven(colour: str, attrs: str) -> str:
    return f'<rect class="weave" {attrs} fill="url(#w-{colour})"/>' if colour in WOVEN else ""


def _filled(colour: str, wide: float) -> str:
    at = f'width="{wide:g}%" height="100%"'
    return f'<rect class="fill" {at}/>' + _woven(colour, at)


def supply_bar(level: Level) -> str:
    """A supply, lying down. Each kind of knowledge has its own shape."""
    attrs, inside = named(level.words)
    css, body = "", ""
    full = _filled(level.colour, 100)
    match level.kind:
        case "exact" | "fills":
            body = _filled(level.colour, level.low) + f'<rect class="end" x="{level.low:g}%" width="2" height="100%"/>'
        case "step":
            body = (
                _filled(level.colour, level.low)
                + f'<rect class="maybe" x="{level.low:g}%" width="{level.high - level.low:g}%" height="100%"/>'
            )
            body += "".join(
                f'<rect class="cut" x="{x}%" width="3" height="100%"/>' for x in range(level.step, 100, level.step)
            )
        case "some":
            css = " unsure"
            body = f'<g mask="url(#fading)">{full}</g>'
        case "low":
            css = " unsure"
            body = f'<svg width="22%" height="100%"><g mask="url(#fading)">{full}</g></svg>'
        case "empty":
            css = " gone"
            body = '<rect class="stop" width="6" height="100%"/>'
        case _:
            css = " unsure"
            body = '<text x="50%" y="10" text-anchor="middle">?</text>'
    return f'<svg class="bar{css} sup-{level.colour}" {attrs}>{inside}{body}</svg>'


def tubes(levels: Sequence[Level]) -> str:
    """All supplies of a device standing side by side, for list rows. Letters below; a red cross for empty, "!" for
    low without a number, "?" for what is not reported."""
    attrs, inside = named("; ".join(level.words for level in levels))
    body = "".join(
        f'<g class="sup-{v.colour}" transform="translate({i * 14 + 1} 0)">{_tube(v)}</g>' for i, v in enumerate(levels)
    )
    return f'<svg class="tubes" width="{len(levels) * 14 + 2}" height="28" {attrs}>{inside}{body}</svg>'


def _tube(level: Level) -> str:
    shell = {"unknown": "shell unsure", "some": "shell unsure", "low": "shell unsure", "empty": "shell gone"}.get(
        level.kind, "shell"
    )
    body = f'<rect class="{shell}" width="9" height="18" rx="2"/>'
    letter = {"waste": "W", "part": "P", "lamp": "L"}.get(level.colour, level.colour.upper())
    label = f'<text x="4.5" y="27">{letter}</text>'
    if level.kind == "unknown":
        return body + '<text x="4.5" y="13">?</text>' + label
    if level.kind == "empty":
        return body + '<path class="alarm" d="M1.5 5l6 8m0-8l-6 8"/>' + label
    top = {"some": 55, "low": 15}.get(level.kind, level.low)
    tall = max(1.5, 18 * top / 100)
    at = f'y="{18 - tall:.1f}" width="9" height="{tall:.1f}"'
    inner = f'<rect class="fill" {at}/>' + _woven(level.colour, at)
    if level.kind == "step":
        more = 18 * (level.high - level.low) / 100
        inner += f'<rect class="maybe" y="{18 - tall - more:.1f}" width="9" height="{more:.1f}"/>'
    if level.kind == "low":
        label = '<text class="sign" x="4.5" y="11">!</text>' + label
    if level.kind in ("some", "low"):
        inner = f'<g class="maybe">{inner}</g>'
    elif level.kind != "empty":
        inner += f'<rect class="end" y="{18 - tall:.1f}" width="9" height="1.2"/>'
    return body + f'<g clip-path="url(#tube-clip)">{inner}</g>' + label


def share_strip(parts: Sequence[tuple[str, int]], name: str) -> str:
    """How many of the whole are in which state. Parts are (css class, number)."""
    whole = sum(n for _, n in parts) or 1
    attrs, inside = named(name)
    body, x = "", 0.0
    for css, n in parts:
        wide = n * 100 / whole
        body += f'<rect class="{css}" x="{x:.2f}%" width="{wide:.2f}%" height="100%"/><rect class="seam" x="{x + wide:.2f}%" width="2" height="100%"/>'
        x += wide
    return f'<svg class="share" {attrs}>{inside}{body}</svg>'


def sparkline(values: Sequence[float | None], name: str) -> str:
    """A word-sized line; gaps stay gaps, the last value is a dot."""
    attrs, inside = named(name)
    top = max((v for v in values if v is not None), default=1) or 1
    step = 86 / max(1, len(values) - 1)
    runs: list[list[str]] = [[]]
    for i, v in enumerate(values):
        if v is None:
            runs.append([])
        else:
            runs[-1].append(f"{1 + i * step:.1f},{22 - v / top * 20:.1f}")
    body = "".join(f'<polyline points="{" ".join(run)}"/>' for run in runs if run)
    body += '<line class="gap" x1="0" x2="88" y1="22.5" y2="22.5"/>' if None in values else ""
    if runs[-1]:
        x, y = runs[-1][-1].split(",")
        body += f'<circle cx="{x}" cy="{y}" r="2"/>'
    return f'<svg class="spark" viewBox="0 0 88 24" {attrs}>{inside}{body}</svg>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Maps moments (0 to 1 of the span) and values to the drawing."""

    top: float
    width: int
    height: int = 200
    left: int = 46
    right: int = 12
    head: int = 16
    foot: int = 26

    def x(self, part: float) -> float:
        return self.left + (self.width - self.left - self.right) * part

    def y(self, value: float) -> float:
        return self.head + (self.height - self.head - self.foot) * (1 - value / self.top)

    def path(self, points: Sequence[tuple[float, float]]) -> str:
        return "M" + "L".join(f"{self.x(at):.1f} {self.y(value):.1f}" for at, value in points)

    def rules(self, values: Sequence[float], unit: str = "") -> str:
        """Horizontal lines with their values."""
        right = self.width - self.right
        return "".join(
            f'<line class="{"base" if value == 0 else "grid-line"}" x1="{self.left}" x2="{right}"'
            f' y1="{self.y(value):.1f}" y2="{self.y(value):.1f}"/>'
            f'<text class="right" x="{self.left - 6}" y="{self.y(value) + 4:.1f}">{short(value)}{unit}</text>'
            for value in values
        )

    def ticks(self, labels: Sequence[tuple[float, str]]) -> str:
        """Words along the foot."""
        return "".join(
            f'<text class="mid" x="{self.x(at):.1f}" y="{self.height - 8}">{escape(label)}</text>'
            for at, label in labels
        )


def _svg(frame: Frame, css: str, title: str, desc: str, body: str) -> str:
    attrs, inside = named(title, desc)
    size = f'width="{frame.width}" height="{frame.height}" viewBox="0 0 {frame.width} {frame.height}"'
    return f'<svg class="chart {css.strip()}" {size} {attrs}>{inside}{body}</svg>'


def level_history(
    *,
    title: str,
    desc: str,
    points: Sequence[tuple[float, float]],
    swaps: Sequence[float],
    gaps: Sequence[tuple[float, float]],
    ticks: Sequence[tuple[float, str]],
    colour: str,
    low_at: float,
    low_words: str,
    width: int,
    css: str = "",
    step: int = 0,
) -> str:
    """Level of one supply in percent over a span. A value holds until the next one, but not through `gaps`: these are
    times of which nothing is known. With `step` the device speaks in steps, and a ribbon shows where the truth lies."""
    frame = Frame(top=100, width=width)
    body = frame.rules([0, 50, 100], " %" if width > NARROW else "") + "".join(_gap(frame, *gap) for gap in gaps)
    runs = _known(points, gaps)
    if step:
        body += "".join(f'<path class="ribbon" d="{_ribbon(frame, run, step)}"/>' for run in runs)
    elif runs:
        floor = "".join(f"{frame.path(run)}L{frame.x(run[-1][0]):.1f} {frame.y(0):.1f}"
                        f"L{frame.x(run[0][0]):.1f} {frame.y(0):.1f}Z" for run in runs)  # fmt: skip
        body += f'<path class="area" d="{floor}"/><path class="line" d="{"".join(map(frame.path, runs))}"/>'
    low = frame.y(low_at)
    body += f'<line class="low" x1="{frame.left}" x2="{frame.x(1):.1f}" y1="{low:.1f}" y2="{low:.1f}"/>'
    body += f'<text class="right over" x="{frame.x(1):.1f}" y="{low - 5:.1f}">{escape(low_words)}</text>'
    for at in swaps:
        body += f'<path class="swap" d="M{frame.x(at):.1f} {frame.y(100) - 7:.1f}l6 7-6 7-6-7z"/>'
    return _svg(frame, f"sup-{colour} {css}", title, desc, body + frame.ticks(ticks))


SIGNS = {
    "swap": '<path class="swap" d="M12 0l6 6-6 6-6-6z"/>',
    "ribbon": '<rect class="ribbon" width="24" height="12"/>',
    "gap": '<rect class="gap" width="24" height="12"/>',
}


def sign(name: str, colour: str) -> str:
    """A sign of a chart for the words that explain it."""
    return f'<svg class="chart sup-{colour}" viewBox="0 0 24 12" aria-hidden="true">{SIGNS[name]}</svg>'


def _gap(frame: Frame, start: float, end: float) -> str:
    wide, tall = max(1.0, frame.x(end) - frame.x(start)), frame.y(0) - frame.y(frame.top)
    return f'<rect class="gap" x="{frame.x(start):.1f}" y="{frame.head}" width="{wide:.1f}" height="{tall:.1f}"/>'


def _known(
    points: Sequence[tuple[float, float]], gaps: Sequence[tuple[float, float]]
) -> list[list[tuple[float, float]]]:
    """The steps of a line where it is known: one run of corners between two gaps. Gaps are in order and apart."""
    runs: list[list[tuple[float, float]]] = []
    for (at, value), (after, _) in zip(points, [*points[1:], (1.0, 0.0)], strict=False):
        for start, end in _outside(at, after, gaps):
            if not runs or runs[-1][-1][0] != start:
                runs.append([])
            runs[-1] += [(start, value), (end, value)]
    return runs


def _outside(start: float, end: float, gaps: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """What is left of a stretch without the gaps."""
    for gap_start, gap_end in gaps:
        if gap_start > start:
            yield start, min(gap_start, end)
        start = max(start, gap_end)
        if start >= end:
            return
    yield start, end


def _ribbon(frame: Frame, run: Sequence[tuple[float, float]], step: int) -> str:
    """Between what the device said and one step more."""
    upper = [(at, min(frame.top, value + step)) for at, value in reversed(run)]
    return f"{frame.path([*run, *upper])}Z"


def columns(
    *,
    title: str,
    desc: str,
    values: Sequence[float | None],
    ticks: Sequence[tuple[float, str]],
    width: int,
    css: str = "",
) -> str:
    """One column a stretch of time; a stretch nobody asked in has a dashed foot instead of a zero."""
    frame = Frame(
        top=_round_up(max((value for value in values if value is not None), default=1)), width=width, height=170
    )
    body, wide = frame.rules([0, frame.top / 2, frame.top]), 1 / max(1, len(values))
    for position, value in enumerate(values):
        x, across = frame.x((position + 0.15) * wide), frame.x(0.7 * wide) - frame.x(0)
        if value is None:
            body += f'<rect class="gap" x="{x:.1f}" y="{frame.y(0) - 4:.1f}" width="{across:.1f}" height="4"/>'
        elif value > 0:
            tall = max(1.0, frame.y(0) - frame.y(value))
            body += (
                f'<rect class="b1" x="{x:.1f}" y="{frame.y(0) - tall:.1f}" width="{across:.1f}" height="{tall:.1f}"/>'
            )
    return _svg(frame, css, title, desc, body + frame.ticks(ticks))


def _round_up(value: float) -> float:
    """A round number at or above `value`, to be the top of an axis."""
    size = 10 ** (len(str(int(max(value, 1)))) - 1)
    return float(-(-max(value, 1) // size) * size)


def short(value: float) -> str:
    return f"{value / 1000:.1f}k" if value >= 10_000 else f"{value:g}"
