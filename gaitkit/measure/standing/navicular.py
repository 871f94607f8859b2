"""Height of the navicular above the floor from a picture of one foot from inside.

Each point is brought into space along its ray. The sticker's own scale says how far it
is; the floor below it lies on the line where heel and ball stand, a little behind the
sticker. So a camera that looks down from above is taken out as far as its height in the
picture tells, and what it cannot tell (tilt, how far behind) widens the error.

How far a camera that looks at one foot is tilted, as far as the floor tells.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.measure.standing.camera import CLICK_PX, Optics
from gaitkit.model.reason import Reason, reason
from gaitkit.model.side import Side
from gaitkit.model.standing import FootLoad, NavicularStanding, PicturePoint
from gaitkit.model.visit import PictureLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.measure.standing.settings import StandingSettings
    from gaitkit.model.standing import PointRole

    Array = np.ndarray

SOLE_MM = 0.7
"""How well one sees where a round edge of skin meets the floor: alike in both pictures
of a foot. A judgement."""

JOINT_MM, HEEL_MM = 3.0, 2.0
"""Errors along the foot of a sticker on the first metatarsophalangeal joint and of one
on the back of the heel. Judgements."""

FOOT_TURN_DEG = 8.0
"""Spread of the turn of a foot that was put along the picture by eye: it shortens the
foot by 1 % on average. A judgement."""

HEIGHT_ROUNDS = 5
"""Steps to the point of the floor line below the sticker; each gains two digits."""

LENS_LOWEST_M = 0.02
"""No lens is nearer to the floor: that of a telephone that stands on its long side.
A judgement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscShape:
    """A round sticker as it is seen: diameters of its ellipse, and its direction.

    Attributes
    ----------
    major_px, minor_px : float
        Diameters.
    angle_deg : float
        Direction of the major axis, clockwise from the x axis of the picture.
    """

    major_px: float
    minor_px: float
    angle_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FootPicture:
    """One foot seen from its inner side.

    Attributes
    ----------
    side, load
        Which foot, standing or sitting.
    points : tuple of PicturePoint
        Its stickers, ``navicular`` among them.
    shapes : tuple of DiscShape
        The same stickers as ellipses; empty where points were put in by hand.
    floor_px : tuple of float
        Both ends of the line on which its inner edge stands.
    own_scale_sd : float
        Part of the relative error of the scale that another picture of the same
        stickers does not share.
    """

    side: Side
    load: FootLoad
    points: tuple[PicturePoint, ...]
    shapes: tuple[DiscShape, ...]
    floor_px: PictureLine
    own_scale_sd: float

    def point(self, role: PointRole) -> PicturePoint | None:
        """Return the point of a role, None when it is not there."""
        return next((p for p in self.points if p.role == role), None)


def standing_navicular(
    foot: FootPicture, *, optics: Optics, settings: StandingSettings
) -> NavicularStanding | Reason:
    """Return the height of the navicular above the floor, or why there is none.

    Parameters
    ----------
    foot : FootPicture
        Stickers and floor line.
    optics : Optics
        The camera; its scale is that at the stickers.
    settings : StandingSettings
        Assumptions and limits.

    Returns
    -------
    NavicularStanding or Reason
        A reason without a scale, for a foot turned out of the picture plane, and for
        a camera that looks down too steeply.

    Notes
    -----
    With ``e`` the angle at which the camera looks down and ``d`` how far the floor
    line lies behind the sticker, a plain reading of the picture is too short by the
    factor ``cos e`` and too long by ``d tan e``. Both are computed with the whole
    perspective; the error takes each assumption off by its standard error in turn:
    place of sticker and line, tilt, roll, focal length, ``d``, scale, and how well a
    hand finds the bone. Wrong when the floor is not level, the foot does not stand on
    the line, or the sticker lies beside the bone by more than is assumed. Tried on
    virtual feet only.
    """
    navicular = foot.point("navicular")
    if navicular is None:
        return reason("navicular_sticker_missing", count=len(foot.points))
    if optics.m_per_px is None or optics.scale_relative_sd is None:
        return reason("navicular_no_scale")
    turned = turned_deg(foot.shapes, roll_deg=optics.roll.deg)
    if turned > settings.foot_turned_max_deg:
        return reason("navicular_foot_turned", angle=f"{turned:.0f}")
    tilt = camera_tilt(foot.floor_px, optics=optics, settings=settings)
    if isinstance(tilt, Reason):
        return tilt
    scene = _Scene(
        optics=optics,
        m_per_px=optics.m_per_px,
        floor_px=foot.floor_px,
        behind_m=settings.floor_behind_mm / 1000,
        tilt_deg=tilt.deg,
    )
    above = math.degrees(
        math.atan(optics.looks_down(float(optics.upright(navicular)[1])))
    )
    if above > settings.foot_above_max_deg:
        return reason("navicular_from_above", angle=f"{above:.0f}")
    height = scene.height_mm(navicular)
    errors = _errors(scene, navicular, foot=foot, tilt=tilt, settings=settings)
    length = _truncated(scene, foot)
    return NavicularStanding(
        side=foot.side,
        load=foot.load,
        height_mm=height,
        sd_mm=math.hypot(
            errors.own,
            errors.behind,
            errors.scale,
            errors.focal,
            errors.tilt,
            SOLE_MM,
            settings.navicular_placement_mm,
        ),
        own_sd_mm=errors.own,
        behind_mm=errors.behind,
        scale_mm=errors.scale,
        focal_mm=errors.focal,
        tilt_mm=errors.tilt,
        tilt_sd_deg=tilt.sd_deg,
        below_deg=seen_below_deg(foot.floor_px, optics),
        sticker=navicular,
        floor_px=scene.below(navicular),
        truncated_mm=length[0] if length else None,
        truncated_sd_mm=length[1] if length else None,
    )


