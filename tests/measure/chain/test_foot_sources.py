"""Sources about one foot agree, disagree, or are too unsure to say anything."""

from __future__ import annotations

import pytest

from gaitkit.measure.rearfoot.agreement import foot_agreement, pronation
from gaitkit.model.catalogue import definition
from gaitkit.model.measurement import Measurement
from gaitkit.model.side import Side


def row(
    name: str, value: float, sd: float, method: str = "stickers, mean over steps"
) -> Measurement:
    return Measurement(
        name=name,
        unit=definition(name).unit,
        value=value,
        sd=sd,
        side=Side.LEFT,
        n=6,
        method=method,
        unconfirmed=method.startswith("stickers"),
    )


def test_keypoints_of_a_video_alone_say_nothing_about_the_foot() -> None:
    keypoints = row("frontal_plane_projection_angle_peak", 8.0, 3.0, "video")
    found = foot_agreement([keypoints], Side.LEFT)
    assert (found.state, found.posture) == ("not_measured", "unclear")
    assert "body points of a video alone cannot" in found.text.en
    assert pronation([keypoints], Side.LEFT) is None


def test_stickers_and_posture_that_say_the_same_agree() -> None:
    found = foot_agreement(
        [row("rearfoot_eversion_peak", 11.0, 1.5), row("foot_posture_index", 9.0, 1.0)],
        Side.LEFT,
    )
    assert (found.state, found.posture) == ("agree", "pronated")
    assert "geproneerd" in found.text.nl
    assert found.unconfirmed


def test_a_pronated_posture_with_a_neutral_walk_is_a_disagreement() -> None:
    found = foot_agreement(
        [row("rearfoot_eversion_peak", 3.6, 0.8), row("foot_posture_index", 9.0, 1.0)],
        Side.LEFT,
    )
    assert (found.state, found.posture) == ("disagree", "unclear")
    assert "spreken elkaar tegen" in found.text.nl


def test_one_source_that_is_sure_is_said_to_be_alone() -> None:
    found = foot_agreement([row("foot_posture_index", -4.0, 1.0, "hand")], Side.LEFT)
    assert (found.state, found.posture) == ("one_source", "supinated")
    assert not found.unconfirmed


def test_a_wide_error_makes_a_source_unclear() -> None:
    found = foot_agreement([row("rearfoot_eversion_peak", 6.5, 3.0)], Side.LEFT)
    assert (found.state, found.posture) == ("unclear", "unclear")


def test_a_small_excursion_of_the_centre_of_pressure_is_pronation() -> None:
    name = "center_of_pressure_excursion_index"
    assert pronation([row(name, -5.0, 2.0, "plate")], Side.LEFT) == pytest.approx(
        1.0, abs=0.01
    )
    assert pronation([row(name, 20.0, 2.0, "plate")], Side.LEFT) == pytest.approx(
        0.0, abs=0.01
    )


def test_the_other_foot_does_not_count() -> None:
    assert (
        foot_agreement([row("foot_posture_index", 9.0, 1.0)], Side.RIGHT).opinions == ()
    )
