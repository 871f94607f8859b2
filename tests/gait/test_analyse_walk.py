"""One walk from keypoints to values: what comes out, and that it is honest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.errors import InputError
from gaitkit.gait.walk import analyse_walk
from gaitkit.model.catalogue import definition
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Callable

    import xarray as xr

    from gaitkit.gait.gates import WalkFacts
    from gaitkit_virtual.virtual_walk import VirtualWalk

    Walker = Callable[..., VirtualWalk]
    Film = Callable[..., xr.Dataset]
    Facts = Callable[..., WalkFacts]


def test_the_result_carries_everything_of_one_recording(
    walker: Walker, film: Film, facts: Facts
) -> None:
    virtual = walker()
    result = analyse_walk(film(virtual), facts=facts())
    assert result.view == "sagittal_left"
    assert result.calibration.method == "subject_height"
    assert {c.name for c in result.waveforms} == {
        "hip_flexion",
        "knee_flexion",
        "ankle_dorsiflexion",
        "trunk_flexion",
    }
    assert {s.recording for s in result.strides} == {"walk"}
    accepted = [s for s in result.strides if s.rejected is None]
    assert len(accepted) == len(virtual.strides)


def test_every_value_is_in_the_catalogue_finite_and_plausible(
    walker: Walker, film: Film, facts: Facts
) -> None:
    for value in analyse_walk(film(walker()), facts=facts()).stride_values:
        entry = definition(value.name)
        assert np.isfinite(value.value)
        assert entry.plausible[0] <= value.value <= entry.plausible[1]
        assert (value.side is None) == (not entry.sided)


def test_a_side_view_says_nothing_of_the_frontal_plane(
    walker: Walker, film: Film, facts: Facts
) -> None:
    names = {v.name for v in analyse_walk(film(walker()), facts=facts()).stride_values}
    frontal = ("obliquity", "adduction", "drop", "lateral", "width", "progression")
    assert not [name for name in names if any(word in name for word in frontal)]


def test_there_and_back_shows_each_side_near_once(
    walker: Walker, film: Film, facts: Facts
) -> None:
    virtual = walker(mode="there_and_back", pass_length_m=5.0, duration_s=15.0)
    result = analyse_walk(film(virtual, distance_m=6.0), facts=facts())
    near = {result.near_side(s.start_s) for s in result.strides if s.rejected is None}
    assert near == {Side.LEFT, Side.RIGHT}
    assert result.near_side(-1.0) is None
    rejected = {s.rejected.code for s in result.strides if s.rejected is not None}
    assert rejected == {"stride_first_or_last"}


def test_the_values_of_there_and_back_are_those_of_the_walker(
    walker: Walker, film: Film, facts: Facts
) -> None:
    virtual = walker(mode="there_and_back", pass_length_m=5.0, duration_s=15.0)
    values = analyse_walk(film(virtual, distance_m=6.0), facts=facts()).stride_values
    for name, tolerance in (("walking_speed", 0.03), ("cadence", 0.01)):
        found = np.mean([v.value for v in values if v.name == name])
        speed = virtual.parameters.speed_m_s
        true = speed if name == "walking_speed" else 120 / 1.1
        assert found == pytest.approx(true, rel=tolerance)


def test_noise_and_gaps_of_a_pose_model_move_the_means_little(
    walker: Walker, film: Film, facts: Facts
) -> None:
    virtual = walker(rate_hz=30.0, duration_s=7.0)
    clean = analyse_walk(film(virtual), facts=facts()).stride_values
    raw = film(virtual, noise_px=4.0).copy(deep=True)
    lost = np.random.default_rng(3).random(raw["confidence"].shape) < 0.03
    raw["confidence"][:] = np.where(lost, 0.0, raw["confidence"])
    noisy = analyse_walk(raw, facts=facts()).stride_values
    for name, tolerance in (
        ("cadence", 1.0),
        ("stance", 1.5),
        ("step_length", 0.02),
        ("walking_speed", 0.02),
    ):
        means = [
            np.mean([v.value for v in values if v.name == name])
            for values in (clean, noisy)
        ]
        assert means[1] == pytest.approx(means[0], abs=tolerance)


def test_the_recorded_frame_of_each_event_is_given(
    walker: Walker, film: Film, facts: Facts
) -> None:
    raw = film(walker()).isel(time=slice(20, None))
    raw = raw.assign_coords(frame=("time", np.arange(20, 20 + raw.sizes["time"])))
    for event in analyse_walk(raw, facts=facts()).events:
        assert event.frame == pytest.approx(event.time_s * 60.0, abs=0.51)


def test_the_same_input_gives_the_same_result(
    walker: Walker, film: Film, facts: Facts
) -> None:
    raw = film(walker(), noise_px=2.0)
    first, second = (analyse_walk(raw, facts=facts()) for _ in range(2))
    assert first.stride_values == second.stride_values
    assert first.events == second.events


def test_mirroring_the_film_exchanges_the_sides(
    walker: Walker, film: Film, facts: Facts
) -> None:
    virtual = walker(step_time_difference_s=0.04)
    raw = film(virtual)
    other = {"left": "right", "right": "left"}
    swapped = [
        "_".join(other.get(word, word) for word in name.split("_"))
        for name in raw["keypoint"].to_numpy()
    ]
    mirror = raw.assign_coords(keypoint=swapped).copy(deep=True)
    mirror["position"].loc[{"space": "x"}] = (
        2400.0 - raw["position"].sel(space="x").to_numpy()
    )
    results = [analyse_walk(each, facts=facts()) for each in (raw, mirror)]
    means = [
        {
            side: np.mean(
                [
                    v.value
                    for v in result.stride_values
                    if v.name == "step_time" and v.side is side
                ]
            )
            for side in Side
        }
        for result in results
    ]
    assert means[0][Side.LEFT] == pytest.approx(means[1][Side.RIGHT], abs=1e-6)
    assert [r.view for r in results] == ["sagittal_left", "sagittal_right"]


def test_keypoints_without_feet_are_refused_in_one_line(
    walker: Walker, film: Film, facts: Facts
) -> None:
    raw = film(walker()).drop_sel(keypoint=["left_foot_index", "right_foot_index"])
    with pytest.raises(InputError, match="absent: left_foot_index, right_foot_index"):
        analyse_walk(raw, facts=facts())


def test_a_person_never_seen_is_no_walk(
    walker: Walker, film: Film, facts: Facts
) -> None:
    raw = film(walker()).copy(deep=True)
    raw["position"][:] = np.nan
    result = analyse_walk(raw, facts=facts())
    assert result.quality.status == "refused"
    assert result.events == ()
