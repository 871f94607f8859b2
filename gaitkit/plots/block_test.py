"""The block test: how the pelvis tilts with the height of a block under a foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.chance import Z_95
from gaitkit.model.side import Side
from gaitkit.plots.labels import label
from gaitkit.plots.style import (
    BAND,
    HEADING_PT,
    INK,
    MUTED,
    PAPER,
    SMALL_PT,
    THIN_PT,
    axes_or_new,
    dress,
    heading,
    look,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from gaitkit.model.standing import BlockLine
    from gaitkit.model.text import Language


MARGIN_MM = 2.5
"""Space beside the outermost block that the figure shows."""

TICK_MM = 5.0
"""Blocks come in steps of this."""

LEAST_TILT_MM = 4.0
"""The figure shows at least this much tilt to either side of level."""

GREEN = "#2c6e49"
"""The levelling height; dark enough for grey print, where its diamond tells it."""


def plot_block_test(
    line: BlockLine,
    ax: Axes | None = None,
    *,
    text: str = "",
    language: Language = "nl",
) -> Axes:
    """Draw tilt against block height, the line through it, and where it is level.

    Parameters
    ----------
    line : BlockLine
        The block test.
    ax : Axes or None
        Where to draw; None makes a new figure.
    text : str
        The levelling height in words, written beneath the heading; none when empty.
    language : {"nl", "en"}
        Language of the words.

    Returns
    -------
    Axes
        The axes drawn on. x is the height of the block in mm, to the right under the
        right foot and to the left under the left one; y is the tilt in mm, left side
        up positive.

    Notes
    -----
    Bars are 95 % intervals of one picture. The band is that of the line with the
    errors of its height and of its slope taken as independent of each other, which
    is right in the middle of the blocks and rather wide beyond them. The diamond with
    its bar is the height that levels the pelvis; it is hollow when a correction is
    unconfirmed on real people.
    """
    ax = axes_or_new(ax, width_in=3.5, height_in=2.9)
    at = _range_mm(line)
    tilt = line.zero_mm + line.slope * at
    spread = Z_95 * np.hypot(line.zero_sd_mm, line.slope_sd * at)
    ax.fill_between(
        at, tilt - spread, tilt + spread, facecolor=BAND, linewidth=0.0, zorder=1
    )
    ax.axhline(0.0, color=MUTED, linewidth=THIN_PT, zorder=2)
    ax.plot(at, tilt, color=INK, linewidth=1.4, zorder=3)
    for point in line.points:
        ax.errorbar(
            point.block_mm,
            point.tilt_mm,
            yerr=Z_95 * point.sd_mm,
            marker="o",
            markersize=5.0,
            color=INK,
            capsize=2.5,
            linewidth=1.0,
            zorder=4,
        )
    _levelling(ax, line)
    _frame(ax, line, at, text=text, language=language)
    return ax


def _range_mm(line: BlockLine) -> np.ndarray:
    """Return block heights from one end of the figure to the other."""
    shown = [0.0, *(point.block_mm for point in line.points)]
    for end in (line.low_mm, line.levelling_mm, line.high_mm):
        if end is not None:
            shown.append(end)
    return np.linspace(min(shown) - MARGIN_MM, max(shown) + MARGIN_MM, 60)


def _levelling(ax: Axes, line: BlockLine) -> None:
    if line.levelling_mm is None:
        return
    if line.low_mm is not None and line.high_mm is not None:
        ax.plot(
            [line.low_mm, line.high_mm],
            [0.0, 0.0],
            color=GREEN,
            linewidth=3.4,
            solid_capstyle="butt",
            zorder=5,
        )
    ax.plot(
        [line.levelling_mm],
        [0.0],
        marker="D",
        markersize=7.0,
        markerfacecolor=PAPER if line.unconfirmed else GREEN,
        markeredgecolor=GREEN,
        linestyle="none",
        zorder=6,
    )


def _frame(
    ax: Axes, line: BlockLine, at: np.ndarray, *, text: str, language: Language
) -> None:
    from matplotlib.ticker import MultipleLocator

    dress(ax, language)
    title = label(f"block_test.{line.source}", language)
    if text:
        ax.set_title(text, loc="left", fontsize=SMALL_PT, color=MUTED)
        ax.annotate(
            title,
            (0.0, 1.0),
            xytext=(0, 19),
            xycoords="axes fraction",
            textcoords="offset points",
            fontsize=HEADING_PT,
            fontweight="bold",
            color=INK,
        )
    else:
        heading(ax, title)
    ax.set_xlim(float(at[0]), float(at[-1]))
    low, high = ax.get_ylim()
    room = 0.1 * (high - low)
    ax.set_ylim(min(low, -LEAST_TILT_MM) - room, max(high, LEAST_TILT_MM))
    ax.xaxis.set_major_locator(MultipleLocator(TICK_MM))
    ax.xaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
    ax.set_xlabel(label("block_test.axis", language))
    ax.set_ylabel(label("block_test.tilt", language))
    for side, place in ((Side.LEFT, 0.01), (Side.RIGHT, 0.99)):
        ax.text(
            place,
            0.015,
            label(f"block_test.under_{side}", language),
            transform=ax.transAxes,
            ha=side.value,
            va="bottom",
            fontsize=SMALL_PT,
            color=look(side).colour,
        )
