"""Height of heel and toe over time, so that a reader sees whether the events fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.keypoints import path_of
from gaitkit.plots.labels import label
from gaitkit.plots.style import (
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

if TYPE_CHECKING:
    from collections.abc import Iterable

    import xarray as xr
    from matplotlib.axes import Axes

    from gaitkit.model.events import Event
    from gaitkit.model.side import Side
    from gaitkit.model.text import Language

POINTS = {"heel": "-", "foot_index": ":"}


def plot_foot_path(
    walking: xr.Dataset,
    ax: Axes | None = None,
    *,
    side: Side,
    events: Iterable[Event] = (),
    language: Language = "nl",
) -> Axes:
    """Draw the height of heel and toe of one foot, and that foot's events.

    Parameters
    ----------
    walking : xarray.Dataset
        Keypoints in walking space with ``up``; dims ``time, space, keypoint``.
    ax : Axes or None
        Where to draw; None makes a new figure.
    side : Side
        The foot.
    events : iterable of Event
        Events of the recording; those of the other foot are left out.
    language : {"nl", "en"}
        Language of the words.

    Returns
    -------
    Axes
        The axes drawn on; x in s, y in the unit of the keypoints.
    """
    ax = axes_or_new(ax, width_in=FULL_WIDTH_IN, height_in=1.5)
    colour = look(side).colour
    for point, line in POINTS.items():
        ax.plot(
            walking["time"].to_numpy(),
            path_of(walking, f"{side}_{point}", "up"),
            color=colour,
            linestyle=line,
            linewidth=1.2,
            label=label(f"word.{point}", language),
        )
    for event in events:
        if event.side is side:
            _mark(ax, event, colour)
    unit = str(walking.attrs["space_unit"])
    heading(ax, label(f"side.{side}", language))
    ax.set_xlabel(label("axis.time", language))
    ax.set_ylabel(label("axis.height", language, unit=unit))
    dress(ax, language)
    ax.legend(
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        ncols=len(POINTS),
        fontsize=SMALL_PT,
        labelcolor=MUTED,
        frameon=False,
    )
    return ax


def _mark(ax: Axes, event: Event, colour: str) -> None:
    contact = event.kind == "initial_contact"
    ax.axvline(event.time_s, color=RULE, linewidth=THIN_PT, zorder=1)
    ax.plot(
        [event.time_s],
        [1.0],
        transform=ax.get_xaxis_transform(),
        marker="v" if contact else "^",
        markersize=4.5,
        markerfacecolor=colour if contact else PAPER,
        markeredgecolor=colour,
        markeredgewidth=THIN_PT,
        linestyle="none",
        clip_on=False,
        zorder=4,
    )
