"""What is known of the leg-length difference: one curve, and each method below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.chance import Z_95
from gaitkit.model.side import Side
from gaitkit.plots.labels import label
from gaitkit.plots.style import (
    FULL_WIDTH_IN,
    GRID,
    INK,
    MUTED,
    PAPER,
    RULE,
    SMALL_PT,
    THIN_PT,
    axes_or_new,
    dress,
    look,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from gaitkit.model.leg_length import LegLengthEstimate, MethodEvidence
    from gaitkit.model.text import Language

MARKS_MM = (-20.0, -10.0, -5.0, 0.0, 5.0, 10.0, 20.0)
"""Differences with a line of their own: none, and the limits that rules speak of."""

LEAST_REACH_MM, LARGEST_REACH_MM = 15.0, 32.0
"""The axis shows at least and at most this much to either side of no difference."""

CURVE_ROWS, HEAD_ROWS = 6.5, 1.1
"""Height of the curve, and of the words over it, in rows of methods."""

ROW_IN, FRAME_IN = 0.25, 0.95
CURVE_WIDTH_IN, CURVE_HEIGHT_IN = 3.3, 1.9
"""Size of the curve alone."""


TEXT_GAP = 1.015
BAND_ALPHA = 0.24


def plot_leg_length(
    estimate: LegLengthEstimate,
    ax: Axes | None = None,
    *,
    texts: Sequence[str] = (),
    language: Language = "nl",
) -> Axes:
    """Draw how likely each difference is, and what each method alone measured.

    Parameters
    ----------
    estimate : LegLengthEstimate
        The estimate.
    ax : Axes or None
        Where to draw; None makes a new figure.
    texts : sequence of str
        Numbers in words, written at the right: first of all methods together, then
        of each method; none when empty.
    language : {"nl", "en"}
        Language of the words.

    Returns
    -------
    Axes
        The axes drawn on; x in mm, positive when the left leg is longer.

    Notes
    -----
    The tint under the curve is its 95 % interval: solid where the left leg is the
    longer one, hatched where the right one is. Bars are 95 % intervals; an arrow
    says that one goes on. A hollow point is unconfirmed on real people, a cross does
    not count.
    """
    rows = len(estimate.methods) + 1
    height = FRAME_IN + ROW_IN * (rows + CURVE_ROWS + HEAD_ROWS)
    ax = axes_or_new(ax, width_in=FULL_WIDTH_IN, height_in=height)
    reach = _reach_mm(estimate)
    _marks(ax, reach)
    _curves(ax, estimate, language)
    _together(ax, estimate)
    for row, method in enumerate(estimate.methods, start=2):
        _method(ax, method, row=row, reach=reach)
    _keys(ax, estimate, language)
    _frame(ax, estimate, reach, language)
    for row, text in enumerate(texts, start=1):
        ax.text(
            TEXT_GAP,
            -row,
            text,
            transform=ax.get_yaxis_transform(),
            va="center",
            fontsize=SMALL_PT,
            color=INK,
            fontweight="bold" if row == 1 else "normal",
        )
    return ax


def plot_leg_length_curve(
    estimate: LegLengthEstimate, ax: Axes | None = None, *, language: Language = "nl"
) -> Axes:
    """Draw the curve alone, small, with its interval below it; else as above."""
    ax = axes_or_new(ax, width_in=CURVE_WIDTH_IN, height_in=CURVE_HEIGHT_IN)
    ends = max(abs(estimate.low_mm), abs(estimate.high_mm))
    reach = min(max(LEAST_REACH_MM, 1.06 * ends), LARGEST_REACH_MM)
    _curves(ax, estimate, language)
    _together(ax, estimate)
    _marks(ax, reach)
    dress(ax, language)
    ax.set_xlim(-reach, reach)
    ax.set_ylim(-2.0, CURVE_ROWS + HEAD_ROWS)
    ax.set_xticks([mark for mark in MARKS_MM if abs(mark) <= reach])
    ax.set_xlabel(label("leg_length.axis", language))
    ax.set_yticks([])
    ax.grid(visible=False)
    ax.spines["left"].set_visible(False)
    _heads(ax, reach, language)
    return ax


def _reach_mm(estimate: LegLengthEstimate) -> float:
    """Return how far the axis goes, so that all that counts lies within it."""
    ends = [abs(estimate.low_mm), abs(estimate.high_mm)]
    ends += [abs(m.value_mm) + Z_95 * m.sd_mm for m in estimate.methods]
    return min(max(LEAST_REACH_MM, 1.06 * max(ends)), LARGEST_REACH_MM)


def _marks(ax: Axes, reach: float) -> None:
    for mark in MARKS_MM:
        if abs(mark) <= reach:
            colour = MUTED if mark == 0.0 else RULE
            style = "-" if mark == 0.0 else (0, (2, 2))
            ax.axvline(mark, color=colour, linestyle=style, linewidth=THIN_PT, zorder=1)


def _curves(ax: Axes, estimate: LegLengthEstimate, language: Language) -> None:
    """Draw both curves on one scale, the posterior as high as `CURVE_ROWS`."""
    if not estimate.posterior_density:
        return
    at = np.asarray(estimate.curve_mm)
    scale = CURVE_ROWS / max(estimate.posterior_density)
    after = scale * np.asarray(estimate.posterior_density)
    before = scale * np.asarray(estimate.prior_density)
    inside = (at >= estimate.low_mm) & (at <= estimate.high_mm)
    for side, part in ((Side.LEFT, at >= 0.0), (Side.RIGHT, at <= 0.0)):
        ax.fill_between(
            at,
            0.0,
            after,
            where=(inside & part).tolist(),
            facecolor=look(side).colour,
            edgecolor=look(side).colour,
            hatch=None if side is Side.LEFT else "////",
            alpha=BAND_ALPHA,
            linewidth=0.0,
            zorder=2,
        )
    ax.plot(
        at,
        before,
        color=MUTED,
        linestyle=(0, (5, 2)),
        linewidth=1.0,
        label=label("leg_length.prior", language),
        zorder=3,
    )
    ax.plot(
        at,
        after,
        color=INK,
        linewidth=1.7,
        label=label("leg_length.posterior", language),
        zorder=4,
    )
    ax.axhline(0.0, color=RULE, linewidth=THIN_PT, zorder=1)


def _together(ax: Axes, estimate: LegLengthEstimate) -> None:
    """Draw the posterior mean with its interval as the first row."""
    ax.plot(
        [estimate.low_mm, estimate.high_mm],
        [-1, -1],
        color=INK,
        linewidth=3.0,
        solid_capstyle="butt",
        zorder=4,
    )
    ax.plot(
        [estimate.mean_mm],
        [-1],
        marker="D",
        markersize=7.0,
        markerfacecolor=PAPER if estimate.unconfirmed else INK,
        markeredgecolor=INK,
        linestyle="none",
        zorder=5,
    )


def _method(ax: Axes, method: MethodEvidence, *, row: int, reach: float) -> None:
    counts = method.why_not_used is None
    colour = INK if counts else MUTED
    ends = [method.value_mm + k * Z_95 * method.sd_mm for k in (-1, 1)]
    shown = np.clip(ends, -reach, reach)
    style = "-" if counts else (0, (2, 2))
    ax.plot(shown, [-row, -row], color=colour, linestyle=style, linewidth=1.1, zorder=3)
    for end, arrow in zip(ends, ("<", ">"), strict=True):
        if abs(end) > reach:
            place = 0.99 * np.sign(end) * reach
            ax.plot(place, -row, marker=arrow, markersize=4, color=colour, zorder=4)
    if abs(method.value_mm) <= reach:
        _point(ax, method.value_mm, -row, method)


def _point(ax: Axes, x: float, y: float, method: MethodEvidence) -> None:
    counts = method.why_not_used is None
    colour = INK if counts else MUTED
    ax.plot(
        [x],
        [y],
        marker="o" if counts else "X",
        markersize=5.5,
        markerfacecolor=PAPER if method.unconfirmed else colour,
        markeredgecolor=colour,
        linestyle="none",
        zorder=5,
    )


def _keys(ax: Axes, estimate: LegLengthEstimate, language: Language) -> None:
    """Put words for the lines and for the kinds of points over the figure."""
    counted = [m for m in estimate.methods if m.why_not_used is None]
    kinds = (
        ("used", "o", INK, any(not m.unconfirmed for m in counted)),
        (
            "unconfirmed",
            "o",
            PAPER,
            estimate.unconfirmed or any(m.unconfirmed for m in estimate.methods),
        ),
        ("not_used", "X", MUTED, len(counted) < len(estimate.methods)),
    )
    for key, marker, fill, present in kinds:
        if present:
            ax.plot(
                [],
                [],
                marker=marker,
                markersize=5.0,
                markerfacecolor=fill,
                markeredgecolor=MUTED if marker == "X" else INK,
                linestyle="none",
                label=label(f"leg_length.{key}", language),
            )
    ax.legend(
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
        ncols=3,
        fontsize=SMALL_PT,
        labelcolor=MUTED,
        frameon=False,
        handlelength=2.2,
        columnspacing=1.6,
        borderaxespad=0.0,
    )


def _frame(
    ax: Axes, estimate: LegLengthEstimate, reach: float, language: Language
) -> None:
    names = [label("leg_length.together", language)]
    names += [method.label.of(language) for method in estimate.methods]
    dress(ax, language)
    ax.set_xlim(-reach, reach)
    ax.set_ylim(-len(names) - 0.7, CURVE_ROWS + HEAD_ROWS)
    ax.set_xticks([mark for mark in MARKS_MM if abs(mark) <= reach])
    ax.set_xlabel(label("leg_length.axis", language))
    ax.set_yticks([-row for row in range(1, len(names) + 1)])
    ax.set_yticklabels(names)
    ax.grid(visible=False)
    for row in range(1, len(names) + 1):
        ax.axhline(-row, color=GRID, linewidth=THIN_PT, zorder=0)
    ax.tick_params(axis="y", length=0, colors=INK)
    ax.spines["left"].set_visible(False)
    _heads(ax, reach, language)


def _heads(ax: Axes, reach: float, language: Language) -> None:
    """Say on either side which leg is the longer one there."""
    for side, place, align in ((Side.RIGHT, -1, "left"), (Side.LEFT, 1, "right")):
        ax.text(
            place * 0.99 * reach,
            CURVE_ROWS + HEAD_ROWS / 2,
            label(f"leg_length.{side}_longer", language),
            ha=align,
            va="center",
            fontsize=SMALL_PT,
            fontweight="bold",
            color=look(side).colour,
        )
