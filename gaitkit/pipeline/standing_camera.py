"""The camera of a stance recording and the turn of the person: told, found or usual."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gaitkit.measure.standing.optics import (
    Optics,
    Roll,
    mean_roll,
    plumb_lean_sd_deg,
    roll_of_floor,
    roll_of_plumb,
)
from gaitkit.measure.standing.turn import shown_turn_deg, turn_of
from gaitkit.model.reason import Reason, reason
from gaitkit.pose.floor_line import find_floor_line
from gaitkit.pose.plumb_line import find_plumb_line
from gaitkit.signal.scale import EAR_RATIO, FOCAL_LONG_SIDES

if TYPE_CHECKING:
    from gaitkit.measure.standing.heights import Turn
    from gaitkit.measure.standing.settings import StandingSettings
    from gaitkit.model.subject import Subject
    from gaitkit.model.visit import RecordingInput
    from gaitkit.pipeline.standing_picture import StancePoints

HEEL_ABOVE_FLOOR = 0.012
"""Height of the heel keypoint above the floor over stature."""

HEIGHT_SCALE_SD, STICKER_SCALE_SD, LENGTH_SCALE_SD = 0.03, 0.04, 0.02
"""Relative error of the scale from stature, from the diameter of a sticker, and from
a length that somebody pointed at in about the plane of the person."""

ASKEW_DEG = 8.0
"""Lean of a whole body in the picture that only a rolled camera explains."""


def optics_of(
    source: RecordingInput,
    points: StancePoints,
    subject: Subject,
    settings: StandingSettings,
) -> Optics:
    """Return the camera of a stance recording.

    Parameters
    ----------
    source : RecordingInput
        What was told: a length, lines, roll, distance, diameter of the stickers.
    points : StancePoints
        The picture and the body in it.
    subject : Subject
        The height gives the scale where no length was told.
    settings : StandingSettings
        What is usual.
    """
    scale = _scale(source, points, subject)
    height, width = points.picture.shape[:2]
    return Optics(
        width_px=width,
        height_px=height,
        roll=_roll(source, points, settings),
        m_per_px=scale[0] if scale else None,
        scale_relative_sd=scale[1] if scale else None,
        distance_m=source.camera_distance_m,
        tilt_sd_deg=settings.tilt_sd_deg,
    )


def turn_in(points: StancePoints, settings: StandingSettings) -> Turn:
    """Return the turn of the person, from the depths that the network sees."""
    view, body = points.view or "posterior", points.body
    shown = None
    if body is not None:
        own = body.seen_as == view
        joints = (body.world_pair("hip"), body.world_pair("shoulder"))
        pairs = [pair if own else pair[::-1] for pair in joints]
        shown = sum(shown_turn_deg(*pair, view=view) for pair in pairs) / len(pairs)
    return turn_of(shown, prior_sd_deg=settings.yaw_sd_deg, view=view)


def _scale(
    source: RecordingInput, points: StancePoints, subject: Subject
) -> tuple[float, float] | None:
    """Return metres per pixel and its relative error from the best thing known."""
    if source.scale_length_m is not None and source.scale_px is not None:
        return source.scale_length_m / source.scale_px, LENGTH_SCALE_SD
    tall = source.posture != "seated"
    if tall and subject.height_m is not None and points.body is not None:
        share = EAR_RATIO - HEEL_ABOVE_FLOOR
        return share * subject.height_m / points.body.height_px, HEIGHT_SCALE_SD
    if source.sticker_diameter_mm is not None and points.largest_px is not None:
        size = source.sticker_diameter_mm / 1000
        return size / points.largest_px, STICKER_SCALE_SD
    return None


def _roll(
    source: RecordingInput, points: StancePoints, settings: StandingSettings
) -> Roll:
    """Return the roll: as told, as pointed at, as found in the picture, or unknown."""
    if source.roll_deg is not None:
        return Roll(deg=source.roll_deg, sd_deg=TOLD_ROLL_SD_DEG, source="user")
    told = source.plumb_line_px or source.floor_line_px
    plumb = source.plumb_line_px if told else find_plumb_line(points.picture)
    floor = source.floor_line_px if told else find_floor_line(points.picture)
    rolls = []
    if plumb is not None:
        height, width = points.picture.shape[:2]
        lean = plumb_lean_sd_deg(
            plumb,
            width_px=width,
            focal_px=FOCAL_LONG_SIDES * max(height, width),
            tilt_sd_deg=settings.tilt_sd_deg,
        )
        rolls.append(roll_of_plumb(plumb, lean_sd_deg=lean))
    if floor is not None:
        rolls.append(roll_of_floor(floor))
    if rolls:
        return mean_roll(rolls)
    return Roll(deg=0.0, sd_deg=settings.roll_sd_deg, source="none")


TOLD_ROLL_SD_DEG = 0.2
"""Error of a roll that somebody read from the level of the telephone."""


def too_far_askew(
    optics: Optics,
    points: StancePoints,
    settings: StandingSettings,
    *,
    seated: bool = False,
) -> Reason | None:
    """Return why the camera was too far from level, None when it was not."""
    roll = optics.roll.deg
    if abs(roll) > settings.roll_max_deg:
        return reason("stance_camera_tilted", tilt=f"{abs(roll):.0f}")
    body = points.body
    if body is None or seated:
        return None
    axis = body.pair("shoulder").mean(axis=0) - body.pair("ankle").mean(axis=0)
    lean = math.degrees(math.atan2(-float(axis[0]), -float(axis[1])))
    if abs(lean) > ASKEW_DEG:
        return reason("stance_camera_tilted", tilt=f"{abs(lean):.0f}")
    return None
