"""Figures of leg length, block test, stance, rearfoot and chain say what they hold.

Words are measured after drawing: none may leave its figure or lie over another.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import posture_example as example
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex

from gaitkit.model.chain import LINKS
from gaitkit.model.side import Side
from gaitkit.plots.block_test import plot_block_test
from gaitkit.plots.chain import LOOKS, DrawnChain, DrawnLink, LinkState, plot_chain
from gaitkit.plots.leg_length import LARGEST_REACH_MM, plot_leg_length
from gaitkit.plots.rearfoot import plot_rearfoot
from gaitkit.plots.stance_picture import plot_stance_picture
from gaitkit.plots.style import PAPER, look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from gaitkit.model.chain import Origin
    from gaitkit.model.text import Language

LEFT, RIGHT = Side.LEFT, Side.RIGHT
SLACK_PX = 1.0
STATES: tuple[LinkState, ...] = (
    "beyond", "doubt", "normal", "unjudged", "not_measured", "normal",
)  # fmt: skip


def drawn_chain(side: Side, origin: Origin = "from_below") -> DrawnChain:
    """Return a chain in which every state occurs."""
    links = tuple(
        DrawnLink(
            name=name,
            side=side,
            state=state,
            value="" if state == "not_measured" else "13,4 ± 2,4°",
            note="onbevestigd bij echte mensen" if name == "rearfoot" else "",
        )
        for name, state in zip(LINKS, STATES, strict=True)
    )
    return DrawnChain(
        side=side, links=links, origin=origin, origin_text="Kan beginnen bij de voet"
    )


def figures(language: Language) -> dict[str, Axes]:
    """Return every figure with all its words."""
    texts = tuple(f"Bekken (SIPS): links {n},0 ± 1,3 mm hoger" for n in range(5))
    error = "0,8" if language == "nl" else "0.8"
    return {
        "leg_length": plot_leg_length(
            example.estimate(), texts=("+10,0 ± 14,0",) * 5, language=language
        ),
        "block_test": plot_block_test(
            example.block_line(), text="onbevestigd", language=language
        ),
        "rearfoot": plot_rearfoot(
            example.rearfoot_curves(), errors=(error, error), language=language
        ),
        "stance": plot_stance_picture(
            example.stance(), texts=texts, language=language
        ),
        "chain": plot_chain((drawn_chain(LEFT), drawn_chain(RIGHT)), language=language),
    }  # fmt: skip


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "name", ["leg_length", "block_test", "rearfoot", "stance", "chain"]
)
def test_no_words_leave_the_figure_or_lie_over_others(
    name: str, language: Language
) -> None:
    figure = figures(language)[name].get_figure(root=True)
    assert figure is not None
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    texts = [t for t in figure.findobj(match=is_words) if t.get_text().strip()]
    boxes = {t.get_text(): t.get_window_extent() for t in texts}
    assert len(texts) > 5
    width, height = canvas.get_width_height()
    for words, box in boxes.items():
        assert box.x0 >= -SLACK_PX, words
        assert box.y0 >= -SLACK_PX, words
        assert box.x1 <= width + SLACK_PX, words
        assert box.y1 <= height + SLACK_PX, words
    for (one, first), (other, second) in combinations(boxes.items(), 2):
        apart = (
            first.x1 <= second.x0 + SLACK_PX
            or second.x1 <= first.x0 + SLACK_PX
            or first.y1 <= second.y0 + SLACK_PX
            or second.y1 <= first.y0 + SLACK_PX
        )
        assert apart, f"{one!r} lies over {other!r}"


def is_words(artist: object) -> bool:
    from matplotlib.text import Text

    return isinstance(artist, Text) and artist.get_visible()


def rows(ax: Axes) -> dict[float, list[object]]:
    """Return the single points of a leg-length figure by their row."""
    found: dict[float, list[object]] = {}
    for line in ax.lines:
        if len(line.get_xdata()) == 1 and line.get_marker() in {"o", "X", "D"}:
            found.setdefault(-float(line.get_ydata()[0]), []).append(line)
    return found


def test_an_unconfirmed_method_is_hollow_and_one_that_does_not_count_a_cross() -> None:
    points = rows(plot_leg_length(example.estimate()))
    fills = {row: to_hex(p[0].get_markerfacecolor()) for row, p in points.items()}
    assert fills[2] != PAPER
    assert fills[3] != PAPER
    assert fills[1] == fills[4] == fills[5] == PAPER
    markers = [points[row][0].get_marker() for row in (1, 2, 3, 4, 5)]
    assert markers == ["D", "o", "o", "o", "X"]


def test_the_axis_of_leg_length_says_at_both_ends_which_leg_is_longer() -> None:
    ax = plot_leg_length(example.estimate(), language="nl")
    at = {text.get_text(): text.get_position()[0] for text in ax.texts}
    assert at["linkerbeen langer →"] > 0 > at["← rechterbeen langer"]
    assert {-20.0, -10.0, -5.0, 0.0, 5.0, 10.0, 20.0} <= set(ax.get_xticks())


def test_the_tint_is_the_95_percent_interval_and_hatched_where_right_is_longer() -> (
    None
):
    estimate = example.estimate(sd_mm=6.0)
    left, right = plot_leg_length(estimate).collections
    assert left.get_hatch() is None
    assert right.get_hatch()
    ends = [path.vertices[:, 0] for part in (left, right) for path in part.get_paths()]
    assert min(e.min() for e in ends) == pytest.approx(estimate.low_mm, abs=0.5)
    assert max(e.max() for e in ends) == pytest.approx(estimate.high_mm, abs=0.5)


def test_an_interval_that_goes_on_beyond_the_axis_ends_in_an_arrow() -> None:
    wide = replace(example.methods()[0], sd_mm=40.0)
    ax = plot_leg_length(replace(example.estimate(), methods=(wide,)))
    assert [line.get_marker() for line in ax.lines].count(">") == 1
    assert ax.get_xlim() == (-LARGEST_REACH_MM, LARGEST_REACH_MM)


def test_the_levelling_block_lies_on_level_with_its_interval() -> None:
    line = example.block_line()
    ax = plot_block_test(line)
    (diamond,) = (part for part in ax.lines if part.get_marker() == "D")
    assert (diamond.get_xdata()[0], diamond.get_ydata()[0]) == (line.levelling_mm, 0.0)
    assert to_hex(diamond.get_markerfacecolor()) == PAPER
    spans = [list(part.get_xdata()) for part in ax.lines]
    assert [line.low_mm, line.high_mm] in spans


def test_without_a_levelling_block_none_is_drawn() -> None:
    ax = plot_block_test(example.block_line(levelled=False))
    assert not [part for part in ax.lines if part.get_marker() == "D"]


def test_block_heights_have_no_sign_but_a_foot() -> None:
    ax = plot_block_test(example.block_line(), language="en")
    assert ax.xaxis.get_major_formatter()(-5.0, 0) == "5"
    at = {text.get_text(): text.get_position()[0] for text in ax.texts}
    assert at["← under left foot"] < at["under right foot →"]


def test_after_heel_off_the_curve_is_hatched_thin_and_without_spread() -> None:
    left, right = example.rearfoot_curves()
    ax = plot_rearfoot((left, right))
    (void,) = ax.patches
    assert void.get_hatch()
    assert void.get_x() == right.valid_to_pct
    thick = [line for line in ax.lines if line.get_linewidth() > 1.0]
    assert [max(line.get_xdata()) for line in thick] == [64.0, 60.0]
    assert {line.get_linestyle() for line in thick} == {"-", "--"}
    spread = max(c.get_paths()[0].vertices[:, 0].max() for c in ax.collections)
    assert spread <= left.valid_to_pct


def test_a_line_joins_its_points_beside_the_true_horizontal() -> None:
    stance = example.stance()
    bare = replace(stance, lines=stance.lines[:1], rearfeet=())
    horizontal, drawn = plot_stance_picture(bare).lines[:2]
    pelvis = stance.lines[0]
    slope = (pelvis.right.y_px - pelvis.left.y_px) / (
        pelvis.right.x_px - pelvis.left.x_px
    )
    assert np.diff(drawn.get_ydata()) / np.diff(drawn.get_xdata()) == pytest.approx(
        slope
    )
    level = np.diff(horizontal.get_ydata()) / np.diff(horizontal.get_xdata())
    assert level == pytest.approx(-np.tan(np.radians(stance.roll_deg)))


def test_left_is_named_where_the_left_of_the_person_is_seen() -> None:
    stance = example.stance()
    named = {t.get_text(): t.xy[0] for t in plot_stance_picture(stance).texts}
    assert named["links"] < named["rechts"]
    turned = replace(
        stance, points=tuple(replace(p, side=p.side.other) for p in stance.points)
    )
    named = {t.get_text(): t.xy[0] for t in plot_stance_picture(turned).texts}
    assert named["links"] > named["rechts"]


def test_states_of_links_are_told_apart_without_colour() -> None:
    shapes = {(s.hatch, s.line, s.width, s.fill == PAPER) for s in LOOKS.values()}
    assert len(shapes) == len(LOOKS)


def test_left_of_the_body_stands_left_and_every_link_shows_its_state() -> None:
    ax = plot_chain((drawn_chain(LEFT), drawn_chain(RIGHT)), language="en")
    at = [t.get_position()[0] for t in ax.texts if "13,4" in t.get_text()]
    assert sum(x < 0 for x in at) == sum(x > 0 for x in at) == 5
    words = [text.get_text() for text in ax.texts]
    assert words.count("beyond what is usual") == 2
    assert words.count("not measured") == 2
    assert "Rearfoot  13,4 ± 2,4°" in words
    assert words.count("Kan beginnen bij de voet") == 2
    headings = {t.get_text(): t.get_color() for t in ax.texts}
    assert headings["left"] == look(LEFT).colour


@pytest.mark.parametrize(
    ("origin", "arrows"), [("from_below", 1), ("mixed", 1), ("undetermined", 0)]
)
def test_an_arrow_stands_only_where_something_can_be_said(
    origin: Origin, arrows: int
) -> None:
    ax = plot_chain((drawn_chain(LEFT, origin),))
    found = [t for t in ax.texts if getattr(t, "arrow_patch", None) is not None]
    assert len(found) == arrows
