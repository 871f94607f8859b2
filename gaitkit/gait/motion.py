"""A walk of a laboratory or a pose file: markers in; events, angles and values out.

The line is that of a film (`gaitkit.gait.walk`), with three differences: joint centres
and anatomical frames come from markers, events are found through turns and taken from
force plates where these are clean, and angles have three dimensions.

Events of force plates in the place of those that detectors found.

A walk unrolled along its own way, so that events are found through turns as well.

In a laboratory a person turns, starts and stops in view. Strides and angles belong to
straight passes, but a foot also meets the floor in a turn. Here ``forward`` is the way
along the momentary heading of the body: a foot that stands still stays where it is,
however the body turns, so that the detectors of straight walking work on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import InputError
from gaitkit.gait.angles import ANGLES as SAGITTAL
from gaitkit.gait.angles import sagittal_angles
from gaitkit.gait.events.detect import detect
from gaitkit.gait.force_plates import plate_events
from gaitkit.gait.gates import Seen, recording_gates, stride_gates
from gaitkit.gait.kinematics.angles import ANGLES, anatomical_angles
from gaitkit.gait.kinematics.body import Body, body_of, gait_keypoints
from gaitkit.gait.kinematics.leg_lengths import LegLengths, leg_lengths
from gaitkit.gait.kinematics.marker_paths import marker_paths
from gaitkit.gait.kinematics.values import anatomical_values
from gaitkit.gait.quality import Blocked, Gate, WalkQuality
from gaitkit.gait.spatiotemporal import length_values, timing_values
from gaitkit.gait.strides import find_strides
from gaitkit.gait.walk import (
    WalkResult,
    WalkSettings,
    allowed_values,
    analyse_walk,
    untimed,
    with_frames,
    with_own_measures,
)
from gaitkit.gait.waveforms import WAVEFORM_ANGLES, peak_values, waveforms
from gaitkit.model.keypoints import keypoints
from gaitkit.model.labelled import described
from gaitkit.model.reason import reason
from gaitkit.signal.cleaning import Cleaned
from gaitkit.signal.gaps import runs, whole
from gaitkit.signal.passes import PassSettings, moving
from gaitkit.signal.progress import progress
from gaitkit.signal.upright import stand_upright
from gaitkit.signal.view import Sight
from gaitkit.signal.walking_space import to_walking_space

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr
    from numpy.typing import NDArray

    from gaitkit.gait.gates import WalkFacts
    from gaitkit.model.events import Event
    from gaitkit.model.motion import MotionRecording
    from gaitkit.signal.passes import WalkPass
    from gaitkit.signal.upright import Upright

SEEN_WITH = (
    ("heel",),
    ("toe", "foot_index", "metatarsal_1", "metatarsal_5", "hallux"),
    ("ankle_lateral", "ankle_medial", "ankle"),
    ("knee_lateral", "knee_medial", "knee"),
)
"""What is seen of a foot whose event is sure: one marker of each place."""

SEEN_WITHIN_S = 0.03
"""About the event; the filter of markers rests on so much (12 Hz)."""

OF_THE_SHANK = ("shank_inclination", "foot_inclination")
"""Angles that need no hip joint."""

SAME_EVENT_S = 0.2
"""A detected event of the same foot and kind within this time is the same event: a
stride lasts at least 0.5 s, and no detector errs by so much."""

NAMES = tuple(
    f"{side}_{part}"
    for part in ("hip", "heel", "foot_index")
    for side in ("left", "right")
)
"""Keypoints that detectors use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionResult:
    """What a motion recording gave.

    Attributes
    ----------
    walk : WalkResult
        In the form that every walk has.
    legs : LegLengths or None
        Leg lengths, where the markers show them.
    body : Body or None
        Joint centres and frames; None for keypoints of a picture.
    """

    walk: WalkResult
    legs: LegLengths | None = None
    body: Body | None = None


def analyse_motion(
    motion: MotionRecording,
    *,
    facts: WalkFacts,
    settings: WalkSettings | None = None,
    static: MotionRecording | None = None,
) -> MotionResult:
    """Analyse the walk in a marker, force-plate or pose file.

    Parameters
    ----------
    motion : MotionRecording
        As read; axes as in the file.
    facts : WalkFacts
        Id, kind, clock and size.
    settings : WalkSettings or None
        Settings of each step; None: the defaults.
    static : MotionRecording or None
        Standing trial of the same person on the same day: medial markers that only
        it has give the widths of knee and ankle.

    Raises
    ------
    InputError
        If the file holds no markers, a leg cannot be built from them, or the vertical
        axis cannot be found.
    """
    chosen = settings or WalkSettings()
    if not motion.markers.sizes["keypoint"]:
        msg = (
            f"{motion.path}: expected markers of a walk, got forces or angles alone; "
            "give the marker file that belongs to them"
        )
        raise InputError(msg)
    if motion.markers.attrs["space_unit"] == "px":
        raw = motion.by_role()
        return MotionResult(walk=analyse_walk(raw, facts=facts, settings=chosen))
    standing = None if static is None else marker_paths(static, settings=chosen.signal)
    markers = marker_paths(motion, settings=chosen.signal)
    body = body_of(markers, measures=motion.body, static=standing)
    walk = _walk(motion, body, facts, chosen)
    stands = any(gate.reason.code == "standing" for gate in walk.quality.gates)
    legs = (
        leg_lengths(body, standing=stands, strides=walk.strides)
        if motion.kind == "markers"
        else None
    )
    return MotionResult(walk=walk, legs=legs, body=body)


