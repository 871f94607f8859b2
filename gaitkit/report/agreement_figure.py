"""The steps of a film and the contacts of a plate on one clock."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gaitkit.plots.style import to_svg
from gaitkit.plots.timeline import plot_timeline
from gaitkit.report.blocks import Drawing

if TYPE_CHECKING:
    from gaitkit.model.analysis import Analysis
    from gaitkit.report.material import Material

AROUND_S = 1.0
"""Time of the film that is shown before and after the plate."""


def both_drawing(
    material: Material, reference: Analysis, plate: Analysis
) -> Drawing | None:
    """Return the stances of the film with the contacts of the plate as marks.

    None when the plate is not on the clock of the film, or the film has no strides
    at that time.
    """
    clock = plate.recording.clock
    if clock is None or not plate.events:
        return None
    events = [
        replace(event, time_s=event.time_s + clock.offset_s) for event in plate.events
    ]
    low, high = events[0].time_s - AROUND_S, events[-1].time_s + AROUND_S
    strides = [s for s in reference.strides if low <= s.start_s and s.end_s <= high]
    if not strides:
        return None
    words = material.words
    ax = plot_timeline(strides, events=events, language=material.language)
    name = f"clock-{plate.recording.id}"
    alt = words("agreement.alt")
    return Drawing(
        name=name,
        svg=to_svg(ax, name=name, title=alt),
        caption=words("agreement.figure"),
        alt=alt,
    )
