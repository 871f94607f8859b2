"""Where a standing foot points: its keypoints, and what is usual."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gaitkit.measure.standing.camera import Optics, Roll
from gaitkit.measure.standing.rearfoot import (
    SHOWN,
    FootDirection,
    SeenFoot,
    seen_direction,
)
from gaitkit.model.side import Side
from gaitkit.model.standing import PicturePoint

USUAL = FootDirection(toe_out_deg=7.0, sd_deg=5.0)
BODY_PX = 1200.0
OPTICS = Optics(
    width_px=1080,
    height_px=1920,
    roll=Roll(deg=0.0, sd_deg=0.2, source="user"),
    m_per_px=None,
    scale_relative_sd=None,
    distance_m=None,
    tilt_sd_deg=1.0,
)


def heel(x_px: float = 540.0, side: Side = Side.RIGHT) -> PicturePoint:
    return PicturePoint(
        role="heel_lower",
        side=side,
        x_px=x_px,
        y_px=1700.0,
        sd_px=0.1,
        source="sticker",
    )


def keypoints_of(turned_deg: float, at: PicturePoint) -> SeenFoot:
    """Return keypoints as a foot shows them that is turned out so far."""
    out = -1.0 if at.side is Side.LEFT else 1.0
    aside = out * (SHOWN.slope * turned_deg + SHOWN.zero) * BODY_PX
    x = at.x_px + aside
    return SeenFoot(toes_x_px=x + 4.0, heel_x_px=x - 4.0, body_px=BODY_PX)


def test_what_is_seen_pulls_the_usual_direction_by_the_variances() -> None:
    found = seen_direction(
        keypoints_of(17.0, heel()), heel(), optics=OPTICS, usual=USUAL
    )
    seen_sd = SHOWN.sd / SHOWN.slope
    share = 25.0 / (25.0 + seen_sd**2)
    assert found.toe_out_deg == pytest.approx(7.0 + 10.0 * share)
    assert found.sd_deg == pytest.approx((1 / 25.0 + seen_sd**-2) ** -0.5)
    assert found.sd_deg < min(seen_sd, USUAL.sd_deg)


def test_left_and_right_feet_mirror_each_other() -> None:
    left, right = heel(440.0, Side.LEFT), heel(640.0, Side.RIGHT)
    one, other = (
        seen_direction(keypoints_of(12.0, at), at, optics=OPTICS, usual=USUAL)
        for at in (left, right)
    )
    assert one.toe_out_deg == pytest.approx(other.toe_out_deg)


def test_a_foot_beside_the_middle_is_seen_along_its_own_ray() -> None:
    sure = replace(USUAL, sd_deg=1000.0)
    at = heel(540.0 + OPTICS.focal_px * 0.1)
    found = seen_direction(keypoints_of(3.0, at), at, optics=OPTICS, usual=sure)
    assert found.toe_out_deg == pytest.approx(3.0 + 5.71, abs=0.01)
