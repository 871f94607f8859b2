"""The line of a block test: exact where the pictures are, honest where they are not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gaitkit.measure.standing.block_test import LineModel, block_line
from gaitkit.measure.standing.result import block_rows
from gaitkit.model.standing import BlockLine, BlockPoint

STICKERS = LineModel(
    slope=-0.55,
    slope_sd=0.1,
    zero_sd_mm=0.0,
    zero_mm=0.0,
    chance_mm=0.3,
    half_width_max_mm=30.0,
    unconfirmed=False,
)


def pictures(
    tilts: dict[float, float], *, sd_mm: float = 0.2
) -> tuple[BlockPoint, ...]:
    return tuple(
        BlockPoint(
            recording=f"block_test_{n}", block_mm=block, tilt_mm=tilt, sd_mm=sd_mm
        )
        for n, (block, tilt) in enumerate(tilts.items())
    )


def line_of(
    level: float, blocks: tuple[float, ...], *, slope: float = -0.55
) -> BlockLine:
    tilts = {block: slope * (block - level) for block in blocks}
    return block_line(pictures(tilts), source="sticker", model=STICKERS)


@pytest.mark.parametrize("level", [0.0, 4.0, 10.0])
def test_the_level_of_exact_pictures_is_exact(level: float) -> None:
    line = line_of(level, (0.0, 5.0, 10.0))
    assert line.levelling_mm == pytest.approx(level, abs=0.05)
    assert line.slope == pytest.approx(-0.55, abs=1e-6)
    assert line.low_mm < level < line.high_mm


def test_the_person_s_own_slope_wins_over_the_usual_one() -> None:
    line = line_of(8.0, (-10.0, 0.0, 10.0, 20.0), slope=-0.8)
    assert line.slope == pytest.approx(-0.8, abs=0.01)
    assert line.levelling_mm == pytest.approx(8.0, abs=0.1)


def test_a_block_under_the_left_foot_counts_negative() -> None:
    line = line_of(-6.0, (0.0, -5.0, -10.0))
    assert line.levelling_mm == pytest.approx(-6.0, abs=0.1)
    assert line.reason is None


def test_one_height_gives_no_number() -> None:
    line = block_line(pictures({0.0: 3.0}), source="sticker", model=STICKERS)
    assert line.levelling_mm is None
    assert line.reason is not None
    assert line.reason.code == "block_one_height"
    rows = block_rows(line)
    assert [row.value for row in rows] == [None, None]
    assert {row.why_missing.code for row in rows if row.why_missing} == {
        "block_one_height"
    }


def test_a_pelvis_that_does_not_follow_the_blocks_gives_no_number() -> None:
    line = block_line(
        pictures({0.0: 1.0, 10.0: 1.0, 20.0: 1.5}, sd_mm=0.1),
        source="sticker",
        model=STICKERS,
    )
    assert line.levelling_mm is None
    assert line.reason is not None
    assert line.reason.code == "block_no_slope"


@pytest.mark.parametrize(
    ("level", "code", "height"),
    [(16.0, "block_outside_right", "15"), (-9.0, "block_outside_left", "10")],
)
def test_a_level_outside_the_blocks_asks_for_another_one(
    level: float, code: str, height: str
) -> None:
    line = line_of(level, (0.0, 5.0))
    assert line.reason is not None
    assert line.reason.code == code
    assert height in line.reason.advice.en
    assert line.levelling_mm == pytest.approx(level, abs=1.5)


def test_an_interval_that_is_too_wide_gives_no_number() -> None:
    wide = LineModel(
        slope=-0.3,
        slope_sd=0.1,
        zero_sd_mm=8.0,
        zero_mm=0.0,
        chance_mm=1.0,
        half_width_max_mm=30.0,
        unconfirmed=True,
    )
    line = block_line(pictures({0.0: 1.0, 10.0: -2.0}), source="landmark", model=wide)
    assert line.levelling_mm is None
    assert line.reason is not None
    assert line.reason.code.startswith("block_wide")


def test_the_median_has_no_bias_and_the_interval_covers() -> None:
    rng = np.random.default_rng(7)
    model = LineModel(
        slope=-0.3,
        slope_sd=0.08,
        zero_sd_mm=1.2,
        zero_mm=0.0,
        chance_mm=0.5,
        half_width_max_mm=90.0,
        unconfirmed=True,
    )
    errors, covered = [], []
    for _ in range(150):
        slope = max(rng.normal(0.3, 0.08), 0.1)
        level, shift = rng.normal(0, 8), rng.normal(0, 1.2)
        tilts = {
            block: -slope * (block - level) + shift + rng.normal(0, 0.5)
            for block in (-10.0, 0.0, 10.0)
        }
        line = block_line(pictures(tilts, sd_mm=0.1), source="landmark", model=model)
        if line.levelling_mm is None:
            continue
        errors.append(line.levelling_mm - level)
        covered.append(line.low_mm <= level <= line.high_mm)
    assert len(errors) > 140
    assert abs(np.median(errors)) < 1.0
    assert 0.90 <= np.mean(covered) <= 0.99


FANN = LineModel(
    slope=-0.65,
    slope_sd=0.16,
    zero_sd_mm=4.7,
    zero_mm=0.0,
    chance_mm=2.8,
    half_width_max_mm=1000.0,
    unconfirmed=False,
)
STRICT = LineModel(
    slope=-1.0,
    slope_sd=0.18,
    zero_sd_mm=2.6,
    zero_mm=0.0,
    chance_mm=1.0,
    half_width_max_mm=1000.0,
    unconfirmed=False,
)


def brute_force(line: BlockLine, model: LineModel, blocks: np.ndarray) -> list[float]:
    """Return the quantiles of the level from its joint density with the slope.

    The density of a level x and slope b is that of zero = -x b and b, times |b|; the
    joint normal is written down from the pictures, not taken from the program.
    """
    tilts = np.array([p.tilt_mm for p in line.points])
    variance = np.array([p.sd_mm for p in line.points]) ** 2 + model.chance_mm**2
    design = (
        np.column_stack([np.ones_like(blocks), blocks]) / np.sqrt(variance)[:, None]
    )
    precision = design.T @ design + np.diag([0.0, model.slope_sd**-2])
    target = design.T @ (tilts / np.sqrt(variance))
    target[1] += model.slope / model.slope_sd**2
    covariance = np.linalg.inv(precision)
    zero, slope = covariance @ target
    left = ((tilts - zero - slope * blocks) ** 2 / variance).sum() / (len(blocks) - 1)
    covariance = covariance * max(left, 1.0)
    covariance[0, 0] += model.zero_sd_mm**2
    inverse = np.linalg.inv(covariance)
    sd = math.sqrt(covariance[1, 1])
    slopes = np.linspace(slope - 5 * sd, min(slope + 5 * sd, 0.2 * slope), 1501)
    levels = np.linspace(-400.0, 400.0, 16001)
    density = np.zeros_like(levels)
    for b in slopes:
        off = np.stack([-levels * b - zero, np.full_like(levels, b - slope)])
        density += abs(b) * np.exp(-0.5 * np.einsum("in,ij,jn->n", off, inverse, off))
    below = np.cumsum(density)
    return [float(np.interp(q, below / below[-1], levels)) for q in (0.025, 0.5, 0.975)]


def of_tilts(
    tilts: tuple[float, ...], blocks: np.ndarray, model: LineModel
) -> BlockLine:
    seen = dict(zip(blocks.tolist(), tilts, strict=True))
    return block_line(pictures(seen, sd_mm=0.7), source="sticker", model=model)


def test_scattered_pictures_level_where_the_integral_says() -> None:
    """Slopes near zero once spread the heights: 14.8 +- 14.3 was told."""
    blocks = np.array([0.0, 3.0, 6.0, 9.0])
    line = of_tilts((4.2, -1.6, -2.3, -0.7), blocks, STRICT)
    assert line.levelling_mm == pytest.approx(4.3, abs=0.1)
    assert line.sd_mm == pytest.approx(4.8, abs=0.15)
    found = [line.low_mm, line.levelling_mm, line.high_mm]
    assert found == pytest.approx(brute_force(line, STRICT, blocks), abs=0.1)


@settings(deadline=None, derandomize=True, max_examples=25)
@given(
    tilts=st.tuples(*[st.floats(-8.0, 8.0)] * 4),
    heights=st.sampled_from([(0.0, 3.0, 6.0, 9.0), (-12.0, -6.0, 6.0, 12.0)]),
    model=st.sampled_from([FANN, STRICT]),
)
def test_every_level_is_that_of_the_integral(
    tilts: tuple[float, ...], heights: tuple[float, ...], model: LineModel
) -> None:
    blocks = np.array(heights)
    line = of_tilts(tilts, blocks, model)
    assume(line.levelling_mm is not None)
    # the tails of the list of the test end at 400 mm
    assume(line.low_mm is not None)
    assume(line.high_mm is not None)
    assume(max(abs(line.low_mm or 0), abs(line.high_mm or 0)) < 150.0)
    found = [line.low_mm, line.levelling_mm, line.high_mm]
    wanted = brute_force(line, model, blocks)
    width = wanted[2] - wanted[0]
    assert found == pytest.approx(wanted, abs=0.02 * width)
