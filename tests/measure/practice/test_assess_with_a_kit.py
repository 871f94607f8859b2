"""A visit that is assessed with the kit of a practice takes its errors and says so."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from gaitkit.cli import main
from gaitkit.config import load_config
from gaitkit.io.kit_file import practice_text
from gaitkit.measure.leg_length.estimate import estimate_leg_length
from gaitkit.model.practice import KitEstimate, PracticeKit
from gaitkit.model.standing import PelvisTilt
from gaitkit.model.subject import Subject
from gaitkit.model.visit import Examination
from gaitkit.pipeline.block_test import practice_errors

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.practice import KitQuantity

VISIT = """
[subject]
height_m = 1.75

[[examination.tape]]
side = "left"
length_mm = 872

[[examination.tape]]
side = "right"
length_mm = 860
"""
TAPE: tuple[tuple[KitQuantity, float], ...] = (
    ("tape_error_mm", 14.0),
    ("tape_rater_mm", 9.0),
    ("tape_reading_mm", 5.0),
)
PICTURES: tuple[tuple[KitQuantity, float], ...] = (
    ("answer", 0.7),
    ("stance_mm", 2.0),
    ("zero_mm", 5.0),
)


def practice(folder: Path, *told: tuple[KitQuantity, float]) -> Path:
    kit = PracticeKit(
        practice="Zuid",
        people=20,
        taken="2026-11-20",
        estimates=tuple(
            KitEstimate(
                name=name, value=value, low=0.8 * value, high=1.3 * value, people=20
            )
            for name, value in told
        ),
    )
    file = folder / "practice.toml"
    file.write_text(practice_text(kit), encoding="utf-8")
    return file


def assessed(folder: Path, *more: str) -> Path:
    visit = folder / "visit"
    visit.mkdir(exist_ok=True)
    (visit / "visit.toml").write_text(VISIT, encoding="utf-8")
    out = folder / f"out{len(more)}"
    call = ["assess", str(visit), "--out", str(out), "--lang", "en"]
    quick = ["--set", "report.pdf=false", "--set", "report.overlay=false"]
    with pytest.raises(SystemExit) as stop:
        main([*call, *quick, *more])
    assert stop.value.code == 0
    return out


def tape_of(out: Path) -> dict[str, object]:
    told = json.loads((out / "assessment.json").read_text(encoding="utf-8"))
    methods = told["leg_length"]["methods"]
    return next(each for each in methods if each["method"] == "tape")


def test_a_visit_takes_the_errors_of_the_practice_and_the_report_says_so(
    tmp_path: Path,
) -> None:
    file = practice(tmp_path, *TAPE)
    plain = assessed(tmp_path)
    own = assessed(tmp_path, "--set", f"practice.kit={file}")
    before, after = tape_of(plain), tape_of(own)
    assert not before["own_error"]
    assert after["own_error"]
    assert after["sd_mm"] > before["sd_mm"]  # type: ignore[operator]

    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    told = json.loads((own / "assessment.json").read_text(encoding="utf-8"))
    assert told["provenance"]["practice_kit_sha256"] == sha256
    assert told["provenance"]["config"]["practice"]["kit"] == "practice.toml"
    report = (own / "report.html").read_text(encoding="utf-8")
    assert "error as this practice&#39;s own kit found it" in report or (
        "error as this practice's own kit found it" in report
    )
    assert sha256[:12] in report
    assert str(tmp_path) not in report
    assert "own kit" not in (plain / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("told", "line", "unconfirmed"),
    [
        ((), "asis", True),
        (PICTURES[:2], "asis", True),
        (TAPE, "asis", True),
        (PICTURES, "asis", False),
        (PICTURES, "psis", True),
    ],
)
def test_unconfirmed_vanishes_for_exactly_what_the_kit_confirmed(
    tmp_path: Path,
    told: tuple[tuple[KitQuantity, float], ...],
    line: str,
    unconfirmed: bool,
) -> None:
    file = practice(tmp_path, *told)
    config = load_config(assignments={"practice": {"kit": str(file)}})
    errors, _ = practice_errors(config)
    tilt = PelvisTilt(
        recording="stance_1",
        line=line,  # type: ignore[arg-type]
        tilt_mm=6.0,
        sd_mm=0.7,
    )
    legs = estimate_leg_length(
        (),
        Examination(),
        subject=Subject(subject_id="p", height_m=1.75),
        tilts=(tilt,),
        errors=errors,
    )
    shown = next(each for each in legs.methods if each.method == "stance_stickers")
    assert shown.unconfirmed is unconfirmed
    assert legs.unconfirmed is unconfirmed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "does not exist"),
        ("this is no TOML", "not valid TOML"),
        ("[subject]\nheight_m = 1.7\n", "unknown key 'subject'"),
        ('schema_version = "9"\n', "expected '1'"),
        ('[[estimates]]\nname = "luck"\n', "estimates.0.name"),
    ],
)
def test_a_wrong_kit_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None, said: str
) -> None:
    file = tmp_path / "wrong.toml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    visit = tmp_path / "visit"
    visit.mkdir()
    (visit / "visit.toml").write_text(VISIT, encoding="utf-8")
    out = tmp_path / "out"
    call = ["assess", str(visit), "--out", str(out), "--set", f"practice.kit={file}"]
    with pytest.raises(SystemExit) as stop:
        main(call)
    assert stop.value.code == 2
    line = capsys.readouterr().err.strip()
    assert line.startswith("error: practice.kit: ")
    assert said in line
    assert "\n" not in line
    assert len(line) <= 500
    assert not out.exists()
