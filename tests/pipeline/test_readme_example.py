"""The Python example of the README runs as printed, and its answer is a table."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from gaitkit import Assessment, RecordingInput

REPOSITORY = Path(__file__).resolve().parents[2]
EXAMPLE = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.mark.models
@pytest.mark.usefixtures("model_files")
def test_the_example_of_the_readme_runs_as_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(REPOSITORY / "sample_data" / "walk.mp4", tmp_path)
    monkeypatch.chdir(tmp_path)
    (code,) = EXAMPLE.findall((REPOSITORY / "README.md").read_text(encoding="utf-8"))
    names: dict[str, object] = {}
    exec(code, names)
    called = run("assess", "walk.mp4", "--height", "1.65", "--out", "by-command")
    assert called.returncode == 0, called.stderr
    assert names_in(Path("anna-001")) == names_in(Path("by-command"))
    assert "result.pdf" in names_in(Path("anna-001"))
    assessment = names["assessment"]
    assert isinstance(assessment, Assessment)
    table = assessment.table()
    assert isinstance(table, pd.DataFrame)
    steps = table[table["name"] == "step_length"]
    assert set(steps["side"]) == {"left", "right"}
    assert (steps["low"] < steps["value"]).all()
    assert (steps["unit"] == "m").all()
    assert "step_length" in assessment._repr_html_()


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gaitkit", *words],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
    )


def names_in(folder: Path) -> list[str]:
    """Return the files of a folder, by their place in it."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in files)


def test_paths_may_be_text() -> None:
    given = RecordingInput(file="walk.mp4", marker_map="map.toml")  # type: ignore[arg-type]
    assert given == RecordingInput(file=Path("walk.mp4"), marker_map=Path("map.toml"))
