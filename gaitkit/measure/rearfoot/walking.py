"""Measurements of a walk that was read from stickers.

Several films from behind of one visit: their steps are one sample.

A film from behind holds two to four steps of each foot before the stickers are too
small. Several walks of one visit, the stickers left on, show the same feet, so their
steps count together; what camera, direction and stickers leave open they share.
"""

from __future__ import annotations

import math
import statistics
from dataclasses import replace
from typing import TYPE_CHECKING

from gaitkit.measure.uncertainty import Sample, Uncertainty, combine, own_and_shared
from gaitkit.model.catalogue import definition
from gaitkit.model.measurement import Measurement
from gaitkit.model.reason import Reason, reason
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.gait.stickers.walk import FootOfWalk, StickerWalkResult

STICKERS = "stickers"
"""Name under which the catalogue keeps their error, and first word of the method."""

METHOD = "stickers, mean over steps"
PASTED_DEG = 1.3
"""Stickers put on askew: standard error of the line of calf or heel against the bone,
both together. Assumed; 1 mm on 40 mm is 1.4 deg."""

EVERSION = "rearfoot_eversion_peak"
EVERSION_TIME = "rearfoot_eversion_peak_time"
DROP = "contralateral_pelvic_drop_peak"
TOGETHER = "stickers, mean over steps of several films"
"""Method of the rows of all films together; they belong to no single recording."""


def measure_sticker_walk(
    result: StickerWalkResult, *, recording: str, roll_sd_deg: float = 0.0
) -> tuple[Measurement, ...]:
    """Return the measures that stickers give, with their error, or why they do not.

    Parameters
    ----------
    result : StickerWalkResult
        From `gaitkit.gait.stickers.walk.analyse_sticker_walk`.
    recording : str
        Id of the recording.
    roll_sd_deg : float
        Error of the camera's roll: it tilts the pelvis the other way on the other
        side, and leaves the rearfoot as it is.

    Returns
    -------
    tuple of Measurement
        Peak eversion, its moment and contralateral pelvic drop of both sides. All are
        ``unconfirmed``: their corrections were tested on virtual patients only.

    Notes
    -----
    The peak is that of a parabola through the mean curve
    (`gaitkit.gait.stickers.walk`), so that noise hardly makes it larger; chance is the
    spread of the steps at that moment. Its method error is what camera,
    direction of the foot and depth of the stickers leave open on this walk, together
    with the error of putting them on.
    """
    return tuple(_measurements(result, recording, roll_sd_deg))


def _measurements(
    result: StickerWalkResult, recording: str, roll_sd_deg: float
) -> Iterator[Measurement]:
    for foot in result.feet:
        yield _eversion(foot, recording)
        yield _moment(foot, recording)
    for side in Side:
        values = [value.value for value in result.pelvis if value.side is side]
        yield _drop(values, side, recording, roll_sd_deg)


def _eversion(foot: FootOfWalk, recording: str) -> Measurement:
    peak, steps = foot.peak, foot.at_peak_deg()
    if peak is None or foot.curve is None:
        why = foot.why_missing or reason("stickers_no_stance")
        return _absent(EVERSION, foot.side, recording, why)
    known = combine(
        _sample(EVERSION, peak[0], steps),
        own=math.hypot(foot.curve.sd_deg, PASTED_DEG),
        shared=0.0,
    )
    return _present(
        EVERSION, peak[0], steps, known, side=foot.side, recording=recording
    )


def _moment(foot: FootOfWalk, recording: str) -> Measurement:
    peak, times = foot.peak, foot.peak_times_pct()
    if peak is None:
        why = foot.why_missing or reason("stickers_no_stance")
        return _absent(EVERSION_TIME, foot.side, recording, why)
    known = _with_method_error(EVERSION_TIME, _sample(EVERSION_TIME, peak[1], times))
    return _present(
        EVERSION_TIME, peak[1], times, known, side=foot.side, recording=recording
    )


def _drop(
    values: Sequence[float], side: Side, recording: str, roll_sd_deg: float
) -> Measurement:
    if not values:
        return _absent(DROP, side, recording, reason("stickers_no_pelvis"))
    mean = statistics.fmean(values)
    known = _with_method_error(DROP, _sample(DROP, mean, values), more=roll_sd_deg)
    return _present(DROP, mean, values, known, side=side, recording=recording)


