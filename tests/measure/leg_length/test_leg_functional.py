"""What beside the bones makes a leg act shorter, and by how much."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gaitkit.measure.examination import measure_examination
from gaitkit.measure.leg_length.evidence import manual_evidence
from gaitkit.measure.leg_length.functional import (
    explained_mm,
    functional_parts,
    knee_shortening_mm,
)
from gaitkit.measure.leg_length.readings import hand_readings
from gaitkit.model.side import Side
from gaitkit.model.subject import Subject
from gaitkit.model.visit import (
    Examination,
    FootExamination,
    FootPosture,
    PelvisFindings,
    TapeReading,
)

if TYPE_CHECKING:
    from gaitkit.model.leg_length import FunctionalPart

TALL = Subject(height_m=1.72)


def found_in(
    examination: Examination, subject: Subject = TALL
) -> tuple[FunctionalPart, ...]:
    return functional_parts(
        measure_examination(examination),
        examination,
        subject=subject,
        evidence=manual_evidence(hand_readings(examination)),
    )


def legs(left: FootExamination, right: FootExamination) -> Examination:
    return Examination(left=left, right=right)


def posture(score: int) -> FootPosture:
    items = [2] * (score // 2) + [0] * (6 - score // 2)
    return FootPosture(
        talar_head=items[0],
        malleolar_curves=items[1],
        calcaneus=items[2],
        talonavicular=items[3],
        medial_arch=items[4],
        forefoot=items[5],
    )


def test_ten_degrees_of_eversion_explain_four_millimetres() -> None:
    (part,) = found_in(
        legs(
            FootExamination(rearfoot_eversion_deg=12.0),
            FootExamination(rearfoot_eversion_deg=2.0),
        )
    )
    assert part.cause == "pronation_difference"
    assert part.value_mm == pytest.approx(-4.3, abs=0.05)  # the left leg acts shorter
    assert part.sd_mm is not None
    assert 1.7 < part.sd_mm < 3.0
    assert "4,3 mm" in part.text.nl
    assert "left leg act about 4.3 mm shorter" in part.text.en


def test_the_surest_source_of_the_rearfoot_angle_counts() -> None:
    examination = legs(
        FootExamination(rearfoot_eversion_deg=12.0),
        FootExamination(rearfoot_eversion_deg=2.0),
    )
    rows = measure_examination(examination)
    stickers = [
        replace(
            row,
            value=4.0 if row.side is Side.LEFT else 3.0,
            sd=0.3,
            method="stance_stickers",
            recording="stance_1",
        )
        for row in rows
        if row.name == "rearfoot_angle_stance"
    ]
    (part,) = functional_parts((*rows, *stickers), examination, subject=TALL)
    assert part.value_mm == pytest.approx(-0.433, abs=0.01)


def test_a_foot_posture_alone_gives_no_millimetres() -> None:
    (part,) = found_in(
        legs(
            FootExamination(foot_posture=posture(8)),
            FootExamination(foot_posture=posture(2)),
        )
    )
    assert (part.cause, part.value_mm) == ("pronation_difference", None)
    assert "FPI-6 left 8, right 2" in part.text.en
    assert (
        found_in(
            legs(
                FootExamination(foot_posture=posture(4)),
                FootExamination(foot_posture=posture(2)),
            )
        )
        == ()
    )


def test_a_bent_knee_brings_hip_and_ankle_closer() -> None:
    assert knee_shortening_mm(0.0, height_m=1.72) == pytest.approx(0.0)
    # two nearly equal segments: half the angle at each, 844.5 mm (1 - cos 7.5 deg)
    assert knee_shortening_mm(15.0, height_m=1.72) == pytest.approx(
        844.5 * (1.0 - math.cos(math.radians(7.5))), abs=0.01
    )


def test_a_knee_contracture_has_a_number_only_with_the_height() -> None:
    examination = legs(
        FootExamination(knee_extension_deficit_deg=0.0),
        FootExamination(knee_extension_deficit_deg=15.0),
    )
    (part,) = found_in(examination)
    assert part.value_mm == pytest.approx(7.2, abs=0.1)  # the right leg acts shorter
    (without,) = found_in(examination, Subject())
    assert (without.cause, without.value_mm) == ("knee_contracture", None)


def test_a_small_deficit_is_within_the_error_of_a_goniometer() -> None:
    assert (
        found_in(
            legs(FootExamination(knee_extension_deficit_deg=4.0), FootExamination())
        )
        == ()
    )


def test_a_hip_contracture_is_said_without_a_number() -> None:
    (part,) = found_in(
        legs(FootExamination(hip_extension_deficit_deg=10.0), FootExamination())
    )
    assert (part.cause, part.value_mm) == ("hip_contracture", None)


@pytest.mark.parametrize(
    ("pelvis", "causes"),
    [
        (PelvisFindings(standing="left", lying="equal"), ["equal_lying_down"]),
        (PelvisFindings(standing="left", lying="right"), ["opposite_lying_down"]),
        (PelvisFindings(standing="left", lying="left"), []),
        (PelvisFindings(standing="level", lying="right"), ["unequal_only_lying"]),
        (PelvisFindings(standing="level", lying="equal"), []),
        (
            PelvisFindings(standing="right", neutral_feet="level", sitting="right"),
            ["level_with_neutral_feet", "tilt_when_sitting"],
        ),
        (PelvisFindings(neutral_feet="level", lying="equal"), []),
    ],
)
def test_patterns_of_standing_sitting_and_lying_are_named(
    pelvis: PelvisFindings, causes: list[str]
) -> None:
    parts = found_in(Examination(pelvis=pelvis))
    assert [part.cause for part in parts] == causes
    assert all(part.value_mm is None for part in parts)


def test_the_apparent_length_is_compared_with_the_true_one() -> None:
    def tape(start: str, left: float, right: float) -> tuple[TapeReading, ...]:
        return tuple(
            TapeReading(side=side, length_mm=length, start=start)  # type: ignore[arg-type]
            for side, length in ((Side.LEFT, left), (Side.RIGHT, right))
        )

    (part,) = found_in(
        Examination(tape=(*tape("asis", 880, 878), *tape("umbilicus", 960, 948)))
    )
    assert (part.cause, part.value_mm) == ("apparent_length", 10.0)
    assert explained_mm([part]) is None  # it is no effect of foot or knee


def test_what_has_numbers_adds_up() -> None:
    parts = found_in(
        legs(
            FootExamination(
                rearfoot_eversion_deg=12.0, knee_extension_deficit_deg=15.0
            ),
            FootExamination(rearfoot_eversion_deg=2.0),
        )
    )
    both = explained_mm(parts)
    assert both is not None
    assert both[0] == pytest.approx(-4.33 - 7.22, abs=0.05)
    sds = [part.sd_mm or 0.0 for part in parts]
    assert both[1] == pytest.approx(math.hypot(*sds))
    assert explained_mm([]) is None
