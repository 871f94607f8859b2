"""The values of each stride that need angles in three dimensions.

Whether a person stands in a marker recording: the static trial of a visit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.waveforms import Cycle, cycles
from gaitkit.model.side import Side
from gaitkit.model.strides import StrideValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

    from gaitkit.model.motion import MotionRecording
    from gaitkit.model.strides import Stride

STANDING_M = 0.10
"""Feet that stay within this stand; a step is longer."""

FEET = ("heel", "ankle_lateral", "ankle", "toe")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How a measure follows from one angle over one stride."""

    measure: str
    angle: str
    of: Callable[[Cycle], float]


def anatomical_values(
    angles: xr.Dataset, strides: Sequence[Stride]
) -> tuple[StrideValue, ...]:
    """Return the frontal and transverse measures of each accepted stride.

    Parameters
    ----------
    angles : xarray.Dataset
        From `gaitkit.gait.kinematics.angles.anatomical_angles`.
    strides : sequence of Stride
        Rejected strides are passed over.

    Returns
    -------
    tuple of StrideValue
        Measures of the catalogue, degrees (``rearfoot_eversion_peak_time`` in percent
        of stance). Measures whose angle is not there are left out. Stance runs from
        initial contact to foot off of the same foot.
    """
    values = []
    for rule in RULES:
        if rule.angle not in angles:
            continue
        for side in Side:
            for cycle in cycles(angles, strides, name=rule.angle, side=side):
                value = rule.of(cycle)
                if np.isfinite(value):
                    values.append(
                        StrideValue(
                            name=rule.measure,
                            value=value,
                            start_s=cycle.stride.start_s,
                            side=side,
                        )
                    )
    return tuple(values)


def _stance_peak(cycle: Cycle) -> float:
    return float(_stance(cycle).max())


def _stance_range(cycle: Cycle) -> float:
    return float(np.ptp(_stance(cycle)))


def _mean(cycle: Cycle) -> float:
    return float(cycle.values[:-1].mean())


def _range(cycle: Cycle) -> float:
    return float(np.ptp(cycle.values))


def _peak_time_pct(cycle: Cycle) -> float:
    stance = _stance(cycle)
    return 100.0 * float(np.argmax(stance)) / max(stance.size - 1, 1)


def _stance(cycle: Cycle) -> np.ndarray:
    return cycle.values[: round(cycle.foot_off_pct) + 1]


RULES = (
    Rule(measure="hip_adduction_stance_peak", angle="hip_adduction", of=_stance_peak),
    Rule(measure="pelvic_obliquity_mean", angle="pelvic_obliquity", of=_mean),
    Rule(
        measure="contralateral_pelvic_drop_peak",
        angle="pelvic_obliquity",
        of=_stance_peak,
    ),
    Rule(measure="pelvic_tilt_mean", angle="pelvic_tilt", of=_mean),
    Rule(measure="pelvic_rotation_range", angle="pelvic_rotation", of=_range),
    Rule(
        measure="trunk_lateral_lean_peak", angle="trunk_lateral_lean", of=_stance_peak
    ),
    Rule(
        measure="frontal_plane_projection_angle_peak",
        angle="frontal_plane_projection",
        of=_stance_peak,
    ),
    Rule(measure="tibial_rotation_range", angle="tibial_rotation", of=_stance_range),
    Rule(measure="rearfoot_eversion_peak", angle="rearfoot_eversion", of=_stance_peak),
    Rule(
        measure="rearfoot_eversion_peak_time",
        angle="rearfoot_eversion",
        of=_peak_time_pct,
    ),
)
"""Measures beyond those of a side view. The pelvis' own obliquity, this side up, is
also how far the other side has dropped."""


def stands(motion: MotionRecording) -> bool:
    """Return True when both feet are marked and stay where they are.

    Parameters
    ----------
    motion : MotionRecording
        In metres; axes as in the file.
    """
    if motion.markers.attrs["space_unit"] != "m":
        return False
    spans = []
    for side in ("left", "right"):
        foot = next((f"{side}_{p}" for p in FEET if motion.has(f"{side}_{p}")), None)
        if foot is None:
            return False
        path = motion.by_role()["position"].sel(keypoint=foot).to_numpy()
        known = path[np.isfinite(path).all(axis=1)]
        if not known.size:
            return False
        spans.append(float(np.ptp(np.percentile(known, [5, 95], axis=0), axis=0).max()))
    return max(spans) < STANDING_M
