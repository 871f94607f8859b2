"""How much higher the left one of two points stands.

The roll of the camera is taken out; the scale is that of the person's plane. A person
who is turned has one side nearer to the camera; a camera above or below the points
then sees it lower or higher. A known turn is corrected, an unknown one widens the
error.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from gaitkit.model.side import Side
from gaitkit.model.standing import HeightLine

if TYPE_CHECKING:
    from gaitkit.measure.standing.camera import Optics
    from gaitkit.model.standing import PicturePoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Turn of the person out of the picture plane, to the person's left positive."""

    deg: float
    sd_deg: float
    view: Literal["posterior", "anterior"]

    @property
    def nearness(self) -> int:
        """Sign with which a turn to the left takes the left side away: 1 or -1."""
        return -1 if self.view == "posterior" else 1


def height_line(
    left: PicturePoint, right: PicturePoint, *, optics: Optics, turn: Turn
) -> HeightLine:
    """Return the line from the right to the left point of a pair.

    Parameters
    ----------
    left, right : PicturePoint
        A pair of one role.
    optics : Optics
        The camera.
    turn : Turn
        Turn of the person.

    Returns
    -------
    HeightLine
        The error holds that of the points, of the roll, of the unknown turn and of
        the scale; not that of a sticker which lies beside its bone.

    Notes
    -----
    With ``w`` the distance of the points, ``e`` the angle at which they are seen from
    above and ``t`` the turn, the far side is seen higher by ``w sin(t) tan(e)``.

    Raises
    ------
    ValueError
        If the points are not the left and the right one of one role.
    """
    if (left.side, right.side) != (Side.LEFT, Side.RIGHT) or left.role != right.role:
        msg = f"expected a left and a right point of one role, got {left} and {right}"
        raise ValueError(msg)
    one, other = optics.upright(left), optics.upright(right)
    width = max(abs(float(one[0] - other[0])), 1.0)
    above = optics.looks_down(float(one[1] + other[1]) / 2)
    farther = turn.nearness * width * math.sin(math.radians(turn.deg))
    higher = float(other[1] - one[1]) - farther * above
    unsure = math.hypot(above, math.radians(optics.tilt_sd_deg))
    turned = width * math.radians(turn.sd_deg) * unsure
    rolled = width * math.radians(optics.roll.sd_deg)
    sd = math.sqrt(left.sd_px**2 + right.sd_px**2 + turned**2 + rolled**2)
    scale, scale_sd = optics.m_per_px, optics.scale_relative_sd
    return HeightLine(
        role=left.role,
        left=left,
        right=right,
        angle_deg=math.degrees(math.atan2(higher, width)),
        angle_sd_deg=math.degrees(sd / width),
        difference_mm=None if scale is None else 1000 * higher * scale,
        sd_mm=(
            1000 * scale * math.hypot(sd, higher * scale_sd)
            if scale is not None and scale_sd is not None
            else None
        ),
        mm_per_px=None if scale is None else 1000 * scale,
    )


def width_mm(line: HeightLine, optics: Optics) -> float | None:
    """Return the distance of the two points in the picture, None without a scale."""
    if optics.m_per_px is None:
        return None
    apart = optics.upright(line.left) - optics.upright(line.right)
    return 1000 * optics.m_per_px * float(np.linalg.norm(apart))


def trunk_lean_deg(
    hips: tuple[PicturePoint, PicturePoint],
    shoulders: tuple[PicturePoint, PicturePoint],
    *,
    optics: Optics,
) -> float:
    """Return the lean of the trunk to the person's left in the picture plane, degrees.

    Parameters
    ----------
    hips, shoulders : pair of PicturePoint
        Left and right.
    optics : Optics
        The camera, whose roll is taken out.
    """
    low, high = (
        np.array([optics.upright(point) for point in pair])
        for pair in (hips, shoulders)
    )
    across, down = high.mean(axis=0) - low.mean(axis=0)
    # the left hip is on the left of the picture when seen from behind
    to_left = -across if low[0, 0] < low[1, 0] else across
    return math.degrees(math.atan2(float(to_left), -float(down)))


def mean_point(points: list[PicturePoint]) -> PicturePoint:
    """Return the mean of one point over several frames.

    The standard error is the larger of the stated one over the root of the number of
    frames and the spread between frames over that root; never below half the stated
    one, because frames share light and lens.
    """
    first, count = points[0], len(points)
    places = np.array([(p.x_px, p.y_px) for p in points])
    stated = float(np.mean([p.sd_px for p in points]))
    spread = float(places.std(axis=0, ddof=1).mean()) if count > 1 else stated
    sd = max(stated / 2, max(stated, spread) / math.sqrt(count))
    return type(first)(
        role=first.role,
        side=first.side,
        x_px=float(places[:, 0].mean()),
        y_px=float(places[:, 1].mean()),
        sd_px=stated if count == 1 else sd,
        source=first.source,
    )
