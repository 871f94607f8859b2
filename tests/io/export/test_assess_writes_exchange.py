"""What assess writes for others: the letter always, the FHIR Bundle when asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gaitkit.cli import main
from gaitkit.io.export.assessment import read_assessment_json
from gaitkit.io.export.fhir.bundle import fhir_bundle
from gaitkit_virtual.visits.walk import virtual_patient, write_virtual_markers

if TYPE_CHECKING:
    from pathlib import Path

QUICK = ("html", "pdf", "overlay")


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a short walk as markers."""
    file = tmp_path_factory.mktemp("walk") / "walk.csv"
    patient = virtual_patient({}, height_m=1.72)
    write_virtual_markers(file, patient, duration_s=4.0, rate_hz=50.0, seed=2)
    return file


def assessed(walk: Path, out: Path, *settings: str) -> set[str]:
    """Return the names of what assess wrote, without page, PDF and film."""
    words = [f"report.{name}=false" for name in QUICK] + list(settings)
    options = [option for word in words for option in ("--set", word)]
    with pytest.raises(SystemExit) as stop:
        main(["assess", str(walk), "--out", str(out), "--height", "1.72", *options])
    assert stop.value.code == 0
    return {file.name for file in out.iterdir()}


def test_the_bundle_is_written_when_asked_in_the_language_of_the_report(
    walk: Path, tmp_path: Path
) -> None:
    names = assessed(walk, tmp_path / "out", "report.fhir=true", "report.lang=en")
    assert {"assessment.fhir.json", "assessment.json"} <= names
    written = json.loads((tmp_path / "out" / "assessment.fhir.json").read_text("utf-8"))
    assessment = read_assessment_json(tmp_path / "out")
    assert written == json.loads(json.dumps(fhir_bundle(assessment, language="en")))


def test_without_asking_there_is_no_bundle_and_without_a_report_no_letter(
    walk: Path, tmp_path: Path
) -> None:
    names = assessed(walk, tmp_path / "out")
    assert names.isdisjoint({"assessment.fhir.json", "letter.pdf"})
    assert "assessment.json" in names
