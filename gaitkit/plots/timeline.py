"""Gait diagram: when each foot stands, over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.side import Side
from gaitkit.plots.labels import label
from gaitkit.plots.style import (
    FULL_WIDTH_IN,
    INK,
    MUTED,
    PAPER,
    RULE,
    SMALL_PT,
    TEXT_PT,
    THIN_PT,
    axes_or_new,
    dress,
    look,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    from gaitkit.model.events import Event
    from gaitkit.model.strides import Stride
    from gaitkit.model.text import Language

ROWS = {Side.LEFT: 1.0, Side.RIGHT: 0.0}
BAR_HEIGHT = 0.42
EVENT_OFFSET = 0.36
SHADE = "#c5ced6"


def plot_timeline(
    strides: Sequence[Stride],
    ax: Axes | None = None,
    *,
    events: Iterable[Event] = (),
    language: Language = "nl",
) -> Axes:
    """Draw a stance bar for each stride, left over right, double support shaded.

    Parameters
    ----------
    strides : sequence of Stride
        Strides of one recording; those without foot off have no bar.
    ax : Axes or None
        Where to draw; None makes a new figure.
    events : iterable of Event
        Drawn as triangles: pointing down at initial contact, up at foot off.
    language : {"nl", "en"}
        Language of the words.

    Returns
    -------
    Axes
        The axes drawn on; x in s.

    Notes
    -----
    Strides that take no part in the averages are hollow and hatched.
    """
    ax = axes_or_new(ax, width_in=FULL_WIDTH_IN, height_in=1.9)
    _shade_double_support(ax, strides)
    for stride in strides:
        _stance_bar(ax, stride)
    for event in events:
        _event_mark(ax, event)
    ax.use_sticky_edges = False
    ax.margins(x=0.02)
    ax.set_ylim(-0.6, 1.6)
    dress(ax, language)
    ax.set_yticks(list(ROWS.values()))
    ax.set_yticklabels([label(f"side.{side}", language) for side in ROWS])
    ax.set_xlabel(label("axis.time", language))
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", length=0, labelsize=TEXT_PT, colors=INK)
    ax.spines["left"].set_visible(False)
    _legend(ax, language, rejected=any(s.rejected is not None for s in strides))
    return ax


def _stance_bar(ax: Axes, stride: Stride) -> None:
    if stride.foot_off_s is None:
        return
    side, counted = look(stride.side), stride.rejected is None
    ax.barh(
        ROWS[stride.side],
        stride.foot_off_s - stride.start_s,
        left=stride.start_s,
        height=BAR_HEIGHT,
        facecolor=side.colour if counted else PAPER,
        edgecolor=side.colour,
        linewidth=THIN_PT,
        hatch=None if counted else "////",
        zorder=3,
    )


def _shade_double_support(ax: Axes, strides: Sequence[Stride]) -> None:
    for stride in strides:
        if stride.opposite_foot_off_s is not None:
            _shade(ax, stride.start_s, stride.opposite_foot_off_s)
        if None not in (stride.opposite_initial_contact_s, stride.foot_off_s):
            _shade(ax, stride.opposite_initial_contact_s, stride.foot_off_s)


def _shade(ax: Axes, start_s: float | None, end_s: float | None) -> None:
    if start_s is not None and end_s is not None and end_s > start_s:
        ax.axvspan(start_s, end_s, facecolor=SHADE, edgecolor="none", zorder=1)


def _event_mark(ax: Axes, event: Event) -> None:
    contact = event.kind == "initial_contact"
    offset = EVENT_OFFSET if event.side is Side.LEFT else -EVENT_OFFSET
    ax.plot(
        [event.time_s],
        [ROWS[event.side] + offset],
        marker="v" if contact else "^",
        markersize=4.0,
        markerfacecolor=look(event.side).colour if contact else PAPER,
        markeredgecolor=look(event.side).colour,
        markeredgewidth=THIN_PT,
        linestyle="none",
        zorder=4,
    )


def _legend(ax: Axes, language: Language, *, rejected: bool) -> None:
    from matplotlib import patches

    entries: list[tuple[Line2D | Patch, str]] = [
        (patches.Patch(facecolor=SHADE, edgecolor="none"), "double_support"),
        (_triangle("v", MUTED), "initial_contact"),
        (_triangle("^", PAPER), "foot_off"),
    ]
    if rejected:
        hollow = patches.Patch(facecolor=PAPER, edgecolor=MUTED, hatch="////")
        entries.append((hollow, "rejected"))
    ax.legend(
        [handle for handle, _ in entries],
        [label(f"word.{key}", language) for _, key in entries],
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        ncols=len(entries),
        fontsize=SMALL_PT,
        frameon=False,
        labelcolor=MUTED,
        handlelength=1.2,
        edgecolor=RULE,
    )


def _triangle(marker: str, face: str) -> Line2D:
    from matplotlib import lines

    return lines.Line2D(
        [],
        [],
        linestyle="none",
        marker=marker,
        markersize=4.5,
        markerfacecolor=face,
        markeredgecolor=MUTED,
    )