def normalised(found: NavicularStanding) -> tuple[float, float] | None:
    """Return height over truncated foot length and its error; None without a length.

    Scale errs alike in both and cancels; it is left out of the error of the ratio.
    """
    length, length_sd = found.truncated_mm, found.truncated_sd_mm
    if length is None or length_sd is None:
        return None
    ratio = found.height_mm / length
    height_sd = math.sqrt(max(found.sd_mm**2 - found.scale_mm**2, 0.0))
    return ratio, math.hypot(height_sd / length, ratio * length_sd / length)


def turned_deg(shapes: Sequence[DiscShape], *, roll_deg: float) -> float:
    """Return how far a foot is turned out of the picture, from its stickers, degrees.

    Notes
    -----
    A disc is seen as an ellipse whose minor over major diameter is the cosine between
    its normal and the line of sight; the normal leans along the minor axis. What of
    it is sideways in the picture is the turn of the skin there. Skin is not flat, so
    the median over the stickers counts; 0 without any.
    """
    aside = [
        math.sqrt(max(1 - (s.minor_px / s.major_px) ** 2, 0.0))
        * abs(math.sin(math.radians(s.angle_deg + roll_deg)))
        for s in shapes
    ]
    return math.degrees(math.asin(float(np.median(aside)))) if aside else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """One set of assumptions under which the picture is read."""

    optics: Optics
    m_per_px: float
    floor_px: PictureLine
    behind_m: float
    focal_share: float = 1.0
    tilt_deg: float = 0.0
    raised_px: float = 0.0

    def height_mm(self, point: PicturePoint) -> float:
        """Return the height of a point above the floor line in millimetres."""
        place = self._place(point)
        return 1000 * float(self._floor_below(place)[1] - place[1])

    def along_mm(self, one: PicturePoint, other: PicturePoint) -> float:
        """Return the distance along the picture of two points of the foot."""
        return 1000 * abs(float(self._place(one)[0] - self._place(other)[0]))

    def below(self, point: PicturePoint) -> tuple[float, float]:
        """Return the point of the floor line below a sticker, in the picture."""
        place = self._floor_below(self._place(point))
        share = self._share(place)
        x1, y1, x2, y2 = self.floor_px
        return x1 + share * (x2 - x1), y1 + share * (y2 - y1)

    @property
    def _focal_px(self) -> float:
        return self.focal_share * self.optics.focal_px

    def _ray(self, x_px: float, y_px: float) -> Array:
        """Return right, down and ahead (3,) of a pixel, in focal lengths."""
        optics = self.optics
        x, y = x_px - optics.width_px / 2, y_px - optics.height_px / 2
        roll, tilt = math.radians(optics.roll.deg), math.radians(self.tilt_deg)
        right = (x * math.cos(roll) - y * math.sin(roll)) / self._focal_px
        down = (x * math.sin(roll) + y * math.cos(roll)) / self._focal_px
        return np.array(
            [
                right,
                down * math.cos(tilt) + math.sin(tilt),
                math.cos(tilt) - down * math.sin(tilt),
            ]
        )

    def _place(self, point: PicturePoint) -> Array:
        """Return where a sticker is: right, down and ahead of the camera in metres.

        All stickers of the foot lie in one upright plane that faces the camera.
        """
        ray = self._ray(point.x_px, point.y_px - self.raised_px)
        return np.asarray(ray * self.m_per_px * self._focal_px)

    def _share(self, below: Array) -> float:
        """Return where on the floor line a point in space is seen: 0 to 1 its ends."""
        share = 0.5
        for _ in range(HEIGHT_ROUNDS):
            right = self._on_line(share, float(below[2]))[0]
            span = self._on_line(1.0, float(below[2])) - self._on_line(
                0.0, float(below[2])
            )
            share += float((below[0] - right) / span[0])
        return share

    def _on_line(self, share: float, ahead_m: float) -> Array:
        """Return a point of the floor line, brought to a distance ahead."""
        x1, y1, x2, y2 = self.floor_px
        ray = self._ray(x1 + share * (x2 - x1), y1 + share * (y2 - y1))
        return np.asarray(ray * ahead_m / ray[2])

    def _floor_below(self, place: Array) -> Array:
        ahead = float(place[2]) + self.behind_m
        goal = np.array([place[0], 0.0, ahead])
        return self._on_line(self._share(goal), ahead)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Errors:
    """How far a height moves by what another picture shares, and its own error, mm."""

    own: float
    behind: float
    scale: float
    focal: float
    tilt: float


