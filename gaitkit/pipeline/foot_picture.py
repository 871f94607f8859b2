"""One picture or short clip of one foot from its inner side: the navicular height."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.config import Config
from gaitkit.errors import InputError
from gaitkit.io.points_file import read_points
from gaitkit.measure.standing.camera import Optics, Roll, roll_of_floor, roll_of_plumb
from gaitkit.measure.standing.heights import mean_point
from gaitkit.measure.standing.navicular import (
    DiscShape,
    FootPicture,
    standing_navicular,
)
from gaitkit.measure.standing.navicular_rows import (
    drop_row,
    height_rows,
    missing_heights,
)
from gaitkit.measure.standing.settings import REPORTED_ROLL_SD_DEG
from gaitkit.model.analysis import Analysis
from gaitkit.model.reason import Quality, Reason, reason
from gaitkit.model.recording import Calibration, Recording
from gaitkit.model.side import Side
from gaitkit.model.standing import MEDIAL_VIEW, FootLoad, StancePicture
from gaitkit.model.visit import RecordingInput
from gaitkit.pipeline.standing_photo import (
    LENGTH_SCALE_SD,
    SEEN_SHARE,
    refused_picture,
    stance_pictures,
)
from gaitkit.pose.files import sha256_of
from gaitkit.pose.stickers.foot_roles import FOOT_ROLES, name_foot_stickers
from gaitkit.pose.stickers.named import corrected
from gaitkit.pose.stickers.place import find_stickers
from gaitkit.pose.stickers.sticker import COLOURS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.progress import Progress
    from gaitkit.model.standing import NavicularStanding, PicturePoint, PointRole
    from gaitkit.model.visit import PictureLine, StickerColour
    from gaitkit.pose.stickers.roles import NamedPoints
    from gaitkit.pose.stickers.sticker import Sticker

DISC_SD = 0.02
"""Relative error of the diameter of a sticker as it was told, and as it was printed."""

DISC_READ_SD = 0.008
"""Relative error of the median diameter as it is read in one picture. Two pictures of
one virtual foot differed by 0.64 % (8 feet, discs of 13 to 31 px), 0.45 % for each; a
sticker on real skin is less flat."""

FOOT_FLOOR_SD_DEG = 2.0
"""The line on which a foot stands rises in the picture when the foot is turned: by 2
degrees for a turn of 8 degrees seen 15 degrees from above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What somebody told of a picture of one foot."""

    source: RecordingInput
    side: Side
    load: FootLoad
    config: Config


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """Metres per pixel at the stickers, and its two relative errors."""

    m_per_px: float
    own_sd: float
    shared_sd: float


def analyse_foot_picture(
    source: RecordingInput,
    *,
    recording_id: str,
    config: Config,
    progress: Progress | None = None,
) -> Analysis:
    """Analyse a picture or short clip of one foot from its inner side.

    Parameters
    ----------
    source : RecordingInput
        The file and what the user knows about it; ``foot_side`` and ``foot_load``.
    recording_id : str
        Id that measurements carry.
    config : Config
        All settings.
    progress : Progress or None
        Told how many frames were looked at.

    Raises
    ------
    InputError
        If the file cannot be read, or side or load is not told. A picture that can be
        read and not used gives a refused recording with its reason, and no number.

    Notes
    -----
    The height of the person gives no scale here: too little of them is seen.
    """
    if source.foot_side is None or source.foot_load is None:
        msg = (
            f"{source.file}: expected foot_side (left or right) and foot_load (loaded "
            "or unloaded) together for a picture of one foot; give both"
        )
        raise InputError(msg)
    asked = _Asked(
        source=source, side=source.foot_side, load=source.foot_load, config=config
    )
    pictures = stance_pictures(source.file)
    seen = _seen(pictures, asked)
    if progress is not None:
        progress("pose", len(pictures), len(pictures))
    if isinstance(seen, Reason):
        return _refused(asked, seen, recording_id=recording_id)
    foot, optics = seen
    found = standing_navicular(foot, optics=optics, settings=config.standing)
    if isinstance(found, Reason):
        return _refused(asked, found, recording_id=recording_id)
    return Analysis(
        recording=_recording(asked, optics, recording_id=recording_id),
        source=source.file,
        measurements=height_rows(found, recording=recording_id, frames=len(pictures)),
        standing=StancePicture(
            picture=pictures[0],
            frames=len(pictures),
            points=foot.points,
            lines=(),
            naviculars=(found,),
            roll_deg=optics.roll.deg,
            roll_sd_deg=optics.roll.sd_deg,
            roll_source=optics.roll.source,
            distance_m=optics.camera_distance_m,
        ),
    )


def with_navicular_drops(
    analyses: Sequence[Analysis], config: Config
) -> tuple[Analysis, ...]:
    """Return the analyses with the navicular drop of each foot seen both ways.

    Parameters
    ----------
    analyses : sequence of Analysis
        One for each recording of the visit, in order.
    config : Config
        Settings.

    Returns
    -------
    tuple of Analysis
        The drop stands on the loaded picture of its foot, or on the only one with the
        reason why there is none. Of several pictures of a foot the most precise counts.
    """
    result = list(analyses)
    for side in Side:
        most_precise = _most_precise(analyses, side)
        if not most_precise:
            continue
        number = most_precise["loaded" if "loaded" in most_precise else "unloaded"][0]
        old = result[number]
        row = drop_row(
            {load: found for load, (_, found) in most_precise.items()},
            side=side,
            recording=old.recording.id,
            settings=config.standing,
        )
        result[number] = replace(old, measurements=(*old.measurements, row))
    return tuple(result)


def _most_precise(
    analyses: Sequence[Analysis], side: Side
) -> dict[FootLoad, tuple[int, NavicularStanding]]:
    """Return for each load the most precise height of a foot, and its recording."""
    heights = [
        (number, found)
        for number, each in enumerate(analyses)
        if each.standing is not None
        for found in each.standing.naviculars
        if found.side is side
    ]
    ordered = sorted(heights, key=lambda height: -height[1].sd_mm)
    return {found.load: (number, found) for number, found in ordered}


def _seen(
    pictures: Sequence[np.ndarray], asked: _Asked
) -> tuple[FootPicture, Optics] | Reason:
    """Return foot and camera, or why the recording is no use."""
    source, settings = asked.source, asked.config.standing
    if source.view not in {None, MEDIAL_VIEW[asked.side]}:
        return reason("navicular_lateral")
    floor = source.floor_line_px
    if floor is None or floor[0] == floor[2]:
        return reason("navicular_no_floor")
    roll = _roll(source, floor)
    if abs(roll.deg) > settings.roll_max_deg:
        angle = f"{abs(roll.deg):.0f}"
        if roll.source == "floor_line":
            return reason("navicular_line_askew", angle=angle)
        return reason("stance_camera_tilted", tilt=angle)
    points, shapes, why = _find(pictures, asked, floor)
    if why is not None:
        return why
    scale = _scale(source, shapes)
    height, width = pictures[0].shape[:2]
    optics = Optics(
        width_px=width,
        height_px=height,
        roll=roll,
        m_per_px=scale.m_per_px if scale else None,
        scale_relative_sd=math.hypot(scale.own_sd, scale.shared_sd) if scale else None,
        distance_m=source.camera_distance_m,
        tilt_sd_deg=settings.foot_tilt_sd_deg,
    )
    foot = FootPicture(
        side=asked.side,
        load=asked.load,
        points=points,
        shapes=shapes,
        floor_px=floor,
        own_scale_sd=scale.own_sd if scale else 0.0,
    )
    return foot, optics


def _find(
    pictures: Sequence[np.ndarray], asked: _Asked, floor: PictureLine
) -> tuple[tuple[PicturePoint, ...], tuple[DiscShape, ...], Reason | None]:
    """Return the mean places of the stickers, their shapes, or why there are none."""
    source = asked.source
    by_hand = (
        () if source.points is None else read_points(source.points, picture=source.file)
    )
    colours = COLOURS if source.sticker_colour is None else (source.sticker_colour,)
    places: dict[PointRole, list[PicturePoint]] = defaultdict(list)
    shapes: list[DiscShape] = []
    why: Reason | None = None
    for number, picture in enumerate(pictures):
        stickers, named = _named(picture, asked, colours=colours, floor=floor)
        named = corrected(named, [p.as_point() for p in by_hand if p.frame == number])
        for point in named.points:
            if point.side is asked.side and point.role in FOOT_ROLES:
                places[point.role].append(point)
        shapes += _shapes(stickers, named)
        why = next((gone.why for gone in named.missing), why)
    least = SEEN_SHARE * len(pictures)
    points = tuple(mean_point(own) for own in places.values() if len(own) >= least)
    if all(point.role != "navicular" for point in points):
        return (), (), why or reason("navicular_sticker_missing", count=0)
    return points, tuple(shapes), None


def _named(
    picture: np.ndarray,
    asked: _Asked,
    *,
    colours: Sequence[StickerColour],
    floor: PictureLine,
) -> tuple[tuple[Sticker, ...], NamedPoints]:
    """Return the stickers of a picture in the colour that names most of them."""
    tried = []
    for colour in colours:
        found = find_stickers(picture, colour, settings=asked.config.stickers)
        tried.append((found, name_foot_stickers(found, side=asked.side, floor=floor)))
    return max(tried, key=lambda each: (len(each[1].points), len(each[0])))


def _shapes(stickers: Sequence[Sticker], named: NamedPoints) -> list[DiscShape]:
    """Return the ellipses of the stickers that have a role and were not moved."""
    own = {(point.x_px, point.y_px) for point in named.points}
    return [
        DiscShape(major_px=s.major_px, minor_px=s.minor_px, angle_deg=s.angle_deg)
        for s in stickers
        if (s.x_px, s.y_px) in own
    ]


def _roll(source: RecordingInput, floor: PictureLine) -> Roll:
    """Return the roll: as told, of a plumb line, or of the line below the foot."""
    if source.roll_deg is not None:
        return Roll(deg=source.roll_deg, sd_deg=REPORTED_ROLL_SD_DEG, source="user")
    if source.plumb_line_px is not None:
        return roll_of_plumb(source.plumb_line_px)
    below = roll_of_floor(floor)
    return replace(below, sd_deg=math.hypot(below.sd_deg, FOOT_FLOOR_SD_DEG))


def _scale(source: RecordingInput, shapes: Sequence[DiscShape]) -> _Scale | None:
    """Return the scale at the stickers: of a known length, or of their diameter."""
    if source.scale_length_m is not None and source.scale_px is not None:
        return _Scale(
            m_per_px=source.scale_length_m / source.scale_px,
            own_sd=LENGTH_SCALE_SD,
            shared_sd=0.0,
        )
    if source.sticker_diameter_mm is None or not shapes:
        return None
    size = float(np.median([shape.major_px for shape in shapes]))
    return _Scale(
        m_per_px=source.sticker_diameter_mm / 1000 / size,
        own_sd=DISC_READ_SD,
        shared_sd=DISC_SD,
    )


def _recording(asked: _Asked, optics: Optics, *, recording_id: str) -> Recording:
    return Recording(
        id=recording_id,
        kind="stance",
        sha256=sha256_of(asked.source.file),
        view=MEDIAL_VIEW[asked.side],
        rate_hz=None,
        duration_s=None,
        time_source="assumed",
        scale="m",
        quality=Quality(status="ok", reasons=()),
        condition=asked.source.condition,
        calibration=Calibration(
            method="known_length",
            m_per_px=optics.m_per_px,
            relative_sd=optics.scale_relative_sd,
            camera_tilt_deg=optics.roll.deg,
        ),
    )


def _refused(asked: _Asked, why: Reason, *, recording_id: str) -> Analysis:
    return refused_picture(
        asked.source,
        why,
        view=asked.source.view or MEDIAL_VIEW[asked.side],
        measurements=missing_heights(
            why, side=asked.side, load=asked.load, recording=recording_id
        ),
        recording_id=recording_id,
    )
