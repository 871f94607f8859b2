"""Several recordings of one visit that show the same are averaged together.

Steps of several films from behind with stickers are one sample. Many plates hold one
step: left and right then stand in different recordings, and only together do they give
sides that can be compared.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gaitkit.measure.foot.summary import FOOT_MEASURES, foot_measurements
from gaitkit.measure.rearfoot.pooled import pooled_steps
from gaitkit.measure.rearfoot.walking import METHOD as STICKER_WALK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.analysis import Analysis
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.side import Side


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
        single recording (``recording`` is None), and the others carry none; a refused
        one is not counted and keeps its own. Steps and
        angles of progression stay with their recording. Otherwise as given.
    """
    plates = [a for a in analyses if a.plates and _fit(a)]
    if len(plates) < 2 or not _alike(plates):  # noqa: PLR2004 - one needs no average
        return tuple(analyses)
    feet = [foot for a in plates for plate in a.plates for foot in plate.feet]
    pooled = foot_measurements(feet, recording=None)
    return tuple(
        _with(analysis, pooled if analysis is plates[0] else ())
        if any(analysis is plate for plate in plates)
        else analysis
        for analysis in analyses
    )


UNFIT = (
    "person_ambiguous", "legs_exchanged", "low_confidence", "camera_tilted",
    "camera_too_slow", "slow_motion",
)  # fmt: skip
"""A film of which this is said is not counted together with others: rules do not use
it either (rule Q01), and would not see it in the mean."""


def with_pooled_walks(analyses: Sequence[Analysis]) -> tuple[Analysis, ...]:
    """Take the steps of all films from behind together, where they are alike.

    Parameters
    ----------
    analyses : sequence of Analysis
        The recordings of a visit.

    Returns
    -------
    tuple of Analysis
        Where at least two films, all under one condition, were read by stickers, the
        first of them also carries the measures of all their steps, which belong to no
        single recording (``recording`` is None). Each film keeps its own.
    """
    films = [a for a in analyses if _counts(a)]
    if len({film.recording.condition for film in films}) != 1:
        return tuple(analyses)
    groups: dict[tuple[str, Side | None], list[Measurement]] = {}
    for row in (row for film in films for row in film.measurements):
        if row.method == STICKER_WALK:
            groups.setdefault((row.name, row.side), []).append(row)
    together = tuple(
        pooled for rows in groups.values() if (pooled := pooled_steps(rows)) is not None
    )
    return tuple(
        replace(a, measurements=(*a.measurements, *together)) if a is films[0] else a
        for a in analyses
    )


def _counts(analysis: Analysis) -> bool:
    """Tell whether a film was read by stickers and is fit to be counted with others."""
    quality = analysis.recording.quality
    codes = {reason.code for reason in quality.reasons}
    return (
        _fit(analysis)
        and not codes & set(UNFIT)
        and any(
            row.method == STICKER_WALK and row.value is not None
            for row in analysis.measurements
        )
    )


def _fit(analysis: Analysis) -> bool:
    """Tell whether a recording may be counted together with others."""
    return analysis.recording.quality.status != "refused"


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