def _walk(
    motion: MotionRecording, body: Body, facts: WalkFacts, settings: WalkSettings
) -> WalkResult:
    seen = _seen(body, facts, settings)
    early = WalkQuality(
        gates=(
            *_marker_gates(body),
            *recording_gates(seen, facts, limits=settings.quality),
        )
    )
    events: tuple[Event, ...] = ()
    if early.why_blocked() is None and not untimed(early):
        events = with_frames(_events(motion, seen, facts, settings), motion.markers)
    strides = find_strides(
        seen.space.data,
        events,
        passes=seen.space.passes,
        recording=facts.recording,
        settings=settings.strides,
    )
    late = (
        ()
        if not events and early.gates
        else stride_gates(strides, facts, limits=settings.quality)
    )
    quality = WalkQuality(gates=(*early.gates, *late))
    angles = _angles(body, seen, events)
    values = (
        *timing_values(strides, events),
        *length_values(seen.space.data, strides, events),
        *peak_values(angles, strides),
        *anatomical_values(angles, strides),
    )
    names = [each for each in (*WAVEFORM_ANGLES, *ANGLES) if each in angles]
    curves = waveforms(
        angles,
        strides,
        recording=facts.recording,
        names=list(dict.fromkeys(names)),
    )
    found = WalkResult(
        recording=facts.recording,
        walking=seen.space.data,
        angles=angles,
        events=events,
        strides=strides,
        stride_values=allowed_values(values, quality),
        waveforms=() if quality.why_blocked("angle") else curves,
        calibration=seen.space.calibration,
        view=None,
        passes=seen.space.passes,
        quality=quality,
        low_confidence=seen.cleaned.low_confidence,
        outlying=seen.cleaned.outlying,
        missing=seen.cleaned.missing,
    )
    return with_own_measures(found)


def _marker_gates(body: Body) -> tuple[Gate, ...]:
    """Tell what was on no body; close for findings where sides are not sure."""
    doubts = tuple(Gate(reason=each) for each in body.markers.doubts)
    if not body.markers.mirrored:
        return doubts
    blocks: frozenset[Blocked] = frozenset({"findings"})
    return (*doubts, Gate(reason=reason("motion_mirrored"), blocks=blocks))


def _seen(body: Body, facts: WalkFacts, settings: WalkSettings) -> Seen:
    points = gait_keypoints(body)
    cleaned = Cleaned(
        data=points,
        low_confidence=body.markers.low_confidence,
        outlying=body.markers.outlying,
        missing=_missing(points),
    )
    space = to_walking_space(points, known=facts.size, settings=settings.passes)
    sight = Sight(view=None, width_ratio=float("nan"))
    return Seen(raw=points, cleaned=cleaned, space=space, sight=sight)


def _missing(points: xr.Dataset) -> float:
    """Return the share of leg keypoints missing while the whole body is in view."""
    known = points["confidence"].to_numpy() > 0
    frames = np.flatnonzero(known.any(axis=1))
    if not frames.size:
        return 1.0
    return float(1.0 - known[frames[0] : frames[-1] + 1].mean())


def _events(
    motion: MotionRecording, seen: Seen, facts: WalkFacts, settings: WalkSettings
) -> tuple[Event, ...]:
    """Return events along the way walked, those of force plates first."""
    passes = seen.space.passes
    surface = seen.space.surface
    way = (
        seen.space.data
        if surface == "belt"
        else unrolled(
            stand_upright(seen.cleaned.data), passes, settings=settings.passes
        )
    )
    found = detect(
        way,
        recording=facts.recording,
        modality="markers",
        settings=settings.events,
        surface=surface,
    )
    found = tuple(_as_seen(each, motion) for each in found)
    if not settings.events.force_plates or not motion.plates:
        return found
    measured = plate_events(
        motion, recording_id=facts.recording, settings=settings.force_plates
    )
    return with_plate_events(found, measured)


def _as_seen(event: Event, motion: MotionRecording) -> Event:
    """Lower the confidence of an event by what of its leg no camera saw.

    Gaps are bridged before events are looked for; an event in one rests on less.
    """
    data = motion.by_role()
    names = [str(name) for name in data["keypoint"].to_numpy()]
    time_s = data["time"].to_numpy()
    near = np.abs(time_s - event.time_s) <= SEEN_WITHIN_S
    shares = []
    for roles in SEEN_WITH:
        there = [names.index(n) for r in roles if (n := f"{event.side}_{r}") in names]
        if there and near.any():
            position = data["position"].transpose("time", "space", "keypoint")
            known = np.isfinite(position.to_numpy()[near][:, :, there]).all(axis=1)
            shares.append(float(known.any(axis=1).mean()))
    share = float(np.mean(shares)) if shares else 1.0
    return replace(event, confidence=event.confidence * share)


