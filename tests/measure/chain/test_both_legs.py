"""What is seen of one leg tells of the other, because they are one person's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gaitkit.gait.stickers.shape import DepthAxis, LegShape
from gaitkit.gait.stickers.walk import alike
from gaitkit.model.side import Side

USUAL = LegShape()
CALF_SD = float(np.hypot(USUAL.calf_back_sd_deg, USUAL.shank_sd_deg))


def fitted(heel_deg: float, heel_sd_deg: float) -> LegShape:
    """Return a leg of which only the lean of the heel was seen."""
    return replace(
        USUAL,
        heel_forward_deg=heel_deg,
        depth_axes=(
            DepthAxis(calf_deg=CALF_SD, heel_deg=0.0, gain=0.0),
            DepthAxis(calf_deg=0.0, heel_deg=heel_sd_deg, gain=0.0),
            DepthAxis(calf_deg=0.0, heel_deg=0.0, gain=USUAL.shank_gain_sd),
        ),
    )


def heel_sd(shape: LegShape) -> float:
    return float(np.hypot.reduce([axis.heel_deg for axis in shape.depth_axes]))


def test_a_leg_that_was_hardly_seen_follows_the_one_that_was() -> None:
    sure = fitted(USUAL.heel_forward_deg + 6.0, 1.0)
    unsure = fitted(USUAL.heel_forward_deg, 0.999 * USUAL.heel_forward_sd_deg)
    found = alike({Side.LEFT: sure, Side.RIGHT: unsure}, USUAL)
    moved = found[Side.RIGHT].heel_forward_deg - USUAL.heel_forward_deg
    assert moved == pytest.approx(0.8 * 6.0, abs=0.1)
    assert heel_sd(found[Side.RIGHT]) < heel_sd(unsure)
    assert found[Side.LEFT].heel_forward_deg == pytest.approx(
        sure.heel_forward_deg, abs=0.1
    )


def test_two_legs_seen_alike_are_surer_than_one() -> None:
    one = fitted(USUAL.heel_forward_deg + 3.0, 2.5)
    found = alike({Side.LEFT: one, Side.RIGHT: one}, USUAL)
    assert heel_sd(found[Side.LEFT]) < heel_sd(one)
    assert found[Side.LEFT].heel_forward_deg > one.heel_forward_deg


def test_what_was_not_seen_stays_as_usual() -> None:
    one = fitted(USUAL.heel_forward_deg + 3.0, 2.5)
    found = alike({Side.LEFT: one, Side.RIGHT: one}, USUAL)[Side.LEFT]
    assert found.calf_back_deg == pytest.approx(USUAL.calf_back_deg)
    assert found.shank_gain == pytest.approx(USUAL.shank_gain)


def test_a_leg_without_its_other_stays_as_it_was() -> None:
    alone = {Side.LEFT: fitted(9.0, 2.0)}
    assert alike(alone, USUAL) == alone
    unfitted = {Side.LEFT: fitted(9.0, 2.0), Side.RIGHT: USUAL}
    assert alike(unfitted, USUAL) == unfitted
