"""Wrong visit files as a newcomer makes them: one `error:` line, by path and line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from gaitkit.cli import main
from gaitkit.io.visit import VISIT_FILE, read_visit

if TYPE_CHECKING:
    from pathlib import Path

TOMORROW = (datetime.now(tz=UTC) + timedelta(days=3)).date()
GOOD = '[subject]\nsubject_id = "p1"\nheight_m = 1.72\n'
FOOT = "[examination.left.foot_posture]\n" + "".join(
    f"{item} = {value}\n"
    for item, value in (
        ("talar_head", 1), ("malleolar_curves", 0), ("calcaneus", 3),
        ("talonavicular", 1), ("medial_arch", 1), ("forefoot", 0),
    )
)  # fmt: skip
TAPE = "".join(
    f'[[examination.tape]]\nside = "{side}"\nlength_mm = {length}\n'
    for side, length in (("left", 880), ("right", 850))
)

WRONG = {
    "unknown key": (
        '[subject]\nsubject_id = "p1"\nheigth_m = 1.72\n',
        ":3: unknown key 'subject.heigth_m'; did you mean 'height_m'?",
    ),
    "unknown table": ("[patient]\n", ":1: unknown key 'patient'; known are subject"),
    "date in the future": (
        f"visited_on = {TOMORROW}\n",
        f":1: 'visited_on' is {TOMORROW}, in the future (today is ",
    ),
    "day before month": (
        '\nvisited_on = "20-03-2026"\n', ":2: 'visited_on': Input should be a valid"
    ),
    "item of the FPI": (
        FOOT,
        ":4: 'examination.left.foot_posture.calcaneus' is 3; expected -2 to 2 (an item",
    ),
    "sides exchanged": (
        TAPE + '[[examination.block_tests]]\nside = "left"\nheight_mm = 25\n',
        ":8: 'examination.block_tests.0.side': a block of 25 mm under the left foot",
    ),
    "negative mm": (
        '[[examination.block_tests]]\nside = "left"\nheight_mm = -6\n',
        ":3: 'examination.block_tests.0.height_mm' is -6; expected 0 to 100",
    ),
    "height in cm": (
        "[subject]\nheight_m = 172\n",
        ":2: subject.height_m is 172; expected 0.5 to 2.5 (metres, for example 1.72)",
    ),
    "mass in g": (
        "[subject]\nheight_m = 1.72\nmass_kg = 70_000\n",
        ":3: subject.mass_kg is 70000; expected 5 to 350 (kilograms)",
    ),
    "comma in a number": (
        "[subject]\nheight_m = 1,72\n", ":2: this is not valid TOML: Expected newline"
    ),
    "half a line": ("[subject", ": this is not valid TOML: "),
    "key twice": (
        "[subject]\nmass_kg = 70\nmass_kg = 71\n",
        ":3: this is not valid TOML: Cannot overwrite a value",
    ),
    "empty": ("", ": expected a visit file, got an empty one; delete it"),
    "blank": ("\n \n", ": expected a visit file, got an empty one; delete it"),
    "no recording there": (
        '[[recording]]\nfile = "../elsewhere/walk.mp4"\n',
        ":2: 'recording.0.file': ",
    ),
    "a side in Dutch": (
        '[[examination.tape]]\nside = "links"\nlength_mm = 880\n',
        ":2: 'examination.tape.0.side': ",
    ),
}  # fmt: skip


def refused(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """Run a call that must be refused; return its one line."""
    with pytest.raises(SystemExit) as stop:
        main([str(word) for word in words])
    said = capsys.readouterr()
    assert (stop.value.code, said.out) == (2, "")
    (line,) = said.err.splitlines()
    assert line.startswith("error: ")
    return line


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_visit_file_is_refused_by_path_and_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, says = WRONG[name]
    file = tmp_path / VISIT_FILE
    file.write_text(text, encoding="utf-8")
    assert f"{file}{says}" in refused(capsys, "visit", "check", tmp_path)
    out = tmp_path / "out"
    assert f"{file}{says}" in refused(capsys, "assess", tmp_path, "--out", out)
    assert not out.exists()


def test_a_folder_called_visit_toml_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / VISIT_FILE).mkdir()
    line = refused(capsys, "visit", "check", tmp_path)
    assert f"{VISIT_FILE} cannot be read as a TOML file: " in line


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1252"])
def test_another_encoding_than_utf_8_is_refused(
    encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = GOOD + '\n[intake]\nhistory = "patiënt"\n'
    file = tmp_path / VISIT_FILE
    file.write_bytes(text.encode(encoding))
    assert str(file) in refused(capsys, "visit", "check", tmp_path)


def test_utf_16_is_named_and_the_line_of_a_strange_sign_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / VISIT_FILE
    file.write_bytes(GOOD.encode("utf-16"))
    line = refused(capsys, "visit", "check", tmp_path)
    assert f"{file}: expected a text file in UTF-8, got UTF-16; save it again" in line
    file.write_bytes((GOOD + "# patiënt\n").encode("cp1252"))
    line = refused(capsys, "visit", "check", tmp_path)
    assert f"{file}:4: expected a text file in UTF-8, got no UTF-8" in line


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_ends_of_lines_and_the_mark_of_windows_do_no_harm(
    mark: str, newline: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / VISIT_FILE
    file.write_bytes((mark + GOOD.replace("\n", newline)).encode())
    assert read_visit(file).subject.height_m == 1.72
    wrong = (mark + GOOD + "heigth_m = 1\n").replace("\n", newline)
    file.write_bytes(wrong.encode())
    assert f"{file}:4: unknown key" in refused(capsys, "visit", "check", tmp_path)
