"""The drawings of the order of insoles, each as large on paper as it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gaitkit.model.side import Side
from gaitkit.plots.insole import (
    Place,
    plot_bar,
    plot_heel_section,
    plot_insole,
    plot_pressure_key,
)
from gaitkit.plots.labels import label
from gaitkit.plots.style import INK, to_svg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from gaitkit.model.prescription import FootOrder, Prescription
    from gaitkit.model.text import Language

Layout = Literal["pair", "single", "wide"]
"""Both feet on A4, one foot a page of A4, both on A3."""

MM_PER_IN = 25.4
A4_MM, A3_MM = (210.0, 297.0), (420.0, 297.0)
PAIR_WIDTH_MM, PAIR_LENGTH_MM = 198.0, 280.0
"""Room of a pair on A4, 6 mm between the feet in it."""

SINGLE_LENGTH_MM = 287.0
BETWEEN_MM = 6.0
HEEL_END_MM = 16.0
"""Height of the heel ends of the prints over the lower edge of the paper."""

BAR_MM = 100.0
SMALL = 2.5
SMALL_WIDTH_MM, SMALL_MARGIN_MM = 92.0, 10.0
"""Scale of the drawing on the front, its width on the paper, and the room in mm of the
foot under and over the insoles."""

SECTION_WIDTH_MM, SECTION_OVER_MM = 190.0, 10.0
"""Width of the heel sections, and room over the higher one for its words."""


def layout_of(order: Prescription) -> Layout:
    """Return how both feet go on paper at 1:1."""
    shapes = [foot.shape for foot in order.feet if foot.shape is not None]
    breadth = sum(shape.width_mm for shape in shapes) + BETWEEN_MM
    length = max((shape.length_mm for shape in shapes), default=0.0)
    if breadth <= PAIR_WIDTH_MM and length <= PAIR_LENGTH_MM:
        return "pair"
    return "single" if length <= SINGLE_LENGTH_MM else "wide"


def drawings_of(
    order: Prescription, *, language: Language
) -> Iterator[tuple[str, bytes]]:
    """Yield every drawing of the sheet, its file name first."""
    if any(foot.shape is None for foot in order.feet):
        return
    yield "bench.svg", _section(order, language)
    yield "front.svg", _front(order, language)
    match layout_of(order):
        case "pair":
            yield "back.svg", _back(order, order.feet, A4_MM, language)
        case "wide":
            yield "back.svg", _back(order, order.feet, A3_MM, language)
        case "single":
            for foot in order.feet:
                name = f"back_{foot.side}.svg"
                yield name, _back(order, (foot,), A4_MM, language)


def _paper(width_mm: float, height_mm: float, *, scale: float = 1.0) -> Axes:
    """Return axes that count mm of the foot over a whole piece of paper."""
    from matplotlib.figure import Figure

    size = (width_mm / MM_PER_IN, height_mm / MM_PER_IN)
    axes = Figure(figsize=size, facecolor="none").add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width_mm * scale)
    axes.set_ylim(0, height_mm * scale)
    axes.axis("off")
    return axes


def _svg(axes: Axes, name: str) -> bytes:
    return to_svg(axes, name=name, title=name).encode("utf-8")


def _section(order: Prescription, language: Language) -> bytes:
    axes = _paper(SECTION_WIDTH_MM, section_mm(order))
    for foot, x in zip(order.feet, (42.0, SECTION_WIDTH_MM - 42.0), strict=True):
        plot_heel_section(foot, axes, x_mm=x, y_mm=2.0, language=language)
    return _svg(axes, "bench")


def section_mm(order: Prescription) -> float:
    """Return the height of the drawing of the heel sections."""
    heels = (foot.heights for foot in order.feet if foot.heights is not None)
    return 2.0 + SECTION_OVER_MM + max(each.highest_heel for each in heels)


def small_mm(order: Prescription) -> tuple[float, float]:
    """Return the size on the paper of the drawing on the front."""
    shapes = (foot.shape for foot in order.feet if foot.shape is not None)
    longest = max(shape.length_mm for shape in shapes)
    return SMALL_WIDTH_MM, (longest + 2 * SMALL_MARGIN_MM) / SMALL


def _front(order: Prescription, language: Language) -> bytes:
    paper = small_mm(order)
    axes = _paper(*paper, scale=SMALL)
    width, high = (SMALL * each for each in paper)
    for place, foot in _side_by_side(order.feet, width / 2, heel_mm=14.0):
        plot_insole(foot, axes, place=place, language=language, named=False)
    for word, x in (("L", 5.0), ("R", width - 5.0)):
        axes.text(
            x, high - 2, word, fontsize=13, fontweight="bold", color=INK,
            ha="left" if word == "L" else "right", va="top",
        )  # fmt: skip
    plot_bar(
        axes, x_mm=width / 2 - 50, y_mm=3.5, upright=False, words="", length_mm=BAR_MM
    )
    words = label("insole.scale_small", language)
    axes.text(width / 2 + 54, 3.5, words, va="center", fontsize=6.6, color=INK)
    return _svg(axes, "front")


def _side_by_side(
    feet: tuple[FootOrder, ...], middle_mm: float, *, heel_mm: float
) -> Iterator[tuple[Place, FootOrder]]:
    """Yield where feet lie, medial borders 6 mm apart about the middle of the paper."""
    for foot in feet:
        if foot.shape is None:
            continue
        medial = float(foot.shape.outline_mm[:, 0].min())
        lateral = float(foot.shape.outline_mm[:, 0].max())
        sign = -1.0 if foot.side is Side.LEFT else 1.0
        away = BETWEEN_MM / 2 - medial
        if len(feet) == 1:
            away = -(medial + lateral) / 2
        yield Place(x_mm=middle_mm + sign * away, y_mm=heel_mm, side=foot.side), foot


def _back(
    order: Prescription,
    feet: tuple[FootOrder, ...],
    paper_mm: tuple[float, float],
    language: Language,
) -> bytes:
    width, height = paper_mm
    axes = _paper(width, height)
    alone = len(feet) == 1
    for place, foot in _side_by_side(feet, width / 2, heel_mm=HEEL_END_MM):
        plot_insole(foot, axes, place=place, language=language)
        _name(axes, foot, paper_mm, language)
    plot_pressure_key(
        axes, x_mm=width / 2 - 33, y_mm=288, width_mm=66, language=language
    )
    bar = label("insole.scale", language)
    plot_bar(
        axes, x_mm=20.0 if alone else width / 2, y_mm=30.0, upright=True, words=bar,
        length_mm=BAR_MM,
    )  # fmt: skip
    plot_bar(
        axes, x_mm=width / 2 - 50, y_mm=7.5, upright=False, words=bar, length_mm=BAR_MM
    )
    for x, ha, lines in (
        (10.0, "left", (label("insole.order", language, number=order.number),)),
        (
            width - 10.0,
            "right",
            (label("insole.view", language), label("insole.print", language)),
        ),
    ):
        axes.text(
            x, 5.0, "\n".join(lines), ha=ha, va="bottom", fontsize=7.0, color=INK,
            linespacing=1.25,
        )  # fmt: skip
    if order.draft:
        axes.text(
            width / 2, height / 2, label("insole.draft", language), fontsize=92,
            color="#b3161f", alpha=0.22, rotation=55, ha="center", va="center",
            fontweight="bold", zorder=9,
        )  # fmt: skip
    return _svg(axes, f"back-{feet[0].side}" if alone else "back")


def _name(
    axes: Axes, foot: FootOrder, paper_mm: tuple[float, float], language: Language
) -> None:
    """Write which foot it is, large, and where its print comes from."""
    left = foot.side is Side.LEFT
    x, sign = (12.0, 1.0) if left else (paper_mm[0] - 12.0, -1.0)
    ha = "left" if left else "right"
    axes.text(
        x, 290, "L" if left else "R", fontsize=24, fontweight="bold", color=INK, ha=ha,
        va="top",
    )  # fmt: skip
    name = label(f"insole.{foot.side}", language)
    axes.text(
        x + sign * 10, 288.5, name, fontsize=9, fontweight="bold", color=INK, ha=ha,
        va="top",
    )  # fmt: skip
    origin = "thickness" if foot.shape is None else {
        "plate": "thickness", "mirrored": "mirrored", "shoe_size": "estimated",
    }[foot.shape.print_.origin]  # fmt: skip
    axes.text(
        x + sign * 10, 284.0, label(f"insole.{origin}", language), fontsize=6.6,
        color=INK, ha=ha, va="top",
    )  # fmt: skip
