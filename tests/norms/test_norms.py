"""The reference data hold what their sources say, in the names and signs of gaitkit."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from gaitkit.errors import CatalogueError
from gaitkit.model.catalogue import definition
from gaitkit.norms.curves import curve, curve_names, score_norm
from gaitkit.norms.discrete import (
    asymmetry_limit,
    discrete,
    norm_at_speed,
    speeds_match,
    why_not_comparable,
)
from gaitkit.norms.source import reference

if TYPE_CHECKING:
    from pathlib import Path

SOURCE_ANGLES = {
    "pelvis_tilt": ("pelvic_tilt", 1),
    "pelvis_obliquity": ("pelvic_obliquity", 1),
    "pelvis_rotation": ("pelvic_rotation", 1),
    "hip_flexion": ("hip_flexion", 1),
    "hip_adduction": ("hip_adduction", 1),
    "hip_rotation": ("hip_rotation", 1),
    "knee_flexion": ("knee_flexion", 1),
    "ankle_dorsiflexion": ("ankle_dorsiflexion", 1),
    "foot_progression": ("foot_progression", -1),
}


@pytest.mark.shared
def test_the_curves_are_those_of_the_source_with_toe_out_positive(
    shared_data: Path,
) -> None:
    table = pd.read_csv(shared_data / "norms/fukuchi2018_adult_overground_curves.csv")
    assert set(curve_names()) == {name for name, _ in SOURCE_ANGLES.values()}
    for variable, (name, sign) in SOURCE_ANGLES.items():
        rows = table[table["variable"] == variable]
        band = curve(name)
        assert band is not None
        np.testing.assert_allclose(band.mean, sign * rows["mean_deg"], atol=1e-9)
        np.testing.assert_allclose(band.sd, rows["sd_limb_deg"], atol=1e-9)
        outer = (rows["p2_5"], rows["p97_5"]) if sign > 0 else (
            -rows["p97_5"], -rows["p2_5"],
        )  # fmt: skip
        np.testing.assert_allclose(band.low, outer[0], atol=1e-9)
        np.testing.assert_allclose(band.high, outer[1], atol=1e-9)


@pytest.mark.shared
def test_the_discrete_values_follow_from_the_persons_own_curves(
    shared_data: Path,
) -> None:
    persons = pd.read_csv(shared_data / "norms/fukuchi2018_individual_curves.csv")
    knee = persons[persons["variable"] == "knee_flexion"].set_index(["side", "subject"])
    left, right = knee.loc["L"]["0"].sort_index(), knee.loc["R"]["0"].sort_index()
    norm = discrete("knee_flexion_initial_contact")
    limit = asymmetry_limit("knee_flexion_initial_contact")
    assert norm is not None
    assert limit is not None
    assert norm.mean == pytest.approx(np.r_[left, right].mean(), abs=0.006)
    assert norm.sd == pytest.approx(np.r_[left, right].std(ddof=1), abs=0.006)
    assert limit.mean == pytest.approx((left - right).mean(), abs=0.006)
    assert limit.p95_absolute == pytest.approx(
        np.percentile(abs(left - right), 95), abs=0.006
    )


@pytest.mark.parametrize("name", curve_names())
def test_a_band_has_a_whole_cycle_and_its_limits_in_order(name: str) -> None:
    band = curve(name)
    assert band is not None
    assert len(band.mean) == len(band.sd) == len(band.low) == len(band.high) == 101
    assert all(
        low < middle < high
        for low, middle, high in zip(band.low, band.median, band.high, strict=True)
    )
    assert band.reference.licence == "CC BY 4.0"


def test_the_signs_are_those_of_the_catalogue() -> None:
    toe_out = discrete("foot_progression_angle")
    extension = discrete("hip_extension_peak")
    push_off = discrete("ankle_plantarflexion_push_off_peak")
    drop = discrete("contralateral_pelvic_drop_peak")
    assert toe_out is not None
    assert extension is not None
    assert push_off is not None
    assert drop is not None
    assert toe_out.mean == 9.53
    assert (toe_out.low, toe_out.high) == (-0.88, 20.66)
    assert extension.mean == -9.66
    assert push_off.mean == -15.23
    assert drop.mean == 4.76


def test_left_and_right_differ_in_healthy_adults_as_the_source_says() -> None:
    knee = asymmetry_limit("knee_flexion_swing_peak")
    foot = asymmetry_limit("foot_progression_angle")
    assert knee is not None
    assert foot is not None
    assert knee.p95_absolute == 6.96
    assert knee.n == 42
    assert foot.mean == -2.20  # toe-out positive turns the sign of the source


def test_every_norm_has_an_entry_in_the_catalogue_within_its_plausible_range() -> None:
    text = (resources.files("gaitkit.norms") / "fukuchi2018_discrete.csv").read_text()
    names = [line.split(",")[0] for line in text.splitlines()[1:]]
    for name in names:
        norm = discrete(name)
        low, high = definition(name).plausible
        assert norm is not None
        assert norm.low is not None
        assert norm.high is not None
        assert low < norm.low < norm.mean < norm.high < high


def test_a_measure_without_norm_gives_none_and_an_unknown_measure_is_refused() -> None:
    assert discrete("stance") is None
    assert asymmetry_limit("stance") is None
    assert curve("trunk_flexion") is None
    with pytest.raises(CatalogueError, match="did you mean 'stance'"):
        discrete("stanse")


def test_z_counts_standard_deviations_above_the_mean() -> None:
    norm = discrete("knee_flexion_swing_peak")
    assert norm is not None
    assert norm.z(61.07 + 2 * 3.77) == pytest.approx(2.0)


def test_every_table_has_a_source_with_a_licence() -> None:
    folder = resources.files("gaitkit.norms")
    tables = {f.name for f in folder.iterdir() if f.name.endswith(".csv")}
    sources = tomllib.loads((folder / "sources.toml").read_text(encoding="utf-8"))
    assert tables == {name for raw in sources.values() for name in raw["files"]}
    for key in ("fukuchi2018", "wbds_spatiotemporal"):
        source = reference(key)
        assert source.licence == "CC BY 4.0"
        assert source.doi in source.citation


def test_step_length_and_cadence_agree_with_the_speed_they_belong_to() -> None:
    for age in (25.0, 70.0):
        step = norm_at_speed("step_length", speed_m_s=1.0, age_years=age)
        cadence = norm_at_speed("cadence", speed_m_s=1.0, age_years=age)
        assert step is not None
        assert cadence is not None
        assert step.mean * cadence.mean / 60 == pytest.approx(1.0, abs=0.05)


def test_the_norm_at_a_measured_speed_is_the_row_of_the_table() -> None:
    step = norm_at_speed("step_length", speed_m_s=1.245, age_years=30)
    assert step is not None
    assert (step.mean, step.sd, step.n) == (0.634, 0.063, 24)


def test_outside_the_measured_speeds_and_for_a_child_there_is_no_norm() -> None:
    assert norm_at_speed("cadence", speed_m_s=1.6, age_years=30) is None
    assert norm_at_speed("cadence", speed_m_s=0.3, age_years=30) is None
    assert norm_at_speed("cadence", speed_m_s=1.0, age_years=12) is None


@pytest.mark.parametrize(
    ("speed", "age", "code"),
    [
        (1.20, 40.0, None),
        (1.20, None, None),
        (1.39, 40.0, None),
        (1.40, 40.0, "norm_speed_differs"),
        (0.80, 40.0, "norm_speed_differs"),
        (None, 40.0, "norm_speed_unknown"),
        (1.20, 11.0, "norm_adults_only"),
    ],
)
def test_a_comparison_needs_an_adult_at_about_the_speed_of_the_norm(
    speed: float | None, age: float | None, code: str | None
) -> None:
    found = why_not_comparable(reference("fukuchi2018"), speed_m_s=speed, age_years=age)
    assert (found.code if found else None) == code


def test_the_refusal_names_both_speeds() -> None:
    found = why_not_comparable(reference("fukuchi2018"), speed_m_s=0.8, age_years=40)
    assert found is not None
    assert "0.80 m/s" in found.text.nl
    assert "1.24 m/s" in found.text.en


def test_a_reference_with_several_speeds_asks_only_for_the_age() -> None:
    source = reference("wbds_spatiotemporal")
    assert why_not_comparable(source, speed_m_s=0.6, age_years=30) is None


def test_speeds_of_two_visits_match_in_either_order() -> None:
    assert speeds_match(1.1, 1.24)
    assert speeds_match(1.24, 1.1)
    assert not speeds_match(1.0, 1.24)


def test_healthy_scores_are_those_of_the_leave_one_out_table() -> None:
    overall = score_norm("gps_overall")
    knee = score_norm("knee_flexion")
    assert overall is not None
    assert knee is not None
    assert (overall.mean, overall.sd, overall.p95) == (5.23, 1.33, 7.34)
    assert knee.mean == 5.11
    assert score_norm("elbow_flexion") is None
