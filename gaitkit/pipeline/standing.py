"""One picture or short clip of a standing person: lines, angles and measurements."""

from __future__ import annotations

import math
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from gaitkit.gait.stickers.discs import leans_of_discs
from gaitkit.io.points_file import read_points
from gaitkit.measure.standing.camera import (
    Optics,
)
from gaitkit.measure.standing.heights import (
    Turn,
    height_line,
    trunk_lean_deg,
    width_mm,
)
from gaitkit.measure.standing.landmarks import landmark_slope
from gaitkit.measure.standing.rearfoot import (
    CORNERS,
    FootDirection,
    SeenFoot,
    seen_direction,
    standing_rearfoot,
    usual_lean,
)
from gaitkit.measure.standing.result import (
    DIFFERENCE,
    OBLIQUITY,
    REARFOOT,
    landmark_pelvis,
    missing,
    rearfoot_row,
    sticker_pelvis,
)
from gaitkit.measure.standing.settings import StandingSettings
from gaitkit.model.analysis import Analysis
from gaitkit.model.reason import Quality, Reason, reason
from gaitkit.model.recording import Calibration, Recording
from gaitkit.model.side import Side
from gaitkit.model.standing import RearfootStanding, StancePicture
from gaitkit.model.visit import RecordingInput
from gaitkit.pipeline.foot_picture import analyse_foot_picture
from gaitkit.pipeline.standing_photo import (
    StancePoints,
    find_points,
    optics_of,
    picture_kind,
    refused_picture,
    roll_rejection,
    stance_pictures,
    turn_in,
)
from gaitkit.pose.backend import open_backend
from gaitkit.pose.fetch import fetch
from gaitkit.pose.files import DETECTOR, sha256_of
from gaitkit.pose.settings import MODEL_SIZES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.config import Config
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.progress import Progress
    from gaitkit.model.standing import HeightLine, PointRole
    from gaitkit.model.subject import Subject
    from gaitkit.pose.backend import PoseBackend

PELVIS_ROLES: tuple[PointRole, ...] = ("psis", "asis")
LANDMARK_ROLES: tuple[PointRole, ...] = ("hip", "knee", "ankle")

SAME_FOOT_SD_DEG = 1.5
"""Error of a direction of the feet that was told."""


PICTURE_ROWS = (OBLIQUITY, DIFFERENCE, REARFOOT)
"""What a single stance picture gives; a block test gives its rows by all pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A recording with its points, its camera and the settings."""

    source: RecordingInput
    points: StancePoints
    optics: Optics
    turn: Turn
    settings: StandingSettings

    @property
    def seated(self) -> bool:
        """True when the person sits: the pelvis is seen and nothing of the legs."""
        return self.source.posture == "seated"


@contextmanager
def picture_networks(
    config: Config, *, progress: Progress | None = None
) -> Iterator[PoseBackend]:
    """Open the networks that look at pictures, fetched where they are not there yet.

    Whoever reads many pictures opens them once and gives them to `analyse_standing`.

    Parameters
    ----------
    config : Config
        Which networks.
    progress : Progress or None
        Told how far fetching is.
    """
    if config.pose.model in MODEL_SIZES:
        fetch((DETECTOR, config.pose.model), progress=progress)
    with open_backend(config.pose) as backend:
        yield backend


def analyse_standing(
    source: RecordingInput,
    subject: Subject,
    *,
    recording_id: str,
    config: Config,
    progress: Progress | None = None,
    networks: PoseBackend | None = None,
) -> Analysis:
    """Analyse a picture or short clip of a standing person.

    Parameters
    ----------
    source : RecordingInput
        The file and what the user knows about it; kind ``stance`` or ``block_test``.
    subject : Subject
        The person; the height gives the scale.
    recording_id : str
        Id that measurements carry.
    config : Config
        All settings.
    progress : Progress or None
        Told how far the pose stage is.
    networks : PoseBackend or None
        From `picture_networks`, which stay open; None opens them for this file.

    Raises
    ------
    InputError
        If the file cannot be read. A picture that can be read and not used gives a
        refused recording with its reason, and no number.
    """
    if source.foot_side is not None or source.foot_load is not None:
        return analyse_foot_picture(
            source, recording_id=recording_id, config=config, progress=progress
        )
    pictures = stance_pictures(source.file)
    by_hand = (
        () if source.points is None else read_points(source.points, picture=source.file)
    )
    with ExitStack() as opened:
        if networks is None:
            networks = opened.enter_context(picture_networks(config, progress=progress))
        points = find_points(
            pictures,
            source,
            backend=networks,
            settings=config.stickers,
            by_hand=by_hand,
            progress=progress,
        )
        files = networks.model_files
    seen = _seen(source, points, subject, config.standing)
    refused = points.refused or roll_rejection(
        seen.optics, points, config.standing, seated=seen.seated
    )
    if refused is not None:
        names = () if picture_kind(source) == "block_test" else PICTURE_ROWS
        return refused_picture(
            source,
            refused,
            view=points.view or source.view,
            measurements=missing(names, refused, recording=recording_id),
            recording_id=recording_id,
        )
    picture = _picture(seen)
    rows = tuple(_measurements(seen, picture, subject, config, recording_id))
    return Analysis(
        recording=_recording(source, seen, recording_id=recording_id),
        source=source.file,
        measurements=rows,
        standing=picture,
        model_files=files,
    )


