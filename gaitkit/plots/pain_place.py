"""Where it hurts, on a body seen from behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from gaitkit.model.intake import PainSide, PainSite, Radiation
from gaitkit.model.side import Side
from gaitkit.plots.chain_body import HEAD, JOINTS, OUTLINES, THIGH, rounded
from gaitkit.plots.labels import label
from gaitkit.plots.style import (
    FULL_WIDTH_IN,
    INK,
    MUTED,
    PAPER,
    RULE,
    SMALL_PT,
    TEXT_PT,
    THIN_PT,
    axes_or_new,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from gaitkit.model.text import Language
    from gaitkit.plots.chain_body import Outline

HEIGHT_IN = 2.6
BOTTOM, TOP = -2.0, 101.0
WORDS_AT = 24.0
"""Distance of the words from the middle line, in hundredths of body height."""

PAIN, RADIATION = "#d9932b", "#f6e6c4"
SKIN = "#eef1f3"
PAIN_HATCH, RADIATION_HATCH = "////", "...."
"""Told by hatch as well as by colour."""

Band = tuple[float, float, float, float]
"""Inner and outer distance from the middle line, lower and upper end."""

SITES: Final[dict[PainSite, Band]] = {
    "low_back": (0.0, 12.5, 53.0, 63.5),
    "thoracic": (0.0, 13.0, 66.0, 80.0),
    "neck": (0.0, 4.0, 82.5, 88.5),
    "leg": (4.6, 13.0, 9.0, 49.0),
    "foot": (5.9, 12.4, 0.2, 6.2),
}
"""Between the lowest ribs and the gluteal folds, and so on; drawn for the eye."""

MIDDLE_HALF_WIDTH = 4.2
REACHES: Final[dict[Radiation, float]] = {
    "buttock": 50.0,
    "thigh_to_knee": 29.0,
    "below_knee": 3.0,
}
"""How far down radiation is drawn."""

LEG_INNER, LEG_OUTER, LEG_TOP = 5.4, 11.4, 55.5


@dataclass(frozen=True, slots=True, kw_only=True)
class PainPlace:
    """Where it hurts and where it radiates to, in codes and in words.

    ``site_text`` and ``radiation_text`` stand beside the body; an empty one is left
    out.
    """

    site: PainSite
    side: PainSide | None = None
    radiation: Radiation | None = None
    radiation_side: PainSide | None = None
    site_text: str = ""
    radiation_text: str = ""


def plot_pain_place(
    place: PainPlace, ax: Axes | None = None, *, language: Language = "nl"
) -> Axes:
    """Draw the outline of a body from behind with the site of the pain marked.

    Parameters
    ----------
    place : PainPlace
        Site and radiation. A side that was not told is drawn on both sides for the
        site, and not at all for the radiation.
    ax : Axes or None
        Where to draw; None makes a new figure.
    language : {"nl", "en"}
        Language of the words.

    Returns
    -------
    Axes
        The axes drawn on, in hundredths of body height.
    """
    ax = axes_or_new(ax, width_in=FULL_WIDTH_IN, height_in=HEIGHT_IN)
    _body(ax)
    reach = REACHES.get(place.radiation) if place.radiation else None
    if reach is not None:
        for side in _sides(place.radiation_side):
            _mark(ax, (LEG_INNER, LEG_OUTER, reach, LEG_TOP), side, "radiation")
    if place.site in SITES:
        for band, side in _site_bands(SITES[place.site], place.side):
            _mark(ax, band, side, "pain")
    _words(ax, place, reach)
    for sign, name in ((-1.0, Side.LEFT), (1.0, Side.RIGHT)):
        ax.text(
            sign * 14.0,
            1.0,
            label(f"side.{name}", language),
            ha="right" if sign < 0 else "left",
            fontsize=SMALL_PT,
            color=MUTED,
        )
    reach_x = WORDS_AT * (5 if place.site_text or place.radiation_text else 1)
    ax.set_xlim(-reach_x, reach_x)
    ax.set_ylim(BOTTOM, TOP)
    ax.set_aspect("equal")
    ax.set_axis_off()
    return ax


def _sides(side: PainSide | None) -> tuple[float, ...]:
    """Return the signs of the sides to draw; none when no side was told."""
    signs: dict[PainSide | None, tuple[float, ...]] = {
        "left": (-1.0,),
        "right": (1.0,),
        "both": (-1.0, 1.0),
    }
    return signs.get(side, ())


def _site_bands(band: Band, side: PainSide | None) -> Iterator[tuple[Band, float]]:
    inner, outer, low, high = band
    if side == "middle" and inner == 0.0:
        outer = min(outer, MIDDLE_HALF_WIDTH)
    for sign in _sides(side) or (-1.0, 1.0):
        yield (inner, outer, low, high), sign


def _body(ax: Axes) -> None:
    from matplotlib.patches import Circle

    x, y, radius = HEAD
    ax.add_patch(Circle((x, y), radius, facecolor=PAPER, edgecolor=RULE, linewidth=0.9))
    for across, height, size in JOINTS.values():
        for sign in (-1.0, 1.0):
            middle = (sign * across, height)
            ax.add_patch(Circle(middle, size, facecolor=SKIN, edgecolor=RULE, lw=0.8))
    for outline in (*OUTLINES.values(), THIGH):
        for sign in (-1.0, 1.0):
            _outline(ax, outline, sign)


def _outline(ax: Axes, outline: Outline, sign: float) -> None:
    """Draw a part with rounded corners, straight along the middle line of the body."""
    from matplotlib.patches import PathPatch

    ax.add_patch(
        PathPatch(
            rounded(outline, sign=sign), facecolor=SKIN, edgecolor=RULE, linewidth=0.8
        )
    )


def _mark(
    ax: Axes, band: Band, sign: float, what: Literal["pain", "radiation"]
) -> None:
    from matplotlib.patches import Rectangle

    inner, outer, low, high = band
    pain = what == "pain"
    left = min(sign * inner, sign * outer)
    ax.add_patch(
        Rectangle(
            (left, low),
            outer - inner,
            high - low,
            facecolor=PAIN if pain else RADIATION,
            hatch=PAIN_HATCH if pain else RADIATION_HATCH,
            edgecolor=INK,
            linewidth=0.0,
            zorder=4 if pain else 3,
        )
    )


def _words(ax: Axes, place: PainPlace, reach: float | None) -> None:
    """Write what is marked beside the body, tied to it by a line."""
    rows = []
    if place.site in SITES and place.site_text:
        band = SITES[place.site]
        ends = [
            sign * inner if sign < 0 else outer
            for (inner, outer, _, _), sign in _site_bands(band, place.side)
        ]
        rows.append((max(ends), (band[2] + band[3]) / 2, place.site_text))
    signs = _sides(place.radiation_side)
    if reach is not None and place.radiation_text and signs:
        start = LEG_OUTER if 1.0 in signs else -LEG_INNER
        rows.append((start, (reach + LEG_TOP) / 2 - 4.0, place.radiation_text))
    for start, height, text in rows:
        ax.plot(
            [start, WORDS_AT - 1.2], [height] * 2, color=MUTED, linewidth=THIN_PT,
            zorder=5,
        )  # fmt: skip
        ax.text(
            WORDS_AT, height, text, ha="left", va="center", fontsize=TEXT_PT, color=INK
        )
