"""Every measure of a walk appears, with its error or with the reason why not."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitkit.errors import CatalogueError
from gaitkit.measure.conditions import WalkConditions
from gaitkit.measure.summary import LIMITED_FACTOR, summarise
from gaitkit.measure.walk import measure_walk
from gaitkit.model.catalogue import definition, definitions
from gaitkit.model.reason import Quality, reason
from gaitkit.model.recording import Calibration, Recording
from gaitkit.model.side import Side
from gaitkit.model.strides import BlockedKind, StrideValue
from gaitkit.signal.passes import WalkPass

if TYPE_CHECKING:
    from gaitkit.model.measurement import Measurement

calm = settings(deadline=None, derandomize=True, max_examples=40)
SIDE_VIEW = Recording(
    id="walk",
    kind="video",
    sha256="0",
    view="sagittal_left",
    calibration=Calibration(
        method="subject_height", m_per_px=0.003, relative_sd=0.02
    ),
)  # fmt: skip
MARKERS = Recording(
    id="lab", kind="markers", sha256="0", calibration=Calibration(method="file")
)


def strides(
    name: str, *numbers: float, side: Side | None = Side.LEFT, sd: float | None = None
) -> list[StrideValue]:
    return [
        StrideValue(name=name, value=number, start_s=1.1 * k, side=side, sd=sd)
        for k, number in enumerate(numbers)
    ]


def one(
    found: tuple[Measurement, ...],
    name: str,
    *,
    side: Side | None = Side.LEFT,
    region: str | None = None,
) -> Measurement:
    rows = [m for m in found if (m.name, m.side, m.region) == (name, side, region)]
    assert len(rows) == 1
    return rows[0]


def why(
    recording: Recording, name: str, blocked: tuple[BlockedKind, ...] = ()
) -> str | None:
    entry = definition(name)
    side = Side.LEFT if entry.sided else None
    values = strides(name, entry.plausible[1] / 2, side=side)
    found = measure_walk(values, recording=recording, blocked=blocked)
    missing = one(found, name, side=side).why_missing
    return missing.code if missing else None


def test_the_value_is_the_mean_and_the_spread_that_of_the_strides() -> None:
    found = measure_walk(
        strides("knee_flexion_swing_peak", 58.0, 60.0, 62.0), recording=SIDE_VIEW
    )
    knee = one(found, "knee_flexion_swing_peak")
    assert knee.value == pytest.approx(60.0)
    assert knee.spread == pytest.approx(2.0)
    assert knee.n == 3
    assert knee.method == "video, mean over strides"
    assert knee.recording == "walk"


def test_the_error_holds_strides_method_and_scale() -> None:
    entry = definition("step_length")
    error = entry.error("video")
    assert error is not None
    assert entry.stride_spread is not None
    found = measure_walk(
        strides("step_length", *[0.68, 0.72] * 50), recording=SIDE_VIEW
    )
    step = one(found, "step_length")
    assert step.sd is not None
    assert step.spread is not None
    chance = step.spread**2 / 100
    scale = (0.02 * 0.70) ** 2
    assert step.sd == pytest.approx(math.sqrt(chance + scale + error.sd**2), rel=0.01)
    assert step.low is not None
    assert step.high is not None
    assert step.low < 0.70 - 1.9 * step.sd < 0.70 + 1.9 * step.sd < step.high


def test_the_noise_of_single_values_counts_when_strides_are_few() -> None:
    quiet = measure_walk(strides("stance", 61.0, 62.0), recording=SIDE_VIEW)
    noisy = measure_walk(strides("stance", 61.0, 62.0, sd=6.0), recording=SIDE_VIEW)
    assert one(noisy, "stance").sd > 1.5 * one(quiet, "stance").sd


def test_the_leg_away_from_the_camera_has_the_larger_error() -> None:
    values = strides("knee_flexion_swing_peak", 60.0, 61.0, 62.0) + strides(
        "knee_flexion_swing_peak", 60.0, 61.0, 62.0, side=Side.RIGHT
    )
    found = measure_walk(values, recording=SIDE_VIEW)
    near = one(found, "knee_flexion_swing_peak")
    far = one(found, "knee_flexion_swing_peak", side=Side.RIGHT)
    assert far.sd > 1.3 * near.sd


def test_walking_there_and_back_makes_both_legs_equally_good() -> None:
    there = WalkPass(
        number=0, start_s=0.0, end_s=2.0, direction=(1.0,), kind="overground",
        speed=1.0, starts="edge", ends="edge",
    )  # fmt: skip
    back = dataclasses.replace(
        there, number=1, start_s=2.1, end_s=5.0, direction=(-1.0,)
    )
    values = [
        value
        for side in Side
        for value in strides(
            "knee_flexion_swing_peak", 60.0, 61.0, 60.0, 61.0, side=side
        )
    ]
    found = measure_walk(values, recording=SIDE_VIEW, passes=(there, back))
    left = one(found, "knee_flexion_swing_peak")
    right = one(found, "knee_flexion_swing_peak", side=Side.RIGHT)
    assert left.sd == pytest.approx(right.sd)


def test_in_a_mirror_left_and_right_change_places() -> None:
    lefts, rights = (60.0, 63.0, 61.0), (55.0, 57.0, 53.0)
    seen = measure_walk(
        strides("knee_flexion_swing_peak", *lefts)
        + strides("knee_flexion_swing_peak", *rights, side=Side.RIGHT),
        recording=SIDE_VIEW,
    )
    mirrored = measure_walk(
        strides("knee_flexion_swing_peak", *rights)
        + strides("knee_flexion_swing_peak", *lefts, side=Side.RIGHT),
        recording=dataclasses.replace(SIDE_VIEW, view="sagittal_right"),
    )
    for side in Side:
        here = one(seen, "knee_flexion_swing_peak", side=side)
        there = one(mirrored, "knee_flexion_swing_peak", side=side.other)
        assert dataclasses.replace(here, side=side.other) == there


def test_a_measure_of_the_person_takes_the_strides_of_both_feet() -> None:
    values = strides("double_support", 24.0, 25.0) + strides(
        "double_support", 26.0, 25.0, side=Side.RIGHT
    )
    found = one(measure_walk(values, recording=SIDE_VIEW), "double_support", side=None)
    assert found.value == pytest.approx(25.0)
    assert found.n == 4


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("contralateral_pelvic_drop_peak", "needs_skin_markers"),
        ("pelvic_obliquity_mean", "needs_skin_markers"),
        ("hip_adduction_stance_peak", "view_cannot_show"),
        ("step_width", "view_cannot_show"),
        ("pelvic_tilt_mean", "not_from_video"),
        ("rearfoot_eversion_peak", "not_from_video"),
        ("foot_progression_angle", "not_from_video"),
        ("stance", None),
        ("step_length", None),
    ],
)
def test_a_side_view_says_what_it_cannot_show(name: str, code: str | None) -> None:
    assert why(SIDE_VIEW, name) == code


def test_the_refusal_names_the_view_in_both_languages() -> None:
    found = measure_walk([], recording=SIDE_VIEW)
    missing = one(found, "trunk_lateral_lean_peak").why_missing
    assert missing is not None
    assert missing.text.nl == "Van opzij is deze maat niet te zien."
    assert missing.advice.nl == "Neem hiervoor op van achteren of voren."
    assert missing.advice.en == "Record from behind or the front for this measure."


def test_without_a_scale_lengths_stay_empty_and_times_go_on() -> None:
    bare = dataclasses.replace(SIDE_VIEW, calibration=Calibration())
    assert why(bare, "step_length") == "no_scale"
    assert why(bare, "walking_speed") == "no_scale"
    assert why(bare, "stance") is None
    assert why(bare, "knee_flexion_swing_peak") is None


def test_a_scale_of_unknown_error_gives_no_length() -> None:
    vague = dataclasses.replace(
        SIDE_VIEW, calibration=Calibration(method="known_length", m_per_px=0.003)
    )
    assert why(vague, "step_length") == "error_unknown"
    assert why(vague, "stance") is None


def test_a_gate_stops_what_depends_on_it_and_nothing_else() -> None:
    gate = reason("camera_too_slow", rate=10, limit=25)
    blocked = (BlockedKind(kind="timing", reason=gate),)
    assert why(SIDE_VIEW, "stance", blocked) == "camera_too_slow"
    assert why(SIDE_VIEW, "walking_speed", blocked) == "camera_too_slow"
    assert why(SIDE_VIEW, "knee_flexion_range", blocked) is None
    assert why(SIDE_VIEW, "trunk_lateral_lean_peak", blocked) == "view_cannot_show"


def test_a_refused_recording_gives_no_value_at_all() -> None:
    quality = Quality(status="refused", reasons=(reason("no_walk"),))
    refused = dataclasses.replace(SIDE_VIEW, quality=quality)
    values = strides("stance", 61.0, 62.0) + strides("step_length", 0.7, 0.7)
    found = measure_walk(values, recording=refused)
    assert found
    assert all(m.value is None for m in found)
    assert one(found, "stance").why_missing == reason("no_walk")


def test_a_value_no_person_can_have_is_left_out_with_its_number() -> None:
    found = measure_walk(strides("step_length", 2.9, 3.1), recording=SIDE_VIEW)
    missing = one(found, "step_length").why_missing
    assert missing is not None
    assert missing.code == "implausible_value"
    assert "3.00 m" in missing.text.nl
    assert "-0.4 to 1.4" in missing.text.en


def limited(code: str, **numbers: object) -> Recording:
    quality = Quality(status="limited", reasons=(reason(code, **numbers),))
    return dataclasses.replace(SIDE_VIEW, quality=quality)


def widening(recording: Recording, name: str, value: float) -> float:
    values = strides(name, value, value)
    plain = one(measure_walk(values, recording=SIDE_VIEW), name)
    wide = one(measure_walk(values, recording=recording), name)
    assert plain.sd is not None
    assert wide.sd is not None
    assert wide.quality == ("ok" if wide.sd == plain.sd else "limited")
    return wide.sd / plain.sd


def test_a_slow_camera_widens_times_and_not_angles() -> None:
    slow = limited("camera_slow", rate=30, limit=50)
    assert widening(slow, "stance", 61.0) == pytest.approx(LIMITED_FACTOR)
    assert widening(slow, "knee_flexion_swing_peak", 60.0) == 1.0


def test_an_oblique_walk_widens_angles_and_lengths_and_not_times() -> None:
    oblique = limited("oblique_view", percent=12)
    assert widening(oblique, "step_length", 0.7) == pytest.approx(LIMITED_FACTOR)
    assert widening(oblique, "knee_flexion_swing_peak", 60.0) > 1.0
    assert widening(oblique, "stance", 61.0) == 1.0


def test_few_strides_widen_by_their_number_and_not_once_more() -> None:
    few = limited("few_strides", found=3, needed=5)
    values = strides("stance", 61.0, 61.0)
    plain = one(measure_walk(values, recording=SIDE_VIEW), "stance")
    found = one(measure_walk(values, recording=few), "stance")
    assert found.sd == plain.sd
    assert (plain.quality, found.quality) == ("ok", "limited")


def test_an_unclear_person_widens_everything() -> None:
    unclear = limited("person_ambiguous")
    assert widening(unclear, "stance", 61.0) == pytest.approx(LIMITED_FACTOR)
    assert widening(unclear, "step_length", 0.7) == pytest.approx(LIMITED_FACTOR)


def test_markers_show_all_planes() -> None:
    for name in ("pelvic_tilt_mean", "contralateral_pelvic_drop_peak", "step_width"):
        assert why(MARKERS, name) is None


def test_keypoints_in_metres_count_as_markers_and_pixels_as_video() -> None:
    in_pixels = dataclasses.replace(SIDE_VIEW, kind="pose")
    in_metres = dataclasses.replace(MARKERS, kind="pose")
    assert why(in_pixels, "pelvic_tilt_mean") == "not_from_video"
    assert why(in_metres, "pelvic_tilt_mean") is None


def test_keypoints_in_metres_show_no_more_of_the_pelvis_than_those_in_pixels() -> None:
    in_metres = dataclasses.replace(MARKERS, kind="pose")
    for name in ("pelvic_obliquity_mean", "contralateral_pelvic_drop_peak"):
        assert why(in_metres, name) == "needs_skin_markers"
        assert why(MARKERS, name) is None
    from_behind = dataclasses.replace(SIDE_VIEW, view="posterior")
    values = strides("contralateral_pelvic_drop_peak", 4.0, 5.0)
    missing = one(
        measure_walk(values, recording=from_behind), "contralateral_pelvic_drop_peak"
    )
    assert missing.value is None
    assert missing.why_missing is not None
    assert missing.why_missing.text.nl.startswith("Lichaamspunten zonder stickers")
    assert "PSIS" in missing.why_missing.advice.en


def test_a_measure_without_known_error_is_not_given() -> None:
    entry = dataclasses.replace(definition("cadence"), errors=())
    found = summarise(
        strides("cadence", 110.0, 112.0, side=None),
        entry=entry,
        side=None,
        conditions=WalkConditions(recording=MARKERS),
    )
    assert found.value is None
    assert found.why_missing is not None
    assert found.why_missing.code == "error_unknown"


@pytest.mark.parametrize(
    ("inside", "quality"), [(None, "ok"), (0.90, "ok"), (0.89, "limited")]
)
def test_a_measure_whose_interval_held_too_rarely_bears_a_mark(
    inside: float | None, quality: str
) -> None:
    known = definition("cadence").error("markers")
    assert known is not None
    entry = dataclasses.replace(
        definition("cadence"), errors=(dataclasses.replace(known, inside=inside),)
    )
    found = summarise(
        strides("cadence", 110.0, 112.0, side=None),
        entry=entry,
        side=None,
        conditions=WalkConditions(recording=MARKERS),
    )
    assert found.quality == quality
    unmarked = summarise(
        strides("cadence", 110.0, 112.0, side=None),
        entry=definition("cadence"),
        side=None,
        conditions=WalkConditions(recording=MARKERS),
    )
    assert (found.low, found.high) == (unmarked.low, unmarked.high)


def test_every_walking_measure_appears_once_for_each_side() -> None:
    found = measure_walk([], recording=SIDE_VIEW)
    for entry in definitions():
        if entry.group in {"spatiotemporal", "kinematic"} and not entry.regions:
            sides = {m.side for m in found if m.name == entry.name}
            assert sides == ({Side.LEFT, Side.RIGHT} if entry.sided else {None})
    assert all(m.value is None and m.why_missing for m in found)
    indexes = [m.region for m in found if m.name == "symmetry_index"]
    assert tuple(indexes) == definition("symmetry_index").regions


def test_the_symmetry_index_stands_beside_the_two_sides() -> None:
    values = strides("step_length", 0.72, 0.72, 0.72) + strides(
        "step_length", 0.68, 0.68, 0.68, side=Side.RIGHT
    )
    found = measure_walk(values, recording=SIDE_VIEW)
    index = one(found, "symmetry_index", side=None, region="step_length")
    assert index.value == pytest.approx(100 * 0.04 / 0.70)
    absent = one(found, "symmetry_index", side=None, region="stance")
    assert absent.why_missing == reason("no_stride_value")


def test_a_name_outside_the_catalogue_is_refused() -> None:
    with pytest.raises(CatalogueError, match="did you mean 'stance'"):
        measure_walk(strides("stanse", 60.0), recording=SIDE_VIEW)


@calm
@given(
    numbers=st.lists(st.floats(40.0, 80.0), min_size=1, max_size=30),
    factor=st.floats(1.0, 3.0),
)
def test_the_interval_holds_the_mean_and_widens_with_the_spread(
    numbers: list[float], factor: float
) -> None:
    mean = math.fsum(numbers) / len(numbers)
    wider = [mean + factor * (number - mean) for number in numbers]
    here = one(measure_walk(strides("stance", *numbers), recording=MARKERS), "stance")
    there = one(measure_walk(strides("stance", *wider), recording=MARKERS), "stance")
    if here.value is not None and there.value is not None:
        assert here.low < here.value < here.high
        assert there.sd >= here.sd * (1 - 1e-12)
