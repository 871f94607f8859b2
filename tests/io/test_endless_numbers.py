"""No door takes a number that is none: each refuses it by its path, in one line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from gaitkit.config import load_config, parse_assignments
from gaitkit.errors import GaitkitError
from gaitkit.io.edits import EDITS_FILE, read_edits
from gaitkit.io.export.assessment import ASSESSMENT_FILE, read_assessment_json
from gaitkit.io.motion.mapping import read_mapping
from gaitkit.io.plates.generic import sidecar
from gaitkit.io.points_file import read_points
from gaitkit.io.visit import VISIT_FILE, read_visit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NUMBERS = ("nan", "inf", "-inf", "'nan'")


def config(folder: Path, number: str) -> Callable[[], object]:
    file = folder / "c.toml"
    file.write_text(f"[contacts]\nthreshold_kpa = {number}\n")
    return lambda: load_config(file)


def setting(folder: Path, number: str) -> Callable[[], object]:
    del folder
    text = f"contacts.threshold_kpa={number}"
    return lambda: load_config(assignments=parse_assignments([text]))


def visit(folder: Path, number: str) -> Callable[[], object]:
    file = folder / VISIT_FILE
    file.write_text(f"[subject]\nheight_m = {number}\n")
    return lambda: read_visit(file)


def reading(folder: Path, number: str) -> Callable[[], object]:
    file = folder / VISIT_FILE
    file.write_text(f'[[examination.tape]]\nside = "left"\nlength_mm = {number}\n')
    return lambda: read_visit(file)


def edits(folder: Path, number: str) -> Callable[[], object]:
    (folder / EDITS_FILE).write_text(
        '[[edit]]\nrule = "L04"\nelement = "heel_raise"\nside = "right"\n'
        f'action = "change"\namount = {number}\nunit = "mm"\nreason = "x"\n'
    )
    return lambda: read_edits(folder)


def mapping(folder: Path, number: str) -> Callable[[], object]:
    file = folder / "m.toml"
    file.write_text(f"rate_hz = {number}\n")
    return lambda: read_mapping(file)


def points(folder: Path, number: str) -> Callable[[], object]:
    file = folder / "p.toml"
    file.write_text(
        '[[point]]\nfile = "a.jpg"\nframe = 0\nrole = "psis"\nside = "left"\n'
        f"x_px = {number}\ny_px = 5\n"
    )
    return lambda: read_points(file, picture=folder / "a.jpg")


def points_table(folder: Path, number: str) -> Callable[[], object]:
    file = folder / "p.csv"
    head, bare = "file;frame;role;side;x_px;y_px", number.strip("'")
    file.write_bytes(f"{head}\na.jpg;0;psis;left;{bare};5,5\n".encode("utf-16"))
    return lambda: read_points(file, picture=folder / "a.jpg")


def beside(folder: Path, number: str) -> Callable[[], object]:
    (folder / "a.csv.toml").write_text(f"mass_kg = {number}\n")
    return lambda: sidecar(folder / "a.csv")


DOORS = {
    "config": (config, "contacts.threshold_kpa"),
    "--set": (setting, "contacts.threshold_kpa"),
    "visit": (visit, "subject.height_m"),
    "list in a visit": (reading, "examination.tape.0.length_mm"),
    "edits": (edits, "edit.0.amount"),
    "mapping": (mapping, "rate_hz"),
    "points": (points, "point.0.x_px"),
    "points as CSV": (points_table, "x_px"),
    "plate": (beside, "mass_kg"),
}


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("door", DOORS)
def test_a_number_that_is_none_is_refused_by_its_path(
    door: str, number: str, tmp_path: Path
) -> None:
    write, path = DOORS[door]
    read = write(tmp_path, number)
    with pytest.raises(GaitkitError) as told:
        read()
    line = str(told.value)
    assert f"{path}'" in line
    assert "a finite number; got" in line
    assert "\n" not in line
    assert len(line) <= 500


@pytest.mark.parametrize("name", ["NaN", "Infinity", "-Infinity"])
def test_an_assessment_with_a_number_that_is_none_is_refused(
    name: str, tmp_path: Path
) -> None:
    file = tmp_path / ASSESSMENT_FILE
    file.write_text(f'{{"schema_version": "1", "x": {name}}}')
    with pytest.raises(GaitkitError, match=f"it holds {name}, which is no number"):
        read_assessment_json(file)


def test_points_with_semicolons_commas_and_utf_16_are_read(tmp_path: Path) -> None:
    points_table(tmp_path, "1,5")
    (point,) = read_points(tmp_path / "p.csv", picture=tmp_path / "a.jpg")
    assert (point.x_px, point.y_px) == (1.5, 5.5)


def test_a_setting_of_5000_digits_is_refused_in_one_line() -> None:
    text = f"contacts.threshold_kpa={'9' * 5000}"
    with pytest.raises(GaitkitError, match=r"contacts\.threshold_kpa") as told:
        load_config(assignments=parse_assignments([text]))
    assert len(str(told.value)) <= 500


PIPES = {
    "config": ("c.toml", load_config),
    "visit": (VISIT_FILE, read_visit),
    "mapping": ("m.toml", read_mapping),
    "edits": (EDITS_FILE, lambda pipe: read_edits(pipe.parent)),
    "points": ("p.csv", lambda pipe: read_points(pipe, picture=pipe)),
    "points as TOML": ("p.toml", lambda pipe: read_points(pipe, picture=pipe)),
    "plate": ("a.csv.toml", lambda pipe: sidecar(pipe.with_name("a.csv"))),
    "assessment": (ASSESSMENT_FILE, read_assessment_json),
}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
@pytest.mark.parametrize("door", PIPES)
def test_a_pipe_is_refused_and_not_waited_for(door: str, tmp_path: Path) -> None:
    name, read = PIPES[door]
    os.mkfifo(tmp_path / name)
    with pytest.raises(GaitkitError, match="got a pipe, a socket or a device"):
        read(tmp_path / name)


def test_a_count_of_hundreds_of_digits_in_an_assessment_is_refused(
    tmp_path: Path,
) -> None:
    file = tmp_path / "assessment.json"
    file.write_text(f'{{"measurements": [{{"n": {10**400}}}]}}')
    with pytest.raises(GaitkitError, match="it holds a number of 401 digits"):
        read_assessment_json(file)
