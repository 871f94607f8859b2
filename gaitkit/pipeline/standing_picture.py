"""From the frames of a stance recording to points: who stands there, and where."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.stickers.discs import SKIN, Disc, disc_of_ellipse, mean_disc
from gaitkit.io.formats import format_of
from gaitkit.io.picture import read_picture
from gaitkit.io.video import read_video
from gaitkit.io.video_frames import frames
from gaitkit.measure.standing.heights import mean_point
from gaitkit.model.reason import Reason, reason
from gaitkit.model.side import Side
from gaitkit.model.standing import PicturePoint, PointRole
from gaitkit.pose.standing_body import StandingBody, bodies_in, body_at
from gaitkit.pose.stickers.named import corrected, stickers_of
from gaitkit.pose.stickers.roles import (
    BodyGuide,
    FrontalView,
    MissingPoint,
    NamedPoints,
)
from gaitkit.pose.stickers.sticker import COLOURS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gaitkit.io.points_file import HandPoint
    from gaitkit.model.progress import Progress
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
