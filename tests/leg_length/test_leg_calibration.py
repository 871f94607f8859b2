"""Intervals hold the truth as often as they say, on readings drawn from the model."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from gaitkit.measure.leg_length.evidence import Evidence
from gaitkit.measure.leg_length.methods import all_methods, method_named
from gaitkit.measure.leg_length.posterior import Belief, after
from gaitkit.measure.leg_length.prior import PRIORS
from gaitkit.measure.leg_length.together import covariance, put_together

DRAWS = 2000
SEED = 20261122
ALONE = [(m.name,) for m in all_methods() if m.why_not is None]
FUSED = [
    ("tape", "block_test"),
    ("tape", "x_ray"),
    ("tape", "block_test", "stance_stickers"),
    ("tape", "block_test_stickers", "stance_stickers"),
    ("stance_landmarks", "block_test_landmarks", "block_test"),
    tuple(name for (name,) in ALONE),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """True differences and what was believed of each."""

    true_mm: np.ndarray
    beliefs: tuple[Belief, ...]

    @property
    def rank(self) -> np.ndarray:
        """Probability below the truth; uniform when the beliefs are right."""
        pairs = zip(self.true_mm, self.beliefs, strict=True)
        return np.array([belief.below(float(true)) for true, belief in pairs])


def cohort(names: tuple[str, ...], *, equal_legs: bool = False) -> Cohort:
    generator = np.random.default_rng(SEED)
    wide = generator.random(DRAWS) < 0.1
    true = generator.normal(0.0, np.where(wide, 15.0, 6.5))
    true = np.zeros(DRAWS) if equal_legs else true
    methods = [method for name in names if (method := method_named(name))]
    plain = [Evidence(method=m, value_mm=0.0, sd_mm=m.sd_mm) for m in methods]
    root = np.linalg.cholesky(covariance(plain))
    seen = true[:, None] + generator.normal(size=(DRAWS, len(names))) @ root.T
    beliefs = []
    for row in seen:
        read = [replace(e, value_mm=float(v)) for e, v in zip(plain, row, strict=True)]
        both = put_together(read)
        beliefs.append(
            after(PRIORS["clinic"], value_mm=both.value_mm, sd_mm=both.sd_mm)
        )
    return Cohort(true_mm=true, beliefs=tuple(beliefs))


@pytest.mark.parametrize("names", [*ALONE, *FUSED], ids="+".join)
def test_the_interval_holds_the_truth_and_the_side_is_as_sure_as_said(
    names: tuple[str, ...],
) -> None:
    found = cohort(names)
    inside = (found.rank >= 0.025) & (found.rank <= 0.975)
    assert 0.92 <= inside.mean() <= 0.98
    left = np.array([belief.left_longer for belief in found.beliefs])
    right_side = (left > 0.5) == (found.true_mm > 0)
    said = np.maximum(left, 1.0 - left)
    assert right_side.mean() == pytest.approx(said.mean(), abs=0.03)
    sure = said > 0.9
    if sure.sum() > 100:
        assert right_side[sure].mean() == pytest.approx(said[sure].mean(), abs=0.03)


@pytest.mark.parametrize("names", [*ALONE, *FUSED], ids="+".join)
def test_equal_legs_are_hardly_ever_called_different(names: tuple[str, ...]) -> None:
    beliefs = cohort(names, equal_legs=True).beliefs
    assert np.mean([belief.larger_than(5.0) >= 0.8 for belief in beliefs]) < 0.02


def test_tape_blocks_and_a_picture_err_by_at_most_three_and_a_half_millimetres() -> (
    None
):
    found = cohort(("tape", "block_test", "stance_stickers"))
    means = np.array([belief.mean_mm for belief in found.beliefs])
    assert np.sqrt(np.mean((means - found.true_mm) ** 2)) <= 3.5
