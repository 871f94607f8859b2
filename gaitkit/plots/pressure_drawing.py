"""The strokes that pictures of pressure share: cells, outlines, axes, scale bar.

Words in the pictures of pressure, in both languages.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from gaitkit.model.contact import ContactFlag, Region
from gaitkit.model.text import Text
from gaitkit.plots.style import INK, MUTED, SMALL_PT, THIN_PT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.image import AxesImage

    from gaitkit.model.contact import Contact
    from gaitkit.model.plate import MeasuredFoot

STOPS = ("#dceaf5", "#b5dcc0", "#e0c94f", "#ee9440", "#d9442b", "#8c0d1e")
"""Blue, green, yellow, orange, red: the order that users of plates know, red highest.
From each to the next it grows darker, to eyes that see no red or no green too, so the
order holds in grey print and needs no telling of colours apart."""

SCALE_BAR_MM = 50.0
REGION_WORDS: Final[dict[Region, Text]] = {
    Region.HALLUX: Text(nl="grote teen", en="hallux"),
    Region.TOES: Text(nl="tenen 2-5", en="toes 2-5"),
    Region.METATARSAL_1: Text(nl="M1", en="M1"),
    Region.METATARSAL_2: Text(nl="M2", en="M2"),
    Region.METATARSAL_3: Text(nl="M3", en="M3"),
    Region.METATARSAL_4: Text(nl="M4", en="M4"),
    Region.METATARSAL_5: Text(nl="M5", en="M5"),
    Region.MIDFOOT: Text(nl="middenvoet", en="midfoot"),
    Region.HEEL_MEDIAL: Text(nl="hiel mediaal", en="medial heel"),
    Region.HEEL_LATERAL: Text(nl="hiel lateraal", en="lateral heel"),
}
FLAG_WORDS: Final[dict[ContactFlag, Text]] = {
    ContactFlag.EDGE: Text(nl="op de rand", en="on the edge"),
    ContactFlag.CUT_AT_START: Text(nl="begin mist", en="start missing"),
    ContactFlag.CUT_AT_END: Text(nl="einde mist", en="end missing"),
    ContactFlag.PARTIAL: Text(nl="deel van de voet", en="part of the foot"),
    ContactFlag.OVERLAP: Text(nl="raakt andere voet", en="touches other foot"),
    ContactFlag.DRAG: Text(nl="sleept", en="drags"),
    ContactFlag.OUTLIER: Text(nl="wijkt af", en="differs"),
    ContactFlag.AXIS_UNSURE: Text(nl="as onzeker", en="axis unsure"),
    ContactFlag.SIDE_UNSURE: Text(nl="kant onzeker", en="side unsure"),
    ContactFlag.EXCLUDED: Text(nl="uitgesloten", en="left out"),
}
FORCE: Final = Text(nl="kracht (N)", en="force (N)")
TIME: Final = Text(nl="tijd (s)", en="time (s)")
STANCE: Final = Text(nl="standfase (%)", en="stance (%)")
PRESSURE: Final = Text(nl="grootste druk (kPa)", en="peak pressure (kPa)")
WALKING: Final = Text(nl="looprichting", en="direction of walking")
MAP_TITLE: Final = Text(nl="Maximale druk per contact", en="Peak pressure by contact")
FORCE_TITLE: Final = Text(nl="Kracht over de tijd", en="Force over time")
REGION_TITLE: Final = Text(nl="Belasting per gebied", en="Load by region")
BALANCE_TITLE: Final = Text(
    nl="Balans tijdens de afwikkeling", en="Balance of the roll-off"
)
BALANCE: Final = Text(
    nl="balans (%), mediaal positief", en="balance (%), medial positive"
)


@cache
def pressure_colours() -> Colormap:
    """Return the colours of pressure, from none to the highest."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("pressure", STOPS)


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
        cmap=pressure_colours(),
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
    right, ahead = foot.path_mm.T
    ax.plot(right, ahead, color="white", linewidth=2.8, zorder=4)
    ax.plot(right, ahead, color=INK, linewidth=1.3, zorder=5)
    ax.plot(right[0], ahead[0], marker="o", markersize=3, color=INK, zorder=6)


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
