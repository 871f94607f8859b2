"""One door for text: the same recording in every way that programs write it."""

from __future__ import annotations

import gzip
import os
from typing import TYPE_CHECKING

import numpy as np
import pytest
from motion_files import trc_text

from gaitkit.errors import FormatError, InputError
from gaitkit.io.identify import identify
from gaitkit.io.motion.read import read_motion
from gaitkit.io.motion.storage import read_storage
from gaitkit.io.text import decimal_sign, open_text, separator_of

if TYPE_CHECKING:
    from pathlib import Path

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1")


def as_table(header: str, names: str, rows: int = 20) -> str:
    """Return an OpenSim table: a slow hip and a fast knee, or what is named."""
    t = np.arange(rows) * 0.01
    count = len(names.split()) - 1
    cells = [[s, *(20 * np.sin(3 * s + k) for k in range(count))] for s in t]
    body = "\n".join("\t".join(f"{c:.5f}" for c in row) for row in cells)
    return f"{header}\nendheader\n{names}\n{body}\n"


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("comma", [False, True])
def test_a_trc_is_the_same_in_every_encoding_and_with_either_decimal_sign(
    encoding: str, comma: bool, tmp_path: Path
) -> None:
    text = trc_text()
    head, rest = text.splitlines()[:3], text.splitlines()[3:]
    if comma:
        head[2] = head[2].replace(".", ",")
        rest = [line.replace(".", ",") for line in rest]
    path = tmp_path / "a.trc"
    path.write_bytes("\n".join([*head, *rest]).encode(encoding))
    plain = tmp_path / "plain.trc"
    plain.write_text(text)
    assert identify(path) == "markers"
    found, wanted = read_motion(path), read_motion(plain)
    np.testing.assert_allclose(
        found.markers["position"].to_numpy(), wanted.markers["position"].to_numpy()
    )
    assert found.reasons == wanted.reasons


def test_a_packed_text_is_known_by_its_content_and_a_plain_one_named_so_too(
    tmp_path: Path,
) -> None:
    packed, plain = tmp_path / "a.txt", tmp_path / "b.txt.gz"
    packed.write_bytes(gzip.compress(b"one\ntwo\n"))
    plain.write_bytes(b"one\ntwo\n")
    assert open_text(packed).text() == open_text(plain).text() == "one\ntwo\n"


@pytest.mark.parametrize("gap", [3, 0, -1])
def test_a_marker_without_a_name_shifts_no_other(gap: int, tmp_path: Path) -> None:
    lines = trc_text().splitlines()
    names = lines[3].split("\t")
    filled = [place for place, name in enumerate(names) if name][2:]
    lost = filled[gap]
    left = names[lost]
    names[lost] = ""
    path = tmp_path / "a.trc"
    path.write_text("\n".join([*lines[:3], "\t".join(names), *lines[4:]]))
    whole = tmp_path / "whole.trc"
    whole.write_text("\n".join(lines))
    found, wanted = read_motion(path).markers, read_motion(whole).markers
    assert left not in found["keypoint"]
    np.testing.assert_allclose(
        found["position"].to_numpy(),
        wanted["position"].drop_sel(keypoint=left).to_numpy(),
    )


def test_names_that_cannot_be_paired_with_columns_are_refused(tmp_path: Path) -> None:
    lines = trc_text().splitlines()
    names = [name for name in lines[3].split("\t") if name]
    path = tmp_path / "a.trc"
    one_short = "\t".join([*names[:4], *names[5:]])
    path.write_text("\n".join([*lines[:3], one_short, *lines[4:]]))
    with pytest.raises(FormatError, match="which column is whose cannot be told"):
        read_motion(path)


@pytest.mark.parametrize(
    "header",
    [
        "inDegrees=yes\nDataType=double\nversion=3",
        "Coordinates\nnRows = 20\nnColumns = 3\ninDegrees = yes",
        "name x\ndatacolumns 3\ndatarows 20\nrange 0 0.19\nangles are in degrees.",
        "notes\n" + "a line of a long story\n" * 400 + "inDegrees=yes",
    ],
)
def test_headers_of_every_age_are_read(header: str, tmp_path: Path) -> None:
    path = tmp_path / "a.sto"
    path.write_text(as_table(header, "time\thip_flexion_r\tknee_angle_r"))
    angles = read_storage(path).angles
    assert angles is not None
    assert angles["label"].to_numpy().tolist() == ["hip_flexion_r", "knee_angle_r"]
    assert float(np.abs(angles["angle"]).max()) == pytest.approx(20, abs=0.5)


