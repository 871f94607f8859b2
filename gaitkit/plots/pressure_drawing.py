"""The strokes that pictures of pressure share: cells, outlines, axes, scale bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.plots.style import INK, MUTED, SMALL_PT, THIN_PT, look

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage

    from gaitkit.model.contact import Contact
    from gaitkit.model.foot import MeasuredFoot

COLOURS = "YlGnBu"
"""Light to dark, ordered also in grey print."""

SCALE_BAR_MM = 50.0


def extent_mm(contact: Contact) -> tuple[float, float, float, float]:
    """Return left, right, bottom and top of a crop on the plate, mm."""
    rows, cols = contact.pressure.shape[1:]
    dy, dx = contact.pitch_mm
    x, y = contact.center_mm
    half = cols * dx / 2, rows * dy / 2
    return x - half[0], x + half[0], y - half[1], y + half[1]


def draw_cells(ax: Axes, contact: Contact, *, highest_kpa: float) -> AxesImage:
    """Draw the peak pressures of a contact; cells without load stay empty."""
    peak = contact.peak
    return ax.imshow(
        np.ma.masked_less_equal(peak, 0.0),
        origin="lower",
        extent=extent_mm(contact),
        cmap=COLOURS,
        vmin=0.0,
        vmax=highest_kpa,
        interpolation="nearest",
        zorder=1,
    )


def draw_regions(ax: Axes, contact: Contact) -> None:
    """Draw the borders between regions as thin lines along the cells."""
    if contact.regions is None:
        return
    left, _, bottom, _ = extent_mm(contact)
    dy, dx = contact.pitch_mm
    mask = contact.regions.astype(int)
    lines = []
    rows, cols = np.nonzero(
        (mask[:, 1:] != mask[:, :-1]) & _both(mask[:, 1:], mask[:, :-1])
    )
    for r, c in zip(rows, cols, strict=True):
        x = left + (c + 1) * dx
        lines.append([(x, bottom + r * dy), (x, bottom + (r + 1) * dy)])
    rows, cols = np.nonzero((mask[1:] != mask[:-1]) & _both(mask[1:], mask[:-1]))
    for r, c in zip(rows, cols, strict=True):
        y = bottom + (r + 1) * dy
        lines.append([(left + c * dx, y), (left + (c + 1) * dx, y)])
    from matplotlib.collections import LineCollection

    ax.add_collection(LineCollection(lines, colors=INK, linewidths=0.6, zorder=2))


def draw_axis(ax: Axes, contact: Contact) -> None:
    """Draw the long axis of a foot."""
    if contact.axis is None:
        return
    (hx, hy), (tx, ty) = contact.axis.heel_mm, contact.axis.toe_mm
    ax.plot([hx, tx], [hy, ty], color=MUTED, linewidth=THIN_PT, zorder=3)


def draw_path(ax: Axes, foot: MeasuredFoot) -> None:
    """Draw the centre of pressure, its first point marked."""
    if not len(foot.path_mm):
        return
    colour = look(foot.side).colour
    right, ahead = foot.path_mm.T
    ax.plot(right, ahead, color="white", linewidth=2.4, zorder=4)
    ax.plot(right, ahead, color=colour, linewidth=1.3, zorder=5)
    ax.plot(right[0], ahead[0], marker="o", markersize=3, color=colour, zorder=6)


def draw_scale_bar(ax: Axes, *, x_mm: float, y_mm: float) -> None:
    """Draw a bar of 50 mm with its length."""
    ax.plot(
        [x_mm, x_mm + SCALE_BAR_MM],
        [y_mm, y_mm],
        color=INK,
        linewidth=2.0,
        solid_capstyle="butt",
        zorder=7,
    )
    ax.annotate(
        f"{SCALE_BAR_MM:.0f} mm",
        (x_mm + SCALE_BAR_MM / 2, y_mm),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        fontsize=SMALL_PT,
        color=INK,
    )


def bare(ax: Axes) -> None:
    """Leave nothing of the axes but their content, at equal scale."""
    ax.set_aspect("equal")
    ax.set_xticks([])
    ax.set_yticks([])
    ax.set_facecolor("none")
    for edge in ax.spines.values():
        edge.set_visible(False)


def _both(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.asarray((one > 0) & (other > 0))