def _seen(
    source: RecordingInput,
    points: StancePoints,
    subject: Subject,
    settings: StandingSettings,
) -> _Seen:
    optics = optics_of(source, points, subject, settings)
    turn = turn_in(points, settings)
    return _Seen(
        source=source, points=points, optics=optics, turn=turn, settings=settings
    )


def _picture(seen: _Seen) -> StancePicture:
    points, optics = seen.points, seen.optics
    joints = () if seen.seated else LANDMARK_ROLES
    return StancePicture(
        picture=points.picture,
        frames=points.frames,
        points=(
            *points.stickers,
            *(p for p in points.landmarks if p.role in joints),
        ),
        lines=tuple(_lines(seen)),
        rearfeet=()
        if seen.seated
        else tuple(
            found
            for found in _rearfeet(seen).values()
            if isinstance(found, RearfootStanding)
        ),
        trunk_lean_deg=_lean(seen),
        roll_deg=optics.roll.deg,
        roll_sd_deg=optics.roll.sd_deg,
        roll_source=optics.roll.source,
        yaw_deg=seen.turn.deg,
        yaw_sd_deg=seen.turn.sd_deg,
        distance_m=optics.camera_distance_m,
        block_side=seen.source.block_side,
        block_height_mm=seen.source.block_height_mm,
        posture=seen.source.posture or "standing",
    )


def _lines(seen: _Seen) -> Iterator[HeightLine]:
    joints = () if seen.seated else LANDMARK_ROLES
    for role in (*PELVIS_ROLES, *joints):
        pair = seen.points.pair(role)
        if pair is not None:
            yield height_line(*pair, optics=seen.optics, turn=seen.turn)


def _lean(seen: _Seen) -> float | None:
    hips, shoulders = seen.points.pair("hip"), seen.points.pair("shoulder")
    if hips is None or shoulders is None:
        return None
    return trunk_lean_deg(hips, shoulders, optics=seen.optics)


def _rearfeet(seen: _Seen) -> dict[Side, RearfootStanding | Reason]:
    """Return the rearfoot angle, or why there is none, of each side with stickers."""
    result: dict[Side, RearfootStanding | Reason] = {}
    leans = leans_of_discs(
        seen.points.discs, lens=seen.optics.lens, usual=usual_lean(seen.settings)
    )
    for side in Side:
        own = [p for p in seen.points.stickers if p.side is side and p.role in CORNERS]
        gone = [m for m in seen.points.missing if m.side is side and m.role in CORNERS]
        if len(own) == len(CORNERS):
            foot = _foot_direction(seen, side)
            result[side] = standing_rearfoot(
                own,
                optics=seen.optics,
                foot=foot,
                settings=seen.settings,
                lean=leans.get(side),
            )
        elif gone or own:
            why = gone[0].why if gone else None
            result[side] = why or reason("sticker_column_incomplete", count=len(own))
    return result


def _foot_direction(seen: _Seen, side: Side) -> FootDirection:
    source, settings = seen.source, seen.settings
    left = side is Side.LEFT
    turned = seen.turn.deg if left else -seen.turn.deg
    told = source.toe_out_left_deg if left else source.toe_out_right_deg
    if told is not None:
        return FootDirection(toe_out_deg=told, sd_deg=SAME_FOOT_SD_DEG)
    sd = math.hypot(settings.toe_out_sd_deg, seen.turn.sd_deg)
    usual = FootDirection(toe_out_deg=settings.toe_out_deg + turned, sd_deg=sd)
    heel = next(
        p for p in seen.points.stickers if (p.side, p.role) == (side, "heel_lower")
    )
    foot = _seen_foot(seen.points, side)
    if foot is None:
        return usual
    return seen_direction(foot, heel, optics=seen.optics, usual=usual)


