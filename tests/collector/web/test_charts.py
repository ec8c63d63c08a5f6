"""Drawings: well-formed, named, and never more than is known."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from collector.web import charts
from collector.web.charts import Level

HOSTILE = '"><script>alert(1)</script>&'
KINDS = {
    "exact": Level(kind="exact", colour="c", words="Cyan: 60%", low=60, high=60),
    "step": Level(kind="step", colour="c", words="Cyan: 40-60%", low=40, high=60, step=20),
    "some": Level(kind="some", colour="c", words="Cyan: some left"),
    "low": Level(kind="low", colour="c", words="Cyan: low"),
    "unknown": Level(kind="unknown", colour="c", words="Cyan: ?"),
    "empty": Level(kind="empty", colour="c", words="Cyan: empty"),
}


def drawn(svg: str) -> ElementTree.Element:
    """The drawing, read by an XML parser; it has a title and nothing that runs."""
    tree = ElementTree.fromstring(svg)
    assert tree.find("title") is not None
    assert tree.attrib["role"] == "img"
    for element in tree.iter():
        assert element.tag not in ("script", "foreignObject", "a", "image")
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]
    return tree


def shape(tree: ElementTree.Element) -> tuple[str, ...]:
    """What the eye sees beside size and colour: tags with their classes."""
    return tuple(f"{e.tag}.{e.attrib.get('class', '')}" for e in tree.iter() if e.tag != "title")


def test_each_kind_of_level_has_a_shape_of_its_own() -> None:
    bars = {kind: shape(drawn(charts.supply_bar(level))) for kind, level in KINDS.items()}
    assert len(set(bars.values())) == len(KINDS)
    tubes = {kind: charts.tubes([level]) for kind, level in KINDS.items()}
    assert len({shape(drawn(svg)) for svg in tubes.values()}) == len(KINDS)


def test_small_tubes_carry_a_sign_of_their_own_where_no_number_is_known() -> None:
    signs = {kind: [e.text for e in drawn(charts.tubes([KINDS[kind]])).iter("text")][:-1] for kind in KINDS}
    assert {kind: said for kind, said in signs.items() if said} == {"unknown": ["?"], "low": ["!"]}
    assert [kind for kind in KINDS if 'class="alarm"' in charts.tubes([KINDS[kind]])] == ["empty"]


@pytest.mark.parametrize("kind", ["some", "low", "unknown", "empty"])
def test_no_number_is_drawn_where_none_is_known(kind: str) -> None:
    sure = KINDS[kind]
    lying = Level(kind=kind, colour="c", words=sure.words, low=50, high=50)

    def bare(svg: str) -> str:
        return "".join(ElementTree.canonicalize(svg).split("<title")[1:]).partition("</title>")[2]

    assert bare(charts.supply_bar(lying)) == bare(charts.supply_bar(sure))
    assert bare(charts.tubes([lying])) == bare(charts.tubes([sure]))


@pytest.mark.parametrize("level", [0, 0.4, 1, 50, 99.6, 100])
def test_a_level_is_as_long_as_it_is(level: float) -> None:
    tree = drawn(charts.supply_bar(Level(kind="exact", colour="k", words="x", low=level, high=level)))
    (fill,) = [e for e in tree.iter("rect") if e.attrib.get("class") == "fill"]
    assert fill.attrib["width"] == f"{level:g}%"


def test_names_are_escaped() -> None:
    level = Level(kind="exact", colour="c", words=HOSTILE, low=5)
    for svg in (
        charts.supply_bar(level),
        charts.tubes([level, level]),
        charts.share_strip([("is-ok", 3)], HOSTILE),
        charts.sparkline([1, None, 2], HOSTILE),
        charts.columns(title=HOSTILE, desc=HOSTILE, values=[1], ticks=[(0.5, HOSTILE)], width=358),
        history(title=HOSTILE, desc=HOSTILE, low_words=HOSTILE, ticks=[(0.5, HOSTILE)]),
    ):
        assert HOSTILE in "".join(drawn(svg).itertext())
        assert "<script" not in svg


def history(**more: object) -> str:
    values: dict[str, object] = {
        "title": "Cyan over time", "desc": "It falls.", "points": [(0.0, 80.0), (0.5, 20.0)], "swaps": [0.5],
        "gaps": [(0.2, 0.3)], "ticks": [(0.1, "Mon")], "colour": "c", "low_at": 15.0, "low_words": "order point",
        "width": 760,
    }  # fmt: skip
    return charts.level_history(**(values | more))  # type: ignore[arg-type]


def test_a_level_holds_until_the_next_one() -> None:
    tree = drawn(history(gaps=[]))
    (line,) = [e.attrib["d"] for e in tree.iter("path") if e.attrib.get("class") == "line"]
    points = [tuple(map(float, point.split())) for point in line.removeprefix("M").split("L")]
    heights = [y for _, y in points]
    assert heights[0] == heights[1] < heights[2] == heights[3]
    assert points[1][0] == points[2][0]
    assert points[-1][0] == 760 - 12


def stretches(svg: str, css: str = "line") -> list[tuple[float, float]]:
    """From where to where a line is drawn, as parts of the span."""
    (path,) = [e.attrib["d"] for e in drawn(svg).iter("path") if e.attrib.get("class") == css]
    runs = [[float(point.split()[0]) for point in run.split("L")] for run in path.split("M")[1:]]
    return [(round((run[0] - 46) / 702, 2), round((run[-1] - 46) / 702, 2)) for run in runs]


@pytest.mark.parametrize(
    ("gaps", "drawn_in"),
    [
        ([(0.2, 0.3)], [(0, 0.2), (0.3, 1)]),
        ([(0.6, 1.0)], [(0, 0.6)]),
        ([(0.0, 0.1), (0.4, 0.6)], [(0.1, 0.4), (0.6, 1)]),
        ([(0.1, 0.2), (0.25, 0.3)], [(0, 0.1), (0.2, 0.25), (0.3, 1)]),
    ],
)
def test_no_line_runs_through_a_time_of_which_nothing_is_known(
    gaps: list[tuple[float, float]], drawn_in: list[tuple[float, float]]
) -> None:
    svg = history(gaps=gaps)
    assert stretches(svg) == drawn_in
    assert len([e for e in drawn(svg).iter() if e.attrib.get("class") == "gap"]) == len(gaps)


def test_where_nothing_at_all_is_known_there_is_no_line() -> None:
    assert not [e for e in drawn(history(gaps=[(0.0, 1.0)])).iter("path") if e.attrib["class"] in ("line", "area")]


def test_a_device_that_speaks_in_steps_gets_a_ribbon_and_no_line() -> None:
    tree = drawn(history(points=[(0.0, 40.0), (0.5, 90.0)], gaps=[], step=20))
    assert not [e for e in tree.iter("path") if e.attrib["class"] in ("line", "area")]
    (ribbon,) = [e.attrib["d"] for e in tree.iter("path") if e.attrib["class"] == "ribbon"]
    heights = {float(point.split()[1]) for point in ribbon.strip("MZ").split("L")}
    full, zero = 16.0, 174.0
    assert heights == {round(zero - share * (zero - full), 1) for share in (0.4, 0.6, 0.9, 1.0)}


@pytest.mark.parametrize("name", charts.SIGNS)
def test_signs_are_drawings_without_a_name(name: str) -> None:
    tree = ElementTree.fromstring(charts.sign(name, "c"))
    assert (tree.attrib["aria-hidden"], len(tree)) == ("true", 1)


def test_a_history_without_points_draws_no_line() -> None:
    tree = drawn(history(points=[], swaps=[], gaps=[]))
    assert tree.find("path") is None


def test_a_stretch_nobody_asked_in_is_no_zero() -> None:
    tree = drawn(charts.columns(title="Pages", desc="x", values=[5, None, 0, 10], ticks=[], width=760))
    assert [e.attrib["class"] for e in tree.iter("rect")] == ["b1", "gap", "b1"]
    tall = [float(e.attrib["height"]) for e in tree.iter("rect") if e.attrib["class"] == "b1"]
    assert tall[1] == pytest.approx(2 * tall[0], rel=0.02)


@pytest.mark.parametrize("values", [[], [None], [0, 0], [0.2], [10**9, 1]])
def test_columns_of_anything_are_drawn(values: list[float | None]) -> None:
    drawn(charts.columns(title="Pages", desc="x", values=values, ticks=[], width=358))


@pytest.mark.parametrize(("value", "top"), [(0, 1), (1, 1), (7, 7), (11, 20), (99, 100), (421, 500), (12_345, 20_000)])
def test_an_axis_ends_on_a_round_number(value: float, top: float) -> None:
    assert charts._round_up(value) == top


def test_shares_add_up() -> None:
    tree = drawn(charts.share_strip([("is-ok", 1), ("is-error", 3)], "x"))
    widths = [float(e.attrib["width"].rstrip("%")) for e in tree.iter("rect") if e.attrib["class"].startswith("is-")]
    assert widths == [25, 75]
    drawn(charts.share_strip([], "nothing"))


def test_no_two_drawings_share_an_id() -> None:
    ids = [
        e.attrib["id"] for _ in range(3) for e in drawn(charts.supply_bar(KINDS["exact"])).iter() if "id" in e.attrib
    ]
    assert len(ids) == len(set(ids))
