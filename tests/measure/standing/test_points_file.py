"""A file of points by hand is read strictly: each mistake is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from gaitkit.errors import InputError
from gaitkit.io.points_file import read_points
from gaitkit.model.side import Side

HEAD = "file,frame,role,side,x_px,y_px\n"
PICTURE = Path("visit/back.jpg")


def points_csv(folder: Path, rows: str, *, head: str = HEAD) -> Path:
    path = folder / "points.csv"
    path.write_text(head + rows, encoding="utf-8")
    return path


def test_rows_of_the_picture_are_read_and_others_passed_over(tmp_path: Path) -> None:
    path = points_csv(
        tmp_path, "back.jpg,0,psis,left,512.5,930\nfront.jpg,0,asis,left,1,2\n"
    )
    (row,) = read_points(path, picture=PICTURE)
    point = row.as_point()
    assert (point.role, point.side, point.source) == ("psis", Side.LEFT, "corrected")
    assert (point.x_px, point.y_px) == (512.5, 930.0)


def test_toml_says_the_same_as_csv(tmp_path: Path) -> None:
    path = tmp_path / "points.toml"
    path.write_text(
        '[[point]]\nfile = "back.jpg"\nframe = 0\nrole = "psis"\nside = "left"\n'
        "x_px = 512.5\ny_px = 930\n"
    )
    csv = points_csv(tmp_path, "back.jpg,0,psis,left,512.5,930\n")
    assert read_points(path, picture=PICTURE) == read_points(csv, picture=PICTURE)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("back.jpg,0,hipbone,left,1,2\n", r"line 2.*role"),
        ("back.jpg,0,psis,middle,1,2\n", r"line 2.*side"),
        ("back.jpg,0,psis,left,one,2\n", r"line 2: expected a number for x_px"),
        ("back.jpg,0,psis,left,1\n", r"line 2: expected 6 values, got 5"),
        ("back.jpg,0,psis,left,-4,2\n", r"line 2: expected frame, x_px and y_px"),
        ("back.jpg,0,psis,left,nan,2\n", r"line 2: 'x_px': Input should be a finite"),
        (
            "back.jpg,0,psis,left,1,2\nback.jpg,0,psis,left,3,4\n",
            r"line 3: psis left of back.jpg, frame 0, stands there twice",
        ),
    ],
)
def test_a_wrong_row_is_refused(tmp_path: Path, rows: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_points(points_csv(tmp_path, rows), picture=PICTURE)


def test_other_columns_are_refused(tmp_path: Path) -> None:
    path = points_csv(tmp_path, "", head="file,role\n")
    with pytest.raises(InputError, match=r"line 1: expected the columns file,frame"):
        read_points(path, picture=PICTURE)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv"):
        read_points(tmp_path / "none.csv", picture=PICTURE)
