"""Before against after: every change on one scale, with what is not demonstrable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
)
from gaitkit.plots.symmetry import REACH, TEXT_GAP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from gaitkit.model.comparison import Change
    from gaitkit.model.text import Language

ROW_IN, FRAME_IN = 0.24, 0.75

CHANGED = "#155e63"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeWords:
    """The words on the figure: its three areas from left to right, and the axis."""

    smaller: str
    none: str
    larger: str
    axis: str


def plot_changes(
    changes: Sequence[Change],
    ax: Axes | None = None,
    *,
    rows: Sequence[tuple[str, str]],
    words: ChangeWords,
    language: Language = "nl",
) -> Axes:
    """Draw after minus before of each measure in multiples of its limit.

    Parameters
    ----------
    changes : sequence of Change
        The changes, drawn from top to bottom; their limits are above 0.
    ax : Axes or None
        Where to draw; None makes a new figure.
    rows : sequence of (str, str)
        Name of each row, and its change in words, written at the right.
    words : ChangeWords
        Words of the areas and the axis.
    language : {"nl", "en"}
        Language of the numbers on the axis.

    Returns
    -------
    Axes
        The axes drawn on; x has no unit, 1 is the limit.

    Notes
    -----
    A filled point lies outside the zone in which no change is demonstrable. An
    interval may reach into the zone: being beyond the limit is judged on the value.
    """
    height = FRAME_IN + ROW_IN * len(changes)
    ax = axes_or_new(ax, width_in=FULL_WIDTH_IN, height_in=height)
    ax.axvspan(-1.0, 1.0, facecolor=ZONE, edgecolor="none", zorder=0)
    ax.axvline(0.0, color=RULE, linewidth=THIN_PT, zorder=1)
    edge = REACH
    for row, (change, (_, text)) in enumerate(zip(changes, rows, strict=True)):
        edge = max(edge, _row(ax, row, change))
        place = ax.get_yaxis_transform()
        ax.text(
            TEXT_GAP, row, text, transform=place, va="center", fontsize=SMALL_PT,
            color=INK,
        )  # fmt: skip
    dress(ax, language)
    ax.set_yticks(range(len(changes)))
    ax.set_yticklabels([name for name, _ in rows])
    ax.set_ylim(len(changes) - 0.4, -1.0)
    ax.set_xlim(-1.05 * edge, 1.05 * edge)
    ax.set_xlabel(words.axis)
    for x, text, align in (
        (-edge, words.smaller, "left"),
        (0.0, words.none, "center"),
        (edge, words.larger, "right"),
    ):
        ax.text(x, -0.7, text, ha=align, va="center", fontsize=SMALL_PT, color=MUTED)
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", length=0, colors=INK)
    ax.spines["left"].set_visible(False)
    return ax


def _row(ax: Axes, row: int, change: Change) -> float:
    """Draw one change and return how far it reaches."""
    shown = change.verdict in {"increased", "decreased"}
    colour = CHANGED if shown else MUTED
    low, value, high = (
        x / change.detectable_change for x in (change.low, change.value, change.high)
    )
    ax.plot([low, high], [row, row], color=colour, linewidth=1.2, zorder=2)
    ax.plot(
        [value],
        [row],
        marker="D" if shown else "o",
        markersize=4.5,
        markerfacecolor=colour if shown else "#ffffff",
        markeredgecolor=colour,
        linestyle="none",
        zorder=3,
    )
    return max(abs(low), abs(high))
