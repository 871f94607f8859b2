"""The body of somebody who stands: keypoints of the picture and of its mirror image.

The network is not symmetric: it draws one hip higher than the other in everybody. The
mean over the picture and the mirrored picture has no such bias.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.keypoints import BLAZEPOSE
from gaitkit.pose.meeting import same_place
from gaitkit.pose.region import Region, search_windows

if TYPE_CHECKING:
    from gaitkit.pose.backend import Pose, PoseBackend
    from gaitkit.pose.stickers.roles import FrontalView

SMALLEST_SHARE = 0.15
"""Height of a body over that of the picture below which nobody is meant."""

TURNS = 2
"""Looks at a body, each in the region that the one before gave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingBody:
    """One standing body in one picture.

    Attributes
    ----------
    points : array (33, 2)
        Keypoints as ``BLAZEPOSE``, pixels; mean of both answers.
    confidence : array (33,)
        0 to 1, the lesser of both; 0 beyond the border of the picture.
    world : array (33, 3)
        Metres as the network thinks of an average body.
    region : Region
        Where it is.
    """

    points: np.ndarray
    confidence: np.ndarray
    world: np.ndarray
    region: Region

    def point(self, name: str) -> np.ndarray:
        """Return one keypoint (2,), pixels."""
        return np.asarray(self.points[BLAZEPOSE.index(name)])

    def pair(self, name: str) -> np.ndarray:
        """Return the left and right keypoint (2, 2) of a name."""
        return np.stack([self.point(f"{side}_{name}") for side in ("left", "right")])

    def world_pair(self, name: str) -> np.ndarray:
        """Return the left and right place (2, 3) of a name as the network thinks."""
        rows = [BLAZEPOSE.index(f"{side}_{name}") for side in ("left", "right")]
        return np.asarray(self.world[rows])

    def sure_of(self, name: str) -> float:
        """Return the lesser confidence of the left and right keypoint of a name."""
        rows = [BLAZEPOSE.index(f"{side}_{name}") for side in ("left", "right")]
        return float(self.confidence[rows].min())

    @property
    def height_px(self) -> float:
        """Ears to heels, pixels along the picture's vertical."""
        return float(self.pair("heel")[:, 1].mean() - self.pair("ear")[:, 1].mean())

    @property
    def seen_as(self) -> FrontalView:
        """From where the network thinks that it sees the body."""
        left, right = self.pair("hip") + self.pair("shoulder")
        return "posterior" if left[0] < right[0] else "anterior"

    @property
    def width_share(self) -> float:
        """Distance of the shoulders over that from shoulders to hips."""
        shoulders, hips = self.pair("shoulder"), self.pair("hip")
        trunk = np.linalg.norm(shoulders.mean(axis=0) - hips.mean(axis=0))
        across = np.linalg.norm(shoulders[0] - shoulders[1])
        return float(across) / max(float(trunk), 1.0)


def bodies_in(image: np.ndarray, backend: PoseBackend) -> tuple[StandingBody, ...]:
    """Find everybody in a picture who may be the one who stands for it.

    Parameters
    ----------
    image : array (height, width, 3) of uint8
        RGB.
    backend : PoseBackend
        The networks.

    Returns
    -------
    tuple of StandingBody
        Largest first.
    """
    height, width = image.shape[:2]
    poses: list[Pose] = []
    for window in search_windows(width, height):
        for region in window.find(backend, image):
            pose = _settled(image, region, backend)
            if pose is not None and not any(same_place(pose, p) for p in poses):
                poses.append(pose)
    bodies = [body_at(image, pose.region, backend) for pose in poses]
    known = [
        b for b in bodies if b is not None and b.height_px > SMALLEST_SHARE * height
    ]
    return tuple(sorted(known, key=lambda body: -body.height_px))


def body_at(
    image: np.ndarray, region: Region, backend: PoseBackend
) -> StandingBody | None:
    """Return the body in a region, None when nobody is there.

    Notes
    -----
    The mirrored picture is looked at in the mirrored region; its left keypoints are
    the right ones of the picture.
    """
    width = image.shape[1]
    plain = _settled(image, region, backend)
    if plain is None:
        return None
    turned = replace(
        plain.region, x=width - 1 - plain.region.x, rotation=-plain.region.rotation
    )
    mirror = backend.look(np.ascontiguousarray(image[:, ::-1]), turned)
    plain = backend.look(image, plain.region)
    if mirror is None or plain is None:
        return None
    order = _partners()
    points = mirror.points[order].astype(float)
    points[:, 0] = width - 1 - points[:, 0]
    world = mirror.world[order].astype(float)
    world[:, 0] = -world[:, 0]
    return StandingBody(
        points=(plain.points + points) / 2,
        confidence=np.minimum(plain.confidence, mirror.confidence[order]),
        world=(plain.world + world) / 2,
        region=plain.region,
    )


def _settled(image: np.ndarray, region: Region, backend: PoseBackend) -> Pose | None:
    pose: Pose | None = None
    for _ in range(TURNS):
        pose = backend.look(image, region)
        if pose is None:
            return None
        region = pose.region
    return pose


@cache
def _partners() -> np.ndarray:
    """Return for each keypoint the number of its partner on the other side."""
    names = list(BLAZEPOSE)
    swapped = [
        n.replace("left", "?").replace("right", "left").replace("?", "right")
        for n in names
    ]
    return np.array([names.index(name) for name in swapped])
