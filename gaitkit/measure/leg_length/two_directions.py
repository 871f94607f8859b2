"""Legs compared in a walk past the camera to the left and to the right.

Seen from the side, the nearer knee stands lower or higher in the picture than the far
one because of perspective, and a pose model puts what it calls left a little off. Both
are larger than any leg-length difference, so one direction says nothing. With passes in
both directions the errors have another sign than the difference, and separate:

    y = c + b l + n s

with ``y`` the height of the left knee less the right one, mean over whole strides;
``c`` what the difference of the legs makes of it; ``b`` the bias of the label (``l`` is
1, or -1 for a picture that was mirrored before the pose model saw it); ``n`` that of
the near side (``s`` is 1 with the left side near, -1 with the right). Without mirrored
pictures ``b`` is known only as it was on virtual patients. The difference of the legs
is ``c / k``.

Knees, not hips: a pose model levels hips. On 45 virtual patients it showed 2 % of a
leg-length difference at the hips and 27 % at the knees
(benchmarks/accuracy/leg_length_walking.md).

Only how much the knees of people with equal legs differ was measured on people; the
other constants rest on virtual patients who walk evenly but for their legs. The result
is unconfirmed on real people and takes no part in the estimate. Both directions must be
in one film, for a camera that was moved between two films has another perspective. It
is wrong when a person walks at another distance from the camera in one direction or
limps, or when one knee bends less for another reason.
"""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import ConfigError
from gaitkit.measure.row import Origin, absent, measured
from gaitkit.measure.uncertainty import Uncertainty
from gaitkit.model.reason import Reason, reason
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import xarray as xr

    from gaitkit.model.measurement import Measurement
    from gaitkit.model.strides import Stride
    from gaitkit.signal.passes import WalkPass

NAME = "structural_leg_length_difference"
METHOD = "two_directions"
MM_PER_M = 1000.0

POSE_MODEL_GAIN, POSE_MODEL_GAIN_SD = 0.27, 0.024
"""Millimetres at the knees for each millimetre of leg, as a pose model (BlazePose full)
shows it, and the error of that; 27 virtual patients (benchmarks/accuracy)."""

SHOWN_RELATIVE_SD = 0.3
"""How far it may be off on real people, as a share of it; assumed."""

LABEL_BIAS_MM, LABEL_BIAS_SD_MM = -1.7, 0.6
"""Of the label "left", and how much it differs between people; the same ones, mm."""

NEAR_BIAS_SD_MM = 50.0
"""Nothing is taken as known of perspective, mm."""

PASS_SD_MM = 1.1
"""Noise of one pass, mirrored or not; the same patients, mm."""

PERSON_SD_MM = 1.4
"""What differs between people beside these, where the difference lies between thigh
and shank included, and 0.5 mm that showed with equal legs, for which a person who is
mirrored with the film gives no reason; the same patients, mm."""

NATURAL_SD_MM = 1.4
"""Knees of people with equal legs differ in height by 2.4 mm (root mean square of six
people by markers, sample studies of biomechzoo and BMClab, 2026); the pose model shows
56 % of what the knees do."""

