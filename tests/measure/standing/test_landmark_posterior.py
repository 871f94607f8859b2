"""Hips of a pose model: what they say, with an interval that holds, or nothing."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from gaitkit.measure.leg_length.likelihood import reading_log
from gaitkit.measure.leg_length.methods import GrossErrors
from gaitkit.measure.leg_length.posterior import Belief, after
from gaitkit.measure.standing.block_test import LineModel
from gaitkit.measure.standing.camera import Optics, Roll
from gaitkit.measure.standing.heights import trunk_lean_deg
from gaitkit.measure.standing.landmark_line import landmark_line
from gaitkit.measure.standing.landmarks import landmark_posterior, landmark_slope
from gaitkit.measure.standing.result import block_rows
from gaitkit.model.side import Side
from gaitkit.model.standing import BlockPoint, HeightLine, PicturePoint

SLOPE, SLOPE_SD, ZERO_SD, CHANCE = 0.18, 0.05, 0.7, 1.4
MODEL = LineModel(
    slope=-SLOPE,
    slope_sd=SLOPE_SD,
    zero_sd_mm=ZERO_SD,
    zero_mm=0.5,
    chance_mm=CHANCE,
    half_width_max_mm=math.inf,
    unconfirmed=True,
)
SURE = LineModel(
    slope=-0.5,
    slope_sd=0.001,
    zero_sd_mm=1.0,
    zero_mm=0.0,
    chance_mm=1.5,
    half_width_max_mm=math.inf,
    unconfirmed=True,
)


def pictures(tilts: dict[float, float]) -> tuple[BlockPoint, ...]:
    return tuple(
        BlockPoint(recording=f"block_{n}", block_mm=block, tilt_mm=tilt, sd_mm=0.1)
        for n, (block, tilt) in enumerate(tilts.items())
    )


def weighed(value_mm: float, sd_mm: float) -> Belief:
    never = GrossErrors(share=0.0, times=1.0, least_mm=0.0)
    return after("clinic", reading_log(value_mm, sd_mm, never))


def test_with_a_slope_that_is_known_the_answer_is_that_of_normals() -> None:
    """zero and chance over the slope are the error of a plain normal measurement."""
    belief = landmark_posterior(pictures({0.0: 4.0}), model=SURE)
    error = math.hypot(1.0, math.hypot(1.5, 0.1)) / 0.5
    assert belief.evidence_mm == pytest.approx(8.0, abs=0.05)
    assert belief.evidence_sd_mm == pytest.approx(error, rel=0.01)
    plain = weighed(8.0, error)
    low, high = plain.interval_mm
    assert belief.low_mm == pytest.approx(low, abs=0.3)
    assert belief.high_mm == pytest.approx(high, abs=0.3)


def test_legs_that_show_less_than_blocks_are_told_apart_from_them() -> None:
    """A block of 8 mm levels somebody whose shown tilt says 8 / 0.8 mm of legs."""
    tilts = {b: 0.5 * (8.0 - b) for b in (-10.0, 0.0, 10.0, 20.0)}
    told = replace(SURE, zero_sd_mm=0.2, chance_mm=0.2)
    alike = landmark_posterior(pictures(tilts), model=told)
    less = landmark_posterior(pictures(tilts), model=replace(told, of_legs=0.8))
    assert alike.evidence_mm == pytest.approx(8.0, abs=0.05)
    assert less.evidence_mm == pytest.approx(10.0, abs=0.05)
    assert less.evidence_sd_mm == pytest.approx(alike.evidence_sd_mm / 0.8, rel=0.01)
    assert less.slope == pytest.approx(alike.slope, abs=0.001)


def test_people_whose_slopes_differ_are_covered_and_the_level_has_no_bias() -> None:
    rng = np.random.default_rng(3)
    errors, covered, apart = [], [], []
    for _ in range(300):
        slope = max(rng.normal(SLOPE, SLOPE_SD), 0.2 * SLOPE)
        rare = rng.random() < 0.1
        true = rng.normal(0, 15.0 if rare else 6.5)
        zero = rng.normal(0.5, ZERO_SD)
        tilts = {
            block: zero + slope * (true - block) + rng.normal(0, CHANCE)
            for block in (-10.0, 0.0, 10.0)
        }
        belief = landmark_posterior(pictures(tilts), model=MODEL)
        errors.append(belief.level_mm - true)
        covered.append(belief.low_mm <= true <= belief.high_mm)
        if belief.evidence_mm is not None and belief.evidence_sd_mm is not None:
            prior = weighed(belief.evidence_mm, belief.evidence_sd_mm)
            apart.append(abs(prior.mean_mm - belief.level_mm))
    assert 0.92 <= np.mean(covered) <= 0.98
    assert abs(np.mean(errors)) < 1.0
    assert np.median(np.abs(errors)) < 4.0
    # weighing the evidence with the prior comes back to the level
    assert np.median(apart) < 0.5


def test_blocks_tell_the_slope_of_the_person() -> None:
    tilts = {b: 0.5 + 0.30 * (6.0 - b) for b in (-20.0, -10.0, 0.0, 10.0, 20.0)}
    alone = landmark_posterior(pictures({0.0: tilts[0.0]}), model=MODEL)
    together = landmark_posterior(pictures(tilts), model=MODEL)
    assert alone.slope < 0.22 < together.slope
    assert together.slope_sd < alone.slope_sd
    assert together.share_left < alone.share_left


def test_pictures_that_scatter_more_than_they_say_are_believed_less() -> None:
    straight = {b: 0.5 + SLOPE * (5.0 - b) for b in (-10.0, 0.0, 10.0)}
    bent = {b: tilt + (6.0 if b == 0.0 else -3.0) for b, tilt in straight.items()}
    assert (
        landmark_posterior(pictures(bent), model=MODEL).share_left
        > landmark_posterior(pictures(straight), model=MODEL).share_left
    )


def test_the_line_gives_a_height_with_the_prior_and_evidence_without() -> None:
    tilts = {b: 0.5 + SLOPE * (12.0 - b) for b in (-10.0, 0.0, 10.0)}
    line = landmark_line(pictures(tilts), model=MODEL)
    assert line.levelling_mm is not None
    assert line.evidence_mm is not None
    assert 0 < line.levelling_mm < line.evidence_mm
    assert line.low_mm < line.levelling_mm < line.high_mm
    level, difference = block_rows(line)
    assert level.name == "levelling_block_height"
    assert (level.value, level.low) == (line.levelling_mm, line.low_mm)
    assert difference.name == "structural_leg_length_difference"
    assert (difference.value, difference.sd) == (
        line.evidence_mm,
        line.evidence_sd_mm,
    )
    assert level.unconfirmed
    assert difference.unconfirmed


def test_one_height_is_no_block_test() -> None:
    line = landmark_line(pictures({0.0: 2.0}), model=MODEL)
    assert line.levelling_mm is None
    assert line.reason is not None
    assert line.reason.code == "block_one_height"


def test_a_tilt_that_goes_against_the_blocks_gives_no_number() -> None:
    tilts = {b: 0.4 * b for b in (-20.0, -10.0, 0.0, 10.0, 20.0)}
    line = landmark_line(pictures(tilts), model=MODEL)
    assert line.levelling_mm is None
    assert line.reason is not None
    assert line.reason.code == "block_no_slope"


def test_pictures_that_add_nothing_give_a_reason_and_no_number() -> None:
    blind = LineModel(
        slope=-0.05,
        slope_sd=0.02,
        zero_sd_mm=2.0,
        zero_mm=0.0,
        chance_mm=3.0,
        half_width_max_mm=math.inf,
        unconfirmed=True,
    )
    line = landmark_line(pictures({0.0: 0.2, 10.0: -0.3}), model=blind)
    assert line.levelling_mm is None
    assert line.reason is not None
    assert line.reason.code.startswith("block_wide")
    assert [row.value for row in block_rows(line)] == [None, None]


def test_more_pictures_are_asked_for_only_while_they_help() -> None:
    few = {b: 0.5 - SLOPE * b for b in (0.0, 10.0)}
    asked = landmark_line(pictures(few), model=MODEL).reason
    assert asked is not None
    assert asked.code.startswith("block_more")
    many = pictures({b: 0.5 - SLOPE * b for b in (-20.0, -10.0, 0.0, 10.0, 20.0)})
    assert landmark_line(many * 6, model=MODEL).reason is None


def test_slopes_are_known_for_both_views_and_marked_unconfirmed() -> None:
    for view in ("posterior", "anterior"):
        slope = landmark_slope("full", view)
        assert slope is not None
        assert slope.unconfirmed
        assert slope.line_model().slope == -slope.slope
    assert landmark_slope("somebody's own", "posterior") is None


def point(role: str, side: Side, x: float, y: float) -> PicturePoint:
    return PicturePoint(
        role=role,  # type: ignore[arg-type]
        side=side,
        x_px=x,
        y_px=y,
        sd_px=1.0,
        source="landmark",
    )


@pytest.mark.parametrize("from_behind", [True, False])
def test_the_lean_of_the_trunk_is_to_the_person_s_left_and_free_of_roll(
    *, from_behind: bool
) -> None:
    optics = Optics(
        width_px=1080,
        height_px=1920,
        roll=Roll(deg=3.0, sd_deg=0.1, source="user"),
        m_per_px=0.002,
        scale_relative_sd=0.03,
        distance_m=2.5,
        tilt_sd_deg=1.0,
    )
    left = -1 if from_behind else 1
    over = 250 * math.tan(math.radians(2.0)) * left

    def pair(
        role: str, across: float, half: float, down: float
    ) -> tuple[PicturePoint, PicturePoint]:
        # upright coordinates turned back into the rolled picture
        turn = math.radians(-3.0)
        points = []
        for side, sign in ((Side.LEFT, left), (Side.RIGHT, -left)):
            x, y = across + sign * half, down
            points.append(
                point(
                    role,
                    side,
                    540 + x * math.cos(turn) - y * math.sin(turn),
                    960 + x * math.sin(turn) + y * math.cos(turn),
                )
            )
        return points[0], points[1]

    hips, shoulders = pair("hip", 0, 50, 0), pair("shoulder", over, 90, -250)
    assert trunk_lean_deg(hips, shoulders, optics=optics) == pytest.approx(2.0)


def test_the_part_of_the_trunk_is_taken_off_the_hips() -> None:
    slope = landmark_slope("full", "posterior")
    assert slope is not None
    line = HeightLine(
        role="hip",
        left=point("hip", Side.LEFT, 500, 900),
        right=point("hip", Side.RIGHT, 580, 900),
        angle_deg=1.0,
        angle_sd_deg=0.5,
        difference_mm=3.0,
        sd_mm=1.0,
        mm_per_px=2.0,
    )
    moved = slope.upright(line, -1.5, roll_sd_deg=0.0)
    assert moved.difference_mm == pytest.approx(3.0 + 1.5 * slope.lean_mm_per_deg)
    assert moved.sd_mm == pytest.approx(1.0)
    assert slope.upright(line, None, roll_sd_deg=0.2) is line
    # a wrong roll leans the trunk too, and part of its error goes with it
    surer = slope.upright(line, 0.0, roll_sd_deg=0.3)
    rolled = math.radians(160.0)
    left = 1.0 - (0.3 * rolled) ** 2 + (0.3 * (rolled + slope.lean_mm_per_deg)) ** 2
    assert surer.sd_mm == pytest.approx(math.sqrt(left))
    assert surer.sd_mm < 1.0
