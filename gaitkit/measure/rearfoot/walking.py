"""Measurements of a walk that was read from stickers."""

from __future__ import annotations

import math
import statistics
from dataclasses import replace
from typing import TYPE_CHECKING

from gaitkit.measure.row import Origin, absent, measured
from gaitkit.measure.uncertainty import Sample, combine, own_and_shared
from gaitkit.model.catalogue import definition
from gaitkit.model.measurement import STICKER_STEPS
from gaitkit.model.reason import reason
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.gait.stickers.walk import FootOfWalk, StickerWalkResult
    from gaitkit.measure.uncertainty import Uncertainty
    from gaitkit.model.measurement import Measurement

STICKERS = "stickers"
"""Name under which the catalogue keeps their error, and first word of the method."""
MARKER_PLACEMENT_SD_DEG = 1.3
"""Stickers put on askew: standard error of the line of calf or heel against the bone,
both together. Assumed; 1 mm on 40 mm is 1.4 deg."""

EVERSION = "rearfoot_eversion_peak"
EVERSION_TIME = "rearfoot_eversion_peak_time"
DROP = "contralateral_pelvic_drop_peak"


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
        return absent(why, _origin(EVERSION, foot.side, recording))
    known = combine(
        _sample(EVERSION, peak[0], steps),
        own=math.hypot(foot.curve.sd_deg, MARKER_PLACEMENT_SD_DEG),
        shared=0.0,
    )
    return _present(
        EVERSION, peak[0], steps, known, side=foot.side, recording=recording
    )


def _moment(foot: FootOfWalk, recording: str) -> Measurement:
    peak, times = foot.peak, foot.peak_times_pct()
    if peak is None:
        why = foot.why_missing or reason("stickers_no_stance")
        return absent(why, _origin(EVERSION_TIME, foot.side, recording))
    known = _with_method_error(EVERSION_TIME, _sample(EVERSION_TIME, peak[1], times))
    return _present(
        EVERSION_TIME, peak[1], times, known, side=foot.side, recording=recording
    )


def _drop(
    values: Sequence[float], side: Side, recording: str, roll_sd_deg: float
) -> Measurement:
    if not values:
        return absent(reason("stickers_no_pelvis"), _origin(DROP, side, recording))
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
    origin = _origin(name, side, recording)
    spread = statistics.stdev(values) if len(values) > 1 else None
    return measured(value, known, replace(origin, n=len(values), spread=spread))


def _origin(name: str, side: Side, recording: str) -> Origin:
    return Origin(
        name=name,
        side=side,
        method=STICKER_STEPS,
        recording=recording,
        unconfirmed=True,
    )
