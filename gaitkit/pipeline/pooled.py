"""Several plate recordings of one visit: their feet are averaged together.

Many plates hold one step. Left and right then stand in different recordings, and only
together do they give sides that can be compared.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gaitkit.measure.foot.summary import FOOT_MEASURES, foot_measurements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.analysis import Analysis
    from gaitkit.model.measurement import Measurement


def with_pooled_feet(analyses: Sequence[Analysis]) -> tuple[Analysis, ...]:
    """Average the feet of all plate recordings of a visit, where they are alike.

    Parameters
    ----------
    analyses : sequence of Analysis
        The recordings of a visit.

    Returns
    -------
    tuple of Analysis
        Where several walks over one kind of plate were recorded under one condition,
        the first of them carries the measures of the foot of all, which belong to no
        single recording (``recording`` is None), and the others carry none. Steps and
        angles of progression stay with their recording. Otherwise as given.
    """
    plates = [analysis for analysis in analyses if analysis.plates]
    if len(plates) < 2 or not _alike(plates):  # noqa: PLR2004 - one needs no average
        return tuple(analyses)
    feet = [foot for a in plates for plate in a.plates for foot in plate.feet]
    pooled = foot_measurements(feet, recording=None)
    return tuple(
        _with(analysis, pooled if analysis is plates[0] else ())
        if analysis.plates
        else analysis
        for analysis in analyses
    )


def _alike(plates: Sequence[Analysis]) -> bool:
    """Tell whether recordings are walks on one kind of plate under one condition."""
    kinds = {
        (
            analysis.recording.condition,
            plate.source.maker,
            plate.source.surface,
            *sorted(plate.frame.pitch_mm),
        )
        for analysis in plates
        for plate in analysis.plates
    }
    standing = any(p.standing is not None for a in plates for p in a.plates)
    return len(kinds) == 1 and not standing


def _with(analysis: Analysis, pooled: Sequence[Measurement]) -> Analysis:
    own = (m for m in analysis.measurements if m.name not in FOOT_MEASURES)
    return replace(analysis, measurements=(*pooled, *own))
