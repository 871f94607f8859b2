"""A plate through the whole line: file, corrections by hand, report, film."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import pytest

from gaitkit.config import Config
from gaitkit.errors import InputError
from gaitkit.io.visit import read_visit
from gaitkit.model.contact import ContactCorrection
from gaitkit.model.side import Side
from gaitkit.model.subject import Subject
from gaitkit.model.visit import RecordingInput, Visit
from gaitkit.pipeline import analyse, assess_to_folder
from gaitkit.pipeline.plate import analyse_plate_file
from gaitkit.report.settings import ReportSettings
from gaitkit_virtual.plate.walk import PlateSpec, WalkSpec, simulate_walk
from gaitkit_virtual.plate.writers import write_export

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.analysis import Analysis

PLATE = PlateSpec(
    rows=180, cols=50, pitch_mm=(8.0, 8.0), rate_hz=50.0, duration_s=1.9, step_kpa=2.5
)
WALK = WalkSpec(steps=3, first_heel_mm=60.0, step_length_mm=560.0)


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An emed export of three steps on a short plate."""
    file = tmp_path_factory.mktemp("plate") / "walk"
    write_export(simulate_walk(WALK, PLATE).data, file, maker="emed")
    return file


def analysed(export: Path, corrections: str = "") -> Analysis:
    """Analyse the walk with the corrections of a visit file."""
    visit = export.with_name("visit.toml")
    visit.write_text(f'[[recording]]\nfile = "walk"\n{corrections}', encoding="utf-8")
    (found,) = analyse(read_visit(visit))
    return found


def areas(analysis: Analysis, side: Side) -> int:
    """Return how many contacts are behind the contact area of a side."""
    return next(
        m.n
        for m in analysis.measurements
        if (m.name, m.region, m.side) == ("contact_area", "total", side)
    )


def test_a_plate_gives_contacts_events_and_measures(export: Path) -> None:
    found = analysed(export)
    assert found.recording.kind == "plate"
    assert found.recording.rate_hz == pytest.approx(50.0)
    assert [f.side for f in found.plates[0].feet] == [Side.LEFT, Side.RIGHT, Side.LEFT]
    assert {event.recording for event in found.events} == {"plate_1"}
    assert {m.recording for m in found.measurements} == {"plate_1"}
    assert found.plates[0].source.maker == "novel emed"


def test_a_contact_left_out_by_hand_takes_no_part(export: Path) -> None:
    plain = analysed(export)
    edited = analysed(export, "[[recording.contacts]]\nnumber = 1\nuse = false\n")
    assert areas(plain, Side.LEFT) == areas(edited, Side.LEFT) + 1
    assert (1, "contact_excluded") in [
        (n, w.code) for n, w in edited.plates[0].rejected
    ]
    assert len(edited.plates[0].feet) == 3, "it stays in the pictures"


def test_a_side_set_by_hand_wins(export: Path) -> None:
    edited = analysed(export, '[[recording.contacts]]\nnumber = 2\nside = "left"\n')
    contact = edited.plates[0].feet[1].contact
    assert (contact.side, contact.side_method) == (Side.LEFT, "user")


def test_a_correction_of_a_contact_that_is_not_there_is_refused(export: Path) -> None:
    with pytest.raises(InputError, match=r"names contact 9; .* contacts 1 to 3"):
        analysed(export, "[[recording.contacts]]\nnumber = 9\nuse = false\n")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            'number = 1\nsied = "left"',
            r"unknown key 'recording.0.contacts.0.sied'; did you mean 'side'",
        ),
        ("number = 1\nheel_mm = [1.0, 2.0]", r"expected heel_mm and toe_mm together"),
    ],
)
def test_a_slip_in_a_correction_is_refused_by_its_path(
    export: Path, line: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        analysed(export, f"[[recording.contacts]]\n{line}\n")


def test_numbers_of_a_program_are_no_recording(tmp_path: Path) -> None:
    file = tmp_path / "parameters.csv"
    file.write_text(
        '"Cadence","steps/min"\n"Step length L, cm","64.1"\n', encoding="utf-8"
    )
    with pytest.raises(InputError):
        analyse_plate_file(
            RecordingInput(file=file),
            Subject(),
            recording_id="plate_1",
            config=Config(),
        )


def test_the_report_of_a_plate_shows_reasons_pictures_and_the_roll_off(
    export: Path, tmp_path: Path
) -> None:
    left_out = (ContactCorrection(number=1, use=False),)
    visit = Visit(recordings=(RecordingInput(file=export, contacts=left_out),))
    config = Config(report=ReportSettings(lang="en", pdf=False))
    assess_to_folder(visit, tmp_path / "out", config=config)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Pressure plate" in page
    assert "This contact was left out by hand." in page
    assert "metatarsal 5" in page
    figures = {path.name for path in (tmp_path / "out" / "figures").iterdir()}
    assert {
        "pressure-plate_1.svg",
        "feet-pressure-plate_1.svg",
        "regions-plate_1.svg",
        "roll-off-plate_1.mp4",
    } <= figures
    stored = json.loads((tmp_path / "out" / "assessment.json").read_text())
    assert stored["recordings"][0]["kind"] == "plate"


def test_single_steps_of_several_recordings_give_sides_to_compare(
    tmp_path: Path,
) -> None:
    small = PlateSpec(
        rows=48, cols=40, pitch_mm=(8.0, 8.0), rate_hz=50.0, duration_s=0.9,
        step_kpa=2.5,
    )  # fmt: skip
    recordings = []
    for number, side in enumerate((Side.LEFT, Side.RIGHT, Side.LEFT)):
        step = WalkSpec(
            steps=1, first_heel_mm=60.0 + 8 * number, step_width_mm=0, first_side=side
        )
        file = tmp_path / f"step{number}"
        write_export(simulate_walk(step, small).data, file, maker="emed")
        recordings.append(RecordingInput(file=file))
    analyses = analyse(Visit(recordings=tuple(recordings)))
    pooled = [m for a in analyses for m in a.measurements if m.name == "contact_time"]
    assert {(m.side, m.n, m.recording) for m in pooled} == {
        (Side.LEFT, 2, None),
        (Side.RIGHT, 1, None),
    }
    other = (recordings[0], dataclasses.replace(recordings[1], condition="shod"))
    apart = analyse(Visit(recordings=other))
    assert all(m.recording for a in apart for m in a.measurements)