DISTANCE_RELATIVE_SD = 0.03
"""By how much the distance to the camera differs between the directions; assumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegLengthSettings:
    """What is tried to learn of leg length from a film of a walk.

    Attributes
    ----------
    two_directions : bool
        Compare the legs when a film shows walks in both directions.
    mirrored : bool
        Look at the film a second time, mirrored, which takes the bias of the pose
        model out. It doubles the time of the pose stage.
    min_strides : int
        Strides that each direction needs.
    """

    two_directions: bool = True
    mirrored: bool = False
    min_strides: int = 2

    def __post_init__(self) -> None:
        """Refuse a number of strides below 1.

        Raises
        ------
        ConfigError
            Naming the key.
        """
        if self.min_strides < 1:
            msg = f"leg_length.min_strides must be at least 1, got {self.min_strides!r}"
            raise ConfigError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassHeights:
    """How much higher the left knee showed than the right one in one pass.

    Attributes
    ----------
    near_side : Side
        Side of the person that faced the camera.
    difference_mm : float
        Left minus right of the person, mean over whole strides.
    n : int
        Strides.
    mirrored : bool
        True when the pose model saw the picture mirrored.
    """

    near_side: Side
    difference_mm: float
    n: int
    mirrored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkingTest:
    """What the passes say of the difference of the legs, left minus right.

    Attributes
    ----------
    value_mm, sd_mm, low_mm, high_mm : float
        Difference, its error and 95 % interval.
    label_bias_mm, near_bias_mm : float
        What was taken out.
    n : int
        Strides.
    """

    value_mm: float
    sd_mm: float
    low_mm: float
    high_mm: float
    label_bias_mm: float
    near_bias_mm: float
    n: int

    @property
    def detectable(self) -> bool:
        """True when no difference is outside the 95 % interval."""
        return self.low_mm > 0.0 or self.high_mm < 0.0


def pass_heights(
    walking: xr.Dataset,
    strides: Sequence[Stride],
    passes: Sequence[WalkPass],
    *,
    mirrored: bool = False,
) -> tuple[PassHeights, ...]:
    """Return the height of the left knee less the right one for each pass.

    Parameters
    ----------
    walking : xarray.Dataset
        Keypoints in walking space in metres (``time, space, keypoint``).
    strides : sequence of Stride
        Those not rejected count.
    passes : sequence of WalkPass
        With the side that faced the camera.
    mirrored : bool
        True when the keypoints are those of a mirrored picture: what they call left
        is the right side of the person.

    Returns
    -------
    tuple of PassHeights
        Passes without a whole stride in view are left out.
    """
    sign = -1.0 if mirrored else 1.0
    found = []
    for each in passes:
        values = list(_of_strides(walking, strides, number=each.number))
        if not values or each.near_side is None:
            continue
        near = each.near_side.other if mirrored else each.near_side
        found.append(
            PassHeights(
                near_side=near,
                difference_mm=sign * statistics.fmean(values),
                n=len(values),
                mirrored=mirrored,
            )
        )
    return tuple(found)


def walking_test(
    passes: Sequence[PassHeights], *, settings: LegLengthSettings | None = None
) -> WalkingTest | Reason:
    """Return the difference of the legs from passes in both directions.

    Parameters
    ----------
    passes : sequence of PassHeights
        In any order, mirrored ones included.
    settings : LegLengthSettings or None
        How many strides each direction needs.

    Returns
    -------
    WalkingTest or Reason
        A reason when one direction is missing or has too few strides.
    """
    needed = (settings or LegLengthSettings()).min_strides
    strides = {
        side: sum(p.n for p in passes if p.near_side is side and not p.mirrored)
        for side in Side
    }
    if min(strides.values()) < needed:
        return reason(
            "leg_length_one_direction",
            left=strides[Side.LEFT],
            right=strides[Side.RIGHT],
            needed=needed,
        )
    (shown, label, near), spread = _separated(passes)
    value = shown / POSE_MODEL_GAIN
    path = DISTANCE_RELATIVE_SD * abs(near)
    own = math.hypot(spread, PERSON_SD_MM, NATURAL_SD_MM, path) / POSE_MODEL_GAIN
    scale = math.hypot(POSE_MODEL_GAIN_SD / POSE_MODEL_GAIN, SHOWN_RELATIVE_SD)
    sd = math.hypot(own, scale * value)
    low, high = Uncertainty(sd=sd).interval(value)
    return WalkingTest(
        value_mm=value,
        sd_mm=sd,
        low_mm=low,
        high_mm=high,
        label_bias_mm=label,
        near_bias_mm=near,
        n=sum(strides.values()),
    )


def walking_test_row(result: WalkingTest, *, recording: str) -> Measurement:
    """Return the result as a measurement, unconfirmed on real people.

    Parameters
    ----------
    result : WalkingTest
        From `walking_test`.
    recording : str
        Id of the recording.

    Returns
    -------
    Measurement
        Without a value, and with a reason that tells the numbers, when the legs may
        be equal: below the detectable difference.
    """
    origin = Origin(
        name=NAME, method=METHOD, recording=recording, n=result.n, unconfirmed=True
    )
    if result.detectable:
        interval = (result.low_mm, result.high_mm)
        known = Uncertainty(sd=result.sd_mm)
        return measured(result.value_mm, known, origin, interval=interval)
    why = reason(
        "leg_length_below_detectable",
        value=round(result.value_mm),
        low=round(result.low_mm),
        high=round(result.high_mm),
    )
    return absent(why, origin)


def _of_strides(
    walking: xr.Dataset, strides: Sequence[Stride], *, number: int
) -> Iterator[float]:
    """Yield left knee less right knee of each whole stride of a pass, in mm."""
    time_s = walking["time"].to_numpy()
    up = walking["position"].sel(space="up")
    left, right = (up.sel(keypoint=f"{side}_knee").to_numpy() for side in Side)
    for stride in strides:
        if stride.rejected is not None or stride.walk_pass != number:
            continue
        inside = (time_s >= stride.start_s) & (time_s < stride.end_s)
        difference = MM_PER_M * (left - right)[inside]
        if difference.size and np.isfinite(difference).all():
            yield float(difference.mean())


def _separated(
    passes: Sequence[PassHeights],
) -> tuple[tuple[float, float, float], float]:
    """Return what shows of the legs, label bias and near bias, and the first's error.

    Least squares with what is known of the label bias as one more observation.
    """
    rows = [
        (
            1.0,
            -1.0 if each.mirrored else 1.0,
            1.0 if each.near_side is Side.LEFT else -1.0,
        )
        for each in passes
    ]
    design = np.array([*rows, (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)])
    seen = np.array([*(each.difference_mm for each in passes), LABEL_BIAS_MM, 0.0])
    errors = [PASS_SD_MM] * len(passes) + [LABEL_BIAS_SD_MM, NEAR_BIAS_SD_MM]
    weight = 1.0 / np.square(errors)
    normal = np.linalg.inv(design.T @ (design * weight[:, None]))
    shown, label, near = (float(x) for x in normal @ design.T @ (weight * seen))
    return (shown, label, near), math.sqrt(float(normal[0, 0]))
