"""What is written is its owner's alone, and killed runs leave nothing for good."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from gaitkit import scratch
from gaitkit.io.atomic import new_file, new_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")

NOBODY = 4_194_305
"""No process of Linux has this number: one more than there can be."""


@pytest.fixture(autouse=True)
def open_to_all() -> Iterator[None]:
    """Take nothing away from anybody, as on a machine that is set up so."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_file_and_the_folders_made_for_it_are_their_owners(tmp_path: Path) -> None:
    target = tmp_path / "clinic" / "deep" / "table.csv"
    with new_file(target) as part:
        assert mode(part.parent) == 0o700
        part.write_text("whole")
    assert mode(target) == 0o600
    assert mode(target.parent) == mode(target.parent.parent) == 0o700


def test_a_folder_is_its_owners_with_everything_in_it(tmp_path: Path) -> None:
    with new_folder(tmp_path / "result") as part:
        (part / "figures").mkdir()
        (part / "figures" / "a.svg").write_text("<svg/>")
        (part / "assessment.json").write_text("{}")
    assert mode(tmp_path / "result") == mode(tmp_path / "result" / "figures") == 0o700
    assert mode(tmp_path / "result" / "figures" / "a.svg") == 0o600
    assert mode(tmp_path / "result" / "assessment.json") == 0o600


def test_a_folder_that_its_owner_shares_stays_shared(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)
    with new_folder(shared, replace=True) as part:
        (part / "assessment.json").write_text("{}")
    assert mode(shared) == 0o755
    assert mode(shared / "assessment.json") == 0o600


def left_by(process: int, name: Path) -> Path:
    """Return what a process would have left beside a path."""
    made = scratch.unfinished(name)
    return made.with_name(re.sub(r"-\d+-", f"-{process}-", made.name))


def test_the_next_run_clears_what_dead_runs_of_this_host_left(tmp_path: Path) -> None:
    dead = left_by(NOBODY, tmp_path / "report")
    dead.mkdir()
    (dead / "assessment.json").write_text("{}")
    dead_file = left_by(NOBODY, tmp_path / "table.csv")
    dead_file.touch()
    living = left_by(os.getppid(), tmp_path / "other")
    living.mkdir()
    elsewhere = dead.with_name(re.sub(r"\.\w{8}-", ".00000000-", dead.name))
    elsewhere.mkdir()
    somebody_elses = tmp_path / ".notes.part"
    somebody_elses.touch()
    with new_file(tmp_path / "a.csv") as part:
        part.touch()
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"a.csv", living.name, elsewhere.name, somebody_elses.name}


def test_a_temporary_folder_is_private_and_clears_those_of_dead_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch.tempfile, "tempdir", str(tmp_path))
    dead = left_by(NOBODY, tmp_path / "gaitkit")
    dead.mkdir()
    with scratch.temporary_folder() as folder:
        assert mode(folder) == 0o700
        assert [path.name for path in tmp_path.iterdir()] == [folder.name]
        assert scratch.UNFINISHED.fullmatch(folder.name)
    assert not list(tmp_path.iterdir())


def test_a_very_long_name_can_be_written(tmp_path: Path) -> None:
    target = tmp_path / ("é" * 115 + ".csv")
    with new_file(target) as part:
        part.write_text("whole")
    assert target.read_text() == "whole"


def test_a_command_writes_privately_whatever_the_umask(tmp_path: Path) -> None:
    new = [sys.executable, "-m", "gaitkit", "visit", "new", str(tmp_path / "visit")]
    subprocess.run(new, check=True, capture_output=True)
    assert mode(tmp_path / "visit") == 0o700
    assert mode(tmp_path / "visit" / "visit.toml") == 0o600
