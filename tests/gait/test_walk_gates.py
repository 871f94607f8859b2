"""Gates fail closed: what a recording lacks stops what depends on it, with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gaitkit.errors import ConfigError
from gaitkit.gait.quality import Gate, QualityLimits, WalkQuality
from gaitkit.gait.walk import WalkSettings, analyse_walk
from gaitkit.model.reason import reason
from gaitkit.model.recording import PersonCandidate, PersonChoice, Timing
from gaitkit.signal.scale import ScaleInput

if TYPE_CHECKING:
    from collections.abc import Callable

    import xarray as xr

    from gaitkit.gait.gates import WalkFacts
    from gaitkit.gait.walk import WalkResult
    from gaitkit_virtual.virtual_walk import VirtualWalk

    Walker = Callable[..., VirtualWalk]
    Film = Callable[..., xr.Dataset]
    Facts = Callable[..., WalkFacts]


def _codes(result: WalkResult) -> list[str]:
    return [gate.reason.code for gate in result.quality.gates]


def _names(result: WalkResult) -> set[str]:
    return {value.name for value in result.stride_values}


TIMING = {"cadence", "stride_time", "stance", "swing", "step_time", "single_support"}
LENGTH = {"walking_speed", "stride_length", "step_length"}
ANGLE = {"knee_flexion_swing_peak", "hip_flexion_peak"}


def test_a_good_recording_closes_no_gate(
    walker: Walker, film: Film, facts: Facts
) -> None:
    virtual = walker(duration_s=8.0)
    result = analyse_walk(
        film(virtual, width_px=4000), facts=facts(picture_width_px=4000.0)
    )
    assert _codes(result) == []
    assert result.quality.status == "ok"
    assert _names(result) >= TIMING | LENGTH | ANGLE


def test_under_25_frames_nothing_is_timed(
    walker: Walker, film: Film, facts: Facts
) -> None:
    result = analyse_walk(film(walker(rate_hz=10.0)), facts=facts())
    assert _codes(result) == ["camera_too_slow"]
    assert "10" in result.quality.gates[0].reason.text.en
    assert result.quality.blocked >= {"timing", "length", "angle", "findings"}
    assert (result.events, result.strides, result.stride_values) == ((), (), ())
    assert result.waveforms == ()


@pytest.mark.parametrize("rate_hz", [25.0, 30.0])
def test_under_50_frames_the_recording_is_limited_and_goes_on(
    walker: Walker, film: Film, facts: Facts, rate_hz: float
) -> None:
    result = analyse_walk(film(walker(rate_hz=rate_hz)), facts=facts())
    assert "camera_slow" in _codes(result)
    assert result.quality.blocked == frozenset()
    assert result.quality.status == "limited"
    assert _names(result) >= TIMING


def test_ntsc_rates_just_below_the_limit_pass(
    walker: Walker, film: Film, facts: Facts
) -> None:
    result = analyse_walk(film(walker(rate_hz=49.95)), facts=facts())
    assert "camera_slow" not in _codes(result)


def test_without_a_size_only_lengths_stop(
    walker: Walker, film: Film, facts: Facts
) -> None:
    result = analyse_walk(film(walker()), facts=facts(size=ScaleInput()))
    assert "no_scale" in _codes(result)
    assert result.quality.blocked == {"length"}
    assert _names(result) >= TIMING | ANGLE
    assert not _names(result) & LENGTH


@pytest.mark.parametrize("view", ["anterior", "posterior"])
def test_walking_to_or_from_the_camera_refuses_a_side_view(
    walker: Walker, film: Film, facts: Facts, view: str
) -> None:
    raw = film(walker(), view=view, distance_m=9.0)
    result = analyse_walk(raw, facts=facts(view="sagittal_left"))
    assert "towards_camera" in _codes(result)
    assert "view_differs" in _codes(result)
    assert result.quality.status == "refused"
    assert result.view == view
    assert (result.events, result.stride_values) == ((), ())


def test_a_still_body_is_standing_and_refused(
    walker: Walker, film: Film, facts: Facts
) -> None:
    raw = film(walker()).copy(deep=True)
    raw["position"][:] = raw["position"].isel(time=40).to_numpy()
    result = analyse_walk(raw, facts=facts())
    assert _codes(result)[0] == "standing"
    assert result.quality.status == "refused"


def test_a_body_that_drifts_too_little_to_walk_is_no_walk(
    walker: Walker, film: Film, facts: Facts
) -> None:
    raw = film(walker(duration_s=0.6))
    result = analyse_walk(raw, facts=facts())
    assert _codes(result)[0] == "no_walk"
    assert result.quality.status == "refused"


def test_an_oblique_path_is_limited_and_a_very_oblique_one_blocks(
    walker: Walker, film: Film, facts: Facts
) -> None:
    virtual = walker(heading_deg=20.0)
    middle = virtual.keypoints["position"].sel(keypoint="pelvis_center", space="left")
    raw = film(virtual, target_left_m=float(middle.mean()))
    limited = analyse_walk(raw, facts=facts())
    assert "oblique_view" in _codes(limited)
    assert limited.quality.blocked == frozenset()
    strict = WalkSettings(
        quality=QualityLimits(limited_size_change=0.1, refused_size_change=0.15)
    )
    refused = analyse_walk(raw, facts=facts(), settings=strict)
    assert refused.quality.blocked == {"length", "angle"}
    assert not _names(refused) & (LENGTH | ANGLE)
    assert _names(refused) >= TIMING


def test_feet_below_the_edge_of_the_picture_stop_every_measure(
    walker: Walker, film: Film, facts: Facts
) -> None:
    raw = film(walker(), tilt_deg=-10.0)
    result = analyse_walk(raw, facts=facts())
    assert "feet_cut_off" in _codes(result)
    assert result.quality.blocked >= {"timing", "length", "angle", "findings"}
    assert result.stride_values == ()


def test_legs_that_are_hardly_seen_refuse_the_recording(
    walker: Walker, film: Film, facts: Facts
) -> None:
    raw = film(walker()).copy(deep=True)
    raw["confidence"][:] = np.random.default_rng(0).uniform(
        0.0, 0.5, raw["confidence"].shape
    )
    result = analyse_walk(raw, facts=facts())
    assert "low_confidence" in _codes(result)
    assert result.quality.status == "refused"
    assert result.stride_values == ()


def test_a_rolled_camera_is_limited(walker: Walker, film: Film, facts: Facts) -> None:
    result = analyse_walk(film(walker(), roll_deg=6.0), facts=facts())
    assert "camera_tilted" in _codes(result)
    assert result.quality.blocked == frozenset()


def test_a_treadmill_is_named(walker: Walker, film: Film, facts: Facts) -> None:
    result = analyse_walk(film(walker(mode="treadmill")), facts=facts())
    assert "treadmill" in _codes(result)
    assert _names(result) >= TIMING | LENGTH


def test_slow_motion_is_asked_for_and_stops_times_only(
    walker: Walker, film: Film, facts: Facts
) -> None:
    raw = film(walker(rate_hz=120.0))
    result = analyse_walk(raw.assign_coords(time=raw["time"] * 2), facts=facts())
    assert "slow_motion" in _codes(result)
    assert result.quality.blocked == {"timing", "findings"}
    assert not _names(result) & (TIMING | LENGTH)
    assert _names(result) >= ANGLE


@pytest.mark.parametrize(
    ("cadence", "height_m", "asked"),
    [(154, 1.05, False), (154, None, False), (154, 1.7, True), (195, 1.2, True)],
)
def test_the_cadence_of_a_small_child_is_no_slow_motion(
    walker: Walker,
    film: Film,
    facts: Facts,
    cadence: float,
    height_m: float | None,
    asked: bool,
) -> None:
    """A child of four takes 154 steps/min; an adult only on a film that runs fast."""
    walked = walker(stride_time_s=120.0 / cadence, stride_length_m=0.7)
    result = analyse_walk(
        film(walked), facts=facts(size=ScaleInput(subject_height_m=height_m))
    )
    assert ("slow_motion" in _codes(result)) is asked
    assert ("cadence" in _names(result)) is not asked


def test_four_times_too_slow_leaves_no_stride_and_still_asks(
    walker: Walker, film: Film, facts: Facts
) -> None:
    raw = film(walker(rate_hz=240.0, duration_s=4.0))
    result = analyse_walk(raw.assign_coords(time=raw["time"] * 4), facts=facts())
    assert _codes(result)[0] == "slow_motion"
    assert result.stride_values == ()


def test_a_given_speed_factor_answers_the_question(
    walker: Walker, film: Film, facts: Facts
) -> None:
    virtual = walker(stride_time_s=2.2, stride_length_m=0.7, duration_s=9.0)
    timing = Timing(
        source="pts", rate_hz=60.0, duration_s=9.0, frames=541, speed_source="user"
    )
    asked = analyse_walk(film(virtual, width_px=4000), facts=facts())
    answered = analyse_walk(film(virtual, width_px=4000), facts=facts(timing=timing))
    assert "slow_motion" in _codes(asked)
    assert "slow_motion" not in _codes(answered)
    assert "cadence" in _names(answered)


def test_too_few_strides_stop_findings_and_none_stop_everything(
    walker: Walker, film: Film, facts: Facts
) -> None:
    few = analyse_walk(film(walker(duration_s=2.6)), facts=facts())
    assert "too_few_strides" in _codes(few)
    assert few.quality.blocked == {"findings"}
    none = analyse_walk(film(walker(duration_s=1.2)), facts=facts())
    assert none.quality.blocked >= {"timing", "length", "angle", "findings"}


def _person(**chosen: object) -> PersonChoice:
    candidate = PersonCandidate(
        number=1,
        score=0.6,
        start_s=0.0,
        end_s=5.0,
        path_heights=3.0,
        duration_s=5.0,
        upright=1.0,
        size=0.5,
        completeness=1.0,
        frame=10,
        box=(0.0, 0.0, 100.0, 300.0),
    )
    return PersonChoice(
        **{
            "chosen": 1,
            "method": "scored",
            "ambiguous": False,
            "candidates": (candidate,),
            **chosen,
        }
    )


@pytest.mark.parametrize(
    ("chosen", "code", "blocked"),
    [
        ({"ambiguous": True}, "person_ambiguous", {"findings"}),
        ({"identity_jumps": 2}, "identity_jumps", set()),
        ({"swaps_unclear": 60}, "legs_exchanged", {"findings"}),
    ],
)
def test_doubts_about_the_person_are_passed_on(
    walker: Walker, film: Film, facts: Facts, chosen: Any, code: str, blocked: set[str]
) -> None:
    result = analyse_walk(film(walker()), facts=facts(person=_person(**chosen)))
    assert code in _codes(result)
    assert result.quality.blocked == blocked


def test_the_reason_for_a_block_is_found_by_kind() -> None:
    no_scale = Gate(reason=reason("no_scale"), blocks=frozenset({"length"}))
    quality = WalkQuality(gates=(Gate(reason=reason("standing")), no_scale))
    assert quality.why_blocked("timing") is None
    assert quality.why_blocked("timing", "length") == no_scale.reason
    assert quality.as_quality().status == "limited"
    assert [r.code for r in quality.as_quality().reasons] == ["standing", "no_scale"]


def test_all_blocks_every_kind() -> None:
    gate = Gate(reason=reason("no_walk"), blocks=frozenset({"all"}))
    quality = WalkQuality(gates=(gate,))
    assert quality.status == "refused"
    assert quality.why_blocked("angle") == gate.reason
    assert quality.why_blocked() == gate.reason


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"min_rate_hz": 0.0}, r"quality\.min_rate_hz must be above 0, got 0"),
        (
            {"min_strides": 9},
            r"quality\.min_strides must not exceed quality\.few_strides, got 9 and 5",
        ),
    ],
)
def test_limits_that_contradict_are_refused(
    limits: dict[str, float], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        QualityLimits(**limits)
