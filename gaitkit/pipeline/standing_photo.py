"""From the frames of a stance recording to points: who stands there, and where.

A picture of somebody who stands, or of one foot, that cannot be used.

The camera of a stance recording and the turn of the person: told, found or usual.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.stickers.discs import SKIN, Disc, disc_of_ellipse, mean_disc
from gaitkit.io.formats import format_of
from gaitkit.io.picture import read_picture
from gaitkit.io.video import read_video
from gaitkit.io.video_frames import frames
from gaitkit.measure.standing.camera import (
    Optics,
    Roll,
    mean_roll,
    plumb_lean_sd_deg,
    roll_of_floor,
    roll_of_plumb,
    shown_turn_deg,
    turn_of,
)
from gaitkit.measure.standing.heights import mean_point
from gaitkit.measure.standing.settings import REPORTED_ROLL_SD_DEG
from gaitkit.model.analysis import Analysis
from gaitkit.model.reason import Quality, Reason, reason
from gaitkit.model.recording import Recording, RecordingKind
from gaitkit.model.side import Side
from gaitkit.model.standing import PicturePoint, PointRole
from gaitkit.pose.files import sha256_of
from gaitkit.pose.floor_line import find_floor_line
from gaitkit.pose.plumb_line import find_plumb_line
from gaitkit.pose.standing_body import StandingBody, bodies_in, body_at
from gaitkit.pose.stickers.named import corrected, stickers_of
from gaitkit.pose.stickers.roles import (
    BodyGuide,
    FrontalView,
    MissingPoint,
    NamedPoints,
)
from gaitkit.pose.stickers.sticker import COLOURS
from gaitkit.signal.scale import EAR_RATIO, FOCAL_LONG_SIDES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gaitkit.io.points_file import HandPoint
    from gaitkit.measure.standing.heights import Turn
    from gaitkit.measure.standing.settings import StandingSettings
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.progress import Progress
    from gaitkit.model.recording import View
    from gaitkit.model.subject import Subject
    from gaitkit.model.visit import RecordingInput, StickerColour
    from gaitkit.pose.backend import PoseBackend
    from gaitkit.pose.stickers.named import StickerPicture
    from gaitkit.pose.stickers.sticker import StickerSettings

FRAMES_MAX = 8
"""Frames of a clip that are averaged; more share their errors."""

NEAR_EQUAL = 0.6
"""Size of a second person over that of the first from which it is not sure who is
meant."""

SIDE_VIEW_SHARE = 0.4
"""Distance of the shoulders over the trunk below which somebody is seen from the side;
0.7 to 0.8 straight from the front."""

FEET_SURE = 0.3
"""Confidence of the feet below which they are not in the picture."""

SEEN_SHARE = 0.5
"""Share of the frames in which a sticker must be found."""

LANDMARK_SD: dict[PointRole, float] = {
    "shoulder": 0.0013,
    "hip": 0.0005,
    "knee": 0.0013,
    "ankle": 0.003,
}
"""Error of one keypoint over the height of the body, mirrored average: residuals of
1.1, 3 and 5 to 6 mm for the difference of two on virtual people of 1.75 m; that of the
shoulders is taken to be as that of the knees."""

HEEL_ABOVE_FLOOR = 0.012
"""Height of the heel keypoint above the floor over stature."""

HEIGHT_SCALE_SD, STICKER_SCALE_SD, LENGTH_SCALE_SD = 0.03, 0.04, 0.02
"""Relative error of the scale from stature, from the diameter of a sticker, and from
a length that somebody pointed at in about the plane of the person."""

ASKEW_DEG = 8.0
"""Lean of a whole body in the picture that only a rolled camera explains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StancePoints:
    """What was found in the frames of a stance recording.

    Attributes
    ----------
    picture : array (height, width, 3) of uint8
        The first frame.
    frames : int
        How many were looked at.
    view : {"posterior", "anterior"} or None
        From where the person is seen; None when refused before that was known.
    body : StandingBody or None
        In the first frame; None for a close picture of both feet.
    stickers, landmarks : tuple of PicturePoint
        Mean over the frames.
    discs : tuple of Disc
        Shapes of the stickers of calf and heel, mean over the frames.
    missing : tuple of MissingPoint
        Stickers that should be there.
    largest_px : float or None
        Diameter of the largest kind of sticker.
    refused : Reason or None
        Why nothing can be measured.
    notes : tuple of Reason
        What is worth knowing.
    """

    picture: np.ndarray
    frames: int
    view: FrontalView | None = None
    body: StandingBody | None = None
    stickers: tuple[PicturePoint, ...] = ()
    landmarks: tuple[PicturePoint, ...] = ()
    discs: tuple[Disc, ...] = ()
    missing: tuple[MissingPoint, ...] = ()
    largest_px: float | None = None
    refused: Reason | None = None
    notes: tuple[Reason, ...] = ()

    def pair(self, role: PointRole) -> tuple[PicturePoint, PicturePoint] | None:
        """Return the left and right point of a role, None without both."""
        every = (*self.stickers, *self.landmarks)
        found = {p.side: p for p in every if p.role == role}
        if set(found) != set(Side):
            return None
        return found[Side.LEFT], found[Side.RIGHT]


