"""A seated picture beside a standing one, drawn, assessed and used by the estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gaitkit.config import Config
from gaitkit.model.subject import Subject
from gaitkit.model.visit import RecordingInput, Visit
from gaitkit.pipeline.assess import assess
from gaitkit.pose.settings import PoseSettings
from gaitkit_virtual.visits.standing import virtual_standing, write_virtual_stance

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.assessment import Assessment
    from gaitkit_virtual.standing.parameters import Posture

DIFFERENCE_MM, UNEVEN_MM = 14.0, 6.0


def taken(folder: Path, posture: Posture) -> RecordingInput:
    """Draw somebody with unequal legs and an uneven pelvis from the front."""
    person = {
        "shank_difference_mm": DIFFERENCE_MM,
        "asis_difference_mm": UNEVEN_MM,
        "posture": posture,
    }
    chosen = virtual_standing({"person": person}, height_m=1.75, view="anterior")
    write_virtual_stance(folder / posture, chosen, seed=1)
    return RecordingInput(
        file=folder / posture / "stance.jpg",
        kind="stance",
        view="anterior",
        posture=posture,
        sticker_colour="green",
    )


@pytest.fixture(scope="module")
def assessed(
    tmp_path_factory: pytest.TempPathFactory, model_files: Path
) -> dict[str, Assessment]:
    """Return the visit with the standing picture alone, and with both."""
    assert model_files.is_dir()
    folder = tmp_path_factory.mktemp("seated")
    standing, seated = (taken(folder, each) for each in ("standing", "seated"))
    config = Config(pose=PoseSettings(model="lite"))
    subject = Subject(height_m=1.75)
    return {
        "alone": assess(Visit(subject=subject, recordings=(standing,)), config),
        "both": assess(Visit(subject=subject, recordings=(standing, seated)), config),
    }


def test_a_seated_picture_takes_part_and_brings_the_estimate_nearer(
    assessed: dict[str, Assessment],
) -> None:
    alone, both = assessed["alone"].leg_length, assessed["both"].leg_length
    assert alone is not None
    assert both is not None
    assert (alone.seated, both.seated) == (0, 1)
    assert both.high_mm - both.low_mm < alone.high_mm - alone.low_mm
    assert both.low_mm < DIFFERENCE_MM < both.high_mm
    off = [abs(each.mean_mm - DIFFERENCE_MM) for each in (alone, both)]
    assert off[1] < off[0]


def test_a_seated_picture_needs_no_scale_and_says_nothing_of_the_legs(
    assessed: dict[str, Assessment],
) -> None:
    recording = assessed["both"].recordings[1]
    assert "no_scale" not in {each.code for each in recording.quality.reasons}
    rows = [m for m in assessed["both"].measurements if m.recording == recording.id]
    assert rows
    assert {m.value for m in rows if m.name.endswith("leg_length_difference")} == {None}
