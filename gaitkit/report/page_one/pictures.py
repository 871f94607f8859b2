"""Two pictures: pressure under both feet with its path, and the leg lengths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.side import Side
from gaitkit.plots.leg_length import plot_leg_length_curve
from gaitkit.plots.pressure_sides import plot_pressure_sides
from gaitkit.plots.style import to_svg
from gaitkit.report.blocks import Drawing
from gaitkit.report.plate_figures import typical_foot
from gaitkit.report.sections.leg_length import headline

if TYPE_CHECKING:
    from gaitkit.model.leg_length import LegLengthEstimate
    from gaitkit.report.inputs import ReportInputs

FEET, LEGS = "page-feet", "page-legs"
FEET_IN = (2.5, 2.3)


def pictures(material: ReportInputs) -> tuple[Drawing, ...]:
    """Return the pictures that there are."""
    found = [_feet(material)]
    if material.assessment.leg_length is not None:
        found.append(_legs(material, material.assessment.leg_length))
    return tuple(each for each in found if each is not None)


def _feet(material: ReportInputs) -> Drawing | None:
    """Return a typical left and right foot of the recording that has both, or one."""
    plates = [plate for a in material.analyses for plate in a.plates]
    found = [
        (
            plate,
            typical_foot(plate.feet, Side.LEFT),
            typical_foot(plate.feet, Side.RIGHT),
        )
        for plate in plates
    ]
    # both feet of one recording, or else the one foot that there is
    shown = [each for each in found if each[1] is not None and each[2] is not None]
    shown = shown or [each for each in found if each[1] or each[2]]
    if not shown:
        return None
    plate, left, right = shown[0]
    words = material.words
    ax, _ = plot_pressure_sides(
        left, right, language=material.language, size_in=FEET_IN, regions=False
    )
    several = len(plates) > 1
    source = words("plate.recording", id=plate.recording) if several else ""
    alt = words("page.feet_alt")
    return Drawing(
        name=FEET,
        svg=to_svg(ax, name=FEET, title=alt),
        caption=" ".join(filter(None, (words("page.feet_caption"), source))),
        alt=alt,
    )


def _legs(material: ReportInputs, estimate: LegLengthEstimate) -> Drawing:
    words = material.words
    ax = plot_leg_length_curve(estimate, language=material.language)
    alt = words("page.legs_alt", said=headline(estimate, words))
    return Drawing(
        name=LEGS,
        svg=to_svg(ax, name=LEGS, title=alt),
        caption=words("page.legs_caption"),
        alt=alt,
    )
