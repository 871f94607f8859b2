"""The angle of the heel against the lower leg while the foot stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.plots.labels import label
from gaitkit.plots.style import (
    BAND_EDGE,
    FULL_WIDTH_IN,
    MUTED,
    PAPER,
    RULE,
    SMALL_PT,
    THIN_PT,
    axes_or_new,
    dress,
    heading,
    look,
)
from gaitkit.plots.waveforms import LINE_PT, SPREAD_ALPHA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from gaitkit.model.standing import RearfootCurve
    from gaitkit.model.text import Language

LEAST_RANGE_DEG = 14.0


def plot_rearfoot(
    curves: Sequence[RearfootCurve],
    ax: Axes | None = None,
    *,
    errors: Sequence[str] = (),
    language: Language = "nl",
) -> Axes:
    """Draw the rearfoot angle of one or both sides over 0 to 100 % of stance.

    Parameters
    ----------
    curves : sequence of RearfootCurve
        The curve of each side.
    ax : Axes or None
        Where to draw; None makes a new figure.
    errors : sequence of str
        ``sd_deg`` of each curve as people write it; plain numbers when empty.
    language : {"nl", "en"}
        Language of the words.

    Returns
    -------
    Axes
        The axes drawn on; x in % of stance, y in degrees, eversion positive.

    Notes
    -----
    The tint around a line is one standard deviation between steps. The hatched part
    begins where the first heel leaves the floor: stickers foreshorten there and the
    curve, which goes on thin, means nothing.
    """
    ax = axes_or_new(ax, width_in=FULL_WIDTH_IN, height_in=2.9)
    ax.axhline(0.0, color=RULE, linewidth=THIN_PT, zorder=1)
    written = errors or [f"{curve.sd_deg:.1f}" for curve in curves]
    for curve, error in zip(curves, written, strict=True):
        _side(ax, curve, error, language)
    heading(ax, label("rearfoot.title", language))
    ax.set_ylabel(label("rearfoot.angle", language))
    ax.set_xlabel(label("rearfoot.axis", language))
    ax.set_xlim(0.0, 100.0)
    ax.set_xticks([0, 20, 40, 60, 80, 100])
    low, high = ax.get_ylim()
    lacking = max(0.0, LEAST_RANGE_DEG - (high - low))
    ax.set_ylim(low - lacking / 2, high + lacking / 2 + 0.06 * (high - low))
    dress(ax, language)
    _invalid(ax, min((c.valid_to_pct for c in curves), default=100.0), language)
    ax.legend(
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        ncols=2,
        fontsize=SMALL_PT,
        labelcolor=MUTED,
        frameon=False,
        handlelength=1.8,
        columnspacing=1.2,
        borderaxespad=0.2,
    )
    return ax


def _side(ax: Axes, curve: RearfootCurve, error: str, language: Language) -> None:
    side = look(curve.side)
    percent, mean, spread = (
        np.asarray(values)
        for values in (curve.percent, curve.mean_deg, curve.spread_deg)
    )
    valid = percent <= curve.valid_to_pct
    if curve.n > 1:
        ax.fill_between(
            percent[valid],
            (mean - spread)[valid],
            (mean + spread)[valid],
            facecolor=side.colour,
            alpha=SPREAD_ALPHA,
            linewidth=0.0,
            zorder=2,
        )
    words = label(
        "rearfoot.steps",
        language,
        side=label(f"side.{curve.side}", language),
        n=curve.n,
        sd=error,
    )
    ax.plot(
        percent[valid],
        mean[valid],
        color=side.colour,
        linestyle=side.line,
        linewidth=LINE_PT,
        label=words,
        zorder=5,
    )
    ax.plot(
        percent[~valid],
        mean[~valid],
        color=side.colour,
        linestyle=":",
        linewidth=THIN_PT,
        zorder=4,
    )


def _invalid(ax: Axes, start_pct: float, language: Language) -> None:
    if start_pct >= 100.0:  # noqa: PLR2004 - the end of stance
        return
    ax.axvspan(
        start_pct,
        100.0,
        facecolor=PAPER,
        edgecolor=BAND_EDGE,
        hatch="....",
        linewidth=0.0,
        zorder=3,
        alpha=0.75,
    )
    ax.text(
        (start_pct + 100.0) / 2,
        0.97,
        label("rearfoot.invalid", language),
        transform=ax.get_xaxis_transform(),
        ha="center",
        va="top",
        fontsize=SMALL_PT,
        color=MUTED,
        backgroundcolor=PAPER,
        zorder=6,
    )
