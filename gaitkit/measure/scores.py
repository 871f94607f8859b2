"""How far a whole gait pattern lies from that of healthy adults: GVS, MAP and GPS.

The Gait Variable Score of an angle is the root mean square distance of its curve to
the mean curve of healthy adults; the Movement Analysis Profile is the row of these
scores; the Gait Profile Score is their root mean square, over nine angles for a side
and over fifteen for the whole person (the pelvis once, six angles of each leg).

The scores need all nine angles in three dimensions, so one camera cannot give them.
They say how unusual a pattern is, not why, and a marker set or laboratory other than
that of the reference raises them by itself.

References
----------
Baker R et al. (2009). The Gait Profile Score and Movement Analysis Profile. Gait &
Posture 30:265-269. doi:10.1016/j.gaitpost.2009.05.020
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.measure.row import Origin, absent, measured
from gaitkit.measure.uncertainty import Uncertainty
from gaitkit.model.reason import reason
from gaitkit.model.side import Side
from gaitkit.norms.curves import curve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from gaitkit.model.measurement import Measurement
    from gaitkit.model.strides import Waveform

PELVIS = ("pelvic_tilt", "pelvic_obliquity", "pelvic_rotation")
LEG = (
    "hip_flexion",
    "hip_adduction",
    "hip_rotation",
    "knee_flexion",
    "ankle_dorsiflexion",
    "foot_progression",
)
ANGLES = PELVIS + LEG
METHOD = "Baker 2009, reference Fukuchi 2018"


def gait_variable_score(angle: ArrayLike, reference: ArrayLike) -> float:
    """Return the root mean square distance between two curves.

    Parameters
    ----------
    angle, reference : array_like
        Degrees over the stride, shape ``(101,)`` (or any equal length).

    Returns
    -------
    float
        Degrees; NaN when a sample is missing.

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    first, second = np.asarray(angle, float), np.asarray(reference, float)
    if first.shape != second.shape:
        shapes = f"{first.shape} and {second.shape}"
        msg = f"expected two curves of equal length, got {shapes}"
        raise ValueError(msg)
    return float(np.sqrt(np.mean((first - second) ** 2)))


def gait_profile_score(scores: Sequence[float]) -> float:
    """Return the root mean square of Gait Variable Scores.

    Parameters
    ----------
    scores : sequence of float
        Nine for a side, fifteen for the whole person, degrees.

    Notes
    -----
    Some programs take the arithmetic mean, which is smaller; Baker defines the root
    mean square.
    """
    return math.sqrt(sum(score**2 for score in scores) / len(scores))


def movement_analysis_profile(
    waveforms: Sequence[Waveform], *, recording: str
) -> tuple[Measurement, ...]:
    """Return the scores of one recording: nine angles a side, each side, the person.

    Parameters
    ----------
    waveforms : sequence of Waveform
        Mean curves of one recording; any order, others than the nine are passed over.
    recording : str
        Id of the recording.

    Returns
    -------
    tuple of Measurement
        ``gvs`` for each side and angle, then ``gps`` left, right and overall (no
        side). Where an angle is missing, it and the profile scores that need it are
        absent with a reason.

    Notes
    -----
    The error of a score is that of its curve: a curve that is off by ``e`` everywhere
    moves the root mean square by at most ``e``. Profile scores combine the errors of
    their scores as independent, weighted by ``GVS_i / (k GPS)``.
    """
    by_key = {(w.side, w.name): w for w in waveforms}
    scores = {
        (side, name): _score(by_key.get((side, name)), side, name, recording)
        for side in Side
        for name in ANGLES
    }
    sides = tuple(
        _profile([scores[side, name] for name in ANGLES], side, recording)
        for side in Side
    )
    whole = [scores[Side.LEFT, name] for name in ANGLES]
    whole += [scores[Side.RIGHT, name] for name in LEG]
    return (*scores.values(), *sides, _profile(whole, None, recording))


def _score(
    waveform: Waveform | None, side: Side, name: str, recording: str
) -> Measurement:
    band = curve(name)
    origin = Origin(
        name="gvs", side=side, region=name, method=METHOD, recording=recording
    )
    if waveform is None or band is None or not np.all(np.isfinite(waveform.mean)):
        return absent(reason("angle_missing"), origin)
    value = gait_variable_score(waveform.mean, band.mean)
    chance = float(np.mean(np.square(waveform.spread))) / waveform.n
    known = Uncertainty(sd=math.sqrt(waveform.sd**2 + chance))
    return _not_negative(value, known, replace(origin, n=waveform.n))


def _profile(
    parts: Sequence[Measurement], side: Side | None, recording: str
) -> Measurement:
    origin = Origin(name="gps", side=side, method=METHOD, recording=recording)
    values = [part.value for part in parts if part.value is not None]
    if len(values) < len(parts):
        return absent(reason("angle_missing"), origin)
    value = gait_profile_score(values)
    pull = [score * (part.sd or 0.0) for score, part in zip(values, parts, strict=True)]
    sd = math.hypot(*pull) / (len(parts) * value) if value > 0.0 else 0.0
    n = min(part.n for part in parts)
    return _not_negative(value, Uncertainty(sd=sd), replace(origin, n=n))


def _not_negative(value: float, known: Uncertainty, origin: Origin) -> Measurement:
    """Return a score, which is never below zero, and neither is its interval."""
    low, high = known.interval(value)
    return measured(value, known, origin, interval=(max(low, 0.0), high))
