"""Which bodies belong to one person.

Who is hidden for a moment, or leaves the picture and comes back, is two bodies. They
are put together where place, size and clothes agree; where they do not, they stay two
people, because a mixture of two people is worse than a part of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.keypoints import BLAZEPOSE
from gaitkit.pose.body import Body
from gaitkit.pose.look import OTHER_CLOTHES, difference

if TYPE_CHECKING:
    from gaitkit.pose.backend import Pose
    from gaitkit.pose.frames import Clip
    from gaitkit.pose.look import Portrait

SEEN_MIN_S = 0.5
"""A body seen for a shorter time is not a person, but a mistake of the detector."""

TRUNK_RATIO = (0.15, 0.6)
"""Distance of hips and shoulders over the body length, of somebody who stands or
walks (0.29 of the height, Winter 2009). The foot of a table that the detector took
for a body has 0.03."""

UPRIGHT_MIN = 0.2
"""Fraction of frames in which a person's shoulders are above the hips at least."""

REJOIN_S = 20.0
"""Seconds after which somebody who comes back counts as somebody else."""

REJOIN_DISTANCE = 0.75
"""Body lengths between the places of leaving and of coming back."""

HIDDEN_S = 1.0
"""Seconds behind an obstacle in which a walk is taken to go on."""

WALKING_SPEED = 1.5
"""Body lengths per second of that walk at most: 2.5 m/s for an adult."""

REJOIN_SIZE = 1.6
"""Ratio of sizes at leaving and coming back."""

SAME_CLOTHES = 6.0
"""Colour difference (CIE 1976) up to which clothes are the same after a while: on
``sports2d_demo.mp4`` 1 to 5 between the halves of a track, 7 to 10 between the man
and the woman, both darkly dressed."""

_HIPS = [BLAZEPOSE.index(f"{side}_hip") for side in ("left", "right")]
_SHOULDERS = [BLAZEPOSE.index(f"{side}_shoulder") for side in ("left", "right")]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Person:
    """The bodies of one person, in order of time and without overlap."""

    bodies: tuple[Body, ...]

    def poses(self) -> dict[int, Pose]:
        """Return all poses by frame, in order."""
        every = {f: pose for body in self.bodies for f, pose in body.poses.items()}
        return dict(sorted(every.items()))

    def frames_at(self, x: float, y: float) -> int:
        """Return in how many frames a pixel lies in the box around the keypoints."""
        points = np.array([pose.points for pose in self.poses().values()])
        low, high = points.min(axis=1), points.max(axis=1)
        place = np.array([x, y])
        return int(((low <= place) & (place <= high)).all(axis=1).sum())

    @property
    def portrait(self) -> Portrait:
        """The best portrait."""
        known = [b.portrait for b in self.bodies if b.portrait is not None]
        return max(known, key=lambda portrait: portrait.quality)

    @property
    def leaps(self) -> int:
        """Times that the network leapt to another body."""
        return sum(body.leaps for body in self.bodies)


def people_of(bodies: list[Body], clip: Clip) -> list[Person]:
    """Put the bodies of each person together.

    Parameters
    ----------
    bodies : list of Body
        Fragments, by their first frame.
    clip : Clip
        The clock.

    Returns
    -------
    list of Person
        In order of appearance; whoever is seen for less than half a second is left
        out.
    """
    groups: list[list[Body]] = []
    for body in bodies:
        seen_s = clip.time_s[body.last] - clip.time_s[body.first]
        if seen_s < SEEN_MIN_S or not _is_human(body):
            continue
        earlier = [group for group in groups if _comes_back(group, body, clip)]
        if earlier:
            max(earlier, key=lambda group: group[-1].last).append(body)
        else:
            groups.append([body])
    return [Person(bodies=tuple(group)) for group in groups]


def _is_human(body: Body) -> bool:
    """Say whether the shape is that of somebody who stands or walks."""
    points = np.array([pose.points for pose in body.poses.values()])
    lengths = np.array([body.length_px(frame) for frame in body.poses])
    trunk = points[:, _SHOULDERS].mean(axis=1) - points[:, _HIPS].mean(axis=1)
    low, high = TRUNK_RATIO
    ratio = float(np.median(np.linalg.norm(trunk, axis=1) / lengths))
    return low < ratio < high and float(np.mean(trunk[:, 1] < 0)) >= UPRIGHT_MIN


def _comes_back(group: list[Body], body: Body, clip: Clip) -> bool:
    """Say whether a body is the person of an earlier group."""
    before = group[-1]
    gap_s = float(clip.time_s[body.first] - clip.time_s[before.last])
    if not 0 < gap_s <= REJOIN_S:
        return False
    left, back = before.poses[before.last].region, body.poses[body.first].region
    reach = REJOIN_DISTANCE + WALKING_SPEED * (gap_s if gap_s <= HIDDEN_S else 0.0)
    apart = np.hypot(left.x - back.x, left.y - back.y)
    if apart > reach * before.length_px(before.last):
        return False
    if not 1 / REJOIN_SIZE < left.size / back.size < REJOIN_SIZE:
        return False
    limit = OTHER_CLOTHES if gap_s <= HIDDEN_S else SAME_CLOTHES
    known = [colour for member in group for colour in member.colours]
    return difference(known, body.colours) <= limit
