"""Left and right foot side by side, both as they stand, on one pressure scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.side import Side
from gaitkit.model.wording import SIDE_WORDS
from gaitkit.plots.pressure_drawing import (
    PRESSURE,
    bare,
    draw_axis,
    draw_cells,
    draw_path,
    draw_regions,
    draw_scale_bar,
    extent_mm,
)
from gaitkit.plots.style import (
    HEADING_PT,
    MUTED,
    SMALL_PT,
    THIN_PT,
    look,
    new_figure,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from gaitkit.model.plate import MeasuredFoot
    from gaitkit.model.text import Language

WIDTH_IN, HEIGHT_IN = 4.6, 4.0
MARGIN_MM = 12.0
BAR_MM = 30.0


def plot_pressure_sides(
    left: MeasuredFoot | None,
    right: MeasuredFoot | None,
    *,
    language: Language = "nl",
    size_in: tuple[float, float] = (WIDTH_IN, HEIGHT_IN),
    regions: bool = True,
) -> tuple[Axes, Axes]:
    """Draw one contact of each foot beside the other.

    Parameters
    ----------
    left, right : MeasuredFoot or None
        The contacts; None leaves the place empty.
    language : {"nl", "en"}
        Language of the words.
    size_in : tuple of float
        Width and height of the figure, inches.
    regions : bool
        Draw the borders between regions and the long axes.

    Returns
    -------
    tuple of Axes
        Left and right, at the same scale of length and of pressure.
    """
    figure = new_figure(*size_in)
    both = figure.subplots(1, 2)
    feet = [foot for foot in (left, right) if foot is not None]
    highest = max((float(f.contact.peak.max()) for f in feet), default=1.0)
    half = np.max([_half_size(foot) for foot in feet], axis=0) if feet else (50, 130)
    image = None
    for ax, foot, side in zip(both, (left, right), Side, strict=True):
        bare(ax)
        words = SIDE_WORDS[side]
        ax.set_title(words.of(language), fontsize=HEADING_PT, color=look(side).colour)
        if foot is None:
            continue
        image = draw_cells(ax, foot.contact, highest_kpa=highest)
        if regions:
            draw_regions(ax, foot.contact)
            draw_axis(ax, foot.contact)
        draw_path(ax, foot)
        x, y = foot.contact.center_mm
        ax.set_xlim(x - half[0] - MARGIN_MM, x + half[0] + MARGIN_MM)
        ax.set_ylim(y - half[1] - BAR_MM, y + half[1] + MARGIN_MM)
        if foot is feet[0]:
            draw_scale_bar(ax, x_mm=x - half[0], y_mm=y - half[1] - BAR_MM / 2)
    if image is not None:
        bar = figure.colorbar(image, ax=list(both), shrink=0.6, pad=0.02, aspect=25)
        bar.set_label(PRESSURE.of(language), fontsize=SMALL_PT, color=MUTED)
        bar.ax.tick_params(labelsize=SMALL_PT, colors=MUTED, width=THIN_PT)
        bar.outline.set_visible(False)
    return both[0], both[1]


def _half_size(foot: MeasuredFoot) -> tuple[float, float]:
    left, right, bottom, top = extent_mm(foot.contact)
    return (right - left) / 2, (top - bottom) / 2
