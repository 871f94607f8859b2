"""How stickers lie in depth is read from how their lines shorten on the way."""

from __future__ import annotations

import numpy as np
import pytest
from sticker_walks import Scene, film_stickers

from gaitkit.gait.stickers.depth import fitted_depth
from gaitkit.gait.stickers.paths import LegStickers, leg_stickers
from gaitkit.gait.stickers.settings import StickerWalkSettings
from gaitkit.gait.stickers.shape import LegShape
from gaitkit.gait.stickers.sight import Lens
from gaitkit.gait.stickers.stance import StickerStance, sticker_stances
from gaitkit.model.side import Side

LENS = Lens(focal_px=1500.0, middle_px=(540.0, 960.0))
TRUE_APART_DEG = 7.8 + 15.4
"""Heel forward and calf back of the stickers of `sticker_walks`, together."""


@pytest.fixture(scope="module")
def left() -> tuple[LegStickers, tuple[StickerStance, ...]]:
    walk = film_stickers(Scene(noise_px=0.1, seed=3))
    leg = leg_stickers(walk.stickers, Side.LEFT)
    assert leg is not None
    return leg, sticker_stances(leg, Side.LEFT, settings=StickerWalkSettings())


def apart(shape: LegShape) -> float:
    return shape.heel_forward_deg + shape.calf_back_deg


@pytest.mark.parametrize(("heel", "calf"), [(8.0, 9.0), (22.0, 15.0)])
def test_wrong_assumptions_are_pulled_towards_the_truth(
    left: tuple[LegStickers, tuple[StickerStance, ...]], heel: float, calf: float
) -> None:
    usual = LegShape(heel_forward_deg=heel, calf_back_deg=calf)
    found = fitted_depth(*left, lens=LENS, shape=usual)
    before = abs(apart(usual) - TRUE_APART_DEG)
    assert abs(apart(found) - TRUE_APART_DEG) < 0.8 * before


def test_what_is_left_open_is_less_than_before_and_told_by_three_axes(
    left: tuple[LegStickers, tuple[StickerStance, ...]],
) -> None:
    usual = LegShape()
    found = fitted_depth(*left, lens=LENS, shape=usual)
    assert len(found.depth_axes) == 3
    open_deg = np.hypot.reduce([a.heel_deg + a.calf_deg for a in found.depth_axes])
    calf_sd = np.hypot(usual.calf_back_sd_deg, usual.shank_sd_deg)
    assert 0.0 < open_deg < np.hypot(usual.heel_forward_sd_deg, calf_sd)


def test_one_step_tells_nothing(
    left: tuple[LegStickers, tuple[StickerStance, ...]],
) -> None:
    leg, steps = left
    usual = LegShape()
    assert fitted_depth(leg, steps[:1], lens=LENS, shape=usual) == usual
