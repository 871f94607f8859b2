"""Move the skin with the bones: linear blend skinning, each segment to its length.

A segment's rest frame has its up axis along the bone. Its points are stretched along
the bone so that joints lie exactly on the joints of the person, and scaled across by
the size of the body. Where several segments hold a vertex, their places are averaged by
weight; the skin is therefore a little thin in a strongly bent knee.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.side import Side
from gaitkit_virtual import body_shape as shape
from gaitkit_virtual.rearfoot import lean_in_foot
from gaitkit_virtual.rotations import Array, about_left

if TYPE_CHECKING:
    from gaitkit_virtual.body import Look
    from gaitkit_virtual.posed import Posed
    from gaitkit_virtual.skinned.mesh import RestBody

MOSTLY = 0.5
AVERAGE_GIRTH = 1.08
"""Girth of a look at which the mesh keeps its own build."""

FLANK_OVER_ASIS = 1.25
"""Breadth of the body at the height of the ASIS over the distance between them."""

NARROWEST = 0.9
SLICE_M = 0.02
HEAD_M = 0.228
"""Chin to top of a head of the drawn body, whose eyes and nose are the keypoints."""

_ENDS = {
    "thigh": ("upper-leg", "knee"),
    "shank": ("knee", "ankle"),
    "upper_arm": ("shoulder", "elbow"),
    "forearm": ("elbow", "hand"),
}
_KEYPOINT = {
    "upper-leg": "hip",
    "knee": "knee",
    "ankle": "ankle",
    "shoulder": "shoulder",
    "elbow": "elbow",
    "hand": "wrist",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    """Where a segment carries the rest points: a place per frame and a linear part."""

    origin: Array
    linear: Array
    rest: Array


class Skin:
    """The skin of a person over time.

    Parameters
    ----------
    posed : Posed
        The walk or stance.
    rest : RestBody
        The body at rest.
    look : Look
        Build (girth) and bare or shod feet.
    """

    def __init__(self, posed: Posed, rest: RestBody, look: Look) -> None:
        position = posed.keypoints["position"].transpose("keypoint", "time", "space")
        names = [str(name) for name in position["keypoint"].to_numpy()]
        self._point = dict(zip(names, position.to_numpy(), strict=True))
        frames = posed.segments.transpose("segment", "time", "axis", "direction")
        names = [str(name) for name in frames["segment"].to_numpy()]
        self._frame = dict(zip(names, frames.to_numpy(), strict=True))
        tilt = np.radians([posed.pelvic_tilt_deg])
        self._frame["pelvis"] = self._frame["pelvis"] @ about_left(-tilt)
        self._rest = rest
        self._size = posed.height_m / rest.height_m
        self._drawn = posed.height_m / shape.DRAWN_HEIGHT_M
        self._girth = look.girth / AVERAGE_GIRTH
        self._breadth = self._pelvis_breadth(posed)
        self._barefoot = look.barefoot
        self._moved = {"pelvis": self._pelvis(), "trunk": self._trunk()}
        self._moved["head"] = self._head()
        for side in Side:
            for part in _ENDS:
                self._moved[f"{side}_{part}"] = self._bone(side, part)
        self._feet = {side: self._foot_at_rest(side) for side in Side}

    def vertices(self, frame: int) -> Array:
        """Return the skin (vertices, 3) in a frame, in metres."""
        rest = self._rest
        total = np.zeros_like(rest.skin)
        for name, moved in self._moved.items():
            held = np.flatnonzero(rest.weights[name])
            local = rest.skin[held] - moved.rest
            place = moved.origin[frame] + local @ moved.linear[frame].T
            total[held] += rest.weights[name][held, None] * place
        for side in Side:
            self._add_foot(total, side, frame)
        return total

    def _add_foot(self, total: Array, side: Side, frame: int) -> None:
        rest, local = self._rest, self._feet[side]
        foot, toes = (self._frame[f"{side}_{part}"][frame] for part in ("foot", "toes"))
        ankle, ball = (
            self._point[f"{side}_{name}"][frame] for name in ("ankle", "mtp")
        )
        hinge = foot.T @ (ball - ankle)
        held = np.flatnonzero(rest.weights[f"{side}_foot"])
        points = local[held].copy()
        if self._barefoot:
            heel = self._frame[f"{side}_calcaneus"][frame]
            lean = float(np.tan(lean_in_foot(foot[None], heel[None]))[0])
            fading = np.clip(1 - points[:, 0] / hinge[0], 0, 1)
            points[:, 1] += lean * fading * points[:, 2]
        weights = rest.weights[f"{side}_foot"][held, None]
        total[held] += weights * (ankle + points @ foot.T)
        held = np.flatnonzero(rest.weights[f"{side}_toes"])
        weights = rest.weights[f"{side}_toes"][held, None]
        total[held] += weights * (ball + (local[held] - hinge) @ toes.T)

    def _foot_at_rest(self, side: Side) -> Array:
        """Return all rest points in the axes of a foot, already of the right size.

        Heel, toes and sole of the skin come to lie on those of the person.
        """
        rest = self._rest
        ankle, toe = (rest.joints[f"{side[0]}-{name}"] for name in ("ankle", "toe-2-1"))
        held = rest.weights[f"{side}_foot"] + rest.weights[f"{side}_toes"] > MOSTLY
        ahead = (toe - ankle) * (1, 1, 0)
        frame = _axes(np.array([0.0, 0.0, 1.0]), np.cross((0, 0, 1), ahead))
        local = (rest.skin - ankle) @ frame
        low, high = local[held].min(axis=0), local[held].max(axis=0)
        heel, tip, floor = self._foot_reach(side)
        scale = np.where(local[:, :1] < 0, heel / low[0], tip / high[0])
        across = np.full_like(scale, self._size)
        return np.asarray(
            local * np.hstack([scale, across, np.full_like(scale, floor / low[2])])
        )

    def _foot_reach(self, side: Side) -> tuple[float, float, float]:
        """Return heel, toe tip and sole from the ankle in the axes of the foot."""
        foot = self._frame[f"{side}_foot"]
        ankle = self._point[f"{side}_ankle"]
        heel, tip = (
            np.einsum("nji,nj->ni", foot, self._point[f"{side}_{name}"] - ankle)
            for name in ("heel_contact", "toe_contact")
        )
        # with the toes flat the tip is as far ahead as it ever is
        return float(heel[0, 0]), float(tip[:, 0].max()), float(heel[0, 2])

    def _pelvis(self) -> _Moved:
        rest = self._rest.joints
        size = self._size * self._girth
        return _Moved(
            origin=self._point["pelvis_center"],
            linear=self._frame["pelvis"] * np.array([size, self._breadth, self._size]),
            rest=(rest["l-upper-leg"] + rest["r-upper-leg"]) / 2,
        )

    def _pelvis_breadth(self, posed: Posed) -> float:
        """Return the scale that sets the flanks so far outside the two ASIS."""
        left, right = (
            posed.markers["position"].sel(keypoint=name).isel(time=0).to_numpy()
            for name in ("LASI", "RASI")
        )
        hips = self._point["pelvis_center"][0]
        above = ((left + right) / 2 - hips)[2] / self._size
        level = self._rest.joints["l-upper-leg"][2] + above
        near = np.abs(self._rest.skin[:, 2] - level) < SLICE_M
        near &= self._rest.weights["pelvis"] + self._rest.weights["trunk"] > MOSTLY
        half = np.abs(self._rest.skin[near, 1]).max()
        wanted = FLANK_OVER_ASIS * np.linalg.norm(left - right) / 2
        return float(max(wanted / half, NARROWEST * self._size))

    def _trunk(self) -> _Moved:
        rest = self._rest.joints
        low = (rest["l-upper-leg"] + rest["r-upper-leg"]) / 2
        high = (rest["l-shoulder"] + rest["r-shoulder"]) / 2
        below, above = self._point["pelvis_center"], self._point["chest"]
        up = (above - below) / np.linalg.norm(above - below, axis=1)[:, None]
        longer = np.linalg.norm(above - below, axis=1)[0] / (high - low)[2]
        own = self._point["left_shoulder"] - self._point["right_shoulder"]
        width = np.linalg.norm(own, axis=1)[0]
        across = width / np.linalg.norm(rest["l-shoulder"] - rest["r-shoulder"])
        frame = self._frame["trunk"]
        size = self._size * self._girth
        return _Moved(
            origin=below,
            linear=_frames(up, frame[:, :, 1]) * np.array([size, across, longer]),
            rest=np.array([high[0], 0.0, low[2]]),
        )

    def _head(self) -> _Moved:
        rest = self._rest.joints
        size = HEAD_M * self._drawn / (rest["top"] - rest["head_base"])[2]
        return _Moved(
            origin=self._point["head_base"],
            linear=self._frame["head"] * size,
            rest=rest["head_base"],
        )

    def _bone(self, side: Side, part: str) -> _Moved:
        ends = _ENDS[part]
        top, end = (self._rest.joints[f"{side[0]}-{name}"] for name in ends)
        upper, lower = (self._point[f"{side}_{_KEYPOINT[name]}"] for name in ends)
        at_rest = _axes(top - end, np.array([0.0, 1.0, 0.0]))
        along = upper - lower
        length = np.linalg.norm(along, axis=1)
        now = _frames(along / length[:, None], self._frame[f"{side}_{part}"][:, :, 1])
        size = self._size * self._girth
        stretch = np.array([size, size, length[0] / np.linalg.norm(top - end)])
        return _Moved(origin=upper, linear=(now * stretch) @ at_rest.T, rest=top)


def _axes(up: Array, left: Array) -> Array:
    """Return forward, left, up as columns (3, 3), the up axis kept."""
    return np.asarray(_frames(up[None], left[None])[0])


def _frames(up: Array, left: Array) -> Array:
    up = up / np.linalg.norm(up, axis=1)[:, None]
    aside = left - (left * up).sum(axis=1)[:, None] * up
    aside = aside / np.linalg.norm(aside, axis=1)[:, None]
    return np.stack([np.cross(aside, up), aside, up], axis=2)
