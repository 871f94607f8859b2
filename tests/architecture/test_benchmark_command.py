"""The benchmark command: its list is whole, it prints as it goes and it resumes."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
HELPERS = {
    "accuracy/leg_length_before.py", "accuracy/leg_length_cohort.py",
    "accuracy/real_people.py", "accuracy/standing_cohort.py",
    "accuracy/standing_fit.py", "speed/archive_simulated.py", "speed/archive_world.py",
    "speed/bare_mediapipe.py", "speed/bare_mediapipe_loop.py", "speed/clips.py",
    "speed/reading.py", "reliability/damage.py", "reliability/doors.py",
    "reliability/sound.py",
}  # fmt: skip
"""Parts of others, or scripts that ask for files of one's own."""


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench", BENCHMARKS / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "bench", module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(module, "HERE", tmp_path)
    return module


def of_steps(command: ModuleType, *scripts: str) -> object:
    """Return a benchmark of scripts that are written here."""
    return command.Benchmark(
        kind="house", name="made", about="", steps=tuple((s,) for s in scripts)
    )


def test_every_script_is_listed_or_a_part_of_another(command: ModuleType) -> None:
    listed = {
        step[0]
        for each in command.benchmarks(BENCHMARKS / "benchmarks.toml")
        for step in each.steps
    }
    there = {
        path.relative_to(BENCHMARKS).as_posix() for path in BENCHMARKS.rglob("*/*.py")
    }
    assert listed | HELPERS == there
    assert not listed & HELPERS


def test_a_step_that_was_done_is_not_done_again_after_one_that_failed(
    command: ModuleType, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "first.py", tmp_path / "second.py"
    first.write_text("print('first was run')", encoding="utf-8")
    second.write_text("raise SystemExit(3)", encoding="utf-8")
    made = of_steps(command, "first.py", "second.py")
    assert command.run(made) == 3
    assert "first was run" in capfd.readouterr().out
    assert command.last_of(made).endswith("begun")
    second.write_text("print('second was run')", encoding="utf-8")
    assert command.run(made) == 0
    out = capfd.readouterr().out
    assert "first was run" not in out
    assert "second was run" in out
    assert command.last_of(made).endswith(" s")
    assert command.run(made, again=True) == 0
    assert "first was run" in capfd.readouterr().out
    kept = tmp_path / "kept" / "house-made" / "printed.txt"
    assert kept.read_text(encoding="utf-8") == "first was run\nsecond was run\n"


def test_other_code_is_another_state(
    command: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "first.py").write_text("print('run')", encoding="utf-8")
    made = of_steps(command, "first.py")
    command.run(made)
    monkeypatch.setattr(command, "state_of_code", lambda: "other")
    assert command.account_of(made)["state"] != "other"
    command.run(made)
    assert command.account_of(made)["state"] == "other"


def test_what_lacks_its_recordings_is_left_out_with_the_reason(
    command: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(command, "SHARED", tmp_path / "absent")
    made = command.Benchmark(
        kind="accuracy", name="x", about="", steps=(("x.py",),), needs=("shared",)
    )
    assert command.run(made) == 0
    assert "not run, it needs the shared recordings" in capsys.readouterr().out


def test_an_unknown_name_is_refused_with_those_there_are(
    command: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    every = command.benchmarks(BENCHMARKS / "benchmarks.toml")
    monkeypatch.setattr(command, "benchmarks", lambda: every)
    with pytest.raises(SystemExit) as stop:
        command.main(["house", "roof"])
    assert stop.value.code == 2
    assert "known are count, values" in capsys.readouterr().err
