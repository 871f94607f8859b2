"""A picture of a standing person with the lines that were read from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.side import Side
from gaitkit.plots.labels import label
from gaitkit.plots.style import (
    FULL_WIDTH_IN,
    INK,
    PAPER,
    RULE,
    SMALL_PT,
    TEXT_PT,
    THIN_PT,
    axes_or_new,
    look,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.patheffects import AbstractPathEffect

    from gaitkit.model.standing import (
        HeightLine,
        NavicularStanding,
        PicturePoint,
        RearfootStanding,
        StancePicture,
    )
    from gaitkit.model.text import Language

HEIGHT_IN = 3.7
LINE_COLOUR = "#ffd400"
"""Yellow within a dark edge: seen on skin, on dark and light clothes, and in grey."""

REACH = 0.35
"""How far a line goes on beyond its two points, as a share of their distance."""

TEXT_GAP = 0.05
"""Space between picture and words, as a share of the height of the picture."""

TEXT_SPACE = 0.82
TEXT_WIDE = 0.36
"""Width of the words beside the picture, as a share of its height; beside a wide
picture, of one foot, as a share of its width."""

TEXT_ROW, TEXT_APART = 0.043, 0.022
"""Height of a row of words and space between two texts, as shares of the same."""

SIDE_AT = 0.24
"""Where a side is named, as a share of the width of the picture from its edge."""

FLOOR_HALF = 2.0
"""Half the drawn level of the floor, in heights of the navicular."""

HEEL = (("calf_upper", "calf_lower"), ("heel_upper", "heel_lower"))
"""Points at the ends of the two lines of a rearfoot."""


def plot_stance_picture(
    stance: StancePicture,
    ax: Axes | None = None,
    *,
    texts: Sequence[str] = (),
    language: Language = "nl",
) -> Axes:
    """Draw the picture with its points, its lines, and the true horizontal.

    Parameters
    ----------
    stance : StancePicture
        The picture as it may be seen (blurred, cut), with its lines.
    ax : Axes or None
        Where to draw; None makes a new figure.
    texts : sequence of str
        Words for each line, then each rearfoot, then each navicular, written beside
        the picture; none when empty.
    language : {"nl", "en"}
        Language of the words.

    Returns
    -------
    Axes
        The axes drawn on, in pixels of the picture, y downwards.

    Notes
    -----
    A yellow line joins the left and the right point. The dashed white line through
    its middle is horizontal after the roll of the camera was taken out. In a picture
    of one foot the yellow line stands on the floor, at the dashed line.
    """
    ax = axes_or_new(ax, width_in=FULL_WIDTH_IN, height_in=HEIGHT_IN)
    height, width = stance.picture.shape[:2]
    ax.imshow(
        stance.picture, extent=(0.0, width, height, 0.0), interpolation="none", zorder=0
    )
    for line in stance.lines:
        _height_line(ax, line, roll_deg=stance.roll_deg, size=(width, height))
    for rearfoot in stance.rearfeet:
        _rearfoot(ax, rearfoot)
    for foot in stance.naviculars:
        _navicular(ax, foot, stance)
    _sides(ax, stance, language)
    if texts:
        _words(ax, stance, texts)
        ax.set_xlim(0.0, width + max(TEXT_SPACE * height, TEXT_WIDE * width))
    else:
        ax.set_xlim(0.0, width)
    ax.set_ylim(height, 0.0)
    ax.set_aspect("equal")
    ax.set_anchor("W")
    ax.set_axis_off()
    return ax


def _edge(width: float, colour: str = INK) -> list[AbstractPathEffect]:
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=width, foreground=colour)]


def _height_line(
    ax: Axes, line: HeightLine, *, roll_deg: float, size: tuple[int, int]
) -> None:
    ends = np.array([[p.x_px, p.y_px] for p in (line.left, line.right)])
    along = REACH * (ends[1] - ends[0])
    middle, half = ends.mean(axis=0), abs(ends[1, 0] - ends[0, 0]) * (0.5 + REACH)
    level = half * np.array([1.0, -np.tan(np.radians(roll_deg))])
    inside = {"clip_on": True, "solid_capstyle": "butt"}
    horizontal = np.clip([middle - level, middle + level], 0, size)
    ax.plot(
        *horizontal.T,
        color=PAPER,
        linestyle=(0, (4, 3)),
        linewidth=0.9,
        path_effects=_edge(2.2),
        zorder=2,
    )
    drawn = np.clip([ends[0] - along, ends[1] + along], 0, size)
    ax.plot(
        *drawn.T,
        color=LINE_COLOUR,
        linewidth=1.6,
        path_effects=_edge(3.2),
        zorder=3,
        **inside,  # type: ignore[arg-type]
    )
    for point in (line.left, line.right):
        _point(ax, point, size=5.5)


def _point(ax: Axes, point: PicturePoint, *, size: float) -> None:
    side = look(point.side)
    ax.plot(
        [point.x_px],
        [point.y_px],
        marker=side.marker,
        markersize=size,
        markerfacecolor=side.fill,
        markeredgecolor=PAPER if point.side is Side.LEFT else side.colour,
        linestyle="none",
        zorder=5,
    )


def _rearfoot(ax: Axes, rearfoot: RearfootStanding) -> None:
    side = look(rearfoot.side)
    at = {point.role: point for point in rearfoot.points}
    for upper, lower in HEEL:
        if upper in at and lower in at:
            ends = [at[upper], at[lower]]
            ax.plot(
                [p.x_px for p in ends],
                [p.y_px for p in ends],
                color=side.colour,
                linestyle=side.line,
                linewidth=1.6,
                path_effects=_edge(3.4, PAPER),
                zorder=4,
            )
    for point in rearfoot.points:
        _point(ax, point, size=3.0)


def _navicular(ax: Axes, foot: NavicularStanding, stance: StancePicture) -> None:
    """Draw the height of the navicular above the floor, and the level of the floor."""
    height, width = stance.picture.shape[:2]
    ends = np.array([[foot.sticker.x_px, foot.sticker.y_px], foot.floor_px])
    half = FLOOR_HALF * float(np.linalg.norm(ends[1] - ends[0]))
    level = half * np.array([1.0, -np.tan(np.radians(stance.roll_deg))])
    floor = np.clip([ends[1] - level, ends[1] + level], 0, (width, height))
    ax.plot(
        *floor.T,
        color=PAPER,
        linestyle=(0, (4, 3)),
        linewidth=0.9,
        path_effects=_edge(2.2),
        zorder=2,
    )
    ax.plot(
        *ends.T, color=LINE_COLOUR, linewidth=1.6, path_effects=_edge(3.2), zorder=3
    )
    for point in stance.points:
        _point(ax, point, size=5.5 if point.role == "navicular" else 3.0)


def _sides(ax: Axes, stance: StancePicture, language: Language) -> None:
    """Name the sides of the person below the picture, each on its side of it."""
    height, width = stance.picture.shape[:2]
    means = {
        side: float(np.mean([p.x_px for p in stance.points if p.side is side]))
        for side in Side
        if any(p.side is side for p in stance.points)
    }
    for side, mean in means.items():
        first = mean <= min(means.values()) and (len(means) > 1 or mean < width / 2)
        ax.annotate(
            label(f"side.{side}", language),
            ((SIDE_AT if first else 1.0 - SIDE_AT) * width, height),
            xytext=(0, -3),
            textcoords="offset points",
            annotation_clip=False,
            ha="center",
            va="top",
            fontsize=TEXT_PT,
            fontweight="bold",
            color=look(side).colour,
        )


def _words(ax: Axes, stance: StancePicture, texts: Sequence[str]) -> None:
    """Write the words beside the picture, none over another, each tied to its line."""
    height, width = stance.picture.shape[:2]
    at = [max(line.left.y_px, line.right.y_px) for line in stance.lines]
    at += [_middle_px(rearfoot, height) for rearfoot in stance.rearfeet]
    at += [(foot.sticker.y_px + foot.floor_px[1]) / 2 for foot in stance.naviculars]
    order = sorted(range(len(at)), key=lambda i: at[i])
    tall = [(texts[i].count("\n") + 1) * TEXT_ROW * height for i in order]
    places = _spaced(
        [at[i] for i in order], tall, apart=TEXT_APART * height, limit=height
    )
    gap = TEXT_GAP * height
    for place, index in zip(places, order, strict=True):
        ax.plot(
            [width, width + 0.8 * gap],
            [min(at[index], height), place],
            color=RULE,
            linewidth=THIN_PT,
            clip_on=False,
            zorder=1,
        )
        ax.text(
            width + gap,
            place,
            texts[index],
            va="center",
            fontsize=SMALL_PT,
            color=INK,
            linespacing=1.3,
        )


def _middle_px(rearfoot: RearfootStanding, height: int) -> float:
    rows = [point.y_px for point in rearfoot.points]
    return float(np.mean(rows)) if rows else 0.97 * height


def _spaced(
    places: Sequence[float], tall: Sequence[float], *, apart: float, limit: float
) -> list[float]:
    """Return the middles of texts moved until none touches, the last one within."""
    spaced: list[float] = []
    floor = 0.0
    for place, high in zip(places, tall, strict=True):
        spaced.append(max(place, floor + high / 2))
        floor = spaced[-1] + high / 2 + apart
    for index in range(len(spaced) - 1, -1, -1):
        spaced[index] = min(spaced[index], limit - tall[index] / 2)
        limit = spaced[index] - tall[index] / 2 - apart
    return spaced
