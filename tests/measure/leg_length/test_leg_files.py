"""Real marker files of children with equal legs by tape, and the visit file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gaitkit.errors import InputError
from gaitkit.io.visit import read_visit
from gaitkit.model.visit import RecordingInput, Visit
from gaitkit.pipeline.assess import assess

if TYPE_CHECKING:
    from pathlib import Path

STATIC = (
    "HC002D02_Static.c3d",
    "HC030A01_Static.c3d",
    "HC033A01_Static.c3d",
    "HC044A01_Static.c3d",
)


@pytest.mark.parametrize("name", STATIC)
def test_markers_apart_on_legs_equal_by_tape_are_no_finding(
    shared_data: Path, name: str
) -> None:
    file = shared_data / "markers" / "biomechzoo" / name
    found = assess(Visit(recordings=(RecordingInput(file=file),)))
    legs = found.leg_length
    assert legs is not None
    says = {method.method: method for method in legs.methods}
    assert says["tape"].value_mm == pytest.approx(0.0, abs=0.1)
    assert abs(legs.mean_mm) < 2.5
    assert legs.low_mm < -5.0 < 5.0 < legs.high_mm
    assert legs.p_over_5 < 0.5
    assert not [s for s in found.plan.suggestions if s.kind == "heel_raise"]


def test_a_walk_by_markers_of_a_child_is_no_finding(shared_data: Path) -> None:
    file = shared_data / "markers" / "biomechzoo" / "HC030A05_Straight.c3d"
    legs = assess(Visit(recordings=(RecordingInput(file=file),))).leg_length
    assert legs is not None
    assert legs.p_over_5 < 0.5
    assert legs.low_mm < 0.0 < legs.high_mm


def visit_with(folder: Path, text: str) -> Path:
    file = folder / "visit.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_visit_file_holds_imaging_findings_and_causes(tmp_path: Path) -> None:
    visit = read_visit(
        visit_with(
            tmp_path,
            """
            [[examination.imaging]]
            method = "ct"
            left_mm = 868
            right_mm = 860
            taken_on = 2026-01-15
            [examination.pelvis]
            standing = "left"
            lying = "equal"
            [examination.acquired_causes]
            cause = "fracture"
            since = 2019-05-01
            [examination.left]
            knee_extension_deficit_deg = 10
            """,
        )
    )
    found = visit.examination
    assert found.imaging[0].left_mm == 868
    assert (found.pelvis.standing, found.pelvis.lying) == ("left", "equal")
    assert found.acquired_causes[0].cause == "fracture"
    assert found.left.knee_extension_deficit_deg == 10


@pytest.mark.parametrize(
    "lengths",
    ["", "left_mm = 868", "difference_mm = 8\nleft_mm = 868\nright_mm = 860"],
)
def test_imaging_without_one_clear_difference_is_refused(
    tmp_path: Path, lengths: str
) -> None:
    file = visit_with(tmp_path, f'[[examination.imaging]]\nmethod = "ct"\n{lengths}')
    with pytest.raises(
        InputError,
        match=r"examination\.imaging\.0': expected difference_mm, or left_mm and",
    ):
        read_visit(file)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (
            '[[examination.imaging]]\nmethod = "ct"\ndifference_mm = 400',
            "difference_mm",
        ),
        ("[examination.left]\nknee_extension_deficit_deg = 200", "knee_extension"),
    ],
)
def test_a_value_that_no_leg_has_is_refused(
    tmp_path: Path, text: str, key: str
) -> None:
    with pytest.raises(InputError, match=key):
        read_visit(visit_with(tmp_path, text))
