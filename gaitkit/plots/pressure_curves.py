"""Force over time of every contact, and the load of the regions over stance.

The roll-off as a short film: one picture a frame, drawn without matplotlib axes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.contact import Region
from gaitkit.plots.pressure_drawing import (
    BALANCE,
    BALANCE_TITLE,
    FORCE,
    FORCE_TITLE,
    REGION_TITLE,
    REGION_WORDS,
    STANCE,
    TIME,
    pressure_colours,
)
from gaitkit.plots.style import (
    FULL_WIDTH_IN,
    INK,
    RULE,
    SMALL_PT,
    THIN_PT,
    axes_or_new,
    dress,
    heading,
    look,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes

    from gaitkit.model.plate import FootLoad, MeasuredFoot
    from gaitkit.model.text import Language


HEIGHT_IN = 2.4
STANCE_POINTS = 101
REGION_COLOURS = "tab10"
FINE_LOOP = np.linspace(0.0, 100.0, STANCE_POINTS)


def plot_force(
    feet: Sequence[MeasuredFoot], ax: Axes | None = None, *, language: Language = "nl"
) -> Axes:
    """Draw the total force of every contact over the recording.

    Parameters
    ----------
    feet : sequence of MeasuredFoot
        Contacts.
    ax : Axes or None
        Where to draw; None makes a new figure.
    language : {"nl", "en"}
        Language of the words.
    """
    ax = axes_or_new(ax, width_in=FULL_WIDTH_IN, height_in=HEIGHT_IN)
    heading(ax, FORCE_TITLE.of(language))
    for foot in feet:
        style = look(foot.side)
        load = foot.load
        ax.plot(
            load.time_s,
            load.force_n,
            color=style.colour,
            linestyle=style.line,
            linewidth=1.3,
        )
        top = int(load.force_n.argmax())
        ax.annotate(
            str(foot.contact.number),
            (load.time_s[top], load.force_n[top]),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            fontsize=SMALL_PT,
            color=style.colour,
        )
    ax.set_xlabel(TIME.of(language))
    ax.set_ylabel(FORCE.of(language))
    ax.set_ylim(bottom=0)
    dress(ax, language)
    return ax


def plot_regions(
    foot: MeasuredFoot, ax: Axes | None = None, *, language: Language = "nl"
) -> Axes:
    """Draw the force of each region of one contact over stance, 0 to 100 %.

    Parameters
    ----------
    foot : MeasuredFoot
        The contact.
    ax : Axes or None
        Where to draw; None makes a new figure.
    language : {"nl", "en"}
        Language of the words.
    """
    from matplotlib import colormaps

    ax = axes_or_new(ax, width_in=FULL_WIDTH_IN, height_in=HEIGHT_IN)
    heading(ax, REGION_TITLE.of(language))
    colours = colormaps[REGION_COLOURS]
    for index, region in enumerate(Region):
        curve = over_stance(foot.load, foot.load.region_force_n[:, index])
        ax.plot(
            FINE_LOOP,
            curve,
            color=colours(index),
            linewidth=1.1,
            linestyle="-" if index % 2 == 0 else (0, (4, 1.5)),
            label=REGION_WORDS[region].of(language),
        )
    ax.set_xlabel(STANCE.of(language))
    ax.set_ylabel(FORCE.of(language))
    ax.set_xlim(0, 100)
    ax.set_ylim(bottom=0)
    dress(ax, language)
    ax.legend(
        loc="center left",
        bbox_to_anchor=(1.0, 0.5),
        fontsize=SMALL_PT,
        frameon=False,
        labelcolor=INK,
    )
    return ax


def plot_balance(
    feet: Sequence[MeasuredFoot], ax: Axes | None = None, *, language: Language = "nl"
) -> Axes:
    """Draw medial minus lateral load over stance, one line a contact.

    Parameters
    ----------
    feet : sequence of MeasuredFoot
        Contacts.
    ax : Axes or None
        Where to draw; None makes a new figure.
    language : {"nl", "en"}
        Language of the words.
    """
    from gaitkit.measure.foot.roll_off import balance_curve

    ax = axes_or_new(ax, width_in=FULL_WIDTH_IN, height_in=HEIGHT_IN)
    heading(ax, BALANCE_TITLE.of(language))
    ax.axhline(0.0, color=RULE, linewidth=THIN_PT)
    for foot in feet:
        style = look(foot.side)
        curve = balance_curve(foot.load)
        place = np.linspace(0.0, 100.0, curve.size)
        ax.plot(place, curve, color=style.colour, linestyle=style.line, linewidth=1.1)
    ax.set_xlim(0, 100)
    ax.set_xlabel(STANCE.of(language))
    ax.set_ylabel(BALANCE.of(language))
    dress(ax, language)
    return ax


def over_stance(load: FootLoad, values: np.ndarray) -> np.ndarray:
    """Return values of the frames of stance at 0, 1, ... 100 % of it."""
    own = values[load.stance]
    place = np.linspace(0.0, 100.0, own.size)
    return np.asarray(np.interp(FINE_LOOP, place, own))


PIXELS_PER_MM = 1.6
POINT_PX = 4
_POINT_RGB = (191, 42, 47)
_TRACE_RGB = (28, 39, 51)


def roll_off_pictures(foot: MeasuredFoot) -> Iterator[np.ndarray]:
    """Yield one picture for each frame of stance, toes upwards.

    Parameters
    ----------
    foot : MeasuredFoot
        The contact.

    Yields
    ------
    ndarray (height, width, 3) of uint8
        Pressure of the frame on the scale of the whole contact, with the path of the
        centre of pressure so far. Height and width are even, as video encoders want.

    Notes
    -----
    Frames follow each other in the time of ``foot.load.interval_s``; played at 25
    pictures a second, a record of 100 Hz is four times slower than life.
    """
    contact = foot.contact
    cells = contact.pressure[foot.load.stance]
    top = float(cells.max(initial=0.0)) or 1.0
    palette = (pressure_colours()(np.linspace(0, 1, 256))[:, :3] * 255).astype(np.uint8)
    palette[0] = 255
    rows, cols = cells.shape[1:]
    row = _pixels(rows, contact.pitch_mm[0])
    col = _pixels(cols, contact.pitch_mm[1])
    trace = _trace(foot, row.size, col.size)
    for index, frame in enumerate(cells):
        level = np.ceil(255 * frame / top).astype(np.uint8)
        picture = palette[level[np.ix_(row, col)]]
        for y, x in trace[: index + 1]:
            picture[y : y + 1, x : x + 1] = _TRACE_RGB
        for y, x in trace[index : index + 1]:
            picture[y - POINT_PX : y + POINT_PX, x - POINT_PX : x + POINT_PX] = (
                _POINT_RGB
            )
        yield np.ascontiguousarray(picture[::-1])


def _pixels(cells: int, pitch_mm: float) -> np.ndarray:
    """Return the cell of every pixel along one direction; an even number."""
    count = 2 * round(cells * pitch_mm * PIXELS_PER_MM / 2)
    cell = (np.arange(count) / count * cells).astype(int)
    return np.asarray(np.minimum(cell, cells - 1))


def _trace(foot: MeasuredFoot, height: int, width: int) -> list[tuple[int, int]]:
    if not len(foot.path_mm):
        return []
    contact = foot.contact
    rows, cols = contact.pressure.shape[1:]
    spans = cols * contact.pitch_mm[1], rows * contact.pitch_mm[0]
    right = (foot.path_mm[:, 0] - contact.center_mm[0]) / spans[0] + 0.5
    ahead = (foot.path_mm[:, 1] - contact.center_mm[1]) / spans[1] + 0.5
    return [
        (
            int(np.clip(y * height, POINT_PX, height - POINT_PX)),
            int(np.clip(x * width, POINT_PX, width - POINT_PX)),
        )
        for y, x in zip(ahead, right, strict=True)
    ]