def stance_pictures(path: Path) -> list[np.ndarray]:
    """Return the picture, or up to eight frames spread over a clip.

    Raises
    ------
    InputError, FormatError
        If the file cannot be used.
    """
    form = format_of(path)
    if form is None or form.kind != "video":
        return [read_picture(path)]
    video = read_video(path)
    count = video.timing.frames
    wanted = set(np.linspace(0, count - 1, min(FRAMES_MAX, count)).round().astype(int))
    return [frame.image for frame in frames(video) if frame.index in wanted]


def find_points(
    pictures: Sequence[np.ndarray],
    source: RecordingInput,
    *,
    backend: PoseBackend,
    settings: StickerSettings,
    by_hand: Sequence[HandPoint] = (),
    progress: Progress | None = None,
) -> StancePoints:
    """Find the person, the landmarks and the stickers of a stance recording.

    Parameters
    ----------
    pictures : sequence of array (height, width, 3) of uint8
        RGB, at least one.
    source : RecordingInput
        What the user knows: view, person, colour of the stickers.
    backend : PoseBackend
        The networks.
    settings : StickerSettings
        What counts as a sticker.
    by_hand : sequence of HandPoint
        Points that were put right.
    progress : Progress or None
        Told how many frames were looked at.
    """
    plain = _opened(pictures, source, backend)
    if plain.refused is not None:
        return plain
    found = _Frames(plain, source, backend, settings)
    for number, picture in enumerate(pictures):
        found.look_at(picture, [p for p in by_hand if p.frame == number])
        if progress is not None:
            progress("pose", number + 1, len(pictures))
    result = found.result()
    if plain.body is None and not result.stickers and not result.missing:
        return replace(plain, refused=reason("stance_nobody"))
    return result


def _opened(
    pictures: Sequence[np.ndarray], source: RecordingInput, backend: PoseBackend
) -> StancePoints:
    """Return who stands there and from where they are seen, or why that is no use."""
    plain = StancePoints(picture=pictures[0], frames=len(pictures))
    if source.view in {"sagittal_left", "sagittal_right"}:
        return replace(plain, refused=reason("stance_side_view"))
    body = _who(pictures[0], source, backend)
    if isinstance(body, Reason):
        return replace(plain, refused=body)
    view = _view(source, body)
    seated = source.posture == "seated"
    wrong = None if body is None else _unfit(body, seated=seated)
    if view is None:
        wrong = reason("stance_nobody")
    return replace(plain, body=body, view=view, refused=wrong)


def _who(
    picture: np.ndarray, source: RecordingInput, backend: PoseBackend
) -> StandingBody | Reason | None:
    """Return the person who is meant, why it is not sure, or None when nobody is."""
    bodies = bodies_in(picture, backend)
    if not bodies:
        return None
    if source.person is not None and "," in source.person:
        x, y = (float(v) for v in source.person.split(","))
        return min(
            bodies, key=lambda b: float(np.hypot(*(b.pair("hip").mean(0) - [x, y])))
        )
    if source.person is not None and source.person.isdigit():
        number = int(source.person)
        return bodies[number - 1] if number <= len(bodies) else None
    large = [b for b in bodies if b.height_px > NEAR_EQUAL * bodies[0].height_px]
    if len(large) > 1:
        return reason("stance_people", count=len(large))
    return bodies[0]


def _view(source: RecordingInput, body: StandingBody | None) -> FrontalView | None:
    if source.view == "posterior" or source.view == "anterior":  # noqa: PLR1714 - types
        return source.view
    return None if body is None else body.seen_as


def _unfit(body: StandingBody, *, seated: bool) -> Reason | None:
    """Return why a body cannot be measured, None when it can."""
    if body.width_share < SIDE_VIEW_SHARE:
        return reason("stance_side_view")
    if not seated and min(body.sure_of("ankle"), body.sure_of("heel")) < FEET_SURE:
        return reason("stance_feet_cut_off")
    return None


