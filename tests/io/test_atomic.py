"""Outputs appear whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from gaitkit.errors import OutputError
from gaitkit.io.atomic import new_file, new_folder


def names(folder: Path) -> list[str]:
    """Return everything in a folder, hidden files included."""
    return sorted(entry.name for entry in folder.iterdir())


def write_half(path: Path) -> None:
    """Write a little, then fail as a full disk does."""
    path.write_text("half")
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def interrupt(path: Path) -> None:
    """Write a little, then stop as when the user presses Ctrl-C."""
    path.write_text("half")
    raise KeyboardInterrupt


def test_a_file_appears_only_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "table.csv"
    with new_file(target) as part:
        part.write_text("whole")
        assert not target.exists()
        assert part.suffix == ".csv"
    assert target.read_text() == "whole"
    assert names(target.parent) == ["table.csv"]


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "table.csv"
    target.write_text("old")
    message = r"cannot be written \(No space left on device\); nothing was left behind"
    with pytest.raises(OutputError, match=message), new_file(target) as part:
        write_half(part)
    assert target.read_text() == "old"
    assert names(tmp_path) == ["table.csv"]


def test_another_error_passes_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), new_file(tmp_path / "a.txt") as part:
        interrupt(part)
    assert names(tmp_path) == []


def test_a_block_that_writes_nothing_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputError, match="cannot be written"),
        new_file(tmp_path / "a.txt"),
    ):
        pass


def test_a_file_cannot_take_the_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "name").mkdir()
    with (
        pytest.raises(OutputError, match="cannot be written"),
        new_file(tmp_path / "name") as part,
    ):
        part.write_text("whole")
    assert names(tmp_path) == ["name"]


def test_a_place_under_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(OutputError, match="cannot be written"),
        new_file(tmp_path / "file" / "table.csv"),
    ):
        pytest.fail("the block must not run")


def test_a_folder_appears_only_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "visit"
    with new_folder(target) as part:
        (part / "figures").mkdir()
        (part / "figures" / "a.svg").write_text("svg")
        assert not target.exists()
    assert names(tmp_path) == ["visit"]
    assert (target / "figures" / "a.svg").read_text() == "svg"


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    target = tmp_path / "visit"
    target.mkdir()
    with new_folder(target) as part:
        (part / "a.txt").write_text("a")
    assert names(target) == ["a.txt"]


def test_a_full_folder_is_refused_before_any_work(tmp_path: Path) -> None:
    target = tmp_path / "visit"
    target.mkdir()
    (target / "mine.txt").touch()
    with (
        pytest.raises(OutputError, match=r"holds files; .* use --force"),
        new_folder(target),
    ):
        pytest.fail("the block must not run")


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "visit").touch()
    with (
        pytest.raises(OutputError, match="expected a folder to write to, got a file"),
        new_folder(tmp_path / "visit", replace=True),
    ):
        pytest.fail("the block must not run")


def test_replacing_removes_earlier_results_and_keeps_other_files(
    tmp_path: Path,
) -> None:
    target = tmp_path / "visit"
    (target / "figures").mkdir(parents=True)
    for name in ("notes.txt", "report.html", "overlay.mp4", "figures/old.svg"):
        (target / name).write_text("old")
    with new_folder(
        target, replace=True, products=("report.html", "overlay.mp4", "figures")
    ) as part:
        (part / "report.html").write_text("new")
        (part / "figures").mkdir()
        (part / "figures" / "new.svg").write_text("new")
    assert names(target) == ["figures", "notes.txt", "report.html"]
    assert (target / "report.html").read_text() == "new"
    assert (target / "notes.txt").read_text() == "old"
    assert names(target / "figures") == ["new.svg"]


def test_a_failed_replacement_leaves_the_earlier_results(tmp_path: Path) -> None:
    target = tmp_path / "visit"
    target.mkdir()
    (target / "report.html").write_text("old")
    with (
        pytest.raises(OutputError, match="No space left"),
        new_folder(target, replace=True, products=("report.html",)) as part,
    ):
        write_half(part / "report.html")
    assert (target / "report.html").read_text() == "old"
    assert names(tmp_path) == ["visit"]


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_folder_without_permission_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with (
        pytest.raises(OutputError, match="Permission denied"),
        new_folder(tmp_path / "visit"),
    ):
        pytest.fail("the block must not run")


def test_a_folder_nobody_can_write_to_is_refused() -> None:
    if not Path("/proc").is_dir():
        pytest.skip("no /proc on this system")
    with (
        pytest.raises(OutputError, match="cannot be written"),
        new_folder(Path("/proc/gaitkit-visit")),
    ):
        pytest.fail("the block must not run")


def test_an_error_of_the_system_that_is_not_about_writing_passes(
    tmp_path: Path,
) -> None:
    with pytest.raises(FileNotFoundError), new_folder(tmp_path / "visit"):
        (tmp_path / "input.mp4").read_bytes()
    assert names(tmp_path) == []


def test_a_refused_permission_does_not_ask_for_disk_space(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gaitkit.io.atomic.os.access", lambda *_: False)
    with (
        pytest.raises(OutputError, match=r"Permission denied.*name another place$"),
        new_folder(tmp_path, replace=True),
    ):
        pytest.fail("the folder was not refused before the work began")
