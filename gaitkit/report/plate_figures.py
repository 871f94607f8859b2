"""The drawings of a pressure recording: the plate, both feet, curves, the roll-off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.measure.foot.summary import rejection
from gaitkit.model.contact import ContactFlag
from gaitkit.model.side import Side
from gaitkit.plots.pressure_curves import (
    plot_balance,
    plot_force,
    plot_regions,
    roll_off_pictures,
)
from gaitkit.plots.pressure_map import plot_pressure_map
from gaitkit.plots.pressure_sides import plot_pressure_sides
from gaitkit.plots.style import FULL_WIDTH_IN, heading, new_figure, to_svg
from gaitkit.report.blocks import Drawing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.plate import MeasuredFoot, PlateResult
    from gaitkit.report.inputs import ReportInputs

MAP_HEIGHT_IN = 6.2
REGIONS_HEIGHT_IN = 2.7
STEP_HEIGHT_IN = 3.6
"""A single step needs less of the page than a walk."""

SIDES_HEIGHT_IN = 3.9
MAP_WIDTHS = (1.0, 1.15)
"""Shares of the width for the plate and for the curves beside it."""

FIRST_PASS_HEIGHT_IN = 4.4
"""Leaves room on the page for the other passes over the plate."""

PASSES_ACROSS = 3
PASS_HEIGHT_IN = 3.0
"""Height of a map among `PASSES_ACROSS` beside each other."""

LONGEST_STRETCH = 6
"""More contacts in a row are too small to be seen on a page."""

GAP_PX = 24
"""White space between the two feet of a film, even as encoders want."""


def typical_foot(feet: Sequence[MeasuredFoot], side: Side) -> MeasuredFoot | None:
    """Return the contact of a side that stands for it in pictures.

    Of the contacts that take part in averages, or else of all that were not left out
    by hand, the one whose highest force is in the middle.
    """
    own = [
        foot
        for foot in feet
        if foot.side is side and ContactFlag.EXCLUDED not in foot.contact.flags
    ]
    shown = [foot for foot in own if rejection(foot) is None] or own
    shown = sorted(shown, key=lambda foot: float(foot.load.force_n.max()))
    return shown[(len(shown) - 1) // 2] if shown else None


def plate_drawing(material: ReportInputs, plate: PlateResult, *, name: str) -> Drawing:
    """Return the plate from above with the curves of all contacts beside it."""
    words, language = material.words, material.language
    shown = stretch(plate.feet)
    height = MAP_HEIGHT_IN if len(shown) > 1 else STEP_HEIGHT_IN
    if material.pooled:
        height = min(height, FIRST_PASS_HEIGHT_IN)
    figure = new_figure(FULL_WIDTH_IN, height)
    timed = [foot for foot in shown if not foot.peak_only]
    grid = figure.add_gridspec(2, 2, width_ratios=MAP_WIDTHS)
    wide = grid[:, 0] if timed else grid[:, :]
    ax = figure.add_subplot(wide)
    plot_pressure_map(shown, ax, line=plate.line, language=language)
    if timed:
        plot_force(timed, figure.add_subplot(grid[0, 1]), language=language)
        whole = [foot for foot in timed if rejection(foot) is None]
        plot_balance(whole or timed, figure.add_subplot(grid[1, 1]), language=language)
    alt = words("plate.map_alt", n=len(shown))
    caption = words("plate.map_caption")
    if len(material.plates) > 1:
        recorded = words("plate.recording", id=plate.recording)
        caption = f"{recorded}. {caption}"
    if len(shown) < len(plate.feet):
        first, last = shown[0].contact.number, shown[-1].contact.number
        part = words("plate.stretch", first=first, last=last, n=len(plate.feet))
        caption = f"{caption} {part}"
    return Drawing(
        name=name,
        svg=to_svg(ax, name=name, title=alt),
        caption=caption,
        alt=alt,
    )


def passes_drawing(
    material: ReportInputs, plates: Sequence[PlateResult], *, name: str
) -> Drawing:
    """Return further passes over a plate, small, beside each other."""
    words = material.words
    down = -(-len(plates) // PASSES_ACROSS)
    figure = new_figure(FULL_WIDTH_IN, PASS_HEIGHT_IN * down)
    panels = figure.subplots(down, PASSES_ACROSS, squeeze=False).ravel()
    for panel, plate in zip(panels, plates, strict=False):
        shown = stretch(plate.feet)
        plot_pressure_map(shown, panel, line=plate.line, language=material.language)
        heading(panel, plate.recording)
    for panel in panels[len(plates) :]:
        panel.set_axis_off()
    alt = words("plate.passes_alt", n=len(plates))
    return Drawing(
        name=name,
        svg=to_svg(panels[0], name=name, title=alt),
        caption=words("plate.passes_caption"),
        alt=alt,
    )


def stretch(feet: Sequence[MeasuredFoot]) -> Sequence[MeasuredFoot]:
    """Return the contacts in a row that a picture of the plate can show.

    All of a plate; of a long walk on a treadmill the stretch of `LONGEST_STRETCH`
    contacts of which most take part in averages.
    """
    starts = range(max(1, len(feet) - LONGEST_STRETCH + 1))
    whole = [rejection(foot) is None for foot in feet]
    best = max(starts, key=lambda i: sum(whole[i : i + LONGEST_STRETCH]))
    return feet[best : best + LONGEST_STRETCH]


def sides_drawing(
    material: ReportInputs, feet: Sequence[MeasuredFoot], *, name: str
) -> Drawing | None:
    """Return a typical left foot beside a typical right one."""
    left, right = (typical_foot(feet, side) for side in Side)
    if left is None or right is None:
        return None
    words = material.words
    ax, _ = plot_pressure_sides(left, right, language=material.language)
    figure = ax.get_figure(root=True)
    if figure is not None:
        figure.set_size_inches(FULL_WIDTH_IN, SIDES_HEIGHT_IN)
    alt = words("plate.sides_alt")
    caption = words(
        "plate.sides_caption", left=left.contact.number, right=right.contact.number
    )
    return Drawing(
        name=name, svg=to_svg(ax, name=name, title=alt), caption=caption, alt=alt
    )


def regions_drawing(
    material: ReportInputs, feet: Sequence[MeasuredFoot], *, name: str
) -> Drawing | None:
    """Return the force of each region over stance, left beside right."""
    pair = [typical_foot(feet, side) for side in Side]
    shown = [foot for foot in pair if foot is not None and not foot.peak_only]
    if not shown:
        return None
    words = material.words
    figure = new_figure(FULL_WIDTH_IN, REGIONS_HEIGHT_IN)
    panels = figure.subplots(1, len(shown), sharey=True, squeeze=False)[0]
    for panel, foot in zip(panels, shown, strict=True):
        plot_regions(foot, panel, language=material.language)
        side = words(f"side.{foot.side}")
        number = foot.contact.number
        heading(panel, words("plate.contact_of", number=number, side=side))
    highest = max(float(foot.load.region_force_n.max()) for foot in shown)
    panels[0].set_ylim(0.0, 1.05 * highest)
    for panel in panels[:-1]:
        panel.get_legend().remove()
    for panel in panels[1:]:
        panel.set_ylabel("")
    alt = words("plate.regions_alt")
    return Drawing(
        name=name,
        svg=to_svg(panels[0], name=name, title=alt),
        caption=words("plate.regions_caption"),
        alt=alt,
    )


def roll_off_film(feet: Sequence[MeasuredFoot]) -> Iterator[np.ndarray]:
    """Yield pictures (height, width, 3) of the roll-off, left beside right.

    Both feet begin at initial contact; the one that leaves first stays as it was.
    Nothing is yielded when no contact has frames.
    """
    pair = [typical_foot(feet, side) for side in Side]
    shown = [foot for foot in pair if foot is not None and not foot.peak_only]
    films = [list(roll_off_pictures(foot)) for foot in shown]
    if not films:
        return
    height = max(film[0].shape[0] for film in films)
    for index in range(max(len(film) for film in films)):
        frames = [_framed(film[min(index, len(film) - 1)], height) for film in films]
        yield np.ascontiguousarray(np.concatenate(frames, axis=1))


def _framed(picture: np.ndarray, height: int) -> np.ndarray:
    """Return a picture with white space around it, its lower edge on the floor."""
    above = height - picture.shape[0] + GAP_PX // 2
    edges = ((above, GAP_PX // 2), (GAP_PX // 2, GAP_PX // 2), (0, 0))
    return np.pad(picture, edges, constant_values=255)