def _seen_foot(points: StancePoints, side: Side) -> SeenFoot | None:
    """Return the keypoints of a foot seen from behind; left is left in the picture."""
    body = points.body
    if body is None:
        return None
    heels, toes = body.pair("heel")[:, 0], body.pair("foot_index")[:, 0]
    own = int(np.argmin(heels) if side is Side.LEFT else np.argmax(heels))
    return SeenFoot(
        toes_x_px=float(toes[own]),
        heel_x_px=float(heels[own]),
        body_px=body.height_px,
    )


def _measurements(
    seen: _Seen,
    picture: StancePicture,
    subject: Subject,
    config: Config,
    recording_id: str,
) -> Iterator[Measurement]:
    """Yield the rows of a stance; pictures of a block test speak only together."""
    if seen.source.kind == "block_test":
        return
    if seen.seated:
        yield from missing(
            PICTURE_ROWS, reason("stance_seated"), recording=recording_id
        )
        return
    lines = {line.role: line for line in picture.lines}
    pelvis = next((lines[role] for role in PELVIS_ROLES if role in lines), None)
    gone = [m for m in seen.points.missing if m.role in PELVIS_ROLES]
    if pelvis is not None:
        yield from sticker_pelvis(
            pelvis,
            width_mm=width_mm(pelvis, seen.optics),
            settings=seen.settings,
            height_m=subject.height_m,
            recording=recording_id,
            frames=picture.frames,
        )
    elif gone:
        yield from missing((OBLIQUITY, DIFFERENCE), gone[0].why, recording=recording_id)
    if "hip" in lines:
        slope = landmark_slope(config.pose.model, seen.points.view or "posterior")
        hips = lines["hip"]
        if slope is not None:
            lean, roll_sd = picture.trunk_lean_deg, picture.roll_sd_deg
            hips = slope.upright(hips, lean, roll_sd_deg=roll_sd)
        yield from landmark_pelvis(
            hips,
            width_mm=width_mm(hips, seen.optics),
            slope=slope,
            recording=recording_id,
            frames=picture.frames,
        )
    for side, found in _rearfeet(seen).items():
        yield rearfoot_row(
            found, side=side, recording=recording_id, frames=picture.frames
        )


def _recording(source: RecordingInput, seen: _Seen, *, recording_id: str) -> Recording:
    optics, points = seen.optics, seen.points
    reasons = list(points.notes)
    if optics.roll.source == "none":
        reasons.append(reason("stance_roll_unknown"))
    # somebody who sits is no measure of height, and the pelvis is read as an angle
    if optics.m_per_px is None and not seen.seated:
        reasons.append(reason("no_scale"))
    if source.kind == "block_test" and not is_block_known(source):
        reasons.append(reason("block_height_missing"))
    reasons += list({m.why: None for m in points.missing})
    return Recording(
        id=recording_id,
        kind=picture_kind(source),
        sha256=sha256_of(source.file),
        view=points.view,
        rate_hz=None,
        duration_s=None,
        time_source="assumed",
        scale="px" if optics.m_per_px is None else "m",
        quality=Quality(status="limited" if reasons else "ok", reasons=tuple(reasons)),
        condition=source.condition,
        calibration=Calibration(
            method=_scale_method(source, optics),
            m_per_px=optics.m_per_px,
            relative_sd=optics.scale_relative_sd,
            camera_tilt_deg=optics.roll.deg,
        ),
        confidence=(
            None if points.body is None else float(np.median(points.body.confidence))
        ),
    )


def is_block_known(source: RecordingInput) -> bool:
    """Say whether height and foot of the block under a picture are known."""
    height = source.block_height_mm
    return height is not None and (height == 0 or source.block_side is not None)


def _scale_method(
    source: RecordingInput, optics: Optics
) -> Literal["none", "known_length", "subject_height"]:
    if optics.m_per_px is None:
        return "none"
    return "known_length" if source.scale_length_m is not None else "subject_height"