def _angles(body: Body, seen: Seen, events: tuple[Event, ...]) -> xr.Dataset:
    """Return the angles of markers; of joint centres alone where no pelvis is."""
    found = anatomical_angles(body, passes=seen.space.passes, events=events)
    flat = sagittal_angles(seen.space.data, events)
    joints = all(leg.hip_is_joint for leg in body.legs.values())
    shown = SAGITTAL if joints else OF_THE_SHANK
    absent = [name for name in shown if name not in found]
    return found.assign({name: flat[name] for name in absent})


def with_plate_events(
    detected: Sequence[Event], measured: Sequence[Event]
) -> tuple[Event, ...]:
    """Return the events with those of the plates in the place of the detected.

    Parameters
    ----------
    detected : sequence of Event
        From markers.
    measured : sequence of Event
        From clean contacts on force plates.

    Returns
    -------
    tuple of Event
        By time. An initial contact of the plate wins only where its standard error is
        smaller: force that was low-pass filtered tells a contact too early, and its
        error says so. A foot off of the plate always wins: its error is that of the
        threshold, which markers were timed by as well. A plate event that no detector
        found is added only where detectors found the foot at all.
    """
    feet = {event.side for event in detected}
    kept = list(detected)
    for plate in measured:
        if plate.side not in feet:
            continue
        same = [
            event
            for event in kept
            if event.side is plate.side
            and event.kind == plate.kind
            and abs(event.time_s - plate.time_s) < SAME_EVENT_S
        ]
        if plate.kind == "initial_contact" and any(
            event.sd_s <= plate.sd_s for event in same
        ):
            continue
        kept = [event for event in kept if event not in same]
        kept.append(plate)
    return tuple(sorted(kept, key=lambda event: event.time_s))


def unrolled(
    walk: Upright, passes: Sequence[WalkPass], *, settings: PassSettings
) -> xr.Dataset:
    """Return feet and hips along the way walked, turns included.

    Parameters
    ----------
    walk : Upright
        Keypoints of a laboratory with a vertical axis.
    passes : sequence of WalkPass
        The straight passes; only movement of which one is part is kept, so that
        standing, shuffling and walking backwards give nothing.
    settings : PassSettings
        When the body moves.

    Returns
    -------
    xarray.Dataset
        Dims ``time, space, keypoint`` with ``forward`` and ``up``; coordinate
        ``walk_pass`` numbers the stretches of movement, -1 outside; as detectors take
        it.

    Notes
    -----
    ``forward = sum of dp . h`` with ``h`` the direction of the path of the hips over
    one stride. Wrong where the person turns on the spot: the body has no heading there,
    and such samples are left out.
    """
    path = progress(walk, max_gap_s=settings.max_gap_s)
    walked = moving(path, walk.leg_length(), settings)
    forward = np.full((walk.time_s.size, len(NAMES)), np.nan)
    number = np.full(walk.time_s.size, -1, dtype=np.int64)
    for count, run in enumerate(_walked(walked, walk.time_s, passes)):
        heading = path.heading[run]
        number[run] = count
        for column, name in enumerate(NAMES):
            place = walk.horizontal[run, :, walk.names.index(name)]
            forward[run, column] = _along(place, path.centre[run], heading)
    up = walk.up[:, [walk.names.index(name) for name in NAMES]]
    position = np.stack([forward, up], axis=1)
    return described(
        keypoints(
            position,
            np.isfinite(position).all(axis=1).astype(float),
            time_s=walk.time_s,
            names=NAMES,
            space=("forward", "up"),
            space_unit=walk.unit,
        )
        .assign_coords(walk_pass=("time", number))
        .assign_attrs(rate_hz=walk.rate_hz)
    )


def _walked(
    moving: NDArray[np.bool_],
    time_s: NDArray[np.float64],
    passes: Sequence[WalkPass],
) -> list[slice]:
    """Return the runs of movement that hold (part of) a pass."""
    inside = np.zeros(time_s.size, dtype=bool)
    for each in passes:
        inside |= each.samples(time_s)
    return [run for run in runs(moving) if inside[run].any()]


def _along(
    place: NDArray[np.float64],
    centre: NDArray[np.float64],
    heading: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the way of a point along the heading; each whole part starts anew.

    A part between two gaps begins where the point lies ahead of the body's own way.
    """
    own = np.concatenate(([0.0], np.cumsum(_steps(centre, heading))))
    way = np.full(len(place), np.nan)
    for part in runs(whole(place, axis=1)):
        steps = _steps(place[part], heading[part])
        ahead = float((place[part.start] - centre[part.start]) @ heading[part.start])
        way[part] = own[part.start] + ahead + np.concatenate(([0.0], np.cumsum(steps)))
    return way


def _steps(
    place: NDArray[np.float64], heading: NDArray[np.float64]
) -> NDArray[np.float64]:
    middle = (heading[1:] + heading[:-1]) / 2
    steps: NDArray[np.float64] = (np.diff(place, axis=0) * middle).sum(axis=1)
    return steps