def test_degrees_that_the_header_does_not_say_are_told_or_asked_for(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.mot"
    path.write_text(as_table("nRows=20", "time\thip_flexion_r\tknee_angle_r"))
    found = read_storage(path)
    assert [each.code for each in found.reasons] == ["motion_degrees_assumed"]
    assert found.angles is not None
    assert float(np.abs(found.angles["angle"]).max()) < 21
    path.write_text("nRows=2\nendheader\ntime\thip_flexion_r\n0\t0.1\n1\t0.4\n")
    with pytest.raises(FormatError, match="inDegrees=yes or no"):
        read_storage(path)


@pytest.mark.parametrize(
    "names",
    [
        "time\thip_flexion_r_moment\tknee_angle_r_moment",
        "time\tsoleus_r\tgastroc_r",
        "time\t/jointset/hip_r/hip_flexion_r/speed",
        "time\tpelvis_tx\tpelvis_ty",
    ],
)
def test_what_is_no_angle_is_not_called_one(names: str, tmp_path: Path) -> None:
    path = tmp_path / "a.sto"
    path.write_text(as_table("inDegrees=no", names))
    with pytest.raises(FormatError, match="expected ground reactions"):
        read_storage(path)


@pytest.mark.parametrize(
    "columns",
    [
        ("ground_force_v", "ground_force_p", "ground_torque_"),
        ("ground_force_1_v", "ground_force_1_p", "ground_moment_1_m"),
        ("1_ground_force_v", "1_ground_force_p", "1_ground_torque_"),
        ("ground_force_r_v", "ground_force_r_p", "ground_torque_r_"),
    ],
)
def test_the_free_moment_is_found_by_every_name(
    columns: tuple[str, ...], tmp_path: Path
) -> None:
    names = ["time", *(f"{stem}{axis}" for stem in columns for axis in "xyz")]
    row = "0 700 0 0.2 0 0.1 0 0.5 0".replace(" ", "\t")
    rows = "\n".join(f"{n * 0.01:.2f}\t{row}" for n in range(5))
    path = tmp_path / "grf.mot"
    joined = "\t".join(names)
    path.write_text(f"grf\nnRows=5\ninDegrees=yes\nendheader\n{joined}\n{rows}\n")
    (plate,) = read_storage(path).plates
    assert plate.free_moment_nm == pytest.approx(np.full(5, 0.5))


def test_vector_columns_about_the_origin_of_a_plate_give_its_centre_of_pressure(
    tmp_path: Path,
) -> None:
    """Truth: 700 N down at (0.2, 0, 0.1) m, 0.5 N.m about the vertical."""
    names = ["time", *(f"{kind}1_{axis}" for kind in "fpm" for axis in (1, 2, 3))]
    force, place = np.array([10.0, 700.0, -5.0]), np.array([0.2, 0.0, 0.1])
    moment = np.cross(place, force) + np.array([0, 0.5, 0])
    row = "\t".join(f"{v:.6f}" for v in (*force, 0, 0, 0, *moment))
    rows = "\n".join(f"{n * 0.01:.2f}\t{row}" for n in range(5))
    path = tmp_path / "grf.sto"
    joined = "\t".join(names)
    path.write_text(f"DataRate=100\nUnits=N\nendheader\n{joined}\n{rows}\n")
    found = read_storage(path)
    assert found.angles is None
    (plate,) = found.plates
    assert plate.center_of_pressure_m[0] == pytest.approx(place, abs=1e-6)
    assert plate.free_moment_nm == pytest.approx(np.full(5, 0.5), abs=1e-6)


@pytest.mark.parametrize(
    ("header", "separator"),
    [("a,b,c", ","), ("a;b;c", ";"), ("a\tb\tc", "\t"), ("a", ",")],
)
def test_the_separator_is_told_by_the_heading(header: str, separator: str) -> None:
    assert separator_of(header) == separator


def test_the_decimal_sign_is_told_by_a_cell_that_is_no_whole_number() -> None:
    assert decimal_sign(["1", "2,5"], separator=";") == ","
    assert decimal_sign(["1", "2.5", "3"], separator="\t") == "."
    assert decimal_sign(["1", "2,5"], separator=",") == "."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "walk.trc"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="got a pipe, a socket or a device"):
        identify(pipe)


def test_a_packed_file_of_zeros_ends_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "zeros.gz"
    path.write_bytes(gzip.compress(bytes(40 << 20)))
    with pytest.raises(FormatError, match="line of over 16 MB"):
        open_text(path).text()


def test_rows_without_an_end_are_left_before_a_gigabyte(tmp_path: Path) -> None:
    path = tmp_path / "plate.txt.gz"
    path.write_bytes(gzip.compress((b"0\t" * 63 + b"0\n") * (1 << 20)))
    with pytest.raises(FormatError, match="more than 150 times its size"):
        for _ in open_text(path).lines():
            pass


def test_an_empty_plate_of_ordinary_length_may_be_packed_tight(tmp_path: Path) -> None:
    path = tmp_path / "plate.txt.gz"
    path.write_bytes(gzip.compress((b"0\t" * 63 + b"0\n") * (1 << 18)))
    assert sum(1 for _ in open_text(path).lines()) == 1 << 18