def _sample(name: str, mean: float, values: Sequence[float]) -> Sample:
    usual = definition(name).stride_spread
    spread = statistics.stdev(values) if len(values) > 1 else None
    return Sample(
        mean=mean,
        n=max(len(values), 1),
        spread=spread,
        usual_spread=usual.sd if usual else 0.0,
    )


def _with_method_error(name: str, sample: Sample, *, more: float = 0.0) -> Uncertainty:
    error = definition(name).error(STICKERS)
    own, shared = own_and_shared(error) if error else (0.0, 0.0)
    return combine(sample, own=math.hypot(own, more), shared=shared)


def _present(
    name: str,
    value: float,
    values: Sequence[float],
    known: Uncertainty,
    *,
    side: Side,
    recording: str,
) -> Measurement:
    entry = definition(name)
    lowest, highest = entry.plausible
    if not lowest <= value <= highest:
        why = reason(
            "implausible_value",
            value=f"{value:.{entry.digits}f}",
            unit=entry.unit,
            low=f"{lowest:g}",
            high=f"{highest:g}",
        )
        return _absent(name, side, recording, why)
    low, high = known.interval(value)
    return Measurement(
        name=name,
        unit=entry.unit,
        value=value,
        side=side,
        sd=known.sd,
        low=low,
        high=high,
        shared_sd=known.shared_sd,
        dof=known.dof,
        spread=statistics.stdev(values) if len(values) > 1 else None,
        n=len(values),
        method=METHOD,
        recording=recording,
        unconfirmed=True,
    )


def _absent(name: str, side: Side, recording: str, why: Reason) -> Measurement:
    return Measurement(
        name=name,
        unit=definition(name).unit,
        value=None,
        side=side,
        method=METHOD,
        recording=recording,
        why_missing=why,
        unconfirmed=True,
    )


def pooled_steps(rows: Sequence[Measurement]) -> Measurement | None:
    """Return one measure of one side over the steps of several films, or None.

    Parameters
    ----------
    rows : sequence of Measurement
        The same measure of the same side, one row of each film
        (`gaitkit.measure.rearfoot.walking`).

    Returns
    -------
    Measurement or None
        None unless at least two films have a value.

    Notes
    -----
    Value: mean weighed by the number of steps. Spread: of all steps about it, within
    films and between them. Method error: the mean of those of the films, because the
    stickers are the same ones and averaging films does not remove it.
    """
    known = [row for row in rows if row.value is not None and row.sd is not None]
    if len(known) < 2:  # noqa: PLR2004 - one film needs no average
        return None
    n = sum(row.n for row in known)
    mean = sum(row.n * (row.value or 0.0) for row in known) / n
    squares = sum(
        (row.n - 1) * (row.spread or 0.0) ** 2
        + row.n * ((row.value or 0.0) - mean) ** 2
        for row in known
    )
    spread = math.sqrt(squares / (n - 1))
    first = known[0]
    usual = definition(first.name).stride_spread
    usual_sd = usual.sd if usual else 0.0
    uncertainty = combine(
        Sample(mean=mean, n=n, spread=spread, usual_spread=usual_sd),
        own=sum(row.n * _own_sd(row, usual_sd) for row in known) / n,
        shared=sum(row.n * row.shared_sd for row in known) / n,
    )
    low, high = uncertainty.interval(mean)
    return replace(
        first,
        value=mean,
        sd=uncertainty.sd,
        low=low,
        high=high,
        shared_sd=uncertainty.shared_sd,
        dof=uncertainty.dof,
        spread=spread,
        n=n,
        method=TOGETHER,
        recording=None,
    )


def _own_sd(row: Measurement, usual_sd: float) -> float:
    """Return the method error of a row that its side has for itself."""
    chance = Sample(
        mean=row.value or 0.0, n=row.n, spread=row.spread, usual_spread=usual_sd
    ).variance_of_mean
    left = (row.sd or 0.0) ** 2 - row.shared_sd**2 - chance
    return math.sqrt(max(left, 0.0))
