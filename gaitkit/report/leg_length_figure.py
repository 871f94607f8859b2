"""The drawing of what is known of the leg-length difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.measure.uncertainty import Uncertainty
from gaitkit.plots.leg_length import plot_leg_length
from gaitkit.plots.style import to_svg
from gaitkit.report.blocks import Drawing
from gaitkit.report.numbers import number, signed
from gaitkit.report.sections.leg_length_words import headline

if TYPE_CHECKING:
    from gaitkit.model.leg_length import LegLengthEstimate
    from gaitkit.report.material import Material

NAME = "leg-length"


def leg_length_drawing(material: Material, estimate: LegLengthEstimate) -> Drawing:
    """Return the posterior with every method below it."""
    words, language = material.words, material.language
    shown = [(estimate.mean_mm, 0.5 * (estimate.high_mm - estimate.low_mm))]
    shown += [
        (method.value_mm, Uncertainty(sd=method.sd_mm).half_width)
        for method in estimate.methods
    ]
    texts = [
        f"{signed(value, 1, language)} ± {number(margin, 1, language)}"
        for value, margin in shown
    ]
    ax = plot_leg_length(estimate, texts=texts, language=language)
    said = headline(estimate, words)
    alt = words("leg_length.alt", n=len(estimate.methods), said=said)
    return Drawing(
        name=NAME,
        svg=to_svg(ax, name=NAME, title=alt),
        caption=words("leg_length.caption"),
        alt=alt,
    )
