"""From which side the camera sees the walk, found from the body itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.recording import View
from gaitkit.signal.upright import median_known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.signal.passes import WalkPass
    from gaitkit.signal.upright import Upright

FRONTAL_WIDTH = 0.5
"""Shoulders and hips this wide apart over the length of the trunk are seen from the
front or the back. From the side the ratio is 0.1 to 0.2 (the sway of pelvis and
shoulders), from the front 0.75 (shoulders 0.259 and hips 0.191 of stature over a
trunk of 0.288: Drillis & Contini 1966), so 0.5 is a heading of about 45 degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What the camera sees.

    Attributes
    ----------
    view : View or None
        None when nothing is seen, and in a laboratory.
    width_ratio : float
        Width of shoulders and hips over the length of the trunk; NaN when unseen.
    """

    view: View | None
    width_ratio: float

    @property
    def frontal(self) -> bool:
        """True when the person is seen from the front or the back."""
        return self.view in ("anterior", "posterior")


def find_view(walk: Upright, passes: Sequence[WalkPass]) -> Sight:
    """Return the view of a picture recording.

    Parameters
    ----------
    walk : Upright
        Clean keypoints in the picture.
    passes : sequence of WalkPass
        The longest decides between left and right.

    Returns
    -------
    Sight
        ``sagittal_left`` when the left side faces the camera: the person walks to the
        left of the picture. ``anterior`` when the left shoulder is on the right of
        the picture.
    """
    if not walk.planar:
        return Sight(view=None, width_ratio=float("nan"))
    ratio, left_is_right = _width(walk)
    if np.isfinite(ratio) and ratio > FRONTAL_WIDTH:
        return Sight(
            view="anterior" if left_is_right else "posterior", width_ratio=ratio
        )
    if not passes:
        return Sight(view=None, width_ratio=ratio)
    longest = max(passes, key=lambda each: each.duration_s)
    to_right = longest.direction[0] > 0
    view: View = "sagittal_right" if to_right else "sagittal_left"
    return Sight(view=view, width_ratio=ratio)


def _width(walk: Upright) -> tuple[float, bool]:
    """Return the median width over trunk length, and whether left is on the right."""
    if not walk.has("left_shoulder") or not walk.has("right_shoulder"):
        return float("nan"), False
    across = {
        part: walk.point(f"left_{part}")[:, 0] - walk.point(f"right_{part}")[:, 0]
        for part in ("shoulder", "hip")
    }
    trunk = np.linalg.norm(walk.middle("shoulder") - walk.middle("hip"), axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = (np.abs(across["shoulder"]) + np.abs(across["hip"])) / (2 * trunk)
    return median_known(ratio), median_known(across["shoulder"]) > 0
