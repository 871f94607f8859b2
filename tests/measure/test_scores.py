"""Gait Variable, Gait Profile and Movement Analysis Profile scores after Baker."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from gaitkit.measure.scores import (
    ANGLES,
    LEG,
    PELVIS,
    gait_profile_score,
    gait_variable_score,
    movement_analysis_profile,
)
from gaitkit.model.side import Side
from gaitkit.model.strides import CYCLE_POINTS, Waveform
from gaitkit.norms.curves import curve, score_norm

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.measurement import Measurement

TABLE_TOLERANCE_DEG = 0.1


def walk(
    offset: float = 0.0, *, sd: float = 0.0, spread: float = 0.0
) -> list[Waveform]:
    """Return the mean healthy curves of both sides, all shifted by an offset."""
    found = []
    for side in Side:
        for name in ANGLES:
            band = curve(name)
            assert band is not None
            found.append(
                Waveform(
                    name=name,
                    side=side,
                    recording="lab",
                    mean=tuple(x + offset for x in band.mean),
                    spread=(spread,) * CYCLE_POINTS,
                    n=4,
                    sd=sd,
                )
            )
    return found


def one(
    found: tuple[Measurement, ...], name: str, side: Side | None, region: str | None
) -> Measurement:
    rows = [m for m in found if (m.name, m.side, m.region) == (name, side, region)]
    assert len(rows) == 1
    return rows[0]


def test_equal_curves_score_zero_and_a_constant_shift_scores_itself() -> None:
    angle = np.sin(np.linspace(0, 6, 101))
    assert gait_variable_score(angle, angle) == 0.0
    assert gait_variable_score(angle + 3.0, angle) == pytest.approx(3.0)
    assert gait_variable_score(angle - 3.0, angle) == pytest.approx(3.0)


def test_the_score_is_the_root_mean_square_and_not_the_mean() -> None:
    reference = np.zeros(4)
    assert gait_variable_score([0.0, 0.0, 0.0, 4.0], reference) == pytest.approx(2.0)
    assert gait_profile_score([1.0] * 8 + [5.0]) == pytest.approx((33 / 9) ** 0.5)


def test_curves_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match=r"equal length, got \(3,\) and \(4,\)"):
        gait_variable_score([1.0, 2.0, 3.0], [1.0, 2.0, 3.0, 4.0])


def test_a_missing_sample_gives_no_score() -> None:
    assert np.isnan(gait_variable_score([1.0, np.nan], [1.0, 1.0]))


def test_the_profile_of_a_shifted_walk_is_the_shift_everywhere() -> None:
    found = movement_analysis_profile(walk(2.0), recording="lab")
    assert len(found) == 2 * 9 + 3
    for measurement in found:
        assert measurement.value == pytest.approx(2.0)


def test_the_average_healthy_adult_scores_zero_without_a_fault() -> None:
    found = movement_analysis_profile(walk(), recording="lab")
    assert one(found, "gps", None, None).value == 0.0


def test_the_person_has_the_pelvis_once_and_each_leg_for_itself() -> None:
    waves = [
        dataclasses.replace(w, mean=tuple(x + 6.0 for x in w.mean))
        if w.side is Side.LEFT and w.name == "knee_flexion"
        else w
        for w in walk()
    ]
    found = movement_analysis_profile(waves, recording="lab")
    assert one(found, "gps", Side.LEFT, None).value == pytest.approx(6.0 / 3)
    assert one(found, "gps", Side.RIGHT, None).value == 0.0
    assert one(found, "gps", None, None).value == pytest.approx(6.0 / 15**0.5)
    assert len(PELVIS) + 2 * len(LEG) == 15


def test_the_error_of_a_score_is_that_of_its_curve() -> None:
    found = movement_analysis_profile(walk(8.0, sd=3.0, spread=8.0), recording="lab")
    knee = one(found, "gvs", Side.LEFT, "knee_flexion")
    assert knee.sd == pytest.approx(5.0)  # 3 and 8 / root 4
    side = one(found, "gps", Side.LEFT, None)
    assert side.sd == pytest.approx(5.0 / 3)  # nine equal, independent errors
    assert knee.low == 0.0
    assert knee.high == pytest.approx(8.0 + 1.96 * 5.0, abs=0.01)


def test_without_an_angle_the_scores_that_need_it_are_absent() -> None:
    waves = [w for w in walk() if (w.side, w.name) != (Side.LEFT, "foot_progression")]
    found = movement_analysis_profile(waves, recording="lab")
    missing = one(found, "gvs", Side.LEFT, "foot_progression")
    assert missing.value is None
    assert missing.why_missing is not None
    assert missing.why_missing.code == "angle_missing"
    assert one(found, "gps", Side.LEFT, None).value is None
    assert one(found, "gps", None, None).value is None
    assert one(found, "gps", Side.RIGHT, None).value is not None


@pytest.mark.shared
def test_healthy_adults_score_as_the_leave_one_out_table_says(
    shared_data: Path,
) -> None:
    names = {
        "pelvis_tilt": "pelvic_tilt",
        "pelvis_obliquity": "pelvic_obliquity",
        "pelvis_rotation": "pelvic_rotation",
    }
    persons = pd.read_csv(shared_data / "norms/fukuchi2018_individual_curves.csv")
    persons["variable"] = persons["variable"].replace(names)
    by_angle = {
        angle: rows.set_index(["side", "subject"]).drop(columns="variable").sort_index()
        for angle, rows in persons.groupby("variable")
    }
    scores = {angle: _leave_one_out(by_angle[angle]) for angle in ANGLES}
    for angle, of_sides in scores.items():
        norm = score_norm(angle)
        assert norm is not None
        both = np.concatenate(of_sides)
        assert both.mean() == pytest.approx(norm.mean, abs=TABLE_TOLERANCE_DEG)
        assert both.std(ddof=1) == pytest.approx(norm.sd, abs=TABLE_TOLERANCE_DEG)
    _check_profiles(scores)


def _leave_one_out(curves: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the scores of left and right, each person against all others."""
    left, right = curves.loc["L"].to_numpy(), curves.loc["R"].to_numpy()
    total = left + right
    others = (total.sum(axis=0) - total) / (2 * (len(total) - 1))
    first, second = (
        np.array([gait_variable_score(x, y) for x, y in zip(side, others, strict=True)])
        for side in (left, right)
    )
    return first, second


def _check_profiles(scores: dict[str, tuple[np.ndarray, np.ndarray]]) -> None:
    persons = range(len(scores["knee_flexion"][0]))
    limb = [
        gait_profile_score([scores[angle][side][k] for angle in ANGLES])
        for side in (0, 1)
        for k in persons
    ]
    overall = [
        gait_profile_score(
            [scores[angle][0][k] for angle in ANGLES]
            + [scores[angle][1][k] for angle in LEG]
        )
        for k in persons
    ]
    for found, name in ((limb, "gps_side"), (overall, "gps_overall")):
        norm = score_norm(name)
        assert norm is not None
        assert np.mean(found) == pytest.approx(norm.mean, abs=TABLE_TOLERANCE_DEG)
        assert np.std(found, ddof=1) == pytest.approx(norm.sd, abs=TABLE_TOLERANCE_DEG)
        assert np.percentile(found, 95) == pytest.approx(
            norm.p95, abs=TABLE_TOLERANCE_DEG
        )
