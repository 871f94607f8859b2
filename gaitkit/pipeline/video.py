"""One video of a walk: from the file to events, strides and measurements.

Load what comes after the pose model while it works.

The pose model leaves part of a processor idle. Loading parts of scipy and reading the
rules in that time takes more than a second off a short video.

Legs compared in a film that shows walks in both directions.
"""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, get_args

import numpy as np

from gaitkit.errors import InputError
from gaitkit.gait.gates import WalkFacts
from gaitkit.gait.walk import analyse_walk
from gaitkit.io.video import read_video
from gaitkit.io.video_frames import Frame, frames
from gaitkit.measure.leg_length.two_directions import (
    WalkingTest,
    pass_heights,
    walking_test,
    walking_test_row,
)
from gaitkit.measure.walk import measure_walk, with_method_error
from gaitkit.model.analysis import Analysis
from gaitkit.model.catalogue import Kind
from gaitkit.model.recording import Recording
from gaitkit.model.strides import BlockedKind
from gaitkit.pipeline.video_from_behind import (
    FilmFromBehind,
    analyse_from_behind,
    declared_colour,
    plate_directions,
)
from gaitkit.pose.backend import open_backend
from gaitkit.pose.fetch import fetch
from gaitkit.pose.files import DETECTOR, sha256_of
from gaitkit.pose.follow import PoseTrack, follow
from gaitkit.pose.frames import Clip
from gaitkit.pose.settings import MODEL_SIZES
from gaitkit.rules.loader import shipped_rules
from gaitkit.signal.scale import ScaleInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from gaitkit.config import Config
    from gaitkit.gait.walk import WalkResult
    from gaitkit.io.video import VideoFile
    from gaitkit.measure.leg_length.two_directions import LegLengthSettings
    from gaitkit.model.assessment import FileHash
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.progress import Progress
    from gaitkit.model.subject import Subject
    from gaitkit.model.visit import RecordingInput

SIDE_VIEWS = ("sagittal_left", "sagittal_right")


def analyse_video(
    source: RecordingInput,
    subject: Subject,
    *,
    recording_id: str,
    config: Config,
    progress: Progress | None = None,
    others: Sequence[Analysis] = (),
) -> Analysis:
    """Analyse the walk in a video.

    Parameters
    ----------
    source : RecordingInput
        The file and what the user knows about it.
    subject : Subject
        The person; the height gives the scale.
    recording_id : str
        Id that events and measurements carry; never a file name, which may hold the
        name of a patient.
    config : Config
        All settings.
    progress : Progress or None
        Told how far the pose stage is.
    others : sequence of Analysis
        Recordings of the same visit that were analysed before: plates among them tell
        a film from behind where the feet point.

    Raises
    ------
    InputError
        If the file cannot be used or shows nobody.
    """
    video = read_video(source.file, speed_factor=source.speed_factor)
    with loading_ahead():
        track, model_files = _follow(
            video, config, person=source.person, progress=progress
        )
    facts = WalkFacts(
        recording=recording_id,
        kind="video",
        timing=video.timing,
        view=source.view,
        person=track.choice,
        size=ScaleInput(
            subject_height_m=subject.height_m,
            known_length_m=source.scale_length_m,
            known_length_px=source.scale_px,
        ),
        picture_width_px=float(video.width),
        picture_height_px=float(video.height),
    )
    result = analyse_walk(track.keypoints, facts=facts, settings=config.walk)
    recording = _recording(source, video, track, result)
    colour = declared_colour(source, result)
    if colour is not None:
        film = FilmFromBehind(
            source=source, colour=colour, video=video, track=track, walk=result
        )
        directions = plate_directions(others, condition=source.condition)
        behind = analyse_from_behind(
            film, recording, config=config, directions=directions
        )
        return dataclasses.replace(behind, model_files=model_files)
    measurements = measure_walk(
        result.stride_values,
        recording=recording,
        passes=result.passes,
        blocked=blocked_kinds(result),
    )

    def mirrored() -> WalkResult:
        seen = follow_mirrored(video, config, person=source.person, progress=progress)
        return analyse_walk(seen.keypoints, facts=facts, settings=config.walk)

    return Analysis(
        recording=recording,
        source=source.file,
        raw=track.keypoints,
        walking=result.walking,
        angles=result.angles,
        events=result.events,
        strides=result.strides,
        waveforms=with_method_error(
            result.waveforms,
            strides=result.strides,
            recording=recording,
            passes=result.passes,
        ),
        measurements=(
            *measurements,
            *two_direction_rows(result, settings=config.leg_length, mirrored=mirrored),
        ),
        model_files=model_files,
    )


def keypoints_of(
    path: Path | str,
    config: Config,
    *,
    person: str | None = None,
    progress: Progress | None = None,
) -> PoseTrack:
    """Return the keypoints of the person who walks in a video.

    Raises
    ------
    InputError
        If the file cannot be used or shows nobody.
    """
    track, _ = _follow(read_video(path), config, person=person, progress=progress)
    return track