class _Frames:
    """Points collected frame by frame."""

    def __init__(
        self,
        plain: StancePoints,
        source: RecordingInput,
        backend: PoseBackend,
        settings: StickerSettings,
    ) -> None:
        self._plain = plain
        self._backend = backend
        self._settings = settings
        asked = source.sticker_colour
        self._colours: Sequence[StickerColour] = COLOURS if asked is None else (asked,)
        self._asked = asked
        self._seated = source.posture == "seated"
        self._points: dict[tuple[PointRole, Side, str], list[PicturePoint]] = (
            defaultdict(list)
        )
        self._discs: dict[tuple[PointRole, Side], list[Disc]] = defaultdict(list)
        self._missing: dict[tuple[PointRole, Side], MissingPoint] = {}
        self._sizes: list[float] = []

    def look_at(self, picture: np.ndarray, by_hand: Sequence[HandPoint]) -> None:
        """Find the landmarks and stickers of one frame."""
        body, view = self._plain.body, self._plain.view
        if body is not None:
            body = body_at(picture, body.region, self._backend)
            if body is None:
                return
            self._add(_landmarks(body, view))
        guide = None if body is None else guide_of(body, seated=self._seated)
        found = stickers_of(
            picture,
            view=view or "posterior",
            body=guide,
            colours=self._colours,
            settings=self._settings,
        )
        self._keep(found, by_hand)

    def _keep(self, found: StickerPicture | None, by_hand: Sequence[HandPoint]) -> None:
        named = NamedPoints() if found is None else found.named
        named = corrected(named, [p.as_point() for p in by_hand])
        self._add(named.points)
        for each in named.missing:
            self._missing[each.role, each.side] = each
        if found is not None:
            self._add_discs(found, named)
            self._colours = (found.colour,)
            if found.largest_px is not None:
                self._sizes.append(found.largest_px)

    def _add(self, points: Sequence[PicturePoint]) -> None:
        for point in points:
            kind = "landmark" if point.source == "landmark" else "sticker"
            self._points[point.role, point.side, kind].append(point)

    def _add_discs(self, found: StickerPicture, named: NamedPoints) -> None:
        """Keep the shapes of calf and heel; a point put right by hand has none."""
        at = {(s.x_px, s.y_px): s for s in found.stickers}
        for point in named.points:
            sticker = at.get((point.x_px, point.y_px))
            if point.role in SKIN and sticker is not None:
                disc = disc_of_ellipse(
                    point.role,
                    point.side,
                    centre=(sticker.x_px, sticker.y_px),
                    diameters=(sticker.major_px, sticker.minor_px),
                    angle_deg=sticker.angle_deg,
                )
                self._discs[point.role, point.side].append(disc)

    def result(self) -> StancePoints:
        """Return the mean over the frames."""
        least = SEEN_SHARE * self._plain.frames
        means = {
            key: mean_point(points)
            for key, points in self._points.items()
            if len(points) >= least
        }
        stickers = tuple(p for (_, _, kind), p in means.items() if kind == "sticker")
        have = {(p.role, p.side) for p in stickers}
        notes: tuple[Reason, ...] = ()
        if not stickers and self._asked is not None:
            notes = (reason("stickers_none", colour=self._asked),)
        return replace(
            self._plain,
            stickers=stickers,
            landmarks=tuple(
                p for (_, _, kind), p in means.items() if kind == "landmark"
            ),
            discs=tuple(
                mean_disc(discs) for key, discs in self._discs.items() if key in have
            ),
            missing=tuple(m for key, m in self._missing.items() if key not in have),
            largest_px=float(np.median(self._sizes)) if self._sizes else None,
            notes=notes,
        )


def guide_of(body: StandingBody, *, seated: bool = False) -> BodyGuide:
    """Return where hips, knees and ankles are, left in the picture first."""

    def ordered(name: str) -> np.ndarray:
        pair = body.pair(name)
        return pair[np.argsort(pair[:, 0])]

    trunk = ordered("shoulder").mean(axis=0) - ordered("hip").mean(axis=0)
    return BodyGuide(
        hips=ordered("hip"),
        knees=ordered("knee"),
        ankles=ordered("ankle"),
        seated_trunk_px=float(np.linalg.norm(trunk)) if seated else None,
    )


def _landmarks(body: StandingBody, view: FrontalView | None) -> list[PicturePoint]:
    """Return the joints as points; sides follow from the view, not from the network."""
    points = []
    for role, share in LANDMARK_SD.items():
        pair = body.pair(role)
        pair = pair[np.argsort(pair[:, 0])]
        sides = (Side.LEFT, Side.RIGHT)
        for side, place in zip(
            sides if view == "posterior" else sides[::-1], pair, strict=True
        ):
            points.append(
                PicturePoint(
                    role=role,
                    side=side,
                    x_px=float(place[0]),
                    y_px=float(place[1]),
                    sd_px=share * body.height_px,
                    source="landmark",
                )
            )
    return points


def refused_picture(
    source: RecordingInput,
    why: Reason,
    *,
    view: View | None,
    measurements: tuple[Measurement, ...],
    recording_id: str,
) -> Analysis:
    """Return the analysis of a picture that can be read and not used.

    Parameters
    ----------
    source : RecordingInput
        The file and what the user knows about it.
    why : Reason
        Why it cannot be used.
    view : str or None
        From where the person or the foot is seen.
    measurements : tuple of Measurement
        The rows that it would have given, each without a value.
    recording_id : str
        Id of the recording.
    """
    return Analysis(
        recording=Recording(
            id=recording_id,
            kind=picture_kind(source),
            sha256=sha256_of(source.file),
            view=view,
            rate_hz=None,
            duration_s=None,
            time_source="assumed",
            scale="px",
            quality=Quality(status="refused", reasons=(why,)),
            condition=source.condition,
        ),
        source=source.file,
        measurements=measurements,
    )


def picture_kind(source: RecordingInput) -> RecordingKind:
    """Return whether a picture belongs to a block test."""
    return "block_test" if source.kind == "block_test" else "stance"


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
        return Roll(deg=source.roll_deg, sd_deg=REPORTED_ROLL_SD_DEG, source="user")
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


def roll_rejection(
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
