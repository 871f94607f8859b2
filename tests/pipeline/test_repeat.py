"""What the provenance keeps, with the files, gives the same assessment once more."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gaitkit.config import load_config
from gaitkit.errors import InputError
from gaitkit.io.convert import convert
from gaitkit.io.export.assessment import read_assessment_json
from gaitkit.io.visit import read_visit
from gaitkit.pipeline import assess, assess_to_folder
from gaitkit.pipeline.repeat import again
from gaitkit.signal.laboratory import with_vertical

if TYPE_CHECKING:
    from gaitkit.model.assessment import Assessment

PATIENTS = Path(__file__).resolve().parents[2] / "sample_data" / "patients"
NAME = "Jansen"
"""Stands in every name of a file and folder, in every note and as a rater."""

TOLD = f"""
visited_on = 2026-06-16

[subject]
subject_id = "p-17"
height_m = 1.66
mass_kg = 60

[[recording]]
file = "{NAME} walk.trc"
kind = "markers"
condition = "barefoot"
marker_map = "{NAME} markers.toml"

[[recording]]
file = "{NAME} plate.txt"
kind = "plate"

[examination]
tape = [
  {{ side = "left", length_mm = 842, rater = "{NAME}" }},
  {{ side = "right", length_mm = 834, rater = "{NAME}" }},
  {{ side = "left", length_mm = 840, rater = "J. {NAME}" }},
  {{ side = "right", length_mm = 836, rater = "J. {NAME}" }},
]
block_tests = [{{ side = "right", height_mm = 6, rater = "{NAME}" }}]
inspection.note = "{NAME} leans"

[examination.left]
navicular_drop_mm = 7

[intake]
pain_site = "low_back"
goals = [{{ kind = "more_activity", text = "an hour of walking" }}]
history = ["{NAME} fell off a horse"]

[follow_up]
worn = "often"
"""


@pytest.fixture
def visit_folder(tmp_path: Path) -> Path:
    """Return a visit of markers with a map, forces beside them, and a bare matrix."""
    folder = tmp_path / NAME
    folder.mkdir()
    walk = PATIENTS / "07-no-correction" / "walk.c3d"
    convert(walk, folder / f"{NAME} walk.trc", shaped=lambda r: with_vertical(r, "y"))
    rows = ["0\t" * 19 + "0"] * 4
    steps = [*rows, *(["0\t" * 8 + "40\t60\t40\t" + "0\t" * 8 + "0"] * 30), *rows]
    frames = [[*rows * 9, ""], *[[*steps[:36], ""]] * 15, [*rows * 9, ""]]
    plate = folder / f"{NAME} plate.txt"
    plate.write_text("\n".join(line for frame in frames for line in frame))
    plate.with_name(f"{plate.name}.toml").write_text(
        'unit = "kPa"\npitch_rows_mm = 8\npitch_cols_mm = 6\nrate_hz = 20\n'
    )
    (folder / f"{NAME} markers.toml").write_text(
        f'# of {NAME}\nunit = "mm"\n[markers]\nsacrum = ""\n'
    )
    (folder / "visit.toml").write_text(TOLD)
    return folder


def undated(assessment: Assessment) -> Assessment:
    account = replace(assessment.provenance, created="")
    return replace(assessment, provenance=account)


def test_a_run_is_repeated_from_what_it_wrote_and_its_files(
    visit_folder: Path, tmp_path: Path
) -> None:
    quiet = {"html": False, "pdf": False}
    table = {"events": {"method": "zeni"}, "report": quiet}
    config = load_config(None, assignments=table)
    out = tmp_path / "out"
    first = assess_to_folder(read_visit(visit_folder), out, config=config)
    assert first.provenance.visit is not None
    written = read_assessment_json(out)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    plate = elsewhere / "b"
    shutil.copy(visit_folder / f"{NAME} walk.trc", elsewhere / "a")
    shutil.copy(visit_folder / f"{NAME} plate.txt", plate)
    shutil.copy(visit_folder / f"{NAME} plate.txt.toml", elsewhere / "b.toml")
    shutil.rmtree(visit_folder)
    files = [plate, elsewhere / "a"]
    visit, settings = again(written, files, folder=tmp_path)
    assert settings == config
    assert undated(assess(visit, settings)) == undated(first)
    assert {m.name for m in first.measurements if m.value is not None} > {
        "walking_speed", "tape_leg_length", "structural_leg_length_difference",
    }  # fmt: skip


def test_the_account_holds_no_name_and_no_path(
    visit_folder: Path, tmp_path: Path
) -> None:
    account = assess(read_visit(visit_folder)).provenance.visit
    assert account is not None
    text = str(account)
    assert NAME not in text
    assert str(tmp_path) not in text
    assert [each.name for each in account.files] == [
        "recording_1", "recording_2", "recording_2.toml",
    ]  # fmt: skip
    assert account.marker_maps[0].markers == {"sacrum": ""}
    assert account.examination is not None
    assert [t.rater for t in account.examination.tape] == ["1", "1", "2", "2"]


@pytest.mark.parametrize("patient", ["10-raise-and-insole-evaluation", "01-stop"])
def test_a_sample_patient_is_repeated_equal(patient: str, tmp_path: Path) -> None:
    source = PATIENTS / patient
    first = assess(read_visit(source))
    files = [each for each in source.iterdir() if each.name != "visit.toml"]
    visit, config = again(first, files, folder=tmp_path)
    assert undated(assess(visit, config)) == undated(first)


def test_a_file_that_is_missing_or_changed_is_named(tmp_path: Path) -> None:
    source = PATIENTS / "01-stop"
    first = assess(read_visit(source))
    with pytest.raises(InputError, match=r"^recording_1: expected the file that was"):
        again(first, [source / "visit.toml"], folder=tmp_path)


def test_an_assessment_from_before_is_read_and_told(tmp_path: Path) -> None:
    first = assess_to_folder(read_visit(PATIENTS / "01-stop"), tmp_path / "out",
        config=load_config(None, assignments={"report": {"html": False, "pdf": False}}),
    )  # fmt: skip
    file = tmp_path / "out" / "assessment.json"
    table = json.loads(file.read_text())
    del table["provenance"]["visit"]
    file.write_text(json.dumps(table))
    old = read_assessment_json(file)
    assert old.plan == first.plan
    with pytest.raises(InputError, match="does not keep its visit"):
        again(old, [], folder=tmp_path)
