"""The catalogue is complete, consistent, and says what the contract promises."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from gaitkit.errors import CatalogueError
from gaitkit.model.catalogue import (
    Kind,
    MeasureDefinition,
    definition,
    definitions,
)
from gaitkit.model.catalogue_page import TITLES, measures_page
from gaitkit.model.recording import View

REPOSITORY = Path(__file__).resolve().parents[2]

CONTRACT = {
    "cadence": "/min",
    "walking_speed": "m/s",
    "stride_time": "s",
    "step_time": "s",
    "stride_length": "m",
    "step_length": "m",
    "step_width": "m",
    "stance": "%",
    "swing": "%",
    "single_support": "%",
    "double_support": "%",
    "foot_progression_angle": "deg",
    "symmetry_index": "%",
    "hip_flexion_peak": "deg",
    "hip_extension_peak": "deg",
    "hip_adduction_stance_peak": "deg",
    "knee_flexion_initial_contact": "deg",
    "knee_flexion_loading_peak": "deg",
    "knee_flexion_stance_min": "deg",
    "knee_flexion_swing_peak": "deg",
    "knee_flexion_range": "deg",
    "ankle_dorsiflexion_stance_peak": "deg",
    "ankle_plantarflexion_push_off_peak": "deg",
    "pelvic_obliquity_mean": "deg",
    "contralateral_pelvic_drop_peak": "deg",
    "pelvic_tilt_mean": "deg",
    "pelvic_rotation_range": "deg",
    "trunk_lateral_lean_peak": "deg",
    "frontal_plane_projection_angle_peak": "deg",
    "rearfoot_eversion_peak": "deg",
    "rearfoot_eversion_peak_time": "%",
    "rearfoot_angle_stance": "deg",
    "gvs": "deg",
    "gps": "deg",
    "structural_leg_length": "mm",
    "structural_leg_length_difference": "mm",
    "functional_leg_length_difference": "mm",
    "dynamic_leg_length_difference": "mm",
    "levelling_block_height": "mm",
    "pelvic_obliquity_standing": "deg",
    "navicular_drop": "mm",
    "tape_leg_length": "mm",
}

DIAGNOSES = re.compile(
    r"trendelenburg|spastic|paresis|parese|hernia|artrose|arthrosis|scoliose|scoliosis"
    r"|platvoet|flatfoot|patholog|abnormal|afwijking van de norm",
    re.IGNORECASE,
)

every_measure = pytest.mark.parametrize("entry", definitions(), ids=lambda e: e.name)


@pytest.mark.parametrize(("name", "unit"), CONTRACT.items())
def test_a_measure_of_the_contract_has_its_unit(name: str, unit: str) -> None:
    assert definition(name).unit == unit


def test_a_wrong_name_is_refused_with_a_hint() -> None:
    with pytest.raises(CatalogueError) as caught:
        definition("step_lenght")
    assert str(caught.value) == (
        "measure 'step_lenght' is not in the catalogue; did you mean 'step_length'?"
    )


@every_measure
def test_an_entry_is_written_out_in_both_languages(entry: MeasureDefinition) -> None:
    assert entry.label.nl[0].isupper() or entry.label.nl[0].isdigit()
    assert entry.definition.nl.endswith(".")
    assert entry.definition.en.endswith(".")
    assert entry.definition.nl != entry.definition.en


@every_measure
def test_an_entry_names_no_diagnosis(entry: MeasureDefinition) -> None:
    words = " ".join(
        (entry.label.nl, entry.label.en, entry.definition.nl, entry.definition.en)
    )
    assert not DIAGNOSES.search(words)


@every_measure
def test_an_angle_with_a_sign_says_which_way_is_positive(
    entry: MeasureDefinition,
) -> None:
    if entry.unit == "deg" and entry.plausible[0] < 0:
        assert "positi" in entry.definition.en
        assert "positief" in entry.definition.nl


@every_measure
def test_the_plausible_range_and_the_errors_are_usable(
    entry: MeasureDefinition,
) -> None:
    low, high = entry.plausible
    assert low < high
    for error in entry.errors:
        assert 0 < error.sd < high - low
        assert error.detectable_change > 0
        assert len(error.source) > 20
    modalities = [error.modality for error in entry.errors]
    assert len(set(modalities)) == len(modalities)


@every_measure
def test_an_error_comes_from_a_study_or_says_that_it_is_assumed(
    entry: MeasureDefinition,
) -> None:
    sources = [error.source for error in entry.errors]
    if entry.stride_spread is not None:
        sources.append(entry.stride_spread.source)
    for source in sources:
        assert re.search(r"\b(19|20)\d\d\b|doi:|assumed", source), source


@every_measure
def test_the_far_leg_is_never_better_than_the_near_one(
    entry: MeasureDefinition,
) -> None:
    near, far = entry.error("video"), entry.error("video_far")
    if near is not None and far is not None:
        assert far.sd > near.sd
        assert far.detectable_change > near.detectable_change


@every_measure
def test_what_a_video_can_show_has_an_error_for_video(
    entry: MeasureDefinition,
) -> None:
    assert bool(entry.views) == (entry.error("video") is not None)
    assert set(entry.views) <= set(get_args(View))


@every_measure
def test_what_is_averaged_over_strides_has_a_usual_spread(
    entry: MeasureDefinition,
) -> None:
    walking = entry.group in {"spatiotemporal", "kinematic"}
    if walking and entry.errors:
        assert entry.stride_spread is not None
        assert entry.stride_spread.sd > 0


@every_measure
def test_a_length_needs_a_scale_and_names_its_kind(entry: MeasureDefinition) -> None:
    assert set(entry.kinds) <= set(get_args(Kind))
    if entry.group == "spatiotemporal":
        assert entry.needs_scale == (entry.unit in {"m", "m/s"})
        assert entry.needs_scale == ("length" in entry.kinds)


def test_a_side_view_shows_nothing_of_the_frontal_plane() -> None:
    frontal = (
        "hip_adduction_stance_peak",
        "trunk_lateral_lean_peak",
        "frontal_plane_projection_angle_peak",
        "step_width",
    )
    for name in frontal:
        assert definition(name).views == ("posterior", "anterior")


def test_keypoints_without_markers_give_nothing_of_the_pelvis_in_walking() -> None:
    held = {e.name for e in definitions() if e.needs_skin_markers is not None}
    assert held == {"pelvic_obliquity_mean", "contralateral_pelvic_drop_peak"}
    for name in held:
        assert definition(name).views == ()
        assert definition(name).error("video") is None
        assert definition(name).error("markers") is not None


def test_the_symmetry_index_compares_sided_measures_only() -> None:
    for name in definition("symmetry_index").regions:
        assert definition(name).sided


def test_the_names_stand_once_and_every_group_has_a_title() -> None:
    names = [entry.name for entry in definitions()]
    assert len(set(names)) == len(names)
    assert {entry.group for entry in definitions()} <= set(TITLES)


def test_the_reference_page_is_current() -> None:
    page = (REPOSITORY / "MEASURES.md").read_text(encoding="utf-8")
    assert page == measures_page(), (
        "renew it: python -m gaitkit.model.catalogue_page > MEASURES.md"
    )


def test_the_reference_page_tells_every_measure_in_full() -> None:
    page = measures_page()
    for entry in definitions():
        assert f"### {entry.name}\n" in page
        assert entry.definition.nl in page
        assert all(error.source in page for error in entry.errors)