def _errors(
    scene: _Scene,
    navicular: PicturePoint,
    *,
    foot: FootPicture,
    tilt: Tilt,
    settings: StandingSettings,
) -> _Errors:
    height = scene.height_mm(navicular)
    optics = scene.optics
    relative = optics.scale_relative_sd or 0.0
    shared = math.sqrt(max(relative**2 - foot.own_scale_sd**2, 0.0))
    rolled = replace(
        optics, roll=replace(optics.roll, deg=optics.roll.deg + optics.roll.sd_deg)
    )

    # between two ends that were pointed at a line errs less than either
    raised = math.hypot(navicular.sd_px, CLICK_PX / math.sqrt(2))

    def moved(other: _Scene) -> float:
        return other.height_mm(navicular) - height

    # a tilt moves the height more one way than the other
    down, up = (
        moved(replace(scene, tilt_deg=scene.tilt_deg + way * tilt.sd_deg))
        for way in (1, -1)
    )
    return _Errors(
        own=math.hypot(
            moved(replace(scene, raised_px=raised)),
            moved(replace(scene, optics=rolled)),
            moved(replace(scene, m_per_px=scene.m_per_px * (1 + foot.own_scale_sd))),
        ),
        behind=moved(
            replace(scene, behind_m=scene.behind_m + settings.floor_behind_sd_mm / 1000)
        ),
        scale=moved(replace(scene, m_per_px=scene.m_per_px * (1 + shared))),
        focal=moved(replace(scene, focal_share=1 + optics.focal_relative_sd)),
        tilt=max(down, -up, key=abs),
    )


def _truncated(scene: _Scene, foot: FootPicture) -> tuple[float, float] | None:
    """Return back of the heel to first metatarsal joint and its error, mm.

    Williams & McClay 2000, doi:10.1093/ptj/80.9.864. The heel sticker touches the
    back with its edge, so half its diameter is added.
    """
    ball, heel = foot.point("metatarsal_1"), foot.point("heel_back")
    sizes = [shape.major_px for shape in foot.shapes]
    if ball is None or heel is None or not sizes:
        return None
    radius = 500 * scene.m_per_px * float(np.median(sizes))
    turn = math.radians(FOOT_TURN_DEG)
    length = (scene.along_mm(ball, heel) + radius) * (1 + turn**2 / 2)
    return length, math.hypot(JOINT_MM, HEEL_MM, length * turn**2 / math.sqrt(2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tilt:
    """Tilt of the camera, positive when it looks down, and its standard error."""

    deg: float
    sd_deg: float


def camera_tilt(
    floor_px: PictureLine, *, optics: Optics, settings: StandingSettings
) -> Tilt | Reason:
    """Return how far a camera looks down, or why its picture is no use.

    Parameters
    ----------
    floor_px : tuple of float
        Both ends of the line on which the foot stands.
    optics : Optics
        The camera as it would be without tilt; its scale is known.
    settings : StandingSettings
        Spread of the tilt, and its limit.

    Returns
    -------
    Tilt or Reason
        A reason when the floor lies so high in the picture that the tilt is beyond
        its limit.

    Notes
    -----
    A level camera ``h`` above the floor sees the floor at a distance ``D`` by
    ``atan(h / D)`` below the middle of its picture, a camera that looks down by ``t``
    sees it higher by ``t``. The lens is above the floor, so ``t`` has a least value;
    mean and spread are those of a normal distribution of tilts cut off there. A
    camera that looks up is not told from one that stands higher.
    """
    seen = seen_below_deg(floor_px, optics)
    distance = optics.camera_distance_m
    if distance is None:
        return Tilt(deg=0.0, sd_deg=settings.foot_tilt_sd_deg)
    least = math.degrees(math.atan(LENS_LOWEST_M / distance)) - seen
    if least > settings.foot_tilt_max_deg:
        return reason("navicular_camera_down", angle=f"{least:.0f}")
    sd = settings.foot_tilt_sd_deg
    if not sd:
        return Tilt(deg=max(least, 0.0), sd_deg=0.0)
    cut = least / sd
    density = math.exp(-(cut**2) / 2) / math.sqrt(2 * math.pi)
    ratio = density / (math.erfc(cut / math.sqrt(2)) / 2)
    return Tilt(
        deg=sd * ratio, sd_deg=sd * math.sqrt(max(1 + cut * ratio - ratio**2, 0.0))
    )


def seen_below_deg(floor_px: PictureLine, optics: Optics) -> float:
    """Return how far below the middle of the picture the floor is seen, degrees."""
    x1, y1, x2, y2 = floor_px
    x = (x1 + x2 - optics.width_px) / 2
    y = (y1 + y2 - optics.height_px) / 2
    roll = math.radians(optics.roll.deg)
    down = x * math.sin(roll) + y * math.cos(roll)
    return math.degrees(math.atan(optics.looks_down(down)))