def follow_mirrored(
    video: VideoFile,
    config: Config,
    *,
    person: str | None = None,
    progress: Progress | None = None,
) -> PoseTrack:
    """Return the keypoints of the same person in the mirrored film.

    What they call left is the right side of the person, and ``x`` counts from the
    other edge. A place that names the person is mirrored with the film.

    Raises
    ------
    InputError
        If the film shows nobody.
    """
    if person is not None and "," in person:
        x, y = person.split(",", maxsplit=1)
        person = f"{video.width - 1 - float(x)},{y}"

    def open_frames(start: int, stop: int | None) -> Iterator[Frame]:
        for frame in _frames(video, config, start=start, stop=stop):
            image = np.ascontiguousarray(frame.image[:, ::-1])
            yield dataclasses.replace(frame, image=image, again=None)

    clip = Clip(
        open_frames=open_frames,
        time_s=video.time_s,
        width=video.width,
        height=video.height,
    )
    with open_backend(config.pose) as backend:
        return follow(clip, backend, config.pose, person=person, progress=progress)


def _follow(
    video: VideoFile,
    config: Config,
    *,
    person: str | None,
    progress: Progress | None,
) -> tuple[PoseTrack, tuple[FileHash, ...]]:
    def open_frames(start: int, stop: int | None) -> Iterator[Frame]:
        return _frames(video, config, start=start, stop=stop)

    clip = Clip(
        open_frames=open_frames,
        time_s=video.time_s,
        width=video.width,
        height=video.height,
    )
    if config.pose.model in MODEL_SIZES:
        fetch((DETECTOR, config.pose.model), progress=progress)
    with open_backend(config.pose) as backend:
        try:
            track = follow(clip, backend, config.pose, person=person, progress=progress)
        except InputError as wrong:
            why = str(wrong).removeprefix(f"{video.path}: ")
            msg = f"{video.path}: {why}"
            raise InputError(msg) from wrong
        return track, backend.model_files


def _frames(
    video: VideoFile, config: Config, *, start: int, stop: int | None
) -> Iterator[Frame]:
    return frames(video, start=start, stop=stop, one_core=config.pose.threads == 1)


def _recording(
    source: RecordingInput, video: VideoFile, track: PoseTrack, result: WalkResult
) -> Recording:
    quality = result.quality.as_quality()
    return Recording(
        id=result.recording,
        kind="video",
        sha256=sha256_of(source.file),
        view=result.view,
        rate_hz=video.timing.rate_hz,
        duration_s=video.timing.duration_s,
        time_source=video.timing.source,
        scale="px" if result.calibration.method == "none" else "m",
        quality=quality.with_file_reasons(video.reasons),
        condition=source.condition,
        timing=video.timing,
        calibration=result.calibration,
        person=track.choice,
        confidence=_median_confidence(track),
    )


def _median_confidence(track: PoseTrack) -> float | None:
    confidence = track.keypoints["confidence"].to_numpy()
    known = confidence[np.isfinite(confidence) & (confidence > 0)]
    return float(np.median(known)) if known.size else None


def blocked_kinds(result: WalkResult) -> tuple[BlockedKind, ...]:
    """Return what the gates stop, in the terms of the catalogue."""
    reasons = ((kind, result.quality.why_blocked(kind)) for kind in get_args(Kind))
    return tuple(
        BlockedKind(kind=kind, reason=reason)
        for kind, reason in reasons
        if reason is not None
    )


@contextmanager
def loading_ahead() -> Iterator[None]:
    """Load in the background, until the block ends.

    What goes wrong here is told when the thing is asked for in earnest.
    """
    with ThreadPoolExecutor(max_workers=1) as background:
        background.submit(_load)
        yield


def _load() -> None:
    import xarray as xr
    from scipy import interpolate, optimize, signal  # noqa: F401 - to have them loaded

    xr.Dataset({"looks": ("for", [0.0])})  # xarray looks for dask at its first data set
    shipped_rules()


def two_direction_rows(
    walk: WalkResult,
    *,
    settings: LegLengthSettings,
    mirrored: Callable[[], WalkResult],
) -> tuple[Measurement, ...]:
    """Return what a film says of the difference of the legs, if it can say anything.

    Parameters
    ----------
    walk : WalkResult
        Of the film.
    settings : LegLengthSettings
        Whether to try, and whether the mirrored film is looked at as well.
    mirrored : callable
        Gives the same walk from the mirrored film; called only when it is wanted and
        the film shows both directions.

    Returns
    -------
    tuple of Measurement
        One row, with a value or the reason why not; empty when the film does not show
        both directions from the side, or has no scale.
    """
    if not settings.two_directions or not _comparable(walk):
        return ()
    passes = pass_heights(walk.walking, walk.strides, walk.passes)
    result = walking_test(passes, settings=settings)
    if not isinstance(result, WalkingTest):
        return ()
    if settings.mirrored:
        again = mirrored()
        seen = pass_heights(again.walking, again.strides, again.passes, mirrored=True)
        both = walking_test((*passes, *seen), settings=settings)
        result = both if isinstance(both, WalkingTest) else result
    return (walking_test_row(result, recording=walk.recording),)


def _comparable(walk: WalkResult) -> bool:
    """Return True for a side view with a scale in which lengths may be measured."""
    scaled = walk.calibration.method != "none"
    blocked = walk.quality.why_blocked("length", "timing")
    return walk.view in SIDE_VIEWS and scaled and blocked is None
