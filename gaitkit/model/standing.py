"""What pictures of a standing person gave: points, pelvis line, block test, rearfoot.

Picture coordinates are pixels, x to the right and y down from the upper left corner.
Heights and differences are left minus right of the person, in millimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from gaitkit.model.reason import Reason
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from gaitkit.model.recording import View

PointSource = Literal["sticker", "landmark", "corrected"]
PointRole = Literal[
    "shoulder",
    "asis",
    "psis",
    "hip",
    "knee",
    "calf_upper",
    "calf_lower",
    "heel_upper",
    "heel_lower",
    "malleolus_medial",
    "malleolus_lateral",
    "ankle",
    "navicular",
    "metatarsal_1",
    "heel_back",
]
PelvisLine = Literal["asis", "psis"]
Posture = Literal["standing", "seated"]
FootLoad = Literal["loaded", "unloaded"]
MEDIAL_VIEW: dict[Side, View] = {
    Side.LEFT: "sagittal_right",
    Side.RIGHT: "sagittal_left",
}
"""Side of the person from which the inner side of a foot is seen."""

RollSource = Literal["plumb_line", "floor_line", "user", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PicturePoint:
    """A point of the body in a picture.

    Attributes
    ----------
    role, side
        Which point. ``calf_upper`` and ``calf_lower`` are the midline of the lower
        third of the calf and the Achilles tendon; ``heel_upper`` and ``heel_lower``
        the midline of the calcaneus. ``metatarsal_1`` is the inner side of the first
        metatarsophalangeal joint, ``heel_back`` the inner side of the heel with the
        edge of the sticker at its back.
    x_px, y_px : float
        Where.
    sd_px : float
        Standard error of either coordinate.
    source : {"sticker", "landmark", "corrected"}
        Found sticker, pose model, or put right by hand.
    """

    role: PointRole
    side: Side
    x_px: float
    y_px: float
    sd_px: float
    source: PointSource


@dataclass(frozen=True, slots=True, kw_only=True)
class HeightLine:
    """A left and a right point and how much higher the left one stands.

    Attributes
    ----------
    role : str
        ``psis``, ``asis``, ``hip``, ``knee``, ``ankle``, ...
    left, right : PicturePoint
        Mean over the frames.
    difference_mm, sd_mm : float or None
        Height of left less right after roll and perspective were taken out; None
        without a scale.
    angle_deg, angle_sd_deg : float
        Slope of the line, left side up positive.
    mm_per_px : float or None
        Scale with which the difference was computed.
    """

    role: PointRole
    left: PicturePoint
    right: PicturePoint
    angle_deg: float
    angle_sd_deg: float
    difference_mm: float | None = None
    sd_mm: float | None = None
    mm_per_px: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RearfootStanding:
    """Calcaneus against the lower leg of one standing foot, eversion positive."""

    side: Side
    angle_deg: float
    sd_deg: float
    points: tuple[PicturePoint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NavicularStanding:
    """Height of the navicular tuberosity of one foot above the floor.

    Attributes
    ----------
    side : Side
        Which foot.
    load : {"loaded", "unloaded"}
        Standing, or sitting with the foot on the floor.
    height_mm, sd_mm : float
        Height of the bone and its standard error.
    own_sd_mm : float
        Part of the error that another picture of the same foot does not share.
    behind_mm, scale_mm, focal_mm : float
        How far the height moves when the floor line lies one standard error farther
        behind the sticker, when the stickers are one standard error larger, and when
        the focal length is one standard error longer: pictures of the same foot share
        them.
    tilt_mm : float
        How far the height moves when the camera looks down by one standard error.
    tilt_sd_deg : float
        That standard error.
    below_deg : float
        How far below the middle of the picture the floor is seen: pictures in which
        it differs were not taken with the same tilt.
    sticker : PicturePoint
        The navicular in the picture.
    floor_px : tuple of float
        x and y of the point of the floor line below it.
    truncated_mm, truncated_sd_mm : float or None
        Back of the heel to the first metatarsophalangeal joint; None without both
        stickers.
    """

    side: Side
    load: FootLoad
    height_mm: float
    sd_mm: float
    own_sd_mm: float
    behind_mm: float
    scale_mm: float
    focal_mm: float
    tilt_mm: float
    tilt_sd_deg: float
    below_deg: float
    sticker: PicturePoint
    floor_px: tuple[float, float]
    truncated_mm: float | None = None
    truncated_sd_mm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StancePicture:
    """One picture or short clip of a standing person.

    Attributes
    ----------
    picture : array (rows, columns, 3) uint8
        RGB, the frame that is shown in the report.
    frames : int
        Frames that were averaged.
    points : tuple of PicturePoint
        Everything found.
    lines : tuple of HeightLine
        Pelvis, knees, ankles, each from its best source.
    rearfeet : tuple of RearfootStanding
        Where the stickers allow it.
    naviculars : tuple of NavicularStanding
        Of a picture of one foot from its inner side.
    trunk_lean_deg : float or None
        Lean of the line from the hips to the shoulders of the pose model to the
        person's left, the roll of the camera taken out; None without a body.
    roll_deg, roll_sd_deg : float
        Camera roll that was taken out; the picture's floor rises to the right when
        positive.
    roll_source : str
        Where it is known from.
    yaw_deg, yaw_sd_deg : float or None
        Turn of the person out of the picture plane; positive to the person's left.
    distance_m : float or None
        Camera to person.
    block_side, block_height_mm
        Block under a foot.
    posture : {"standing", "seated"}
        Seated: on a hard level seat, with the feet free of load.
    """

    picture: npt.NDArray[np.uint8]
    frames: int
    points: tuple[PicturePoint, ...]
    lines: tuple[HeightLine, ...]
    rearfeet: tuple[RearfootStanding, ...] = ()
    naviculars: tuple[NavicularStanding, ...] = ()
    trunk_lean_deg: float | None = None
    roll_deg: float = 0.0
    roll_sd_deg: float = 0.0
    roll_source: RollSource = "none"
    yaw_deg: float | None = None
    yaw_sd_deg: float | None = None
    distance_m: float | None = None
    block_side: Side | None = None
    block_height_mm: float | None = None
    posture: Posture = "standing"


@dataclass(frozen=True, slots=True, kw_only=True)
class PelvisTilt:
    """What one picture shows of the pelvis, for the estimate of the leg length.

    Attributes
    ----------
    recording : str
        Id of the recording.
    line : {"asis", "psis"}
        Which stickers; pictures from the front and from behind are not interchangeable.
    tilt_mm, sd_mm : float
        Height of the left side less the right one, brought to the distance of the hip
        joints, and the error of reading it.
    block_mm : float
        Block under the right foot; negative under the left one.
    seated : bool
        True when the patient sits: the legs then do not show.
    roll_mm : float
        What an unknown roll of the camera adds to every picture of the visit.
    """

    recording: str
    line: PelvisLine
    tilt_mm: float
    sd_mm: float
    block_mm: float = 0.0
    seated: bool = False
    roll_mm: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockPoint:
    """One picture of a block test.

    Attributes
    ----------
    recording : str
        Id of the recording.
    block_mm : float
        Height under the right foot; negative under the left one.
    tilt_mm, sd_mm : float
        Height of the left side of the pelvis less the right one, as the source shows
        it, and its error.
    """

    recording: str
    block_mm: float
    tilt_mm: float
    sd_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockLine:
    """Pelvis tilt against block height of one person.

    Attributes
    ----------
    source : {"sticker", "landmark"}
        What the pelvis line was read from.
    points : tuple of BlockPoint
        The pictures.
    slope, slope_sd : float
        Change of the shown tilt for each millimetre of block; -1 for points that
        follow the bones.
    zero_mm, zero_sd_mm : float
        Tilt without a block on the line.
    levelling_mm, low_mm, high_mm, sd_mm : float or None
        Block height under the right foot that levels the pelvis (positive when the
        left leg is longer) and its 95 % interval; None when it cannot be told.
    evidence_mm, evidence_sd_mm : float or None
        Of landmarks: what the pictures alone say of it, as a value with a normal
        error. The levelling height then holds what is usual among people as well.
    reason : Reason or None
        Why not, or which block is needed next.
    unconfirmed : bool
        True when a correction rests on virtual patients alone.
    """

    source: Literal["sticker", "landmark"]
    points: tuple[BlockPoint, ...]
    slope: float
    slope_sd: float
    zero_mm: float
    zero_sd_mm: float
    levelling_mm: float | None = None
    low_mm: float | None = None
    high_mm: float | None = None
    sd_mm: float | None = None
    evidence_mm: float | None = None
    evidence_sd_mm: float | None = None
    reason: Reason | None = None
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RearfootCurve:
    """Rearfoot angle of one side over stance, eversion positive, from stickers.

    Attributes
    ----------
    percent : tuple of float
        Percent of stance.
    mean_deg, spread_deg : tuple of float
        Mean over steps and standard deviation between them; NaN where no sticker
        was in view.
    sd_deg : float
        Error that averaging steps does not remove (projection, yaw).
    n : int
        Steps.
    valid_to_pct : float
        After heel-off the stickers foreshorten; the curve means nothing beyond.
    """

    side: Side
    percent: tuple[float, ...]
    mean_deg: tuple[float, ...]
    spread_deg: tuple[float, ...]
    sd_deg: float
    n: int
    valid_to_pct: float
