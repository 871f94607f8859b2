"""Every measure of one walk: means over strides, symmetry, and what is missing.

The error that a mean curve has besides its spread over strides.
"""

from __future__ import annotations

import dataclasses
import statistics
from typing import TYPE_CHECKING

from gaitkit.measure.conditions import WalkConditions
from gaitkit.measure.summary import method_error, summarise
from gaitkit.measure.symmetry import INDEX, symmetry_index
from gaitkit.model.catalogue import definition, definitions
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.catalogue import Group, MeasureDefinition
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.recording import Recording
    from gaitkit.model.strides import BlockedKind, Stride, StrideValue, Waveform
    from gaitkit.signal.passes import WalkPass

EXPECTED: tuple[Group, ...] = ("spatiotemporal", "kinematic")
"""Groups of which every measure is asked of every walk."""

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


def measure_walk(
    values: Sequence[StrideValue],
    *,
    recording: Recording,
    passes: Sequence[WalkPass] = (),
    blocked: Sequence[BlockedKind] = (),
) -> tuple[Measurement, ...]:
    """Return every measure of a walk with its error, or the reason why it is absent.

    Parameters
    ----------
    values : sequence of StrideValue
        Values of single strides; may be empty.
    recording : Recording
        Kind, view, scale and quality of the recording.
    passes : sequence of WalkPass
        Straight passes; in a side view they tell which leg faces the camera.
    blocked : sequence of BlockedKind
        Kinds of measure that a quality gate has stopped.

    Returns
    -------
    tuple of Measurement
        In the order of the catalogue: all spatiotemporal and kinematic measures, left
        before right, any other measure of which there are values, and a symmetry
        index for every measure that has one.

    Raises
    ------
    CatalogueError
        If a value bears a name that is not in the catalogue.
    """
    conditions = WalkConditions(
        recording=recording, passes=tuple(passes), blocked=tuple(blocked)
    )
    present = {definition(value.name).name for value in values}
    means = tuple(
        measurement
        for entry in definitions()
        if entry.name != INDEX and (entry.group in EXPECTED or entry.name in present)
        for measurement in _measure(entry, values, conditions)
    )
    return means + tuple(_indexes(means))


def _measure(
    entry: MeasureDefinition,
    values: Sequence[StrideValue],
    conditions: WalkConditions,
) -> Iterator[Measurement]:
    own = [value for value in values if value.name == entry.name]
    for region in entry.regions or (None,):
        here = [value for value in own if value.region == region]
        for side in (Side.LEFT, Side.RIGHT) if entry.sided else (None,):
            yield summarise(
                [v for v in here if v.side is side] if entry.sided else here,
                entry=entry,
                side=side,
                region=region,
                conditions=conditions,
            )


def _indexes(means: Sequence[Measurement]) -> Iterator[Measurement]:
    for name in definition(INDEX).regions:
        sides = {m.side: m for m in means if m.name == name}
        if Side.LEFT in sides and Side.RIGHT in sides:
            yield symmetry_index(sides[Side.LEFT], sides[Side.RIGHT])


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
