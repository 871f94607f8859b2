"""The error that a mean curve has besides its spread over strides."""

from __future__ import annotations

import dataclasses
import statistics
from typing import TYPE_CHECKING

from gaitkit.measure.conditions import WalkConditions
from gaitkit.measure.summary import method_error
from gaitkit.model.catalogue import definition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.recording import Recording
    from gaitkit.model.strides import Stride
    from gaitkit.model.waveform import Waveform
    from gaitkit.signal.passes import WalkPass

_MEASURE_OF_ANGLE = {
    "hip_flexion": "hip_flexion_peak",
    "hip_adduction": "hip_adduction_stance_peak",
    "knee_flexion": "knee_flexion_swing_peak",
    "ankle_dorsiflexion": "ankle_dorsiflexion_stance_peak",
    "pelvic_tilt": "pelvic_tilt_mean",
    "pelvic_obliquity": "pelvic_obliquity_mean",
    "pelvic_rotation": "pelvic_rotation_range",
    "foot_progression": "foot_progression_angle",
}
"""A measure of each angle whose error stands for the whole curve."""

_HIP_ROTATION_SD_DEG = 5.0
"""Hip rotation has no measure of its own. Assumed: the upper end of the errors that
McGinley 2009 (Gait Posture 29:360-369) found acceptable, for it is the worst angle."""


def with_method_error(
    waveforms: Sequence[Waveform],
    *,
    strides: Sequence[Stride],
    recording: Recording,
    passes: Sequence[WalkPass] = (),
) -> tuple[Waveform, ...]:
    """Return the curves with the method's error filled in.

    Parameters
    ----------
    waveforms : sequence of Waveform
        Mean curves of one recording.
    strides : sequence of Stride
        Its strides; those in use tell how often a leg faced the camera.
    recording : Recording
        Kind and view.
    passes : sequence of WalkPass
        Straight passes.

    Returns
    -------
    tuple of Waveform
        ``sd`` is the catalogue's error of a measure of that angle, averaged over the
        strides of the side; a curve whose error is not known is returned as it was.
    """
    conditions = WalkConditions(recording=recording, passes=tuple(passes))
    return tuple(_with_error(wave, strides, conditions) for wave in waveforms)


def _with_error(
    wave: Waveform, strides: Sequence[Stride], conditions: WalkConditions
) -> Waveform:
    if wave.name == "hip_rotation" and conditions.modality == "markers":
        return dataclasses.replace(wave, sd=_HIP_ROTATION_SD_DEG)
    measure = _MEASURE_OF_ANGLE.get(wave.name)
    if measure is None:
        return wave
    errors = [
        method_error(
            definition(measure),
            conditions.modality_of(stride.side, start_s=stride.start_s),
        )
        for stride in strides
        if stride.side is wave.side and stride.rejected is None
    ]
    known = [error.sd for error in errors if error is not None]
    if not known or len(known) < len(errors):
        return wave
    return dataclasses.replace(wave, sd=statistics.fmean(known))
