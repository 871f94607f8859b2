"""Several recordings of one visit as one sample, before anything is judged.

Films from behind hold two to four steps of each foot before the stickers are too
small, and a pass over a plate one or two contacts. Several walks of one visit show the
same feet, so their steps count together; what camera, direction, stickers and plate
leave open they share. The rows of all together belong to no single recording; those
of each recording stay beside them, for whoever looks at one recording, and are in
force only where there is no row of all (`in_force`). So the rules, the report and the
files show the same numbers.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from gaitkit.measure.foot.summary import MODALITY, foot_measurements, foot_measures
from gaitkit.measure.row import Origin, measured
from gaitkit.measure.uncertainty import Sample, combine
from gaitkit.model.catalogue import definition
from gaitkit.model.measurement import (
    PLATE_CONTACTS,
    STICKER_STEPS,
    STICKER_STEPS_OF_FILMS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gaitkit.model.analysis import Analysis
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.recording import Recording
    from gaitkit.model.side import Side

_Key = tuple[str, "Side | None", str | None, str]

POOLED_AS = {
    MODALITY: PLATE_CONTACTS,
    PLATE_CONTACTS: PLATE_CONTACTS,
    STICKER_STEPS: STICKER_STEPS_OF_FILMS,
}
"""Method of the pooled row by that of the rows of the recordings, with and without a
value."""

UNFIT = frozenset(
    {
        "person_ambiguous", "legs_exchanged", "low_confidence", "camera_tilted",
        "camera_too_slow", "slow_motion",
    }
)  # fmt: skip
"""A film of which this is said is not counted together with others: the rule on the
quality of a recording keeps it from use, and would not see it in the mean."""


def with_pooled_recordings(analyses: Sequence[Analysis]) -> tuple[Analysis, ...]:
    """Add the rows of several alike recordings together, where a visit has such.

    Parameters
    ----------
    analyses : sequence of Analysis
        The recordings of a visit.

    Returns
    -------
    tuple of Analysis
        See `with_pooled_plates` and `with_pooled_walks`.
    """
    return with_pooled_walks(with_pooled_plates(analyses))


def in_force(
    measurements: Iterable[Measurement], recordings: Sequence[Recording]
) -> tuple[Measurement, ...]:
    """Return the rows that stand for a visit: pooled ones in place of their parts.

    Parameters
    ----------
    measurements : iterable of Measurement
        All of a visit.
    recordings : sequence of Recording
        Of the visit; a refused or unfit one was not pooled, and keeps its own rows.

    Returns
    -------
    tuple of Measurement
        In the order given.
    """
    rows = tuple(measurements)
    pooled = {_key(m, m.method) for m in rows if m.recording is None}
    fit = {each.id for each in recordings if _fit(each)}
    return tuple(
        m
        for m in rows
        if m.recording not in fit
        or _key(m, POOLED_AS.get(m.method, m.method)) not in pooled
    )


def with_pooled_plates(analyses: Sequence[Analysis]) -> tuple[Analysis, ...]:
    """Take the contacts of all plate recordings together, where they are alike.

    Parameters
    ----------
    analyses : sequence of Analysis
        The recordings of a visit.

    Returns
    -------
    tuple of Analysis
        Where several walks over one kind of plate were recorded under one condition,
        the first of them carries the rows of all, which belong to no single recording
        (``recording`` is None): measures of the foot from all contacts, and steps and
        angles of progression, which each pass keeps too. Many plates hold one step:
        left and right then stand in different recordings, and only together do they
        give sides that can be compared. A refused recording is not counted and keeps
        its own. Otherwise as given.
    """
    plates = [a for a in analyses if a.plates and _fit(a.recording)]
    if len(plates) < 2 or not _alike(plates):  # noqa: PLR2004 - one needs no average
        return tuple(analyses)
    feet = [foot for a in plates for plate in a.plates for foot in plate.feet]
    of_feet = foot_measurements(feet, recording=None)
    passes = {a.recording.id: _without_feet(a) for a in plates}
    steps = _pooled_groups(
        [m for rows in passes.values() for m in rows], PLATE_CONTACTS, least=1
    )
    first = plates[0].recording.id
    return tuple(
        replace(
            a,
            measurements=(
                (*of_feet, *passes[first], *steps)
                if a.recording.id == first
                else passes[a.recording.id]
            ),
        )
        if a.recording.id in passes
        else a
        for a in analyses
    )


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
    films = [a for a in analyses if _fit(a.recording) and _by_stickers(a)]
    if len({film.recording.condition for film in films}) != 1:
        return tuple(analyses)
    rows = [row for film in films for row in film.measurements]
    together = _pooled_groups(rows, STICKER_STEPS, least=2)
    return tuple(
        replace(a, measurements=(*a.measurements, *together)) if a is films[0] else a
        for a in analyses
    )


def pooled_row(rows: Sequence[Measurement]) -> Measurement:
    """Return one measure of one side over several recordings.

    Parameters
    ----------
    rows : sequence of Measurement
        The same measure of the same side by the same method, one row of each
        recording, all with a value and an error; at least one.

    Returns
    -------
    Measurement
        Of the visit as a whole; of limited quality when one of the rows is.

    Notes
    -----
    Value: mean weighed by the number of steps. Spread: of all steps about it, within
    recordings and between them. Method error: the mean of those of the recordings,
    because stickers, plate and feet are the same ones and averaging recordings does
    not remove it.
    """
    known = list(rows)
    n = sum(row.n for row in known)
    mean = sum(row.n * (row.value or 0.0) for row in known) / n
    squares = sum(
        (row.n - 1) * (row.spread or 0.0) ** 2
        + row.n * ((row.value or 0.0) - mean) ** 2
        for row in known
    )
    spread = math.sqrt(squares / (n - 1)) if n > 1 else None
    first = known[0]
    usual = definition(first.name).stride_spread
    usual_sd = usual.sd if usual else 0.0
    uncertainty = combine(
        Sample(mean=mean, n=n, spread=spread, usual_spread=usual_sd),
        own=sum(row.n * _own_sd(row, usual_sd) for row in known) / n,
        shared=sum(row.n * row.shared_sd for row in known) / n,
    )
    origin = Origin(
        name=first.name,
        side=first.side,
        region=first.region,
        method=POOLED_AS[first.method],
        n=n,
        spread=spread,
        quality="ok" if all(row.quality == "ok" for row in known) else "limited",
        unconfirmed=any(row.unconfirmed for row in known),
    )
    return measured(mean, uncertainty, origin)


def _own_sd(row: Measurement, usual_sd: float) -> float:
    """Return the method error of a row that its side has for itself."""
    chance = Sample(
        mean=row.value or 0.0, n=row.n, spread=row.spread, usual_spread=usual_sd
    ).variance_of_mean
    left = (row.sd or 0.0) ** 2 - row.shared_sd**2 - chance
    return math.sqrt(max(left, 0.0))


def _pooled_groups(
    rows: Sequence[Measurement], method: str, *, least: int
) -> tuple[Measurement, ...]:
    """Return a row for each measure and side of which enough recordings have a value.

    ``least`` is 1 where left and right may stand in different recordings.
    """
    groups: dict[_Key, list[Measurement]] = {}
    for row in rows:
        if row.method == method and row.value is not None and row.sd is not None:
            groups.setdefault(_key(row, method), []).append(row)
    return tuple(pooled_row(own) for own in groups.values() if len(own) >= least)


def _key(m: Measurement, method: str) -> _Key:
    return m.name, m.side, m.region, method


def _without_feet(analysis: Analysis) -> tuple[Measurement, ...]:
    of_feet = foot_measures()
    return tuple(m for m in analysis.measurements if m.name not in of_feet)


def _by_stickers(analysis: Analysis) -> bool:
    return any(
        row.method == STICKER_STEPS and row.value is not None
        for row in analysis.measurements
    )


def _fit(recording: Recording) -> bool:
    """Tell whether a recording may be counted together with others."""
    quality = recording.quality
    codes = {reason.code for reason in quality.reasons}
    unfit = recording.kind == "video" and bool(codes & UNFIT)
    return quality.status != "refused" and not unfit


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
