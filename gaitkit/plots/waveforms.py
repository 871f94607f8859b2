"""One joint angle over the stride: left, right, their spread, and healthy adults."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.strides import CYCLE_POINTS
from gaitkit.plots.labels import known, label
from gaitkit.plots.style import (
    BAND,
    BAND_EDGE,
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

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from gaitkit.model.strides import Waveform
    from gaitkit.model.text import Language
    from gaitkit.norms.curves import ReferenceCurve

LINE_PT = 1.7
SPREAD_ALPHA = 0.16
LEAST_RANGE_DEG = 20.0


def plot_waveform(
    waveforms: Sequence[Waveform],
    ax: Axes | None = None,
    *,
    band: ReferenceCurve | None = None,
    comparable: bool = True,
    language: Language = "nl",
) -> Axes:
    """Draw one angle of one or both sides over 0 to 100 % of the stride.

    Parameters
    ----------
    waveforms : sequence of Waveform
        The angle of each side; all of one angle.
    ax : Axes or None
        Where to draw; None makes a new figure.
    band : ReferenceCurve or None
        Healthy adults, drawn from the 2.5 to the 97.5 percentile.
    comparable : bool
        False when the person may not be compared with the band: it is then drawn as
        a faint hatch, for orientation only.
    language : {"nl", "en"}
        Language of the words.

    Returns
    -------
    Axes
        The axes drawn on; x in % of the stride, y in degrees.

    Notes
    -----
    The tint around a line is one standard deviation between strides; with a single
    stride there is none. The vertical line is the mean foot off of that side.
    """
    ax = axes_or_new(ax, width_in=3.5, height_in=2.4)
    cycle = np.linspace(0.0, 100.0, CYCLE_POINTS)
    if band is not None:
        ax.fill_between(
            cycle,
            band.low,
            band.high,
            facecolor=BAND if comparable else PAPER,
            edgecolor=BAND_EDGE if not comparable else BAND,
            hatch=None if comparable else "....",
            linewidth=0.0,
            zorder=0,
        )
    ax.axhline(0.0, color=RULE, linewidth=THIN_PT, zorder=1)
    for waveform in waveforms:
        _side(ax, waveform, cycle, language)
    name = waveforms[0].name if waveforms else ""
    title, direction = f"angle.{name}", f"direction.{name}"
    heading(ax, label(title, language) if known(title) else name)
    ax.set_ylabel(label(direction if known(direction) else "direction.other", language))
    ax.set_xlabel(label("axis.cycle", language))
    ax.set_xlim(0.0, 100.0)
    ax.set_xticks([0, 20, 40, 60, 80, 100])
    _widen(ax)
    dress(ax, language)
    ax.legend(
        loc="lower right",
        bbox_to_anchor=(1.02, 0.98),
        ncols=2,
        fontsize=SMALL_PT,
        labelcolor=MUTED,
        frameon=False,
        handlelength=1.6,
        columnspacing=1.0,
        borderaxespad=0.0,
    )
    return ax


def _widen(ax: Axes) -> None:
    """Show at least `LEAST_RANGE_DEG`, so that a flat curve does not look wild."""
    low, high = ax.get_ylim()
    lacking = max(0.0, LEAST_RANGE_DEG - (high - low))
    ax.set_ylim(low - lacking / 2, high + lacking / 2)


def _side(ax: Axes, waveform: Waveform, cycle: np.ndarray, language: Language) -> None:
    side = look(waveform.side)
    mean, spread = np.asarray(waveform.mean), np.asarray(waveform.spread)
    if waveform.n > 1:
        ax.fill_between(
            cycle,
            mean - spread,
            mean + spread,
            facecolor=side.colour,
            alpha=SPREAD_ALPHA,
            linewidth=0.0,
            zorder=2,
        )
    words = label(
        "word.strides",
        language,
        side=label(f"side.{waveform.side}", language),
        n=waveform.n,
    )
    ax.plot(
        cycle,
        mean,
        color=side.colour,
        linestyle=side.line,
        linewidth=LINE_PT,
        label=words,
        zorder=3,
    )
    if waveform.foot_off_pct is not None:
        ax.axvline(
            waveform.foot_off_pct,
            color=side.colour,
            linestyle=side.line,
            linewidth=THIN_PT,
            zorder=1,
        )
