"""The wide world: uneven pelvises, skin, answers below 1, seats; truth says all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gaitkit.model.side import Side
from gaitkit_virtual.standing.parameters import StandingParameters
from gaitkit_virtual.standing.people import (
    NARROW_WORLD,
    WIDE_WORLD,
    PeopleSpread,
    draw_person,
    skin_moved,
    take_stance,
)
from gaitkit_virtual.standing.stance import stand
from gaitkit_virtual.stickers import pelvis_stickers

PERSON = StandingParameters(height_m=1.75, sway_mm=0.0)


def height(person: StandingParameters, role: str = "hip") -> float:
    stance = stand(person, frames=1, rate_hz=1.0)
    return float(stance.height_difference_mm(role)[0])  # type: ignore[arg-type]


def test_a_pelvis_follows_a_block_by_its_share_and_the_legs_by_theirs() -> None:
    person = replace(
        PERSON, shank_difference_mm=10.0, pelvis_share=0.8, block_share=0.65
    )
    bare = height(person)
    assert bare == pytest.approx(8.0, abs=0.15)
    raised = height(replace(person, block_right_mm=12.0))
    assert bare - raised == pytest.approx(0.65 * 12, abs=0.15)


def test_a_share_left_out_is_that_of_the_legs() -> None:
    one = replace(PERSON, block_left_mm=10.0, pelvis_share=0.7)
    assert height(one) == pytest.approx(height(replace(one, block_share=0.7)), abs=1e-6)


def test_an_uneven_pelvis_shows_at_its_points_and_not_at_the_hips() -> None:
    person = replace(PERSON, asis_difference_mm=6.0, psis_difference_mm=-3.0)
    assert height(person) == pytest.approx(0.0, abs=1e-6)
    tilt = np.cos(np.radians(person.pelvic_tilt_deg))
    assert height(person, "asis") == pytest.approx(6.0 * tilt, abs=1e-6)
    assert height(person, "psis") == pytest.approx(-3.0 * tilt, abs=1e-6)


def test_a_seat_shows_the_pelvis_without_legs_and_blocks() -> None:
    person = replace(
        PERSON,
        posture="seated",
        shank_difference_mm=20.0,
        asis_difference_mm=6.0,
        seat_difference_mm=2.0,
    )
    # the pelvis turns about its own tilted axis
    assert height(person) == pytest.approx(2.0, abs=0.05)
    even = replace(person, seat_difference_mm=0.0)
    tilt = np.cos(np.radians(person.tilt_deg))
    assert height(even, "asis") == pytest.approx(6.0 * tilt, abs=1e-6)
    stance = stand(person, frames=1, rate_hz=1.0)
    knee = stance.markers["position"].sel(keypoint="LKJC", space="z").item()
    hip = stance.markers["position"].sel(keypoint="LHJC", space="z").item()
    assert 0.05 < hip - knee < 0.25


def test_hips_are_as_wide_as_asked() -> None:
    stance = stand(replace(PERSON, hip_width_m=0.21), frames=1, rate_hz=1.0)
    position = stance.markers["position"]
    apart = position.sel(keypoint="LHJC") - position.sel(keypoint="RHJC")
    assert float(np.sqrt((apart**2).sum())) == pytest.approx(0.21, abs=1e-6)


def test_people_of_the_wide_world_differ_as_bones_do() -> None:
    people = [draw_person(n, seed=4, spread=WIDE_WORLD).standing for n in range(1, 601)]
    whole = np.array([p.leg_length_difference_mm for p in people])
    thigh = np.array([p.thigh_difference_mm for p in people])
    assert np.cov(thigh, whole)[0, 1] / whole.var() == pytest.approx(0.58, abs=0.05)
    asis = np.array([p.asis_difference_mm for p in people])
    assert asis.std() == pytest.approx(np.hypot(2.3, 2.6), rel=0.1)
    psis = np.array([p.psis_difference_mm for p in people])
    assert np.corrcoef(asis, psis)[0, 1] == pytest.approx(
        2.3**2 / (np.hypot(2.3, 2.6) * np.hypot(2.3, 4.0)), abs=0.12
    )
    answers = np.array([p.block_share for p in people], float)
    assert answers.mean() == pytest.approx(0.65, abs=0.02)
    assert answers.std() == pytest.approx(0.14, abs=0.02)
    hips = np.array([p.hip_width_m for p in people], float)
    assert 0.155 <= hips.min() < 0.165
    assert 0.215 < hips.max() <= 0.225


def test_the_narrow_world_is_the_first_one() -> None:
    assert PeopleSpread() == NARROW_WORLD
    person = draw_person(3, seed=0, spread=NARROW_WORLD).standing
    assert person.block_share is None
    assert person.asis_difference_mm == 0
    assert take_stance(person, seed=(0, 1), spread=NARROW_WORLD).stands_mm == 0


def test_each_stance_is_another_one_by_the_stance_noise() -> None:
    stood = [
        take_stance(PERSON, seed=(1, n), spread=WIDE_WORLD).stands_mm
        for n in range(400)
    ]
    assert np.std(stood) == pytest.approx(2.0, rel=0.12)
    assert height(replace(PERSON, stands_mm=3.0)) == pytest.approx(3.0, abs=0.06)


def test_skin_moves_stickers_of_the_pelvis_each_for_itself() -> None:
    worn = pelvis_stickers("asis", "green")
    moved = [skin_moved(worn, seed=(9, n), sd_mm=1.0) for n in range(300)]
    up = np.array([[s.skin_up_mm for s in pair] for pair in moved])
    assert up.std() == pytest.approx(1.0, rel=0.1)
    assert abs(np.corrcoef(up.T)[0, 1]) < 0.25
    assert {s.side for s in moved[0]} == set(Side)
    assert all(s.up_mm == 0 for pair in moved for s in pair)
