"""The Python example of the README runs as printed, and its answer is a table."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from gaitkit.model.visit import RecordingInput

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
    assert (tmp_path / "anna-001" / "result.pdf").stat().st_size > 0
    table = names["assessment"].table()  # type: ignore[attr-defined]
    assert isinstance(table, pd.DataFrame)
    steps = table[table["name"] == "step_length"]
    assert set(steps["side"]) == {"left", "right"}
    assert (steps["low"] < steps["value"]).all()
    assert (steps["unit"] == "m").all()
    html = names["assessment"]._repr_html_()  # type: ignore[attr-defined]
    assert "step_length" in html


def test_paths_may_be_text() -> None:
    given = RecordingInput(file="walk.mp4", marker_map="map.toml")  # type: ignore[arg-type]
    assert given == RecordingInput(file=Path("walk.mp4"), marker_map=Path("map.toml"))
