"""Left against right: every difference on one scale, with what is not demonstrable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.catalogue import definition
from gaitkit.model.side import Side
from gaitkit.plots.labels import label
from gaitkit.plots.style import (
    FULL_WIDTH_IN,
    INK,
    MUTED,
    RULE,
    SMALL_PT,
    THIN_PT,
    ZONE,
    axes_or_new,
    dress,
    look,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from gaitkit.measure.symmetry import SideDifference
    from gaitkit.model.text import Language

ROW_IN, FRAME_IN = 0.24, 0.75
REACH = 2.6
"""Limits to each side that the figure always shows."""

TEXT_GAP = 1.02


def plot_symmetry(
    differences: Sequence[SideDifference],
    ax: Axes | None = None,
    *,
    texts: Sequence[str] = (),
    language: Language = "nl",
) -> Axes:
    """Draw left minus right of each measure in multiples of its limit.

    Parameters
    ----------
    differences : sequence of SideDifference
        The differences, drawn from top to bottom.
    ax : Axes or None
        Where to draw; None makes a new figure.
    texts : sequence of str
        The difference of each row in words, written at the right; none when empty.
    language : {"nl", "en"}
        Language of the words.

    Returns
    -------
    Axes
        The axes drawn on; x has no unit, 1 is the limit.

    Notes
    -----
    A filled point lies outside the zone in which no difference is demonstrable; its
    colour is that of the larger side. An interval may reach into the zone: being
    beyond the limit is judged on the value, the interval shows how sure that is.
    """
    height = FRAME_IN + ROW_IN * len(differences)
    ax = axes_or_new(ax, width_in=FULL_WIDTH_IN, height_in=height)
    ax.axvspan(-1.0, 1.0, facecolor=ZONE, edgecolor="none", zorder=0)
    ax.axvline(0.0, color=RULE, linewidth=THIN_PT, zorder=1)
    for row, difference in enumerate(differences):
        _row(ax, row, difference)
    for row, text in enumerate(texts):
        ax.text(
            TEXT_GAP,
            row,
            text,
            transform=ax.get_yaxis_transform(),
            va="center",
            fontsize=SMALL_PT,
            color=INK,
        )
    dress(ax, language)
    ax.set_yticks(range(len(differences)))
    ax.set_yticklabels([definition(d.measure).label.of(language) for d in differences])
    ax.set_ylim(len(differences) - 0.4, -1.0)
    edge = max(REACH, *(abs(x) / d.limit for d in differences for x in (d.low, d.high)))
    ax.set_xlim(-1.05 * edge, 1.05 * edge)
    ax.set_xlabel(label("axis.difference", language))
    for place, key, align in (
        (-1.0 * edge, "right_larger", "left"),
        (0.0, "no_difference", "center"),
        (1.0 * edge, "left_larger", "right"),
    ):
        ax.text(
            place,
            -0.7,
            label(f"word.{key}", language),
            ha=align,
            va="center",
            fontsize=SMALL_PT,
            color=MUTED,
        )
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", length=0, colors=INK)
    ax.spines["left"].set_visible(False)
    return ax


def _row(ax: Axes, row: int, difference: SideDifference) -> None:
    side = look(Side.LEFT if difference.value > 0 else Side.RIGHT)
    shown = difference.demonstrable
    colour = side.colour if shown else MUTED
    low, value, high = (
        x / difference.limit
        for x in (difference.low, difference.value, difference.high)
    )
    ax.plot([low, high], [row, row], color=colour, linewidth=1.2, zorder=2)
    ax.plot(
        [value],
        [row],
        marker=side.marker if shown else "o",
        markersize=5.5 if shown else 4.5,
        markerfacecolor=colour if shown else "#ffffff",
        markeredgecolor=colour,
        linestyle="none",
        zorder=3,
    )
