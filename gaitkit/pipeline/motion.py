"""One motion file of a walk: from markers, forces or keypoints to measurements."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from gaitkit.gait.gates import WalkFacts
from gaitkit.gait.kinematics.values import stands
from gaitkit.gait.motion import MotionResult, analyse_motion
from gaitkit.io.motion.read import read_motion
from gaitkit.measure.marker_leg_length import measure_leg_lengths, measure_taped_legs
from gaitkit.measure.scores import movement_analysis_profile
from gaitkit.measure.walk import measure_walk, with_method_error
from gaitkit.model.analysis import Analysis
from gaitkit.model.motion import MarkerRole
from gaitkit.model.recording import Recording
from gaitkit.pipeline.video import blocked_kinds
from gaitkit.pose.files import sha256_of
from gaitkit.pose.swaps import repair_sides
from gaitkit.signal.scale import ScaleInput

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gaitkit.config import Config
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.motion import MotionRecording
    from gaitkit.model.progress import Progress
    from gaitkit.model.strides import Waveform
    from gaitkit.model.subject import Subject
    from gaitkit.model.visit import RecordingInput


def analyse_motion_file(
    source: RecordingInput,
    subject: Subject,
    *,
    recording_id: str,
    config: Config,
    progress: Progress | None = None,
    standing: MotionRecording | None = None,
) -> Analysis:
    """Analyse the walk in a marker, force-plate or pose file.

    Parameters
    ----------
    source : RecordingInput
        The file and what the user knows about it.
    subject : Subject
        The person; the height gives the scale where the file has none.
    recording_id : str
        Id that events and measurements carry.
    config : Config
        All settings.
    progress : Progress or None
        Not needed: a file takes a second at most.
    standing : MotionRecording or None
        Standing trial of the same visit.

    Raises
    ------
    InputError
        If the file cannot be used.
    """
    del progress
    motion = _sides_right(
        read_motion(source.file, mapping=source.marker_map, person=source.person)
    )
    facts = WalkFacts(
        recording=recording_id,
        kind=motion.kind,
        timing=motion.timing,
        view=source.view,
        person=motion.person,
        size=ScaleInput(
            subject_height_m=subject.height_m,
            known_length_m=source.scale_length_m,
            known_length_px=source.scale_px,
        ),
        picture_width_px=None if motion.picture_px is None else motion.picture_px[0],
        picture_height_px=None if motion.picture_px is None else motion.picture_px[1],
    )
    result = analyse_motion(motion, facts=facts, settings=config.walk, static=standing)
    walk = result.walk
    recording = _recording(source, motion, result)
    curves = with_method_error(
        walk.waveforms, strides=walk.strides, recording=recording, passes=walk.passes
    )
    return Analysis(
        recording=recording,
        source=source.file,
        raw=motion.by_role(),
        walking=walk.walking,
        angles=walk.angles,
        events=walk.events,
        strides=walk.strides,
        waveforms=curves,
        measurements=(
            *measure_walk(
                walk.stride_values,
                recording=recording,
                passes=walk.passes,
                blocked=blocked_kinds(walk),
            ),
            *_scores(curves, recording),
            *_lengths(result, recording),
            *measure_taped_legs(motion.body, recording=recording),
        ),
    )


def _sides_right(motion: MotionRecording) -> MotionRecording:
    """Return keypoints of a picture with left and right put right, as in a film."""
    if motion.person is None or motion.markers.attrs["space_unit"] != "px":
        return motion
    named = motion.by_role()
    repaired = repair_sides(named, named)
    return replace(
        motion,
        markers=repaired.keypoints,
        roles=tuple(MarkerRole(role=r.role, label=r.role) for r in motion.roles),
        person=replace(
            motion.person,
            swaps_repaired=repaired.repaired,
            swaps_unclear=repaired.unclear,
        ),
    )


def standing_trial(sources: Sequence[RecordingInput]) -> MotionRecording | None:
    """Return the first marker recording of a visit in which the person stands.

    Parameters
    ----------
    sources : sequence of RecordingInput
        The marker recordings; one alone has no static trial beside it.
    """
    if len(sources) <= 1:
        return None
    recordings = (
        read_motion(s.file, mapping=s.marker_map, person=s.person) for s in sources
    )
    return next((each for each in recordings if stands(each)), None)


def _scores(
    curves: tuple[Waveform, ...], recording: Recording
) -> tuple[Measurement, ...]:
    """Return the profile scores of markers; keypoints of a picture have none."""
    if recording.kind != "markers":
        return ()
    return movement_analysis_profile(curves, recording=recording.id)


def _lengths(result: MotionResult, recording: Recording) -> tuple[Measurement, ...]:
    if result.legs is None:
        return ()
    return measure_leg_lengths(result.legs, recording=recording)


def _recording(
    source: RecordingInput, motion: MotionRecording, result: MotionResult
) -> Recording:
    walk = result.walk
    return Recording(
        id=walk.recording,
        kind=motion.kind,
        sha256=hash_of(source.file),
        view=walk.view,
        rate_hz=motion.timing.rate_hz,
        duration_s=motion.timing.duration_s,
        time_source=motion.timing.source,
        scale="px" if walk.calibration.method == "none" else "m",
        quality=walk.quality.as_quality().with_file_reasons(motion.reasons),
        condition=source.condition,
        timing=motion.timing,
        calibration=walk.calibration,
        person=motion.person,
    )


def hash_of(path: Path) -> str:
    """Return the hash of a file, or of all files of a folder in the order of names."""
    if not path.is_dir():
        return sha256_of(path)
    parts = [sha256_of(each) for each in sorted(path.iterdir()) if each.is_file()]
    return hashlib.sha256("".join(parts).encode()).hexdigest()
