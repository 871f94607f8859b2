"""The plate from above: peak pressures with sides, axes, regions and roll-off lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.wording import SIDE_WORDS
from gaitkit.plots.pressure_drawing import (
    FLAG_WORDS,
    MAP_TITLE,
    PRESSURE,
    WALKING,
    bare,
    draw_axis,
    draw_cells,
    draw_path,
    draw_regions,
    draw_scale_bar,
    extent_mm,
)
from gaitkit.plots.style import (
    MUTED,
    SMALL_PT,
    TEXT_PT,
    THIN_PT,
    axes_or_new,
    heading,
    look,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from gaitkit.model.plate import MeasuredFoot, ProgressionLine
    from gaitkit.model.text import Language

MARGIN_MM = 25.0
LABEL_MM = 95.0
"""Room beside the walk for the labels of the contacts."""

HEIGHT_IN = 6.5
WIDTH_RANGE_IN = (2.8, 6.0)
SCALE_IN = 1.1
"""Room for the scale of pressure."""

BESIDE_MM = 60.0
"""Feet whose middles are nearer than this along the walk stand side by side."""


def plot_pressure_map(
    feet: Sequence[MeasuredFoot],
    ax: Axes | None = None,
    *,
    line: ProgressionLine | None = None,
    language: Language = "nl",
) -> Axes:
    """Draw all contacts of a recording where they stood, walking upwards.

    Parameters
    ----------
    feet : sequence of MeasuredFoot
        Contacts with axis and regions.
    ax : Axes or None
        Where to draw; None makes a new figure.
    line : ProgressionLine or None
        Line of progression.
    language : {"nl", "en"}
        Language of the words.

    Returns
    -------
    Axes
        With the picture, a pressure scale in kPa and a bar of 50 mm.
    """
    highest = max(float(foot.contact.peak.max()) for foot in feet)
    boxes = np.array([extent_mm(foot.contact) for foot in feet])
    left, right = boxes[:, 0].min(), boxes[:, 1].max()
    bottom, top = boxes[:, 2].min(), boxes[:, 3].max()
    wide, high = right - left + LABEL_MM + MARGIN_MM, top - bottom + 3 * MARGIN_MM
    width = float(np.clip(HEIGHT_IN * wide / high + SCALE_IN, *WIDTH_RANGE_IN))
    height = float(np.clip((width - SCALE_IN) * high / wide, 2.5, HEIGHT_IN))
    ax = axes_or_new(ax, width_in=width, height_in=height)
    bare(ax)
    heading(ax, MAP_TITLE.of(language))
    if line is not None:
        _draw_line(ax, line, bottom - MARGIN_MM / 2, top + MARGIN_MM)
    for foot in feet:
        image = draw_cells(ax, foot.contact, highest_kpa=highest)
        draw_regions(ax, foot.contact)
        draw_axis(ax, foot.contact)
        draw_path(ax, foot)
        _name(ax, foot, _label_place(foot, feet, right), language)
    draw_scale_bar(ax, x_mm=left, y_mm=bottom - MARGIN_MM)
    ax.annotate(
        f"↑ {WALKING.of(language)}",
        (right + 8.0, bottom - MARGIN_MM),
        fontsize=SMALL_PT,
        color=MUTED,
        va="center",
    )
    bar = ax.figure.colorbar(image, ax=ax, shrink=0.5, pad=0.02, aspect=25)
    bar.set_label(PRESSURE.of(language), fontsize=SMALL_PT, color=MUTED)
    bar.ax.tick_params(labelsize=SMALL_PT, colors=MUTED, width=THIN_PT)
    bar.outline.set_visible(False)
    ax.set_xlim(left - MARGIN_MM, right + LABEL_MM)
    ax.set_ylim(bottom - 2 * MARGIN_MM, top + MARGIN_MM)
    return ax


def _draw_line(ax: Axes, line: ProgressionLine, low: float, high: float) -> None:
    x, y = line.start_mm
    slope = float(np.tan(line.angle_rad))
    ax.plot(
        [x + slope * (low - y), x + slope * (high - y)],
        [low, high],
        color=MUTED,
        linewidth=THIN_PT,
        linestyle=(0, (4, 3)),
        zorder=0,
    )


def _label_place(
    foot: MeasuredFoot, feet: Sequence[MeasuredFoot], right: float
) -> tuple[float, float]:
    """Return where a label goes: beside the walk, or over feet side by side."""
    _, y = foot.contact.center_mm
    beside = any(
        other is not foot and abs(other.contact.center_mm[1] - y) < BESIDE_MM
        for other in feet
    )
    if not beside:
        return right + 8.0, y
    return extent_mm(foot.contact)[0], extent_mm(foot.contact)[3] + 4.0


def _name(
    ax: Axes, foot: MeasuredFoot, place: tuple[float, float], language: Language
) -> None:
    contact = foot.contact
    side = SIDE_WORDS[contact.side]
    ax.annotate(
        f"{contact.number} {side.of(language)}",
        place,
        fontsize=TEXT_PT,
        fontweight="bold",
        color=look(contact.side).colour,
        va="bottom",
    )
    flags = [FLAG_WORDS[flag].of(language) for flag in sorted(contact.flags)]
    ax.annotate("\n".join(flags), place, fontsize=SMALL_PT, color=MUTED, va="top")
